# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether a phrase stands at one place of a message: from its anchor to both sides, word by word."""

from __future__ import annotations

import msgspec

from dialogs.concerns.budget import Budget
from dialogs.concerns.bundles import FILLERS_IN_A_ROW, Bundle, Hop, Ready
from dialogs.concerns.normalise import Break, Words

_NEAR_BAG = 3


class View(msgspec.Struct, frozen=True):
    """A message as phrases are looked for in it, one item a word; concepts are added while it is read."""

    words: Words
    sets: list[frozenset[int]]
    """The numbers of the sets that each word belongs to."""
    bundles: list[tuple[Bundle, ...]]
    """The phrases that each word may anchor."""
    starts: list[int]
    """The first word of the sentence."""
    ends: list[int]
    """The word after the sentence's last."""
    near: list[set[int]]
    """For each word the partners in its sentence, by the numbers of their sets."""
    far: list[set[int]]
    """The same for phrases that may reach into another sentence: the partners that stand near at all."""
    fillers: int
    """The number of the set whose words may stand anywhere within a sequence."""
    budget: Budget


def match(phrase: Ready, view: View, anchor: int) -> tuple[int, int] | None:
    """The first and the last word of the phrase if it stands at this anchor."""
    if phrase.reach:
        return _bag(phrase, view, anchor)
    if phrase.not_next and not _may_follow(phrase.not_next, view, anchor):
        return None
    lasts = [anchor]
    for hop in phrase.after:
        lasts = _onward(lasts, hop, view, 1)
        if not lasts:
            return None
    if phrase.at_end:
        lasts = [place for place in lasts if _ends(place, view)]
    firsts = [anchor]
    for hop in phrase.before:
        firsts = _onward(firsts, hop, view, -1)
        if not firsts:
            return None
    if phrase.not_before:
        firsts = [place for place in firsts if not _precedes(phrase.not_before, view, place)]
    return (max(firsts), min(lasts)) if firsts and lasts else None


def _onward(places: list[int], hop: Hop, view: View, way: int) -> list[int]:
    """From these places to where the hop leads, in either direction (`way` is 1 or -1)."""
    sets, fillers = view.sets, view.fillers
    reached: list[int] = []
    words, gap, crosses, not_next = hop.words, hop.gap, hop.crosses, hop.not_next
    work = 0
    for place in places:
        left, fillers_left, at = gap, FILLERS_IN_A_ROW, place + way
        low, high = (0, len(sets)) if crosses else (view.starts[place], view.ends[place])
        while low <= at < high:
            here = sets[at]
            if words in here and at not in reached and (not not_next or _may_follow(not_next, view, at)):
                reached.append(at)
            if fillers_left and fillers in here:
                fillers_left -= 1
            elif left:
                left -= 1
            else:
                break
            at += way
        work += (at - place) * way
    view.budget.left -= work
    return reached


def _ends(place: int, view: View) -> bool:
    """True if a clause ends after this word, fillers apart."""
    at, breaks = place + 1, view.words.breaks
    while at < len(breaks) and breaks[at] == Break.NONE and view.fillers in view.sets[at]:
        at += 1
    return at == len(breaks) or breaks[at] > Break.NONE


def _bag(phrase: Ready, view: View, anchor: int) -> tuple[int, int] | None:
    sets = view.sets
    low = max(0 if phrase.crosses else view.starts[anchor], anchor - phrase.reach)
    high = min(len(sets) if phrase.crosses else view.ends[anchor], anchor + phrase.reach + 1)
    view.budget.left -= high - low
    found = _around(phrase, sets, anchor, low, high)
    if found is None:
        return None
    first, last = found
    if first < last and max(view.words.breaks[first + 1 : last + 1]) >= Break.HESITATION:
        # What stands in the same sentence belongs together rather than what is nearest.
        low, high = _without_pause(view, low, (anchor, anchor), high - 1)
        first, last = found = _around(phrase, sets, anchor, low, high + 1) or found
    return None if phrase.without and _is_near(phrase.without, view, first, last) else found


def _is_near(words: int, view: View, first: int, last: int) -> bool:
    """True if one of these words stands within `_NEAR_BAG` words, and no pause in between."""
    sets = view.sets
    if not any(words in each for each in sets[max(0, first - _NEAR_BAG) : last + _NEAR_BAG + 1]):
        return False
    low, high = _without_pause(view, first - _NEAR_BAG, (first, last), last + _NEAR_BAG)
    return any(words in each for each in sets[low : high + 1])


def _around(
    phrase: Ready, sets: list[frozenset[int]], anchor: int, low: int, high: int
) -> tuple[int, int] | None:
    first = last = anchor
    for hop in phrase.after:
        place = _nearest(hop.words, sets, anchor, low, high)
        if place is None:
            return None
        if place < first:
            first = place
        elif place > last:
            last = place
    return first, last


def _without_pause(view: View, low: int, core: tuple[int, int], high: int) -> tuple[int, int]:
    """From the first word of the core back to `low`, from its last on to `high`, as far as no pause comes.

    A pause may end a sentence, and what silences must not reach from one into the next.
    """
    (first, last), breaks = core, view.words.breaks
    while first > max(low, 0) and breaks[first] < Break.HESITATION:
        first -= 1
    while last < min(high, len(breaks) - 1) and breaks[last + 1] < Break.HESITATION:
        last += 1
    return first, last


def _nearest(words: int, sets: list[frozenset[int]], anchor: int, low: int, high: int) -> int | None:
    before = after = anchor
    while low <= before or after < high:
        if after < high and words in sets[after]:
            return after
        if low <= before and words in sets[before]:
            return before
        before, after = before - 1, after + 1
    return None


def _may_follow(not_next: int, view: View, at: int) -> bool:
    """False if the next word is one that must not follow this step."""
    following = at + 1
    return following >= view.ends[at] or not_next not in view.sets[following]


def _precedes(words: int, view: View, at: int) -> bool:
    return at > view.starts[at] and words in view.sets[at - 1]
