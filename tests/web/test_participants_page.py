# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The participants' page without scripts: the whole conversation, and everything that can go wrong."""

from __future__ import annotations

import httpx
import pytest

from bot.house import DEFAULT_AGENCY
from tests.web.building import PUBLIC_URL, Browser, Building


async def test_a_link_preview_uses_nothing_up(building: Building, berta: Browser) -> None:
    code = building.invite(building.coach)
    preview, person = building.browser(), building.browser()
    await preview.open(f"/p/{code}")
    await person.open(f"/p/{code}")
    assert "Weiter" in person.words
    await person.press("Weiter")
    assert person.at == "/chat/"
    assert "Ich bin ein Programm" in person.words


async def test_a_double_press_of_the_door_is_one_entry(building: Building, berta: Browser) -> None:
    person = building.browser()
    await person.open(f"/p/{building.invite(building.coach)}")
    door, form, entry = person.at, person.page.forms[0], dict(person.client.cookies)
    await person.press("Weiter")
    first = person.client.cookies["lotse_chat"]
    # The second request of a double press left with the cookies of the first.
    second = building.browser()
    second.client.cookies.update(entry)
    answer = await second.client.post(door, data=form.fields)
    assert answer.status_code == 303
    assert answer.cookies["lotse_chat"] == first
    assert len(building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY))) == 1
    await person.open("/chat/")
    assert person.words.count("Darf ich Ihnen hier schreiben?") == 1


async def test_a_used_link_is_kind_and_leads_back_to_the_own_conversation(
    building: Building, mia: Browser
) -> None:
    other = building.browser()
    code = building.invite(building.coach)
    await other.open(f"/p/{code}")
    await other.press("Weiter")
    stranger = building.browser()
    await stranger.open(f"/p/{code}")
    await stranger.press("Weiter")
    assert stranger.status == 404
    assert "gilt nicht mehr" in stranger.words
    assert 'href="/chat/"' not in stranger.html
    await other.open(f"/p/{code}")
    await other.press("Weiter")
    assert 'href="/chat/"' in other.html


@pytest.mark.parametrize("code", ["unknown", "x" * 500, "%00", "a b", "<script>"])
async def test_an_unknown_link_is_kind(building: Building, code: str) -> None:
    stranger = building.browser()
    await stranger.open(f"/p/{code}")
    await stranger.press("Weiter")
    assert stranger.status == 404
    assert "112" in stranger.words
    assert "<script>" not in stranger.html
    assert building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY)) == []


async def test_a_staff_code_opens_no_chat_and_stays_good(building: Building) -> None:
    hired = building.hire()
    stranger = building.browser()
    await stranger.open(f"/p/{hired.console_code}")
    await stranger.press("Weiter")
    assert stranger.status == 404
    await stranger.open(f"/console/enter/{hired.console_code}")
    await stranger.press("Weiter")
    assert stranger.status == 200


async def test_without_a_session_it_says_how_to_get_in(building: Building) -> None:
    stranger = building.browser()
    for path in ("/chat/", "/console/"):
        await stranger.open(path)
        assert stranger.status == 401
        assert "Link" in stranger.words
    for path in ("/chat/lines", "/chat/stream", "/console/stream"):
        await stranger.open(path)
        assert (stranger.status, stranger.html) == (401, "")


async def test_a_question_is_answered_by_button_or_by_typing(mia: Browser) -> None:
    assert "Darf ich Ihnen hier schreiben?" in mia.words
    await mia.press("Ja, gern")
    assert mia.status == 200
    assert "Ja, gern" in mia.words
    await mia.write("ja")
    assert "Gut zu wissen" in mia.words
    # The buttons are those of the open question, and only those.
    assert "5" in {label for form in mia.page.forms for label in form.buttons}
    assert "Ja, gern" not in {label for form in mia.page.forms for label in form.buttons}


