# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""After a visit at home: is everybody back? Without an answer the leads are told, until somebody says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.appointments import Appointment
from bot.domain.home_visits import HomeVisit
from bot.domain.messages import Body, Draft, Key, Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import accompaniment_moves as moves
from bot.services import duty
from bot.services.appointment_timers import HOME_KIND, home_key, lines_to
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from scheduler.timers import Timer

#: So long an answer is waited for: enough to walk to the car and to write a line, and short enough that
#: somebody can still be sent by daylight. After so long it is said to the leads again.
WAIT = timedelta(minutes=30)
#: Longer than so after its end nobody is asked: whoever has not called by then was looked for by other means.
UNTIL = timedelta(hours=12)
#: What stands in front of the button.
MARK = "back"


def home_visit_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Ask whoever has visited, then tell the leads, every half hour."""
    kept = uow.appointments.get(timer.subject)
    one = uow.casework.joint_appointments.home_visits([timer.subject]).get(timer.subject)
    if kept is None or one is None or one.back_at is not None or now >= kept.ends_at + UNTIL:
        return Receipt()
    if one.asked_at is None and (not kept.is_agreed or now < kept.ends_at):
        # It did not take place, or ends later now: then its timer was set anew.
        return Receipt()
    drafts = _ask(uow, rules, kept, one)
    changed = replace(one, asked_at=one.asked_at or now)
    if one.asked_at is not None:
        drafts += _tell(uow, rules, kept, one, now)
        changed = replace(changed, told_at=one.told_at or now)
    uow.casework.joint_appointments.keep_home_visit(changed)
    uow.timers.set(kept.agency_id, HOME_KIND, kept.id, now + WAIT, home_key(kept.id))
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def others(uow: UnitOfWork, rules: Rulebook, one: HomeVisit, now: datetime) -> list[int]:
    """Who is told where nobody answers: the leads and whoever has duty, but not those who are visiting."""
    hours = rules.hours[one.agency_id]
    found = [*duty.leads(uow, one.agency_id, now, hours), *duty.on_shift(uow, one.agency_id, now)]
    return list(dict.fromkeys(person.id for person in found if person.id not in one.visitors))


def _ask(uow: UnitOfWork, rules: Rulebook, kept: Appointment, one: HomeVisit) -> list[Draft]:
    def say(voice: Voice) -> Body:
        text = voice.say("Der Hausbesuch müsste vorbei sein. Sind Sie gut zurück?")
        return Body(text, ((Key(voice.say("Ja, alles gut"), f"{MARK}:{kept.id}"),),))

    return _alerts(uow, rules, kept, one.visitors, say)


def _tell(uow: UnitOfWork, rules: Rulebook, kept: Appointment, one: HomeVisit, now: datetime) -> list[Draft]:
    team = {person.id: person.name for person in uow.people.all_staff(one.agency_id)}
    names = ", ".join(team[number] for number in one.visitors if number in team)

    def say(voice: Voice) -> Body:
        text = voice.say(
            "Nach einem Hausbesuch fehlt die Antwort, ob alles gut ist: {names}. Bitte rufen Sie jetzt an.",
            names=names,
        )
        return Body(text, ((Key(voice.say("Geklärt, alles gut"), f"{MARK}:{kept.id}"),),))

    return _alerts(uow, rules, kept, others(uow, rules, one, now), say)


def _alerts(
    uow: UnitOfWork, rules: Rulebook, kept: Appointment, who: Iterable[int], say: Callable[[Voice], Body]
) -> list[Draft]:
    about = (moves.to_whom(uow, kept), kept)
    found = (draft for number in who for draft in lines_to(uow, rules, number, about, say))
    # Neither waits for the end of quiet hours.
    return [replace(draft, kind=Kind.STAFF_ALERT) for draft in found]
