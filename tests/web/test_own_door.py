# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The door of the participants' page: what links ask for, guessing, replay, other devices, sessions."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.domain.concerns import Concern, Level
from bot.domain.own_page import Factor
from bot.domain.people import Participant, Standing
from bot.house import DEFAULT_AGENCY
from bot.services import own_page, page_lock
from bot.services.person_dates import SAID
from bot.services.remembered import encode_value
from bot.web.page.guesses import MOST_EACH, MOST_TOGETHER, WINDOW, Guesses
from bot.web.page.pin import Comparer, hash_secret, new_pin
from tests.web.building import MONDAY, PUBLIC_URL, Browser, Building

PIN = "480157"


@pytest.fixture
async def device(building: Building) -> AsyncIterator[Callable[..., Browser]]:
    """Browsers, each somewhere else on the network."""
    made: list[Browser] = []

    def new(host: str = "") -> Browser:
        host = host or f"192.0.2.{len(made) + 1}"
        transport = httpx.ASGITransport(building.app, raise_app_exceptions=False, client=(host, 1))
        client = httpx.AsyncClient(
            transport=transport, base_url=PUBLIC_URL, headers={"Accept-Language": "de"}
        )
        made.append(Browser(client))
        return made[-1]

    yield new
    for browser in made:
        await browser.close()


def ask_for(building: Building, factor: Factor) -> None:
    building.rulebook = replace(building.rulebook, page=replace(building.rulebook.page, factor=factor))


def person(building: Building) -> Participant:
    return building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY))[0]


def link(building: Building) -> str:
    """A new one-time link of the only participant, as a path."""
    now, mia = building.clock.now(), person(building)
    whole = building.do(lambda uow: own_page.make_link(uow, building.rulebook, mia, now))
    return whole.removeprefix(PUBLIC_URL)


def lock(building: Building, factor: Factor, answer: str) -> None:
    mia, secret = person(building), hash_secret(answer)
    building.do(lambda uow: page_lock.set_secret(uow, mia, factor, secret, "command", building.clock.now()))


def raised(building: Building) -> list[Concern]:
    mia = person(building)
    return building.do(lambda uow: uow.concerns.of_participant(mia.id))


async def test_a_pin_is_chosen_at_the_first_door_and_asked_for_at_the_next(
    building: Building, berta: Browser, device: Callable[..., Browser]
) -> None:
    ask_for(building, Factor.PIN)
    first = device()
    await first.open(f"/p/{building.invite(building.coach)}")
    assert "Wählen Sie eine PIN" in first.words
    await first.press("Weiter", answer="123456")
    assert first.status == 403
    assert "Bitte wählen Sie eine andere" in first.words
    await first.press("Weiter", answer=PIN)
    assert first.at == "/chat/"
    assert "Darf ich Ihnen hier schreiben?" in first.words
    second = device()
    await second.open(link(building))
    assert "Ihre PIN" in second.words
    await second.press("Weiter", answer=PIN)
    assert second.at == "/chat/"
    assert PIN not in first.html + second.html
    await first.open("/chat/")
    assert first.status == 200, "the first device stays signed in"


