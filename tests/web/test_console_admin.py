# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The pages of leads and admins: the team, programmes, the audit log, and what is set up."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import event

from bot.domain.editions import Origin
from bot.domain.people import Role, Standing
from bot.domain.retention import DataKind
from bot.overview_ports import LogWish
from bot.ports import UnitOfWork
from bot.services import enrolments
from bot.services.change_plans import publish_shipped
from bot.services.parked import park
from dialogs.shipped import shipped_plans
from tests.web.building import Browser, Building

PAGES = (
    "staff/1",
    "agency",
    "programmes",
    "plans",
    "dialogs",
    "dialogs/welcome",
    "texts",
    "channels",
    "retention",
    "log",
    "system",
)


async def signed_in(building: Building, name: str, role: Role) -> tuple[Browser, int]:
    browser, hired = building.browser(), building.hire(name, role)
    await browser.open(f"/console/enter/{hired.console_code}")
    await browser.press("Weiter")
    return browser, hired.id


@pytest.fixture
async def lea(building: Building) -> AsyncIterator[Browser]:
    """A lead, where plans are in force as after a start."""
    building.do(lambda uow: publish_shipped(uow, 1, shipped_plans(), building.clock.now()))
    browser, _ = await signed_in(building, "Lea Leitung", Role.LEAD)
    yield browser
    await browser.close()


def audit(building: Building, action: str) -> list[str]:
    lines = building.do(lambda uow: uow.overview.log(1, LogWish(action=action), 10))
    return [f"{one.actor} {one.subject}" for one in lines]


async def test_every_page_opens_for_an_admin(building: Building) -> None:
    vera, _ = await signed_in(building, "Vera Verwaltung", Role.ADMIN)
    for path in ("/console/team", "/console/admin", *(f"/console/admin/{page}" for page in PAGES)):
        await vera.open(path)
        assert vera.status == 200, path
        assert vera.html.count("<h1") == 1, path
        assert len(vera.page.ids) == len(set(vera.page.ids)), path
    await vera.close()


async def test_a_colleague_is_added_with_links_that_are_shown_once(building: Building, lea: Browser) -> None:
    await lea.open("/console/admin")
    await lea.press("Dazunehmen", name="", role="coach", mail="kein", language="de")
    assert lea.status == 422
    assert "Bitte schreiben Sie einen Namen." in lea.words
    assert 'value="kein"' in lea.html
    await lea.press("Dazunehmen", name="Nora <b>Neu</b>", role="coach", mail="", language="en")
    assert "Das steht hier nur jetzt." in lea.words
    [link] = re.findall(r"<code>https://lotse.example(/console/enter/[\w-]+)</code>", lea.html)
    assert "Nora &lt;b&gt;Neu&lt;/b&gt;" in lea.html
    assert audit(building, "staff_added")[0] == "staff:1 2:coach"
    await lea.open("/console/admin")
    assert link not in lea.html
    nora = building.browser()
    await nora.open(link)
    await nora.press("Weiter" if "Weiter" in nora.html else "Continue")
    assert nora.status == 200
    await nora.close()


async def test_a_colleague_is_changed_and_leaves(building: Building, lea: Browser, berta: Browser) -> None:
    page = f"/console/admin/staff/{building.coach.id}"
    await lea.open(page)
    await lea.press("Rolle ändern", role="admin")
    await lea.press("Vertretung speichern", deputy="1")
    await lea.press("Arbeitszeiten speichern", **{"from-0": "08:00", "to-0": "12:00"})
    await lea.press("Arbeitszeiten speichern", **{"from-0": "12:00", "to-0": "08:00"})
    assert "Bitte zwei Uhrzeiten" in lea.words
    await lea.press("Link zum Passwort zeigen", login="berta")
    assert "/console/password/" in lea.html
    staff = building.do(lambda uow: uow.people.staff(building.coach.id))
    assert staff is not None
    assert (staff.role, staff.deputy_id) == (Role.ADMIN, 1)
    assert list(building.do(lambda uow: uow.duty.weeks(1))[building.coach.id]) == [0]
    await lea.open(page)
    await lea.press("Aus dem Team nehmen")
    assert "Bitte setzen Sie den Haken" in lea.words
    await lea.press("Aus dem Team nehmen", sure="yes")
    assert "Berta Beispiel ist nicht mehr im Team." in lea.words
    assert audit(building, "staff_left") == [f"staff:1 {building.coach.id}"]
    await lea.open(page)
    assert lea.status == 404
    await berta.open("/console/")
    assert berta.status == 401


