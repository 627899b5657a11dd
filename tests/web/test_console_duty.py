# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Duty in the console: all that the staff's messenger can do about it, and what leads plan for others."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from functools import partial

import pytest

from bot.domain.delivery import Sent
from bot.domain.duty import Absence, ShiftPattern, Span
from bot.domain.messages import Outgoing
from bot.domain.people import Role, Staff
from bot.ports import UnitOfWork
from bot.services import deliver, rota
from tests.web.building import MONDAY, Browser, Building, Form
from tests.web.test_console_calendar import enters, statements

TUESDAY = date(2026, 11, 24)


@pytest.fixture
async def karl(building: Building, berta: Browser) -> AsyncIterator[Browser]:
    """A colleague of Berta's, signed in."""
    browser = await enters(building, "Karl Kollege", Role.COACH)
    yield browser
    await browser.close()


@pytest.fixture
async def lea(building: Building, berta: Browser) -> AsyncIterator[Browser]:
    """Their lead, signed in."""
    browser = await enters(building, "Lea Leitung", Role.LEAD)
    yield browser
    await browser.close()


def known(building: Building, name: str) -> Staff:
    return next(one for one in building.do(lambda uow: uow.people.all_staff(1)) if one.name == name)


def absences(building: Building, name: str = "Berta Beispiel") -> list[Absence]:
    number = known(building, name).id
    found = building.do(lambda uow: uow.duty.absences(1, building.clock.now()))
    return [one for one in found if one.staff_id == number]


def told(building: Building, name: str) -> list[str]:
    """What goes out to somebody's messenger now."""
    address, now = f"tg-{known(building, name).id}", building.clock.now()

    def claim(uow: UnitOfWork) -> list[Outgoing]:
        return uow.outbox.claim("telegram_staff", now, 50, now + timedelta(minutes=1))

    found = []
    while messages := building.do(claim):
        for message in messages:
            sent = partial(
                deliver.record, rules=building.rulebook, message=message, result=Sent("1"), now=now
            )
            building.do(sent)
        found += [message.body.text for message in messages if message.address == address]
    return found


def connect(building: Building, name: str) -> None:
    number = known(building, name).id
    building.do(lambda uow: uow.people.add_address(1, "telegram_staff", f"tg-{number}", staff_id=number))


def nights(building: Building, name: str) -> int:
    """Duty from four to eight in the afternoon, on every day."""
    pattern = ShiftPattern(
        *(
            0,
            1,
            known(building, name).id,
            "FREQ=DAILY",
            date(2026, 11, 1),
            time(16),
            time(20),
            "Europe/Berlin",
        )
    )
    return building.do(lambda uow: rota.add_shifts(uow, pattern))


def holders(building: Building, day: int = 1) -> list[int]:
    begin = MONDAY + timedelta(days=day)
    return [
        one.staff_id
        for one in building.do(lambda u: rota.shifts(u, 1, Span(begin, begin + timedelta(hours=8))))
    ]


def fresh(form: Form) -> Form:
    """The same form as another page would have it: what it sends is no second delivery."""
    return Form(form.action, form.fields | {"form_id": secrets.token_hex(16)}, form.buttons, form.has_text)


async def submit(browser: Browser, action: str, **fields: str) -> None:
    """The form of the page that does this, with these fields."""
    form = next(
        one
        for one in browser.page.forms
        if one.fields.get("action") == action or ("action", action) in one.buttons.values()
    )
    await browser.post(form, action=action, **fields)


