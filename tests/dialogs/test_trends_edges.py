# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a trend that cannot be judged says about itself, to the last field."""

from __future__ import annotations

import msgspec
import pytest

from dialogs.instruments import NotComputable, Reason, Score, judge, shipped_packs

WHO5 = msgspec.structs.replace(shipped_packs()["who5"], version=7)


def score(version: int = 7) -> Score:
    return Score(rule="who5.index", version=version, value=20)


SKIPPED = NotComputable(rule="who5.index", version=7, reason=Reason.MISSING, items=("who_2", "who_4"))


@pytest.mark.parametrize(
    ("trend", "history", "reason", "items"),
    [
        ("mood_drop", [score()], Reason.NO_RULE, ()),
        ("index_low_twice", [score(), SKIPPED], Reason.MISSING, ("who_2", "who_4")),
        ("index_low_twice", [score(), score(6)], Reason.OTHER_RULE, ()),
        ("index_low_twice", [score()], Reason.TOO_FEW, ()),
    ],
)
def test_it_names_the_trend_the_packs_version_the_reason_and_the_items(
    trend: str, history: list[Score | NotComputable], reason: Reason, items: tuple[str, ...]
) -> None:
    assert judge(WHO5, trend, history) == NotComputable(
        rule=f"who5.{trend}", version=7, reason=reason, items=items
    )
