# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who may see what: the log of the audit in a chain, a glass that is broken, rows of one agency.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()

COVERED = {
    "audit": (
        "EXISTS (SELECT 1 FROM audit_link l JOIN audit_checkpoint c ON c.agency_id = l.agency_id "
        "AND c.position >= l.position WHERE l.audit_id = OLD.id)"
    ),
    "audit_link": (
        "EXISTS (SELECT 1 FROM audit_checkpoint c WHERE c.agency_id = OLD.agency_id "
        "AND c.position >= OLD.position)"
    ),
    "audit_checkpoint": "false",
}


def upgrade() -> None:
    op.create_table(
        "broken_glass",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_broken_glass_staff_id"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_broken_glass_participant_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_broken_glass"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broken_glass_staff_id_until", "broken_glass", ["staff_id", "until"])
    op.create_index("ix_broken_glass_participant_id", "broken_glass", ["participant_id"])
    op.add_column("audit", sa.Column("mark", sa.LargeBinary(), nullable=True))
    op.create_index("uq_audit_mark", "audit", ["mark"], unique=True)
    op.create_table(
        "audit_link",
        sa.Column("agency_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("position", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("audit_id", BIG_ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "position", name="pk_audit_link"),
        sa.UniqueConstraint("audit_id", name="uq_audit_link_audit_id"),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("position", BIG_ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_checkpoint"),
        sa.UniqueConstraint("agency_id", "position", name="uq_audit_checkpoint_agency_id_position"),
        sqlite_autoincrement=True,
    )
    for name, covered in COVERED.items():
        if op.get_bind().dialect.name == "sqlite":
            keep_on_sqlite(name, covered)
        else:
            keep_on_postgres(name, covered)


def keep_on_sqlite(name: str, covered: str) -> None:
    abort = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    op.execute(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {abort}")
    op.execute(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {covered} {abort}")


def keep_on_postgres(name: str, covered: str) -> None:
    refuse = f"RAISE EXCEPTION '{name} is append-only' USING ERRCODE = 'restrict_violation'"
    spare = f"IF TG_OP = 'DELETE' THEN IF {covered} THEN RETURN OLD; END IF; END IF;"
    op.execute(
        f"CREATE FUNCTION {name}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {spare} {refuse}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}_keep()"
    )
    op.execute(
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_keep()"
    )
