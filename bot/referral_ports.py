# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for referrals to partners. Part of `ports`."""

from __future__ import annotations

from typing import Protocol

from bot.domain.referrals import Referral, ReferralEntry


class Referrals(Protocol):
    """Referrals with their history, which only grows."""

    def add(self, new: Referral) -> int:
        """Keep a new one; its own `id` is ignored."""

    def get(self, referral_id: int) -> Referral | None: ...
    def of_participant(self, participant_id: int) -> list[Referral]:
        """All of a person, the oldest first."""

    def open_of(self, agency_id: int) -> list[Referral]:
        """All of an agency that go on; the one that has waited longest for a human first."""

    def of_appointment(self, appointment_id: int) -> list[Referral]:
        """Those that go on and wait for this appointment, the oldest first."""

    def save(self, changed: Referral) -> None:
        """Write down what may change. Raises `NotFound`."""

    def log(self, referral: Referral, entry: ReferralEntry) -> None:
        """Add to the history."""

    def history(self, referral_id: int) -> list[ReferralEntry]:
        """What happened, the oldest first."""
