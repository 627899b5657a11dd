# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Referrals in the console: every step of one person's, and what waits longest among all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.partners import Partner, PartnerKind
from bot.domain.people import Participant, Standing
from bot.domain.referrals import Referral, ReferralState
from bot.domain.sharing import SharingAsk
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from tests.web.building import Browser, Building
from tests.web.test_console_calendar import statements

CLINIC = "Klinik Musterstadt"
SECRET = "Beratung <b>Kanarienvogel</b>"
LINES = {"why": "damit Sie wieder schlafen", "what": "Ihren Namen"}


@pytest.fixture
async def person(building: Building, berta: Browser, mia: Browser) -> Participant:
    """Mia, who belongs to Berta and has agreed to be written to; her first questions are put off for good."""
    for _ in range(2):
        await mia.press("Ja, gern")
    await mia.press("Später")
    await mia.write("weiter")
    await mia.press("Später")
    [found] = building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY))
    building.do(lambda uow: uow.people.change_participant(found.id, name="Mia Muster"))
    return found


def kept(building: Building) -> Referral:
    return building.do(lambda uow: uow.casework.referrals.of_participant(1))[-1]


def directory(building: Building) -> None:
    partners = [
        Partner(0, DEFAULT_AGENCY, PartnerKind.CLINIC, CLINIC, "Nord", ("de",), 6, date(2026, 11, 1)),
        Partner(0, DEFAULT_AGENCY, PartnerKind.SPORTS, "Sportverein Beispiel", "Süd", ("de", "uk")),
    ]
    building.do(lambda uow: uow.casework.partners.keep(DEFAULT_AGENCY, partners, building.clock.now()))


async def test_the_whole_way(building: Building, berta: Browser, mia: Browser, person: Participant) -> None:
    directory(building)
    path = f"/console/people/{person.id}/referrals"
    await berta.open(path)
    assert "Gerade ist keine Vermittlung offen" in berta.words
    await berta.open(f"{path}?kind=clinic&district=nord")
    assert f"{CLINIC} · Klinik · Nord · Wartezeit 6 Wochen" in berta.words
    # Only what can be suggested without a referral names it.
    assert berta.words.count("Sportverein") == 1
    await berta.press("Vorschlagen", place="Irgendwo", why="", what="x")
    assert berta.status == 422
    assert "Irgendwo" in berta.html
    await berta.press("Vorschlagen", partner="1", **LINES)
    assert "Bis die Person Ja sagt, geht nichts dorthin" in berta.words
    assert kept(building).partner_id == 1
    assert "Weitergabe eintragen" not in berta.words
    await mia.open("/chat/")
    assert CLINIC in mia.words
    await mia.press("Ja")
    await mia.press("Ja, gern")
    await berta.open(path)
    await berta.press("Weitergabe eintragen", way="phone", words="Mia Muster, 0123 456")
    await mia.open("/chat/")
    assert "0123 456" in mia.words
    await berta.press("War zum ersten Mal dort")
    entered = {"prevention": "open", "rehab": "yes", "motivation": "yes"}
    await berta.press("Speichern", **entered, words="Platz ab Januar.")
    assert "Reha: ja" in berta.words
    assert "Platz ab Januar." in berta.words
    # The partner leaves the directory: what was said to the person stays readable.
    gone = Partner(1, DEFAULT_AGENCY, PartnerKind.CLINIC, "geschlossen")
    building.do(lambda uow: uow.casework.partners.keep(DEFAULT_AGENCY, [gone], building.clock.now()))
    await berta.press("Vermittlung abschließen", outcome="arrived", words="Sie fühlt sich wohl.")
    assert kept(building).state is ReferralState.CLOSED
    for line in (CLINIC, "hat weitergegeben (Telefon)", "Sie fühlt sich wohl.", "hat zugestimmt"):
        assert line in berta.words


async def test_somebody_was_faster_and_markup_is_text(
    building: Building, berta: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}/referrals"
    await berta.open(path)
    await berta.press("Vorschlagen", place=SECRET, **LINES)
    assert "<b>Kanarienvogel" not in berta.html
    again = next(one for one in berta.page.forms if "Vermittlung abschließen" in one.buttons)
    await berta.open(path)
    await berta.press("Vermittlung abschließen", outcome="no_need", words="")
    await berta.post(again, outcome="other", words="")
    assert berta.status == 422
    assert "beim jetzigen Stand der Vermittlung nicht" in berta.words
    await berta.open(path)
    await berta.press("Vorschlagen", place="Ort", **LINES)
    await berta.press("Vorschlagen", place="ort", **LINES)
    assert "schon eine offene Vermittlung" in berta.words


async def test_the_list_says_what_waits_longest_and_no_place(
    building: Building, berta: Browser, person: Participant
) -> None:
    await berta.open("/console/people/referrals")
    assert "Keine Vermittlung ist offen" in berta.words

    def add(uow: UnitOfWork) -> None:
        now = building.clock.now()
        for days in range(30):
            other = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", building.coach.id, "")
            ask = SharingAsk(0, DEFAULT_AGENCY, other, SECRET, "x", "y", building.coach.id, now)
            at = now - timedelta(days=days)
            new = Referral(
                *(
                    0,
                    DEFAULT_AGENCY,
                    other,
                    uow.sharing.add(ask),
                    ReferralState.SENT,
                    building.coach.id,
                    at,
                    at,
                )
            )
            uow.casework.referrals.add(new)

    few = await statements(lambda: berta.open("/console/people/referrals"))
    building.do(add)
    many = await statements(lambda: berta.open("/console/people/referrals"))
    assert many - few <= 2
    assert berta.words.index("29 Tage") < berta.words.index("28 Tage") < berta.words.index(" 2 Tage")
    assert "Kanarienvogel" not in berta.words
    await berta.open("/console/people/referrals?of=team")
    assert berta.status == 404
