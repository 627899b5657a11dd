# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The small language in which rules describe phrases.

====================  ===========================================================================
`wort`                exactly this word, after folding (`normalise.fold`)
`stamm*` `*ende`      every word that begins or ends so (at least three letters)
`a|b|stamm*`          one of these words
`41`                  this number, of up to four digits
`#`  `##`             any number; a number from `normalise.LARGE_FROM` on
`<begriff>`           where a phrase of the language's `concepts` ends; may stand among words: `a|<b>`
`{familie}`           a named part of a pattern from the language's `families`, put in as text
`(a b / c / )`        one of these sequences; the last one here is empty
`..3`                 up to three other words may stand here, in the same sentence; at an end: nothing
`~8`                  the same, and the sentence may end in between
`!a|b`                the next word is none of these; at the start of a pattern: the word before
`$`                   the clause or sentence ends here
====================  ===========================================================================

Words listed as `fillers` may stand between any two words of a sequence. A concept whose pattern is another
concept stands for it; among other words of a concept's pattern only the single words of another one count.

The words of German change places freely, so a pattern may also be a bag: `a & b|<c> & !d @6` finds a, b
and no d in any order. All of them stand in one sentence, at most six words from the rarest one; without
`@6` it is nine; with `@~6` the sentence may end in between. What is left out by `!` must not stand within
three words of the outermost ones; one word may be good for two parts of a bag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from dialogs.concerns.normalise import LARGE_NUMBER, LONGEST_WORD_NUMBER, SMALL_NUMBER, fold

_NUMBERS = (SMALL_NUMBER, LARGE_NUMBER)
_PARTS = re.compile(r"\([^()]*\)|[()/]|[^\s()/]+")
_FAMILY = re.compile(r"\{(\w+)\}")
_GAP = re.compile(r"(\.\.|~)(\d{1,2})")
_REACH = re.compile(r"@(~?)(\d{1,2})$")
_NO_WORD = ".~"
_PLAIN = re.compile(r"[\w#<*]")
_CONCEPT = re.compile(r"<[\w-]+>")
_NOT_IN_BAGS = re.compile(r"[\s()/$]|\.\.|~")
_MOST_SEQUENCES = 100
_SHORTEST_STEM = 3
_BAG_REACH = 9

NOTHING: frozenset[str] = frozenset()


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


class Step(msgspec.Struct, frozen=True, gc=False):
    """One word of a phrase: folded words (stems end in `*`), and what may stand before and after it."""

    words: frozenset[str]
    gap: int = 0
    crosses: bool = False
    not_next: frozenset[str] = NOTHING


class Phrase(msgspec.Struct, frozen=True, gc=False):
    """One sequence of words to look for; or, with a `reach` above 0, words near each other in any order.

    `without` are words that must not stand near a bag.
    """

    steps: tuple[Step, ...]
    not_before: frozenset[str] = NOTHING
    at_end: bool = False
    reach: int = 0
    crosses: bool = False
    without: frozenset[str] = NOTHING


def parse(pattern: str, families: Mapping[str, str]) -> tuple[Phrase, ...]:
    """All sequences that a pattern stands for. Raises `PatternError`."""
    text = _put_in(pattern, families)
    if "&" in text:
        return (_bag(text),)
    parts = _PARTS.findall(text)
    sequences, rest = _alternatives(parts, 0)
    if rest != len(parts):
        raise PatternError("a bracket closes that was never opened")
    return tuple(_phrase(sequence) for sequence in dict.fromkeys(sequences))


def using(phrases: Sequence[Phrase], words: frozenset[str]) -> frozenset[int]:
    """The numbers of the phrases in which one of the words stands as such."""
    return frozenset(
        number
        for number, phrase in enumerate(phrases)
        if not all(step.words.isdisjoint(words) for step in phrase.steps)
    )


