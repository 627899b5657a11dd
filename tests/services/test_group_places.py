# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A place in a group that is needed no more is for whoever waits, and nobody is called because of it."""

from __future__ import annotations

import msgspec
import pytest

from bot.domain.groups import SeatState
from bot.domain.stories import Happening, Sort
from bot.ports import UnitOfWork
from bot.services import group_moves, groups, person_view
from tests.services.stage import Actor, Stage
from tests.services.test_groups import CONTENT, FRIDAY, at_desk, invite, offer, states


@pytest.fixture
def bernd(stage: Stage, berta: Actor, mia: Actor) -> Actor:
    """A second participant, after Mia."""
    return stage.participant(berta, "bernd")


def comes_and_is_reminded(stage: Stage, mia: Actor, berta: Actor, meetings: int) -> None:
    content = msgspec.structs.replace(CONTENT, dates=msgspec.structs.replace(CONTENT.dates, count=meetings))
    group = offer(stage, berta, content=content)
    invite(stage, berta, group)
    mia.presses("Ja, ich komme")
    stage.run(lambda uow: group_moves.join(uow, stage.rules, group.id, 2, stage.now))
    assert states(stage) == {1: SeatState.COMES, 2: SeatState.WAITS}
    stage.pass_time(days=2, hours=2)
    mia.forgets()
    berta.forgets()


@pytest.mark.parametrize(
    ("meetings", "words", "left"),
    [
        (1, "Ihr Platz ist nun frei", {2: SeatState.HELD}),
        (2, "Für die anderen Treffen bleibt Ihr Platz", {1: SeatState.COMES, 2: SeatState.WAITS}),
    ],
)
def test_a_no_to_a_reminder_calls_nobody_and_gives_on_a_place_that_is_free(
    stage: Stage,
    mia: Actor,
    berta: Actor,
    bernd: Actor,
    meetings: int,
    words: str,
    left: dict[int, SeatState],
) -> None:
    comes_and_is_reminded(stage, mia, berta, meetings)
    bernd.forgets()
    mia.writes("geht nicht")
    mia.hears("Danke, dass Sie Bescheid sagen", words, "Möchten Sie, dass jemand Sie deswegen anruft?")
    stage.pass_time(seconds=1)
    assert states(stage) == left
    assert [body.text[:20] for body in stage.ears.pop((bernd.channel, bernd.address), [])] == (
        ["In einer Gruppe ist "] if SeatState.HELD in left.values() else []
    )
    mia.presses("Nein, danke")
    berta.hears_nothing()
    assert stage.concerns() == []


def test_whoever_wants_a_call_gets_one(stage: Stage, mia: Actor, berta: Actor, bernd: Actor) -> None:
    comes_and_is_reminded(stage, mia, berta, 1)
    mia.writes("geht nicht")
    mia.presses("Ja, bitte anrufen")
    assert [one.reason for one in stage.concerns()] == ["call_wished"]
    berta.hears("Meldung R1")


@pytest.mark.parametrize(("meetings", "series"), [(1, ""), (4, " reihe")])
def test_a_cancelled_appointment_of_a_group_leaves_no_seat(
    stage: Stage, mia: Actor, berta: Actor, bernd: Actor, meetings: int, series: str
) -> None:
    comes_and_is_reminded(stage, mia, berta, meetings)
    first = stage.run(lambda uow: uow.appointments.of_participant(1, stage.now))[0]
    berta.writes(f"/absagen {first.id}{series}")
    berta.presses("Stimmt so")
    stage.pass_time(seconds=1)
    assert states(stage) == {2: SeatState.HELD}


def test_staff_see_where_somebody_was_and_nothing_of_where_they_were_not(
    stage: Stage, mia: Actor, berta: Actor, bernd: Actor
) -> None:
    group = offer(stage, berta, capacity=2)
    invite(stage, berta, group)
    mia.presses("Ja, ich komme")
    bernd.presses("Ja, ich komme")
    stage.pass_time(days=5)
    at_desk(stage, berta, lambda desk: groups.enter_attendance(desk, group, FRIDAY, [1]))

    def seen(number: int) -> list[tuple[Sort, str, str]]:
        def read(uow: UnitOfWork) -> list[tuple[Sort, str, str]]:
            person = uow.people.participants_by([number])[number]
            moments = person_view.story(uow, person, stage.now, {}).moments
            wanted = (Sort.VISIT, Sort.APPOINTMENT)
            return [
                (one.sort, one.word, one.text)
                for one in moments
                if isinstance(one, Happening) and one.sort in wanted
            ]

        return stage.run(read)

    assert seen(1) == [(Sort.VISIT, "group", "Nähtreff")]
    assert seen(2) == [(Sort.APPOINTMENT, "group", "")]
