# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What may happen to an appointment, and who may let it happen: every state with every event and party."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.appointments import (
    MOVES,
    REMINDERS,
    Appointment,
    AppointmentEvent,
    AppointmentKind,
    AppointmentState,
    Coming,
    Party,
    ReminderRule,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
S, E = AppointmentState, AppointmentEvent

#: For each state, what each event leads to; what is not here must be refused.
EXPECTED = {
    S.PROPOSED: {
        E.PROPOSE: S.PROPOSED,
        E.FIX: S.AGREED,
        E.AGREE: S.AGREED,
        E.DECLINE: S.PROPOSED,
        E.COUNTER: S.PROPOSED,
        E.CANCEL: S.CANCELLED,
        E.PASS: S.OVER,
    },
    S.AGREED: {
        E.PROPOSE: S.MOVED,
        E.FIX: S.AGREED,
        E.COUNTER: S.AGREED,
        E.CANCEL: S.CANCELLED,
        E.PASS: S.OVER,
    },
    S.MOVED: {
        E.PROPOSE: S.MOVED,
        E.FIX: S.AGREED,
        E.AGREE: S.AGREED,
        E.DECLINE: S.MOVED,
        E.COUNTER: S.MOVED,
        E.CANCEL: S.CANCELLED,
        E.PASS: S.OVER,
    },
    S.CANCELLED: {},
    S.OVER: {},
}
#: Who may do it; of an official appointment in the second column.
PARTIES = {
    E.PROPOSE: (Party.STAFF, None),
    E.FIX: (Party.STAFF, Party.AUTHORITY),
    E.AGREE: (Party.PERSON, None),
    E.DECLINE: (Party.PERSON, None),
    E.COUNTER: (Party.PERSON, Party.PERSON),
    E.CANCEL: (Party.STAFF, Party.AUTHORITY),
    E.PASS: (Party.TIME, Party.TIME),
}


def an_appointment(**changes: object) -> Appointment:
    kept = Appointment(
        id=1,
        agency_id=1,
        participant_id=2,
        kind=AppointmentKind.COACH,
        state=S.AGREED,
        starts_at=LATER,
        zone="Europe/Berlin",
        length=timedelta(hours=1),
        uid="abc",
        set_by=3,
        set_at=NOW,
        changed_at=NOW,
    )
    return replace(kept, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "event"), list(itertools.product(S, E)))
def test_every_state_with_every_event(state: AppointmentState, event: AppointmentEvent) -> None:
    for kind, party in itertools.product(AppointmentKind, Party):
        kept = an_appointment(state=state, kind=kind)
        target = EXPECTED[state].get(event)
        # Whoever is visited at home may cancel that too.
        is_host = (kind, party, event) == (AppointmentKind.HOME, Party.PERSON, E.CANCEL)
        is_theirs = is_host or party is PARTIES[event][kind is AppointmentKind.OFFICIAL]
        if target is not None and is_theirs:
            assert kept.can(event, party)
            assert kept.after(event, party, NOW).state is target
            continue
        assert not kept.can(event, party), (kind, party)
        with pytest.raises(UnknownTransition):
            kept.after(event, party, NOW)


def test_the_table_has_no_more_than_the_test() -> None:
    assert {(s, e): t for s, moves in EXPECTED.items() for e, t in moves.items()} == dict(MOVES)


@pytest.mark.parametrize("party", [Party.STAFF, Party.PERSON, Party.TIME])
@pytest.mark.parametrize("event", [E.PROPOSE, E.FIX, E.AGREE, E.DECLINE, E.CANCEL])
def test_nobody_but_the_authority_moves_or_cancels_an_official_one(
    party: Party, event: AppointmentEvent
) -> None:
    for state in S:
        assert not an_appointment(kind=AppointmentKind.OFFICIAL, state=state).can(event, party)


def test_a_proposal_remembers_the_time_that_held_until_one_is_agreed() -> None:
    first, second = LATER + timedelta(days=1), LATER + timedelta(days=2)
    kept = an_appointment(coming=Coming.YES, words="Bis dann")
    moved = kept.moved_to(first).after(E.PROPOSE, Party.STAFF, NOW)
    assert (moved.starts_at, moved.held_at, moved.state) == (first, LATER, S.MOVED)
    assert (moved.coming, moved.words) == (Coming.UNKNOWN, ""), "what was said about the old time is over"
    again = moved.moved_to(second).after(E.PROPOSE, Party.STAFF, NOW)
    assert (again.starts_at, again.held_at) == (second, LATER)
    agreed = again.after(E.AGREE, Party.PERSON, NOW)
    assert (agreed.starts_at, agreed.held_at, agreed.state) == (second, None, S.AGREED)


def test_calendars_learn_of_each_change_and_of_nothing_else() -> None:
    kept = an_appointment()
    assert kept.after(E.PROPOSE, Party.STAFF, NOW).sequence == 1
    assert kept.after(E.CANCEL, Party.STAFF, NOW).sequence == 1
    assert kept.after(E.COUNTER, Party.PERSON, NOW).sequence == 0
    assert kept.after(E.PASS, Party.TIME, NOW).sequence == 0


def test_each_kind_has_its_reminders_and_an_appointment_may_have_its_own() -> None:
    assert set(REMINDERS) == set(AppointmentKind)
    official = an_appointment(kind=AppointmentKind.OFFICIAL)
    assert official.reminder_rule == ReminderRule((7, 2), morning=True)
    assert replace(official, reminders=ReminderRule((1,), morning=False)).reminder_rule.days == (1,)
