# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for case work: help plans and the directory of partners. Part of `ports`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.application_ports import Applications
from bot.conference_ports import Conferences
from bot.domain.help_plans import HelpPlan, PlanContent, PlanEntry
from bot.domain.partners import Partner
from bot.evaluation_ports import MeasuringPoints
from bot.expectation_ports import Expectations
from bot.group_ports import Groups
from bot.handover_pack_ports import HandoverPacks
from bot.joint_ports import JointAppointments
from bot.ladder_ports import Ladders
from bot.outcome_marker_ports import OutcomeMarkers
from bot.placement_ports import Placements
from bot.profile_ports import Profiles
from bot.referral_ports import Referrals
from bot.rehearsal_ports import Rehearsals


class HelpPlans(Protocol):
    """Help plans with their versions and history, both of which only grow."""

    def add(self, new: HelpPlan) -> int | None:
        """Keep a new plan; its own `id` is ignored. None if the person has one that goes on."""

    def get(self, plan_id: int) -> HelpPlan | None: ...
    def open_of(self, participant_id: int) -> HelpPlan | None:
        """The person's plan that goes on, if there is one."""

    def of_participant(self, participant_id: int) -> list[HelpPlan]:
        """All of a person, the oldest first."""

    def to_review(self, agency_id: int, now: datetime) -> list[HelpPlan]:
        """Those that go on and whose day to look at them again has come, the longest overdue first."""

    def save(self, changed: HelpPlan) -> None:
        """Write down what may change. Raises `NotFound`."""

    def write(self, plan: HelpPlan, content: PlanContent, actor: str, now: datetime) -> None:
        """Keep the content of its version; the same version again is a further row, and the newest counts."""

    def content(self, plan: HelpPlan, version: int) -> PlanContent:
        """What stands in a version, as it was written last. Raises `NotFound`."""

    def log(self, plan: HelpPlan, entry: PlanEntry) -> None:
        """Add to the history."""

    def history(self, plan_id: int) -> list[PlanEntry]:
        """What happened, the oldest first."""


class Partners(Protocol):
    """The directory of partners. Nothing about participants is in it."""

    def keep(self, agency_id: int, partners: Iterable[Partner], now: datetime) -> None:
        """Add those with id 0 and change the others."""

    def of_agency(self, agency_id: int) -> list[Partner]:
        """Everything in the agency's directory, by number."""

    def get(self, partner_id: int) -> Partner | None: ...


class Casework(Protocol):
    """What a unit of work knows about case work."""

    @property
    def help_plans(self) -> HelpPlans: ...
    @property
    def partners(self) -> Partners: ...
    @property
    def measuring(self) -> MeasuringPoints: ...
    @property
    def referrals(self) -> Referrals: ...
    @property
    def applications(self) -> Applications: ...
    @property
    def ladders(self) -> Ladders: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def conferences(self) -> Conferences: ...
    @property
    def placements(self) -> Placements: ...
    @property
    def joint_appointments(self) -> JointAppointments: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def expectations(self) -> Expectations: ...
    @property
    def handover_packs(self) -> HandoverPacks: ...
    @property
    def outcome_markers(self) -> OutcomeMarkers: ...
    @property
    def rehearsals(self) -> Rehearsals: ...
