# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for applications with carriers of rehabilitation. Part of `ports`."""

from __future__ import annotations

from typing import Protocol

from bot.domain.applications import Application, ApplicationEntry


class Applications(Protocol):
    """Applications with their history, which only grows."""

    def add(self, new: Application) -> int:
        """Keep a new one; its own `id` is ignored."""

    def get(self, application_id: int) -> Application | None: ...
    def of_participant(self, participant_id: int) -> list[Application]:
        """All of a person, the oldest first."""

    def open_of(self, agency_id: int) -> list[Application]:
        """All of an agency that go on: what is due first, first; what has no day, last."""

    def save(self, changed: Application) -> None:
        """Write down what may change. Raises `NotFound`."""

    def log(self, application: Application, entry: ApplicationEntry) -> None:
        """Add to the history."""

    def history(self, application_id: int) -> list[ApplicationEntry]:
        """What happened, in the order in which it was written down."""
