# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Scores for which a site holds a licence: packs outside the program, checked and computed without code."""

from dialogs.score_packs.compute import compute
from dialogs.score_packs.load import load_score_packs
from dialogs.score_packs.model import Computed, Missing, NoScore, ScorePack

__all__ = ["Computed", "Missing", "NoScore", "ScorePack", "compute", "load_score_packs"]
