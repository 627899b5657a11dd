# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The directory of partners, and what a unit of work knows about case work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select, update

from bot.domain.partners import Partner, PartnerKind
from bot.errors import NotFound
from bot.storage.applications import SqlApplications
from bot.storage.conferences import SqlConferences
from bot.storage.expectations import SqlExpectations
from bot.storage.groups import SqlGroups
from bot.storage.handover_packs import SqlHandoverPacks
from bot.storage.help_plan_tables import partner
from bot.storage.help_plans import SqlHelpPlans
from bot.storage.joint_appointments import SqlJointAppointments
from bot.storage.ladders import SqlLadders
from bot.storage.link import Link
from bot.storage.measuring import SqlMeasuring
from bot.storage.outcome_markers import SqlOutcomeMarkers
from bot.storage.placements import SqlPlacements
from bot.storage.profiles import SqlProfiles
from bot.storage.referrals import SqlReferrals
from bot.storage.rehearsals import SqlRehearsals

_partners: Select[Any] = select(partner.c.id, partner.c.agency_id, partner.c.kind, partner.c.details)
_one = _partners.where(partner.c.id == bindparam("which"))
_of_agency = _partners.where(partner.c.agency_id == bindparam("agency")).order_by(partner.c.id)
_change = update(partner).where(
    partner.c.id == bindparam("which"), partner.c.agency_id == bindparam("agency")
)


class _Details(msgspec.Struct, frozen=True):
    """What is sealed of a partner."""

    name: str
    district: str
    languages: tuple[str, ...]
    waiting_weeks: int | None
    waiting_as_of: date | None
    contact: str
    offer: str
    is_retired: bool = False


_DETAILS = msgspec.json.Decoder(_Details)


class SqlPartners:
    """Implements `help_plan_ports.Partners`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def keep(self, agency_id: int, partners: Iterable[Partner], now: datetime) -> None:
        """Add those with id 0 and change the others. Raises `NotFound`."""
        for one in partners:
            details = _Details(*(getattr(one, name) for name in _Details.__struct_fields__))
            values = {
                "kind": one.kind.value,
                "details": msgspec.json.encode(details).decode(),
                "changed_at": now,
            }
            if one.id == 0:
                self._link.execute(partner.insert(), values | {"agency_id": agency_id})
                continue
            which = {"which": one.id, "agency": agency_id}
            if self._link.execute(_change.values(values), which).rowcount != 1:
                raise NotFound(f"there is no partner {one.id}")

    def of_agency(self, agency_id: int) -> list[Partner]:
        """Everything in the agency's directory, by number."""
        return [_to_partner(row) for row in self._link.execute(_of_agency, {"agency": agency_id})]

    def get(self, partner_id: int) -> Partner | None:
        """One of them."""
        row = self._link.execute(_one, {"which": partner_id}).first()
        return None if row is None else _to_partner(row)


class SqlCasework:
    """Implements `help_plan_ports.Casework`."""

    __slots__ = (
        "applications",
        "conferences",
        "expectations",
        "groups",
        "handover_packs",
        "help_plans",
        "joint_appointments",
        "ladders",
        "measuring",
        "outcome_markers",
        "partners",
        "placements",
        "profiles",
        "referrals",
        "rehearsals",
    )

    def __init__(self, link: Link) -> None:
        self.help_plans = SqlHelpPlans(link)
        self.partners = SqlPartners(link)
        self.measuring = SqlMeasuring(link)
        self.referrals = SqlReferrals(link)
        self.applications = SqlApplications(link)
        self.ladders = SqlLadders(link)
        self.profiles = SqlProfiles(link)
        self.placements = SqlPlacements(link)
        self.joint_appointments = SqlJointAppointments(link)
        self.conferences = SqlConferences(link)
        self.groups = SqlGroups(link)
        self.expectations = SqlExpectations(link)
        self.handover_packs = SqlHandoverPacks(link)
        self.outcome_markers = SqlOutcomeMarkers(link)
        self.rehearsals = SqlRehearsals(link)


def _to_partner(row: Sequence[Any]) -> Partner:
    number, agency_id, kind, kept = row
    details = _DETAILS.decode(kept)
    return Partner(*(number, agency_id, PartnerKind(kind)), **msgspec.structs.asdict(details))
