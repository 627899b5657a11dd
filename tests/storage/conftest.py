# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.stores import World, fill, opened, settle_world


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file with tables."""
    url = f"sqlite:///{tmp_path}/lotse.db"
    fill(url)
    return url


@pytest.fixture
def sqlite_world(sqlite_url: str) -> Iterator[World]:
    """A small world in an SQLite file."""
    with opened(sqlite_url) as storage:
        yield settle_world(storage)
