# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for what outlasts a conversation: what is remembered, published, written down. Part of `ports`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.editions import Edition, Origin
from bot.domain.scores import ScoreRecord


class Memory(Protocol):
    """What is known about a person beyond one conversation."""

    def set_fact(self, agency_id: int, participant_id: int, name: str, value: str, now: datetime) -> None:
        """Remember a fact, in place of what it was. `value` is the engine's value as JSON text."""

    def facts(self, participant_id: int) -> Mapping[str, str]:
        """Everything that dialogs remember about a person, by name, as JSON text."""

    def add_scores(self, agency_id: int, scores: Iterable[ScoreRecord]) -> None: ...
    def drop_score(self, replaced: ScoreRecord) -> None:
        """Drop the newest score of that person, conversation and rule, because an answer was changed."""

    def scores(self, participant_id: int, rule: str, version: int, limit: int = 20) -> list[ScoreRecord]:
        """The newest scores by that rule of that version whose answers are kept, the oldest first."""

    def first_consent_at(self, participant_id: int, purpose: str) -> datetime | None:
        """When the person first gave this consent, whether or not it still stands."""

    def last_answer_at(self, participant_id: int) -> datetime | None:
        """When the person last answered or skipped a question of a dialog."""


class Ledger(Protocol):
    """The audit log, the published dialogs, and small facts about channels. Append-only but for the facts."""

    def note(self, agency_id: int, at: datetime, actor: str, action: str, subject: str) -> None: ...
    def ensure_agency(self, agency_id: int, name: str, now: datetime) -> None: ...
    def lock_publishing(self) -> None:
        """Until the end of this unit of work nobody else publishes."""

    def publish(self, dialog: str, digest: str, source: str, origin: Origin, now: datetime) -> int:
        """Keep a new version of a dialog for ever; returns its version. Only after `lock_publishing`."""

    def published(self, after: int = 0) -> list[Edition]:
        """All editions with a number above `after`, by dialog and version."""

    def newest_edition(self) -> int:
        """The number of the newest edition of any dialog; 0 if there is none."""

    def set_fact(self, name: str, value: str) -> None: ...
    def fact(self, name: str) -> str | None: ...
