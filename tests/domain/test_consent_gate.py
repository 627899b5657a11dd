# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The gate for everything that goes out: consent, pause, stop and data classes (promises P4 and P5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.consent import Purpose, class_for, may_send
from bot.domain.messages import ALWAYS_ALLOWED, BEGUN_BY_US, DataClass, Kind
from bot.domain.people import Participant, Standing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MIA = Participant(1, 1, "AB2CD", Standing.ACTIVE, "de", 1)
AGREED = {Purpose.CONTACT: True}

BEGINNINGS = [Kind.NOTICE, Kind.REMINDER]
DIRECT = [Kind.CRISIS, Kind.REPLY, Kind.RELAY]


@pytest.mark.parametrize("kind", BEGINNINGS)
@pytest.mark.parametrize(
    ("person", "consents"),
    [
        (MIA, {}),
        (MIA, {Purpose.CONTACT: False}),
        (MIA, {Purpose.HEALTH_CHECKINS: True}),
        (replace(MIA, standing=Standing.STOPPED), AGREED),
        (replace(MIA, standing=Standing.INVITED), AGREED),
        (replace(MIA, standing=Standing.LEFT), AGREED),
        (replace(MIA, paused_until=NOW + timedelta(days=1)), AGREED),
    ],
)
def test_we_begin_nothing_without_consent(kind: Kind, person: Participant, consents: dict[str, bool]) -> None:
    assert not may_send(kind, person, consents, NOW)


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_we_may_begin_with_consent(kind: Kind) -> None:
    assert may_send(kind, MIA, AGREED, NOW)
    assert may_send(kind, replace(MIA, paused_until=NOW), AGREED, NOW)


@pytest.mark.parametrize("kind", DIRECT)
@pytest.mark.parametrize("standing", list(Standing))
def test_answers_and_help_always_go_out(kind: Kind, standing: Standing) -> None:
    paused = replace(MIA, standing=standing, paused_until=NOW + timedelta(days=1))
    assert may_send(kind, paused, {}, NOW)


def test_every_kind_is_on_one_side_of_the_gate() -> None:
    staff = {Kind.STAFF_ALERT, Kind.STAFF_NOTICE}
    assert set(Kind) == {*BEGINNINGS, Kind.CONSENT, *DIRECT, *staff}
    assert {*BEGINNINGS, Kind.CONSENT} == BEGUN_BY_US
    assert set(DIRECT) == ALWAYS_ALLOWED


@pytest.mark.parametrize(
    ("person", "consents", "may"),
    [
        (MIA, AGREED, True),
        (MIA, {Purpose.CONTACT: False}, True),
        (MIA, {}, False),
        (replace(MIA, standing=Standing.STOPPED), {Purpose.CONTACT: False}, False),
        (replace(MIA, paused_until=NOW + timedelta(days=1)), {Purpose.CONTACT: False}, False),
    ],
)
def test_what_a_text_means_by_now_may_be_asked_of_whoever_had_agreed(
    person: Participant, consents: dict[str, bool], may: bool
) -> None:
    assert may_send(Kind.CONSENT, person, consents, NOW) is may


@pytest.mark.parametrize(
    ("channel", "consents", "allowed", "expected"),
    [
        (DataClass.APPOINTMENT, {}, True, DataClass.APPOINTMENT),
        (DataClass.APPOINTMENT, {Purpose.HEALTH_IN_MESSENGER: True}, True, DataClass.HEALTH),
        (DataClass.APPOINTMENT, {Purpose.HEALTH_IN_MESSENGER: False}, True, DataClass.APPOINTMENT),
        (DataClass.APPOINTMENT, {Purpose.HEALTH_IN_MESSENGER: True}, False, DataClass.APPOINTMENT),
        (DataClass.HEALTH, {}, False, DataClass.HEALTH),
    ],
)
def test_health_needs_a_consent_of_its_own(
    channel: DataClass, consents: dict[str, bool], allowed: bool, expected: DataClass
) -> None:
    assert class_for(channel, consents, allowed) is expected


def test_a_channel_carries_its_class_and_below() -> None:
    assert [[a.carries(b) for b in DataClass] for a in DataClass] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
