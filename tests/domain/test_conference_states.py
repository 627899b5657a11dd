# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every state of a conference with every event and every party."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.conferences import (
    ALLOWED,
    MOVES,
    SHEET_BEFORE,
    Agenda,
    Conference,
    ConferenceEvent,
    ConferenceKind,
    ConferenceParty,
    ConferenceState,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
S, E = ConferenceState, ConferenceEvent
PLANNED = Conference(
    *(1, 1, ConferenceKind.CASE, S.PLANNED, NOW + timedelta(days=20), timedelta(hours=1)),
    *(Agenda(topic="Ein Thema"), 1, NOW, NOW),
)
EXPECTED = {
    (S.PLANNED, E.CHANGE): S.PLANNED,
    (S.PLANNED, E.HOLD): S.HELD,
    (S.PLANNED, E.CALL_OFF): S.CALLED_OFF,
    (S.HELD, E.DECIDE): S.HELD,
    (S.HELD, E.TICK): S.HELD,
    (S.HELD, E.REMIND): S.HELD,
    (S.HELD, E.CLOSE): S.CLOSED,
    (S.CLOSED, E.TICK): S.CLOSED,
    (S.CLOSED, E.REMIND): S.CLOSED,
}


def test_the_table_is_this_one() -> None:
    assert dict(MOVES) == EXPECTED
    assert set(ALLOWED) == set(E)


@pytest.mark.parametrize(("state", "event", "party"), list(product(S, E, ConferenceParty)))
def test_every_state_with_every_event(
    state: ConferenceState, event: ConferenceEvent, party: ConferenceParty
) -> None:
    kept = replace(PLANNED, state=state)
    later = NOW + timedelta(hours=1)
    if (state, event) in EXPECTED and party in ALLOWED[event]:
        changed = kept.after(event, party, later)
        assert (changed.state, changed.changed_at) == (EXPECTED[state, event], later)
    else:
        with pytest.raises(UnknownTransition):
            kept.after(event, party, later)


@pytest.mark.parametrize("state", list(S))
def test_the_sheet_is_seen_from_a_week_before_until_the_end(state: ConferenceState) -> None:
    kept = replace(PLANNED, state=state)
    opens = kept.starts_at - SHEET_BEFORE
    assert kept.shows_sheet(opens) is (state in (S.PLANNED, S.HELD))
    assert not kept.shows_sheet(opens - timedelta(seconds=1))
