# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The list of one's people and handing them over, without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.people import Role, Standing
from bot.domain.scores import ScoreRecord
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import Answer, UnitOfWork
from bot.services.people_view import PACK, SCALE
from tests.web.building import Browser, Building, Form

HOME, OVER = "/console/people", "/console/people/hand-over"
ACUTE = "Ich will nicht mehr leben."


def add(building: Building, name: str, coach_id: int | None, language: str = "de") -> int:
    return building.do(
        lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, language, coach_id, name)
    )


async def signed_in(building: Building, name: str, role: Role) -> tuple[Browser, int]:
    browser, hired = building.browser(), building.hire(name, role)
    await browser.open(f"/console/enter/{hired.console_code}")
    await browser.press("Weiter")
    return browser, hired.id


@pytest.fixture
async def lea(building: Building) -> AsyncIterator[Browser]:
    browser, _ = await signed_in(building, "Lea Leitung", Role.LEAD)
    yield browser
    await browser.close()


def form_of(browser: Browser, action: str) -> Form:
    return next(one for one in browser.page.forms if one.fields.get("action") == action)


async def test_the_list_in_words(building: Building, mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    (person,) = building.do(lambda uow: uow.people.participants(AGENCY))
    building.do(lambda uow: uow.people.change_participant(person.id, name="Mia Muster"))
    version = building.rulebook.book.packs[PACK].version

    def check_in(uow: UnitOfWork) -> None:
        now = building.clock.now()
        for value in (4, 6, 5):
            talk = uow.talks.open_conversation(AGENCY, person.id, "mood", "{}", now)
            uow.talks.end_conversation(talk, "{}", "done", now)
            uow.talks.add_answers(AGENCY, [Answer(person.id, talk, "mood", "a", "mood", "1")], now)
            rule = f"{PACK}.{SCALE}"
            uow.memory.add_scores(AGENCY, [ScoreRecord(person.id, talk, rule, version, now, value)])

    building.do(check_in)
    await berta.open(HOME)
    for words in ("Mia Muster", person.case_code, "Sofort", "zuletzt 5, im Mittel 5", "letzte Antwort heute"):
        assert words in berta.words
    for words in ("noch keiner", "Lotse-Seite", "1 von 25 Plätzen", "Deutsch", "ohne Programm"):
        assert words in berta.words
    assert 'class="spark"' in berta.html
    assert f'href="/console/people/{person.id}"' in berta.html
    for word in ("verpasst", "verweigert", "nicht geantwortet"):
        assert word not in berta.words


async def test_every_address_of_the_list_answers(building: Building, berta: Browser) -> None:
    long, left = "Äußerst" * 40, "مريم <b>نموذج</b>"
    add(building, long, building.coach.id)
    add(building, left, building.coach.id, "ar")
    for query in (
        "of=pool&sort=name&by=phase",
        "of=moon&sort=moon&by=moon&page=-1&coach=x&quiet=99999999999",
        "of=standing_in",
        "sort=concerns&by=coach&page=7&quiet=7&q=%3Cb%3E&language=ar",
    ):
        await berta.open(f"{HOME}?{query}")
        assert berta.status == 200
    await berta.open(f"{HOME}?sort=name&by=coach")
    assert berta.status == 200
    assert long in berta.words
    assert "<b>نموذج" not in berta.html
    assert "نموذج" in berta.html
    await berta.open(f"{HOME}?of=team")
    assert berta.status == 404


async def test_what_is_empty_says_what_comes(berta: Browser) -> None:
    await berta.open(HOME)
    assert "Wer Ihre Einladung annimmt, erscheint von selbst" in berta.words
    assert 'href="/console/invitations"' in berta.html
    await berta.open(f"{HOME}?q=xyz")
    assert "Dazu passt niemand" in berta.words
    await berta.open(OVER)
    assert "niemand, den man übergeben könnte" in berta.words


async def test_a_lead_hands_over_whom_nobody_looks_after_in_one_form(
    building: Building, berta: Browser, lea: Browser
) -> None:
    people = [add(building, f"Mensch {number}", None) for number in range(25)]
    await lea.open(f"{HOME}?of=pool")
    assert "Ohne Coach (25)" in lea.words
    await lea.open(f"{OVER}?coach=0")
    assert lea.html.count(" checked") == 25
    chosen = {f"case-{one}": "1" for one in people}
    form = form_of(lea, "give")
    await lea.post(form, **chosen)
    assert lea.status == 422
    assert "Bitte wählen Sie einen Grund." in lea.words
    assert lea.html.count(" checked") == 25
    chosen |= {"to": str(building.coach.id), "reason": "leaving"}
    form = form_of(lea, "give")
    for _ in range(2):
        await lea.post(form, **chosen)
        assert lea.status == 200
    await lea.open(f"{OVER}?coach=0")
    assert "Niemand ist ohne Coach." in lea.words
    coaches = building.do(lambda uow: uow.access.coaches(AGENCY))
    assert {coaches[one] for one in people} == {building.coach.id}
    await berta.open(HOME)
    assert "25 von 25 Plätzen" in berta.words


async def test_a_coach_gives_one_of_hers_and_nobody_elses(
    building: Building, berta: Browser, lea: Browser
) -> None:
    karl, karl_id = await signed_in(building, "Karl Kollege", Role.COACH)
    hers, his = add(building, "Mia Muster", building.coach.id), add(building, "Otto Muster", karl_id)
    await berta.open(OVER)
    assert "Otto" not in berta.html
    form = form_of(berta, "give")
    wanted = {"to": str(karl_id), "reason": "wish", f"case-{his}": "1"}
    await berta.post(form, **wanted)
    assert "Bitte wählen Sie mindestens eine Person." in berta.words
    await berta.post(form_of(berta, "give"), **(wanted | {f"case-{hers}": "1"}))
    assert "Bitte sagen Sie es ihnen auch selbst." in berta.words
    await karl.open(f"{HOME}?sort=name")
    assert "Mia Muster" in karl.words
    await berta.open(f"{OVER}?coach={karl_id}")
    assert berta.status == 404
    await lea.open(f"{OVER}?coach={karl_id}")
    assert "Menschen, die Karl Kollege begleitet" in lea.words
    await karl.close()


async def test_a_colleague_stands_in_for_a_time(building: Building, berta: Browser) -> None:
    karl, karl_id = await signed_in(building, "Karl Kollege", Role.COACH)
    add(building, "Mia Muster", building.coach.id)
    await berta.open(OVER)
    await berta.post(form_of(berta, "lend"), since="2026-11-25", until="2026-11-24", deputy=str(karl_id))
    assert berta.status == 422
    assert "Dieser Tag liegt vor dem Beginn" in berta.words
    assert 'value="2026-11-25"' in berta.html
    await berta.post(form_of(berta, "lend"), since="2026-11-23", until="2026-11-24", deputy=str(karl_id))
    assert "Berta Beispiel ist abwesend von Montag, 23. November bis Dienstag, 24. November" in berta.words
    assert "Karl Kollege vertritt in dieser Zeit" in berta.words
    await karl.open(f"{HOME}?of=standing_in")
    assert "Mia Muster" in karl.words
    assert "Coach: Berta Beispiel" in karl.words
    await karl.close()
