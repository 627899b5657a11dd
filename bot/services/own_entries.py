# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person enters about themselves in a dialog and what takes effect at once, without a human."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.messages import Kind
from bot.services import (
    accompaniment_talks,
    application_talks,
    expectation_talks,
    group_talks,
    handover_pack_talks,
    help_plan_talks,
    profile_talks,
    referral_talks,
    restrict,
)
from bot.services.follow_plans import follow_visit
from bot.services.own_page import offer_own_page
from bot.services.visit import Visit
from dialogs.effects import Value

#: Names are longer nowhere.
LONGEST_NAME = 80
#: Places on offer in `not_right`, and the zone that holds there.
ZONES: Mapping[str, str] = {
    "germany": "Europe/Berlin",
    "ukraine": "Europe/Kyiv",
    "turkey": "Europe/Istanbul",
}


def enter(visit: Visit, name: str, value: Value) -> None:
    """Let one of `ENTRIES` take effect. It is kept as the person's own column, and as no fact beside it."""
    ENTRIES[name](visit, value)


def _name(visit: Visit, value: Value) -> None:
    words = " ".join(str(value).split())[:LONGEST_NAME]
    if words:
        visit.uow.people.change_participant(visit.participant.id, name=words)
        _note(visit, "own_name_changed")


def _zone(visit: Visit, value: Value) -> None:
    zone = ZONES.get(str(value))
    if zone is not None and zone != visit.participant.zone:
        visit.change(zone=zone)
        _note(visit, "own_zone_changed")
        # Plans ask at the person's own hours.
        follow_visit(visit)


def _copy(visit: Visit, _: Value) -> None:
    """A copy goes through no messenger: the way to it is a link to the own page, once."""
    offer_own_page(visit, Kind.REPLY)


def _note(visit: Visit, action: str) -> None:
    visit.uow.ledger.note(visit.agency.id, visit.now, "participant", action, visit.participant.case_code)


#: By the name under which a dialog remembers it.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "own_name": _name,
    "own_zone": _zone,
    "own_copy": _copy,
    restrict.FACT: restrict.decide,
    **accompaniment_talks.ENTRIES,
    **group_talks.ENTRIES,
    **help_plan_talks.ENTRIES,
    **referral_talks.ENTRIES,
    **application_talks.ENTRIES,
    **profile_talks.ENTRIES,
    **handover_pack_talks.ENTRIES,
    **expectation_talks.ENTRIES,
}
