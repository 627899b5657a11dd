# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people type, and what it is taken for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.asking import BACK, HELP, LATER, SKIP
from dialogs.effects import Value
from dialogs.model import AskStep, Choose, Consent, Date, Number, Option, Scale, Text, YesNo
from dialogs.own_words import all_words, words_for
from dialogs.reading import Answer, Reading, Unclear, Why, Wish, read_pressed, read_typed

TODAY = date(2026, 11, 24)  # a Tuesday
Q = {"de": "Frage?", "en": "Question?"}
TWO = (Option(key="yes"), Option(key="no"))
CONTACT = Choose(
    id="contact",
    key="contact",
    text=Q,
    options=(
        Option(key="today", label={"de": "Ja, heute", "en": "Yes, today"}, words=("ja",)),
        Option(key="this_week", label={"de": "Ja, diese Woche", "en": "Yes, this week"}),
        Option(key="no", label={"de": "Nein", "en": "No"}),
    ),
)
MOOD = Scale(id="mood", key="mood", text=Q, low_label={"de": "sehr schlecht"}, high_label={"de": "sehr gut"})
FREE = Text(id="free", key="free", text=Q, longest=4000)
YES_NO = YesNo(id="ask", key="ask", text=Q, options=TWO)
AGREE = Consent(id="agree", key="agree", text=Q, purpose="contact", options=TWO)
COUNT = Number(id="count", key="count", text=Q, low=0, high=5000)
WEIGHT = Number(id="weight", key="weight", text=Q, low=0, high=500, decimals=True)
DAY = Date(id="day", key="day", text=Q)
COMING = Date(id="coming", key="coming", text=Q, earliest=0, latest=90)
PASSED = Date(id="passed", key="passed", text=Q, latest=0)

NOTHING = Unclear(Why.UNREADABLE)
FAR = Unclear(Why.OUT_OF_RANGE)
NO_WORDS = Unclear(Why.NO_WORDS)


def read(step: AskStep, text: str) -> Reading | Value:
    """The value, where there is one."""
    reading = read_typed(step, text, TODAY)
    return reading.value if isinstance(reading, Answer) else reading


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ja, heute", "today"), ("ja heute!", "today"), ("JA HEUTE", "today"), ("heute", "today"),
        ("heute bitte", "today"),
        ("Yes, today", "today"), ("1", "today"), ("3.", "no"), ("today", "today"),
        ("diese Woche", "this_week"),
        ("dise Woche", "this_week"), ("nein", "no"), ("Nein danke", "no"), ("ja", "today"),
        ("this_week", "this_week"),
        ("nicht heute", NOTHING), ("4", NOTHING), ("0", NOTHING), ("vielleicht", NOTHING), ("👍", NO_WORDS),
        ("ja" + " " * 500 + "nicht", NOTHING), ("zurück", Wish(BACK)), ("zurueck", Wish(BACK)),
        ("zuruck", Wish(BACK)),
        ("Überspringen", Wish(SKIP)), ("ueberspringen", Wish(SKIP)), ("übersrpingen", Wish(SKIP)),
        ("später", Wish(LATER)), ("Spaeter.", Wish(LATER)), ("not now", Wish(LATER)), ("hilfe", Wish(HELP)),
    ],
)  # fmt: skip
def test_choosing(text: str, meant: object) -> None:
    assert read(CONTACT, text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7", 7), ("7.", 7), ("sieben", 7), ("Sieben!", 7), ("seven", 7), ("zehn", 10), ("null", 0),
        ("fünf", 5),
        ("fuenf", 5), ("so 6", 6), ("ca. 6", 6), ("eher 4 würde ich sagen", 4), ("about 5", 5),
        ("3 von 10", 3),
        ("7/10", 7), ("7 / 10", 7), ("3 out of 10", 3), ("10 von 10", 10), ("7️⃣", 7), ("٧", 7), ("７", 7),
        ("sehr schlecht", 0), ("sehr gut", 10), ("5,0", 5), ("11", FAR), ("-2", FAR), ("- 2", FAR),
        ("6,5", FAR),
        ("3 von 5", NOTHING), ("3-4", NOTHING), ("3 bis 4", NOTHING), ("3 oder 4", NOTHING),
        ("nicht 5", NOTHING),
        ("habe 2 Kinder", NOTHING), ("geht so", NOTHING), ("9" * 5000, NOTHING), ("½", NOTHING),
        ("🙂", NO_WORDS),
        ("", NO_WORDS), ("...", NO_WORDS), ("3:4", NOTHING), ("weiß nicht", Wish(SKIP)),
    ],
)  # fmt: skip
def test_scales(text: str, meant: object) -> None:
    assert read(MOOD, text) == meant


