# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables. What people wrote, their names and their addresses are `Sealed`; `agency_id` is on every row.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from bot.storage.columns import BigId, agency_id, moment, number, partial, reference, sealed, word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# States in conditions are written out, not bound: SQLite uses a partial index only for a literal it can see.
QUEUED = literal_column("'queued'", Text)
SENDING = literal_column("'sending'", Text)
WAITING = literal_column("'waiting'", Text)
CLOSED = literal_column("'closed'", Text)


def _table(name: str, *columns: Column[Any] | Index | UniqueConstraint) -> Table:
    # Numbers are never given twice, because buttons in old messages name them.
    key: Column[int] = Column("id", BigId, Identity(), primary_key=True)
    return Table(name, metadata, key, *columns, sqlite_autoincrement=True)


agency = Table(
    "agency",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    word("name"),
    moment("created_at", nullable=False),
)

staff = _table(
    "staff",
    reference("agency", "agency_id"),
    sealed("staff", "name"),
    sealed("staff", "mail"),
    word("role"),
    word("language"),
    reference("staff", "deputy_id", nullable=True),
    word("focus", ""),
    Index(None, "agency_id"),
)

participant = _table(
    "participant",
    reference("agency", "agency_id"),
    word("case_code"),
    sealed("participant", "name"),
    word("standing"),
    word("language"),
    word("zone", "Europe/Berlin"),
    reference("staff", "coach_id", nullable=True),
    moment("paused_until"),
    moment("human_until"),
    UniqueConstraint("agency_id", "case_code"),
    Index(None, "coach_id"),
)

address = _table(
    "address",
    reference("agency", "agency_id"),
    word("channel"),
    sealed("address", "value"),
    Column("fingerprint", LargeBinary, nullable=False),
    word("state"),
    reference("participant", "participant_id", nullable=True),
    reference("staff", "staff_id", nullable=True),
    moment("used_at"),
    UniqueConstraint("channel", "fingerprint"),
    Index(None, "participant_id"),
    Index(None, "staff_id"),
)

invitation = _table(
    "invitation",
    reference("agency", "agency_id"),
    Column("fingerprint", LargeBinary, nullable=False),
    word("language"),
    word("programme"),
    reference("staff", "coach_id", nullable=True),
    reference("staff", "staff_id", nullable=True),
    reference("participant", "participant_id", nullable=True),
    moment("expires_at"),
    moment("used_at"),
    UniqueConstraint("fingerprint"),
)

consent = _table(
    "consent",
    agency_id(),
    reference("participant", "participant_id"),
    word("purpose"),
    Column("granted", Boolean, nullable=False),
    sealed("consent", "text"),
    word("version"),
    word("language"),
    word("channel"),
    moment("at", nullable=False),
    Index(None, "participant_id"),
)

conversation = _table(
    "conversation",
    agency_id(),
    reference("participant", "participant_id"),
    word("dialog"),
    sealed("conversation", "session"),
    moment("started_at", nullable=False),
    moment("changed_at", nullable=False),
    moment("ended_at"),
    word("outcome", ""),
    # One open conversation a person: two at once could both ask, and an answer would have no owner.
    partial("uq_conversation_open", "ended_at IS NULL", "participant_id", unique=True),
    Index(None, "participant_id"),
)

incoming = _table(
    "incoming",
    agency_id(),
    reference("participant", "participant_id", nullable=True),
    word("channel"),
    word("delivery"),
    word("kind"),
    sealed("incoming", "text", nullable=True),
    sealed("incoming", "press", nullable=True),
    sealed("incoming", "attachment", nullable=True),
    moment("at", nullable=False),
    UniqueConstraint("channel", "delivery"),
    Index(None, "participant_id", "id"),
)

answer = _table(
    "answer",
    agency_id(),
    reference("participant", "participant_id"),
    reference("conversation", "conversation_id"),
    word("dialog"),
    word("step"),
    word("key"),
    sealed("answer", "value", nullable=True),
    moment("at", nullable=False),
    Index(None, "participant_id"),
)

concern = _table(
    "concern",
    agency_id(),
    reference("participant", "participant_id"),
    word("level"),
    word("source"),
    word("reason"),
    word("state"),
    moment("raised_at", nullable=False),
    reference("staff", "owner_id", nullable=True),
    moment("next_action_at"),
    word("policy", ""),
    number("rung"),
    number("round"),
    reference("staff", "taken_by", nullable=True),
    sealed("concern", "next_step"),
    sealed("concern", "quote"),
    Column("outcome", Text),
    Column("uncovered", Boolean, nullable=False),
    Column("receipt_given", Boolean, nullable=False),
    Index(None, "participant_id"),
    partial("ix_concern_open", "state <> 'closed'", "agency_id", "id"),
)

concern_event = _table(
    "concern_event",
    agency_id(),
    reference("concern", "concern_id"),
    moment("at", nullable=False),
    word("event"),
    word("actor"),
    sealed("concern_event", "note"),
    Index(None, "concern_id"),
)

# `wait_until` is the one clock of a row: the end of a hold while it is queued, the end of the lease while it
# is being sent. Without it a queued row is ready. So a claim never walks over rows whose moment is far away.
outgoing = _table(
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
    partial("uq_outgoing_dedup", "dedup IS NOT NULL", "dedup", unique=True),
    partial("ix_outgoing_ready", "state = 'queued' AND wait_until IS NULL", "channel", "priority", "id"),
    partial("ix_outgoing_wait", "wait_until IS NOT NULL", "channel", "wait_until"),
    partial("ix_outgoing_queued", "state = 'queued'", "address_id", "priority", "id"),
    partial("ix_outgoing_sending", "state = 'sending'", "address_id"),
    Index(None, "participant_id", "id"),
    partial("ix_outgoing_concern", "concern_id IS NOT NULL", "concern_id"),
    partial("ix_outgoing_about", "concern_id IS NOT NULL", "address_id", "message"),
)

timer = _table(
    "timer",
    agency_id(),
    word("kind"),
    Column("subject", BigId, nullable=False),
    moment("due_at", nullable=False),
    word("dedup"),
    word("payload", ""),
    word("state", "waiting"),
    moment("lease_until"),
    number("attempts"),
    word("error", ""),
    partial("uq_timer_dedup", "state = 'waiting'", "dedup", unique=True),
    partial("ix_timer_due", "state = 'waiting'", "due_at"),
    Index(None, "subject"),
)

audit = _table(
    "audit",
    agency_id(),
    moment("at", nullable=False),
    word("actor"),
    word("action"),
    word("subject"),
    Index(None, "agency_id", "at"),
)

# Dialogs and facts without an agency hold for all of them.
dialog_version = _table(
    "dialog_version",
    Column("agency_id", BigId),
    word("dialog"),
    Column("version", Integer, nullable=False),
    word("digest"),
    word("source"),
    moment("published_at", nullable=False),
    UniqueConstraint("dialog", "version"),
)

fact = Table(
    "fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("agency_id", BigId),
    word("value"),
)
