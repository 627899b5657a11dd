# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in with another house, against a provider on a real port: who is let in, and who never is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey

from bot.domain.sign_in import WITH_PASSWORD, How
from bot.identity_ports import HOUSE_BACK
from bot.identity_provider import OidcProvider, Registration
from bot.ports import UnitOfWork
from bot.services.absences import leave_team
from bot.services.identity import offer_identity, remove_identity
from bot.web.app import build_web
from bot.web.sessions import HOUSE, account_of
from tests.doubles.house import CLIENT, SECRET, Claims, House, key, path_of, unsigned
from tests.web.building import PUBLIC_URL, Browser, Building

MINUTE = timedelta(minutes=1)
BACK = f"{PUBLIC_URL}{HOUSE_BACK}"


Served = tuple[House, list[Building], httpx.AsyncClient]


class Street:
    """Lotse, the house, and a browser that walks between them."""

    def __init__(
        self, building: Building, house: House, provider: OidcProvider, outside: httpx.AsyncClient
    ) -> None:
        self.building, self.house, self.provider, self.outside = building, house, provider, outside
        building.app = build_web(replace(building.office(), identity_provider=provider))
        self.desk = building.browser()
        self.staff_id = building.hire().id

    def link(self) -> str:
        now, rules = self.building.clock.now(), self.building.rulebook
        return "/console/identity/" + self.building.do(
            lambda uow: offer_identity(uow, rules, self.staff_id, now)
        )

    async def away(self, path: str = HOUSE, browser: Browser | None = None) -> str:
        """Leave for the house, and sign in there; the path with which it sends the browser back."""
        there = await (browser or self.desk).client.get(path)
        assert there.status_code == 303, there.text
        back = await self.outside.get(there.headers["location"])
        assert back.headers["location"].startswith(BACK)
        return path_of(back.headers["location"])

    async def arrive(self, back: str, browser: Browser | None = None) -> httpx.Response:
        return await (browser or self.desk).client.get(back)

    async def walk(self, path: str = HOUSE) -> httpx.Response:
        return await self.arrive(await self.away(path))

    async def bind(self) -> httpx.Response:
        return await self.walk(f"{self.link()}/go")

    def is_in(self) -> bool:
        return self.desk.client.cookies.get("lotse_console") is not None

    def notes(self) -> list[tuple[str, str, str]]:
        def read(uow: UnitOfWork) -> list[tuple[str, str, str]]:
            uow.audit_chain.lock()
            return [(note.actor, note.action, note.subject) for note in uow.audit_chain.waiting(1000)]

        return self.building.do(read)


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    """The house on its port. Its clock is that of whichever building is open."""
    open_now: list[Building] = []

    def now() -> datetime:
        return open_now[-1].clock.now()

    house = House(now, BACK)
    config = uvicorn.Config(house.app(), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    with house.listen() as port:
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[port]))
            async with httpx.AsyncClient(verify=False) as outside:
                yield house, open_now, outside
            server.should_exit = True


@pytest.fixture
async def street(served: Served, building: Building) -> AsyncIterator[Street]:
    house, open_now, outside = served
    open_now.append(building)
    fresh = House(house.now, BACK)
    for name in ("subject", "kid", "is_down", "twist", "signed", "asked", "codes"):
        setattr(house, name, getattr(fresh, name))
    known_as = Registration(house.issuer, CLIENT, SECRET, "Hauskonto", BACK)
    provider = OidcProvider(known_as, building.clock.now)
    made = Street(building, house, provider, outside)
    yield made
    await made.desk.close()


