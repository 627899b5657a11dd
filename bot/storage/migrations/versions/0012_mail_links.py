# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One-time links in mails to staff.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_big = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail_link",
        sa.Column("id", _big, sa.Identity(), nullable=False),
        sa.Column("agency_id", _big, nullable=False),
        sa.Column("staff_id", _big, nullable=False),
        sa.Column("address_id", _big, nullable=False),
        sa.Column("concern_id", _big, nullable=True),
        sa.Column("outgoing_id", _big, nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mail_link"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_mail_link_staff_id"),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_mail_link_address_id"),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name="fk_mail_link_concern_id"),
        sqlite_autoincrement=True,
    )
    for column in ("outgoing_id", "staff_id", "concern_id"):
        op.create_index(f"ix_mail_link_{column}", "mail_link", [column])
