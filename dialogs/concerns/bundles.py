# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Phrases made ready for the search, bundled by anchor.

A common word is the anchor of dozens of phrases, and each of them needs a rarer word as well, its partner.
A bundle knows its phrases by their partners, so only those are looked for whose partner is in the message.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

import msgspec

from dialogs.concerns.patterns import NOTHING, Phrase

NO_SET = 0
"""The number of the set that has no words; every other set has a number above it."""
FILLERS_IN_A_ROW = 4
NEARBY = 40
"""A partner that may stand farther away, counted in words, stands there in every long message."""
_COMMON_LENGTH = 3


class Hop(msgspec.Struct, frozen=True, gc=False):
    """From one word of a phrase to the next one, away from the anchor; sets of words are known by number."""

    words: int
    gap: int
    crosses: bool
    not_next: int


class Ready(msgspec.Struct, frozen=True, gc=False):
    """One phrase, seen from its anchor; `before` and `after` begin with the word nearest to it.

    A bag has its other words in `after`, in any order.
    """

    number: int
    before: tuple[Hop, ...]
    after: tuple[Hop, ...]
    not_next: int
    not_before: int
    at_end: bool
    crosses: bool
    reach: int
    without: int
    partner: int
    """The rarest of its other words, or `NO_SET` if it has none."""
    low: int
    """From here to `high`, counted in words from the anchor, the partner may stand."""
    high: int
    is_far: bool
    """True if the partner may stand in another sentence."""
    is_plain: bool
    """True if the phrase is its anchor and nothing else."""


class Bundle(msgspec.Struct, frozen=True, gc=False):
    """Phrases of one anchor: those that need no other word, and the others by their `partners`.

    The partners stand in the sentence of the anchor; in a bundle that `is_far`, perhaps in another one.
    """

    alone: tuple[Ready, ...]
    partnered: dict[int, tuple[Ready, ...]]
    partners: frozenset[int]
    is_far: bool


def make_ready(
    number: int, phrase: Phrase, anchor: int, partner: int | None, number_of: Mapping[frozenset[str], int]
) -> Ready:
    """The phrase with its sets of words by number; anchor and partner are places among its steps."""
    # That the anchor fits is known from where it was found, so its words need no number of their own.
    steps = [
        Hop(
            NO_SET if at == anchor else number_of[step.words],
            step.gap,
            step.crosses,
            number_of[step.not_next],
        )
        for at, step in enumerate(phrase.steps)
    ]
    after, not_next = steps[anchor + 1 :], steps[anchor].not_next
    before = [
        Hop(steps[at].words, steps[at + 1].gap, steps[at + 1].crosses, steps[at].not_next)
        for at in range(anchor - 1, -1, -1)
    ]
    if phrase.reach:
        # Where the partner stands is known before, so it is another one that is missing if any is.
        after = sorted(steps[:anchor] + after, key=lambda hop: partner is not None and hop is steps[partner])
        before = []
    low, high = (0, 0) if partner is None else _range(phrase, anchor, partner)
    if max(-low, high) > NEARBY:
        partner = None
    return Ready(
        number,
        tuple(before),
        tuple(after),
        not_next,
        number_of[phrase.not_before],
        phrase.at_end,
        phrase.crosses,
        phrase.reach,
        number_of[phrase.without],
        NO_SET if partner is None else steps[partner].words,
        low,
        high,
        is_far=partner is not None and parts_sentences(phrase, anchor, partner),
        is_plain=is_plain(phrase),
    )


def is_plain(phrase: Phrase) -> bool:
    """True if the phrase is one word and nothing else."""
    return phrase == Phrase((phrase.steps[0],)) and phrase.steps[0].not_next == NOTHING


def _range(phrase: Phrase, anchor: int, partner: int) -> tuple[int, int]:
    """Between which places, counted from the anchor, the partner may stand."""
    if phrase.reach:
        return -phrase.reach, phrase.reach
    between = phrase.steps[min(anchor, partner) + 1 : max(anchor, partner) + 1]
    nearest, farthest = len(between), sum(step.gap + 1 + FILLERS_IN_A_ROW for step in between)
    return (nearest, farthest) if partner > anchor else (-farthest, -nearest)


def parts_sentences(phrase: Phrase, anchor: int, partner: int) -> bool:
    """Whether a sentence may end between the anchor and the partner."""
    if phrase.reach:
        return phrase.crosses
    first, last = min(anchor, partner), max(anchor, partner)
    return any(step.crosses for step in phrase.steps[first + 1 : last + 1])


def bundles(phrases: Sequence[Ready]) -> Iterator[Bundle]:
    """The phrases of one anchor: those within a sentence, then those that may reach across."""
    near = [phrase for phrase in phrases if not phrase.is_far]
    far = [phrase for phrase in phrases if phrase.is_far]
    for those in filter(None, (near, far)):
        partnered = defaultdict[int, list[Ready]](list)
        for phrase in those:
            partnered[phrase.partner].append(phrase)
        alone = tuple(partnered.pop(NO_SET, ()))
        by_partner = {partner: tuple(those) for partner, those in partnered.items()}
        yield Bundle(alone, by_partner, frozenset(by_partner), those is far)


def find_partner(
    phrase: Phrase, anchor: int, weight: Callable[[frozenset[str]], int], most: int
) -> int | None:
    """The place of the phrase's rarest step but the anchor, unless it is more common than `most`.

    `weight` tells how common words are.
    """
    weights = {at: weight(step.words) for at, step in enumerate(phrase.steps) if at != anchor}
    partner = min(weights, key=weights.__getitem__, default=None)
    return None if partner is None or weights[partner] > most else partner


def sets_needed(phrases: Sequence[Phrase], anchors: Sequence[int]) -> Iterator[frozenset[str]]:
    """The sets of words that need a number, some of them several times."""
    for phrase, anchor in zip(phrases, anchors, strict=True):
        yield from (phrase.not_before, phrase.without)
        for at, step in enumerate(phrase.steps):
            yield from (step.not_next,) if at == anchor else (step.words, step.not_next)


def find_anchors(phrases: Sequence[Phrase], weighed: Sequence[Phrase]) -> list[int]:
    """The place of each phrase's rarest step: the one whose words the fewest of `weighed` use.

    The shortest words are the commonest of a language, so they come last.
    """
    uses: Counter[str] = Counter()
    for phrase in weighed:
        uses.update(NOTHING.union(*(step.words for step in phrase.steps)))

    @cache
    def cost(words: frozenset[str]) -> tuple[bool, int]:
        return min(map(len, words)) <= _COMMON_LENGTH, sum(map(uses.__getitem__, words))

    anchors: list[int] = []
    for phrase in phrases:
        costs = [cost(step.words) for step in phrase.steps]
        anchors.append(costs.index(min(costs)))
    return anchors
