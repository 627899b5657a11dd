# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people are asked to let go to a partner, and whom the words of staff are about.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
_REFERENCES = {
    "participant_id": "participant",
    "asked_by": "staff",
    "contact_id": "staff",
}


def upgrade() -> None:
    """Whom older words of staff are about is not known; they go with the messages, after their time."""
    op.add_column("incoming", sa.Column("about_id", BIG_ID, nullable=True))
    op.create_table(
        "sharing_ask",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("partner", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", BIG_ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=True),
        sa.Column("handed", sa.LargeBinary(), nullable=True),
        sa.Column("concern_id", BIG_ID, nullable=True),
        sa.Column("handed_at", MOMENT, nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_sharing_ask_{name}")
            for name, target in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_ask"),
        sqlite_autoincrement=True,
    )
    for name in ("participant_id", "contact_id"):
        op.create_index(f"ix_sharing_ask_{name}", "sharing_ask", [name])
