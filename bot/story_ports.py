# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for what staff see of one person: what happened, and what they noted. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.messages import Line
from bot.domain.people import Participant
from bot.domain.stories import Happening, PersonNote


class Stories(Protocol):
    """What happened with one person, read a piece at a time, the newest first."""

    def happenings(
        self, participant_id: int, before: datetime, limit: int, actions: Collection[str]
    ) -> list[Happening]:
        """The last of each sort before that moment, all sorts together the newest first.

        At most `limit` of each sort, so what is older than the `limit`-th of all may not be whole.
        `actions` are those of the audit log that count. Messages are no happenings: see `lines`.
        """

    def lines(self, participant_id: int, before: datetime, limit: int) -> list[Line]:
        """The last lines in both directions before that moment that staff see, the oldest first."""

    def channels(self, participant_id: int) -> list[str]:
        """Where the person can be written to, the way they used last first."""

    def looks(self, person: Participant, limit: int) -> list[tuple[datetime, str, str]]:
        """The newest entries of the audit log about the person or a concern of theirs: when, who, what."""

    def was_noted(self, agency_id: int, actor: str, entry: tuple[str, str], since: datetime) -> bool:
        """Whether the audit log has had this entry (action, subject) of this actor since then."""

    def add_note(self, new: PersonNote) -> int:
        """Keep a note; its own `id` is ignored."""

    def notes(self, participant_id: int, limit: int) -> list[PersonNote]:
        """The newest notes, the newest first."""
