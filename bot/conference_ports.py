# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for conferences of experts. Part of `ports`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.domain.conferences import Conference, ConferenceCase, Decision


class Conferences(Protocol):
    """Conferences with their guests, the case that each is about, and what was decided."""

    def add(self, new: Conference) -> int:
        """Keep a new one; its own `id` is ignored."""

    def get(self, conference_id: int) -> Conference | None:
        """One of them, locked for this unit of work."""

    def of_agency(self, agency_id: int, limit: int) -> list[Conference]:
        """All of an agency, the latest first."""

    def save(self, changed: Conference) -> None:
        """Write down what may change. Raises `NotFound`."""

    def invite(self, conference: Conference, staff_ids: Iterable[int]) -> None:
        """These, and nobody else, are its guests."""

    def guests(self, conference_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """The guests of each; nothing for one without."""

    def keep_case(self, case: ConferenceCase) -> None:
        """Write down the case of a conference, in place of what was written before."""

    def cases(self, conference_ids: Iterable[int]) -> Mapping[int, ConferenceCase]:
        """The case of each, where there is one."""

    def of_participant(self, participant_id: int) -> list[ConferenceCase]:
        """All that are about a person, the oldest first."""

    def decide(self, new: Decision) -> int:
        """Keep a new decision; its own `id` is ignored."""

    def decision(self, decision_id: int) -> Decision | None: ...
    def decisions(self, conference_id: int) -> list[Decision]:
        """What was decided, the oldest first."""

    def open_tasks(self, staff_id: int) -> list[Decision]:
        """What somebody has to carry out, the most urgent first; nothing about people who are erased."""

    def save_decision(self, changed: Decision) -> None:
        """Write down its owner and what became of it. Raises `NotFound`."""
