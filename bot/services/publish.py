# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Published dialogs: kept for ever, so that a running conversation stays on its version (promise P9)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from bot.ports import UnitOfWork
from dialogs.book import DialogBook
from dialogs.parse import parse


def publish(uow: UnitOfWork, sources: Mapping[str, str], now: datetime) -> None:
    """Keep each source (by file name) as the newest version of its dialog, if it is not that already.

    Raises `DialogError` with file, line and remedy, and then publishes nothing.
    """
    dialogs = [(parse(source, name), source) for name, source in sources.items()]
    for dialog, source in dialogs:
        digest = hashlib.sha256(source.encode()).hexdigest()
        uow.ledger.publish(dialog.id, digest, source, now)


def open_book(uow: UnitOfWork) -> DialogBook:
    """Every published version, ready for the engine."""
    dialogs = []
    for name, version, source in uow.ledger.published():
        dialogs.append(msgspec.structs.replace(parse(source, f"{name}.yaml"), version=version))
    return DialogBook(dialogs)
