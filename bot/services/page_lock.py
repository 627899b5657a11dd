# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who a browser on the participants' own page is, and what somebody must know to open it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.own_page import Factor, PageLock, PageSession, is_enough
from bot.domain.people import AddressState, Participant
from bot.ports import Contact, UnitOfWork
from bot.services.rulebook import Rulebook
from bot.texts import mark

CHANNEL = "web_chat"
#: What the history of a concern says of words that were typed where a page has shut by itself.
FROM_SHUT_PAGE = "from_shut_page"
MAYBE_NOT_THEIRS = mark(
    "Geschrieben auf einer Seite, die nicht mehr offen war: vielleicht nicht von der Person selbst."
)
# When a session was used is written down no more often than this: reading a page should not always write.
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whose page is open in a browser."""

    contact: Contact
    session: PageSession


def who(uow: UnitOfWork, rules: Rulebook, account: str, now: datetime) -> Guest | None:
    """Whose browser this is; `account` is its own secret.

    None if nobody's, if they signed out, if nobody has used it for too long, or if by now the agency asks for
    something that was not known there.
    """
    contact = uow.people.find_contact(CHANNEL, account) if account else None
    if contact is None or contact.address.state is not AddressState.OPEN:
        return None
    person = contact.participant
    session = uow.own_page.session(contact.address.id)
    if session is None or session.participant_id != person.id:
        # Somebody came in by an invitation: there was nothing yet that had to be guarded.
        session = begin(uow, contact, now, is_strong=False)
    if session.is_over(now, rules.page.idle):
        uow.people.close_address(contact.address.id)
        uow.ledger.note(person.agency_id, now, "program", "own_page_idle", person.case_code)
        return None
    if not is_enough(rules.page.factor, uow.own_page.lock(person.id), session):
        return None
    if now - session.seen_at >= _SEEN_EVERY:
        uow.own_page.see(contact.address.id, now)
    return Guest(contact, session)


def shut(uow: UnitOfWork, rules: Rulebook, account: str) -> Contact | None:
    """Whose page was open in this browser until it shut by itself (`is_shut`); None after signing out.

    Nothing may be shown there. But what is typed there tells whose words it is, and can reach a human.
    """
    contact = uow.people.find_contact(CHANNEL, account) if account else None
    if contact is None or not is_shut(uow, rules, contact):
        return None
    session = uow.own_page.session(contact.address.id)
    return contact if session and session.participant_id == contact.participant.id else None


def is_shut(uow: UnitOfWork, rules: Rulebook, contact: Contact) -> bool:
    """Whether this is a page that is not open any more: only a link opens it again, not what is typed.

    Nobody had used it for too long, or by now the agency asks for something that was not known there.
    """
    if contact.address.channel != CHANNEL:
        return False
    if contact.address.state is AddressState.CLOSED:
        return True
    session = uow.own_page.session(contact.address.id)
    lock = uow.own_page.lock(contact.participant.id)
    return session is not None and not is_enough(rules.page.factor, lock, session)


def begin(uow: UnitOfWork, contact: Contact, now: datetime, *, is_strong: bool) -> PageSession:
    """A session of the person in this browser, from now on."""
    person = contact.participant
    new = PageSession(contact.address.id, person.agency_id, person.id, now, now, is_strong)
    uow.own_page.begin(new)
    return new


def leave(uow: UnitOfWork, account: str, now: datetime) -> None:
    """Sign this browser out: nothing is sent there any more, and its cookie opens nothing."""
    contact = uow.people.find_contact(CHANNEL, account) if account else None
    if contact is None or contact.address.state is not AddressState.OPEN:
        return
    uow.people.close_address(contact.address.id)
    uow.own_page.end(contact.address.id)
    person = contact.participant
    uow.ledger.note(person.agency_id, now, "participant", "own_page_left", person.case_code)


def leave_everywhere(uow: UnitOfWork, person: Participant, actor: str, now: datetime) -> int:
    """Sign all browsers of a person out and call links back that were not used. How many browsers it were."""
    sessions = uow.own_page.sessions(person.id)
    for session in sessions:
        uow.people.close_address(session.address_id)
    uow.own_page.end_all(person.id)
    uow.own_page.revoke_links(person.id, now)
    uow.ledger.note(person.agency_id, now, actor, "own_page_left_everywhere", person.case_code)
    return len(sessions)


def set_secret(
    uow: UnitOfWork, person: Participant, factor: Factor, secret: str, actor: str, now: datetime
) -> None:
    """What the person must know from now on; `secret` is its hash. Sessions that are open stay open."""
    uow.own_page.set_lock(PageLock(person.agency_id, person.id, factor, secret, now))
    uow.ledger.note(person.agency_id, now, actor, "own_page_locked", f"{person.case_code} {factor.value}")
