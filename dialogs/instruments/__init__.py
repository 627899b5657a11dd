# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Questionnaires as packs: one folder each, scored by named rules or not at all."""

from __future__ import annotations

from dialogs.instruments.model import Pack, Status, Wording
from dialogs.instruments.packs import load_pack, load_packs, shipped_packs
from dialogs.instruments.safety import Duty, Refusal, concerns_of, may_offer, safety_of
from dialogs.instruments.scoring import NotComputable, Reason, Score, compute, compute_all
from dialogs.instruments.trends import Trend, judge

__all__ = [
    "Duty",
    "NotComputable",
    "Pack",
    "Reason",
    "Refusal",
    "Score",
    "Status",
    "Trend",
    "Wording",
    "compute",
    "compute_all",
    "concerns_of",
    "judge",
    "load_pack",
    "load_packs",
    "may_offer",
    "safety_of",
    "shipped_packs",
]
