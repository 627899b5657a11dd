# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Write ladders as YAML that `bot.services.policies` reads as the very same ladders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum

from bot.domain.concerns import Level
from bot.domain.escalation import MOST_REPEATS, Draft, Repeat, Rung

#: The most urgent first, as everywhere.
LEVELS = (Level.R3, Level.R2, Level.R1)
_MINUTE = timedelta(minutes=1)
#: What a span is written in, the largest first that fits, with its minutes.
UNITS: tuple[tuple[str, int], ...] = (("day", 1440), ("hour", 60), ("minute", 1))


def write_drafts(drafts: Mapping[Level, Draft]) -> str:
    """The text of a file. Spans are written to the minute."""
    lines = ["format: 1", "policies:"]
    for level in LEVELS:
        lines += [f"  {level.value}:", *(f"    {line}" for line in _ladder(drafts[level]))]
    return "\n".join(lines) + "\n"


def in_unit(span: timedelta) -> tuple[int, str]:
    """A span as a number of days, hours or minutes, whichever is the largest that fits."""
    minutes = span // _MINUTE
    unit, size = next((unit, size) for unit, size in UNITS if minutes % size == 0 and (minutes or size == 1))
    return minutes // size, unit


def _ladder(draft: Draft) -> Iterator[str]:
    policy = draft.policy
    yield "rungs:"
    for rung, repeat in zip(policy.rungs, draft.repeats, strict=True):
        yield f"  - {{{', '.join(_rung(rung, repeat))}}}"
    yield f"again_after: {_span(policy.again_after)}"
    yield f"choose_step_within: {_span(policy.choose_step_within)}"
    if policy.tell_after is not None:
        yield f"tell_after: {_span(policy.tell_after)}"
    if policy.out_of_hours:
        yield f"out_of_hours: {_words(policy.out_of_hours)}"


def _rung(rung: Rung, repeat: Repeat | None) -> Iterator[str]:
    yield f"after: {_span(rung.after)}"
    if not rung.working_time:
        yield "clock: wall"
    yield f"call: {_words(rung.targets)}"
    if rung.where:
        yield f"where: {_words(rung.where)}"
    if repeat is not None:
        yield f"every: {_span(repeat.every)}"
        if repeat.times != MOST_REPEATS:
            yield f"repeat: {repeat.times}"


def _words(words: Iterable[StrEnum]) -> str:
    return f"[{', '.join(word.value for word in words)}]"


def _span(span: timedelta) -> str:
    count, unit = in_unit(span)
    return f"{count} {unit}{'' if count == 1 else 's'}"
