# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Help plans and partners, on every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.domain.help_plans import Goal, HelpPlan, PlanContent, PlanEntry, PlanEvent, PlanState, Step
from bot.domain.partners import Partner, PartnerKind
from bot.domain.referrals import (
    Need,
    Referral,
    ReferralEntry,
    ReferralEvent,
    ReferralResult,
    ReferralState,
)
from bot.domain.sharing import SharingAsk
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def _write(plan: HelpPlan, content: PlanContent, uow: UnitOfWork) -> None:
    uow.casework.help_plans.write(plan, content, "staff:1", NOW)


def _log(plan: HelpPlan, entry: PlanEntry, uow: UnitOfWork) -> None:
    uow.casework.help_plans.log(plan, entry)


def test_a_plan_its_versions_and_its_history(world: World) -> None:
    new = HelpPlan(0, AGENCY, world.participant, PlanState.DRAFT, 1, world.coach, NOW, NOW)
    number = world.do(lambda uow: uow.casework.help_plans.add(new))
    assert number is not None
    assert world.do(lambda uow: uow.casework.help_plans.add(new)) is None
    plan = replace(new, id=number)
    assert world.do(lambda uow: uow.casework.help_plans.open_of(world.participant)) == plan
    step = Step(words="Anrufen", number=1, due=date(2026, 12, 1), helper="Frau Beispiel")
    content = PlanContent(goals=(Goal(words="Besser schlafen", steps=(step,)),), last_step=1)
    for version in (PlanContent(), content):
        world.do(partial(_write, plan, version))
    assert world.do(lambda uow: uow.casework.help_plans.content(plan, 1)) == content
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.help_plans.content(plan, 2))
    entries = [
        PlanEntry(NOW, PlanEvent.WRITE, "staff:1", 1),
        PlanEntry(NOW, PlanEvent.TICK, "participant", 1, 1),
    ]
    for entry in entries:
        world.do(partial(_log, plan, entry))
    assert world.do(lambda uow: uow.casework.help_plans.history(number)) == entries
    agreed = replace(plan, state=PlanState.AGREED, shown=1, reminds=True, review_at=NOW)
    world.do(lambda uow: uow.casework.help_plans.save(agreed))
    assert world.do(lambda uow: uow.casework.help_plans.get(number)) == agreed
    assert world.do(lambda uow: uow.casework.help_plans.to_review(AGENCY, NOW - HOUR)) == []
    assert world.do(lambda uow: uow.casework.help_plans.to_review(AGENCY, NOW)) == [agreed]
    world.do(lambda uow: uow.casework.help_plans.save(replace(agreed, state=PlanState.CLOSED)))
    assert world.do(lambda uow: uow.casework.help_plans.to_review(AGENCY, NOW)) == []
    assert world.do(lambda uow: uow.casework.help_plans.open_of(world.participant)) is None
    assert world.do(lambda uow: uow.casework.help_plans.add(new)) is not None
    assert len(world.do(lambda uow: uow.casework.help_plans.of_participant(world.participant))) == 2


def test_the_directory(world: World) -> None:
    first = Partner(
        *(0, AGENCY, PartnerKind.CLINIC, "Klinik Musterstadt", "Nord", ("de", "uk")),
        waiting_weeks=6,
        waiting_as_of=date(2026, 11, 1),
        contact="0123 456",
    )
    second = Partner(0, AGENCY, PartnerKind.SPORTS, "Sportverein Beispiel")
    world.do(lambda uow: uow.casework.partners.keep(AGENCY, [first, second], NOW))
    kept = world.do(lambda uow: uow.casework.partners.of_agency(AGENCY))
    assert kept == [replace(first, id=kept[0].id), replace(second, id=kept[1].id)]
    moved = replace(kept[0], district="Süd", waiting_weeks=None, waiting_as_of=None)
    world.do(lambda uow: uow.casework.partners.keep(AGENCY, [moved], NOW))
    assert world.do(lambda uow: uow.casework.partners.get(moved.id)) == moved
    assert world.do(lambda uow: uow.casework.partners.of_agency(AGENCY + 1)) == []
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.partners.keep(AGENCY + 1, [moved], NOW))


def _log_referral(referral: Referral, entry: ReferralEntry, uow: UnitOfWork) -> None:
    uow.casework.referrals.log(referral, entry)


def test_a_referral_and_its_history(world: World) -> None:
    ask = SharingAsk(0, AGENCY, world.participant, "Reha Musterstadt", "Namen", "Kraft", world.coach, NOW)
    asked = world.do(lambda uow: uow.sharing.add(ask))
    new = Referral(0, AGENCY, world.participant, asked, ReferralState.PROPOSED, world.coach, NOW, NOW, 77)
    first = replace(new, id=world.do(lambda uow: uow.casework.referrals.add(new)))
    older = replace(new, changed_at=NOW - HOUR)
    second = replace(older, id=world.do(lambda uow: uow.casework.referrals.add(older)))
    assert world.do(lambda uow: uow.casework.referrals.of_participant(world.participant)) == [first, second]
    assert world.do(lambda uow: uow.casework.referrals.open_of(AGENCY)) == [second, first]
    assert world.do(lambda uow: uow.casework.referrals.open_of(AGENCY + 1)) == []
    result = ReferralResult(prevention=Need.NO, rehab=Need.YES, words="Die Klinik hat Platz.")
    known = replace(
        first, state=ReferralState.RESULT_KNOWN, appointment_id=5, changed_at=NOW + HOUR, result=result
    )
    world.do(lambda uow: uow.casework.referrals.save(known))
    assert world.do(lambda uow: uow.casework.referrals.get(first.id)) == known
    assert world.do(lambda uow: uow.casework.referrals.of_appointment(5)) == [known]
    entries = [
        ReferralEntry(NOW, ReferralEvent.PROPOSE, "staff:1"),
        ReferralEntry(NOW, ReferralEvent.SEND, "staff:1", "letter", "Mia Muster, Musterweg 1"),
    ]
    for entry in entries:
        world.do(partial(_log_referral, first, entry))
    assert world.do(lambda uow: uow.casework.referrals.history(first.id)) == entries
    assert world.do(lambda uow: uow.casework.referrals.history(second.id)) == []
    world.do(lambda uow: uow.casework.referrals.save(replace(known, state=ReferralState.CLOSED)))
    assert world.do(lambda uow: uow.casework.referrals.of_appointment(5)) == []
    assert world.do(lambda uow: uow.casework.referrals.open_of(AGENCY)) == [second]
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.referrals.save(replace(known, id=99)))
