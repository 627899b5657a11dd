# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables. What people wrote, their names and their addresses are `Sealed`; `agency_id` is on every row.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from bot.storage import (
    calendar_tables,
    canned_tables,
    casework_tables,
    console_tables,
    duty_tables,
    evaluation_tables,
    group_tables,
    handover_pack_tables,
    help_plan_tables,
    key_tables,
    mail_tables,
    own_page_tables,
    placement_tables,
    profile_tables,
    programme_tables,
    referral_tables,
    sharing_tables,
    sign_in_tables,
    story_tables,
    time_tables,
)
from bot.storage.access_tables import audit
from bot.storage.columns import (
    BigId,
    agency_id,
    flag,
    metadata,
    moment,
    number,
    partial,
    reference,
    sealed,
    table,
    word,
)
from bot.storage.delivery_tables import outgoing
from bot.storage.lasting_tables import dialog_version, fact, participant_fact, score
from bot.storage.time_tables import timer

__all__ = [
    "CLOSED",
    "ENDED",
    "OPEN",
    "QUEUED",
    "RELAY",
    "SENDING",
    "WAITING",
    "address",
    "agency",
    "answer",
    "audit",
    "calendar_tables",
    "canned_tables",
    "casework_tables",
    "concern",
    "concern_event",
    "consent",
    "console_tables",
    "conversation",
    "dialog_version",
    "duty_tables",
    "evaluation_tables",
    "fact",
    "group_tables",
    "handover_pack_tables",
    "help_plan_tables",
    "incoming",
    "invitation",
    "key_tables",
    "mail_tables",
    "metadata",
    "outgoing",
    "own_page_tables",
    "participant",
    "participant_fact",
    "placement_tables",
    "profile_tables",
    "programme_tables",
    "referral_tables",
    "score",
    "sharing_tables",
    "sign_in_tables",
    "staff",
    "story_tables",
    "time_tables",
    "timer",
]

# States in conditions are written out, not bound: SQLite uses a partial index only for a literal it can see.
QUEUED = literal_column("'queued'", Text)
SENDING = literal_column("'sending'", Text)
WAITING = literal_column("'waiting'", Text)
CLOSED = literal_column("'closed'", Text)
OPEN = literal_column("'open'", Text)
ENDED = literal_column("'ended'", Text)
RELAY = literal_column("'relay'", Text)

agency = Table(
    "agency",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    word("name"),
    moment("created_at", nullable=False),
)

staff = table(
    "staff",
    reference("agency", "agency_id"),
    sealed("staff", "name"),
    sealed("staff", "mail"),
    word("role"),
    word("language"),
    reference("staff", "deputy_id", nullable=True),
    word("focus", ""),
    moment("left_at"),
    # Since then nothing but number and role is known.
    moment("cleared_at"),
    Index(None, "agency_id"),
)

participant = table(
    "participant",
    reference("agency", "agency_id"),
    word("case_code"),
    sealed("participant", "name"),
    word("standing"),
    word("language"),
    word("zone", "Europe/Berlin"),
    word("programme", ""),
    reference("staff", "coach_id", nullable=True),
    moment("paused_until"),
    moment("human_until"),
    moment("left_at"),
    UniqueConstraint("agency_id", "case_code"),
    Index(None, "coach_id"),
)

address = table(
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

invitation = table(
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
    number("tries"),
    UniqueConstraint("fingerprint"),
)

consent = table(
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
    Column("meaning", Integer, nullable=False, server_default="1"),
    sealed("consent", "object", nullable=True),
    word("text_hash", ""),
    moment("valid_until"),
    Index(None, "participant_id"),
)

conversation = table(
    "conversation",
    agency_id(),
    reference("participant", "participant_id"),
    word("dialog"),
    sealed("conversation", "session"),
    moment("started_at", nullable=False),
    moment("changed_at", nullable=False),
    moment("ended_at"),
    word("outcome", ""),
    word("state", "open"),
    Column("priority", SmallInteger, nullable=False, server_default="1"),
    word("kind", "reply"),
    moment("expires_at"),
    word("subject", ""),
    Column("partial", Boolean, nullable=False, server_default=text("false")),
    # One open conversation a person: two at once could both ask, and an answer would have no owner.
    partial("uq_conversation_open", "state = 'open'", "participant_id", unique=True),
    partial("ix_conversation_under_way", "state <> 'ended'", "participant_id"),
    Index(None, "participant_id"),
)

incoming = table(
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
    # Said in the person's own conversation: staff do not see it.
    flag("own"),
    # Whom the words of a staff member are about: they lie under that person's key and go with it.
    Column("about_id", BigId),
    UniqueConstraint("channel", "delivery"),
    Index(None, "participant_id", "id"),
)

answer = table(
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

concern = table(
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

concern_event = table(
    "concern_event",
    agency_id(),
    reference("concern", "concern_id"),
    moment("at", nullable=False),
    word("event"),
    word("actor"),
    sealed("concern_event", "note"),
    Index(None, "concern_id"),
)
