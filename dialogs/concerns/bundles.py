# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Phrases made ready for the search, bundled by anchor.

A common word is the anchor of dozens of phrases, and each of them needs a rarer word as well, its partner.
All partners of a bundle lie in one mask: if the sentence has none of them, one look passes over all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import or_

import msgspec

from dialogs.concerns.patterns import NOTHING, Phrase

_COMMON_LENGTH = 3


class Hop(msgspec.Struct, frozen=True, gc=False):
    """From one word of a phrase to the next one, away from the anchor; sets of words are single bits."""

    bit: int
    gap: int
    crosses: bool
    not_next: int


class Ready(msgspec.Struct, frozen=True, gc=False):
    """One phrase, seen from its anchor; `before` and `after` begin with the word nearest to it."""

    number: int
    before: tuple[Hop, ...]
    after: tuple[Hop, ...]
    not_next: int
    not_before: int
    at_end: bool
    needs: int
    """The bits of all other words: a place without one of them cannot hold the phrase."""
    crosses: bool
    reach: int
    without: int
    is_plain: bool
    """True if the phrase is its anchor and nothing else."""


class Bundle(msgspec.Struct, frozen=True, gc=False):
    """The phrases of one anchor, in their order, each behind its needs.

    `alone` are those that need no other word. `partners` has one bit of each of the others, `far_partners`
    of those that may cross sentences.
    """

    phrases: tuple[tuple[int, Ready], ...]
    alone: tuple[tuple[int, Ready], ...]
    partners: int
    far_partners: int


def make_ready(number: int, phrase: Phrase, anchor: int, bit_of: Callable[[frozenset[str]], int]) -> Ready:
    """The phrase with its sets of words as bits; the anchor is the step of this number."""
    # That the anchor fits is known from where it was found, so its words need no bit of their own.
    steps = [
        Hop(0 if at == anchor else bit_of(step.words), step.gap, step.crosses, bit_of(step.not_next))
        for at, step in enumerate(phrase.steps)
    ]
    backward = [
        Hop(steps[at].bit, steps[at + 1].gap, steps[at + 1].crosses, steps[at].not_next)
        for at in range(anchor - 1, -1, -1)
    ]
    return Ready(
        number,
        tuple(backward),
        tuple(steps[anchor + 1 :]),
        steps[anchor].not_next,
        bit_of(phrase.not_before),
        phrase.at_end,
        needs=reduce(or_, (step.bit for step in steps)),
        crosses=phrase.crosses or any(step.crosses for step in steps),
        reach=phrase.reach,
        without=bit_of(phrase.without),
        is_plain=phrase == Phrase((phrase.steps[0],)) and phrase.steps[0].not_next == NOTHING,
    )


def bundle(phrases: Sequence[Ready], weights: Mapping[int, int]) -> Bundle:
    """The phrases of one anchor; `weights` tell how common the words of a bit are, unknown ones are rare.

    They know a bit by its place in the mask.
    """
    partners = far = 0
    for phrase in phrases:
        bits = [hop.bit for hop in phrase.before + phrase.after if hop.bit]
        if bits:
            partner = min(bits, key=lambda bit: weights.get(bit.bit_length() - 1, 0))
            partners, far = (partners, far | partner) if phrase.crosses else (partners | partner, far)
    each = tuple((phrase.needs, phrase) for phrase in phrases)
    return Bundle(each, tuple(pair for pair in each if not pair[1].needs), partners, far)


def mask_of_bits(places: Sequence[int]) -> int:
    """The mask whose bits at these places are set."""
    if not places:
        return 0
    # A mask of thousands of bits put together bit by bit would be copied as often.
    octets = bytearray(max(places) // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def sets_by_use(
    phrases: Sequence[Phrase], anchors: Sequence[int], common: Mapping[str, int]
) -> list[frozenset[str]]:
    """The sets of words that need a bit, those with the commonest words first.

    Everyday words then sit in the low bits, and the masks of most sentences are short numbers.
    """
    return sorted(
        dict.fromkeys(_sets_of(phrases, anchors)),
        key=lambda words: -sum(map(common.__getitem__, words & common.keys())),
    )


def _sets_of(phrases: Sequence[Phrase], anchors: Sequence[int]) -> Iterator[frozenset[str]]:
    for phrase, anchor in zip(phrases, anchors, strict=True):
        yield from (phrase.not_before, phrase.without)
        for at, step in enumerate(phrase.steps):
            yield from (step.not_next,) if at == anchor else (step.words, step.not_next)


def find_anchors(phrases: Sequence[Phrase]) -> list[int]:
    """The place of each phrase's rarest step: the one whose words the fewest phrases use.

    The shortest words are the commonest of a language, so they come last.
    """
    uses: Counter[str] = Counter()
    for phrase in phrases:
        uses.update(NOTHING.union(*(step.words for step in phrase.steps)))

    @cache
    def cost(words: frozenset[str]) -> tuple[bool, int]:
        return min(map(len, words)) <= _COMMON_LENGTH, sum(map(uses.__getitem__, words))

    anchors: list[int] = []
    for phrase in phrases:
        costs = [cost(step.words) for step in phrase.steps]
        anchors.append(costs.index(min(costs)))
    return anchors
