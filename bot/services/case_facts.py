# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What dialogs may know of a person's case work: help plan, referrals, groups, and what they take along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.consent import Consents
from bot.ports import UnitOfWork
from bot.services import (
    accompaniment_facts,
    application_facts,
    expectation_facts,
    group_facts,
    handover_pack_facts,
    help_plan_facts,
    referral_facts,
)
from bot.texts import Voice
from dialogs.effects import Value

NAMES = frozenset(
    (
        *(*help_plan_facts.FACTS, *referral_facts.FACTS, *group_facts.FACTS, *handover_pack_facts.FACTS),
        *accompaniment_facts.FACTS,
        *expectation_facts.FACTS,
        *application_facts.FACTS,
    )
)


@dataclass(frozen=True, slots=True)
class Whose:
    """The person whose it is, and how it is said to them. `consents` reads what they agreed to, `your_coach`
    how their programme calls their coach."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice
    now: datetime
    consents: Callable[[], Consents]
    your_coach: Callable[[], str]


def look_up(name: str, whose: Whose) -> Value | None:
    """The value of one of `NAMES`; None where it is not known. Nothing else is read."""
    uow, person, voice, now = whose.uow, whose.participant_id, whose.voice, whose.now
    if name in help_plan_facts.FACTS:
        return help_plan_facts.FACTS[name](help_plan_facts.OwnPlan(uow, person, voice))
    if name in referral_facts.FACTS:
        return referral_facts.FACTS[name](referral_facts.OwnReferrals(uow, person, voice, whose.your_coach))
    if name in application_facts.FACTS:
        return application_facts.FACTS[name](application_facts.OwnApplications(uow, person, voice))
    if name in group_facts.FACTS:
        return group_facts.FACTS[name](group_facts.OwnGroups(uow, person, voice, now))
    if name in accompaniment_facts.FACTS:
        return accompaniment_facts.FACTS[name](accompaniment_facts.NextAppointment(uow, person, voice, now))
    if name in expectation_facts.FACTS:
        return expectation_facts.FACTS[name](expectation_facts.OwnExpectations(uow, person, voice))
    sources = handover_pack_facts.Sources(uow, person, voice, now, whose.consents())
    return handover_pack_facts.FACTS[name](sources)
