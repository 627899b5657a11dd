# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages as markup, and other pure parts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concerns import Concern, Level, Outcome, State
from bot.domain.messages import Direction, Key, Line
from bot.domain.people import Address, Participant, Standing
from bot.ports import Contact, Conversation
from bot.services.buttons import press_token
from bot.services.case_words import OUTCOMES
from bot.texts import Texts
from bot.web.bubbles import Bubble, Speaker, Teller
from bot.web.console import wording
from bot.web.page.scene import open_keys
from bot.web.rendering import direction, rich
from bot.web.security import account_for, delivery_id, form_token, is_own_form
from dialogs.session import Frame, Session, dump

VOICE = Texts({}).voice("de")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("**fett** und nicht", "<strong>fett</strong> und nicht"),
        ("**112**.", '<strong><a href="tel:112">112</a></strong>.'),
        ("TelefonSeelsorge 0800 1110111 oder 116 123.", None),
        ("5 ** 3 ** 2", "5 <strong> 3 </strong> 2"),
        ("**offen", "**offen"),
        (
            "online.telefonseelsorge.de.",
            '<a href="https://online.telefonseelsorge.de" rel="noreferrer">online.telefonseelsorge.de</a>.',
        ),
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("1112 und 1120 und 11.12.", "1112 und 1120 und 11.12."),
        ("2112,50", "2112,50"),
        ("9.112", "9.112"),
        ("am 01.02.2027 um 11:12", "am 01.02.2027 um 11:12"),
    ],
)
def test_marks_and_numbers(text: str, markup: str | None) -> None:
    if markup is None:
        assert re.findall('href="tel:([0-9]+)"', rich(text)) == ["08001110111", "116123"]
    else:
        assert rich(text) == markup


@given(st.text(max_size=300))
def test_no_text_becomes_markup_of_its_own(text: str) -> None:
    shown = re.sub(r'</?strong>|<a href="tel:\d+">|</a>', "", rich(text))
    assert not set("<>\"'") & set(shown)


@given(st.text(max_size=300))
def test_own_words_have_no_numbers_to_tap(text: str) -> None:
    assert "<a" not in rich(text, phones=False)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("de-x-einfach", "ltr"), ("??", "ltr")],
)
def test_direction(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_tokens() -> None:
    assert is_own_form("geheim", form_token("geheim"))
    assert not is_own_form("", form_token(""))
    assert not is_own_form("geheim", form_token("anderes"))
    assert not is_own_form("geheim", "ü")


@given(st.text(max_size=80), st.text(max_size=80))
def test_one_link_one_account(one: str, other: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", account_for("geheim", one))
    assert (account_for("geheim", one) == account_for("geheim", other)) == (one == other)


def test_deliveries() -> None:
    form = "a" * 32
    assert delivery_id("x", form, "ja") == delivery_id("x", form, "ja")
    assert (
        len({delivery_id("x", form, "ja"), delivery_id("y", form, "ja"), delivery_id("x", form, "nein")}) == 3
    )
    assert delivery_id("x", "A" * 32, "ja") is None
    assert delivery_id("x", "", "ja") is None


def line(number: int, direction: Direction, kind: str, text: str, **more: object) -> Line:
    at = AT + timedelta(minutes=number)
    return Line(number, direction, at, text, kind, **more)  # type: ignore[arg-type]


def tell(*lines: Line, for_staff: bool = False) -> list[Bubble]:
    return Teller(VOICE, "Europe/Berlin", "Sie", "https://lotse.example/p/", for_staff).tell(lines)


def test_who_speaks() -> None:
    told = tell(
        line(1, Direction.IN, "start", ""),
        line(2, Direction.OUT, "reply", "Guten Tag"),
        line(3, Direction.IN, "text", "Hallo: du"),
        line(4, Direction.OUT, "relay", "Jemand hat geschrieben.\n\nBerta Beispiel: Ich komme: gleich."),
        line(5, Direction.OUT, "crisis", "112"),
        line(6, Direction.OUT, "reminder", "Zurückgezogen", state="cancelled"),
        line(7, Direction.IN, "attachment", "voice"),
    )
    assert [(one.speaker, one.name, one.text) for one in told] == [
        (Speaker.PROGRAM, "Lotse", "Guten Tag"),
        (Speaker.PERSON, "Sie", "Hallo: du"),
        (Speaker.HUMAN, "Berta Beispiel", "Ich komme: gleich."),
        (Speaker.HELP, "Lotse", "112"),
        (Speaker.PERSON, "Sie", "Eine Datei oder Sprachnachricht"),
    ]
    assert [one.day for one in told] == ["Montag, 23. November", "", "", "", ""]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Eine Zeile.\n\nBerta: Guten Tag\n\nBis: bald", "Berta", "Guten Tag\n\nBis: bald"),
        ("Berta: Guten Tag\n\nBis: bald", "Berta", "Guten Tag\n\nBis: bald"),
        ("Ohne Namen\n\nund ohne Ende", "", "Ohne Namen\n\nund ohne Ende"),
    ],
)
def test_whose_words_they_are(text: str, name: str, words: str) -> None:
    (told,) = tell(line(1, Direction.OUT, "relay", text))
    assert (told.speaker, told.name, told.text) == (Speaker.HUMAN, name, words)


