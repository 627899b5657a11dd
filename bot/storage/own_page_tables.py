# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of the participants' own page.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, UniqueConstraint

from bot.storage.columns import agency_id, moment, reference, sealed, table, word

page_lock = table(
    "page_lock",
    agency_id(),
    reference("participant", "participant_id"),
    word("factor"),
    sealed("page_lock", "secret"),
    moment("set_at", nullable=False),
    UniqueConstraint("participant_id"),
)

page_session = table(
    "page_session",
    agency_id(),
    reference("address", "address_id"),
    reference("participant", "participant_id"),
    moment("opened_at", nullable=False),
    moment("seen_at", nullable=False),
    Column("is_strong", Boolean, nullable=False),
    UniqueConstraint("address_id"),
    Index(None, "participant_id"),
)