@pytest.mark.parametrize(
    ("step", "text", "meant"),
    [
        (COUNT, "12", 12), (COUNT, "1.234", 1234), (COUNT, "1,234", 1234), (COUNT, "zwölf", NOTHING),
        (COUNT, "2,5", FAR),
        (COUNT, "6000", FAR), (WEIGHT, "72,5", 72.5), (WEIGHT, "72.5", 72.5), (WEIGHT, "72", 72),
        (WEIGHT, "1.234", NOTHING),
        (WEIGHT, "-3", FAR), (WEIGHT, "1e3", NOTHING), (WEIGHT, "nan", NOTHING),
    ],
)  # fmt: skip
def test_numbers(step: Number, text: str, meant: object) -> None:
    assert read(step, text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ja", True), ("Ja.", True), ("j", True), ("yes", True), ("jo", True), ("ok", True), ("👍", True),
        ("1", True),
        ("Ja das wäre schön", True), ("nein", False), ("n", False), ("nö", False),
        ("Nein, nicht nötig", False),
        ("lieber nicht", False), ("2", False), ("ja nein", NOTHING), ("ja aber nicht heute", NOTHING),
        ("hm", NOTHING), ("3", NOTHING),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, meant: object) -> None:
    assert read(YES_NO, text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ja", True), ("Ja, gerne", True), ("einverstanden", True), ("nein", False),
        ("nicht einverstanden", False),
        # A consent must be beyond doubt.
        ("ok", NOTHING), ("👍", NO_WORDS), ("ja aber", NOTHING), ("jja", NOTHING), ("klar", NOTHING),
    ],
)  # fmt: skip
def test_consent_takes_no_guesses(text: str, meant: object) -> None:
    assert read(AGREE, text) == meant


@pytest.mark.parametrize(
    ("step", "text", "meant"),
    [
        (DAY, "4.5.2027", "2027-05-04"), (DAY, "04.05.27", "2027-05-04"), (DAY, "2027-05-04", "2027-05-04"),
        (DAY, "4. Mai 2027", "2027-05-04"), (DAY, "4.Mai", "2027-05-04"), (DAY, "May 4", "2027-05-04"),
        (DAY, "am 4th of May, 2027", "2027-05-04"), (DAY, "Montag, 4. Mai", "2027-05-04"),
        (DAY, "heute", "2026-11-24"),
        (DAY, "morgen", "2026-11-25"), (DAY, "übermorgen", "2026-11-26"), (DAY, "gestern", "2026-11-23"),
        (DAY, "nächsten Montag", "2026-11-30"), (DAY, "Dienstag", "2026-12-01"), (DAY, "29.2.", "2028-02-29"),
        (DAY, "7.3.85", "1985-03-07"), (DAY, "31.2.2027", NOTHING), (DAY, "1.13.2027", NOTHING),
        (DAY, "Mai", NOTHING),
        (DAY, "bald", NOTHING), (DAY, "1.1.0000", NOTHING), (DAY, "9" * 400, NOTHING),
        (PASSED, "4. Mai", "2026-05-04"), (PASSED, "Montag", "2026-11-23"), (COMING, "gestern", FAR),
        (COMING, "1.12.", "2026-12-01"), (COMING, "4. Mai", FAR),
    ],
)  # fmt: skip
def test_days(step: Date, text: str, meant: object) -> None:
    assert read(step, text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("  Nudeln gekocht\n", "Nudeln gekocht"), ("5", "5"), ("Не знаю", "Не знаю"), ("لا أعرف", "لا أعرف"),
        ("a\x00b\ud800c", "abc"), ("x" * 4000, "x" * 4000), ("x" * 4001, Unclear(Why.TOO_LONG)),
        ("x" * 100_000, Unclear(Why.TOO_LONG)), ("🙂👍", NO_WORDS), ("?!", NO_WORDS), ("\u200b", NO_WORDS),
        ("zurück", Wish(BACK)), ("zurück zur Arbeit gegangen", "zurück zur Arbeit gegangen"),
        ("spter", "spter"),
    ],
)  # fmt: skip
def test_own_words(text: str, meant: object) -> None:
    assert read(FREE, text) == meant


@pytest.mark.parametrize(
    ("step", "value", "meant"),
    [
        (MOOD, "7", 7), (MOOD, "11", FAR), (MOOD, "7.0", NOTHING), (MOOD, "٧", NOTHING),
        (CONTACT, "today", "today"),
        (CONTACT, "Ja, heute", NOTHING), (YES_NO, "no", False), (AGREE, "yes", True),
        (DAY, "2027-05-04", "2027-05-04"),
        (DAY, "2027-02-31", NOTHING), (FREE, "x", NOTHING), (COUNT, "3", NOTHING),
        (MOOD, "_skip", Wish(SKIP)),
        (MOOD, "_other", NOTHING),
    ],
)  # fmt: skip
def test_presses(step: AskStep, value: str, meant: object) -> None:
    reading = read_pressed(step, value, TODAY)
    assert (reading.value if isinstance(reading, Answer) else reading) == meant


@given(st.sampled_from([CONTACT, MOOD, FREE, YES_NO, AGREE, COUNT, WEIGHT, DAY, COMING]), st.text())
def test_reading_is_total_and_never_outside_the_range(step: AskStep, text: str) -> None:
    reading = read_typed(step, text, TODAY)
    assert isinstance(reading, Answer | Wish | Unclear)
    if isinstance(reading, Answer) and isinstance(step, Number):
        assert step.low <= float(reading.value) <= step.high


def test_every_language_file_is_complete_and_understood() -> None:
    assert {"de", "en"} <= all_words().keys()
    for words in all_words().values():
        assert (len(words.read.numbers), len(words.read.months), len(words.months)) == (11, 12, 12)
        assert len(words.read.weekdays) == 7


def test_words_fall_back_to_the_base_language_then_to_german() -> None:
    assert words_for("en-GB").language == "en"
    assert words_for("de-x-einfach").language == "de"
    assert words_for("uk").language == "de"