def _put_in(pattern: str, families: Mapping[str, str]) -> str:
    def family(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in families:
            raise PatternError(f"no family is called {name!r}")
        return families[name]

    for _ in range(4):
        if "{" not in pattern:
            return pattern
        pattern = _FAMILY.sub(family, pattern)
    raise PatternError("families nest too deep or a brace stands alone")


def _bag(text: str) -> Phrase:
    reach = _REACH.search(text)
    steps: list[Step] = []
    without = NOTHING
    for part in (text[: reach.start()] if reach else text).split("&"):
        word = part.strip()
        if not _may_stand_in_bag(word):
            raise PatternError(f"{word!r}: a bag holds single words and concepts")
        if word.startswith("!"):
            without |= _words(word[1:])
        else:
            steps.append(_step(word))
    if not steps:
        raise PatternError("no word to look for")
    size, crosses = (int(reach[2]), bool(reach[1])) if reach else (_BAG_REACH, False)
    return Phrase(tuple(steps), reach=size, crosses=crosses, without=without)


# Families stand in hundreds of patterns, so the same texts come again and again: they are read once.
@cache
def _may_stand_in_bag(word: str) -> bool:
    return bool(word) and not _NOT_IN_BAGS.search(word)


def _alternatives(parts: list[str], at: int) -> tuple[list[tuple[str, ...]], int]:
    """Read `a b / c` up to a closing bracket or the end; give the sequences and the next place."""
    done: list[tuple[str, ...]] = []
    current: list[tuple[str, ...]] = [()]
    while at < len(parts) and (part := parts[at]) != ")":
        at += 1
        if part == "/":
            done += current
            current = [()]
            continue
        if part[0] != "(":
            current = [(*head, part) for head in current]
        else:
            following, at = _bracket(parts, at) if part == "(" else (_innermost(part[1:-1]), at)
            current = [head + tail for head in current for tail in following]
        if len(current) + len(done) > _MOST_SEQUENCES:
            raise PatternError(f"more than {_MOST_SEQUENCES} sequences: split the pattern")
    return done + current, at


def _bracket(parts: list[str], at: int) -> tuple[list[tuple[str, ...]], int]:
    inner, end = _alternatives(parts, at)
    if end == len(parts):
        raise PatternError("a bracket is never closed")
    return _merged(inner), end + 1


@cache
def _innermost(bracket: str) -> list[tuple[str, ...]]:
    return _merged(_alternatives(_PARTS.findall(bracket), 0)[0])


def _merged(sequences: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Take the alternatives that are a single word together, so that few sequences remain."""
    if len(sequences) == 1 and len(sequences[0]) > 1:
        # Mostly "(nobody|no one)", which would mean "nobody|no" and then "one".
        raise PatternError("a bracket holds one sequence only: sequences are parted by /")
    singles = [parts[0] for parts in sequences if len(parts) == 1 and _PLAIN.match(parts[0])]
    if len(singles) < 2:
        return sequences
    longer = [parts for parts in sequences if len(parts) != 1 or not _PLAIN.match(parts[0])]
    return [("|".join(singles),), *longer]


def _phrase(sequence: tuple[str, ...]) -> Phrase:
    steps: list[Step] = []
    not_before, at_end = NOTHING, False
    gap, crosses = 0, False
    for part in sequence:
        if at_end:
            raise PatternError("nothing may follow $")
        space = _GAP.fullmatch(part) if part[0] in _NO_WORD else None
        if space:
            gap, crosses = gap + int(space[2]), crosses or space[1] == "~"
        elif part == "$":
            at_end = True
        elif part[0] != "!":
            steps.append(_step(part, gap, crosses))
            gap, crosses = 0, False
        elif steps:
            steps[-1] = msgspec.structs.replace(steps[-1], not_next=_words(part[1:]))
        else:
            not_before = _words(part[1:])
    if not steps:
        raise PatternError("no word to look for")
    return Phrase(tuple(steps), not_before, at_end)


@cache
def _step(alternatives: str, gap: int = 0, crosses: bool = False) -> Step:
    return Step(_words(alternatives), gap, crosses)


@cache
def _words(alternatives: str) -> frozenset[str]:
    words = frozenset(map(_word, alternatives.split("|")))
    return words | {LARGE_NUMBER} if SMALL_NUMBER in words else words


@cache
def _word(part: str) -> str:
    if part in _NUMBERS or (part[:1] == "<" and _CONCEPT.fullmatch(part)):
        return part
    folded = fold(part.strip("*"))
    if not folded:
        raise PatternError(f"{part!r} is no word")
    if folded.isdecimal() and len(folded) > LONGEST_WORD_NUMBER:
        raise PatternError(f"{part!r}: a number of more than {LONGEST_WORD_NUMBER} digits is ##")
    if "*" not in part:
        return folded
    starts, ends = part[0] == "*", part[-1] == "*"
    if (starts or ends) and len(folded) < _SHORTEST_STEM:
        raise PatternError(f"the stem {part!r} is shorter than {_SHORTEST_STEM} letters")
    return f"{'*' * starts}{folded}{'*' * ends}"