async def test_away_with_a_deputy_and_back_again(building: Building, berta: Browser, karl: Browser) -> None:
    connect(building, "Karl Kollege")
    await berta.open("/console/duty/me")
    stand_in = str(known(building, "Karl Kollege").id)
    await submit(berta, "away", first="2026-12-10", last="2026-12-03", stand_in=stand_in)
    assert berta.status == 422
    assert "liegt vor dem ersten" in berta.words
    assert absences(building) == []
    await submit(berta, "away", first="2026-11-23", last="2026-11-27", stand_in=stand_in)
    assert "Eingetragen: Sie sind abwesend von Montag, 23. November bis Freitag, 27. November." in berta.words
    assert "Vertretung: Karl Kollege." in berta.words
    [kept] = absences(building)
    assert (kept.deputy_id, kept.until and kept.until.isoformat()) == (
        int(stand_in),
        "2026-11-27T23:00:00+00:00",
    )
    assert "Sie vertreten Berta Beispiel" in told(building, "Karl Kollege")[0]
    await berta.open("/console/duty")
    assert "Ich übernehme jetzt" not in berta.words
    await berta.open("/console/duty/me")
    await submit(berta, "back")
    assert "Willkommen zurück" in berta.words
    assert absences(building) == []
    assert told(building, "Karl Kollege") == ["Berta Beispiel ist wieder da."]


async def test_taken_back_twice_is_answered_kindly(building: Building, berta: Browser) -> None:
    await berta.open("/console/duty/me")
    await submit(berta, "away", first="2026-12-10")
    assert "bis auf Weiteres" in berta.words
    form = next(one for one in berta.page.forms if one.fields.get("action") == "undo")
    for said in ("Zurückgenommen", "gibt es nicht mehr"):
        await berta.post(fresh(form))
        assert said in berta.words


async def test_deputies_that_close_a_ring_are_named(
    building: Building, berta: Browser, karl: Browser
) -> None:
    await berta.open("/console/duty/me")
    await submit(berta, "deputy", deputy=str(known(building, "Karl Kollege").id))
    assert "Karl Kollege vertritt Sie" in berta.words
    await karl.open("/console/duty/me")
    await submit(karl, "deputy", deputy=str(building.coach.id))
    assert "vertreten einander" in karl.words
    assert "Der Reihe nach: Berta Beispiel." in karl.words
    await submit(karl, "deputy", deputy="")
    assert known(building, "Karl Kollege").deputy_id is None
    await submit(karl, "deputy", deputy=str(known(building, "Karl Kollege").id))
    assert karl.status == 422


async def test_a_shift_is_asked_for_accepted_and_only_once(
    building: Building, berta: Browser, karl: Browser
) -> None:
    nights(building, "Berta Beispiel")
    await berta.open("/console/duty")
    option = re.search(r'value="(\d+:2026-11-24)"', berta.html)
    assert option is not None
    await submit(berta, "ask", shift=option[1], colleague=str(known(building, "Karl Kollege").id))
    assert "Ich habe Karl Kollege gefragt" in berta.words
    assert holders(building) == [building.coach.id], "until they accept, it stays where it is"
    await karl.open("/console/duty")
    form = next(one for one in karl.page.forms if "Ich übernehme ihn" in one.buttons)
    await karl.post(form, action="accept")
    assert "Sie haben jetzt diesen Dienst" in karl.words
    assert holders(building) == [known(building, "Karl Kollege").id]
    await karl.post(fresh(form), action="decline")
    assert "Darüber ist schon entschieden." in karl.words
    await berta.post(
        Form("/console/duty", form.fields | {"token": berta.page.forms[0].fields["token"]}), action="accept"
    )
    assert "gilt nicht mehr" in berta.words, "nobody accepts what was asked of somebody else"


async def test_taking_over_at_once(building: Building, berta: Browser, karl: Browser) -> None:
    nights(building, "Karl Kollege")
    building.clock.advance(timedelta(hours=7))
    await berta.open("/console/duty")
    assert "Dienst hat jetzt: Karl Kollege." in berta.words
    form = next(one for one in berta.page.forms if "Ich übernehme jetzt" in one.buttons)
    await berta.post(form)
    assert "Sie haben jetzt Dienst" in berta.words
    assert "Dienst hat jetzt: Berta Beispiel." in berta.words
    await karl.open("/console/duty")
    await karl.post(
        Form(
            "/console/duty",
            karl.page.forms[0].fields | {"action": "take_over", "until": "1", "form_id": "0" * 32},
        )
    )
    assert "gilt nicht mehr" in karl.words


