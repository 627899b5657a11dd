# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The sheet of a case for a conference: what goes on it, and what in typed words may tell who it is.

It holds no name. Whether the person may be named beside it is their own consent, looked up each time: taken
back, the name is gone at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.domain.conferences import AgeBand, Conference, ConferenceCase, Sheet
from bot.domain.consent import holding, standing
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.enrolments_view import in_programmes
from bot.services.rulebook import Rulebook
from bot.texts import Voice, mark
from dialogs.own_words import FALLBACK, pick

AGES = {
    AgeBand.NOT_SAID: mark("keine Angabe"),
    AgeBand.UNTIL_25: mark("bis 25 Jahre"),
    AgeBand.FROM_26: mark("26 bis 35 Jahre"),
    AgeBand.FROM_36: mark("36 bis 45 Jahre"),
    AgeBand.FROM_46: mark("46 bis 55 Jahre"),
    AgeBand.FROM_56: mark("56 Jahre und älter"),
}
#: Places of appointments count that are not longer ago than this.
_BACK = timedelta(days=2 * 366)
#: Shorter words of a place are too common to tell anything.
_SHORTEST_NAME, _SHORTEST_PLACE = 2, 5
_WORD = re.compile(r"[^\W\d_]+")
#: Five digits and more, written with or without gaps, or a whole date: numbers that belong to somebody.
_NUMBER = re.compile(r"\+?\d(?:[\s/.-]?\d){4,}|\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}")


def label(voice: Voice, conference: Conference) -> str:
    """What the case is called in the conference, in place of its code."""
    return voice.say("Konferenzfall {number}", number=conference.id)


def composed(
    uow: UnitOfWork,
    rules: Rulebook,
    person: Participant,
    typed: tuple[AgeBand, Iterable[str], str],
    now: datetime,
) -> Sheet:
    """A sheet with what is known of the programme; `typed` are age, goals and questions."""
    age, goals, questions = typed
    inside = [one for one in in_programmes(uow, rules, person, now) if one.enrolment.is_open]
    phases = [
        pick(one.programme.phases[name].title, FALLBACK) or name
        for one in inside
        if one.programme is not None
        for name, _ in one.inside
        if name in one.programme.phases
    ]
    return Sheet(
        age=age,
        month=max((one.month for one in inside), default=0),
        phases=tuple(phases),
        goals=tuple(goals),
        questions=questions,
    )


def goals_of(uow: UnitOfWork, person: Participant) -> tuple[str, ...]:
    """The goals of the plan that goes on, as written last; without steps, helpers and names of anybody."""
    plan = uow.casework.help_plans.open_of(person.id)
    if plan is None:
        return ()
    return tuple(goal.words for goal in uow.casework.help_plans.content(plan, plan.version).goals)


def traces(uow: UnitOfWork, person: Participant, words: Iterable[str], now: datetime) -> tuple[str, ...]:
    """What in these words may tell who the person is, as it stands there, each once.

    Found are their name and case code, where they can be reached, whom and where they have appointments, and
    long numbers. Nothing found does not mean that nothing is there: a human reads it as well.
    """
    text = "\n".join(words)
    found = list(_NUMBER.finditer(text))
    for known in set(_known(uow, person, now)):
        pattern = rf"(?<!\w){re.escape(known)}(?:s|es|')?(?!\w)"
        found += re.finditer(pattern, text, re.IGNORECASE)
    return tuple(dict.fromkeys(match[0] for match in sorted(found, key=lambda match: match.start())))


def _known(uow: UnitOfWork, person: Participant, now: datetime) -> Iterator[str]:
    yield person.case_code
    name = uow.people_view.names([person.id]).get(person.id, "")
    yield from (word for word in _WORD.findall(name) if len(word) >= _SHORTEST_NAME)
    contact = uow.people.contact_of(person.id)
    if contact is not None:
        yield contact.address.value
    for one in uow.appointments.of_participant(person.id, now - _BACK):
        for place in (one.details.place, one.details.with_whom, one.details.accompanied_by):
            yield from (word for word in _WORD.findall(place) if len(word) >= _SHORTEST_PLACE)


def is_named(uow: UnitOfWork, rules: Rulebook, case: ConferenceCase, now: datetime) -> bool:
    """Whether the person agrees at this moment to be named in this conference."""
    ask = uow.sharing.get(case.ask_id) if case.ask_id is not None else None
    if ask is None:
        return False
    records = uow.talks.given(case.participant_id)
    is_held = holding(records, rules.book.meanings, now).get(ask.consent, False)
    return is_held and standing(records)[ask.consent].at >= ask.asked_at
