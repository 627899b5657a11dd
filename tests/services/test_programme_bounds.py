# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Programmes at their edges: phases that say nothing, and leaving one that has no words for it."""

from __future__ import annotations

import re

import pytest

from bot.domain.people import Standing
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.services import assignments, change_programmes, enrolments
from bot.services.enrolments import Outcome, Step
from dialogs.problems import DialogError
from dialogs.shipped import shipped_programmes
from tests.services.stage import Actor, Stage
from tests.services.test_programmes import arrives, by_staff, people, phases, theirs


def test_a_phase_in_which_nothing_is_said_is_refused(stage: Stage) -> None:
    source = shipped_programmes()["gecko"].replace("    dialogs: [safety_plan]\n", "")
    with pytest.raises(DialogError, match="in 'situation' nothing is said or asked"):
        stage.run(
            lambda uow: change_programmes.install(uow, stage.rules, AGENCY, (source, "gecko"), stage.now)
        )
    assert stage.run(lambda uow: uow.programmes.versions_in_force(AGENCY)) == {}


def test_phases_without_plans_and_farewell_are_as_good_as_any(stage: Stage, berta: Actor) -> None:
    """Nobody is asked anything because of them, and leaving the programme ends the participation at once."""
    source = re.sub(r"\n    (plans|leaving): .*", "", shipped_programmes()["gecko"])
    file = (source, "gecko")
    stage.run(lambda uow: change_programmes.install(uow, stage.rules, AGENCY, file, stage.now))
    mia, person = arrives(stage, berta, "gecko")
    mia.presses("Später")
    mia.writes("weiter")
    mia.presses("Später")
    mia.forgets()
    (one,) = theirs(stage, person)
    for phase in ("situation", "support", "handover"):
        assert by_staff(stage, enrolments.enter, Step(one.id, phase, "Weiter"), berta) is Outcome.DONE
        assert phases(stage, one) == [phase]
    assert by_staff(stage, enrolments.leave, Step(one.id, "handover", "Fertig"), berta) is Outcome.DONE
    assert phases(stage, one) == []
    assert by_staff(stage, assignments.end, (one.id, "Fertig"), berta) is Outcome.DONE
    (gone,) = [each for each in people(stage) if each.id == person]
    assert gone.standing is Standing.LEFT
    mia.hears_nothing()
    stage.pass_time(days=30)
    mia.hears_nothing()
