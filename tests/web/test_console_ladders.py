# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ladders in the browser: a form without scripts, a preview, two steps, the text, and the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from bot.domain.concerns import Level
from bot.domain.escalation import Drafts, Target, Way
from bot.domain.people import Role
from bot.overview_ports import LogWish
from bot.services import change_ladders
from bot.services.change_ladders import Ladders
from bot.services.policies import STANDARD
from bot.texts import Texts
from bot.web.console import ladder_form
from bot.web.console.ladder_form import TypedLadder, TypedSpan
from tests.services.any_ladders import drafts
from tests.web.building import Browser, Building, Form

PAGE = "/console/admin/ladders/standard"
VOICE = Texts({}).voice("de")
ADD, DROP, SHOW = "add:R3", "drop:R3-1", "show"


class Fields(HTMLParser):
    """What a browser would send of the form with the fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""
        start = html.index('class="stack ladder-form"')
        self.feed(html[start : html.index("</form>", start)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_ticked = given.get("type") != "checkbox" or "checked" in given
        if tag == "input" and "name" in given and is_ticked:
            self.found[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and ("selected" in given or self._select not in self.found):
            self.found[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._select.endswith("-times") and not self.found.get(self._select) and data.strip():
            self.found[self._select] = data.strip()


@pytest.fixture
async def lea(building: Building) -> AsyncIterator[Browser]:
    """A lead at the page of the standard ladders."""
    browser = await _signed_in(building, "Lea Leitung")
    await browser.open(PAGE)
    yield browser
    await browser.close()


async def _signed_in(building: Building, name: str) -> Browser:
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire(name, Role.LEAD).console_code}")
    await browser.press("Weiter")
    return browser


async def send(browser: Browser, typed: dict[str, str], do: str, gone: tuple[str, ...] = ()) -> None:
    fields = Fields(browser.html).found | typed | {"do": do}
    await browser.post(Form(PAGE, {name: value for name, value in fields.items() if name not in gone}))


def in_force(building: Building) -> Ladders:
    return building.do(lambda uow: change_ladders.in_force(uow, building.rulebook, 1, STANDARD))


async def test_a_wait_is_changed_in_two_steps_and_put_back(building: Building, lea: Browser) -> None:
    assert "Es gilt, was mitgeliefert ist." in lea.words
    assert "die alte Fassung behält sie" in lea.words
    await send(lea, {"R3-1-after": "7"}, SHOW)
    assert lea.status == 200
    assert "nach 15 Min. Arbeitszeit: Vertretung" in lea.words
    assert "nach 7 Min. Arbeitszeit: Vertretung" in lea.words
    assert "Meldung am Montag, 30. November, 10:00 Uhr" in lea.words
    assert "10:07 Uhr Lotse ruft: Vertretung" in lea.words
    assert in_force(building).version == 0
    await lea.press("So in Kraft setzen")
    assert "Fassung 1 gilt jetzt." in lea.words
    assert "Lea Leitung" in lea.words
    new = in_force(building).drafts()[Level.R3].policy
    assert new.rungs[1].after == timedelta(minutes=7)
    lines = building.do(lambda uow: uow.overview.log(1, LogWish(action="ladders_published"), 9))
    assert [(one.actor, one.subject) for one in lines] == [("staff:1", "standard:1")]
    await lea.press("Zeigen, was damit anders würde")
    await lea.press("So in Kraft setzen")
    assert in_force(building).is_shipped
    await lea.press("Zurück zu dieser?")
    assert "nach 7 Min. Arbeitszeit: Vertretung" in lea.words
    await lea.press("So in Kraft setzen")
    assert in_force(building).version == 3
    await lea.open("/console/admin/ladders")
    assert lea.status == 200
    assert "Lea Leitung" in lea.words


async def test_rungs_come_and_go_without_scripts_and_nothing_typed_is_lost(
    building: Building, lea: Browser
) -> None:
    before = Fields(lea.html).found["R3-rungs"]
    await send(lea, {"R2-again": "zwölf", "R3-1-after": "7"}, ADD)
    assert lea.status == 200
    after = Fields(lea.html).found
    assert int(after["R3-rungs"]) == int(before) + 1
    assert after["R2-again"] == "zwölf"
    assert after["R3-1-after"] == "7"
    assert after[f"R3-{before}-call-lead"] == "yes"
    await send(lea, {}, DROP)
    last = Fields(lea.html).found
    assert last["R3-rungs"] == before
    assert "R3-1-call-deputy" not in last
    assert last["R2-again"] == "zwölf"
    assert in_force(building).version == 0


FAULTY = [
    ({"R3-1-after": "bald"}, (), "R3-1-after", "Bitte schreiben Sie eine ganze Zahl."),
    ({"R3-1-after": "61"}, (), "R3-1-after", "Das ist zu lange: höchstens 60 Min."),
    ({"R3-1-after": "0"}, (), "R3-1-after", "Diese Sprosse wartet nicht."),
    ({"R3-0-after": "5"}, (), "R3-0-after", "Die erste Sprosse ruft sofort."),
    ({}, ("R3-1-call-deputy",), "R3-1-call", "Bitte wählen Sie, wen diese Sprosse ruft."),
    ({}, ("R3-2-call-lead", "R3-3-call-pool"), "R3-2-call", "Bitte wählen Sie"),
    ({"R3-2-call-pool": "yes"}, ("R3-2-call-lead",), "R3-rungs", "Die Leitung wird nie gerufen."),
    ({"R3-0-where-console": "yes"}, (), "R3-0-where", "Hier reicht die Konsole allein nicht"),
    ({"R3-0-every": "-1"}, (), "R3-0-every", "Bitte schreiben Sie eine ganze Zahl."),
    ({"R3-0-every": "0"}, (), "R3-0-every", "Zwischen zwei Rufen muss etwas Zeit liegen."),
    ({"R1-choose": "0"}, (), "R1-choose", "Wer übernimmt, braucht Zeit für den nächsten Schritt."),
    ({"R3-tell": ""}, (), "R3-tell", "Die Person soll erfahren"),
    ({"R3-again": "0"}, (), "R3-again", "Die Leiter muss von vorn beginnen."),
    ({"R1-choose": "41", "R1-choose-unit": "hour"}, (), "R1-choose", "höchstens 40 Std."),
    ({"R2-rungs": "0"}, (), "R2-rungs", "Eine Leiter braucht mindestens eine Sprosse."),
    ({"R2-rungs": "x"}, (), "R2-rungs", "Eine Leiter braucht mindestens eine Sprosse."),
]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(
    building: Building, lea: Browser
) -> None:
    start = Fields(lea.html).found
    for typed, gone, place, words in FAULTY:
        await lea.open(PAGE)
        await send(lea, typed, SHOW, gone)
        assert lea.status == 422, typed
        fault = lea.html[lea.html.index(f'id="{place}-fault"') :]
        assert words in fault[: fault.index("</p>")], typed
        found = Fields(lea.html).found
        for name, value in typed.items():
            assert found[name] == (value if not name.endswith("-rungs") else "0"), name
        assert found["R1-again"] == start["R1-again"]
        assert len(lea.page.ids) == len(set(lea.page.ids))
    assert in_force(building).version == 0


async def test_the_text_says_the_same_faults_with_their_line(building: Building, lea: Browser) -> None:
    unfit = in_force(building).source.replace("after: 0 minutes", "after: 5 minutes", 1)
    await lea.press("Prüfen und zeigen, was anders würde", source=unfit)
    assert lea.status == 422
    assert "Zeile 23 the first rung waits" in lea.words
    assert "after: 5 minutes" in lea.html
    fit = in_force(building).source.replace("call: [deputy]", "call: [deputy, duty]", 1)
    await lea.press("Prüfen und zeigen, was anders würde", source=fit)
    assert "nach 15 Min. Arbeitszeit: Vertretung, Dienst" in lea.words
    await lea.press("So in Kraft setzen")
    assert in_force(building).source == fit
    await send(lea, {}, SHOW)
    assert "Genau so gilt es schon." in lea.words
    assert "So in Kraft setzen" not in lea.words


async def test_whoever_was_faster_is_not_overwritten(building: Building, lea: Browser) -> None:
    await send(lea, {"R3-1-after": "7"}, SHOW)
    karla = await _signed_in(building, "Karla Kollegin")
    await karla.open(PAGE)
    await send(karla, {"R3-1-after": "8"}, SHOW)
    await karla.press("So in Kraft setzen")
    await lea.press("So in Kraft setzen")
    assert "Gerade hat Karla Kollegin Fassung 1 in Kraft gesetzt." in lea.words
    assert in_force(building).version == 1
    await lea.press("So in Kraft setzen")
    assert in_force(building).version == 2
    await karla.close()


async def test_a_ladder_with_very_many_rungs_is_changed_as_text(building: Building, lea: Browser) -> None:
    first = "      - {after: 0 minutes, call: [owner]}\n"
    many = in_force(building).source.replace(
        first, first + "      - {after: 1 minute, call: [duty]}\n" * 13, 1
    )
    await lea.press("Prüfen und zeigen, was anders würde", source=many)
    await lea.press("So in Kraft setzen")
    assert "dass sie nur als Text zu ändern sind" in lea.words


async def test_what_there_is_not_is_not_found(building: Building, lea: Browser, berta: Browser) -> None:
    form = next(one for one in lea.page.forms if one.fields.get("action") == "fields")
    for action in ("fields", "explain", "version", "upgrade"):
        await lea.post(Form("/console/admin/ladders/nirgends", form.fields | {"action": action}))
        assert lea.status == 404
    for path in ("/console/admin/ladders", PAGE):
        await berta.open(path)
        assert berta.status == 404


def sent(typed: tuple[TypedLadder, ...]) -> dict[str, str]:
    """The fields that a browser would send for a form."""
    found: dict[str, str] = {}

    def put(name: str, span: TypedSpan) -> None:
        found.update({name: span.count, f"{name}-unit": span.unit})

    for ladder in typed:
        at = ladder.level.value
        found[f"{at}-rungs"] = str(len(ladder.rungs))
        for name in ("again", "choose", "tell"):
            put(f"{at}-{name}", getattr(ladder, name))
        found |= {f"{at}-out-{word}": "yes" for word in ladder.out}
        for number, rung in enumerate(ladder.rungs):
            here = f"{at}-{number}"
            put(f"{here}-after", rung.after)
            put(f"{here}-every", rung.every)
            found |= {f"{here}-clock": rung.clock, f"{here}-times": rung.times}
            found |= {f"{here}-call-{word}": "yes" for word in rung.call}
            found |= {f"{here}-where-{word}": "yes" for word in rung.where}
    return found


@settings(max_examples=60)
@given(drafts)
def test_the_form_loses_nothing(written: Drafts) -> None:
    typed = ladder_form.typed_from(sent(ladder_form.typed_as(written)))
    found, seen = ladder_form.understood(VOICE, typed)
    assert found == ladder_form.in_order(written)
    assert all(one.is_fit for one in seen)
    for level, draft in written.items():
        for rung, kept in zip(draft.policy.rungs, (found or {})[level].policy.rungs, strict=True):
            assert replace(rung, targets=(), where=()) == replace(kept, targets=(), where=())
            assert set(rung.targets) == set(kept.targets) <= set(Target)
            assert set(rung.where) == set(kept.where) <= set(Way)
