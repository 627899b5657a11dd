# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Logs: one JSON line an event, on standard error, with ids that can be followed and without any content."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

#: Libraries that would write addresses, URLs with tokens, or texts.
_CHATTY = (
    "aiogram",
    "telegram",
    "httpx",
    "httpcore",
    "aiohttp",
    "sqlalchemy",
    "apscheduler",
    "uvicorn.access",
)


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how bad, who, what; of a fault only its class and place."""

    def __init__(self) -> None:
        super().__init__()
        self._encode = json.JSONEncoder(ensure_ascii=False).encode
        self._second = 0
        self._at = ""

    def format(self, record: logging.LogRecord) -> str:
        if int(record.created) != self._second:
            # Lines come many to a second.
            self._second = int(record.created)
            self._at = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        line: Mapping[str, Any] = {
            "at": self._at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            # The class of a fault and where it happened, never its text: that may quote what somebody wrote.
            **({"fault": _where(record.exc_info)} if record.exc_info else {}),
        }
        return self._encode(line)


def set_up(level: str) -> None:
    """Send everything to standard error as JSON lines; libraries only from a warning on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Nothing of this is written, so nothing of it is looked up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)


def _where(info: Any) -> str:
    kind, _, trace = info
    if kind is None:
        return ""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{kind.__name__} at {place}"
