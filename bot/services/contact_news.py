# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The coach hears that somebody has said STOPP, and that they are back: a human knows which way is open.

One line each by case code, in working hours, without a reason and without anything to do. The person is told
of it in the dialogs, and only where it is so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.consent import Purpose
from bot.domain.messages import Draft
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice

#: What stands as the version in the record of a consent to contact that was taken back by STOPP.
STOPP: Final = "stop"
_YES: Final = "yes"


def ended(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[Draft]:
    """The line that contact has ended."""
    return _line(
        uow,
        rules,
        person,
        lambda voice: voice.say(
            "Fall {case}: Der Kontakt über Lotse ist beendet, so möchte es die Person. Einen Grund braucht "
            "sie nicht. Wenn etwas ansteht, nehmen Sie bitte einen anderen Weg, der vereinbart ist.",
            case=person.case_code,
        ),
        now,
    )


def back(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[Draft]:
    """The line that matches `ended`."""
    return _line(
        uow,
        rules,
        person,
        lambda voice: voice.say(
            "Fall {case}: Der Kontakt über Lotse läuft wieder, so möchte es die Person.",
            case=person.case_code,
        ),
        now,
    )


def is_stopped(uow: UnitOfWork, person: Participant) -> bool:
    """Whether the person took back their consent to contact by STOPP and has not given it anew."""
    records = uow.talks.consent_records(person.id)
    newest = next((one for one in reversed(records) if one.purpose == Purpose.CONTACT), None)
    return newest is not None and not newest.granted and newest.version == STOPP


def told(person: Participant, drafts: Iterable[Draft]) -> str | None:
    """For dialogs: "yes" if one of these messages goes to the person's coach."""
    coach = person.coach_id
    return _YES if coach is not None and any(one.staff_id == coach for one in drafts) else None


def hears_return(uow: UnitOfWork, person: Participant) -> str | None:
    """For dialogs: "yes" if the coach would hear that the person is back after STOPP."""
    coach = person.coach_id
    can_hear = coach is not None and bool(uow.people.staff_addresses([coach]))
    return _YES if can_hear and is_stopped(uow, person) else None


def _line(
    uow: UnitOfWork, rules: Rulebook, person: Participant, say: Callable[[Voice], str], now: datetime
) -> list[Draft]:
    coach = uow.people.staff(person.coach_id) if person.coach_id is not None else None
    opens = rules.hours[person.agency_id].next_open(now)
    found = notices(uow, rules, [coach] if coach is not None else [], say, opens)
    return [replace(one, not_before=max(one.not_before or opens, opens)) for one in found]
