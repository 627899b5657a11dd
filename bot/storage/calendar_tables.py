# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of calendar feeds.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, UniqueConstraint

from bot.storage.columns import agency_id, moment, reference, table

calendar_feed = table(
    "calendar_feed",
    agency_id(),
    reference("staff", "staff_id"),
    Column("fingerprint", LargeBinary, nullable=False),
    moment("made_at", nullable=False),
    moment("read_at"),
    UniqueConstraint("staff_id"),
    UniqueConstraint("fingerprint"),
)
