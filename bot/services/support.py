# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The support catalogue: a card about a self-help group, a sports club, a course, sent to one person.

Nothing of it is kept. Whoever is interested gets a contact wish, and that says what it is about.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.access import Action
from bot.domain.partners import Partner, PartnerKind
from bot.domain.people import Participant
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, tell_about
from bot.services.desk import Desk
from bot.services.support_talks import DIALOG, SUBJECT
from bot.texts import mark

#: Where the support catalogue begins; all other partners are reached by a referral.
CATALOGUE = frozenset(
    {
        PartnerKind.SELF_HELP,
        PartnerKind.SPORTS,
        PartnerKind.VOLUNTEERING,
        PartnerKind.COURSE,
        PartnerKind.OTHER,
    }
)
_KEEP_FOR = timedelta(days=14)
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_NO_OFFER = mark(
    "Dieses Angebot steht nicht im Verzeichnis, oder man kommt dorthin nur mit einer Vermittlung."
)


def catalogue(desk: Desk) -> list[Partner]:
    """Everything that can be suggested, by number."""
    every = desk.uow.casework.partners.of_agency(desk.agency.id)
    return [one for one in every if one.kind in CATALOGUE and not one.is_retired]


def suggest(desk: Desk, person: Participant, partner_id: int) -> Telling:
    """Send the card of an offer to a person whom this staff member looks after. Raises `EntryFault`."""
    if not desk.guard.person(person, Action.CHANGE_PLAN).is_allowed:
        raise EntryFault(_NOT_THEIRS)
    if partner_id not in {one.id for one in catalogue(desk)}:
        raise EntryFault(_NO_OFFER)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "support_suggested", person.case_code)
    return tell_about(desk, person.id, (DIALOG, f"{SUBJECT}:{partner_id}"), _KEEP_FOR, anew=True)
