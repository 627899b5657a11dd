# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of texts that staff keep ready.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import UniqueConstraint

from bot.storage.columns import agency_id, moment, sealed, table, word

canned_reply = table(
    "canned_reply",
    agency_id(),
    word("name"),
    word("language"),
    sealed("canned_reply", "text"),
    moment("changed_at", nullable=False),
    UniqueConstraint("agency_id", "name", "language"),
)
