# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations written down as YAML that a coach can read and that the tests play again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import yaml

from dialogs.conditions import Value
from dialogs.simulate import PERSON, Line


class Transcript(msgspec.Struct, frozen=True):
    """A whole conversation, and what was known when it began."""

    flow: str
    language: str
    at: datetime
    facts: dict[str, Value]
    conversation: list[Line]


def write(transcript: Transcript) -> str:
    """As YAML: texts of several lines as blocks, and a blank line before each thing that the person does."""
    head: dict[str, object] = {
        "flow": transcript.flow,
        "language": transcript.language,
        "at": transcript.at.astimezone(UTC).isoformat(),
    }
    if transcript.facts:
        head["facts"] = dict(transcript.facts)
    parts = [_dump(head), "conversation:\n"]
    for line in transcript.conversation:
        gap = "\n" if next(iter(line)) in PERSON else ""
        texts = _dump([line]).removesuffix("\n").split("\n")
        parts.append(gap + "".join(f"  {text}\n" if text else "\n" for text in texts))
    return "".join(parts)


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks."""


def _represent(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent)


def _dump(data: object) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000))