async def test_from_the_link_to_the_queue_and_back_again(street: Street) -> None:
    link, desk, building = street.link(), street.desk, street.building
    await desk.open(link)
    assert "Berta" not in desk.html, "a preview of the link shows no name"
    await desk.press("Weiter")
    assert "Dieser Link ist für: Berta Beispiel" in desk.words
    assert f'href="{link}/go"' in desk.html
    first = await street.walk(f"{link}/go")
    assert (first.status_code, first.headers["location"]) == (303, "/console/")
    account = account_of(desk.client.cookies["lotse_console"])
    found = building.do(lambda uow: uow.people.find_staff("console", account))
    assert found is not None
    session = building.do(lambda uow: uow.sign_ins.session(found[1].id))
    assert session is not None
    assert (session.staff_id, session.how, session.idle) == (street.staff_id, How.HOUSE, WITH_PASSWORD.idle)
    assert (await desk.client.get(f"{link}/go")).status_code == 404, "it opens once"
    await desk.open("/console/login")
    assert "Mit Hauskonto anmelden" in desk.words
    assert "Passwort" in desk.words
    secret = desk.client.cookies["lotse_console"]
    again = await street.walk()
    assert again.headers["location"] == "/console/"
    assert desk.client.cookies["lotse_console"] != secret
    me = f"staff:{street.staff_id}"
    assert [note for note in street.notes() if note[0] in (me, "command")][-4:] == [
        ("command", "identity_offered", me),
        (me, "identity_bound", me),
        (me, "console_opened", "house"),
        (me, "console_opened", "house"),
    ]
    assert street.house.asked == ["configuration", "token", "keys", "token"], "the rest is known by now"


TWISTS: tuple[dict[str, Any], ...] = (
    {"nonce": "x" * 43},
    {"nonce": None},
    {"aud": "another"},
    {"aud": [CLIENT, "another"]},
    {"aud": CLIENT, "azp": "another"},
    {"iss": "https://evil.example"},
    {"exp": 1_700_000_000},
    {"exp": None},
    {"iat": 4_000_000_000},
    {"sub": None},
    {"sub": 7},
    {"sub": "x" * 256},
)


async def test_a_token_that_does_not_hold_lets_nobody_in(street: Street) -> None:
    await street.bind()
    street.desk.client.cookies.clear()
    for twist in TWISTS:
        street.house.twist = twist
        refused = await street.walk()
        assert refused.status_code == 401, twist
        assert "hat nicht geklappt" in refused.text
        assert not street.is_in()
        assert street.notes()[-1] == ("nobody", "sign_in_refused", "house:invalid")
    street.house.twist = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert (await street.walk()).status_code == 303


async def test_a_token_that_the_house_has_not_signed_lets_nobody_in(street: Street) -> None:
    await street.bind()
    street.desk.client.cookies.clear()
    ways: dict[str, Callable[[Claims], str]] = {
        "none": unsigned,
        "stranger": lambda claims: jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key("k9")),
        "secret": lambda claims: jwt.encode({"alg": "HS256", "kid": "k1"}, claims, OctKey.import_key(SECRET)),
        "cut": lambda claims: street.house.sign(claims)[:-4],
    }
    for name, way in ways.items():
        street.house.signed = way
        assert (await street.walk()).status_code == 401, name
        assert not street.is_in()


async def test_a_passage_is_one_browsers_and_good_once(street: Street) -> None:
    await street.bind()
    back = await street.away()
    cookies = dict(street.desk.client.cookies)
    thief = street.building.browser()
    assert (await street.arrive(back, thief)).status_code == 403, "another browser's"
    await street.away(browser=thief)
    assert (await street.arrive(back, thief)).status_code == 403, "not the passage that it began"
    assert (await street.arrive(back)).status_code == 303
    assert "lotse_passage" not in street.desk.client.cookies
    thief.client.cookies.set("lotse_passage", cookies["lotse_passage"])
    asked = len(street.house.asked)
    replayed = await street.arrive(back, thief)
    assert replayed.status_code == 403
    assert "nicht mehr aktuell" in replayed.text
    assert len(street.house.asked) == asked, "the house is not asked"
    assert thief.client.cookies.get("lotse_console") is None
    await thief.close()


async def test_a_link_belongs_to_its_passage(street: Street) -> None:
    """Who swaps the link in the cookie binds nothing: the state was made for another one."""
    back = await street.away()
    held = street.desk.client.cookies["lotse_passage"]
    code = street.link().rpartition("/")[2]
    street.desk.client.cookies.set("lotse_passage", held + code, domain="lotse.example", path=HOUSE)
    assert (await street.arrive(back)).status_code == 403


async def test_the_house_changes_its_keys(street: Street) -> None:
    await street.bind()
    street.house.kid = "k2"
    assert (await street.walk()).headers.get("location") == "/console/"
    street.house.signed = lambda claims: street.house.sign(claims, "k1")
    assert (await street.walk()).status_code == 401, "the old one is not believed any more"


