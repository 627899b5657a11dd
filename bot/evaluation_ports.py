# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for measuring points, and for reading what was answered to them. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.enrolments import Enrolment
from bot.domain.measuring import MeasuringPoint
from bot.domain.scores import ScoreRecord


class MeasuringPoints(Protocol):
    """Which answers belong to which point. The answers themselves stay where they are."""

    def add(self, new: MeasuringPoint) -> int | None:
        """Keep a point, whose own `id` is ignored. None if the enrolment has this one already."""

    def get(self, point_id: int) -> MeasuringPoint | None: ...
    def of_enrolment(self, enrolment_id: int) -> list[MeasuringPoint]:
        """All of one enrolment, in the order in which they opened."""

    def of_participant(self, participant_id: int) -> list[MeasuringPoint]:
        """All of a person, in the order in which they opened."""

    def of_programme(self, agency_id: int, programme: str) -> list[MeasuringPoint]:
        """All of everybody who is or was in the programme, by number."""

    def save(self, changed: MeasuringPoint) -> None:
        """Write down when it was asked and what answered it. Raises `NotFound`."""

    def runs(
        self, participant_id: int, instrument: str, since: datetime, until: datetime
    ) -> list[tuple[int, datetime]]:
        """Conversations in which the person has answered a questionnaire so that it could be scored.

        Each with its moment, which lies from `since` until just before `until`; the oldest first.
        """

    def enrolments(self, agency_id: int, programme: str) -> list[Enrolment]:
        """Everybody's in the programme, the ended ones too, by number."""

    def answers(self, runs: Collection[int], before: datetime) -> Mapping[int, list[tuple[str, str | None]]]:
        """By conversation what was answered before that moment: key and JSON value, in order."""

    def scores(self, runs: Collection[int], before: datetime) -> Mapping[int, list[ScoreRecord]]:
        """By conversation the scores counted before that moment whose answers are kept, the oldest first."""
