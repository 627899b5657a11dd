# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Concerns in free text, and what is said at once when one means danger."""

from __future__ import annotations

from dialogs.concerns.crisis import CrisisCard, crisis_card, numbers_older_than
from dialogs.concerns.detect import Detection, Hit, detect

__all__ = ["CrisisCard", "Detection", "Hit", "crisis_card", "detect", "numbers_older_than"]
