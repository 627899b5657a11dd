# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.concerns import detect
from dialogs.concerns.budget import WORK, Budget
from dialogs.concerns.detect import BUDGET, Hit
from dialogs.concerns.modifiers import Marks
from dialogs.concerns.normalise import _pieces_kept, split
from dialogs.concerns.rulebook import rulebook
from dialogs.concerns.rules import Kind
from dialogs.scales import Level

ACUTE = "ich will sterben"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        # Negation, the past and other persons take one level away, never more.
        ("Ich will sterben", Level.R3),
        ("Ich will nicht sterben", Level.R2),
        ("Ich will mich nicht umbringen.", Level.R2),
        ("Ich will mich nicht umbringen, aber ich habe Angst davor", Level.R3),
        ("Ich weiß nicht wohin, ich will sterben", Level.R3),
        ("Ich kann nicht mehr will sterben", Level.R3),
        ("Ich schlafe nicht und will sterben", Level.R3),
        ("Mein Bruder will sterben", Level.R2),
        ("Mein Bruder hat gestern schon dreimal gesagt will sterben", Level.R2),
        ("Mein Bruder sagt, ich will sterben", Level.R3),
        ("Früher wollte ich sterben", Level.R2),
        ("Früher wollte ich sterben und jetzt wieder", Level.R3),
        ("Mein Bruder wollte früher nicht sterben", Level.R2),
        ("Keine Suizidgedanken", Level.R1),
        # Only listed idioms raise nothing, and only where they stand.
        ("Ich sterbe vor Hunger", Level.R0),
        ("Ich sterbe vor Hunger. Ich will sterben", Level.R3),
        ("Das Spiel ist aus, ich will sterben", Level.R3),
        ("Schluss mit dem Spiel... ich will sterben", Level.R3),
        ("Ich lese ein Buch und will sterben", Level.R3),
        ("Hab mich totgelacht, aber ich will nicht mehr leben", Level.R3),
        # Spelling.
        ("ICH WILL STEEERBEN", Level.R3),
        ("ich moechte mich umbringen", Level.R3),
        ("ich möchte mich umb\u200bringen", Level.R3),
        ("ich mo\u0308chte sterben", Level.R3),
        ("ich will mich u.m.b.r.i.n.g.e.n", Level.R3),
        ("ich hab suizitgedanken", Level.R2),
        ("hab alle 💊 genommen", Level.R3),
        # Run together, taken apart, cut short, in dialect.
        ("ichwillnichtmehrleben", Level.R3),
        ("umbringenwill ich mich", Level.R3),
        ("ich will mich um bringen", Level.R3),
        ("selbst mord gedanken", Level.R2),
        ("will sterbn", Level.R3),
        ("ick will ned mehr läbn", Level.R3),
        ("i mog nimma", Level.R2),
        # The words in any order.
        ("leben will ich so nicht mehr", Level.R3),
        ("nicht mehr leben, das will ich", Level.R3),
        ("Ich will nicht mehr bei meinen Eltern leben", Level.R0),
        ("Mit dieser Angst kann ich nicht mehr leben", Level.R3),
        # Words that only look alike.
        ("Das Brot ist rot", Level.R0),
        ("Ich will die Unterlagen lesen", Level.R0),
        ("", Level.R0),
        ("👍👍👍", Level.R0),
        ("?!", Level.R0),
    ],
)
def test_levels(text: str, level: Level) -> None:
    assert detect(text).level is level


def test_a_hit_says_what_where_and_how_urgent_before_and_after() -> None:
    text = "Hallo 👋, nein: Ich WÜRDE nicht sterben wollen"
    (hit,) = [hit for hit in detect(text).hits if hit.rule == "de.suicide.die"]
    assert text[slice(*hit.span)] == "WÜRDE nicht sterben"
    assert (hit.level_before, hit.level) == (Level.R3, Level.R2)


def test_hits_come_most_urgent_first() -> None:
    levels = [hit.level.rank for hit in detect("Ich bin so allein. Ich ritze mich. Ich will sterben.").hits]
    assert levels == sorted(levels, reverse=True)
    assert set(levels) == {3, 2, 1}


def test_hits_that_are_equal_in_all_else_come_in_the_order_of_their_names() -> None:
    for rule in rulebook().rules:
        for text in rule.hits:
            hits = detect(text, rule.language).hits
            assert list(hits) == sorted(hits, key=_urgency)


def _urgency(hit: Hit) -> tuple[int, int, tuple[int, int], str]:
    return -hit.level.rank, -hit.level_before.rank, hit.span, hit.rule


@pytest.mark.parametrize("language", ["de", "en", "uk", "so", "", "de-AT", "xx-unknown"])
def test_acute_rules_of_every_language_count_whatever_the_setting(language: str) -> None:
    for text in ("ich will sterben", "i want to die", "хочу померти", "ölmek istiyorum", "chcę umrzeć"):
        assert detect(text, language).level is Level.R3


