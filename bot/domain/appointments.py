# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments of participants: what they are, who may do what with them, and when one is reminded.

Lotse keeps appointments; it does not summon anybody. An official one belongs to the authority alone: here it
is only written down, and nobody but the authority moves or cancels it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.errors import UnknownTransition


class AppointmentKind(StrEnum):
    """Whom the person meets. It decides the words of a reminder and who may change the appointment."""

    COACH = "coach"
    OFFICIAL = "official"  # with legal consequences: binding is the authority's letter, never Lotse
    MEDICAL = "medical"  # only time and place are ever said
    PARTNER = "partner"
    INTERNSHIP = "internship"
    GROUP = "group"
    HOME = "home"  # somebody of the team visits the person; the address is never part of it


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    PROPOSED = "proposed"  # a first time is proposed, nobody has agreed yet
    AGREED = "agreed"
    MOVED = "moved"  # the old time no longer holds, and the new one is not agreed yet
    CANCELLED = "cancelled"
    OVER = "over"


class AppointmentEvent(StrEnum):
    """What can happen to an appointment."""

    PROPOSE = "propose"  # staff propose a time, and the person is asked
    FIX = "fix"  # a time that needs no answer: arranged by word of mouth, or set by the authority
    AGREE = "agree"
    DECLINE = "decline"
    COUNTER = "counter"  # the person says in their own words when it would suit
    CANCEL = "cancel"
    PASS = "pass"  # its end has come


class Party(StrEnum):
    """Who lets something happen to an appointment."""

    STAFF = "staff"
    PERSON = "person"
    AUTHORITY = "authority"  # as staff read it in the authority's own letter
    TIME = "time"


class Coming(StrEnum):
    """What the person last said about coming. Silence is not an answer, and never becomes one."""

    UNKNOWN = ""
    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


_S, _E = AppointmentState, AppointmentEvent
#: Every move there is; what is not here cannot happen. CANCELLED and OVER are ends.
MOVES: Mapping[tuple[AppointmentState, AppointmentEvent], AppointmentState] = {
    (_S.PROPOSED, _E.PROPOSE): _S.PROPOSED,
    (_S.PROPOSED, _E.FIX): _S.AGREED,
    (_S.PROPOSED, _E.AGREE): _S.AGREED,
    (_S.PROPOSED, _E.DECLINE): _S.PROPOSED,
    (_S.PROPOSED, _E.COUNTER): _S.PROPOSED,
    (_S.PROPOSED, _E.CANCEL): _S.CANCELLED,
    (_S.PROPOSED, _E.PASS): _S.OVER,
    (_S.AGREED, _E.PROPOSE): _S.MOVED,
    (_S.AGREED, _E.FIX): _S.AGREED,
    (_S.AGREED, _E.COUNTER): _S.AGREED,
    (_S.AGREED, _E.CANCEL): _S.CANCELLED,
    (_S.AGREED, _E.PASS): _S.OVER,
    (_S.MOVED, _E.PROPOSE): _S.MOVED,
    (_S.MOVED, _E.FIX): _S.AGREED,
    (_S.MOVED, _E.AGREE): _S.AGREED,
    (_S.MOVED, _E.DECLINE): _S.MOVED,
    (_S.MOVED, _E.COUNTER): _S.MOVED,
    (_S.MOVED, _E.CANCEL): _S.CANCELLED,
    (_S.MOVED, _E.PASS): _S.OVER,
}

_ORDINARY: Mapping[AppointmentEvent, frozenset[Party]] = {
    _E.PROPOSE: frozenset({Party.STAFF}),
    _E.FIX: frozenset({Party.STAFF}),
    _E.AGREE: frozenset({Party.PERSON}),
    _E.DECLINE: frozenset({Party.PERSON}),
    _E.COUNTER: frozenset({Party.PERSON}),
    _E.CANCEL: frozenset({Party.STAFF}),
    _E.PASS: frozenset({Party.TIME}),
}
#: A visit at home the person may cancel until it begins, and gives no reason.
_AT_HOME: Mapping[AppointmentEvent, frozenset[Party]] = {
    **_ORDINARY,
    _E.CANCEL: frozenset({Party.STAFF, Party.PERSON}),
}
#: Lotse neither moves nor cancels what an authority has set, and asks nobody whether it suits. That it would
#: suit at another time may be said, as a wish to a human.
_OFFICIAL: Mapping[AppointmentEvent, frozenset[Party]] = {
    _E.FIX: frozenset({Party.AUTHORITY}),
    _E.CANCEL: frozenset({Party.AUTHORITY}),
    _E.COUNTER: frozenset({Party.PERSON}),
    _E.PASS: frozenset({Party.TIME}),
}
_SPECIAL = {AppointmentKind.OFFICIAL: _OFFICIAL, AppointmentKind.HOME: _AT_HOME}


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """When one is reminded: `days` before at `hour` on the wall, and on the day itself if `morning`."""

    days: tuple[int, ...]
    morning: bool = True


