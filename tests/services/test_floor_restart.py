# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who waits for the floor stands in the store alone: a new process goes on where the last one was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.conversations import ConversationState
from bot.storage.database import open_storage
from bot.storage.schema import migrate
from tests.services.floor_dialogs import add_dialogs, begins_checkin, states, want
from tests.services.stage import KEYRING, Stage


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An SQLite file with all tables."""
    found = f"sqlite:///{tmp_path}/lotse.db"
    migrate(found, KEYRING)
    return found


@pytest.fixture
def disk_stage(url: str) -> Iterator[Stage]:
    """A stage whose store is on a disk."""
    built = Stage(storage=open_storage(url, KEYRING))
    add_dialogs(built)
    yield built
    built.close()


def restart(stage: Stage, url: str) -> None:
    """Let the process die and begin again."""
    stage.storage.close()
    stage.storage = open_storage(url, KEYRING)
    stage.renew_rules()
    add_dialogs(stage)


def test_everybody_still_waits_after_a_restart(disk_stage: Stage, url: str) -> None:
    stage = disk_stage
    mia = stage.participant(stage.staff("Berta Beispiel"))
    add_dialogs(stage)
    want(stage, "visits")
    mia.presses("Ja")
    mia.forgets()
    begins_checkin(mia)
    want(stage, "appointment")
    want(stage, "letter")
    mia.hears("Passt der Termin?")
    before = states(stage)
    assert set(before.values()) == set(ConversationState) - {ConversationState.ENDED}

    restart(stage, url)
    assert states(stage) == before
    mia.presses("Ja")
    mia.hears("fertig", "Nun zurück zu unserer Frage:")

    restart(stage, url)
    mia.presses("Später")
    mia.hears("Gern später.", "Ist der Brief da?")

    restart(stage, url)
    mia.presses("Nein")
    mia.hears("letter ist fertig.")
    stage.pass_time(hours=4)
    mia.hears("Passt es jetzt?")
    mia.writes("später")
    mia.hears("dann lassen wir es")

    restart(stage, url)
    stage.pass_time(days=2)
    mia.hears("Und wie ist es jetzt?")
