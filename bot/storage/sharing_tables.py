# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of what people are asked to let go to a partner.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index

from bot.storage.columns import BigId, agency_id, moment, reference, sealed, table

sharing_ask = table(
    "sharing_ask",
    agency_id(),
    reference("participant", "participant_id"),
    sealed("sharing_ask", "partner"),
    sealed("sharing_ask", "what"),
    sealed("sharing_ask", "why"),
    reference("staff", "asked_by"),
    moment("asked_at", nullable=False),
    reference("staff", "contact_id", nullable=True),
    sealed("sharing_ask", "handed", nullable=True),
    # No foreign key: a concern goes in its own time.
    Column("concern_id", BigId),
    moment("handed_at"),
    Index(None, "participant_id"),
    Index(None, "contact_id"),
)
