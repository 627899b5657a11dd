# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who comes along: every state meets every event."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.accompaniment import (
    ALLOWED,
    MOVES,
    Accompaniment,
    AccompanimentEvent,
    AccompanimentParty,
    AccompanimentState,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
S, E, P = AccompanimentState, AccompanimentEvent, AccompanimentParty


@pytest.mark.parametrize("event", AccompanimentEvent)
@pytest.mark.parametrize("state", AccompanimentState)
def test_every_state_and_event(state: AccompanimentState, event: AccompanimentEvent) -> None:
    one = Accompaniment(1, 1, 1, state, NOW)
    for party in AccompanimentParty:
        if not one.can(event, party):
            with pytest.raises(UnknownTransition):
                one.after(event, party, NOW)
            continue
        assert party in ALLOWED[event]
        assert one.after(event, party, NOW).state is MOVES[state, event]


def test_only_the_person_makes_an_offer_fixed_unless_all_have_agreed_by_word_of_mouth() -> None:
    ways = {
        (party, event)
        for (state, event), party in product(MOVES, AccompanimentParty)
        if MOVES[state, event] is S.CONFIRMED and Accompaniment(1, 1, 1, state, NOW).can(event, party)
    }
    assert ways == {(P.PERSON, E.CONFIRM), (P.STAFF, E.ARRANGE)}


def test_a_colleague_promises_only_what_they_were_asked_for() -> None:
    able = [s for s in S if Accompaniment(1, 1, 1, s, NOW).can(E.OFFER, P.COMPANION)]
    assert able == [S.ASKED]