async def test_a_lead_plans_the_rota_for_all(building: Building, lea: Browser, karl: Browser) -> None:
    connect(building, "Karl Kollege")
    connect(building, "Berta Beispiel")
    await lea.open("/console/duty/rota")
    fields = {"person": str(building.coach.id), "often": "weekly", "first": "2026-11-24"}
    await submit(lea, "add", **fields, begins="16:00", ends="x")
    assert lea.status == 422
    await submit(lea, "add", **fields, begins="16:00", ends="20:00")
    assert "Berta Beispiel hat jede Woche Dienst" in lea.words
    [pattern] = building.do(lambda uow: uow.duty.patterns(1))
    await submit(lea, "give", person=str(known(building, "Karl Kollege").id))
    assert "Karl Kollege hat jetzt diesen Dienst" in lea.words
    assert "statt Berta Beispiel" in lea.words
    assert holders(building) == [known(building, "Karl Kollege").id]
    assert "hat Ihnen diesen Dienst gegeben" in told(building, "Karl Kollege")[-1]
    await submit(lea, "give", person="nobody")
    assert holders(building) == []
    assert holders(building, 8) == [building.coach.id], "only that day is changed"
    assert "fällt aus" in lea.words
    await submit(lea, "give", shift=f"{pattern.id}:2026-11-25", person=str(building.coach.id))
    assert "Es hat sich nichts geändert" in lea.words, "there is no shift on a Wednesday"
    await submit(lea, "give", person=str(building.coach.id))
    assert holders(building) == [building.coach.id]
    await submit(lea, "end", pattern=str(pattern.id))
    assert "Beendet:" in lea.words
    assert holders(building, 8) == []


async def test_a_lead_plans_absences_and_hours_of_others_who_hear_of_it(
    building: Building, berta: Browser, lea: Browser
) -> None:
    connect(building, "Berta Beispiel")
    page = f"/console/duty/team/{building.coach.id}"
    await lea.open(page)
    await submit(lea, "away", first="2026-11-23")
    assert "Eingetragen: Berta Beispiel ist abwesend" in lea.words
    assert "Lea Leitung hat für Sie eingetragen" in told(building, "Berta Beispiel")[0]
    await lea.open("/console/duty/team")
    assert "bis auf Weiteres" in lea.words
    await lea.open(page)
    await submit(lea, "hours", begins0="08:00", ends0="12:00", begins1="9:00")
    assert "Anfang und Ende" in lea.words
    await submit(lea, "hours", begins0="08:00", ends0="12:00")
    weeks = building.do(lambda uow: uow.duty.weeks(1))
    assert weeks == {building.coach.id: {0: (time(8), time(12))}}
    noted = building.do(lambda uow: uow.duty.absences(1, MONDAY))
    assert len(noted) == 1


async def test_nobody_is_given_duty_for_a_time_in_which_they_are_away(
    building: Building, lea: Browser, karl: Browser
) -> None:
    nights(building, "Berta Beispiel")
    number = known(building, "Karl Kollege").id
    tomorrow = MONDAY + timedelta(days=1)
    building.do(lambda uow: uow.duty.put_absence(Absence(0, 1, number, tomorrow, None)))
    await lea.open("/console/duty/rota?day=2026-11-24")
    await submit(lea, "give", shift="1:2026-11-24", person=str(number))
    assert "Karl Kollege ist an diesem Tag abwesend." in lea.words
    assert holders(building) == [building.coach.id]


