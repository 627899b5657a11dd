# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The note of a joint appointment: which appointments may have one, and the line to whoever would write it.

What it says is a topic like every other (`expectations`); here is only what it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.accompaniment import Accompaniment, AccompanimentState
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.ports import UnitOfWork
from bot.services.accompaniment_moves import to_whom
from bot.services.appointment_timers import notices
from bot.services.rulebook import Rulebook
from bot.texts import mark

#: Longer ago than this it is not worth a message any more that something could be noted.
_WORTH_A_LINE = timedelta(days=2)
_LINE = mark(
    "Wurde bei diesem Termin gemeinsam etwas vereinbart? "
    "In der Konsole, bei der Person unter „Termine“, können Sie es mit einem Klick notieren."
)


@dataclass(frozen=True, slots=True)
class NoteOf:
    """What a page may offer for an appointment: the topic that is its note, or 0 where one may be written."""

    topic_id: int
    companion: str


def may_have_one(uow: UnitOfWork, kept: Appointment, now: datetime) -> bool:
    """Whether others took part in it, and it is over."""
    along = uow.casework.joint_appointments.accompaniments([kept.id])
    return _is_joint(kept, along.get(kept.id)) and _is_over(kept, now)


def notes_of(
    uow: UnitOfWork, participant_id: int, every: Iterable[Appointment], now: datetime
) -> Mapping[int, NoteOf]:
    """Of which of a person's appointments there is a note or may be one; two statements, however many."""
    over = [one for one in every if _is_over(one, now)]
    if not over:
        return {}
    along = uow.casework.joint_appointments.accompaniments([one.id for one in over])
    joint = [one for one in over if _is_joint(one, along.get(one.id))]
    topics = uow.casework.expectations.of_participant(participant_id) if joint else []
    written = {one.appointment_id: one.id for one in topics}
    return {one.id: NoteOf(written.get(one.id, 0), _companion(one, along.get(one.id))) for one in joint}


def offer_one(uow: UnitOfWork, rules: Rulebook, kept: Appointment, now: datetime) -> frozenset[str]:
    """The coach hears once that something could be noted. Returns the channels with something to send.

    Not of the first visit of a referral: mostly the person goes there alone, and it has lines of its own.
    """
    if now >= kept.ends_at + _WORTH_A_LINE or not may_have_one(uow, kept, now):
        return frozenset()
    if uow.casework.referrals.of_appointment(kept.id):
        return frozenset()
    drafts = notices(uow, rules, to_whom(uow, kept), kept, _LINE, f"joint_note:{kept.id}")
    uow.outbox.post(drafts, now)
    return frozenset(draft.channel for draft in drafts)


def _is_over(kept: Appointment, now: datetime) -> bool:
    is_past = kept.state is AppointmentState.AGREED and kept.ends_at <= now
    return is_past or kept.state is AppointmentState.OVER


def _is_joint(kept: Appointment, along: Accompaniment | None) -> bool:
    return kept.kind is AppointmentKind.PARTNER or bool(_companion(kept, along))


def _companion(kept: Appointment, along: Accompaniment | None) -> str:
    """Who came along, as far as Lotse knows: what was promised counted for one time."""
    if along is None:
        return kept.details.accompanied_by
    is_held = along.state is AccompanimentState.CONFIRMED and along.promised_for == kept.starts_at
    return along.companion.name if is_held else ""
