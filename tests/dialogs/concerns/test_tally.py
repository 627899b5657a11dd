# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogs.concerns import detect
from dialogs.concerns.rulebook import compile_rules
from dialogs.concerns.tally import WINDOW
from dialogs.scales import Level

BOOK = compile_rules(
    {
        "de.yaml": """\
language: de
words:
  fillers: doch
  negation: nicht
  conjunctions: und
  contrast: aber
  first_person: ich
  other_person: bruder
  reflexive: sich
phrases:
  past: ['früher']
signs:
  - {id: de.sign.alone, points: 3, patterns: ['allein']}
  - {id: de.sign.tired, points: 3, patterns: ['müde']}
  - {id: de.sign.leave, points: 4, patterns: ['abschied']}
  - {id: de.sign.game, points: -4, patterns: ['spiel']}
idioms:
  - {id: de.idiom.home, level: R0, patterns: [allein zu hause], hits: [allein zu hause], misses: [allein]}
tallies:
  - {id: de.tally.few, level: R2, points: 6, hits: ['allein und müde'], misses: ['allein']}
  - id: de.tally.many
    level: R3
    points: 7
    needs: [de.sign.leave]
    hits: ['allein, abschied']
    misses: ['allein und müde']
"""
    }
)
FAR = " ".join(one + other for one, other in list(product("bdfgkm", repeat=2))[: WINDOW + 1])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("allein", Level.R0),
        ("allein allein müden allein", Level.R0),
        ("allein und müde", Level.R2),
        ("Müde. Sehr. Und allein!", Level.R2),
        ("allein, müde, abschied", Level.R3),
        ("abschied, allein", Level.R3),
        # What calms counts wherever it stands near by.
        ("allein und müde vom spiel", Level.R0),
        ("spiel, allein und müde", Level.R0),
        (f"allein und müde {FAR} spiel", Level.R2),
        ("allein, müde und abschied vom spiel", Level.R2),
        # Two matters of one long message are not added up.
        (f"allein {FAR} müde", Level.R0),
        (f"allein, doch allein {FAR} müde", Level.R0),
        (f"allein {FAR} müde und allein", Level.R2),
        # Negated, past, another person's, in an idiom: no sign.
        ("nicht allein und müde", Level.R0),
        ("früher allein und müde", Level.R0),
        ("bruder allein, müde", Level.R0),
        ("allein zu hause und müde", Level.R0),
    ],
)
def test_signs_add_up(text: str, level: Level) -> None:
    assert detect(text, "de", BOOK).level is level


def test_a_tally_says_from_where_to_where() -> None:
    text = "Ach, bin allein und so müde heute"
    (hit,) = detect(text, "de", BOOK).hits
    assert (hit.rule, text[slice(*hit.span)]) == ("de.tally.few", "allein und so müde")


WORDS = st.lists(st.sampled_from(["allein", "müde", "abschied", "wort", "spiel"]), max_size=60)


# The third of the same words belongs to another sentence than the two before it.
@example(words=["spiel", "allein", "allein"], is_first=True)
@given(WORDS, st.booleans())
def test_a_sentence_hides_nothing_of_the_next(words: list[str], is_first: bool) -> None:
    sentences = [" ".join(words), "allein und müde"]
    if not is_first:
        sentences.reverse()
    assert detect(". ".join(sentences), "de", BOOK).level.rank >= Level.R2.rank


@given(WORDS)
def test_more_signs_never_make_a_message_less_urgent_unless_they_calm(words: list[str]) -> None:
    before = detect(" ".join(words), "de", BOOK).level
    after = detect(" ".join([*words, "abschied", "allein"]), "de", BOOK).level
    assert after.rank >= before.rank