async def test_a_slip_in_the_year_plans_nothing_far_off_and_is_no_fault_of_ours(
    building: Building, lea: Browser
) -> None:
    await lea.open("/console/duty/rota")
    fields = {"person": str(building.coach.id), "often": "weekly", "begins": "16:00", "ends": "20:00"}
    await submit(lea, "add", **fields, first="2062-11-24")
    assert lea.status == 422
    assert "mehr als zwei Jahre" in lea.words
    await lea.open(f"/console/duty/team/{building.coach.id}")
    await submit(lea, "away", first="0001-01-01", last="2026-11-25")
    assert lea.status == 200
    [absence] = absences(building)
    assert absence.since >= MONDAY


async def test_who_is_still_away_is_not_told_that_calls_come_to_them(
    building: Building, berta: Browser, lea: Browser
) -> None:
    connect(building, "Berta Beispiel")
    await lea.open(f"/console/duty/team/{building.coach.id}")
    await submit(lea, "away", first="2026-11-23", last="2026-11-25")
    await submit(lea, "away", first="2026-12-10", last="2026-12-12")
    now, later = absences(building)
    await submit(lea, "undo", absence=str(later.id))
    taken_back = (
        "Lea Leitung hat zurückgenommen: abwesend von Donnerstag, 10. Dezember bis Samstag, 12. Dezember. "
    )
    still = "Sie sind weiterhin abwesend von Montag, 23. November bis Mittwoch, 25. November."
    assert told(building, "Berta Beispiel")[-1] == taken_back + still
    await submit(lea, "undo", absence=str(now.id))
    assert told(building, "Berta Beispiel")[-1].endswith("Meldungen kommen zu Ihnen.")


async def test_coaches_plan_for_nobody_else(building: Building, berta: Browser, karl: Browser) -> None:
    nights(building, "Berta Beispiel")
    for path in ("/console/duty/team", f"/console/duty/team/{building.coach.id}"):
        await karl.open(path)
        assert karl.status == 404
    await karl.open("/console/duty/rota")
    assert "Anders vergeben" not in karl.html
    token = karl.page.forms[0].fields["token"]
    sent = {"token": token, "person": str(known(building, "Karl Kollege").id), "shift": "1:2026-11-24"}
    for number, action in enumerate(("give", "end", "add")):
        await karl.post(
            Form("/console/duty/rota", sent | {"form_id": f"{number:032x}", "pattern": "1"}), action=action
        )
        assert karl.status == 404
    away = Form(
        f"/console/duty/team/{building.coach.id}", sent | {"form_id": "f" * 32, "first": "2026-11-24"}
    )
    await karl.post(away, action="away")
    assert karl.status == 404
    assert (holders(building), absences(building)) == ([building.coach.id], [])


async def test_gaps_stand_on_top_and_ways_are_tried(building: Building, berta: Browser) -> None:
    connect(building, "Berta Beispiel")
    await berta.open("/console/duty")
    assert "immer jemand da" in berta.words
    await berta.open("/console/duty/me")
    assert "Team-Messenger: noch keine Probe" in berta.words
    await submit(berta, "probe")
    assert "Probe gesendet" in berta.words
    assert "Bitte bestätigen Sie" in told(building, "Berta Beispiel")[0]
    await submit(berta, "away", first="2026-11-26", last="2026-11-26")
    await berta.open("/console/duty")
    assert "Donnerstag, 26. November, 8:00 Uhr bis 16:00 Uhr" in berta.words.replace("08:00", "8:00")


@pytest.mark.parametrize("path", ["/console/duty", "/console/duty/rota", "/console/duty/team"])
async def test_as_many_statements_for_thirty_staff_as_for_three(
    building: Building, lea: Browser, path: str
) -> None:
    counted = []
    for more in (3, 27):
        for number in range(more):
            name = f"Nora {more}-{number}"
            building.hire(name)
            nights(building, name)
        counted.append(await statements(lambda: lea.open(path)))
    assert counted[0] == counted[1]
    assert counted[0] < 30
