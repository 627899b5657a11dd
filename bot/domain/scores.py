# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Scores of a person as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """What a named, versioned rule made of the answers of one conversation (promise P6).

    `rule` is like "phq4.total". `value` with its `band` and `cutoffs`, or None: then `reason` says why
    nothing could be computed, and `items` which questions that is about.
    """

    participant_id: int
    conversation_id: int
    rule: str
    version: int
    at: datetime
    value: int | None = None
    band: str = ""
    cutoffs: tuple[str, ...] = ()
    reason: str = ""
    items: tuple[str, ...] = ()
