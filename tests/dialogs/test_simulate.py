# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Playing by hand: time that goes by, what cannot be played, and transcripts that come back the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.book import DialogBook
from dialogs.engine import Facts
from dialogs.shipped import shipped_dialogs
from dialogs.simulate import MOST_TIMEOUTS, Line, Play, UnplayableLineError
from dialogs.transcripts import Transcript, facts_of, office_hours, read, write
from tests.dialogs.probe import BOOK, FACTS, NOW, dialog

FLOWS = sorted(each.id for each in shipped_dialogs())


def noted(lines: list[Line]) -> list[str]:
    return [line["noted"] for line in lines if "noted" in line]


def test_waiting_times_end_at_their_own_moment() -> None:
    play = Play(BOOK, "probe", FACTS, NOW)
    assert play.take({"waits": "59 minutes"}) == []
    assert noted(play.take({"waits": "1 minute"})) == ["waits 60 minutes"]
    assert play.now == NOW + timedelta(hours=1)
    # The reminder's own hour ends on the way; the day goes on to its end.
    assert noted(play.take({"waits": "1 day"})) == ["concern R1 silent", "end completed"]
    assert (play.is_over, play.now) == (True, NOW + timedelta(hours=25))
    assert play.take({"person": "Hallo"}) == []


def test_an_answered_question_no_longer_waits() -> None:
    play = Play(BOOK, "probe", FACTS, NOW)
    play.take({"presses": "7"})
    assert play.take({"waits": "3 days"}) == []
    assert not play.is_over


def test_the_clock_moves_dates() -> None:
    ask = dialog("  day: {date: {de: Wann?, en: When?}, earliest: 0, latest: 9}\n  done: {end: completed}\n")
    play = Play(DialogBook([ask]), "probe", FACTS, NOW)
    play.take({"waits": "2 days"})
    assert noted(play.take({"person": "morgen"}))[0] == "answer day = 2026-11-26 (neutral)"


def test_a_dialog_that_asks_every_second_does_not_go_on_for_ever() -> None:
    ask = dialog(
        "  a: {yes_no: {de: Ja?, en: Yes?}, timeout: {after: 1 second, next: a}}\n  done: {end: x}\n"
    )
    play = Play(DialogBook([ask]), "probe", FACTS, NOW)
    assert len(noted(play.take({"waits": "52 weeks"}))) == MOST_TIMEOUTS


@pytest.mark.parametrize(
    "line",
    [
        {"presses": "Vielleicht"},
        {"presses twice": "7"},
        {"waits": "ein Tag"},
        {"waits": "999999 weeks"},
        {"lotse": "Hallo"},
        {"noted": "end completed"},
    ],
)
def test_what_cannot_be_played_changes_nothing(line: Line) -> None:
    play = Play(BOOK, "probe", FACTS, NOW)
    before = list(play.lines)
    with pytest.raises(UnplayableLineError):
        play.take(line)
    assert (play.lines, play.now) == (before, NOW)


TYPED = st.text(st.characters(codec="utf-8"), max_size=30).map(str.strip).filter(bool)
SIDE = st.one_of(
    st.builds(lambda text: {"person": text}, TYPED),
    st.builds(lambda number: {"presses": str(number)}, st.integers(0, 30)),
    st.sampled_from(
        [{"waits": "1 day"}, {"waits": "the time is over"}, {"sends": "sticker"}, {"person": "Ja"}]
    ),
)


@settings(max_examples=60)
@given(st.sampled_from(FLOWS), st.sampled_from(["de", "en"]), st.lists(SIDE, max_size=8))
def test_a_transcript_is_read_back_as_it_was_played(flow: str, language: str, side: list[Line]) -> None:
    facts = Facts(language, {"coach": "Frau Beispiel", "read_now": True})
    begin = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    play = Play(shipped_dialogs(), flow, facts, begin)
    for line in side:
        buttons = play.buttons
        if "presses" not in line:
            play.take(line)
        elif buttons:
            play.take({"presses": buttons[int(line["presses"]) % len(buttons)]})
    text = write(Transcript(flow, language, begin, dict(facts.values), play.lines))
    script = yaml.safe_load(text)
    assert script["conversation"] == play.lines
    assert (script["flow"], script["language"], script["facts"]) == (flow, language, facts.values)
    assert datetime.fromisoformat(script["at"]) == begin


