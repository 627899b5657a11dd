# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations that ran before the floor came are still open afterwards, and ended ones have ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.storage.engines import open_engine
from tests.conftest import MakeDatabase

_PERSON = """
INSERT INTO participant (agency_id, case_code, name, standing, language)
VALUES (1, 'KFRTD', '', 'active', 'de')
"""
_CONVERSATIONS = """
INSERT INTO conversation (agency_id, participant_id, dialog, session, started_at, changed_at, ended_at)
VALUES (1, 1, 'welcome', '', 0, 0, 7), (1, 1, 'weekly_checkin', '', 8, 8, NULL)
"""
_ROWS = ("INSERT INTO agency (id, name, created_at) VALUES (1, 'Amt', 0)", _PERSON, _CONVERSATIONS)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/lotse.db"
    make: MakeDatabase = request.getfixturevalue("make_database")
    return make()


def upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path("bot/storage/migrations").resolve()))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    connection.commit()


def test_what_had_not_ended_is_open(empty_url: str) -> None:
    with open_engine(empty_url).connect() as connection:
        upgrade(connection, "0001")
        for statement in _ROWS:
            connection.execute(text(statement))
        connection.commit()
        upgrade(connection, "0002")
        query = "SELECT dialog, state, priority, kind, expires_at, partial FROM conversation ORDER BY id"
        assert [tuple(row) for row in connection.execute(text(query))] == [
            ("welcome", "ended", 1, "reply", None, False),
            ("weekly_checkin", "open", 1, "reply", None, False),
        ]
