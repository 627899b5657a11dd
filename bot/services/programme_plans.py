# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which plans are a person's: those of their programmes and of the phases they are in, or all of them."""

from __future__ import annotations

from bot.domain.enrolments import current
from bot.ports import UnitOfWork
from bot.services.read_plans import PlanSet
from bot.services.read_programmes import ProgrammeShelf


def plans_of(uow: UnitOfWork, shelf: ProgrammeShelf, participant_id: int) -> frozenset[str] | None:
    """The names of the plans that are for this person now.

    None for somebody who never was in one, or in none that is installed: then all plans of the agency are.
    After the end of the last one none is: that goes on for the days until goodbye is said. Of two programmes
    both count; a plan that both name is followed once.
    """
    theirs = uow.programmes.of_participant(participant_id)
    going_on = [one for one in theirs if one.is_open]
    if theirs and not going_on:
        return frozenset()
    found = [(one, programme) for one in going_on if (programme := shelf.of(uow, one)) is not None]
    if not found:
        return None
    history = uow.programmes.history([one.id for one, _ in found])
    names = frozenset[str]()
    for one, programme in found:
        names |= programme.plans_in(frozenset(current(history.get(one.id, ()))))
    return names


def narrowed(plans: PlanSet, names: frozenset[str] | None) -> PlanSet:
    """The plans with only these in it."""
    if names is None:
        return plans
    return PlanSet(plans.version, {name: one for name, one in plans.check_ins.items() if name in names})
