# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of how staff sign in.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint

from bot.storage.columns import BigId, agency_id, moment, number, reference, sealed, table, word

staff_session = table(
    "staff_session",
    agency_id(),
    reference("staff", "staff_id"),
    # Not a reference: an address may be a participant's, and what leads to one counts as theirs.
    Column("address_id", BigId, nullable=False),
    word("how"),
    word("device"),
    moment("since", nullable=False),
    moment("seen_at", nullable=False),
    number("idle_s"),
    moment("ends_at", nullable=False),
    moment("ended_at"),
    UniqueConstraint("address_id"),
    Index(None, "staff_id"),
)

staff_login = table(
    "staff_login",
    agency_id(),
    reference("staff", "staff_id"),
    sealed("staff_login", "name"),
    Column("name_mark", LargeBinary, nullable=False),
    sealed("staff_login", "password"),
    sealed("staff_login", "secret"),
    Column("step", BigId, nullable=False, server_default="0"),
    sealed("staff_login", "next_secret"),
    Column("link_mark", LargeBinary),
    moment("link_until"),
    UniqueConstraint("staff_id"),
    UniqueConstraint("name_mark"),
    UniqueConstraint("link_mark"),
)

recovery_code = table(
    "recovery_code",
    agency_id(),
    reference("staff", "staff_id"),
    Column("mark", LargeBinary, nullable=False),
    moment("used_at"),
    UniqueConstraint("staff_id", "mark"),
)

#: Whom another house vouches for. `mark` is a keyed hash of issuer and subject, NULL before the first time.
staff_identity = table(
    "staff_identity",
    agency_id(),
    reference("staff", "staff_id"),
    Column("mark", LargeBinary),
    moment("since"),
    Column("link_mark", LargeBinary),
    moment("link_until"),
    UniqueConstraint("staff_id"),
    UniqueConstraint("mark"),
    UniqueConstraint("link_mark"),
)

known_device = table(
    "known_device",
    agency_id(),
    reference("staff", "staff_id"),
    Column("mark", LargeBinary, nullable=False),
    moment("since", nullable=False),
    UniqueConstraint("staff_id", "mark"),
)

sign_in_try = table(
    "sign_in_try",
    agency_id(),
    Column("mark", LargeBinary, nullable=False),
    number("tries"),
    moment("since", nullable=False),
    moment("at", nullable=False),
    UniqueConstraint("mark"),
    Index(None, "at"),
)
