# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""People get another coach, or somebody stands in: nobody's open concern is lost on the way (promise P1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import TypeVar

import pytest

from bot.domain.concerns import State
from bot.domain.duty import Absence, ShiftPattern
from bot.domain.people import Role, Standing
from bot.errors import NotFound
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import UnitOfWork
from bot.services import absences, caseload_changes, change_programmes, enrolments, rota
from bot.services.caseload_changes import Reason, Transfer, Transferred
from bot.services.desk import Desk
from bot.services.hand_over import give
from dialogs.shipped import shipped_programmes
from tests.services.at_desk import at_desk, is_away
from tests.services.stage import Actor, Stage

T = TypeVar("T")
ACUTE = "Ich will nicht mehr leben."
DAY = timedelta(days=1)


@pytest.fixture
def karl(stage: Stage) -> Actor:
    return stage.staff("Karl Kollege")


@pytest.fixture
def lea(stage: Stage) -> Actor:
    return stage.staff("Lea Leitung", Role.LEAD)


def acts(stage: Stage, actor: Actor, act: Callable[[Desk], T]) -> T:
    def use_case(uow: UnitOfWork) -> T:
        found = uow.people.find_staff(actor.channel, actor.address)
        assert found is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        result = act(desk)
        desk.finish()
        return result

    result = stage.run(use_case)
    stage.deliver()
    return result


def gives(stage: Stage, by: Actor, to: Actor, *people: int, is_confirmed: bool = False) -> Transferred:
    wish = Transfer(people, to.id, Reason.LEAVING, is_confirmed)
    return acts(stage, by, lambda desk: caseload_changes.hand_to(desk, wish))


def only_person(stage: Stage) -> tuple[int, str]:
    (person,) = stage.run(lambda uow: uow.people.participants(AGENCY))
    return person.id, person.case_code


def coach_of(stage: Stage, person: int) -> int | None:
    return stage.run(lambda uow: uow.access.coach_of(person))


def test_a_case_goes_to_a_colleague_with_what_is_open(
    stage: Stage, berta: Actor, mia: Actor, karl: Actor
) -> None:
    number, code = only_person(stage)
    mia.writes(ACUTE)
    mia.forgets()
    berta.forgets()
    done = gives(stage, berta, karl, number)
    assert done == Transferred([code], [], [], 0)
    assert coach_of(stage, number) == karl.id
    words = f"Berta Beispiel hat Ihnen Fälle gegeben, um die Sie sich ab jetzt kümmern: {code}"
    _, heard = karl.hears("Meldung R3", words)
    assert "Grund: Wechsel im Team" in heard.text
    mia.hears_nothing()
    berta.hears_nothing()
    (concern,) = stage.concerns()
    assert (concern.owner_id, concern.state, concern.taken_by) == (karl.id, State.OPEN, None)
    assert concern.next_action_at is not None
    assert concern.next_action_at > stage.now
    # Asked again it is not hers to give any more, and nothing happens twice.
    assert gives(stage, berta, karl, number) == Transferred([], [], [], 1)
    karl.hears_nothing()


def test_what_cannot_be_called_for_stays_and_what_a_third_has_in_hand_too(
    stage: Stage, berta: Actor, mia: Actor, karl: Actor, lea: Actor
) -> None:
    number, code = only_person(stage)
    mia.writes(ACUTE)
    is_away(stage, karl, stage.now + DAY)
    assert gives(stage, lea, karl, number) == Transferred([code], [], [code], 0)
    (concern,) = stage.concerns()
    assert (concern.owner_id, coach_of(stage, number)) == (berta.id, karl.id)
    berta.forgets()
    lea.forgets()
    lea_id = lea.id
    at_desk(stage, lea, concern.id, lambda desk, one: give(desk, one, desk.staff))
    stage.run(lambda uow: absences.leave_team(uow, karl.id, stage.now))
    assert coach_of(stage, number) is None
    dora = stage.staff("Dora Demo")
    assert gives(stage, lea, dora, number).waiting == []
    (concern,) = stage.concerns()
    assert concern.owner_id == lea_id, "a third colleague's stays hers"


