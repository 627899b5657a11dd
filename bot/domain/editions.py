# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Published versions of dialogs, and who brought them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """Who brought a version of a dialog: it came with the program, or somebody here published it."""

    SHIPPED = "shipped"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version of a dialog. `number` grows with every publishing of any dialog."""

    number: int
    dialog: str
    version: int
    digest: str
    source: str
    origin: Origin
    published_at: datetime