#: The one place where the reminders of a kind are set; an appointment may have its own.
REMINDERS: Mapping[AppointmentKind, ReminderRule] = {
    AppointmentKind.COACH: ReminderRule((2,)),
    AppointmentKind.OFFICIAL: ReminderRule((7, 2)),
    AppointmentKind.MEDICAL: ReminderRule((7, 2)),
    AppointmentKind.PARTNER: ReminderRule((7, 2)),
    AppointmentKind.INTERNSHIP: ReminderRule((7, 2)),
    AppointmentKind.GROUP: ReminderRule((2,)),
    AppointmentKind.HOME: ReminderRule((2,)),
}
#: When reminders come on the wall clock, before the appointment and on its day.
HOUR_BEFORE, HOUR_ON_THE_DAY = time(10, 0), time(8, 0)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
USUAL_LENGTH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Details:
    """What is sealed of an appointment. Empty: not known. `map_link` begins with https://."""

    place: str = ""
    map_link: str = ""
    with_whom: str = ""
    accompanied_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment of one person.

    `starts_at` is UTC, `zone` is where its clock hangs. While the state is PROPOSED or MOVED, `starts_at` is
    the time that is proposed and `held_at` the one that held before, if any. `reminders` are its own days
    before; None means those of its kind. `sequence` counts the changes that a calendar must learn of, `uid`
    names it there for ever. `words` is what the person last wrote about it. `told` says that the person has
    heard of it from Lotse. `series_day` is the local day on which its series has it.
    """

    id: int
    agency_id: int
    participant_id: int
    kind: AppointmentKind
    state: AppointmentState
    starts_at: datetime
    zone: str
    length: timedelta
    uid: str
    set_by: int
    set_at: datetime
    changed_at: datetime
    details: Details = Details()
    reminders: ReminderRule | None = None
    held_at: datetime | None = None
    coming: Coming = Coming.UNKNOWN
    words: str = ""
    told: bool = False
    sequence: int = 0
    series_id: int | None = None
    series_day: date | None = None

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + self.length

    @property
    def reminder_rule(self) -> ReminderRule:
        """Its own reminders, or those of its kind."""
        return self.reminders or REMINDERS[self.kind]

    @property
    def is_open(self) -> bool:
        """True until it is cancelled or over."""
        return self.state not in (AppointmentState.CANCELLED, AppointmentState.OVER)

    @property
    def is_agreed(self) -> bool:
        """True while its time stands, so that one is reminded of it."""
        return self.state is AppointmentState.AGREED

    def can(self, event: AppointmentEvent, party: Party) -> bool:
        """Whether `party` may let `event` happen now."""
        allowed = _SPECIAL.get(self.kind, _ORDINARY)
        return party in allowed.get(event, ()) and (self.state, event) in MOVES

    def after(self, event: AppointmentEvent, party: Party, now: datetime) -> Appointment:
        """The appointment after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"{self.kind.value} appointment {self.state} has no {event} by {party}")
        state = MOVES[self.state, event]
        return replace(
            self,
            state=state,
            changed_at=now,
            held_at=None if state is AppointmentState.AGREED else self.held_at,
            sequence=self.sequence + (1 if event in _FOR_CALENDARS else 0),
        )

    def moved_to(self, starts_at: datetime) -> Appointment:
        """The same at another time, before its event; the time that held is remembered until it is agreed.

        What the person said about the old time does not count for the new one.
        """
        held = self.starts_at if self.state is AppointmentState.AGREED else self.held_at
        return replace(self, starts_at=starts_at, held_at=held, coming=Coming.UNKNOWN, words="")


#: Events after which calendars show something that no longer holds.
_FOR_CALENDARS = frozenset({_E.PROPOSE, _E.FIX, _E.AGREE, _E.CANCEL})


@dataclass(frozen=True, slots=True)
class Series:
    """A rule that makes appointments: each occurrence is one of its own, made some weeks ahead.

    `rule` is RFC 5545 about days, counted from `first_day`; `at` the time on the wall in `zone`. It ends
    after `last_day` or after `count` occurrences, whichever comes first; at least one of them is set.
    Occurrences up to `made_until` were made: one that was moved or cancelled never comes again.
    """

    id: int
    agency_id: int
    participant_id: int
    kind: AppointmentKind
    rule: str
    first_day: date
    at: time
    zone: str
    length: timedelta
    uid: str
    set_by: int
    set_at: datetime
    details: Details = Details()
    reminders: ReminderRule | None = None
    last_day: date | None = None
    count: int | None = None
    made_until: date | None = None
    is_cancelled: bool = False
