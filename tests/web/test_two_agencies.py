# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One browser, two agencies: one counts at a time, and what belongs to the other is not there."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.people import Role
from bot.services.invite import Hired, NewStaff, hire
from tests.web.building import Browser, Building

OTHER = 2


def second_agency(building: Building, name: str, role: Role) -> Hired:
    """Somebody of an agency that the building did not have before."""
    rules = building.rulebook
    there = replace(rules.agencies[1], id=OTHER, name="Beratung Beispielstadt")
    building.rulebook = replace(
        rules, agencies={**rules.agencies, OTHER: there}, hours={**rules.hours, OTHER: rules.hours[1]}
    )
    building.do(lambda uow: uow.ledger.ensure_agency(OTHER, there.name, building.clock.now()))
    person = NewStaff(OTHER, name, role)
    return building.do(lambda uow: hire(uow, building.rulebook, person, building.clock.now()))


async def enter(browser: Browser, hired: Hired) -> None:
    await browser.open(f"/console/enter/{hired.console_code}")
    await browser.press("Weiter")
    assert browser.status == 200


async def test_rights_never_mix(building: Building, berta: Browser, mia: Browser) -> None:
    await mia.write("Ich will nicht mehr leben.")
    [concern] = building.do(lambda uow: uow.concerns.of_agency(1))
    await berta.open(f"/console/{concern.id}")
    assert concern.case_code in berta.html
    assert "wechseln" not in berta.words
    await enter(berta, second_agency(building, "Berta Beispiel", Role.LEAD))
    assert "Beratung Beispielstadt" in berta.words
    assert concern.case_code not in berta.html
    await berta.open(f"/console/{concern.id}")
    assert berta.status == 404
    await berta.open("/console/")
    await berta.press("Zu Lotse wechseln")
    assert concern.case_code in berta.html
    await berta.open("/console/team")
    assert berta.status == 404
    await berta.open("/console/")
    old = next(one for one in berta.page.forms if one.action == "/console/switch")
    await berta.press("Zu Beratung Beispielstadt wechseln")
    # The form of a page that was left open is of the other session: it does nothing here.
    await berta.post(old)
    assert "Zu Lotse wechseln" in berta.words


async def test_signing_out_ends_both(building: Building, berta: Browser) -> None:
    await enter(berta, second_agency(building, "Berta Beispiel", Role.COACH))
    kept = dict(berta.client.cookies)
    assert {"lotse_console", "lotse_aside"} <= set(kept)
    await berta.press("Abmelden")
    assert berta.status == 401
    for name in ("lotse_console", "lotse_aside"):
        berta.client.cookies.set("lotse_console", kept[name])
        await berta.open("/console/")
        assert berta.status == 401


async def test_the_same_agency_again_puts_nothing_aside(building: Building, berta: Browser) -> None:
    await enter(berta, building.hire("Lea Lind", Role.LEAD))
    assert "lotse_aside" not in berta.client.cookies
    assert "wechseln" not in berta.words