def test_mild_rules_count_in_german_and_the_own_language() -> None:
    assert detect("please call me", "en").level is Level.R1
    assert detect("please call me", "en-GB").level is Level.R1
    assert detect("please call me", "de").level is Level.R0
    assert detect("Bitte rufen Sie mich an", "en").level is Level.R1


WORDS = sorted(
    {word for rule in rulebook().rules for text in rule.hits + rule.misses for word in text.split()}
)
MESSAGES = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([*WORDS, ".", ",", "\n", "💊"]), max_size=40).map(" ".join),
)


@given(MESSAGES, st.sampled_from(["de", "en", "ar", ""]))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_sound_hits(text: str, language: str) -> None:
    detection = detect(text, language)
    ranks = [hit.level.rank for hit in detection.hits]
    assert detection.level.rank == max(ranks, default=0)
    assert ranks == sorted(ranks, reverse=True)
    for hit in detection.hits:
        start, end = hit.span
        assert 0 <= start < end <= len(text)
        assert hit.level.rank <= hit.level_before.rank


@given(st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_an_acute_sentence_is_never_lost_among_others(before: str) -> None:
    assert detect(f"{before}. {ACUTE}").level is Level.R3


@pytest.mark.parametrize("dots", [".", "..", "...", "…"])
def test_what_was_earlier_does_not_calm_across_dots(dots: str) -> None:
    assert detect(f"Früher Termin{dots} {ACUTE}").level is Level.R3


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a ",
        "ich will ",
        "umbringen ",
        "ich will nicht mehr ",
        "sterbe vor ",
        "💊",
        "ä\u0308\u0308",
        "a.a_",
        "1",
        "!",
        "\u200b",
    ],
)
def test_a_very_long_message_takes_work_in_proportion(unit: str) -> None:
    """Work is counted in calls, which are the same in every run; seconds are a matter of `benchmarks/`."""

    def calls(length: int) -> int:
        text, made = (unit * length)[:length], 0

        def count(frame: FrameType, event: str, arg: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            detect(text)
        finally:
            sys.setprofile(before)
        return made

    short, long = calls(10_000), calls(100_000)
    assert long <= 11 * short
    # However many rules there are: the budget of work bounds them.
    assert long <= 3 * WORK


def test_an_acute_end_of_a_very_long_message_is_found() -> None:
    assert detect("bla " * 25_000 + ACUTE).level is Level.R3


HOSTILE = "nicht mehr leben. " * 6_000


def test_a_text_that_costs_too_much_work_is_for_a_person_to_read() -> None:
    detection = detect(HOSTILE)
    (hit,) = [hit for hit in detection.hits if hit.rule == BUDGET]
    assert (hit.span, hit.level, hit.level_before) == ((0, len(HOSTILE)), Level.R2, Level.R2)
    assert detection.level.rank >= Level.R2.rank


def test_each_word_that_may_begin_something_takes_work() -> None:
    index = rulebook().index
    view = index.view(split("Morgen gehe ich einkaufen"))
    index.find(view, 20)
    assert view.budget.left <= WORK - 4


def test_the_search_stops_where_the_work_ran_out() -> None:
    book = rulebook()
    view = book.view(HOSTILE * 3)
    book.index.find(view, 20)
    assert -WORK / 100 < view.budget.left < 0


def test_a_search_for_concepts_that_runs_out_leaves_the_other_its_work() -> None:
    view = rulebook().view(ACUTE)
    view.budget.left = -1
    view.budget.renew()
    assert view.budget == Budget(WORK, ran_out_before=True)
    assert view.budget.ran_out


def test_what_was_found_before_the_work_ran_out_counts() -> None:
    detection = detect(f"{ACUTE}. {HOSTILE}")
    assert detection.level is Level.R3
    assert BUDGET in {hit.rule for hit in detection.hits}


def test_messages_of_a_usual_length_need_a_small_part_of_the_work() -> None:
    book = rulebook()
    examples = " ".join(text for rule in book.rules for text in rule.hits if rule.language == "de")
    for start in range(0, len(examples), 4_096):
        view = book.view(examples[start : start + 4_096])
        book.index.find(view, 20)
        assert not view.budget.ran_out
        assert view.budget.left > 0.9 * WORK


@pytest.mark.parametrize("letters", ["xy", "яы"])
def test_long_words_are_not_kept_so_that_no_message_fills_the_memory(letters: str) -> None:
    book = rulebook()
    kept = [_pieces_kept, book.index._kept, book.transliteration._shown, book.joints._kept]
    for each in kept:
        each.cache_clear()
    detect(" ".join(letters * times for times in range(16, 60)))
    assert [each.cache_info().currsize for each in kept] == [0, 0, 0, 0]


def test_marks_are_kept_in_the_order_of_the_kinds() -> None:
    assert Marks._fields == tuple(Kind)