async def test_the_year_of_birth_that_the_coach_has_noted(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    ask_for(building, Factor.BIRTH_YEAR)
    await mia.open("/chat/")
    assert mia.status == 200, "nobody has noted a year: it cannot be asked for"
    lock(building, Factor.BIRTH_YEAR, "1988")
    await mia.open("/chat/")
    assert mia.status == 401, "what must be known was not known here"
    other = device()
    await other.open(link(building))
    await other.press("Weiter", answer="1989")
    assert other.status == 403
    await other.press("Weiter", answer="1988")
    assert other.at == "/chat/"


async def test_five_wrong_answers_close_the_link_and_not_the_person(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    ask_for(building, Factor.PIN)
    lock(building, Factor.PIN, PIN)
    guesser, path = device(), link(building)
    await guesser.open(path)
    said = set()
    for number in range(7):
        await guesser.press("Weiter", answer=f"99000{number}")
        assert guesser.status == 403
        said.add(guesser.words)
    assert len(said) == 1, "nothing tells that the link is closed by now"
    await guesser.press("Weiter", answer=PIN)
    assert guesser.status == 403, "not even the right answer opens it"
    fresh = device()
    await fresh.open(link(building))
    await fresh.press("Weiter", answer=PIN)
    assert fresh.at == "/chat/"


async def test_the_fifth_answer_still_counts(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    ask_for(building, Factor.PIN)
    lock(building, Factor.PIN, PIN)
    browser = device()
    await browser.open(link(building))
    for _ in range(4):
        await browser.press("Weiter", answer="990001")
    await browser.press("Weiter", answer=PIN)
    assert browser.at == "/chat/"


async def test_an_unknown_link_looks_like_a_known_one(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    ask_for(building, Factor.PIN)
    lock(building, Factor.PIN, PIN)
    pages = []
    for path in (link(building), f"/p/{secrets.token_urlsafe(24)}"):
        browser = device()
        await browser.open(path)
        closed = browser.words
        await browser.press("Weiter", answer="990001")
        pages.append((closed, browser.status, browser.words))
    assert pages[0] == pages[1]


async def test_thousands_of_guessed_links_open_nothing_and_are_stopped(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    path, guesser = link(building), device("198.51.100.7")
    await guesser.open("/p/begin")
    form = guesser.page.forms[0].fields
    answers = [
        (await guesser.client.post(f"/p/{secrets.token_urlsafe(24)}", data=form)).status_code
        for _ in range(2000)
    ]
    assert answers == [404] * MOST_EACH + [429] * (2000 - MOST_EACH)
    assert "lotse_chat" not in guesser.client.cookies
    # Neither a right link opens there now, nor does anybody else notice.
    await guesser.open(path)
    await guesser.press("Weiter")
    assert guesser.status == 429
    other = device()
    await other.open(path)
    await other.press("Weiter")
    assert other.at == "/chat/"


def test_guessing_from_everywhere_stops_who_guesses_and_nobody_else() -> None:
    guesses = Guesses()
    for number in range(MOST_TOGETHER):
        guesses.failed(f"host-{number}", MONDAY)
    assert guesses.is_stopped("host-5", MONDAY)
    assert not guesses.is_stopped("somebody", MONDAY)
    guesses.failed("somebody", MONDAY)
    assert guesses.is_stopped("somebody", MONDAY)
    assert not guesses.is_stopped("host-5", MONDAY + WINDOW)


async def test_a_link_opens_on_one_device_and_a_new_one_can_be_asked_for(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    path, first, second = link(building), device(), device()
    for browser in (first, second):
        await browser.open(path)
        await browser.press("Weiter")
    assert first.at == "/chat/"
    assert second.status == 404
    assert "nur auf einem Gerät" in second.words
    who = person(building).id
    building.do(lambda uow: uow.people.add_address(DEFAULT_AGENCY, "telegram", "700", participant_id=who))
    await second.press("Neuen Link schicken")
    assert second.status == 200
    said = second.words
    await second.open(path)
    await second.press("Weiter")
    await second.press("Neuen Link schicken")
    lines = building.do(lambda uow: uow.talks.timeline(who))
    fresh = [line.link for line in lines if "/p/" in line.link]
    assert len(fresh) == 1, "asked twice at once, it comes once"
    stranger = device()
    await stranger.open("/p/unknown")
    await stranger.press("Weiter")
    await stranger.press("Neuen Link schicken")
    assert stranger.words == said, "nobody learns which links were real"
    await second.open(fresh[0].removeprefix(PUBLIC_URL))
    await second.press("Weiter")
    assert second.at == "/chat/"


async def test_a_link_that_was_guessed_at_is_not_sent_again(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    ask_for(building, Factor.PIN)
    lock(building, Factor.PIN, PIN)
    who = person(building).id
    building.do(lambda uow: uow.people.add_address(DEFAULT_AGENCY, "telegram", "700", participant_id=who))
    browser = device()
    await browser.open(link(building))
    for _ in range(5):
        await browser.press("Weiter", answer="990001")
    form = browser.page.forms[0]
    await browser.post(form, action="again")
    assert [line for line in building.do(lambda uow: uow.talks.timeline(who)) if "/p/" in line.link] == []


async def test_links_grow_old(building: Building, mia: Browser, device: Callable[..., Browser]) -> None:
    path, browser = link(building), device()
    building.clock.advance(timedelta(hours=25))
    await browser.open(path)
    await browser.press("Weiter")
    assert browser.status == 404


async def test_a_session_that_nobody_uses_ends(building: Building, mia: Browser) -> None:
    building.clock.advance(timedelta(days=29))
    await mia.open("/chat/")
    assert mia.status == 200
    building.clock.advance(timedelta(days=29))
    await mia.open("/chat/")
    assert mia.status == 200, "it was used in between"
    building.clock.advance(timedelta(days=30, minutes=1))
    for path in ("/chat/lines", "/chat/"):
        await mia.open(path)
        assert mia.status == 401
    patient = replace(building.rulebook.page, idle=timedelta(days=300))
    building.rulebook = replace(building.rulebook, page=patient)
    await mia.open("/chat/")
    assert mia.status == 401, "it is over for good"


@pytest.mark.parametrize("looks_first", [False, True])
async def test_words_on_a_page_that_has_shut_by_itself_reach_a_human(
    building: Building, mia: Browser, looks_first: bool
) -> None:
    await mia.open("/chat/")
    page = next(form for form in mia.page.forms if form.has_text)
    building.clock.advance(timedelta(days=30, minutes=1))
    if looks_first:
        await mia.open("/chat/")
    who, before = person(building), raised(building)
    for _ in range(2):  # a double submit
        await mia.post(page, text="Ich will nicht mehr leben")
        assert mia.status == 401
        assert "Ihre Nachricht ist angekommen." in mia.words
        assert "0800 1110111" in mia.html.partition("<h1>")[0], "the numbers stand first"
        assert "leben" not in mia.words.partition("angekommen")[2], "nothing is shown"
        assert "Berta" not in mia.words
    (case,) = (one for one in raised(building) if one not in before)
    assert case.level is Level.R3
    assert case.quote == "Ich will nicht mehr leben"
    assert building.do(lambda uow: uow.people.contact_of(who.id)) is None, "words do not open it again"
    await mia.open("/chat/")
    assert mia.status == 401


@pytest.mark.parametrize("has_telegram", [True, False])
@pytest.mark.parametrize("days_since", [None, 10])
async def test_the_page_that_has_shut_shows_the_crisis_text_wherever_the_words_were_taken_as_danger(
    building: Building, mia: Browser, has_telegram: bool, days_since: int | None
) -> None:
    await mia.open("/chat/")
    page = next(form for form in mia.page.forms if form.has_text)
    building.clock.advance(timedelta(days=30, minutes=1))
    who, before, now = person(building), raised(building), building.clock.now()
    if has_telegram:
        building.do(
            lambda uow: uow.people.add_address(DEFAULT_AGENCY, "telegram", "700", participant_id=who.id)
        )
    if days_since is not None:
        day = encode_value((now - timedelta(days=days_since)).date().isoformat())
        building.do(lambda uow: uow.memory.set_fact(DEFAULT_AGENCY, who.id, SAID["discharge"], day, now))
    is_danger = days_since is not None
    for _ in range(2):  # a double submit
        await mia.post(page, text="Ich bin eine Last für alle")
        assert "Ihre Nachricht ist angekommen." in mia.words
        assert ("0800 1110111" in mia.html.partition("<h1>")[0]) is is_danger
    (case,) = (one for one in raised(building) if one not in before)
    assert case.level is (Level.R3 if is_danger else Level.R2)


async def test_danger_in_pieces_shows_the_crisis_text_on_the_page_that_has_shut(
    building: Building, mia: Browser
) -> None:
    await mia.open("/chat/")
    page = next(form for form in mia.page.forms if form.has_text)
    building.clock.advance(timedelta(days=30, minutes=1))
    shown = []
    for number, words in enumerate(("ich will", "nicht mehr", "leben")):
        await mia.post(page, form_id=f"{page.fields['form_id'][:-1]}{number}", text=words)
        shown.append("0800 1110111" in mia.html.partition("<h1>")[0])
    assert shown == [False, False, True]
    assert Level.R3 in [case.level for case in raised(building)]


async def test_the_case_says_that_the_words_may_be_somebody_elses(
    building: Building, berta: Browser, mia: Browser
) -> None:
    await mia.open("/chat/")
    page = next(form for form in mia.page.forms if form.has_text)
    before = raised(building)
    ask_for(building, Factor.PIN)
    lock(building, Factor.PIN, PIN)
    await mia.post(page, text="Ich will nicht mehr leben")
    (case,) = (one for one in raised(building) if one not in before)
    await berta.open(f"/console/{case.id}")
    assert "vielleicht nicht von der Person selbst" in berta.words


async def test_words_on_a_page_that_now_asks_for_more_than_was_known_there_reach_a_human(
    building: Building, mia: Browser
) -> None:
    await mia.open("/chat/")
    page = next(form for form in mia.page.forms if form.has_text)
    before = raised(building)
    ask_for(building, Factor.PIN)
    lock(building, Factor.PIN, PIN)
    for _ in range(2):  # a double submit
        await mia.post(page, text="Ich will nicht mehr leben")
        assert mia.status == 401
        assert "Ihre Nachricht ist angekommen." in mia.words
        assert "lange nicht benutzt" not in mia.words, "that is not why it is shut"
        assert "0800 1110111" in mia.html.partition("<h1>")[0]
    (case,) = (one for one in raised(building) if one not in before)
    assert (case.level, case.quote) == (Level.R3, "Ich will nicht mehr leben")
    await mia.open("/chat/")
    assert mia.status == 401, "words do not open it again"
    await mia.post(page, form_id=page.fields["form_id"][:-1] + "0", text="Der Brief vom Amt ist da")
    assert "Ihre Nachricht ist angekommen." in mia.words


async def test_what_is_typed_there_answers_no_question_but_is_read(building: Building, mia: Browser) -> None:
    await mia.open("/chat/")
    page = next(form for form in mia.page.forms if form.has_text)
    building.clock.advance(timedelta(days=30, minutes=1))
    who, before = person(building), raised(building)
    building.do(lambda uow: uow.people.add_address(DEFAULT_AGENCY, "telegram", "700", participant_id=who.id))
    asked = building.do(lambda uow: uow.people.contact_of(who.id))
    await mia.post(page, text="Der Brief vom Amt ist da")
    assert "angekommen" in mia.words
    (case,) = (one for one in raised(building) if one not in before)
    assert (case.level, case.quote) == (Level.R1, "Der Brief vom Amt ist da")
    said = building.do(lambda uow: uow.talks.timeline(who.id))[-1]
    assert "Ich gebe sie an" in said.text, "what is said goes to where the person still reads"
    still = building.do(lambda uow: uow.people.contact_of(who.id))
    assert asked is not None
    assert still is not None
    assert still.conversation == asked.conversation, "the question stays open"
    await mia.post(page, form_id=page.fields["form_id"][:-1] + "0", text="STOPP")
    assert person(building).standing is Standing.STOPPED


async def test_words_of_nobody_known_are_refused_and_it_says_so(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    other = device()
    await other.open(link(building))
    await other.press("Weiter")
    pages = [next(form for form in browser.page.forms if form.has_text) for browser in (mia, other)]
    who, now, before = person(building), building.clock.now(), raised(building)
    building.do(lambda uow: page_lock.leave_everywhere(uow, who, "command", now))
    building.clock.advance(timedelta(days=31))
    stranger = device()
    for browser, page in zip((mia, other, stranger), (*pages, pages[0]), strict=True):
        await browser.post(page, text="Ich will nicht mehr leben")
        assert browser.status == 401
        assert "Ihre Nachricht ist nicht angekommen." in browser.words
        assert "hat niemand bekommen" in browser.words
        assert "0800 1110111" in browser.words
    assert raised(building) == before


async def test_all_devices_signed_out_at_once(
    building: Building, mia: Browser, device: Callable[..., Browser]
) -> None:
    other, path, now = device(), link(building), building.clock.now()
    await other.open(link(building))
    await other.press("Weiter")
    who = person(building)
    assert building.do(lambda uow: page_lock.leave_everywhere(uow, who, "command", now)) == 2
    for browser in (mia, other):
        await browser.open("/chat/")
        assert browser.status == 401
    await other.open(path)
    await other.press("Weiter")
    assert other.status == 404, "links that were on their way are called back"


async def test_comparing_takes_a_secret() -> None:
    comparer = Comparer()
    kept = await comparer.hash(PIN)
    assert kept.startswith("$argon2id$")
    assert await comparer.matches(kept, PIN)
    for secret, answer in [
        (kept, "480158"),
        (None, PIN),
        ("", PIN),
        ("kein Hash", PIN),
        (kept, "\ud800"),
        (kept, ""),
    ]:
        assert not await comparer.matches(secret, answer)
    assert len(new_pin()) == 8


async def test_help_is_on_every_page_without_a_session(building: Building) -> None:
    browser = building.browser()
    for path in ("/", "/p/unknown", "/chat/", "/nowhere", "/hilfe"):
        await browser.open(path)
        assert "Hilfe sofort" in browser.words, path
        assert "Seite verlassen" in browser.words, path
        assert "<title>Lotse</title>" in browser.html, path
    building.storage.is_down = True
    await browser.open("/hilfe")
    assert 'href="tel:08001110111"' in browser.html, "help needs no database"


async def test_the_agency_chooses_where_the_quick_exit_leads(building: Building) -> None:
    page = replace(building.rulebook.page, leave_to="https://wetter.example/")
    building.rulebook = replace(building.rulebook, page=page)
    browser = building.browser()
    await browser.open("/hilfe")
    assert 'href="https://wetter.example/"' in browser.html
