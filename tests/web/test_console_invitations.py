# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations in the console: made by a form, printed, opened by those they are for, taken back."""

from __future__ import annotations

import re

from sqlalchemy import Engine, event

from bot.domain.people import Role
from bot.web.console.invitations import PATH, SHEET
from tests.web.building import Browser, Building

FIELDS = {"language": "de", "days": "30", "note": ""}


async def code_on(browser: Browser) -> str:
    found = re.search(r'lotse\.example/<wbr><span class="whole">p/([a-z0-9-]{14})<', browser.html)
    assert found is not None
    return found.group(1)


async def test_from_the_form_to_paper_to_somebody_who_comes(building: Building, berta: Browser) -> None:
    await berta.open(PATH)
    assert "Hier steht jede Einladung" in berta.words
    await berta.press("Einladung machen", **FIELDS, count="2")
    assert berta.at.startswith(SHEET)
    assert "2 Einladungen sind fertig" in berta.words
    assert berta.html.count("<svg") == 2
    assert "Es ist freiwillig." in berta.words
    assert "Schreiben Sie STOPP" in berta.words
    mia = building.browser()
    await mia.open(f"/p/{await code_on(berta)}")
    await mia.press("Weiter")
    assert mia.at.startswith("/chat/")
    await berta.open(PATH)
    assert "1 von 1" in berta.words
    assert "1 offen" in berta.words
    await mia.close()


async def test_a_door_for_many_with_telegram_and_taken_back(building: Building, berta: Browser) -> None:
    building.do(lambda uow: uow.ledger.set_fact("telegram.username", "LotseBeispielBot"))
    await berta.open(PATH)
    await berta.press("Tür öffnen", **FIELDS | {"note": "<b>Aushang</b>"}, most="25")
    assert "Mit Telegram" in berta.words
    assert berta.html.count("<svg") == 2
    sheet = berta.at
    await berta.open(PATH)
    assert "0 von 25" in berta.words
    assert "&lt;b&gt;Aushang" in berta.html
    withdraw = next(one for one in berta.page.forms if one.fields.get("action") == "withdraw")
    await berta.post(withdraw)
    assert "Niemand kommt mehr damit herein." in berta.words
    withdraw.fields["form_id"] = "0" * 32
    await berta.post(withdraw)
    assert "war schon zurückgezogen" in berta.words
    await berta.open(sheet)
    assert "nichts zu drucken" in berta.words


async def test_what_does_not_fit_comes_back_as_it_was_typed(berta: Browser) -> None:
    await berta.open(PATH)
    await berta.press("Tür öffnen", **FIELDS | {"days": "ewig", "note": "Empfang"}, most="1000")
    assert berta.status == 422
    assert "Bitte eine Zahl von 1 bis 500." in berta.words
    assert "Bitte eine Zahl von 1 bis 365." in berta.words
    assert 'value="ewig"' in berta.html
    assert 'value="Empfang"' in berta.html
    await berta.press("Tür öffnen", **FIELDS, most="1")
    assert "Bitte mindestens 2." in berta.words


async def test_nobody_prints_or_takes_back_a_colleagues(building: Building, berta: Browser) -> None:
    await berta.open(PATH)
    await berta.press("Einladung machen", **FIELDS, count="1")
    sheet, code = berta.at, await code_on(berta)
    karl = building.browser()
    await karl.open(f"/console/enter/{building.hire('Karl Kollege').console_code}")
    await karl.press("Weiter")
    await karl.open(sheet)
    assert code not in karl.html
    await karl.open(PATH)
    form = next(one for one in karl.page.forms if one.fields.get("action") == "one")
    form.fields |= {"action": "withdraw", "card": re.findall(r"card-(\d+)", sheet)[0]}
    await karl.post(form)
    assert karl.status == 404
    lea = building.browser()
    await lea.open(f"/console/enter/{building.hire('Lea Lind', Role.LEAD).console_code}")
    await lea.press("Weiter")
    await lea.open(sheet)
    assert code in lea.html
    for one in (karl, lea):
        await one.close()


async def test_the_list_needs_as_many_statements_for_thirty_as_for_three(
    building: Building, berta: Browser
) -> None:
    said: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    counts = []
    for count in ("3", "27"):
        await berta.open(PATH)
        await berta.press("Einladung machen", **FIELDS, count=count)
        said.clear()
        await berta.open(PATH)
        counts.append(len(said))
    assert counts[0] == counts[1] > 0
