# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Everything that the program writes, says about itself, or shows before a phone is unlocked."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest

from bot import logs
from bot.errors import LotseError
from tests.commands.conftest import lotse, nursery
from tests.privacy.overheard import Overheard
from tests.services.conftest import berta, mia, stage
from tests.web.building import Building

__all__ = ["berta", "lotse", "mia", "nursery", "stage"]

#: The mail server of the tests lives in this process and writes down every line.
_DOUBLE = "mail.log"


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Overheard]:
    """Logs at DEBUG as the program itself sets them up, its standard error, and its own exceptions."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in (*logs._CHATTY, _DOUBLE)}
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    found = Overheard(written)

    def remember(self: LotseError, *arguments: object) -> None:
        found.faults.append(self)
        Exception.__init__(self, *arguments)

    monkeypatch.setattr(LotseError, "__init__", remember, raising=False)
    logs.set_up("debug")
    logging.getLogger(_DOUBLE).setLevel(logging.CRITICAL)
    yield found
    root.handlers[:], level = before
    root.setLevel(level)
    for name, known in quiet.items():
        logging.getLogger(name).setLevel(known)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = True


@pytest.fixture
def building() -> Iterator[Building]:
    """The web side, nobody there yet."""
    built = Building()
    yield built
    built.close()
