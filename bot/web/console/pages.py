# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every page of the console."""

from __future__ import annotations

from bot.web.console import queue
from bot.web.console.seat import Download, Page

ALL: tuple[Page | Download, ...] = (*queue.PAGES,)
