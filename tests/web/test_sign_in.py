# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The pages of signing in: from the link to the queue, and what strangers get to see."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.services.sign_in import offer
from tests.web.building import Browser, Building

PASSWORD = "zwölf ganze Monate"
LOGIN = "/console/login"
KEY = re.compile(r"<code>([A-Z2-7]{32})</code>")
SPARE = re.compile(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>")
NOT_FITTING = "Das hat nicht gepasst. Bitte prüfen Sie alle drei Angaben."


@pytest.fixture
async def desk(building: Building) -> AsyncIterator[Browser]:
    """A browser that has never been here."""
    browser = building.browser()
    yield browser
    await browser.close()


def link_for(building: Building, staff_id: int, name: str = "berta") -> str:
    now = building.clock.now()
    return "/console/password/" + building.do(lambda uow: offer(uow, building.rulebook, staff_id, name, now))


def code_of(building: Building, key: str) -> str:
    at = int(building.clock.now().timestamp())
    return TOTP(base64.b32decode(key), 6, SHA1(), 30).generate(at).decode()


async def choose(building: Building, browser: Browser, link: str) -> tuple[str, list[str]]:
    """Use the link; the key of the authenticator and the spare codes."""
    await browser.open(link)
    await browser.press("Weiter")
    [key] = KEY.findall(browser.html)
    await browser.press("Speichern", password=PASSWORD, again=PASSWORD, code=code_of(building, key))
    assert browser.status == 200
    building.clock.advance(timedelta(minutes=1))
    return key, SPARE.findall(browser.html)


async def sign_in(building: Building, browser: Browser, key: str, **more: str) -> None:
    await browser.open(LOGIN)
    fields = {"name": "berta", "password": PASSWORD, "code": code_of(building, key)} | more
    await browser.press("Anmelden", **fields)


async def test_from_the_link_to_the_queue(building: Building, desk: Browser) -> None:
    link = link_for(building, building.hire().id)
    for _ in range(2):
        await desk.open(link)
        assert not KEY.search(desk.html), "a preview of the link shows no key"
    await desk.press("Weiter")
    assert "Ihr Anmeldename: berta" in desk.words
    assert "<svg" in desk.html
    assert "style=" not in desk.html, "the policy of the pages forbids it"
    [key] = KEY.findall(desk.html)
    right = {"password": PASSWORD, "again": PASSWORD, "code": code_of(building, key)}
    for wrong, said in (
        ({"password": "kurz"}, "Das Passwort ist zu kurz."),
        ({"password": "Passwort-2026"}, "leicht zu erraten"),
        ({"password": "x" * 290}, "Das Passwort ist zu lang."),
        ({"again": "zwölf ganze Monat"}, "Die beiden Passwörter sind nicht gleich."),
        ({"code": "000000"}, "Der Code passt nicht."),
    ):
        await desk.press("Speichern", **(right | wrong))
        assert desk.status == 422
        assert said in desk.words
        assert PASSWORD not in desk.html
        assert KEY.findall(desk.html) == [key], "the picture that was read already stays right"
    await desk.press("Speichern", **right)
    spare = SPARE.findall(desk.html)
    assert len(spare) == 10
    await desk.open(link)
    assert desk.status == 404
    building.clock.advance(timedelta(minutes=1))
    await sign_in(building, desk, key)
    assert desk.at == "/console/"
    assert "Berta Beispiel" in desk.words


async def test_what_does_not_fit_is_never_told(building: Building, desk: Browser) -> None:
    key, _ = await choose(building, desk, link_for(building, building.hire().id))
    pages = []
    for wrong in ({"name": "niemand"}, {"password": "falsch geraten"}, {"code": "000000"}):
        stranger = building.browser()
        await sign_in(building, stranger, key, **wrong)
        assert stranger.status == 401
        assert NOT_FITTING in stranger.words
        pages.append(re.sub(r'name="token" value="\w+"', "", stranger.html))
        assert "lotse_console" not in stranger.client.cookies
        await stranger.close()
    assert len(set(pages)) == 1


async def test_who_guesses_waits(building: Building, desk: Browser) -> None:
    key, _ = await choose(building, desk, link_for(building, building.hire().id))
    for _ in range(4):
        await sign_in(building, desk, key, password="falsch geraten")
    await sign_in(building, desk, key)
    assert desk.status == 429
    assert re.search(r"Bitte warten Sie \d Sekunden", desk.words)


async def test_a_spare_code_and_a_new_secret_each_time(building: Building, desk: Browser) -> None:
    key, spare = await choose(building, desk, link_for(building, building.hire().id))
    secrets = []
    for code in spare[:2]:
        await sign_in(building, desk, key, code=code.lower())
        assert desk.at == "/console/"
        secrets.append(desk.client.cookies["lotse_console"])
    assert len(set(secrets)) == 2
    await sign_in(building, desk, key, code=spare[0])
    assert desk.status == 401


async def test_a_form_of_somebody_else_lets_nobody_in(building: Building, desk: Browser) -> None:
    key, _ = await choose(building, desk, link_for(building, building.hire().id))
    await desk.open(LOGIN)
    form = desk.page.forms[0]
    form.fields["token"] = "0" * 32
    await desk.post(form, name="berta", password=PASSWORD, code=code_of(building, key))
    assert desk.status == 403
    assert "lotse_console" not in desk.client.cookies


async def test_sessions_are_seen_and_ended(building: Building, desk: Browser) -> None:
    key, _ = await choose(building, desk, link_for(building, building.hire().id))
    phone = building.browser()
    phone.client.headers["User-Agent"] = "Mozilla/5.0 (iPhone) Version/19 Safari/604"
    await sign_in(building, phone, key)
    building.clock.advance(timedelta(minutes=1))
    await sign_in(building, desk, key)
    await desk.open("/console/sessions")
    assert "Safari, iPhone" in desk.words
    assert "Unbekanntes Gerät (dieser Browser)" in desk.words
    await desk.press("Hier abmelden")
    assert "Safari" not in desk.words
    await phone.open("/console/")
    assert phone.status == 401
    building.clock.advance(timedelta(minutes=1))
    await sign_in(building, phone, key)
    await desk.open("/console/sessions")
    await desk.press("Überall sonst abmelden")
    await phone.open("/console/sessions")
    assert phone.at == LOGIN
    await desk.open("/console/")
    assert desk.status == 200
    await phone.close()


async def test_an_idle_browser_is_signed_out_though_its_page_looks_for_news(
    building: Building, desk: Browser
) -> None:
    key, _ = await choose(building, desk, link_for(building, building.hire().id))
    await sign_in(building, desk, key)
    for _ in range(2):
        building.clock.advance(timedelta(minutes=14))
        await desk.open("/console/?live")
        assert desk.status == 200
    building.clock.advance(timedelta(minutes=3))
    await desk.open("/console/")
    assert desk.status == 401
    assert (await desk.client.get("/console/stream")).status_code == 401
    assert "Weiter" in desk.words
    assert f'href="{LOGIN}"' in desk.html


async def test_a_cookie_is_not_what_the_storage_knows(building: Building, berta: Browser) -> None:
    cookie = berta.client.cookies["lotse_console"]
    assert building.do(lambda uow: uow.people.find_staff("console", cookie)) is None
    await berta.open("/console/")
    assert berta.status == 200


async def test_leaving_ends_the_session(building: Building, berta: Browser) -> None:
    cookie = berta.client.cookies["lotse_console"]
    await berta.press("Abmelden")
    berta.client.cookies.set("lotse_console", cookie)
    await berta.open("/console/")
    assert berta.status == 401
