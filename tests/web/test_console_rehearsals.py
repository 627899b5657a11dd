# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals in the browser: asked for, waited for, read, removed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain.people import Role
from bot.domain.rehearsals import MOST_WAITING, Rehearsal, RehearsalFault, RehearsalState, RehearsalWish
from bot.overview_ports import LogWish
from bot.ports import UnitOfWork
from bot.services import rehearsals
from bot.services.change_plans import publish_shipped
from bot.services.change_programmes import install
from bot.services.retention import sweep
from dialogs.shipped import shipped_plans, shipped_programmes
from tests.web.building import Browser, Building

PAGE = "/console/admin/rehearsals"
LEASE = timedelta(minutes=1)
USUAL = {"programme": "gecko:0", "people": "60", "months": "3", "staff": "3", "against": ""}


async def signed_in(building: Building, name: str, role: Role) -> Browser:
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire(name, role).console_code}")
    await browser.press("Weiter")
    return browser


@pytest.fixture
async def lea(building: Building) -> AsyncIterator[Browser]:
    """A lead at the page."""
    browser = await signed_in(building, "Lea Leitung", Role.LEAD)
    await browser.open(PAGE)
    yield browser
    await browser.close()


def kept(building: Building) -> list[Rehearsal]:
    return building.do(lambda uow: uow.casework.rehearsals.of_agency(1))


def finish(building: Building, report: str) -> None:
    now = building.clock.now()

    def carry_out(uow: UnitOfWork) -> None:
        job = rehearsals.claim(uow, now, LEASE)
        assert job is not None
        assert rehearsals.finish(uow, job.rehearsal, report, now)

    building.do(carry_out)


async def test_asked_for_then_read_then_removed(building: Building, lea: Browser) -> None:
    assert "Noch keine." in lea.words
    await lea.press("Proben", **USUAL | {"against": "4"})
    assert "Er dauert ungefähr 1 Min." in lea.words
    assert "verglichen mit Coaches: 4" in lea.words
    assert "wartet" in lea.words
    assert "Lea Leitung" in lea.words
    [one] = kept(building)
    assert one.wish == RehearsalWish("gecko", 0, 60, 3, 3, 4, "de")
    finish(building, "<!doctype html><h1>Bericht</h1>")
    await lea.open(PAGE)
    assert "fertig" in lea.words
    address = f"{PAGE}/{one.id}/report.html"
    assert f'href="{address}"' in lea.html
    await lea.open(address)
    assert lea.html == "<!doctype html><h1>Bericht</h1>"
    await lea.open(PAGE)
    await lea.press("Löschen", rehearsal=str(one.id))
    assert "Der Probelauf ist gelöscht." in lea.words
    assert kept(building) == []
    await lea.open(address)
    assert lea.status == 404
    lines = building.do(lambda uow: uow.overview.log(1, LogWish(action="rehearsal_removed"), 10))
    assert [line.subject for line in lines] == [f"rehearsal:{one.id}"]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ({"people": "viele"}, "Bitte eine Zahl von 1 bis 400."),
        ({"people": "²"}, "Bitte eine Zahl von 1 bis 400."),
        ({"months": "0"}, "Bitte eine Zahl von 1 bis 36."),
        ({"people": "400", "months": "4"}, "Das ist zu viel auf einmal"),
        ({"programme": "gecko:7"}, "Dieses Programm gibt es hier nicht mehr."),
        ({"programme": "nichts"}, "Dieses Programm gibt es hier nicht mehr."),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    building: Building, lea: Browser, typed: dict[str, str], line: str
) -> None:
    await lea.press("Proben", **USUAL | {"staff": "7"} | typed)
    assert lea.status == 422
    assert line in lea.words
    assert 'name="staff" type="number" value="7"' in lea.html
    assert kept(building) == []


async def test_not_more_than_a_few_wait(building: Building, lea: Browser) -> None:
    for _ in range(MOST_WAITING + 1):
        await lea.press("Proben", **USUAL)
    assert f"Es warten schon {MOST_WAITING} Probeläufe." in lea.words
    assert len(kept(building)) == MOST_WAITING


async def test_why_there_is_no_report_is_said(building: Building, lea: Browser) -> None:
    await lea.press("Proben", **USUAL)
    [one] = kept(building)
    failed = replace(one, state=RehearsalState.FAILED, fault=RehearsalFault.TOO_LARGE)
    building.do(lambda uow: uow.casework.rehearsals.save(failed, one.tries))
    await lea.open(PAGE)
    assert "Bitte nehmen Sie weniger Menschen oder Monate." in lea.words
    await lea.open(f"{PAGE}/{one.id}/report.html")
    assert lea.status == 404


async def test_an_own_version_is_what_is_rehearsed(building: Building, lea: Browser) -> None:
    file, now = (shipped_programmes()["gecko"], "gecko.yaml"), building.clock.now()
    building.do(lambda uow: publish_shipped(uow, 1, shipped_plans(), now))
    building.do(lambda uow: install(uow, building.rulebook, 1, file, now))
    await lea.open(PAGE)
    assert "(Fassung 1)" in lea.html
    await lea.press("Proben", **USUAL | {"programme": "gecko:1"})
    job = building.do(lambda uow: rehearsals.claim(uow, building.clock.now(), LEASE))
    assert job is not None
    edition = building.do(lambda uow: uow.programmes.edition(1, "gecko", 1))
    assert edition is not None
    assert job.source == edition.source


async def test_a_coach_has_no_such_page(building: Building, lea: Browser) -> None:
    await lea.press("Proben", **USUAL)
    finish(building, "<p>")
    berta = await signed_in(building, "Berta Beispiel", Role.COACH)
    for path in (PAGE, f"{PAGE}/1/report.html"):
        await berta.open(path)
        assert berta.status == 404
    await berta.close()


def test_they_go_after_ninety_days(building: Building) -> None:
    staff = building.hire("Lea Leitung", Role.LEAD).id
    now = building.clock.now()
    new = Rehearsal(0, 1, staff, now, RehearsalWish("gecko", 0, 2, 1, 1))
    building.do(lambda uow: uow.casework.rehearsals.add(new))
    for days, left in ((90, 1), (92, 0)):
        at = now + timedelta(days=days)
        building.do(lambda uow, at=at: sweep(uow, building.rulebook, 1, at))
        assert len(kept(building)) == left


async def test_the_page_asks_as_much_for_many_as_for_few(building: Building, lea: Browser) -> None:
    await lea.press("Proben", **USUAL)
    seen, counted = [0], []
    engine = building.storage.real.engine

    def count(*_: object) -> None:
        seen[0] += 1

    event.listen(engine, "before_cursor_execute", count)
    for more in (3, 27):
        staff = kept(building)[0].asked_by
        for _ in range(more):
            new = Rehearsal(0, 1, staff, building.clock.now(), RehearsalWish("gecko", 0, 2, 1, 1))
            building.do(lambda uow, new=new: uow.casework.rehearsals.add(new))
        before = seen[0]
        await lea.open(PAGE)
        counted.append(seen[0] - before)
    assert counted[0] == counted[1] > 0
