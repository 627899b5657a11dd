# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The pages behind links in mails: a scanner uses nothing up, a press opens the case, once and for one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.delivery import SendState
from bot.domain.mail import CHANNEL, LinkPurpose, MailLink
from bot.domain.messages import Outgoing
from bot.domain.people import Staff
from bot.house import DEFAULT_AGENCY
from bot.services import mail_links
from bot.services.mail_links import PATH, ask_to_confirm
from tests.web.building import Browser, Building

DAY = timedelta(days=1)


@pytest.fixture
async def phone(building: Building) -> AsyncIterator[Browser]:
    """A browser that has never been here."""
    browser = building.browser()
    yield browser
    await browser.close()


def coach(building: Building) -> Staff:
    found = building.do(lambda uow: uow.people.staff(building.coach.id))
    assert found is not None
    return found


def links(building: Building) -> list[str]:
    """The links in all mails that wait to be sent, as they would stand there; they count as sent."""
    found = []
    now = building.clock.now()
    for _ in range(10):
        waiting: list[Outgoing] = building.do(lambda uow: uow.outbox.claim(CHANNEL, now, 50, now + DAY))
        for one in waiting:
            letter = building.do(lambda uow, m=one: mail_links.letter(uow, building.rulebook, m, now))
            found.append(letter.link.removeprefix("https://lotse.example"))
            building.do(lambda uow, m=one: uow.outbox.settle([(m.id, SendState.SENT, "out", None)], now))
    return found


@pytest.fixture
async def link(building: Building, mia: Browser) -> str:
    """The link in the mail about a concern of Mia's, to the coach's confirmed address."""
    staff = coach(building)
    building.do(
        lambda uow: uow.people.add_address(DEFAULT_AGENCY, CHANNEL, "berta@amt.example", staff_id=staff.id)
    )
    await mia.write("Ich will nicht mehr leben.")
    (found,) = links(building)
    assert found.startswith(PATH)
    return found


def concern(building: Building) -> int:
    return building.do(lambda uow: uow.concerns.of_agency(DEFAULT_AGENCY))[-1].id


async def test_from_the_mail_to_the_case(building: Building, phone: Browser, link: str) -> None:
    for _ in range(3):
        await phone.open(link)
        assert phone.status == 200
        assert "Drücken Sie auf den Knopf." in phone.words
        assert "Mia" not in phone.words
    await phone.press("Fall öffnen")
    assert phone.at == f"/console/{concern(building)}"
    assert "Ich will nicht mehr leben." in phone.words
    await phone.open(link)
    assert phone.at == f"/console/{concern(building)}", "signed in: the same link goes on leading there"


async def test_a_scanner_that_opens_everything_uses_nothing_up(
    building: Building, phone: Browser, link: str
) -> None:
    scanner = building.browser()
    for method in ("GET", "HEAD", "GET"):
        answer = await scanner.client.request(method, link)
        assert answer.status_code == 200
    assert (await scanner.client.post(link, follow_redirects=False)).status_code == 303, "no form of its own"
    await scanner.close()
    await phone.open(link)
    await phone.press("Fall öffnen")
    assert phone.at == f"/console/{concern(building)}"


async def test_somebody_else_finds_it_used(building: Building, phone: Browser, link: str) -> None:
    await phone.open(link)
    await phone.press("Fall öffnen")
    other = building.browser()
    await other.open(link)
    assert other.status == 404
    assert "Dieser Link gilt nicht mehr." in other.words
    await other.open("/console/")
    assert "nicht angemeldet" in other.words
    await other.open(link)
    await other.press("Neuen Link schicken")
    assert "Ein neuer Link ist auf dem Weg." in other.words
    (fresh,) = links(building)
    assert fresh != link
    await other.open(fresh)
    await other.press("Fall öffnen")
    assert other.at == f"/console/{concern(building)}"
    await other.close()


async def test_the_form_was_open_when_somebody_was_quicker(
    building: Building, phone: Browser, link: str
) -> None:
    await phone.open(link)
    other = building.browser()
    await other.open(link)
    await other.press("Fall öffnen")
    await other.close()
    await phone.press("Fall öffnen")
    assert phone.status == 404
    assert "Neuen Link schicken" in phone.html


async def test_a_double_press_is_one_entry(building: Building, phone: Browser, link: str) -> None:
    await phone.open(link)
    form = phone.page.forms[0]
    await phone.post(form)
    phone.at = link
    await phone.post(form)
    assert phone.status == 200
    assert phone.at == f"/console/{concern(building)}"


async def test_a_link_of_yesterday(building: Building, phone: Browser, link: str) -> None:
    await phone.open(link)
    building.clock.advance(DAY)
    await phone.press("Fall öffnen")
    assert phone.status == 404
    assert "ist zu alt" in phone.words
    await phone.press("Neuen Link schicken")
    await phone.open(link)
    await phone.press("Neuen Link schicken")
    assert len(links(building)) == 1, "however often it is pressed"


async def test_another_staff_members_browser_does_not_go_on_as_them(
    building: Building, phone: Browser, link: str
) -> None:
    hired = building.hire("Bernd Beispiel")
    await phone.open(f"/console/enter/{hired.console_code}")
    await phone.press("Weiter")
    await phone.open(link)
    assert "Dieser Link ist nur für Berta Beispiel. Drücken Sie auf den Knopf." in phone.words
    await phone.press("Fall öffnen")
    assert "Berta Beispiel" in phone.words


async def test_an_address_is_confirmed(building: Building, berta: Browser, phone: Browser) -> None:
    staff = coach(building)
    now = building.clock.now()
    building.do(lambda uow: ask_to_confirm(uow, staff, "b@amt.example", building.rulebook, now))
    (link,) = links(building)
    await phone.open(link)
    assert "Ist das Ihre E-Mail-Adresse?" in phone.words
    assert not [a for a in ways(building) if a == CHANNEL]
    await phone.press("Adresse bestätigen")
    assert "Die Adresse ist bestätigt." in phone.words
    assert CHANNEL in ways(building)
    await phone.open(link)
    assert phone.status == 200
    assert "Die Adresse ist bestätigt." in phone.words
    await phone.open("/console/")
    assert "nicht angemeldet" in phone.words, "to confirm is not to sign in"


def ways(building: Building) -> list[str]:
    return [one.channel for one in building.do(lambda uow: uow.people.staff_addresses([building.coach.id]))]


@pytest.mark.parametrize("code", ["x", "A" * 86, "ä" * 86, "%00" * 20, "-_" * 43, "A" * 5000])
async def test_what_was_never_a_link(building: Building, phone: Browser, code: str) -> None:
    await phone.open(PATH + code)
    assert phone.status == 404
    assert "Dieser Link gilt nicht mehr." in phone.words
    answer = await phone.client.post(PATH + code, data={"token": "x", "action": "again"})
    assert answer.status_code in (303, 404)
    assert links(building) == []


async def test_a_link_to_the_queue(building: Building, berta: Browser, phone: Browser) -> None:
    staff = coach(building)
    address = building.do(
        lambda uow: uow.people.add_address(DEFAULT_AGENCY, CHANNEL, "b@amt.example", staff_id=staff.id)
    )
    new = MailLink(0, DEFAULT_AGENCY, staff.id, address, LinkPurpose.OPEN, building.clock.now() + DAY)
    code = building.do(lambda uow: uow.mail_links.make(new))
    await phone.open(PATH + code)
    await phone.press("Konsole öffnen")
    assert phone.at == "/console/"
    assert phone.status == 200


async def test_a_link_keeps_its_secret(phone: Browser, link: str) -> None:
    answer = await phone.client.get(link)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
