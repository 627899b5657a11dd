# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Programmes, phases and what happened in them, in words for staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.enrolments import Move, PhaseEvent
from bot.services.help_plan_facts import day_of
from bot.texts import mark
from bot.web.console.person_words import PURPOSES
from bot.web.console.seat import Seat
from dialogs.own_words import pick
from dialogs.programme_model import Programme
from scheduler.local_time import local, zone

_MOVED: Mapping[Move, str] = {
    Move.BEGIN: mark("Das Programm hat begonnen."),
    Move.ENTER: mark("Phase „{phase}“ hat begonnen."),
    Move.LEAVE: mark("Phase „{phase}“ ist zu Ende."),
    Move.UPGRADE: mark("Seitdem gilt eine neue Fassung des Programms."),
    Move.END: mark("Das Programm ist zu Ende."),
}
_SHARING = mark("Weitergabe an eine Partnerstelle")


def day(seat: Seat, at: datetime) -> str:
    """With its year: programmes last longer than one."""
    return day_of(seat.voice, local(at, zone(seat.zone)).date())


def title(seat: Seat, programme: Programme) -> str:
    """A programme's own name."""
    return pick(programme.title, seat.voice.language) or programme.id


def phase_title(seat: Seat, programme: Programme | None, name: str) -> str:
    """A phase's own name; its id where it is not known any more."""
    phase = programme.phases.get(name) if programme is not None else None
    return (pick(phase.title, seat.voice.language) if phase is not None else "") or name


def consent(seat: Seat, name: str) -> str:
    """What a consent is for."""
    text = PURPOSES.get(name, name) if name != "sharing" else _SHARING
    return seat.voice.say(text)


def happened(
    seat: Seat, programme: Programme | None, one: PhaseEvent, names: Mapping[int, str]
) -> tuple[str, str, str, str]:
    """When, what, who and why."""
    kind, _, number = one.actor.partition(":")
    who = names.get(int(number), "") if kind == "staff" and number.isdecimal() else ""
    text = seat.voice.say(_MOVED[one.move], phase=phase_title(seat, programme, one.phase))
    return seat.moment(one.at), text, who, one.reason
