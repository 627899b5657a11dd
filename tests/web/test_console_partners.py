# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The directory of partners, and the one page of a partner's contact, without scripts."""

from __future__ import annotations

from dataclasses import replace

from bot import house
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.people import Role
from bot.domain.sharing import SharingAsk
from bot.ports import UnitOfWork
from tests.services.test_partners import FILE
from tests.web.building import Browser, Building
from tests.web.test_console_people import add, form_of, signed_in

HOME, AGENCY = "/console/partners", house.DEFAULT_AGENCY


async def test_a_place_is_entered_changed_and_retired(building: Building, berta: Browser) -> None:
    await berta.open(HOME)
    assert "Tragen Sie die erste ein" in berta.words
    assert "Eine Liste übernehmen" not in berta.words
    wrong = {"name": "", "kind": "zoo", "weeks": "bald", "languages": "d3!", "as_of": "2030-01-01"}
    await berta.post(form_of(berta, "add"), **wrong)
    assert berta.status == 422
    for field in ("name", "kind", "weeks", "languages", "as_of"):
        assert f'id="{field}-fault"' in berta.html
    right = {
        "name": "Klinik <b>Nord</b>",
        "kind": "clinic",
        "district": "Nord",
        "weeks": "12",
        "languages": "de uk",
    }
    await berta.post(form_of(berta, "add"), **right)
    assert "12 Wochen" in berta.words
    assert "<b>Nord" not in berta.html
    await berta.post(form_of(berta, "add"), **right)
    assert "schon im Verzeichnis" in berta.words
    await berta.open(f"{HOME}/1")
    await berta.post(form_of(berta, "change"), **(right | {"weeks": "3"}))
    assert "3 Wochen" in berta.words
    for query, is_found in (
        ("kind=course", False),
        ("weeks=2", False),
        ("weeks=3&language=uk&district=nord", True),
    ):
        await berta.open(f"{HOME}?{query}")
        assert ("Klinik" in berta.html.partition('id="partners"')[2].partition("add-title")[0]) is is_found
    await berta.open(f"{HOME}/1")
    await berta.post(form_of(berta, "retire"))
    assert "Nicht mehr vorgeschlagen: 1" in berta.words
    await berta.open(f"{HOME}/9")
    assert berta.status == 404


async def test_a_list_is_taken_over_whole_or_not_at_all(building: Building, berta: Browser) -> None:
    lea, _ = await signed_in(building, "Lea Leitung", Role.LEAD)
    await lea.open(HOME)
    await lea.post(form_of(lea, "import"), file=FILE + "Zoo;Tierpark;;;;;;\n")
    assert lea.status == 422
    assert "line 7: 'Zoo' is no kind" in lea.words
    assert "Gruppe Beispiel;Süd" in lea.html
    assert building.do(lambda uow: uow.casework.partners.of_agency(AGENCY)) == []
    await lea.post(form_of(lea, "import"), file=FILE)
    assert "Neu: 4. Geändert: 0. Wie bisher: 0." in lea.words
    form = form_of(lea, "import")
    await lea.close()
    await berta.open(HOME)
    own = next(one for one in berta.page.forms if one.fields.get("token")).fields
    form.fields |= {"token": own["token"], "form_id": own["form_id"], "file": FILE}
    await berta.post(form)
    assert berta.status == 404


async def test_a_partner_sees_what_is_shared_and_nothing_else(building: Building, berta: Browser) -> None:
    person = add(building, "Mia Muster", building.coach.id)
    add(building, "Otto Anders", building.coach.id)
    paula, paula_id = await signed_in(building, "Beratungsstelle Musterstadt", Role.PARTNER)
    assert "Was Menschen mit Ihnen teilen" in paula.words
    await paula.open("/console/shared")
    assert "Gerade teilt niemand etwas mit Ihnen." in paula.words
    partner = "Beratungsstelle Musterstadt"

    def hand(uow: UnitOfWork) -> None:
        now = building.clock.now()
        new = SharingAsk(
            *(0, AGENCY, person, partner, "den Namen", "für einen Termin", building.coach.id, now),
            contact_id=paula_id,
        )
        uow.sharing.hand(replace(new, id=uow.sharing.add(new)), "Bitte rufen Sie <b>Mia</b> an.", None, now)
        record = ConsentRecord(person, Purpose.SHARING, True, "", "", "de", "web_chat", now, object=partner)
        uow.talks.add_consent(AGENCY, record)

    building.do(hand)
    await paula.open("/console/shared")
    for text in ("Bitte rufen Sie <b>Mia</b> an.", "den Namen", "für einen Termin", "Berta Beispiel"):
        assert text in paula.words
    assert "Otto" not in paula.html
    for path in ("/console/people", f"/console/people/{person}", HOME, "/console/team"):
        await paula.open(path)
        assert paula.status == 404
    # Taken back: it is gone.
    building.do(
        lambda uow: uow.talks.add_consent(
            AGENCY,
            ConsentRecord(
                *(person, Purpose.SHARING, False, "", "", "de", "web_chat", building.clock.now()),
                object=partner,
            ),
        )
    )
    await paula.open("/console/shared")
    assert "Mia" not in paula.html
    await berta.open("/console/shared")
    assert berta.status == 404
    await paula.close()
