# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of invitations that staff made in the console.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, UniqueConstraint

from bot.storage.columns import BigId, agency_id, moment, number, reference, sealed, table, word

# Of nobody who came in by it: who did is not written down.
invitation_card = table(
    "invitation_card",
    agency_id(),
    # Not a reference: an invitation can be a participant's, and a card never is.
    Column("invitation_id", BigId, nullable=False),
    reference("staff", "made_by"),
    reference("staff", "coach_id"),
    word("language"),
    word("programme"),
    sealed("invitation_card", "code"),
    sealed("invitation_card", "note"),
    Column("most", Integer, nullable=False),
    number("opened"),
    moment("made_at", nullable=False),
    moment("expires_at", nullable=False),
    moment("withdrawn_at"),
    UniqueConstraint("invitation_id"),
    Index(None, "agency_id", "made_by"),
)
