# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A coach who has nothing but mail: from a concern over a real mail server to the case in the console."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.services.invite import Hired, NewStaff, hire
from bot.services.mail_links import ask_to_confirm
from bot.setting_parts import MailPart
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import BotApiDouble
from tests.doubles.mail import Authority, MailServerDouble, html, plain
from tests.e2e.stories import MONDAY, Someone, Town, settings_for
from tests.web.building import Browser

BERTA = "berta@amt.example"


@dataclass(frozen=True)
class Office:
    """Berta, who reads mail and has no messenger, and Mia, who has agreed to everything."""

    town: Town
    server: MailServerDouble
    coach: Hired
    mia: Someone

    @property
    def letter(self) -> EmailMessage:
        """The newest mail."""
        return self.server.mails[-1]

    @property
    def link(self) -> str:
        """Where the newest mail leads, as a path on our own pages."""
        found = re.search(rf"{re.escape(self.town.address)}(\S+)", plain(self.letter))
        assert found is not None, plain(self.letter)
        return found[1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """Lotse with mail switched on, by STARTTLS, at a server whose authority only it trusts."""
    url = f"sqlite:///{tmp_path}/lotse.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    clock, authority = AdvanceableClock(MONDAY), Authority(tmp_path / "ca")
    async with (
        BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api,
        MailServerDouble(authority) as server,
    ):
        mail = MailPart(
            smtp_url=SecretStr(server.url), sender="Lotse <lotse@amt.example>", ca_file=authority.ca_file
        )
        settings = settings_for(api, tmp_path, url, "polling").model_copy(update={"mail": mail})
        town = Town(api, settings, clock, api.add_bot("1:AAA", "a_bot"), api.add_bot("2:BBB", "b_bot"))
        await town.start()
        try:
            yield await move_in(town, server)
            await town.then()
        finally:
            await town.stop()
        assert api.violations == []


async def move_in(town: Town, server: MailServerDouble) -> Office:
    rules, now = town.app.rules(), town.clock.now()
    person = NewStaff(DEFAULT_AGENCY, "Berta Beispiel", Role.COACH)
    coach = await town.do(lambda uow: hire(uow, rules, person, now))
    staff = await town.do(lambda uow: uow.people.staff(coach.id))
    assert staff is not None
    assert await town.do(lambda uow: ask_to_confirm(uow, staff, BERTA, rules, now))
    await town.settled()
    office = Office(town, server, coach, town.meet("Mia", 500))
    async with httpx.AsyncClient(base_url=town.address) as client:
        browser = Browser(client)
        await browser.open(office.link)
        await browser.press("Adresse bestätigen")
        assert "Die Adresse ist bestätigt." in browser.words
    await office.mia.opens(await town.invites(coach))
    await office.mia.says("ja", "ja", "ja", "4", "4", "nichts Besonderes", "nein")
    await town.settled()
    town.forget()
    server.mails.clear()
    return office


async def test_from_a_concern_over_a_mail_to_the_case(office: Office) -> None:
    town, mia = office.town, office.mia
    await mia.says("Ich will nicht mehr leben.")
    await town.then(mia.hears("112"))
    assert office.server.recipients[-1] == BERTA
    letter = office.letter
    code = re.fullmatch(r"Lotse: Meldung R3 · Fall (\w{5})", letter["Subject"])
    assert code is not None
    for secret in ("leben", "Mia"):
        assert secret not in plain(letter) + html(letter) + str(letter["Subject"])
    async with httpx.AsyncClient(base_url=town.address) as client:
        berta = Browser(client)
        await berta.open(office.link)
        await berta.press("Fall öffnen")
        assert re.fullmatch(r"/console/\d+", berta.at)
        assert "Ich will nicht mehr leben." in berta.words
        await berta.press("Übernehmen", step="write")
        await town.then(mia.hears("Berta Beispiel hat Ihre Meldung gesehen und übernommen."))
        await berta.press("Antwort senden", text="Ich bin in zehn Minuten bei Ihnen.")
        await town.then(mia.hears("Ich bin in zehn Minuten bei Ihnen."))
    assert len(office.server.mails) == 1, "an edit is no second mail"
    async with httpx.AsyncClient(base_url=town.address) as client:
        stranger = Browser(client)
        await stranger.open(office.link)
        assert stranger.status == 404


async def test_the_mails_of_a_case_stand_together(office: Office) -> None:
    """Nobody takes over: the ladder goes on, and the mails of one case are one thread."""
    town, mia = office.town, office.mia
    await mia.says("Ich will nicht mehr leben.")
    await town.settled()
    await town.passes(minutes=20)
    await town.settled()
    town.forget()
    mails = office.server.mails
    assert len(mails) > 1
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    assert len({mail["In-Reply-To"] for mail in mails}) == 1
    assert {mail["Subject"] for mail in mails} == {office.letter["Subject"]}


async def test_a_mail_server_that_is_away_is_shown_and_waited_for(office: Office) -> None:
    town, mia = office.town, office.mia
    await office.server.stop()
    await mia.says("Ich will nicht mehr leben.")
    await town.settled()
    async with httpx.AsyncClient(base_url=town.address) as client:
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert any("mail: the mail server cannot be reached" in line for line in ready.json())
        assert office.server.mails == []
        await office.server.start()
        await town.passes(seconds=10)
        await town.settled()
        assert office.letter["Subject"].startswith("Lotse: Meldung R3 · Fall ")
        assert (await client.get("/readyz")).status_code == 200
    town.forget()
