# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The first tables.

Frozen as it is: what later changes is another migration. So it uses plain types, not those of the program.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
SEALED = sa.LargeBinary()


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def create_table(name: str, *columns: Any) -> None:
    key = sa.Column("id", BIG_ID, sa.Identity(), nullable=False)
    primary = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, *columns, primary, sqlite_autoincrement=True)


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agency"),
    )
    create_table(
        "audit",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
    )
    op.create_index("ix_audit_agency_id_at", "audit", ["agency_id", "at"])
    create_table(
        "dialog_version",
        sa.Column("agency_id", BIG_ID, nullable=True),
        sa.Column("dialog", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.UniqueConstraint("dialog", "version", name="uq_dialog_version_dialog_version"),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_fact"),
    )
    create_table(
        "timer",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", BIG_ID, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("dedup", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
    )
    op.create_index("ix_timer_due", "timer", ["due_at"], **where("state = 'waiting'"))
    op.create_index("ix_timer_subject", "timer", ["subject"])
    op.create_index("uq_timer_dedup", "timer", ["dedup"], unique=True, **where("state = 'waiting'"))
    create_table(
        "staff",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("name", SEALED, nullable=False),
        sa.Column("mail", SEALED, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("deputy_id", BIG_ID, nullable=True),
        sa.Column("focus", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_staff_agency_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["staff.id"], name="fk_staff_deputy_id"),
    )
    op.create_index("ix_staff_agency_id", "staff", ["agency_id"])
    create_table(
        "participant",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("name", SEALED, nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), server_default="Europe/Berlin", nullable=False),
        sa.Column("coach_id", BIG_ID, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("human_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_participant_agency_id"),
        sa.ForeignKeyConstraint(["coach_id"], ["staff.id"], name="fk_participant_coach_id"),
        sa.UniqueConstraint("agency_id", "case_code", name="uq_participant_agency_id_case_code"),
    )
    op.create_index("ix_participant_coach_id", "participant", ["coach_id"])
    create_table(
        "address",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("value", SEALED, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=True),
        sa.Column("staff_id", BIG_ID, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_address_agency_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_address_participant_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_address_staff_id"),
        sa.UniqueConstraint("channel", "fingerprint", name="uq_address_channel_fingerprint"),
    )
    op.create_index("ix_address_participant_id", "address", ["participant_id"])
    op.create_index("ix_address_staff_id", "address", ["staff_id"])
    create_table(
        "concern",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("owner_id", BIG_ID, nullable=True),
        sa.Column("next_action_at", MOMENT, nullable=True),
        sa.Column("policy", sa.Text(), server_default="", nullable=False),
        sa.Column("rung", sa.Integer(), server_default="0", nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("taken_by", BIG_ID, nullable=True),
        sa.Column("next_step", SEALED, nullable=False),
        sa.Column("quote", SEALED, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("uncovered", sa.Boolean(), nullable=False),
        sa.Column("receipt_given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name="fk_concern_owner_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_concern_participant_id"),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name="fk_concern_taken_by"),
    )
    op.create_index("ix_concern_open", "concern", ["agency_id", "id"], **where("state <> 'closed'"))
    op.create_index("ix_concern_participant_id", "concern", ["participant_id"])
    create_table(
        "consent",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("text", SEALED, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_consent_participant_id"),
    )
    op.create_index("ix_consent_participant_id", "consent", ["participant_id"])
    create_table(
        "conversation",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("dialog", sa.Text(), nullable=False),
        sa.Column("session", SEALED, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_conversation_participant_id"
        ),
    )
    op.create_index("ix_conversation_participant_id", "conversation", ["participant_id"])
    op.create_index(
        "uq_conversation_open", "conversation", ["participant_id"], unique=True, **where("ended_at IS NULL")
    )
    create_table(
        "incoming",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", SEALED, nullable=True),
        sa.Column("press", SEALED, nullable=True),
        sa.Column("attachment", SEALED, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_incoming_participant_id"),
        sa.UniqueConstraint("channel", "delivery", name="uq_incoming_channel_delivery"),
    )
    op.create_index("ix_incoming_participant_id_id", "incoming", ["participant_id", "id"])
    create_table(
        "invitation",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("coach_id", BIG_ID, nullable=True),
        sa.Column("staff_id", BIG_ID, nullable=True),
        sa.Column("participant_id", BIG_ID, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_invitation_agency_id"),
        sa.ForeignKeyConstraint(["coach_id"], ["staff.id"], name="fk_invitation_coach_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_invitation_participant_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_invitation_staff_id"),
        sa.UniqueConstraint("fingerprint", name="uq_invitation_fingerprint"),
    )
    create_table(
        "answer",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("dialog", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", SEALED, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_answer_conversation_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_answer_participant_id"),
    )
    op.create_index("ix_answer_participant_id", "answer", ["participant_id"])
    create_table(
        "concern_event",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("concern_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", SEALED, nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name="fk_concern_event_concern_id"),
    )
    op.create_index("ix_concern_event_concern_id", "concern_event", ["concern_id"])
    create_table(
        "outgoing",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("address_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.Column("edit", sa.Text(), server_default="", nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=True),
        sa.Column("concern_id", BIG_ID, nullable=True),
        sa.Column("staff_id", BIG_ID, nullable=True),
        sa.Column("dedup", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("wait_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revoked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_outgoing_address_id"),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name="fk_outgoing_concern_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_outgoing_participant_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_outgoing_staff_id"),
    )
    op.create_index(
        "ix_outgoing_about", "outgoing", ["address_id", "message"], **where("concern_id IS NOT NULL")
    )
    op.create_index("ix_outgoing_concern", "outgoing", ["concern_id"], **where("concern_id IS NOT NULL"))
    op.create_index("ix_outgoing_participant_id_id", "outgoing", ["participant_id", "id"])
    op.create_index(
        "ix_outgoing_queued", "outgoing", ["address_id", "priority", "id"], **where("state = 'queued'")
    )
    op.create_index(
        "ix_outgoing_ready",
        "outgoing",
        ["channel", "priority", "id"],
        **where("state = 'queued' AND wait_until IS NULL"),
    )
    op.create_index("ix_outgoing_sending", "outgoing", ["address_id"], **where("state = 'sending'"))
    op.create_index(
        "ix_outgoing_wait", "outgoing", ["channel", "wait_until"], **where("wait_until IS NOT NULL")
    )
    op.create_index("uq_outgoing_dedup", "outgoing", ["dedup"], unique=True, **where("dedup IS NOT NULL"))
