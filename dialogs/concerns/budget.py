# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How much work one message may cause, counted and not timed, so that every run ends at the same place."""

from __future__ import annotations

import msgspec

WORK = 400_000
"""Looks for a phrase and words walked for one, in one search of a message. The densest messages of 4,096
characters put together from the tests' examples need less than a twentieth of it."""


class Budget(msgspec.Struct):
    """What is `left` of the work of one search; below zero, the search has stopped."""

    left: int = WORK
    ran_out_before: bool = False

    @property
    def ran_out(self) -> bool:
        """True if a search did not get to the end of the message."""
        return self.ran_out_before or self.left < 0

    def renew(self) -> None:
        """Begin another search of the same message; whether an earlier one ran out is kept."""
        self.ran_out_before = self.ran_out
        self.left = WORK
