# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A pack: every state with every event and every party; and what a choice puts in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.handover_packs import (
    ALLOWED,
    MOVES,
    Choice,
    HandoverPack,
    Line,
    PackEvent,
    PackParty,
    PackState,
    Part,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PACK = HandoverPack(1, 1, 1, PackState.OPEN, None, NOW, NOW)
STAFF, PERSON = PackParty.STAFF, PackParty.PERSON
BOTH = {("offer", STAFF), ("name", STAFF), ("close", STAFF), ("choose", PERSON)}
EXPECTED: dict[PackState, set[tuple[str, PackParty]]] = {
    PackState.OPEN: BOTH | {("finish", PERSON)},
    PackState.CHOSEN: BOTH | {("send", STAFF)},
    PackState.CLOSED: set(),
}
LINES = tuple(Line(part, f"{part}:{number}", f"{part} {number}") for part in Part for number in (1, 2))


@pytest.mark.parametrize("state", PackState)
def test_every_event_in_every_state(state: PackState) -> None:
    pack = replace(PACK, state=state)
    for event, party in product(PackEvent, PackParty):
        if (event.value, party) in EXPECTED[state]:
            assert pack.after(event, party, NOW).state is MOVES[state, event]
        else:
            with pytest.raises(UnknownTransition):
                pack.after(event, party, NOW)


def test_only_the_person_says_what_is_in_it() -> None:
    assert {event for event, party in ALLOWED.items() if party is PERSON} == {
        PackEvent.CHOOSE,
        PackEvent.FINISH,
    }
    assert PACK.after(PackEvent.FINISH, PERSON, NOW).version == 1


@given(taken=st.sets(st.sampled_from(Part)), numbers=st.lists(st.integers(1, 10), max_size=4))
def test_what_was_not_taken_is_never_in_it(taken: set[Part], numbers: list[int]) -> None:
    choice, gone = Choice(), set[str]()
    for part in taken:
        choice = choice.with_part(part, is_in=True)
    for number in numbers:
        shown = choice.chosen(LINES)
        choice = Choice(parts=choice.parts, left_out=choice.left_out, shown=shown)
        if number <= len(shown):
            choice = choice.without(number)
            gone.add(shown[number - 1].key)
            assert choice.shown == ()
        else:
            with pytest.raises(IndexError):
                choice.without(number)
    expected = tuple(line for line in LINES if line.part in taken and line.key not in gone)
    assert choice.chosen(LINES) == expected
    for part in Part:
        choice = choice.with_part(part, is_in=False)
    assert choice.chosen(LINES) == ()
