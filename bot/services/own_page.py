# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The way from a messenger to Lotse's own page, where the same conversation goes on (promise P5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.messages import Body, Kind
from bot.domain.people import Invitation, Standing
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit

LINK_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody came in by a link: who it is, and whether the conversation was already open."""

    participant_id: int
    standing: Standing


def offer_own_page(visit: Visit, kind: Kind, until: datetime | None = None, subject: str = "") -> None:
    """Say, without a word about health, that it goes on at Lotse's own page; with a one-time link.

    `until` and `subject`: see `bot.domain.messages.Draft`.
    """
    voice = visit.voice
    if not visit.rules.public_url:
        text = voice.say(
            "Diese Frage stelle ich Ihnen nicht hier. {coach} spricht mit Ihnen darüber.",
            coach=visit.coach,
        )
        visit.show(kind, Body(text), until=until, subject=subject)
        return
    code = visit.rules.new_code()
    person, expires_at = visit.participant, visit.now + LINK_LIVES
    new = Invitation(0, visit.agency.id, person.language, "", participant_id=person.id, expires_at=expires_at)
    visit.uow.people.add_invitation(code, new)
    link = f"{visit.rules.public_url}/p/{code}"
    text = voice.say(
        "Hier geht es weiter, auf unserer eigenen Seite. Der Link gilt einen Tag und nur einmal."
    )
    body = Body(text, link=link, link_label=voice.say("Weiter"))
    visit.show(kind, body, until=until, subject=subject)


def enter_page(uow: UnitOfWork, rules: Rulebook, code: str, account: str, now: datetime) -> Entry | None:
    """Bind a browser to the participant of a one-time link. None if the link is unknown, used or too old.

    `account` is the browser's own secret, made by the page and kept in its cookie.
    """
    link = uow.people.find_invitation(code)
    if link is None or link.participant_id is None or not link.is_open(now):
        return None
    uow.people.use_invitation(link.id, now)
    uow.people.add_address(link.agency_id, "web_chat", account, participant_id=link.participant_id)
    contact = uow.people.find_contact("web_chat", account)
    if contact is None:
        return None
    uow.ledger.note(link.agency_id, now, "participant", "own_page_opened", contact.participant.case_code)
    return Entry(contact.participant.id, contact.participant.standing)
