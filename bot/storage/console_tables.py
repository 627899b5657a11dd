# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of what staff keep for themselves in the console.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, UniqueConstraint

from bot.storage.columns import BigId, agency_id, moment, reference, sealed, table, word

saved_view = table(
    "saved_view",
    agency_id(),
    reference("staff", "staff_id"),
    sealed("saved_view", "name"),
    word("wanted"),
    Column("is_default", Boolean, nullable=False),
    Index(None, "staff_id"),
)

case_presence = table(
    "case_presence",
    agency_id(),
    # Not a reference: it holds for two minutes, and no case need wait for it to be removed.
    Column("concern_id", BigId, nullable=False),
    reference("staff", "staff_id"),
    moment("seen_at", nullable=False),
    UniqueConstraint("concern_id", "staff_id"),
    Index(None, "staff_id"),
)