LONG = dialog(
    """
  hello:
    say: {de: Guten Tag., en: Hello.}
    picture: {file: pilot_boat.png, alt: {de: Ein Boot., en: A boat.}}
  again: {instrument: phq4}
  mood: {scale: {de: Wie geht es?, en: How are you?}, data: health, optional: yes}
  counted: {score: own_items}
  rest: {wait: 2 days}
  more: {branch: {when: own_items.mood <= 3, next: mood}}
  done: {end: completed}
""",
    name="long",
    head="timeout: {after: 1 day}\n",
)


def played(*lines: Line, facts: Facts = FACTS) -> Play:
    play = Play(DialogBook([LONG]), "long", facts, NOW)
    for line in lines:
        play.take(line)
    return play


def test_what_is_not_asked_and_what_a_picture_shows_is_noted() -> None:
    lines = played().lines
    assert lines[:2] == [{"lotse": "Guten Tag."}, {"picture": "Ein Boot."}]
    assert lines[2] == {"noted": "phq4 is not asked: switched_off"}


def test_scores_are_noted_and_belong_to_the_history_from_then_on() -> None:
    play = played({"presses": "3"})
    assert noted(play.lines)[-3:] == [
        "answer mood = 3 (health)",
        "score own_items.mood = 3",
        "sleeps 2880 minutes",
    ]
    # Two days later the branch sees the score, and the same question comes again.
    assert noted(play.take({"waits": "2 days"})) == ["waits 1440 minutes"]
    play.take({"presses": "9"})
    assert noted(play.take({"waits": "the time is over"})) == ["end completed"]


def test_what_cannot_be_computed_says_why() -> None:
    play = played({"presses": "Überspringen"})
    assert "score own_items.mood: not computable (missing mood)" in noted(play.lines)
    assert noted(play.take({"waits": "3 days"})) == ["end completed"]


def test_later_sleeps_and_what_expires_in_the_middle_is_partial() -> None:
    play = played(facts=Facts("de", {}, packs_on=frozenset({"phq4"})))
    play.take({"presses": "Einzelne Tage" if "Einzelne Tage" in play.buttons else play.buttons[1]})
    assert noted(play.take({"person": "später"})) == ["sleeps 180 minutes"]
    assert noted(play.take({"waits": "3 hours"})) == ["waits 1440 minutes"]
    expired = noted(play.take({"waits": "the time is over"}))
    assert expired[0] == "score phq4.total: not computable (missing gad_2, phq_1, phq_2)"
    assert expired[-1] == "end expired, partial"


def test_a_transcript_keeps_what_was_known_when_it_began() -> None:
    begun = Transcript(
        "long", "de", NOW, {"coach": "Frau Beispiel"}, [], {"own_items.mood": [5, 6]}, ["phq4"], True
    )
    assert read(write(begun)) == begun
    facts = facts_of(begun, DialogBook([LONG]).packs)
    assert [getattr(score, "value", None) for score in facts.history["own_items.mood"]] == [5, 6]
    duty = facts.duty(NOW)
    assert (facts.packs_on, duty is not None and duty.has_on_call) == (frozenset({"phq4"}), True)
    assert facts_of(Transcript("long", "de"), {}).duty(NOW) is None


@pytest.mark.parametrize(
    ("day", "is_open", "following"), [(23, True, 24), (27, True, 30), (28, False, 30), (29, False, 30)]
)
def test_somebody_is_there_on_workdays(day: int, is_open: bool, following: int) -> None:
    duty = office_hours(datetime(2026, 11, day, 12, 0, tzinfo=UTC))
    assert (duty.opening is not None, duty.next_workday.day) == (is_open, following)
    if duty.opening and duty.closing:
        assert (duty.opening.astimezone(UTC).hour, duty.closing.astimezone(UTC).hour) == (7, 15)
