# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Cases in words, for one staff member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.concerns import State
from bot.domain.people import Staff
from bot.services.case_words import OUTCOMES
from bot.services.console import Case
from bot.texts import Voice
from bot.web.bubbles import Bubble, Teller
from bot.web.console import wording

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
    uncovered: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history."""

    at: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case, opened."""

    row: Row
    state: State
    state_word: str
    next_step: str
    outcome: str
    is_mine: bool
    bubbles: tuple[Bubble, ...]
    history: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Puts cases into words for one staff member. `zone` is the agency's."""

    voice: Voice
    zone: str
    staff: Staff

    def rows(self, cases: Iterable[Case]) -> list[Row]:
        """The queue, in its order."""
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
            due=self.moment(concern.next_action_at) if concern.next_action_at and is_held else "",
            uncovered=concern.uncovered,
        )

    def sheet(self, case: Case, names: dict[int, str]) -> Sheet:
        """One case with its conversation and history."""
        concern, voice = case.concern, self.voice
        row = self.row(case)
        teller = Teller(voice, self.zone, case.name or voice.say("Person"), "", for_staff=True)
        return Sheet(
            row=row,
            state=concern.state,
            state_word=voice.say(wording.STATES[concern.state]),
            next_step=concern.next_step if concern.state is State.IN_HAND else "",
            outcome=voice.say(OUTCOMES[concern.outcome]) if concern.outcome else "",
            is_mine=bool(row.holder) and concern.taken_by == self.staff.id,
            bubbles=tuple(teller.tell(case.timeline)),
            history=tuple(self._moment(one, names) for one in case.history),
        )

    def moment(self, at: datetime) -> str:
        """A day and a time, short enough for a list."""
        return f"{self.voice.day(at, self.zone)}, {self.voice.clock(at, self.zone)}"

    def _moment(self, line: tuple[datetime, str, str, str], names: dict[int, str]) -> Moment:
        at, name, actor, text = line
        note = wording.note(name, text, self.voice)
        what = wording.event(name, self.voice)
        _, _, number = actor.partition("staff:")
        who = names.get(int(number), "") if number.isdecimal() else ""
        return Moment(self.moment(at), f"{what}: {note}" if note else what, who)
