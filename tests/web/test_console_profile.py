# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tab „Profil“: only what the person shows, drawn and in words; a human judgement beside a score."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.domain.profiles import Area, LicensedScore, Profile
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import UnitOfWork
from bot.web.profile_bars import Bar, draw
from dialogs.score_packs import load_score_packs
from tests.web.building import Browser, Building
from tests.web.test_console_calendar import statements

PACKS = Path(__file__).parents[2] / "docs" / "examples" / "score_packs"
GOLDEN = (
    '<svg class="bars" viewBox="0 0 320 90" aria-hidden="true" focusable="false">'
    '<text x="0" y="14">&lt;b&gt;Schlaf</text><text class="told" x="320" y="14">3 von 10</text>'
    '<rect class="room" x="0" y="18" width="320" height="10" rx="2"/>'
    '<rect class="value" x="0" y="18" width="96" height="10" rx="2"/>'
    '<rect class="before" x="0" y="30" width="160" height="3" rx="2"/>'
    '<text x="0" y="50">Arbeit</text><text class="told" x="320" y="50">nicht ausgefüllt</text></svg>'
)


def test_the_picture() -> None:
    assert draw([Bar("<b>Schlaf", "3 von 10", 3, 5), Bar("Arbeit", "nicht ausgefüllt", None)]) == GOLDEN


@pytest.fixture
def person(building: Building, berta: Browser, mia: Browser) -> int:
    """Mia's number."""
    [found] = building.do(lambda uow: uow.people.participants(AGENCY))
    return found.id


def keeps(building: Building, person: int, values: dict[Area, int], shared_at: datetime | None) -> None:
    """One more profile of hers."""

    def keep(uow: UnitOfWork) -> None:
        talk = _talk(uow, person, building.clock.now())
        uow.casework.profiles.keep(
            Profile(0, AGENCY, person, talk, building.clock.now(), values, Area.SLEEP, shared_at)
        )

    building.do(keep)


def _talk(uow: UnitOfWork, person: int, now: datetime) -> int:
    wanted = Underway(0, person, "score_result", ConversationState.WANTED, "", 1, Kind.NOTICE, now, "")
    number = uow.talks.want_conversation(AGENCY, wanted, now)
    uow.talks.end_conversation(number, "", "completed", now)
    return number


async def test_nothing_is_seen_until_it_is_shown(building: Building, berta: Browser, person: int) -> None:
    path, now = f"/console/people/{person}/profile", building.clock.now()
    await berta.open(path)
    empty = berta.words
    assert "Ob es einen gibt, weiß nur sie selbst" in empty
    keeps(building, person, {Area.SLEEP: 5, Area.WORK: 8}, None)
    await berta.open(path)
    assert berta.words == empty
    keeps(building, person, {Area.SLEEP: 4}, now)
    await berta.open(path)
    assert "Schlaf: 4 von 10" in berta.words
    # The one before is not shown, so there is no change to see either.
    assert "beim letzten Mal" not in berta.words
    assert "Arbeit: nicht ausgefüllt" in berta.words
    keeps(building, person, {Area.SLEEP: 3, Area.WORK: 2}, now)
    await berta.open(path)
    assert "Schlaf: 3 von 10, 1 weniger als beim letzten Mal" in berta.words
    assert 'class="before"' in berta.html


async def test_a_shared_score_and_what_a_human_says_of_it(
    building: Building, berta: Browser, person: int
) -> None:
    now = building.clock.now()

    def keep(uow: UnitOfWork) -> int:
        new = LicensedScore(0, AGENCY, person, _talk(uow, person, now), "demo_score", 1, now, 53.0, "second")
        uow.casework.profiles.add_score(replace(new, value=12.0))
        return uow.casework.profiles.add_score(replace(new, shared_at=now))

    number = building.do(keep)
    assert load_score_packs(PACKS)["demo_score"].version == 1
    path = f"/console/people/{person}/profile"
    await berta.open(path)
    assert "Ergebnis: 53." in berta.words
    assert "12" not in berta.words.partition("demo_score")[2].partition("Ihre Einschätzung")[0]
    assert "verlieren die meisten Menschen ihre Arbeitsfähigkeit nicht" in berta.words
    await berta.press("Einschätzung speichern", words="a")
    assert berta.status == 422
    await berta.press("Einschätzung speichern", words="Sie sieht <b>mehr</b> Kraft als die Zahl.")
    assert "Sie sieht <b>mehr</b> Kraft als die Zahl." in berta.words
    building.do(lambda uow: uow.casework.profiles.share_score(number, None))
    await berta.open(path)
    assert "Kraft" not in berta.words


async def test_it_is_offered_and_the_page_costs_the_same_for_many(
    building: Building, berta: Browser, person: int
) -> None:
    path, now = f"/console/people/{person}/profile", building.clock.now()
    keeps(building, person, {Area.SLEEP: 4}, now)
    few = await statements(partial(berta.open, path))
    for _ in range(8):
        keeps(building, person, {Area.SLEEP: 4}, now)
    assert await statements(partial(berta.open, path)) == few
    await berta.press("Gesprächsprofil anbieten")
    assert "Die Person" in berta.words
