# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promise P8: whatever is said and whatever goes wrong, no word of it is in a log, a number or a preview.

One story of the whole program, by every channel and through every failure that can be provoked. Each canary
is a word that occurs nowhere else; afterwards everything is looked through that is no page and no chat.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, cast

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.terminal.receive import read_line
from bot.channels.terminal.send import PARTICIPANT, STAFF, TerminalChannel
from bot.domain.people import Role
from bot.errors import LotseError
from bot.ports import Receipt, UnitOfWork
from bot.services import due
from bot.services.mail_links import ask_to_confirm
from bot.services.rulebook import Rulebook
from bot.setting_parts import MailPart
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.web.page import scene
from scheduler.clock import AdvanceableClock
from scheduler.timers import Timer
from tests.doubles.bot_api import BotApiDouble, FaultKind
from tests.doubles.mail import PASSWORD, Authority, MailServerDouble, html, plain
from tests.e2e.stories import MONDAY, SECRET, Colleague, Someone, Town, settings_for
from tests.privacy.overheard import CANARY, PREVIEW, Overheard, Wire, canary
from tests.web.building import Browser, Form

#: Chats of people, as numbers that cannot stand anywhere by accident.
MIAS, BERTAS = 5_000_700_090, 9_000_700_091
MAIL = "kanari.leitung@amt.example"
TELEGRAMS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
TOKENS = ("1:AAA", "2:BBB", SECRET, PASSWORD)
FAULTS = (FaultKind.SERVER_ERROR, FaultKind.CLOSED_BEFORE, FaultKind.LOST_ANSWER, FaultKind.RETRY_CHAT)


class Place(Town):
    """A town with a terminal beside the messengers."""

    lines: list[str]

    async def begin(self) -> None:
        await super().begin()
        self.lines = []
        self.screens = [TerminalChannel(one, one, self.lines.append) for one in (PARTICIPANT, STAFF)]
        for screen in self.screens:
            self.app.add_channel(screen)

    async def types(self, line: str) -> None:
        incoming = read_line(line, *self.screens)
        assert incoming is not None
        await self.app.inbox.take(incoming)
        await self.settled()


@pytest.fixture
async def place(overheard: Overheard, tmp_path: Path) -> AsyncIterator[tuple[Place, MailServerDouble, Wire]]:
    """The whole program, by webhook, with mail and heartbeat, on a database file."""
    clock, authority, wire = AdvanceableClock(MONDAY), Authority(tmp_path / "ca"), Wire()
    async with (
        BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api,
        MailServerDouble(authority) as server,
        await asyncio.start_server(wire.take, "127.0.0.1", 0) as watch,
    ):
        sender = "Lotse <lotse@amt.example>"
        mail = MailPart(smtp_url=SecretStr(server.url), sender=sender, ca_file=authority.ca_file)
        port = watch.sockets[0].getsockname()[1]
        settings = settings_for(api, tmp_path, f"sqlite:///{tmp_path}/lotse.db", "webhook")
        settings = settings.model_copy(
            update={"mail": mail, "heartbeat_url": f"http://127.0.0.1:{port}/watch", "log_level": "debug"}
        )
        bots = api.add_bot("1:AAA", "a_bot"), api.add_bot("2:BBB", "b_bot")
        place = Place(api, settings, clock, *bots)
        await place.start()
        try:
            yield place, server, wire
        finally:
            await place.stop()
            for call in api.calls():
                text = str(call.values.get("text") or call.values.get("caption") or "")
                name = f"{call.bot} {call.method}"
                # What staff are sent is below their messenger's class: no content at all.
                overheard.add(f"preview {name}", text[:PREVIEW])
                if call.bot == "b_bot" and call.chat_id != BERTAS:
                    overheard.add(f"whole {name}", text)
            for letter in server.mails:
                overheard.add("mail", f"{letter['Subject']} {plain(letter)} {html(letter)}")
            for request in wire.requests:
                overheard.add("heartbeat", request)


