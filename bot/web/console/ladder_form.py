# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The form in which ladders are changed: what is typed, as it is typed, and the ladders that it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from bot.domain.concerns import Level
from bot.domain.escalation import (
    MOST_REPEATS,
    Draft,
    Drafts,
    Policy,
    Repeat,
    Rung,
    Target,
    Way,
    Wrong,
    faults,
)
from bot.services.write_ladders import LEVELS, UNITS, in_unit
from bot.texts import Voice, mark
from bot.web.console.ladder_words import wrong_words
from bot.web.console.seat import Form

#: More rungs than anybody needs; a form has room for three times as many.
MOST_RUNGS = 12
#: As many digits as the text of a file may have.
_NUMBER = re.compile("[0-9]{1,4}")
_TIMES = frozenset(str(number) for number in range(1, MOST_REPEATS + 1))
_WORKING, _WALL = "working", "wall"
_MINUTES = dict(UNITS)
_NO_NUMBER = mark("Bitte schreiben Sie eine ganze Zahl.")
_NOBODY = mark("Bitte wählen Sie, wen diese Sprosse ruft.")
_NO_RUNGS = mark("Eine Leiter braucht mindestens eine Sprosse.")
#: At which field of a level, or of a rung, a finding is said.
_PLACES = {
    Wrong.ONLY_COACH: "rungs",
    Wrong.NO_LEAD: "rungs",
    Wrong.HIDDEN_DANGER: "where",
    Wrong.ALL_HIDDEN: "rungs",
    Wrong.FIRST_WAITS: "after",
    Wrong.NO_WAIT: "after",
    Wrong.WAITS_TOO_LONG: "after",
    Wrong.NO_GAP: "every",
    Wrong.LEAD_TOO_LATE: "rungs",
    Wrong.ENDS: "again",
    Wrong.AGAIN_TOO_LATE: "again",
    Wrong.STEP_TOO_LATE: "choose",
    Wrong.NO_TIME_FOR_STEP: "choose",
    Wrong.TOLD_TOO_LATE: "tell",
    Wrong.NEVER_TOLD: "tell",
}

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class TypedSpan:
    """A number and its unit: minute, hour or day of 24 hours."""

    count: str = ""
    unit: str = "minute"


