# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whoever does not open their own page hears of regular questions twice a week, and of what matters still."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bot.services.own_page import enter_page
from tests.services.stage import Actor, Stage
from tests.services.test_plans_are_followed import case_code, days, heard

LINE = "Auf unserer eigenen Seite wartet eine Nachricht"


@pytest.fixture
def lena(stage: Stage, berta: Actor) -> Actor:
    """She wants no question about health in the messenger, and has put the first one off."""
    lena = stage.person("lena")
    lena.starts(stage.invitation(berta))
    lena.presses("Ja")
    lena.presses("Ja")
    lena.presses("Nein")
    lena.forgets()
    return lena


def opens(stage: Stage, link: str) -> None:
    code = link.rpartition("/")[2]
    assert stage.run(lambda uow: enter_page(uow, stage.rules, code, "browser", stage.now)) is not None


def test_two_a_week_and_the_silence_is_noticed_all_the_same(stage: Stage, berta: Actor, lena: Actor) -> None:
    stage.pass_time(days=6)
    lena.forgets()
    found = Counter(day.isocalendar().week for day in days(heard(stage, lena, LINE, days=9, hours=6)))
    assert found == {49: 2, 50: 2}, "the weekly one twice, the fortnightly one not on top"
    stage.pass_time(days=1)
    assert "Wir haben länger nichts von Ihnen gehört." in stage.ears[lena.channel, lena.address][-1].text


def test_whoever_looks_at_the_page_is_called_again(stage: Stage, lena: Actor) -> None:
    stage.pass_time(days=8, hours=6)
    [*_, line] = stage.ears[lena.channel, lena.address]
    opens(stage, line.link)
    lena.forgets()
    assert days(heard(stage, lena, LINE, days=3)) == [date(2026, 12, 3), date(2026, 12, 4)]


def test_what_has_its_own_day_is_said_beside(stage: Stage, berta: Actor, lena: Actor) -> None:
    stage.pass_time(days=8, hours=6)
    lena.forgets()
    berta.writes(f"/entlassung {case_code(stage)} 1.12.2026")
    assert days(heard(stage, lena, LINE, hours=30)) == [date(2026, 12, 2)]
