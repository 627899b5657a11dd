# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Run by Alembic on the connection that `bot.storage.schema.migrate` gives it."""

from __future__ import annotations

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can do it too: `migrate` begins the transaction itself.
    transactional_ddl=True,
)
context.run_migrations()