async def test_no_canary_is_overheard(
    place: tuple[Place, MailServerDouble, Wire], overheard: Overheard, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, server, wire = place
    berta = await town.hires("Berta", BERTAS, Role.COACH)
    lea = await town.hires("Lea", 903, Role.LEAD)
    for colleague in (berta, lea):
        await colleague.person.opens(colleague.hired.messenger_code)
    await confirm_mail(town, lea, server)
    mia = town.meet(canary("Profil"), MIAS)
    await mia.opens(await town.invites(berta.hired))
    await mia.says("ja", "ja", "ja", "4", "4", canary("Antwort"), "nein")
    await town.settled()
    await town.do(lambda uow: uow.people.change_participant(1, name=canary("Name")))
    await all_is_said(town, mia, berta)
    await by_web_and_terminal(town, berta, overheard)
    await messengers_fail(town, mia, server)
    await the_program_fails(town, mia, berta, monkeypatch)
    # The reminder of the appointment comes the next morning.
    for _ in range(24):
        await town.passes(hours=1)
        await town.settled()
    assert canary("Ort") in " ".join(one.text for one in mia.phone.screen())
    await mia.phone.blocks()
    await town.settled()
    assert wire.requests
    assert len(server.mails) > 1
    assert len(overheard.written.getvalue().splitlines()) > 20
    await look_at_the_numbers(town, overheard)
    assert [one for one in overheard.faults if isinstance(one, LotseError)]


@pytest.fixture(autouse=True)
def nothing_was_overheard(overheard: Overheard, request: pytest.FixtureRequest) -> Any:
    """Looked at last, after the program has stopped."""
    yield
    if "place" in request.fixturenames:
        assert overheard.hits(CANARY, str(MIAS), str(BERTAS), *TOKENS) == []


async def confirm_mail(town: Place, lea: Colleague, server: MailServerDouble) -> None:
    rules, now = town.app.rules(), town.clock.now()
    staff = await town.do(lambda uow: uow.people.staff(lea.hired.id))
    assert staff is not None
    assert await town.do(lambda uow: ask_to_confirm(uow, staff, MAIL, rules, now))
    await town.settled()
    found = re.search(rf"{re.escape(town.address)}(\S+)", plain(server.mails[-1]))
    assert found is not None
    async with httpx.AsyncClient(base_url=town.address) as client:
        page = Browser(client)
        await page.open(found[1])
        await page.press("Adresse bestätigen")


async def all_is_said(town: Place, mia: Someone, berta: Colleague) -> None:
    person = await town.do(lambda uow: uow.plans.lock(1))
    assert person is not None
    code = person.case_code
    said = f"Ort: {canary('Ort')} Karte: https://{canary('karte')}.example/x Notiz: {canary('Zettel')}"
    await berta.person.says(f"/termin {code} 5.5.2026 10:30 coach {said}")
    await town.settled()
    await berta.person.presses("Stimmt so")
    await mia.says(f"Ich will nicht mehr leben. {canary('Text')}")
    await town.settled()
    await berta.person.presses("Übernehmen")
    await town.settled()
    await berta.person.presses("Ich rufe heute an")
    await town.settled()
    await berta.person.presses("Notiz")
    await berta.person.says(canary("Notiz"))
    await town.settled()
    await berta.person.says(f"/termin {canary('Unsinn')}", f"/{canary('Befehl')}", canary("Verirrt"))
    await town.settled()


async def by_web_and_terminal(town: Place, berta: Colleague, overheard: Overheard) -> None:
    async with httpx.AsyncClient(base_url=town.address) as client:
        page = Browser(client)
        await page.open(f"/p/{await town.invites(berta.hired)}")
        await page.press("Weiter")
        await page.write(canary("Seite"))
        await page.post(Form("/chat/", {"token": "falsch", "text": canary("Fremd")}))
        await client.post("/chat/", content=canary("Muell").encode() + b"\xff\x00%%", headers={"Cookie": "x"})
        for path in (f"/p/{canary('Code')}", f"/{canary('Pfad')}?{canary('Frage')}=1", "/console/99"):
            await client.get(path, headers={"Referer": canary("Herkunft"), "User-Agent": canary("Agent")})
        for body in (canary("Kein-JSON"), f'{{"update_id": "{canary("Nummer")}"}}'):
            await client.post("/webhook/telegram", headers=TELEGRAMS, content=body)
    async with httpx.AsyncClient(base_url=town.address) as client:
        console = Browser(client)
        await console.open(f"/console/enter/{berta.hired.console_code}")
        await console.press("Weiter")
        await console.open("/console/1")
        assert canary("Text") in console.words
        form = next(one for one in console.page.forms if "Antwort senden" in one.buttons)
        await console.post(form, text=f"Ich bin da. {canary('Wort')}")
    await town.types(f"/start {await town.invites(berta.hired)}")
    await town.types(canary("Konsole"))
    assert town.lines


async def messengers_fail(town: Place, mia: Someone, server: MailServerDouble) -> None:
    for kind in FAULTS:
        town.api.fail_next(town.participants, None, MIAS, kind=kind)
        town.api.fail_next(town.staff, None, None, kind=kind)
        await mia.says(f"{canary('Stoerung')} {kind.value}")
        await town.recovers()
    server.data_refusals += [f"451 later {canary('Server')}", f"554 no {canary('Server')}"]
    server.hang_ups = 1
    await town.recovers()


async def the_program_fails(
    town: Place, mia: Someone, berta: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(*_: object, **__: object) -> NoReturn:
        fault = ValueError(f"cannot bear {canary('Fehler')}")
        fault.add_note(canary("Anmerkung"))
        raise fault

    def poisoned(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
        trip()

    with monkeypatch.context() as broken:
        broken.setattr("bot.services.rulebook.recognise", trip)
        await mia.says(canary("Ausnahme"))
        await town.settled()
    with monkeypatch.context() as broken:
        broken.setitem(due._HANDLERS, "bad", poisoned)
        now = town.clock.now()
        await town.do(lambda uow: uow.timers.set(1, "bad", 1, now, "bad:1", canary("Nutzlast")))
        town.app.wake_all()
        for _ in range(3):
            await town.passes(minutes=1)
            await town.settled()
    with monkeypatch.context() as broken:
        broken.setattr(scene, "look", trip)
        async with httpx.AsyncClient(base_url=town.address) as client:
            assert (await client.get("/chat/")).status_code == 500
    await town.do(lambda uow: no_more_room(uow, full=True))
    chat = {"id": MIAS, "type": "private", "first_name": canary("Profil")}
    text = f"{canary('Voll')} " * 300
    message = {"message_id": 1, "date": 1, "chat": chat, "from": chat | {"is_bot": False}, "text": text}
    async with httpx.AsyncClient(base_url=town.address) as client:
        answers = [
            await client.post(
                "/webhook/telegram", headers=TELEGRAMS, json={"update_id": n, "message": message}
            )
            for n in range(10**9, 10**9 + 20)
        ]
    assert answers[-1].status_code == 503, "nothing is kept, so nothing is confirmed"
    await town.do(lambda uow: no_more_room(uow, full=False))
    await town.recovers()


async def look_at_the_numbers(town: Place, overheard: Overheard) -> None:
    async with httpx.AsyncClient(base_url=town.address) as client:
        for path in ("/metrics", "/readyz", "/healthz"):
            answer = await client.get(path)
            overheard.add(path, f"{answer.headers} {answer.text}")


def no_more_room(uow: UnitOfWork, *, full: bool) -> None:
    """As if the disk had no room for one more page."""
    connection = cast("SqlUnitOfWork", uow).connection
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if full else 2**31
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
