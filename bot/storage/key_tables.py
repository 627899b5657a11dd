# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of people's own keys.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, Table

from bot.storage.columns import BigId, agency_id, metadata

#: The key of somebody who was erased.
ERASED = b""

# Never among the data of a backup: erasing a person empties `wrapped`, and every copy of their content loses
# its meaning. The row stays as long as the person's does, so that nobody makes another key.
person_key = Table(
    "person_key",
    metadata,
    Column(
        "participant_id",
        BigId,
        ForeignKey("participant.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    agency_id(),
    Column("wrapped", LargeBinary, nullable=False),
)