async def test_nobody_changes_their_own_role_and_nobody_is_left_without_a_lead(
    building: Building, lea: Browser
) -> None:
    for fields in ({"action": "role", "role": "coach"}, {"action": "leave", "sure": "yes"}):
        await lea.open("/console/admin/staff/1")
        form = next(one for one in lea.page.forms if "Name und Sprache speichern" in one.buttons)
        await lea.post(form, **fields)
        assert lea.status == 422
    staff = building.do(lambda uow: uow.people.staff(1))
    assert staff is not None
    assert staff.role is Role.LEAD
    assert staff.left_at is None


async def test_a_programme_is_installed_changed_and_put_back(building: Building, lea: Browser) -> None:
    await lea.open("/console/admin/programmes")
    form = next(one for one in lea.page.forms if one.fields.get("name") == "gecko")
    await lea.post(form)
    assert "Das Programm ist eingerichtet: gecko" in lea.words
    await lea.press(
        "Zeigen, was anders würde", caseload="20", contact="14", months="24", warnings="18, 21, 23"
    )
    assert "caseload" in lea.words
    assert "# " in lea.html
    await lea.press("So in Kraft setzen")
    assert "Fassung 2 gilt jetzt." in lea.words
    assert audit(building, "programme_published") == ["staff:1 gecko:2", "staff:1 gecko:1"]
    await lea.press("Prüfen und zeigen, was anders würde", source="format: 1\nprogramme: gecko\nunsinn: ja\n")
    assert lea.status == 422
    assert "unsinn: ja" in lea.html
    assert "Zeile" in lea.words
    form = next(one for one in reversed(lea.page.forms) if one.fields.get("version") == "1")
    await lea.post(form)
    await lea.press("So in Kraft setzen")
    assert "Fassung 3 gilt jetzt." in lea.words
    editions = building.do(lambda uow: uow.programmes.editions(1))
    assert editions[2].source == editions[0].source
    assert [one.origin for one in editions] == [Origin.SHIPPED, Origin.ADMIN, Origin.SHIPPED]


async def test_plans_are_explained_before_they_count(building: Building, lea: Browser) -> None:
    await lea.open("/console/admin/plans")
    head, plans = shipped_plans().split("format: 1")
    changed = head + "format: 1" + plans.replace('at: "10:00"', 'at: "11:00"', 1)
    await lea.press("Prüfen und zeigen, was anders würde", source=changed)
    assert lea.status == 200
    assert building.do(lambda uow: uow.plans.version_in_force(1)) == 1
    await lea.press("So in Kraft setzen")
    assert "Fassung 2 gilt jetzt." in lea.words
    [newest, _] = reversed(building.do(lambda uow: uow.plans.editions(1)))
    assert newest.source == changed
    assert audit(building, "publish_plans") == ["staff:1 2"]


async def test_case_26_waits_for_a_lead_and_not_for_an_admin(building: Building, lea: Browser) -> None:
    coach = building.hire("Berta Beispiel")
    building.do(lambda uow: _crowd(uow, coach.id, 25))
    await lea.open("/console/admin/programmes")
    await lea.post(next(one for one in lea.page.forms if one.fields.get("name") == "gecko"))
    code = building.do(lambda uow: _enrol_one_more(building, uow, coach.id))
    await lea.open("/console/team")
    assert "Berta Beispiel begleitet damit 26 Menschen, vorgesehen sind 25." in lea.words
    assert f"Fall {code}" in lea.words
    vera, _ = await signed_in(building, "Vera Verwaltung", Role.ADMIN)
    await vera.open("/console/team")
    assert code not in vera.html
    form = next(one for one in lea.page.forms if "Zuordnung bestätigen" in one.buttons)
    own = next(one for one in vera.page.forms if one.fields.get("token")).fields
    await vera.post(form, token=own["token"])
    assert vera.status == 404
    await lea.open("/console/team")
    await lea.press("Zuordnung bestätigen")
    assert "Die Zuordnung ist bestätigt." in lea.words
    await lea.post(form)
    assert "Das ist schon entschieden." in lea.words
    [one] = building.do(lambda uow: uow.programmes.open_in(1))
    assert one.confirmed_by == 1
    await vera.close()


async def test_whoever_has_no_coach_gets_one_and_above_the_key_only_on_purpose(
    building: Building, lea: Browser
) -> None:
    coach = building.hire("Berta Beispiel")
    [number] = building.do(lambda uow: _crowd(uow, None, 1))
    await lea.open("/console/team")
    assert "Ohne Coach: 1" in lea.words
    await lea.press("Zuordnen", coach="")
    assert lea.status == 422
    await lea.press("Zuordnen", coach=str(coach.id))
    assert "Berta Beispiel begleitet jetzt Fall" in lea.words
    assert building.do(lambda uow: uow.access.coach_of(number)) == coach.id


