# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for conversation profiles and licensed scores. Part of `ports`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.profiles import Judgement, LicensedScore, Profile


class Profiles(Protocol):
    """What belongs to the person first. Whoever reads it for staff takes only what is shared."""

    def keep(self, new: Profile) -> None:
        """Keep a profile, in place of an earlier one of the same conversation; its own `id` is ignored."""

    def of_participant(self, participant_id: int, limit: int, *, only_shared: bool = False) -> list[Profile]:
        """The newest, the oldest of them first."""

    def share(self, profile_id: int, shared_at: datetime | None) -> None:
        """Since when it is shared; None: it is not. Raises `NotFound`."""

    def add_score(self, new: LicensedScore) -> int:
        """Keep a score; its own `id` is ignored."""

    def score(self, score_id: int) -> LicensedScore | None: ...
    def scores(self, participant_id: int, limit: int, *, only_shared: bool = False) -> list[LicensedScore]:
        """The newest, the oldest of them first."""

    def share_score(self, score_id: int, shared_at: datetime | None) -> None:
        """As `share`. Raises `NotFound`."""

    def add_judgement(self, new: Judgement) -> None: ...
    def judgements(self, participant_id: int) -> list[Judgement]:
        """What staff wrote beside scores, the oldest first."""

    def keep_back(self, incoming_id: int) -> None:
        """What came in belongs to the person's own conversation: staff do not see it."""
