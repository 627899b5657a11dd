# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The way from a messenger to Lotse's own page, where the same conversation goes on (promise P5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.messages import Body, Draft, Kind
from bot.domain.own_page import MOST_TRIES, Ask, PageLock, asked
from bot.domain.people import Invitation, Participant, Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import page_lock
from bot.services.rulebook import Rulebook
from bot.services.visit import MESSENGERS, Visit

_A_DAY = timedelta(hours=24)
# Whoever asks twice for a new link gets one.
_AGAIN_EVERY_S = 600


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody came in by a link: who it is, and whether the conversation was already open."""

    participant_id: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Door:
    """A link that opens: what is asked for beside it. `lock` is what an answer is compared with.

    `enrols`: it is the invitation of somebody who is not there yet.
    """

    ask: Ask
    lock: PageLock | None
    enrols: bool


def offer_own_page(
    visit: Visit, kind: Kind, until: datetime | None = None, subject: str = "", dedup: str | None = None
) -> None:
    """Say, without a word about health, that it goes on at Lotse's own page; with a one-time link.

    `until`, `subject` and `dedup`: see `bot.domain.messages.Draft`.
    """
    voice = visit.voice
    if not visit.rules.public_url:
        text = voice.say(
            "Diese Frage stelle ich Ihnen nicht hier. {coach} spricht mit Ihnen darüber.",
            coach=visit.coach_name or visit.voice.say("Ihr Team"),
        )
        visit.show(kind, Body(text), until=until, subject=subject, dedup=dedup)
        return
    link = make_link(visit.uow, visit.rules, visit.participant, visit.now)
    visit.show(kind, _offer(visit, link, kind), until=until, subject=subject, dedup=dedup)


def make_link(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> str:
    """A new one-time link to the person's own page."""
    code, until = rules.new_code(), now + rules.page.link_lives
    new = Invitation(0, person.agency_id, person.language, "", participant_id=person.id, expires_at=until)
    uow.people.add_invitation(code, new)
    return f"{rules.public_url}/p/{code}"


def knock(uow: UnitOfWork, rules: Rulebook, code: str, now: datetime) -> Door | None:
    """What a link asks for; uses nothing up. None if it opens nothing: unknown, used, old or locked."""
    link = uow.people.find_invitation(code)
    if link is None or not link.is_open(now) or link.staff_id is not None:
        return None
    if uow.own_page.tries(link.id) >= MOST_TRIES:
        return None
    return _door(uow, rules, link)


def try_door(uow: UnitOfWork, rules: Rulebook, code: str, now: datetime) -> Door | None:
    """Like `knock`, before an answer is compared: it counts the try, so that nobody tries more at once."""
    link = uow.people.find_invitation(code)
    if link is None or not link.is_open(now) or link.staff_id is not None:
        return None
    door = _door(uow, rules, link)
    if door.ask in (Ask.PIN, Ask.BIRTH_YEAR) and uow.own_page.count_try(link.id) > MOST_TRIES:
        return None
    return door


def enter_page(
    uow: UnitOfWork, rules: Rulebook, code: str, account: str, now: datetime, met: Ask = Ask.NOTHING
) -> Entry | None:
    """Bind a browser to the participant of a one-time link. None if the link is unknown, used or too old.

    `account` is the browser's own secret, made by the page and kept in its cookie. `met` is what was asked
    for and known there, or chosen; whatever else the link asks for by now, it does not open.
    """
    link = uow.people.find_invitation(code)
    if link is None or link.participant_id is None or not link.is_open(now):
        return None
    if _door(uow, rules, link).ask is not met:
        return None
    uow.people.use_invitation(link.id, now)
    uow.people.add_address(link.agency_id, page_lock.CHANNEL, account, participant_id=link.participant_id)
    contact = uow.people.find_contact(page_lock.CHANNEL, account)
    if contact is None:
        return None
    page_lock.begin(uow, contact, now, is_strong=met is not Ask.NOTHING)
    uow.ledger.note(link.agency_id, now, "participant", "own_page_opened", contact.participant.case_code)
    return Entry(contact.participant.id, contact.participant.standing)


def send_again(uow: UnitOfWork, rules: Rulebook, code: str, now: datetime) -> Receipt | None:
    """A new link, to the person's own messenger, in place of one that was used or is too old.

    None if there is nowhere to send it, or if somebody has tried the old one too often: then a human hands
    over the next one.
    """
    link = uow.people.find_invitation(code)
    if link is None or link.participant_id is None or uow.own_page.tries(link.id) >= MOST_TRIES:
        return None
    channels = {rules.agencies[link.agency_id].bot(kind) for kind in MESSENGERS}
    address = uow.own_page.messenger(link.participant_id, channels)
    contact = uow.people.find_contact(address.channel, address.value) if address else None
    if contact is None or contact.participant.id != link.participant_id:
        return None
    visit = Visit(uow, rules, contact, now)
    slot = f"page-link:{link.participant_id}:{int(now.timestamp()) // _AGAIN_EVERY_S}"
    draft = Draft(
        agency_id=link.agency_id,
        address_id=contact.address.id,
        channel=contact.address.channel,
        kind=Kind.REPLY,
        body=_offer(visit, make_link(uow, rules, visit.participant, now), Kind.REPLY),
        participant_id=link.participant_id,
        dedup=slot,
    )
    uow.outbox.post([draft], now)
    return Receipt("", frozenset({contact.address.channel}), frozenset({link.participant_id}))


def _door(uow: UnitOfWork, rules: Rulebook, link: Invitation) -> Door:
    enrols = link.participant_id is None
    lock = None if link.participant_id is None else uow.own_page.lock(link.participant_id)
    return Door(asked(rules.page.factor, lock, is_new=enrols), lock, enrols)


def _offer(visit: Visit, link: str, kind: Kind) -> Body:
    voice, until = visit.voice, visit.now + visit.rules.page.link_lives
    if kind is Kind.REPLY:
        where = voice.say("Hier geht es weiter, auf unserer eigenen Seite.")
    else:  # we begin: whoever gets the link has not asked for anything that could go on
        where = voice.say("Auf unserer eigenen Seite wartet eine Nachricht von Lotse auf Sie.")
    if visit.rules.page.link_lives == _A_DAY:
        how_long = voice.say("Der Link gilt einen Tag und nur einmal.")
    else:
        how_long = voice.say(
            "Der Link gilt nur einmal, und zwar bis {day}, {time}.",
            day=voice.day(until, visit.participant.zone),
            time=voice.clock(until, visit.participant.zone),
        )
    return Body(f"{where} {how_long}", link=link, link_label=voice.say("Weiter"))
