# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rows of one agency: on PostgreSQL the database itself keeps agencies apart, for its owner too.

A session sees the rows of the agency that its setting `lotse.agency` names. The program's connections begin
with `*`, all agencies, which its loops serve; a unit of work that is about one agency narrows itself to it
(`ports.UnitOfWork.serve`). Without the setting no row is there at all.
"""

from __future__ import annotations

from sqlalchemy import Connection, String, bindparam, func, literal, select, text

SETTING = "lotse.agency"
#: What the program's own connections begin with.
EVERY = "*"
POLICY = "own_agency"
SERVE = select(func.set_config(literal(SETTING), bindparam("agency", type_=String), True))

_TABLES = text(
    "SELECT c.table_name, c.column_name, c.is_nullable = 'YES' FROM information_schema.columns c "
    "JOIN information_schema.tables t USING (table_schema, table_name) "
    "WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' "
    "AND (c.column_name = 'agency_id' OR (c.table_name = 'agency' AND c.column_name = 'id')) "
    "AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = c.table_schema "
    "AND p.tablename = c.table_name AND p.policyname = :policy) ORDER BY c.table_name"
)
_BYPASSES = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def secure(connection: Connection) -> None:
    """Give every table with agencies its policy, unless it has one: also those of later migrations."""
    if connection.dialect.name != "postgresql":
        return
    for name, column, is_shared in connection.execute(_TABLES, {"policy": POLICY}).all():
        served = f"current_setting('{SETTING}', true) IN ('{EVERY}', {column}::text)"
        # What is kept for no agency in particular, like a dialog, is everybody's.
        check = f"{column} IS NULL OR {served}" if is_shared else served
        for statement in (
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {POLICY} ON {name} USING ({check})",
        ):
            connection.exec_driver_sql(statement)


def is_bypassed(connection: Connection) -> bool:
    """Whether the database lets this user past all policies: a superuser, for example. Never on SQLite."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.execute(_BYPASSES).scalar())
