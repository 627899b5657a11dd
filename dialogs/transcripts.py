# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations written down as YAML that a coach can read and that the tests play again.

The head says what was known when it began: `flow`, `language`, `at`, `facts`, `scores` of earlier times
(own_items.mood: [5, 6, 4], oldest first), `packs` (clinical questionnaires that are switched on) and `duty`
(yes: somebody reads and a deputy is on call, see `office_hours`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import yaml

from dialogs.conditions import Value
from dialogs.instruments import Duty, Pack, Score
from dialogs.run import DEFAULT_ZONE, Facts
from dialogs.shapes import Shape
from dialogs.simulate import PERSON, Line

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When a conversation begins that does not say."""
OPEN, CLOSED = time(8), time(16)

_SATURDAY = 5


class Transcript(msgspec.Struct, frozen=True):
    """A whole conversation, and what was known when it began."""

    flow: str
    language: str
    at: datetime = MONDAY
    facts: dict[str, Value] = {}
    conversation: list[Line] = []
    scores: dict[str, list[int]] = {}
    packs: list[str] = []
    duty: bool = False


_TRANSCRIPT = Shape(Transcript)


def read(source: str) -> Transcript:
    """What `write` wrote, or a person. Raises `msgspec.ValidationError` and `yaml.YAMLError`."""
    found = _TRANSCRIPT.of(yaml.safe_load(source), strict=False)
    lines = [{who: text.strip() for who, text in line.items()} for line in found.conversation]
    return msgspec.structs.replace(found, conversation=lines)


def facts_of(transcript: Transcript, packs: Mapping[str, Pack]) -> Facts:
    """What the engine is told. Raises `KeyError` for scores of a questionnaire that is not in `packs`."""
    history = {
        rule: [
            Score(rule=rule, version=packs[rule.partition(".")[0]].version, value=value) for value in values
        ]
        for rule, values in transcript.scores.items()
    }
    facts = Facts(transcript.language, transcript.facts, history, frozenset(transcript.packs))
    return msgspec.structs.replace(facts, duty=office_hours) if transcript.duty else facts


def office_hours(at: datetime) -> Duty:
    """Workdays from eight to four on the German clock, without holidays, and with a deputy on call."""
    day = at.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY:
        following += timedelta(days=1)
    opening, closing = (datetime.combine(day, hour, ZoneInfo(DEFAULT_ZONE)) for hour in (OPEN, CLOSED))
    is_open = day.weekday() < _SATURDAY
    return Duty(
        opening=opening if is_open else None,
        closing=closing if is_open else None,
        next_workday=following,
        has_on_call=True,
    )


def write(transcript: Transcript) -> str:
    """As YAML: texts of several lines as blocks, and a blank line before each thing that the person does."""
    head: dict[str, object] = {
        "flow": transcript.flow,
        "language": transcript.language,
        "at": transcript.at.astimezone(UTC).isoformat(),
    }
    known = {
        "facts": dict(transcript.facts),
        "scores": dict(transcript.scores),
        "packs": list(transcript.packs),
        "duty": transcript.duty,
    }
    begin = "conversation:\n" if transcript.conversation else "conversation: []\n"
    parts = [_dump(head | {key: value for key, value in known.items() if value}), begin]
    for line in transcript.conversation:
        gap = "\n" if next(iter(line)) in PERSON else ""
        texts = _dump([line]).removesuffix("\n").split("\n")
        parts.append(gap + "".join(f"  {text}\n" if text else "\n" for text in texts))
    return "".join(parts)


#: Line breaks of YAML beside the usual one.
_OTHER_BREAKS = frozenset("\x85\u2028\u2029")


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks."""


def _represent(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    block = "|" if "\n" in text else None
    # A plain or block text with one of these would be read back with another break, or with none.
    style = '"' if _OTHER_BREAKS & set(text) else block
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def _dump(data: object) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000))
