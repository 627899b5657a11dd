# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that mean the same everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import dialog_for, is_courtesy, is_going_on, is_start
from bot.domain.stop_words import is_stop
from dialogs.shipped import shipped_dialogs


@pytest.mark.parametrize(
    "text", ["STOPP", "stop", "/stopp", "Stopp!", " stop. ", "СТОП", "Dur", "توقف", "Aufhören!", "„STOPP“"]
)
def test_one_word_stops_in_every_language(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize(
    "text", ["", "Bushaltestelle", "stop motion", "bitte nicht stoppen", "halt", "ich halte durch"]
)
def test_other_words_do_not_stop(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.parametrize(
    ("text", "dialog"),
    [
        ("/hilfe", "help_now"),
        ("Hilfe", "help_now"),
        ("HILFE SOFORT", "help_now"),
        ("hilfe!", "help_now"),
        ("/help", "help_now"),
        ("/pause", "pause"),
        ("/mitkommen", "come_along"),
        ("Kommen Sie mit zum Termin?", "come_along"),
        ("COME ALONG", "come_along"),
        ("Pause", "pause"),
        ("/sprache", "language"),
        ("Language?", "language"),
        ("Мова", "language"),
        ("язык", "language"),
        ("dil", "language"),
        ("لغة", "language"),
        ("زبان", "language"),
        ("\u200fزبان\u200f", "language"),
        ("\u2068Hilfe\u2069", "help_now"),
        ("język", "language"),
        ("/meinedaten", "my_data"),
        ("/meine_daten", "my_data"),
        ("My data", "my_data"),
        ("Ich mache eine Pause", None),
        ("Meine Daten sind falsch", None),
        ("hilfe beim Antrag", None),
        ("", None),
    ],
)
def test_commands_and_their_plain_words(text: str, dialog: str | None) -> None:
    assert dialog_for(text) == dialog


@pytest.mark.parametrize("text", ["START", "start", "/start", "старт"])
def test_start_is_understood_when_typed(text: str) -> None:
    assert is_start(text)


@pytest.mark.parametrize("text", ["weiter", "Jetzt!", "/continue", "fortsetzen", "ДАЛІ", "devam", "ادامه"])
def test_what_was_put_off_may_go_on(text: str) -> None:
    assert is_going_on(text)


@pytest.mark.parametrize("text", ["", "weiter so", "jetzt nicht", "Ich kann jetzt nicht mehr"])
def test_other_words_do_not_go_on(text: str) -> None:
    assert not is_going_on(text)


@pytest.mark.parametrize(
    "text", ["Danke!", "ok", "👍", "Vielen Dank.", "🙂🙂", "...", "❤️", "👍🏽", "Danke 😊", "😂", ":-)"]
)
def test_thanks_call_nobody(text: str) -> None:
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "Danke für nichts",
        "nicht gut",
        "ok?? nein",
        "Können Sie anrufen",
        "😢",
        "🔪",
        "👍🔪",
        "???",
        "danke 😢",
        ":(",
        ":'-(",
        "danke :/",
        "†",
    ],
)
def test_what_says_something_is_no_courtesy(text: str) -> None:
    assert not is_courtesy(text)


@given(st.text(max_size=300))
def test_any_text_is_safe(text: str) -> None:
    assert is_stop(text) in (True, False)
    assert dialog_for(text) in {None, *(dialog.id for dialog in shipped_dialogs())}
    assert is_going_on(text) in (True, False)
    assert is_courtesy(text) in (True, False)
