# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of who may see what: broken glasses, and the chain of the audit log.

What only grows is kept from being changed or removed by triggers, on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Index, LargeBinary, MetaData, Table, UniqueConstraint, event

from bot.storage.columns import BigId, agency_id, metadata, moment, reference, sealed, table, word

broken_glass = table(
    "broken_glass",
    agency_id(),
    reference("staff", "staff_id"),
    reference("participant", "participant_id"),
    sealed("broken_glass", "reason"),
    moment("since", nullable=False),
    moment("until", nullable=False),
    Index(None, "staff_id", "until"),
    Index(None, "participant_id"),
)

# `mark` is empty only in rows that are older than marks.
audit = table(
    "audit",
    agency_id(),
    moment("at", nullable=False),
    word("actor"),
    word("action"),
    word("subject"),
    Column("mark", LargeBinary),
    Index(None, "agency_id", "at"),
    Index(None, "agency_id", "subject", "at"),
    Index("uq_audit_mark", "mark", unique=True),
)

# No foreign key to the row: that a row is gone must be seen, not forbidden.
audit_link = Table(
    "audit_link",
    metadata,
    Column("agency_id", BigId, primary_key=True, autoincrement=False),
    Column("position", BigId, primary_key=True, autoincrement=False),
    Column("audit_id", BigId, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("audit_id"),
)

audit_checkpoint = table(
    "audit_checkpoint",
    agency_id(),
    Column("position", BigId, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    moment("at", nullable=False),
    Column("signature", LargeBinary, nullable=False),
    UniqueConstraint("agency_id", "position"),
)

#: Which rows may be removed nevertheless: those that a checkpoint has taken the place of.
_COVERED = {
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


def append_only(name: str) -> dict[str, list[str]]:
    """The statements, by dialect, that let a table only grow."""
    said, covered = f"{name} is append-only", _COVERED[name]
    abort = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    refuse = f"RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'"
    spare = f"IF TG_OP = 'DELETE' THEN IF {covered} THEN RETURN OLD; END IF; END IF;"
    body = f"$$ BEGIN {spare} {refuse}; END $$"
    keep = f"EXECUTE FUNCTION {name}_keep()"
    return {
        "sqlite": [
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {abort}",
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {covered} {abort}",
        ],
        "postgresql": [
            f"CREATE FUNCTION {name}_keep() RETURNS trigger LANGUAGE plpgsql AS {body}",
            f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW {keep}",
            f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {keep}",
        ],
    }


@event.listens_for(metadata, "after_create")
def _keep_growing(_: MetaData, connection: Connection, **__: object) -> None:
    # A trigger names tables that come later than its own, so all are made at the end.
    for name in _COVERED:
        for statement in append_only(name)[connection.dialect.name]:
            connection.exec_driver_sql(statement)
