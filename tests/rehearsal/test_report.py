# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The report needs nothing else, says in words what it draws, and compares."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

import locales
from bot.rehearsal.findings import Findings
from bot.rehearsal.pictures import Columns, draw
from bot.rehearsal.report import write_report
from bot.rehearsal.words import differences, minutes, summary
from bot.texts import Texts, Voice

TEXTS = Texts.load(Path(locales.__file__).parent)
GERMAN: Voice = TEXTS.voice("de")
TITLES = {"referral_in": "Zusteuerung <b>"}


def test_the_report_runs_nothing_and_fetches_nothing(found: Findings) -> None:
    page = write_report([("Gecko", found)], TITLES, GERMAN)
    assert re.findall(r"<script|https?:|\bsrc=|\bhref=|url\(|@import|\bon[a-z]+=", page) == []
    assert "Zusteuerung &lt;b&gt;" in page
    assert page.count("<svg") == page.count('role="img"') == 5
    assert page.count("<li>") == 5


def test_beside_every_picture_stand_its_words(found: Findings) -> None:
    page = write_report([("Gecko", found)], TITLES, GERMAN)
    labels = re.findall(r'aria-label="([^"]*)">(?=<line|<rect|<text)', page)
    assert len(labels) == 5
    for words in labels:
        assert page.count(words) == 2  # once to be seen, once to be heard


def test_what_was_left_out_is_named_in_one_line_and_nothing_where_nothing_was(found: Findings) -> None:
    line = "<p>Nicht geprobt: a_licensed_score, wai, phq9."
    assert write_report([("Gecko", found)], TITLES, GERMAN).count(line) == 1
    whole = msgspec.structs.replace(found, left_out=())
    assert "Nicht geprobt" not in write_report([("Gecko", whole)], TITLES, GERMAN)


@pytest.mark.parametrize("language", ["de", "en"])
def test_one_is_said_as_rightly_as_many(found: Findings, language: str) -> None:
    week = msgspec.structs.replace(found.weeks[0], late=1, concerns=1, away=())
    level = msgspec.structs.replace(found.acknowledged[0], late=1)
    one = msgspec.structs.replace(
        *(found,),
        enrolled=1,
        ended=1,
        held=1,
        weeks=(week,),
        acknowledged=(level,),
        alone=msgspec.structs.replace(found.alone, concerns=1),
        asked=tuple(msgspec.structs.replace(asked, waiting=0) for asked in found.asked),
    )
    said = " ".join(summary(one, TEXTS.voice(language)))
    # A number stands behind its word, where the same word is right for one and for many.
    many = r"\b1 (?:von \d+ )?(?:Meldungen|Menschen|Fragen|Tage|concerns|people|questions|days)\b"
    assert re.findall(many, said) == []
    assert re.findall(r"(?:Meldungen|Concerns): 1\. [^:]+: 1\b", said) != []


def test_what_is_otherwise_is_said_and_what_is_the_same_is_not(found: Findings) -> None:
    other = msgspec.structs.replace(found, messages=found.messages + 1000)
    assert differences(found, found, GERMAN) == []
    (line,) = differences(found, other, GERMAN)
    assert line.startswith("Nachrichten insgesamt: ")
    page = write_report([("Eins", found), ("Zwei", other)], TITLES, GERMAN)
    assert line in page
    assert page.count("<section>") == 2


def test_a_late_week_is_named_with_who_was_away(found: Findings) -> None:
    week = msgspec.structs.replace(found.weeks[3], late=4, concerns=9, away=("Coach 2",))
    levels = tuple(msgspec.structs.replace(one, late=2) for one in found.acknowledged)
    late = msgspec.structs.replace(
        found, weeks=(*found.weeks[:3], week, *found.weeks[4:]), acknowledged=levels
    )
    sentence = summary(late, GERMAN)[1]
    assert "KW 4/2027" in sentence
    assert "Coach 2" in sentence


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0 Minuten"),
        (1.2, "1 Minute"),
        (119.0, "119 Minuten"),
        (210.0, "3,5 Stunden"),
        (4320.0, "3 Tage"),
    ],
)
def test_times_are_said_in_what_people_count_in(value: float, said: str) -> None:
    assert minutes(GERMAN, value) == said


@pytest.mark.parametrize("values", [(), (0.0,), (1.0, 7.0, 100.0), (12345.0,)])
def test_columns_stay_inside_their_picture(values: tuple[float, ...]) -> None:
    picture = draw(Columns(values, ["<1>"] * len(values), line=3.0), 'says "it" & more')
    for name in ("x", "y", "width", "height"):
        assert all(0 <= float(one) <= 640 for one in re.findall(rf' {name}="([^"]*)"', picture))
    assert "<1>" not in picture
    assert '"it"' not in picture
