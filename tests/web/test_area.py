# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Participants' own area: what is shown there, to whom, and what can be changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot import house
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Details
from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.domain.own_page import Factor
from bot.domain.people import Standing
from bot.domain.scores import ScoreRecord
from bot.house import DEFAULT_AGENCY
from bot.ports import Answer, UnitOfWork
from bot.services.change_plans import publish_shipped
from bot.web.trend import Trend, draw
from tests.web.building import Browser, Building
from tests.web.test_own_door import ask_for, device, person

__all__ = ["device"]

WEEK = timedelta(days=7)


def live(building: Building, participant_id: int) -> None:
    """Four check-ins, and two appointments."""
    now = building.clock.now()

    wanted = Underway(
        0, participant_id, "weekly_checkin", ConversationState.WANTED, "", 1, Kind.REMINDER, now, ""
    )

    def settle(uow: UnitOfWork) -> None:
        pack = building.rulebook.book.packs["own_items"]
        for number, mood in enumerate((6, 4, 7, 5)):
            at = now - (4 - number) * WEEK
            talk = uow.talks.want_conversation(DEFAULT_AGENCY, wanted, at)
            uow.talks.end_conversation(talk, "{}", "completed", at)
            words = Answer(
                participant_id, talk, "weekly_checkin", "achieved", "achieved", '"Ich habe gekocht."'
            )
            uow.talks.add_answers(DEFAULT_AGENCY, [words], at)
            scores = [
                ScoreRecord(participant_id, talk, "own_items.mood", pack.version, at, value=mood),
                ScoreRecord(participant_id, talk, "own_items.sleep", pack.version, at, value=mood + 1),
            ]
            uow.memory.add_scores(DEFAULT_AGENCY, scores)
        for kind, state in (
            (AppointmentKind.OFFICIAL, AppointmentState.AGREED),
            (AppointmentKind.COACH, AppointmentState.PROPOSED),
            (AppointmentKind.GROUP, AppointmentState.CANCELLED),
        ):
            uow.appointments.add(
                Appointment(
                    *(0, DEFAULT_AGENCY, participant_id, kind, state, now + WEEK, "Europe/Berlin"),
                    *(timedelta(minutes=45), f"uid-{kind}-{participant_id}", building.coach.id, now, now),
                    details=Details(place="Musterstraße 1"),
                )
            )

    building.do(settle)


async def test_what_is_shown(building: Building, mia: Browser) -> None:
    live(building, person(building).id)
    await mia.open("/chat/me")
    assert mia.status == 200
    for words in (
        "Zuletzt 5 von 10. Ihr Mittel aus 4 Antworten: 5,5.",
        "Stimmung 5, Schlaf 6",
        "„Ich habe gekocht.“",
        "Amtlicher Termin",
        "Musterstraße 1",
        "Vorschlag, noch offen.",
        "Dieses Gerät",
    ):
        assert words in mia.words, words
    assert "Gruppe" not in mia.words, "what was cancelled is no appointment"
    assert mia.html.count('<svg class="trend"') == 2
    assert 'style="' not in mia.html, "the policy forbids it"


async def test_appointments_go_into_the_calendar_of_their_person_only(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    live(building, person(building).id)
    await mia.open("/chat/me")
    path = re.findall(r"/chat/me/termin-\d+\.ics", mia.html)[0]
    await mia.open(path)
    assert mia.html.startswith("BEGIN:VCALENDAR")
    other = device()
    await other.open(f"/p/{building.invite(building.coach)}")
    await other.press("Weiter")
    for browser, status in ((other, 404), (device(), 404)):
        await browser.open(path)
        assert browser.status == status
    await other.open("/chat/me")
    assert "Amtlicher Termin" not in other.words
    assert "gekocht" not in other.words


async def test_a_consent_is_taken_back_by_a_form(building: Building, mia: Browser) -> None:
    plans = partial(
        publish_shipped, agency_id=DEFAULT_AGENCY, source=house.plans_source(), now=building.clock.now()
    )
    building.do(plans)
    await mia.press("Ja, gern")
    await mia.press("Ja, gern")
    await mia.open("/chat/me")
    assert "Wöchentlicher Check-in" in mia.words
    form = next(one for one in mia.page.forms if one.fields.get("purpose") == "health_checkins")
    await mia.post(form, token="falsch")
    assert "Fragen dazu, wie es mir geht Ja, seit" in mia.words
    await mia.post(form)
    assert mia.at.startswith("/chat/me")
    assert "Fragen dazu, wie es mir geht Nein" in mia.words
    assert "Wöchentlicher Check-in" not in mia.words, "what it was for has ended"
    form = next(one for one in mia.page.forms if one.fields.get("purpose") == "contact")
    await mia.post(form)
    assert person(building).standing is Standing.STOPPED
    await mia.post(form)
    assert mia.status == 200, "twice does no harm"


async def test_the_own_data_as_a_file(building: Building, mia: Browser) -> None:
    live(building, person(building).id)
    await mia.open("/chat/me")
    await mia.press("Für Programme herunterladen")
    copy = json.loads(mia.html)
    assert copy["case_code"] == person(building).case_code
    assert "Ich habe gekocht." in mia.html
    await mia.open("/chat/me")
    await mia.press("Zum Lesen herunterladen")
    assert f"Fallcode {person(building).case_code}" in mia.words
    assert "Ich habe gekocht." in mia.words


async def test_all_devices_are_signed_out_from_there(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    await mia.open("/chat/me")
    await mia.press("Alle Geräte abmelden")
    assert "Alle Geräte sind abgemeldet" in mia.words
    await mia.open("/chat/me")
    assert mia.status == 401


async def test_answers_are_shown_only_where_more_than_the_link_was_known(
    building: Building, mia: Browser
) -> None:
    live(building, person(building).id)
    ask_for(building, Factor.BIRTH_YEAR)
    await mia.open("/chat/me")
    assert "Amtlicher Termin" in mia.words
    assert "gekocht" not in mia.words
    assert "Mittel" not in mia.words
    assert "herunterladen" not in mia.words
    form = next(one for one in mia.page.forms if one.action == "/chat/me/leave")
    for kind in ("json", "html"):
        await mia.post(replace(form, action=f"/chat/me/daten.{kind}"))
        assert mia.at.startswith("/chat/me")
        assert "gekocht" not in mia.html
        assert "Ihre Daten bei Lotse" not in mia.html


async def test_nobody_sees_anything_without_a_session(building: Building) -> None:
    stranger = building.browser()
    await stranger.open("/chat/me")
    assert stranger.status == 401
    for path in ("/chat/me/daten.json", "/chat/me/daten.html", "/chat/me/consent", "/chat/me/leave"):
        answer = await stranger.client.post(path, data={"purpose": "contact", "token": "x"})
        assert answer.status_code == 303
    await stranger.close()


@pytest.mark.parametrize("values", [[0], [10], [5, 5], list(range(11)), [0, 10] * 6])
def test_a_trend_is_drawn_inside_its_frame(values: list[int]) -> None:
    drawn = str(draw(Trend(values)))
    width, height = (float(part) for part in re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)[0])
    for x, y in re.findall(r'c?x="([\d.]+)" c?y="([\d.]+)"', drawn):
        assert 0 <= float(x) <= width
        assert 0 <= float(y) <= height
    assert drawn.count("<circle") == len(values)
    assert "style=" not in drawn
