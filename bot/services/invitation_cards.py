# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations from the console: make them, list them, print them, take them back.

A coach invites people for themselves; whoever leads or administers, for every coach of the agency.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.channels import TELEGRAM, username_fact
from bot.domain.invitations import LONGEST, LONGEST_NOTE, MOST_CARDS, MOST_PEOPLE, Card, CardState, typed_code
from bot.domain.people import TEAM, Invitation, Role, Staff
from bot.ports import UnitOfWork
from bot.services.access import Guard
from bot.services.rulebook import Rulebook
from dialogs.own_words import pick

#: Somebody looks through the list; what is older can be found in the audit log.
LISTED = 200


class Fault(StrEnum):
    """Why an invitation was not made, by the field that it is about."""

    COACH = "coach"
    LANGUAGE = "language"
    PROGRAMME = "programme"
    COUNT = "count"
    MOST = "most"
    DAYS = "days"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: `count` cards for one person each, or one card for `most` people."""

    coach_id: int
    language: str
    programme: str = ""
    note: str = ""
    days: int = 30
    count: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Links:
    """Where a card leads; the messenger's is empty where there is none."""

    page: str
    messenger: str


def coaches(uow: UnitOfWork, guard: Guard, staff: Staff) -> list[Staff]:
    """For whom this staff member may invite people."""
    if not guard.here(Action.MANAGE_STAFF).is_allowed:
        return [staff] if staff.role in TEAM else []
    there = uow.people.all_staff(staff.agency_id)
    return [one for one in there if one.left_at is None and one.role in (Role.COACH, Role.LEAD)]


def programmes(uow: UnitOfWork, rules: Rulebook, agency_id: int, language: str) -> dict[str, str]:
    """What people can be invited to: names and titles; none if the agency has installed none."""
    there = rules.programmes.in_force(uow, agency_id)
    return {name: pick(one.title, language) or name for name, one in sorted(there.items())}


def make(
    uow: UnitOfWork, rules: Rulebook, whose: tuple[Guard, Staff], wish: Wish, now: datetime
) -> list[Card] | list[Fault]:
    """Make what is wished for; or say what of it cannot be, and make nothing."""
    staff = whose[1]
    found = _faults(uow, rules, whose, wish)
    if found:
        return found
    made: list[Card] = []
    for _ in range(wish.count):
        code, until = typed_code(rules.new_code()), now + timedelta(days=wish.days)
        behind = Invitation(
            0, staff.agency_id, wish.language, wish.programme, coach_id=wish.coach_id, expires_at=until
        )
        number = uow.people.add_invitation(code, behind)
        words = (wish.language, wish.programme, code, wish.note)
        card = Card(number, staff.agency_id, staff.id, wish.coach_id, *words, wish.most, 0, now, until)
        uow.invitations.keep(card)
        made.append(card)
        uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "invited", str(wish.coach_id))
    return made


def listed(uow: UnitOfWork, guard: Guard, staff: Staff) -> list[Card]:
    """The cards that they may see, the newest first; others' notes are left out."""
    whose = None if guard.here(Action.MANAGE_STAFF).is_allowed else staff.id
    return [_seen_by(card, staff) for card in uow.invitations.cards(staff.agency_id, whose, LISTED)]


def some(uow: UnitOfWork, guard: Guard, staff: Staff, ids: Collection[int], now: datetime) -> list[Card]:
    """Those of these cards that they may hand out, and that still open something."""
    leads = guard.here(Action.MANAGE_STAFF).is_allowed
    cards = uow.invitations.some(staff.agency_id, ids)
    mine = [card for card in cards if leads or staff.id in (card.made_by, card.coach_id)]
    return [_seen_by(card, staff) for card in mine if card.state(now) is CardState.OPEN]


def withdraw(uow: UnitOfWork, guard: Guard, staff: Staff, number: int, now: datetime) -> Card | None:
    """Take a card back. Returns the card as it was, whatever its state; None if there is none for them."""
    leads = guard.here(Action.MANAGE_STAFF).is_allowed
    for card in uow.invitations.some(staff.agency_id, [number]):
        if leads or staff.id in (card.made_by, card.coach_id):
            if card.state(now) is CardState.OPEN and uow.invitations.withdraw(card, now):
                uow.ledger.note(
                    staff.agency_id, now, f"staff:{staff.id}", "invitation_withdrawn", str(card.coach_id)
                )
            return card
    return None


def links(uow: UnitOfWork, rules: Rulebook, card: Card) -> Links:
    """Where a card that is open leads."""
    bot = uow.ledger.fact(username_fact(rules.agencies[card.agency_id].bot(TELEGRAM))) or ""
    messenger = f"https://t.me/{bot}?start={card.code}" if bot else ""
    return Links(f"{rules.public_url}/p/{card.code}", messenger)


def _faults(uow: UnitOfWork, rules: Rulebook, whose: tuple[Guard, Staff], wish: Wish) -> list[Fault]:
    guard, staff = whose
    known = uow.programmes.versions_in_force(staff.agency_id)
    wrong = {
        Fault.COACH: wish.coach_id not in {one.id for one in coaches(uow, guard, staff)},
        Fault.LANGUAGE: wish.language not in rules.texts.languages,
        Fault.PROGRAMME: wish.programme not in known if known else bool(wish.programme),
        Fault.COUNT: not 1 <= wish.count <= MOST_CARDS,
        Fault.MOST: not 1 <= wish.most <= MOST_PEOPLE,
        Fault.DAYS: not 1 <= wish.days <= LONGEST.days,
        Fault.NOTE: len(wish.note) > LONGEST_NOTE,
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def _seen_by(card: Card, staff: Staff) -> Card:
    return card if card.made_by == staff.id else replace(card, note="")
