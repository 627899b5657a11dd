# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A line to staff about how the team is set up: absences, shifts, ways that are not confirmed. No content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Staff
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from scheduler.local_time import zone


def notices(
    uow: UnitOfWork,
    rules: Rulebook,
    people: Iterable[Staff],
    say: Callable[[Voice], Body | str],
    now: datetime,
) -> list[Draft]:
    """The same to every open address of these people, each in their language; never in quiet hours."""
    by_id = {person.id: person for person in people}
    drafts = []
    for address in uow.people.staff_addresses(list(by_id)) if by_id else []:
        person = by_id[address.staff_id or 0]
        body = say(rules.voice(person.language))
        agency = rules.agencies[person.agency_id]
        quiet = rules.quiet_of(agency.id)
        waits = quiet.next_allowed(now, zone(agency.zone)) if quiet else now
        drafts.append(
            Draft(
                person.agency_id,
                address.id,
                address.channel,
                Kind.STAFF_NOTICE,
                Body(body) if isinstance(body, str) else body,
                staff_id=person.id,
                not_before=waits if waits > now else None,
            )
        )
    return drafts
