# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""To which appointment a person may mean that somebody should come along: their next one, if it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.domain.accompaniment import AccompanimentEvent, AccompanimentParty
from bot.domain.appointments import Appointment, AppointmentKind
from bot.ports import UnitOfWork
from bot.services import accompaniment_moves as moves
from bot.services.appointment_timers import short_of
from bot.texts import Voice
from dialogs.effects import Value

#: Where there is nobody else, or where others are in any case, nobody comes along.
_NOT_FOR = frozenset({AppointmentKind.COACH, AppointmentKind.GROUP})


@dataclass(frozen=True)
class NextAppointment:
    """The next appointment of one person for which they can wish for somebody, read when it is asked for."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice
    now: datetime

    @cached_property
    def kept(self) -> Appointment | None:
        """The soonest; None if somebody is looked for or promised already, or if there is none."""
        every = self.uow.appointments.of_participant(self.participant_id, self.now)
        found = next((one for one in every if one.is_open and one.kind not in _NOT_FOR), None)
        known = moves.of(self.uow, found) if found is not None else None
        can = known is None or known.can(AccompanimentEvent.WISH, AccompanimentParty.PERSON)
        has_name = found is not None and known is None and found.details.accompanied_by
        return found if can and not has_name else None

    def text(self) -> Value | None:
        """Day and time."""
        return short_of(self.voice, self.kept) if self.kept is not None else None

    def is_official(self) -> Value | None:
        """Whether it is one with consequences; None if there is none."""
        return self.kept.kind is AppointmentKind.OFFICIAL if self.kept is not None else None


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[NextAppointment], Value | None]] = {
    "next_appointment": NextAppointment.text,
    "next_appointment_official": NextAppointment.is_official,
}
