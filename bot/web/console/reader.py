# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Cases in words, for one staff member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.concerns import Concern, Event, State
from bot.domain.people import Staff
from bot.services.case_words import OUTCOMES
from bot.services.console import Case, Opened
from bot.texts import Voice
from bot.web.bubbles import Bubble, Teller
from bot.web.console import wording
from scheduler.local_time import ReadingHours

_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the queue. `rank` is the number of its level, for its colour only."""

    id: int
    who: str
    code: str
    level: str
    rank: int
    reason: str
    quote: str
    since: str
    holder: str
    due: str
    is_late: bool
    is_closed: bool
    uncovered: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history."""

    at: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Another open concern of the same person."""

    id: int
    rank: int
    level: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case, opened. `happened` says who closed it, `over` is the number of whoever has it, or empty.

    `person` is where the person's own page is; empty for somebody who may not open it. `is_whole`: no earlier
    line is missing from `bubbles`.
    """

    row: Row
    person: str
    state: State
    state_word: str
    next_step: str
    outcome: str
    is_mine: bool
    over: str
    happened: str
    told: str
    also_here: str
    talks: bool
    language: str
    beside: tuple[Beside, ...]
    bubbles: tuple[Bubble, ...]
    is_whole: bool
    history: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Puts cases into words for one staff member. `zone` and `hours` are the agency's."""

    voice: Voice
    zone: str
    hours: ReadingHours
    staff: Staff
    now: datetime

    def rows(self, cases: Iterable[Case]) -> list[Row]:
        """A part of the queue, in its order."""
        return [self.row(case) for case in cases]

    def row(self, case: Case) -> Row:
        """One case in a few words."""
        concern, voice = case.concern, self.voice
        is_held = concern.state in (State.TAKEN, State.IN_HAND) and concern.taken_by is not None
        holder = voice.say("Sie") if concern.taken_by == self.staff.id else case.holder
        return Row(
            id=concern.id,
            who=case.name or voice.say("Fall {case}", case=concern.case_code),
            code=concern.case_code,
            level=voice.say(wording.LEVELS[concern.level]),
            rank=int(concern.level.value[1]),
            reason=wording.reason(concern, voice),
            quote=concern.quote if len(concern.quote) <= _QUOTE else f"{concern.quote[:_QUOTE]} …",
            since=self.moment(concern.raised_at),
            holder=holder if is_held else "",
            due=wording.due(concern, self.hours, self.zone, self.now, voice),
            is_late=concern.is_overdue(self.now),
            is_closed=not concern.is_open,
            uncovered=concern.uncovered,
        )

    def sheet(self, opened: Opened, names: Mapping[int, str]) -> Sheet:
        """One case with its conversation and history."""
        case, concern, voice = opened.case, opened.case.concern, self.voice
        row = self.row(case)
        teller = Teller(voice, self.zone, case.name or voice.say("Person"), "", for_staff=True)
        return Sheet(
            row=row,
            person=f"/console/people/{concern.participant_id}" if opened.is_known else "",
            state=concern.state,
            state_word=voice.say(wording.STATES[concern.state]),
            next_step=concern.next_step if concern.state is State.IN_HAND else "",
            outcome=voice.say(OUTCOMES[concern.outcome]) if concern.outcome else "",
            is_mine=bool(row.holder) and concern.taken_by == self.staff.id,
            over=str(concern.taken_by) if row.holder else "",
            happened=self._happened(opened, names),
            told=self._told(opened),
            also_here=self._also_here([names[one] for one in opened.also_here if one in names]),
            talks=opened.talks,
            language=voice.language_name(case.participant.language) or case.participant.language,
            beside=tuple(self._beside(one) for one in opened.beside),
            bubbles=tuple(teller.tell(opened.timeline)),
            is_whole=opened.is_whole,
            history=tuple(self._moment(one, names) for one in opened.history),
        )

    def moment(self, at: datetime) -> str:
        """A day and a time, short enough for a list."""
        return f"{self.voice.day(at, self.zone)}, {self.voice.clock(at, self.zone)}"

    def _happened(self, opened: Opened, names: Mapping[int, str]) -> str:
        closings = [(at, actor) for at, name, actor, _ in opened.history if name == Event.CLOSE.value]
        if opened.case.concern.is_open or not closings:
            return ""
        at, actor = closings[-1]
        return self.voice.say(
            "{name} hat diesen Fall abgeschlossen: {moment}.",
            name=_name_of(actor, names) or "?",
            moment=self.moment(at),
        )

    def _told(self, opened: Opened) -> str:
        if opened.told is not None:
            return self.voice.say(wording.TOLD[opened.told])
        return self.voice.say(wording.NOT_TOLD) if opened.case.concern.is_open else ""

    def _also_here(self, names: list[str]) -> str:
        if len(names) == 1:
            return self.voice.say("{name} hat diesen Fall auch offen.", name=names[0])
        return (
            self.voice.say("Auch offen haben diesen Fall: {names}.", names=", ".join(names)) if names else ""
        )

    def _beside(self, concern: Concern) -> Beside:
        return Beside(
            id=concern.id,
            rank=int(concern.level.value[1]),
            level=self.voice.say(wording.LEVELS[concern.level]),
            reason=wording.reason(concern, self.voice),
            since=self.moment(concern.raised_at),
        )

    def _moment(self, line: tuple[datetime, str, str, str], names: Mapping[int, str]) -> Moment:
        at, name, actor, text = line
        note = wording.note(name, text, self.voice)
        what = wording.event(name, self.voice)
        return Moment(self.moment(at), f"{what}: {note}" if note else what, _name_of(actor, names))


def _name_of(actor: str, names: Mapping[int, str]) -> str:
    _, _, number = actor.partition("staff:")
    return names.get(int(number), "") if number.isdecimal() else ""
