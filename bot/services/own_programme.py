# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What texts call the programme that a person is in, and whoever is there for them in it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.enrolments import Enrolment
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from dialogs.own_words import pick
from dialogs.programme_model import Programme

#: Between two programmes of one person: both stay one name for the sentence around them.
_BOTH = " / "


def title_of(uow: UnitOfWork, rules: Rulebook, person: Participant) -> str:
    """The programmes they are in, or else the last that they were in; without any, the agency's name."""
    theirs = uow.programmes.of_participant(person.id)
    found = _read(uow, rules, [one for one in theirs if one.is_open] or theirs[-1:])
    titles = [pick(programme.title, person.language) or "" for programme in found]
    return _BOTH.join(titles) or rules.agencies[person.agency_id].name


def your_coach(uow: UnitOfWork, rules: Rulebook, person: Participant) -> str:
    """How their programme calls the coach, in the nominative; of two, the one they have been in longer."""
    going_on = [one for one in uow.programmes.of_participant(person.id) if one.is_open]
    named = (one.your_coach for one in _read(uow, rules, going_on) if one.your_coach)
    return pick(next(named, {}), person.language) or rules.voice(person.language).say("Ihr Coach")


def coach_label(uow: UnitOfWork, rules: Rulebook, agency_id: int, voice: Voice) -> str:
    """What an agency's own pages call a coach in labels: as its programmes do, where all say the same."""
    there = rules.programmes.in_force(uow, agency_id).values()
    called = {pick(one.roles.get("coach", {}), voice.language) or voice.say("Coach") for one in there}
    return called.pop() if len(called) == 1 else voice.say("Coach")


def _read(uow: UnitOfWork, rules: Rulebook, enrolments: list[Enrolment]) -> Iterator[Programme]:
    for one in enrolments:
        programme = rules.programmes.of(uow, one)
        if programme is not None:
            yield programme
