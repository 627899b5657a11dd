# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The console's navigation: the same for everybody, without what somebody may not."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.people import Role
from bot.texts import mark
from bot.web.console.seat import Seat

QUEUE = "queue"
PEOPLE = "people"
CALENDAR = "calendar"
DUTY = "duty"
INVITATIONS = "invitations"
TEAM = "team"
STATISTICS = "statistics"
ADMIN = "admin"
#: The one page of a partner's contact, for nobody else.
SHARED = "shared"
#: The one page of a firm's contact, for nobody else.
PLACEMENTS = "placements"

#: Place, address, label, what is needed to see it.
_ENTRIES = (
    (QUEUE, "/console/", mark("Meldungen"), Action.WORK),
    (PEOPLE, "/console/people", mark("Meine Leute"), Action.WORK),
    (CALENDAR, "/console/calendar", mark("Termine"), Action.WORK),
    (DUTY, "/console/duty", mark("Dienst"), Action.WORK),
    (INVITATIONS, "/console/invitations", mark("Einladungen"), Action.WORK),
    (TEAM, "/console/team", mark("Team"), Action.MANAGE_ROTA),
    (STATISTICS, "/console/statistics", mark("Auswertung"), Action.SEE_STATISTICS),
    (ADMIN, "/console/admin", mark("Verwaltung"), Action.MANAGE_STAFF),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `count` is how many things wait there."""

    place: str
    path: str
    label: str
    count: int = 0


def entries(seat: Seat) -> tuple[Entry, ...]:
    """What this staff member can go to."""
    if seat.staff.role is Role.PARTNER:
        return (Entry(SHARED, "/console/shared", seat.voice.say("Mit Ihnen geteilt")),)
    if seat.staff.role is Role.EMPLOYER_CONTACT:
        return (Entry(PLACEMENTS, "/console/placements", seat.voice.say("Praktika bei Ihnen")),)
    waiting = len(seat.waiting)
    return tuple(
        Entry(place, path, seat.voice.say(label), waiting if place == QUEUE else 0)
        for place, path, label, needs in _ENTRIES
        if seat.may(needs)
    )
