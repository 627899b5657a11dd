# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every state of an application with every event and every party, and the days that are suggested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from bot.domain.applications import (
    ALLOWED,
    MOVES,
    Application,
    ApplicationContent,
    ApplicationEvent,
    ApplicationParty,
    ApplicationState,
    Benefit,
    CarrierDecision,
    CarrierKind,
    Turn,
    suggested,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CONTENT = ApplicationContent(carrier=CarrierKind.HEALTH, benefit=Benefit.OTHER)
PLANNED = Application(1, 1, 1, ApplicationState.PLANNED, CONTENT, 1, NOW, NOW)
STAFF, PERSON, TIME = ApplicationParty.STAFF, ApplicationParty.PERSON, ApplicationParty.TIME
#: What may happen as long as it goes on, and while the carrier has it, by the state after it.
GOING_ON = {("change", STAFF): "", ("close", STAFF): "closed", ("done", PERSON): ""} | {
    ("remind", TIME): "",
    ("tell", TIME): "",
}
THERE = GOING_ON | {
    ("forward", STAFF): "filed",
    ("want_papers", STAFF): "papers_wanted",
    ("decide", STAFF): "decided",
}
EXPECTED: dict[str, dict[tuple[str, ApplicationParty], str]] = {
    "planned": GOING_ON | {("file", STAFF): "filed"},
    "filed": THERE | {("receive", STAFF): "received"},
    "received": THERE,
    "papers_wanted": THERE | {("hand_in", STAFF): "received"},
    "decided": GOING_ON | {("object", STAFF): "objected", ("decide", STAFF): "decided"},
    "objected": GOING_ON | {("decide", STAFF): "decided"},
    "closed": {},
}


@pytest.mark.parametrize("state", ApplicationState)
def test_every_event_in_every_state(state: ApplicationState) -> None:
    application = replace(PLANNED, state=state)
    for event, party in product(ApplicationEvent, ApplicationParty):
        if (event.value, party) in EXPECTED[state]:
            after = application.after(event, party, NOW).state
            assert after.value == (EXPECTED[state][event.value, party] or state.value)
        else:
            with pytest.raises(UnknownTransition):
                application.after(event, party, NOW)
    assert set(ALLOWED) == set(ApplicationEvent)
    assert {state for state, _ in MOVES} == set(ApplicationState) - {ApplicationState.CLOSED}


def test_what_we_remind_of_is_no_change() -> None:
    later = NOW + timedelta(days=1)
    assert PLANNED.after(ApplicationEvent.REMIND, TIME, later).changed_at == NOW
    assert PLANNED.after(ApplicationEvent.DONE, PERSON, later).changed_at == later


@pytest.mark.parametrize(
    ("event", "day", "decision", "due_on", "turn"),
    [
        ("file", date(2026, 12, 20), None, date(2027, 1, 3), Turn.CARRIER),
        ("receive", date(2026, 12, 1), None, date(2026, 12, 22), Turn.CARRIER),
        ("forward", date(2026, 12, 1), None, date(2026, 12, 22), Turn.CARRIER),
        ("hand_in", date(2026, 12, 1), None, date(2026, 12, 22), Turn.CARRIER),
        ("want_papers", date(2026, 12, 1), None, None, Turn.PERSON),
        ("decide", date(2027, 1, 31), CarrierDecision.NOT_GRANTED, date(2027, 2, 28), Turn.PERSON),
        ("decide", date(2026, 12, 15), CarrierDecision.PARTLY, date(2027, 1, 15), Turn.PERSON),
        ("decide", date(2026, 12, 15), CarrierDecision.GRANTED, None, Turn.TEAM),
        ("object", date(2026, 12, 15), None, date(2027, 3, 15), Turn.CARRIER),
        ("close", date(2026, 12, 15), None, None, Turn.TEAM),
    ],
)
def test_a_day_to_look_again(
    event: str, day: date, decision: CarrierDecision | None, due_on: date | None, turn: Turn
) -> None:
    found = suggested(ApplicationEvent(event), day, decision)
    assert (found.due_on, found.turn) == (due_on, turn)
