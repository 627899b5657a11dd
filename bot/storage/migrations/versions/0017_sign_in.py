# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in: passwords, second factors, sessions of staff.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
BYTES = sa.LargeBinary()


def upgrade() -> None:
    sessions()
    logins()
    op.create_table(
        "recovery_code",
        *of_staff("recovery_code"),
        sa.Column("mark", BYTES, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.UniqueConstraint("staff_id", "mark", name="uq_recovery_code_staff_id_mark"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "known_device",
        *of_staff("known_device"),
        sa.Column("mark", BYTES, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.UniqueConstraint("staff_id", "mark", name="uq_known_device_staff_id_mark"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_try",
        *numbered("sign_in_try"),
        sa.Column("mark", BYTES, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("mark", name="uq_sign_in_try_mark"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_in_try_at", "sign_in_try", ["at"])
    # Browsers that were signed in before there were sessions sign in again.
    op.execute("UPDATE address SET state = 'closed' WHERE channel = 'console'")


def sessions() -> None:
    op.create_table(
        "staff_session",
        *of_staff("staff_session"),
        sa.Column("address_id", BIG_ID, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("idle_s", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.UniqueConstraint("address_id", name="uq_staff_session_address_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])


def logins() -> None:
    op.create_table(
        "staff_login",
        *of_staff("staff_login"),
        sa.Column("name", BYTES, nullable=False),
        sa.Column("name_mark", BYTES, nullable=False),
        sa.Column("password", BYTES, nullable=False),
        sa.Column("secret", BYTES, nullable=False),
        sa.Column("step", BIG_ID, nullable=False, server_default="0"),
        sa.Column("next_secret", BYTES, nullable=False),
        sa.Column("link_mark", BYTES, nullable=True),
        sa.Column("link_until", MOMENT, nullable=True),
        sa.UniqueConstraint("staff_id", name="uq_staff_login_staff_id"),
        sa.UniqueConstraint("name_mark", name="uq_staff_login_name_mark"),
        sa.UniqueConstraint("link_mark", name="uq_staff_login_link_mark"),
        sqlite_autoincrement=True,
    )


def of_staff(name: str) -> list[SchemaItem]:
    return [
        *numbered(name),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=f"fk_{name}_staff_id"),
    ]


def numbered(name: str) -> list[SchemaItem]:
    return [
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    ]