@dataclass(frozen=True, slots=True)
class TypedRung:
    """One rung as it is typed; `faults` by field."""

    after: TypedSpan = TypedSpan("15")
    clock: str = _WORKING
    call: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    every: TypedSpan = TypedSpan()
    times: str = str(MOST_REPEATS)
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypedLadder:
    """The ladder of one level as it is typed; `faults` by field."""

    level: Level
    rungs: tuple[TypedRung, ...]
    again: TypedSpan
    choose: TypedSpan
    tell: TypedSpan
    out: tuple[str, ...]
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_fit(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults and not any(rung.faults for rung in self.rungs)


def typed_from(form: Form) -> tuple[TypedLadder, ...]:
    """What a form sent, as it was typed."""
    return tuple(_ladder_from(form, level) for level in LEVELS)


def typed_as(drafts: Mapping[Level, Draft]) -> tuple[TypedLadder, ...]:
    """Ladders as somebody would type them."""
    return tuple(_ladder_as(drafts[level]) for level in LEVELS)


def with_rung(typed: Iterable[TypedLadder], level: str) -> tuple[TypedLadder, ...]:
    """One more rung at the end of a level, as long as there is room."""
    return tuple(
        replace(one, rungs=(*one.rungs, TypedRung(call=(Target.LEAD.value,))))
        if one.level.value == level and len(one.rungs) < MOST_RUNGS
        else one
        for one in typed
    )


def without_rung(typed: Iterable[TypedLadder], level: str, number: str) -> tuple[TypedLadder, ...]:
    """One rung less; `number` counts from 0."""
    return tuple(
        replace(one, rungs=tuple(rung for at, rung in enumerate(one.rungs) if str(at) != number))
        if one.level.value == level
        else one
        for one in typed
    )


def understood(voice: Voice, typed: Iterable[TypedLadder]) -> tuple[Drafts | None, tuple[TypedLadder, ...]]:
    """The ladders that a form says, or None; and the form, with what must be mended at its fields."""
    read = [_Reading(voice, one) for one in typed]
    drafts = {one.typed.level: draft for one in read if (draft := one.draft()) is not None}
    seen = tuple(one.with_faults() for one in read)
    return (drafts if all(one.is_fit for one in seen) else None), seen


def in_order(drafts: Mapping[Level, Draft]) -> Drafts:
    """The same ladders with whom and where in the order of the form; the order means nothing."""
    found: Drafts = {}
    for level, draft in drafts.items():
        rungs = tuple(
            replace(rung, targets=_sorted(Target, rung.targets), where=_sorted(Way, rung.where))
            for rung in draft.policy.rungs
        )
        out = _sorted(Target, draft.policy.out_of_hours)
        found[level] = replace(draft, policy=replace(draft.policy, rungs=rungs, out_of_hours=out))
    return found


def _sorted(kind: type[Word], words: Iterable[str]) -> tuple[Word, ...]:
    wanted = set(words)
    return tuple(word for word in kind if word.value in wanted)


def _ladder_from(form: Form, level: Level) -> TypedLadder:
    at = level.value
    written = form.get(f"{at}-rungs", "")
    count = min(int(written), MOST_RUNGS) if written.isdecimal() and len(written) < 4 else 0
    return TypedLadder(
        level,
        tuple(_rung_from(form, f"{at}-{number}") for number in range(count)),
        _span_from(form, f"{at}-again"),
        _span_from(form, f"{at}-choose"),
        _span_from(form, f"{at}-tell"),
        _ticked(form, f"{at}-out", Target),
    )


def _rung_from(form: Form, at: str) -> TypedRung:
    return TypedRung(
        _span_from(form, f"{at}-after"),
        _WALL if form.get(f"{at}-clock") == _WALL else _WORKING,
        _ticked(form, f"{at}-call", Target),
        _ticked(form, f"{at}-where", Way),
        _span_from(form, f"{at}-every"),
        form.get(f"{at}-times", "").strip(),
    )


def _span_from(form: Form, name: str) -> TypedSpan:
    unit = form.get(f"{name}-unit", "")
    return TypedSpan(form.get(name, "").strip(), unit if unit in _MINUTES else "minute")


def _ticked(form: Form, name: str, kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in kind if form.get(f"{name}-{word.value}"))


def _ladder_as(draft: Draft) -> TypedLadder:
    policy = draft.policy
    pairs = zip(policy.rungs, draft.repeats, strict=True)
    tell = TypedSpan() if policy.tell_after is None else _span_as(policy.tell_after)
    return TypedLadder(
        policy.level,
        tuple(_rung_as(rung, repeat) for rung, repeat in pairs),
        _span_as(policy.again_after),
        _span_as(policy.choose_step_within),
        tell,
        tuple(target.value for target in policy.out_of_hours),
    )


def _rung_as(rung: Rung, repeat: Repeat | None) -> TypedRung:
    return TypedRung(
        _span_as(rung.after),
        _WORKING if rung.working_time else _WALL,
        tuple(target.value for target in rung.targets),
        tuple(way.value for way in rung.where),
        _span_as(repeat.every) if repeat else TypedSpan(),
        str(repeat.times if repeat else MOST_REPEATS),
    )


def _span_as(span: timedelta) -> TypedSpan:
    count, unit = in_unit(span)
    return TypedSpan(str(count), unit)


class _Reading:
    """Reads one ladder, and keeps what is wrong by field."""

    def __init__(self, voice: Voice, typed: TypedLadder) -> None:
        self.typed = typed
        self._voice = voice
        self._at_ladder: dict[str, str] = {}
        self._at_rungs: list[dict[str, str]] = [{} for _ in typed.rungs]

    def draft(self) -> Draft | None:
        """The ladder; None if a field cannot be read. What no ladder may be like is found besides."""
        typed = self.typed
        pairs = [self._rung(rung, found) for rung, found in zip(typed.rungs, self._at_rungs, strict=True)]
        again, choose = self._span(typed.again, "again"), self._span(typed.choose, "choose")
        tell = self._span(typed.tell, "tell") if typed.tell.count else None
        if not pairs:
            self._at_ladder["rungs"] = self._voice.say(_NO_RUNGS)
        if self._at_ladder or any(self._at_rungs):
            return None
        rungs, repeats = tuple(rung for rung, _ in pairs), tuple(repeat for _, repeat in pairs)
        policy = Policy(typed.level, rungs, again, choose, tell, _sorted(Target, typed.out))
        for fault in faults(policy, repeats):
            found = self._at_ladder if fault.rung is None else self._at_rungs[fault.rung]
            found.setdefault(_PLACES[fault.kind], wrong_words(self._voice, fault.kind, typed.level))
        return Draft(policy, repeats)

    def with_faults(self) -> TypedLadder:
        """What was typed, with what is wrong."""
        pairs = zip(self.typed.rungs, self._at_rungs, strict=True)
        rungs = tuple(replace(rung, faults=found) for rung, found in pairs)
        return replace(self.typed, rungs=rungs, faults=self._at_ladder)

    def _rung(self, typed: TypedRung, found: dict[str, str]) -> tuple[Rung, Repeat | None]:
        if not typed.call:
            found["call"] = self._voice.say(_NOBODY)
        rung = Rung(
            self._counted(typed.after, "after", found),
            _sorted(Target, typed.call),
            typed.clock == _WORKING,
            _sorted(Way, typed.where),
        )
        times = int(typed.times) if typed.times in _TIMES else MOST_REPEATS
        is_repeated = bool(typed.every.count)
        return rung, Repeat(self._counted(typed.every, "every", found), times) if is_repeated else None

    def _span(self, typed: TypedSpan, name: str) -> timedelta:
        return self._counted(typed, name, self._at_ladder)

    def _counted(self, typed: TypedSpan, name: str, found: dict[str, str]) -> timedelta:
        if _NUMBER.fullmatch(typed.count) is None:
            found[name] = self._voice.say(_NO_NUMBER)
            return timedelta()
        return timedelta(minutes=int(typed.count) * _MINUTES[typed.unit])