def test_whoever_leaves_leaves_nobody_behind(
    stage: Stage, berta: Actor, mia: Actor, karl: Actor, lea: Actor
) -> None:
    number, _ = only_person(stage)
    mia.writes(ACUTE)
    (concern,) = stage.concerns()
    berta.presses("Übernehmen")
    stage.run(lambda uow: absences.leave_team(uow, berta.id, stage.now))
    gives(stage, lea, karl, number)
    (concern,) = stage.concerns()
    assert (concern.owner_id, concern.state, concern.taken_by) == (karl.id, State.OPEN, None)


def test_only_to_whoever_may_have_people_and_only_whom_one_looks_after(
    stage: Stage, berta: Actor, mia: Actor, karl: Actor
) -> None:
    number, _ = only_person(stage)
    assert gives(stage, karl, karl, number) == Transferred([], [], [], 1)
    assert coach_of(stage, number) == berta.id
    for nobody in (stage.staff("Ada Admin", Role.ADMIN), stage.staff("Eva Evalua", Role.EVALUATOR)):
        with pytest.raises(NotFound):
            gives(stage, berta, nobody, number)


def test_somebody_stands_in_for_a_time_and_is_told(
    stage: Stage, berta: Actor, karl: Actor, lea: Actor
) -> None:
    def lends(by: Actor, whose: Actor) -> object:
        new = Absence(0, AGENCY, whose.id, stage.now, stage.now + 3 * DAY, karl.id)
        return acts(stage, by, lambda desk: caseload_changes.lend(desk, new))

    assert lends(karl, berta) is None, "nobody says of a colleague that they are away"
    karl.hears_nothing()
    assert lends(berta, berta) is not None
    karl.hears("Berta Beispiel ist abwesend")
    berta.hears_nothing()
    assert lends(lea, berta) is not None
    karl.hears("Berta Beispiel ist abwesend")
    berta.hears("Lea Leitung hat für Sie eingetragen: abwesend")


def test_leads_hear_at_once_of_the_duty_that_whoever_is_stood_in_for_leaves(
    stage: Stage, berta: Actor, karl: Actor, lea: Actor
) -> None:
    ends = stage.now + 3 * DAY
    night = ShiftPattern(
        0, AGENCY, berta.id, "FREQ=DAILY", (stage.now + DAY).date(), time(20), time(23), "Europe/Berlin"
    )
    stage.run(lambda uow: rota.add_shifts(uow, night))
    new = Absence(0, AGENCY, berta.id, stage.now, ends, karl.id)
    acts(stage, berta, lambda desk: caseload_changes.lend(desk, new))
    lea.hears("Diesen Dienst hat niemand, denn wer eingetragen ist, ist abwesend")


def test_above_the_key_only_a_lead_can_and_says_so(
    stage: Stage, berta: Actor, mia: Actor, karl: Actor, lea: Actor
) -> None:
    number, code = only_person(stage)
    file = (shipped_programmes()["gecko"], "gecko")

    def fill(uow: UnitOfWork) -> None:
        change_programmes.install(uow, stage.rules, AGENCY, file, stage.now)
        for _ in range(25):
            uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", karl.id)
        person = uow.people.participants_by([number])[number]
        assert enrolments.begin(uow, stage.rules, person, "gecko", "command", stage.now) is not None

    stage.run(fill)
    for by, is_confirmed in ((berta, True), (lea, False)):
        assert gives(stage, by, karl, number, is_confirmed=is_confirmed) == Transferred([], [code], [], 0)
        assert coach_of(stage, number) == berta.id
    assert gives(stage, lea, karl, number, is_confirmed=True) == Transferred([code], [], [], 0)
    assert coach_of(stage, number) == karl.id
