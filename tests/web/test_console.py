# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The coaches' inbox without scripts: from the queue to a closed case."""

from __future__ import annotations

import re

import pytest

from bot.domain.concerns import State
from bot.house import DEFAULT_AGENCY
from tests.web.building import Browser, Building

ACUTE = "Ich will nicht mehr leben."


async def opens_the_case(berta: Browser) -> None:
    await berta.open("/console/")
    link = re.search(r'href="(/console/\d+)"', berta.html)
    assert link is not None
    await berta.open(link.group(1))
    assert berta.status == 200


async def test_the_whole_story(building: Building, mia: Browser, berta: Browser) -> None:
    await berta.open("/console/")
    assert "Gerade braucht Sie niemand" in berta.words
    await mia.write(ACUTE)
    await opens_the_case(berta)
    assert "Sofort" in berta.words
    assert ACUTE in berta.words
    await berta.press("Übernehmen", step="write")
    assert "notiert" in berta.words
    assert "Ich schreibe jetzt" in berta.words
    await mia.open("/chat/")
    assert "Berta Beispiel hat Ihre Meldung gesehen" in mia.words
    await berta.press("Antwort senden", text="Ich rufe Sie in **zehn** Minuten an.")
    assert "ist unterwegs" in berta.words
    await mia.open("/chat/")
    assert "Ich rufe Sie in zehn Minuten an." in mia.words
    assert 'class="line line-human' in mia.html
    await berta.press("Fall abschließen", outcome="reached")
    assert "Der Fall ist abgeschlossen." in berta.words
    concerns = building.do(lambda uow: uow.concerns.of_agency(DEFAULT_AGENCY, open_only=False))
    assert [concern.state for concern in concerns] == [State.CLOSED]


async def test_a_reply_sent_twice_arrives_once(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    form = next(one for one in berta.page.forms if "Antwort senden" in one.buttons)
    for _ in range(2):
        await berta.post(form, text="Ich bin da.")
    await mia.open("/chat/")
    assert mia.words.count("Ich bin da.") == 1


async def test_a_reply_that_cannot_be_sent_stays_in_the_field(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await mia.write("STOPP")
    await opens_the_case(berta)
    await berta.press("Antwort senden", text="Das kommt nicht an.")
    assert "hat den Kontakt beendet" in berta.words
    assert "Das kommt nicht an.</textarea>" in berta.html


async def test_a_step_in_own_words(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    await berta.press("Übernehmen", step="other", words="Mit der Ärztin sprechen")
    assert "Mit der Ärztin sprechen" in berta.words


async def test_taking_over_without_a_step_asks_for_one(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    await berta.press("Übernehmen")
    assert "Bitte wählen Sie einen nächsten Schritt." in berta.words
    assert "nächster Schritt fehlt" in berta.words


async def test_passing_on_where_nobody_is_says_so(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    await berta.press("Weitergeben")
    assert "Es ist niemand da" in berta.words


async def test_a_link_is_good_once_for_one_browser(building: Building) -> None:
    code = building.hire().console_code
    first, second = building.browser(), building.browser()
    for browser in (first, second):
        await browser.open(f"/console/enter/{code}")
        await browser.press("Weiter")
    assert (first.status, second.status) == (200, 404)


async def test_signed_out_is_signed_out(berta: Browser) -> None:
    cookies = dict(berta.client.cookies)
    await berta.press("Abmelden")
    assert berta.status == 401
    berta.client.cookies.update(cookies)
    await berta.open("/console/")
    assert berta.status == 401


async def test_a_participants_session_opens_no_console(mia: Browser) -> None:
    mia.client.cookies.set("lotse_console", mia.client.cookies["lotse_chat"])
    await mia.open("/console/")
    assert mia.status == 401


@pytest.mark.parametrize("path", ["/console/999", "/console/0"])
async def test_a_case_that_is_not_there(berta: Browser, path: str) -> None:
    await berta.open(path)
    assert berta.status in (200, 404)
    assert "Traceback" not in berta.html


async def test_a_form_without_its_token_does_nothing(
    building: Building, mia: Browser, berta: Browser
) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    form = next(one for one in berta.page.forms if "Antwort senden" in one.buttons)
    form.fields["token"] = "0" * 32
    await berta.post(form, text="Behalten")
    assert berta.status == 403
    assert "Behalten</textarea>" in berta.html
    await mia.open("/chat/")
    assert "Behalten" not in mia.words


async def test_when_the_store_is_down_the_reply_is_kept(
    building: Building, mia: Browser, berta: Browser
) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    building.storage.is_down = True
    await berta.press("Antwort senden", text="Nicht verlieren")
    assert berta.status == 503
    building.storage.is_down = False
    await berta.press("Noch einmal senden", text="Nicht verlieren")
    assert berta.status == 200
    await mia.open("/chat/")
    assert mia.words.count("Nicht verlieren") == 1


async def test_what_a_participant_wrote_is_text(mia: Browser, berta: Browser) -> None:
    await mia.write(f"{ACUTE} <img src=x onerror=alert(1)>")
    await opens_the_case(berta)
    assert "<img" not in berta.html
    assert "&lt;img src=x" in berta.html


async def test_a_page_that_refreshes_itself_takes_no_note_away(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await opens_the_case(berta)
    form = next(one for one in berta.page.forms if "Übernehmen" in one.buttons)
    case = berta.at
    await berta.client.post(form.action or case, data=form.fields | {"step": "write"})
    await berta.open(f"{case}?live=1")
    assert "notiert" not in berta.words
    await berta.open(case)
    assert "notiert" in berta.words
    await berta.open(case)
    assert "notiert" not in berta.words