async def test_nobody_is_found_who_is_not_bound_or_has_left(street: Street) -> None:
    street.house.twist = {"email": "berta@amt.example", "preferred_username": "berta"}
    unbound = await street.walk()
    assert unbound.status_code == 403
    assert "Zu diesem Konto gibt es hier keinen Zugang." in unbound.text
    await street.bind()
    assert street.is_in()
    street.building.do(lambda uow: leave_team(uow, street.staff_id, street.building.clock.now()))
    street.desk.client.cookies.clear()
    gone = await street.walk()
    assert (gone.status_code, street.is_in()) == (403, False)
    assert street.notes()[-1] == (f"staff:{street.staff_id}", "sign_in_refused", "house")


async def test_a_colleagues_account_stays_theirs_and_a_removed_one_opens_nothing(street: Street) -> None:
    await street.bind()
    berta = street.staff_id
    street.staff_id = street.building.hire("Karl Kollege").id
    taken = await street.bind()
    assert taken.status_code == 409
    assert "Dieses Konto ist schon vergeben." in taken.text
    now = street.building.clock.now()
    assert street.building.do(lambda uow: remove_identity(uow, berta, now))
    assert not street.building.do(lambda uow: remove_identity(uow, berta, now))
    street.desk.client.cookies.clear()
    assert (await street.walk()).status_code == 403
    assert (await street.bind()).status_code == 303, "free for another now"


async def test_while_the_house_is_away_passwords_still_work(street: Street) -> None:
    street.house.is_down = True
    await street.desk.open(HOUSE)
    assert street.desk.status == 503
    assert "Die Anmeldung mit Hauskonto geht gerade nicht." in street.desk.words
    assert any("Anmelden" in form.buttons for form in street.desk.page.forms)
    street.house.is_down = False
    back = await street.away()
    street.house.signed = lambda claims: 1 / 0  # type: ignore[return-value]
    lost = await street.arrive(back)
    assert lost.status_code == 503
    assert not street.is_in()


async def test_what_the_house_declines_and_what_another_house_sends(street: Street) -> None:
    await street.bind()
    street.desk.client.cookies.clear()
    for instead, status in (
        ("error=access_denied", "nicht fertig geworden"),
        ("iss=https://x", "nicht geklappt"),
    ):
        back = await street.away()
        code, _, state = back.partition("?")[2].partition("&")
        again = await street.arrive(f"{HOUSE_BACK}?{instead}&{state}&{code}")
        assert again.status_code == 401
        assert status in again.text
    assert not street.is_in()


async def test_the_second_factor_is_asked_of_the_house(street: Street) -> None:
    await street.bind()
    street.desk.client.cookies.clear()
    known_as = Registration(
        street.house.issuer, CLIENT, SECRET, "Hauskonto", BACK, acr=("gold", "silver"), amr=("otp",)
    )
    strict = OidcProvider(known_as, street.building.clock.now)
    asks = replace(street.building.office(), identity_provider=strict)
    street.building.app = build_web(asks)
    street.desk = street.building.browser()
    for twist, status in (
        ({"acr": "silver", "amr": ["pwd", "otp"]}, 303),
        ({"acr": "bronze", "amr": ["otp"]}, 401),
        ({"acr": "gold", "amr": ["pwd"]}, 401),
        ({"amr": ["otp"]}, 401),
        ({"acr": "gold", "amr": "otp"}, 401),
    ):
        street.house.twist = twist
        street.desk.client.cookies.clear()
        came = await street.walk()
        assert came.status_code == status, twist
        assert ("mit zwei Faktoren" in came.text) == (status == 401)


async def test_a_flood_of_returns_waits_and_hinders_no_password(street: Street) -> None:
    building = street.building
    few = replace(building.rulebook.sign_in, network_tries=5)
    building.rulebook = replace(building.rulebook, sign_in=few)
    for _ in range(5):
        await street.arrive(await street.away())
    flooded = await street.arrive(await street.away())
    assert flooded.status_code == 429
    assert "Bitte warten Sie" in flooded.text
    street.building.clock.advance(MINUTE)
    assert (await street.bind()).status_code == 303
