# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff keep for themselves in the console.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _queue()
    _person()
    _lists()
    _calendars()
    _invitations()


def _lists() -> None:
    """When people last heard a human's words is found without reading all that they were sent."""
    op.create_index(
        "ix_outgoing_relay",
        "outgoing",
        ["agency_id", "participant_id", "settled_at"],
        sqlite_where=sa.text("kind = 'relay'"),
        postgresql_where=sa.text("kind = 'relay'"),
    )


def _queue() -> None:
    """Saved views of the queue, and who has which case open."""
    op.create_table(
        "saved_view",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_saved_view_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_view_staff_id", "saved_view", ["staff_id"])
    op.create_table(
        "case_presence",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("concern_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_presence_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_presence"),
        sa.UniqueConstraint("concern_id", "staff_id", name="uq_case_presence_concern_id_staff_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_presence_staff_id", "case_presence", ["staff_id"])


def _person() -> None:
    """What staff note about a person, and the audit log by case."""
    op.create_table(
        "person_note",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_person_note_participant_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_person_note_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_note"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_note_participant_id_at", "person_note", ["participant_id", "at"])
    op.create_index("ix_audit_agency_id_subject_at", "audit", ["agency_id", "subject", "at"])


def _calendars() -> None:
    """Feeds of staff's calendars, and appointments of a whole agency by day."""
    op.create_table(
        "calendar_feed",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_calendar_feed_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feed"),
        sa.UniqueConstraint("staff_id", name="uq_calendar_feed_staff_id"),
        sa.UniqueConstraint("fingerprint", name="uq_calendar_feed_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appointment_agency_id_starts_at", "appointment", ["agency_id", "starts_at"])


def _invitations() -> None:
    """Invitations that staff made in the console."""
    op.create_table(
        "invitation_card",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("invitation_id", BIG_ID, nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("coach_id", BIG_ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_invitation_card_made_by"),
        sa.ForeignKeyConstraint(["coach_id"], ["staff.id"], name="fk_invitation_card_coach_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_card"),
        sa.UniqueConstraint("invitation_id", name="uq_invitation_card_invitation_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitation_card_agency_id_made_by", "invitation_card", ["agency_id", "made_by"])