async def test_what_failed_too_often_is_tried_again(building: Building, lea: Browser) -> None:
    now = building.clock.now()

    def fail(uow: UnitOfWork) -> None:
        uow.timers.set(1, "plan", 7, now, "plan:7")
        uow.timers.set(2, "plan", 8, now, "plan:8")
        for timer in uow.timers.claim(now, 9, now + timedelta(minutes=1)):
            park(uow, timer, now, "KeyError")

    building.do(fail)
    await lea.open("/console/team")
    assert "KeyError" in lea.words
    await lea.press("Alle noch einmal versuchen")
    assert "Lotse versucht es jetzt noch einmal." in lea.words
    assert [one.agency_id for one in building.do(lambda uow: uow.timers.all_parked(9))] == [2]


async def test_the_log_is_filtered_paged_and_proved(building: Building, lea: Browser) -> None:
    at = building.clock.now()
    for number in range(60):
        building.do(partial(_note, at=at, subject=f"{number}:K7F3M"))
    await lea.open("/console/admin/log?action=made_up")
    assert lea.html.count("<code>made_up</code>") == 50
    [older] = re.findall(r'href="(/console/admin/log\?[^"]*before=\d+)"', lea.html)
    await lea.open(older.replace("&amp;", "&"))
    assert lea.html.count("<code>made_up</code>") == 10
    await lea.open("/console/admin/log?person=ZZZZZ")
    assert "Diesen Fall-Code oder Tag gibt es hier nicht." in lea.words
    await lea.open("/console/admin/log?day=2026-11-22")
    assert "Dazu gibt es keinen Eintrag." in lea.words
    await lea.open("/console/admin/log?day=9999-12-31&before=99999999999999999999&staff=x")
    assert lea.status == 200
    await lea.open("/console/admin/log")
    await lea.press("Ist es unverändert?")
    assert "Geprüft: Die letzten 0 Einträge" in lea.words


async def test_troubles_are_told_in_words(building: Building, lea: Browser) -> None:
    building.problems = ["telegram: Unauthorized", "promise P1: 2 concerns without a next action"]
    await lea.open("/console/admin/system")
    assert "Telegram ist gerade nicht erreichbar." in lea.words
    await lea.open("/console/admin/channels")
    assert "gestört" in lea.words
    await lea.open("/console/admin/retention")
    assert all(f"LOTSE_RETENTION__{kind.value.upper()}" in lea.html for kind in DataKind)


async def test_a_coach_finds_none_of_it(berta: Browser) -> None:
    for path in ("/console/team", "/console/admin", *(f"/console/admin/{page}" for page in PAGES)):
        await berta.open(path)
        assert berta.status == 404, path


async def test_the_number_of_statements_does_not_grow_with_the_team(building: Building, lea: Browser) -> None:
    counts: dict[str, list[int]] = {"/console/team": [], "/console/admin": [], "/console/admin/log": []}
    seen: list[str] = []
    engine = building.storage.real.engine

    def hear(*heard: object) -> None:
        seen.append(str(heard[2]))

    event.listen(engine, "before_cursor_execute", hear)
    for crowd in (3, 27):
        for number in range(crowd):
            coach = building.hire(f"Coach {crowd}-{number}")
            building.do(partial(_crowd, coach_id=coach.id, count=2))
        building.do(partial(_crowd, coach_id=None, count=crowd))
        for path, found in counts.items():
            seen.clear()
            await lea.open(path)
            found.append(len(seen))
    event.remove(engine, "before_cursor_execute", hear)
    assert all(first == second for first, second in counts.values()), counts


def _crowd(uow: UnitOfWork, coach_id: int | None, count: int) -> list[int]:
    add = uow.people.add_participant
    return [add(1, Standing.ACTIVE, "de", coach_id) for _ in range(count)]


def _enrol_one_more(building: Building, uow: UnitOfWork, coach_id: int) -> str:
    [number] = _crowd(uow, coach_id, 1)
    person = uow.plans.lock(number)
    assert person is not None
    enrolments.begin(uow, building.rulebook, person, "gecko", "participant", building.clock.now())
    return person.case_code


def _note(uow: UnitOfWork, at: datetime, subject: str) -> None:
    uow.ledger.note(1, at, "staff:1", "made_up", subject)
