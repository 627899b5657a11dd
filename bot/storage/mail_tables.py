# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of one-time links in mails to staff.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary

from bot.storage.columns import BigId, agency_id, moment, reference, table, word

mail_link = table(
    "mail_link",
    agency_id(),
    reference("staff", "staff_id"),
    reference("address", "address_id"),
    reference("concern", "concern_id", nullable=True),
    # Not a reference: a mail may be forgotten before the link in it.
    Column("outgoing_id", BigId),
    word("purpose"),
    Column("fingerprint", LargeBinary, nullable=False),
    moment("expires_at", nullable=False),
    moment("used_at"),
    Index(None, "outgoing_id"),
    Index(None, "staff_id"),
    Index(None, "concern_id"),
)
