# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A pack that was put together by hand, past the reader's checks, is still never scored wrongly."""

from __future__ import annotations

import msgspec
import pytest

from dialogs.instruments import compute, shipped_packs
from dialogs.instruments.model import OwnWords

PHQ2 = shipped_packs()["phq2"]


def test_an_item_without_numbers_is_not_scored() -> None:
    first, *others = PHQ2.items.values()
    words = msgspec.structs.replace(first, answers=OwnWords())
    broken = msgspec.structs.replace(PHQ2, items={each.key: each for each in (words, *others)})
    answers = {first.key: "oft"} | {each.key: 1 for each in others}
    with pytest.raises(TypeError, match=r"^only whole numbers are scored$"):
        compute(broken, "total", answers)
