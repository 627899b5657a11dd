# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers in words: when they meet, and how a person stands to them, as dialogs may know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from bot.domain.appointments import AppointmentKind, Details, Series
from bot.domain.groups import Group, Seat, SeatState, in_turn
from bot.domain.stories import Happening, Sort
from bot.ports import UnitOfWork
from bot.services.appointment_series import days_of
from bot.texts import Voice
from dialogs.effects import Value
from scheduler.local_time import at_wall, local, zone

#: So many dates are named one by one.
_NAMED = 3


def as_series(group: Group, participant_id: int, uid: str, now: datetime) -> Series:
    """The group's dates as appointments of one person; those before today are left out."""
    content, dates = group.content, group.content.dates
    return Series(
        id=0,
        agency_id=group.agency_id,
        participant_id=participant_id,
        kind=AppointmentKind.GROUP,
        rule=dates.rule,
        first_day=dates.first_day,
        at=dates.at,
        zone=dates.zone,
        length=timedelta(minutes=dates.minutes),
        uid=uid,
        set_by=group.led_by,
        set_at=now,
        details=Details(place=content.place, with_whom=content.title),
        last_day=dates.last_day,
        count=dates.count,
        made_until=local(now, zone(dates.zone)).date() - timedelta(days=1),
    )


def days(group: Group) -> list[date]:
    """Every day on which it meets, past ones too."""
    return list(days_of(as_series(group, 0, "", group.made_at)))


def starts(group: Group, day: date) -> datetime:
    """When it begins on this day."""
    return at_wall(day, group.content.dates.at, zone(group.content.dates.zone))


def ends(group: Group, day: date) -> datetime:
    """When it is over on this day."""
    return starts(group, day) + timedelta(minutes=group.content.dates.minutes)


def coming(group: Group, now: datetime) -> list[date]:
    """The days that have not begun yet."""
    return [day for day in days(group) if starts(group, day) > now]


def group_visits(uow: UnitOfWork, participant_id: int, before: datetime, limit: int) -> list[Happening]:
    """Meetings at which a person was, the last so many before that moment, the newest first."""
    found: list[Happening] = []
    known: dict[int, Group | None] = {}
    for number, day in reversed(uow.casework.groups.visits_of(participant_id)):
        if number not in known:
            known[number] = uow.casework.groups.get(number)
        group = known[number]
        if group is not None and starts(group, day) < before and len(found) < limit:
            at = starts(group, day).astimezone(UTC)
            found.append(Happening(at, Sort.VISIT, number, "group", text=group.content.title))
    return found


def is_joinable(group: Group, now: datetime) -> bool:
    """Whether it takes place at least once more."""
    return group.is_open and bool(coming(group, now))


def dates_text(voice: Voice, group: Group, now: datetime) -> str:
    """The next dates, a line each, and how many there are after them."""
    left = coming(group, now)
    lines = [_date(voice, group, day) for day in left[:_NAMED]]
    if len(left) > _NAMED:
        lines.append(voice.say("und danach noch {count} Mal", count=len(left) - _NAMED))
    return "\n".join(lines)


def _date(voice: Voice, group: Group, day: date) -> str:
    at, where = starts(group, day), group.content.dates.zone
    return voice.say("{day}, um {time}", day=voice.day(at, where), time=voice.clock(at, where))


def turn_of(seats: list[Seat], participant_id: int) -> int:
    """The how-manieth of those who wait somebody is, from 1; 0 if they do not wait."""
    waiting = [one.participant_id for one in in_turn(seats) if one.state is not SeatState.COMES]
    return waiting.index(participant_id) + 1 if participant_id in waiting else 0


@dataclass(frozen=True)
class OwnGroups:
    """The groups to which a person comes or for which they wait, read when they are asked for."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice
    now: datetime

    @cached_property
    def every(self) -> list[tuple[Group, Seat]]:
        """Those that meet once more, by number."""
        found = []
        for seat in self.uow.casework.groups.seats_of(self.participant_id):
            group = self.uow.casework.groups.get(seat.group_id)
            if group is not None and is_joinable(group, self.now):
                found.append((group, seat))
        return found

    def text(self) -> Value | None:
        """All of them, one paragraph each."""
        return "\n\n".join(self._line(*one) for one in self.every) or None

    def places(self) -> Value | None:
        """Where they stand on the lists of those who wait."""
        lines = []
        for group, seat in self.every:
            turn = turn_of(self.uow.casework.groups.seats(group.id), self.participant_id)
            if seat.state is SeatState.WAITS:
                lines.append(
                    self.voice.say(
                        "{title}: Platz {number} auf der Liste", title=group.content.title, number=turn
                    )
                )
        return "\n".join(lines) or None

    def only(self) -> Value | None:
        """Whether it is clear which one they mean."""
        return "yes" if len(self.every) == 1 else None

    def _line(self, group: Group, seat: Seat) -> str:
        named = {
            "number": group.id,
            "title": group.content.title,
            "dates": dates_text(self.voice, group, self.now),
        }
        if seat.state is SeatState.COMES:
            return self.voice.say("**{number}. {title}**\nSie kommen.\n{dates}", **named)
        return self.voice.say("**{number}. {title}**\nSie stehen auf der Warteliste.\n{dates}", **named)


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[OwnGroups], Value | None]] = {
    "own_groups": OwnGroups.text,
    "own_groups_only": OwnGroups.only,
    "own_groups_waiting": OwnGroups.places,
}
