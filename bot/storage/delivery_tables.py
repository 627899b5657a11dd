# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of messages on their way out, which is also the record of what was sent.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, SmallInteger, Text, text

from bot.storage.columns import agency_id, flag, moment, number, partial, reference, sealed, table, word

# `wait_until` is the one clock of a row: the end of a hold while it is queued, the end of the lease while it
# is being sent. Without it a queued row is ready. So a claim never walks over rows whose moment is far away.
outgoing = table(
    "outgoing",
    agency_id(),
    reference("address", "address_id"),
    word("channel"),
    word("kind"),
    Column("priority", SmallInteger, nullable=False),
    sealed("outgoing", "body"),
    word("edit", ""),
    reference("participant", "participant_id", nullable=True),
    reference("concern", "concern_id", nullable=True),
    reference("staff", "staff_id", nullable=True),
    Column("dedup", Text),
    word("state", "queued"),
    moment("wait_until"),
    number("attempts"),
    Column("revoked", Boolean, nullable=False, server_default=text("false")),
    word("message", ""),
    word("reason", ""),
    word("cause", ""),
    moment("posted_at", nullable=False),
    moment("settled_at"),
    moment("expires_at"),
    word("subject", ""),
    # What the person must agree to for it beside contact, with blanks between: empty for most.
    word("needs", ""),
    # Said in the person's own conversation: staff do not see it.
    flag("own"),
    partial("uq_outgoing_dedup", "dedup IS NOT NULL", "dedup", unique=True),
    partial(
        "ix_outgoing_ready",
        "state = 'queued' AND wait_until IS NULL",
        "channel",
        "agency_id",
        "priority",
        "id",
    ),
    partial("ix_outgoing_wait", "wait_until IS NOT NULL", "channel", "wait_until"),
    partial("ix_outgoing_wait_urgent", "wait_until IS NOT NULL AND priority <= 10", "channel", "wait_until"),
    partial("ix_outgoing_expires", "state = 'queued' AND expires_at IS NOT NULL", "channel", "expires_at"),
    partial("ix_outgoing_queued", "state = 'queued'", "address_id", "priority", "id"),
    partial("ix_outgoing_sending", "state = 'sending'", "address_id"),
    Index(None, "participant_id", "id"),
    partial("ix_outgoing_concern", "concern_id IS NOT NULL", "concern_id"),
    # When people last heard a human's words: few among all that the program says itself.
    partial("ix_outgoing_relay", "kind = 'relay'", "agency_id", "participant_id", "settled_at"),
    partial("ix_outgoing_about", "concern_id IS NOT NULL", "address_id", "message"),
)