@pytest.mark.parametrize(
    ("link", "for_staff", "expected"),
    [
        ("https://example.org/plan", False, "https://example.org/plan"),
        ("https://example.org/plan", True, ""),
        ("https://lotse.example/p/CODE", False, ""),
        ("javascript:alert(1)", False, ""),
    ],
)
def test_links(link: str, for_staff: bool, expected: str) -> None:
    told = tell(
        line(1, Direction.OUT, "reply", "Hier", link=link, keys=((Key("a", "b"),),)), for_staff=for_staff
    )
    assert told[0].link == expected


def test_staff_see_what_did_not_arrive() -> None:
    failed = line(1, Direction.OUT, "reply", "Guten Tag", state="failed")
    assert tell(failed, for_staff=True)[0].state == "Nicht zugestellt"
    assert tell(failed)[0].state == ""


@pytest.mark.parametrize(("conversation", "turn", "shown"), [(9, 2, True), (9, 3, False), (8, 2, False)])
def test_only_the_open_question_has_buttons(conversation: int, turn: int, shown: bool) -> None:
    person = Participant(1, 1, "CDFGH", Standing.ACTIVE, "de", None)
    session = dump(Session((Frame("weekly_checkin", 1, "mood"),), "de", turn=turn))
    contact = Contact(person, Address(1, "web_chat", "x"), "", Conversation(conversation, session))
    keys = ((Key("3", press_token(9, 2, "3")),),)
    lines = (
        line(1, Direction.OUT, "reply", "Früher", keys=((Key("1", press_token(9, 1, "1")),),)),
        line(2, Direction.OUT, "reply", "Wie geht es?", keys=keys),
        line(3, Direction.OUT, "reply", "Ohne Knöpfe"),
    )
    assert open_keys(contact, lines) == (keys if shown else ())
    assert open_keys(replace(contact, conversation=None), lines) == ()


def concern(level: Level, reason: str) -> Concern:
    return Concern(1, 1, 1, level, "message", reason, State.OPEN, AT, None, AT)


@pytest.mark.parametrize(
    ("level", "reason", "expected"),
    [
        (Level.R3, "de.suicide.plan", "Worte, die auf Suizidgedanken hinweisen können"),
        (Level.R2, "tr.violence.now", "Worte über Gewalt"),
        (Level.R2, "de.something.new", "Worte, die ein Mensch heute lesen sollte"),
        (Level.R1, "attachment_voice", "Hat etwas geschickt, das das Programm nicht lesen kann"),
        (Level.R1, "", "Worte über Belastung"),
    ],
)
def test_reasons_are_words(level: Level, reason: str, expected: str) -> None:
    assert wording.reason(concern(level, reason), VOICE) == expected


def test_there_is_a_word_for_everything() -> None:
    assert set(wording.LEVELS) == set(Level)
    assert set(wording.STATES) == set(State)
    assert set(OUTCOMES) == set(Outcome)
