# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures that dialogs may show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that belongs to a dialog. `width` and `height` in pixels; `digest` is that of its content."""

    name: str
    media_type: str
    width: int
    height: int
    digest: str
