# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every state of a referral with every event and every party."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.referrals import (
    ALLOWED,
    MOVES,
    Referral,
    ReferralEntry,
    ReferralEvent,
    ReferralParty,
    ReferralState,
    since_appointment,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REFERRAL = Referral(1, 1, 1, 1, ReferralState.PROPOSED, 1, NOW, NOW)
STAFF, PERSON, TIME = ReferralParty.STAFF, ReferralParty.PERSON, ReferralParty.TIME
#: What may happen as long as it goes on, and once something was handed over.
GOING_ON = {("remind", TIME), ("close", STAFF)}
HANDED = GOING_ON | {("send", STAFF), ("consent", PERSON), ("take_back", PERSON)}
EXPECTED: dict[ReferralState, set[tuple[str, ReferralParty]]] = {
    ReferralState.PROPOSED: GOING_ON | {("propose", STAFF), ("consent", PERSON)},
    ReferralState.CONSENTED: GOING_ON | {("take_back", PERSON), ("send", STAFF), ("make_appointment", STAFF)},
    ReferralState.SENT: HANDED | {("make_appointment", STAFF), ("visit", STAFF), ("visit", PERSON)},
    ReferralState.APPOINTMENT_MADE: HANDED
    | {("make_appointment", STAFF), ("visit", STAFF), ("visit", PERSON), ("ask", TIME), ("answer", PERSON)},
    ReferralState.FIRST_VISIT: HANDED | {("result", STAFF)},
    ReferralState.RESULT_KNOWN: HANDED | {("result", STAFF)},
    ReferralState.CLOSED: set(),
}
#: The way through, each with the state after it.
WAY = (
    (ReferralEvent.CONSENT, PERSON, ReferralState.CONSENTED),
    (ReferralEvent.SEND, STAFF, ReferralState.SENT),
    (ReferralEvent.MAKE_APPOINTMENT, STAFF, ReferralState.APPOINTMENT_MADE),
    (ReferralEvent.VISIT, PERSON, ReferralState.FIRST_VISIT),
    (ReferralEvent.RESULT, STAFF, ReferralState.RESULT_KNOWN),
    (ReferralEvent.CLOSE, STAFF, ReferralState.CLOSED),
)


@pytest.mark.parametrize("state", ReferralState)
def test_every_event_in_every_state(state: ReferralState) -> None:
    referral = replace(REFERRAL, state=state)
    for event, party in product(ReferralEvent, ReferralParty):
        if (event.value, party) in EXPECTED[state]:
            assert referral.after(event, party, NOW).state is MOVES[state, event]
        else:
            with pytest.raises(UnknownTransition):
                referral.after(event, party, NOW)
    assert set(ALLOWED) == set(ReferralEvent)


def test_the_whole_way() -> None:
    referral = REFERRAL
    for event, party, state in WAY:
        referral = referral.after(event, party, NOW)
        assert referral.state is state


def test_taken_back_before_anything_went_there_it_is_open_again() -> None:
    for state, after in (("consented", "proposed"), ("sent", "sent"), ("first_visit", "first_visit")):
        referral = replace(REFERRAL, state=ReferralState(state))
        assert referral.after(ReferralEvent.TAKE_BACK, PERSON, NOW).state == after


def test_what_we_ask_and_remind_of_is_no_change() -> None:
    later = NOW + timedelta(days=1)
    assert REFERRAL.after(ReferralEvent.REMIND, TIME, later).changed_at == NOW
    assert REFERRAL.after(ReferralEvent.CONSENT, PERSON, later).changed_at == later


def test_an_appointment_begins_anew() -> None:
    events = ("make_appointment", "ask", "answer", "make_appointment", "ask")
    history = [ReferralEntry(NOW, ReferralEvent(event), "system") for event in events]
    assert since_appointment(history) == {ReferralEvent.MAKE_APPOINTMENT, ReferralEvent.ASK}