async def test_a_double_submit_has_one_effect(building: Building, mia: Browser) -> None:
    form = next(one for one in mia.page.forms if one.has_text)
    answers = [await mia.client.post("/chat/", data=form.fields | {"text": "Guten Morgen"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    await mia.open("/chat/")
    assert mia.words.count("Guten Morgen") == 1


async def test_the_same_words_in_a_new_form_are_a_new_message(mia: Browser) -> None:
    await mia.write("hm")
    await mia.write("hm")
    assert mia.html.count('auto">hm</p>') == 2


async def test_help_is_one_press_away(mia: Browser) -> None:
    await mia.press("Hilfe sofort")
    assert 'href="tel:112"' in mia.html
    assert 'href="tel:08001110111"' in mia.html


async def test_markup_is_text(mia: Browser) -> None:
    await mia.write('<script>alert(1)</script> <b onclick="x">**fett**</b> &amp; "Zitat"')
    assert "<script>alert" not in mia.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mia.html
    assert "&amp;amp;" in mia.html
    assert "<b onclick" not in mia.html


@pytest.mark.parametrize("text", ["x" * 100_000, "😀" * 100_000, "a\n" * 50_000, "\0\ud7ff\ufffe", "🙂"])
async def test_any_text_gets_an_answer(mia: Browser, text: str) -> None:
    before = len(mia.page.ids)
    await mia.write(text)
    assert mia.status == 200
    assert len(mia.page.ids) > before


async def test_more_than_that_is_refused_kindly(mia: Browser) -> None:
    await mia.write("x" * 2_100_000)
    assert mia.status == 413
    assert "in Teilen" in mia.words


async def test_nothing_typed_is_no_message(mia: Browser) -> None:
    before = mia.html.count("<li")
    await mia.write("  \n ")
    assert mia.html.count("<li") == before


@pytest.mark.parametrize(
    "fields", [{"token": "0" * 32}, {"token": ""}, {"form_id": "x"}, {"form_id": ""}, {"token": "ü"}]
)
async def test_a_form_of_another_page_does_nothing_and_keeps_the_words(
    mia: Browser, fields: dict[str, str]
) -> None:
    form = next(one for one in mia.page.forms if one.has_text)
    form.fields |= fields
    await mia.post(form, text="Das bleibt im Feld")
    assert mia.status == 403
    assert "Das bleibt im Feld</textarea>" in mia.html
    await mia.open("/chat/")
    assert "Das bleibt im Feld" not in mia.words


async def test_a_form_from_another_site_is_refused(mia: Browser) -> None:
    form = next(one for one in mia.page.forms if one.has_text)
    answer = await mia.client.post(
        "/chat/", data=form.fields | {"text": "fremd"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    await mia.open("/chat/")
    assert "fremd" not in mia.words


async def test_when_the_store_is_down_the_words_are_kept_and_can_be_sent_again(
    building: Building, mia: Browser
) -> None:
    form = next(one for one in mia.page.forms if one.has_text)
    building.storage.is_down = True
    await mia.post(form, text="Bitte nicht verlieren <3")
    assert mia.status == 503
    assert "Bitte nicht verlieren &lt;3</textarea>" in mia.html
    await mia.press("Noch einmal senden", text="Bitte nicht verlieren <3")
    assert mia.status == 503
    building.storage.is_down = False
    await mia.press("Noch einmal senden", text="Bitte nicht verlieren <3")
    assert mia.status == 200
    assert mia.words.count("Bitte nicht verlieren") == 1
    assert "Darf ich Ihnen hier schreiben?" in mia.words


async def test_when_the_store_is_down_a_press_is_kept(building: Building, mia: Browser) -> None:
    building.storage.is_down = True
    await mia.press("Ja, gern")
    assert mia.status == 503
    building.storage.is_down = False
    await mia.press("Noch einmal senden")
    assert mia.status == 200
    assert "Ja, gern" in mia.words


async def test_when_the_store_is_down_a_page_says_so(building: Building, mia: Browser) -> None:
    building.storage.is_down = True
    await mia.open("/chat/")
    assert mia.status == 503
    assert "gleich noch einmal" in mia.words


async def test_two_taps_at_once_answer_one_question(mia: Browser) -> None:
    form = next(one for one in mia.page.forms if "Ja, gern" in one.buttons)
    _, token = form.buttons["Ja, gern"]
    for number in range(2):
        fields = form.fields | {"press": token, "form_id": f"{number}" * 32}
        assert (await mia.client.post("/chat/", data=fields)).status_code == 303
    await mia.open("/chat/")
    assert mia.words.count("Darf ich Ihnen hier schreiben?") == 1


async def test_new_lines_come_without_the_old_ones(mia: Browser) -> None:
    last = [one for one in mia.page.ids if one.startswith(("in-", "out-"))][-1]
    await mia.press("Ja, gern")
    news = await mia.client.get("/chat/lines", params={"after": last})
    assert news.status_code == 200
    assert last not in news.text
    assert "Ja, gern" in news.text
    everything = await mia.client.get("/chat/lines", params={"after": "nonsense<>"})
    assert last in everything.text


async def test_signing_out_closes_the_browser_for_good(mia: Browser) -> None:
    cookies = dict(mia.client.cookies)
    await mia.press("Abmelden")
    assert "abgemeldet" in mia.words
    assert "lotse_chat" not in mia.client.cookies
    mia.client.cookies.update(cookies)
    await mia.open("/chat/")
    assert mia.status == 401


async def test_two_people_at_one_computer_do_not_meet(building: Building, mia: Browser) -> None:
    await mia.write("Nur für Mia")
    # Somebody else opens their own link in the same browser.
    await mia.open(f"/p/{building.invite(building.coach)}")
    await mia.press("Weiter")
    assert mia.status == 200
    assert "Nur für Mia" not in mia.words
    assert len(building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY))) == 2


async def test_a_lost_answer_at_the_door_lets_nobody_else_in(building: Building, berta: Browser) -> None:
    codes = [building.invite(building.coach) for _ in range(2)]
    shared = building.browser()
    await shared.open(f"/p/{codes[0]}")
    entry = dict(shared.client.cookies)
    await shared.press("Weiter")
    await shared.write("Nur für Mia")
    # The browser never got the answer: it still has only what the first page gave it.
    shared.client.cookies.clear()
    shared.client.cookies.update(entry)
    await shared.open(f"/p/{codes[1]}")
    await shared.press("Weiter")
    assert shared.status == 200
    assert "Nur für Mia" not in shared.words


async def test_cookies_are_closed_to_scripts_and_to_other_sites(building: Building, berta: Browser) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(building.app), base_url=PUBLIC_URL) as client:
        answer = await client.get(f"/p/{building.invite(building.coach)}")
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "secure", "path=/p/"))


async def test_pages_speak_the_persons_language(building: Building, berta: Browser) -> None:
    guest = building.browser("en-GB,en;q=0.9,de;q=0.5")
    await guest.open(f"/p/{building.invite(building.coach, 'en')}")
    assert '<html lang="en' in guest.html
    await guest.open("/nowhere")
    assert guest.status == 404
