# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""When a participation ended: how long things are kept is counted from there.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever has left already is kept until a human says when that was."""
    op.add_column("participant", sa.Column("left_at", sa.BigInteger(), nullable=True))
