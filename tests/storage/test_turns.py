# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who may speak: keys, turns where nobody else can be, and the locks of roles beside an SQLite file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.storage.turns import OwnTurn, RoleLocks, Turn, turn_key

HOLD = (
    "import sys; from pathlib import Path; from bot.storage.turns import RoleLocks; "
    "RoleLocks(Path(sys.argv[1]), sys.argv[2:]).take(); print('held', flush=True); sys.stdin.read()"
)


def test_a_key_fits_into_an_integer_and_is_no_token() -> None:
    token = "1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    assert 0 <= turn_key(token) < 2**31
    assert turn_key(token) == turn_key(token)
    assert len({turn_key(f"{number}:AAA") for number in range(1000)}) == 1000


def test_where_nobody_else_can_speak_it_is_ours_at_once() -> None:
    turn = OwnTurn(1)
    assert not turn.held.is_set()
    turn.want()
    assert turn.held.is_set()
    assert not turn.elsewhere.is_set()
    turn.give_up()
    assert turn.lost.is_set()


def test_a_turn_is_ours_only_for_as_long_as_that_is_certain() -> None:
    turn = Turn(1)
    assert not turn.check()
    turn.begin()
    assert turn.check()
    turn.confirm(time.monotonic() + 3600)
    assert turn.check()
    turn.confirm(time.monotonic())
    assert turn.held.is_set(), "nobody has looked yet"
    assert not turn.check()
    assert not turn.held.is_set()
    assert turn.lost.is_set()
    assert not turn.elsewhere.is_set()


def test_a_role_is_played_once_and_is_free_when_its_process_dies(tmp_path: Path) -> None:
    database = tmp_path / "new folder" / "lotse.db"
    command = [sys.executable, "-c", HOLD, str(database), "worker", "web"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        locks = RoleLocks(database, ["telegram", "web"])
        with pytest.raises(ConfigurationError) as caught:
            locks.take()
        assert f"already runs on {database} (role web, process {other.pid})" in str(caught.value)
        alone = RoleLocks(database, ["telegram"])
        alone.take()  # what was refused holds nothing
        alone.release()
        other.kill()
        other.wait()
    locks.take()
    locks.release()
    assert (tmp_path / "new folder").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(ConfigurationError, match=r"worker\.lock"):
        RoleLocks(blocked / "lotse.db", ["worker"]).take()


def test_the_lock_names_its_holder(tmp_path: Path) -> None:
    first, second = (RoleLocks(tmp_path / "lotse.db", ["web"]) for _ in range(2))
    first.take()
    with pytest.raises(ConfigurationError, match=f"process {os.getpid()}"):
        second.take()
    first.release()
    second.take()
    second.release()
