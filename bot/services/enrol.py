# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations, the first contact, the way back, and the one word that ends it all."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.domain import commands
from bot.domain.concerns import Level
from bot.domain.consent import Purpose
from bot.domain.messages import Body, Draft, Incoming, IncomingKind, Kind
from bot.domain.people import TEAM, Invitation, Standing
from bot.errors import NotFound
from bot.ports import Receipt, UnitOfWork
from bot.services import contact_news, crisis, erase_person, floor, in_pieces, unseen
from bot.services.consents import withdraw
from bot.services.enrolments import begin
from bot.services.follow_plans import follow_visit
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.services.withdraw import end_contact
from dialogs.concerns.crisis import crisis_card
from dialogs.inputs import Repeat

#: What a programme names among its dialogs if its open doors begin with it.
OPEN_DOOR: Final = "open_door"
_WELCOME: Final = "welcome"
_BACK_AGAIN: Final = "back_again"


def greet_stranger(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """Somebody whom we do not know yet: an invitation, a cry for help, or neither."""
    agency_id = rules.agency_at(incoming.channel)
    invitation = _invitation(uow, rules, incoming, now)
    if invitation is not None:
        agency_id = invitation.agency_id
    if uow.talks.record_incoming(incoming, agency_id, None, now) is None:
        return Receipt()
    if incoming.kind in (IncomingKind.BLOCKED, IncomingKind.UNBLOCKED):
        return Receipt()
    if invitation is not None:
        return _welcome(uow, rules, incoming, invitation, now)
    said = in_pieces.read_stranger(uow, rules, incoming, agency_id, now)
    if said.found.level.value >= Level.R2:
        visit = keep_visitor(uow, rules, incoming, agency_id, now)
        crisis.answer(visit, said.found.hits[0].rule if said.found.hits else "", said.words)
        visit.finish()
        return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))
    if incoming.attachment:
        return _look_for_visitor(uow, rules, incoming, agency_id, now)
    _answer_stranger(uow, rules, incoming, agency_id, now)
    return Receipt("", frozenset({incoming.channel}))


def start_again(visit: Visit, code: str) -> None:
    """/start from somebody we know: begin anew after a stop, accept an invitation, or repeat the question."""
    invitation = visit.uow.people.find_invitation(code) if code else None
    usable = (
        invitation is not None
        and invitation.coach_id is not None
        and invitation.is_open(visit.now)
        # Nobody is two agencies' person in one conversation: the other one has a door of its own.
        and invitation.agency_id == visit.agency.id
    )
    if usable and invitation is not None and visit.participant.standing is not Standing.ACTIVE:
        if not _is_on_the_way_in(visit, invitation):
            visit.uow.people.use_invitation(invitation.id, visit.now)
        coach_id = _coach_of(visit.uow, invitation)
        visit.change(coach_id=coach_id, programme=invitation.programme, standing=Standing.INVITED)
        # Whoever had left is here again: nothing of theirs is deleted by the old end any more.
        visit.uow.people.change_participant(visit.participant.id, left_at=None)
    elif invitation is not None and usable and _is_in_a_second(visit, invitation):
        return
    elif code and not usable and visit.participant.standing is not Standing.ACTIVE:
        visit.tell(Kind.REPLY, unusable_code(visit.rules, visit.participant.language))
        return
    if erase_person.start_again(visit):
        visit.tell(
            Kind.REPLY, visit.voice.say("Ihre Daten werden nun nicht gelöscht. Schön, dass Sie bleiben.")
        )
    if visit.participant.standing is not Standing.ACTIVE:
        is_back = not usable and _has_left_off(visit)
        floor.start(visit, _BACK_AGAIN if is_back else _first_dialog(visit, invitation if usable else None))
    elif visit.conversation is not None:
        floor.go_on(visit, Repeat())
    else:
        visit.tell(
            Kind.REPLY,
            visit.voice.say(
                "Schön, dass Sie da sind. Sie können hier jederzeit schreiben. Hilfe sofort: /hilfe"
            ),
        )


def stop(visit: Visit) -> None:
    """End contact at once: withdraw the consent, cancel what waits, and confirm it once (promise P4)."""
    floor.end_all(visit, "stopped")
    if not withdraw(visit, Purpose.CONTACT, version=contact_news.STOPP):
        # Nothing was agreed to yet, or no more: whatever waits ends all the same.
        end_contact(visit)
    floor.start(visit, "stop")
    floor.clear(visit)


def keep_visitor(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, agency_id: int, now: datetime
) -> Visit:
    """Keep a stranger: a concern needs somebody to answer to, and this is the one reason to."""
    # As their messenger says it, also where there are no texts of ours: then help comes in two languages.
    number = uow.people.add_participant(agency_id, Standing.VISITOR, incoming.language or "de", None)
    return _bind(uow, rules, incoming, (agency_id, number), now)


def unusable_code(rules: Rulebook, language: str) -> str:
    """One kind line for an invitation that is unknown, used or too old. It does not say which."""
    return rules.voice(language).say(
        "Dieser Einladungs-Link gilt nicht mehr. Bitte fragen Sie Ihre Ansprechperson nach einem neuen. "
        "Wenn Sie sofort Hilfe brauchen: 112 oder TelefonSeelsorge 0800 1110111."
    )


def _is_on_the_way_in(visit: Visit, invitation: Invitation) -> bool:
    """Whether they have come in by such an invitation already, and open a door's link once more.

    Then they are not counted again.
    """
    person = visit.participant
    same = (_coach_of(visit.uow, invitation), invitation.programme) == (person.coach_id, person.programme)
    return person.standing is Standing.INVITED and same


def _coach_of(uow: UnitOfWork, invitation: Invitation) -> int | None:
    """Whose the person will be; nobody's where that coach has left since, and leads hear of it."""
    coach = uow.people.staff(invitation.coach_id) if invitation.coach_id is not None else None
    is_there = coach is not None and coach.left_at is None and coach.role in TEAM
    return coach.id if coach is not None and is_there else None


def _is_in_a_second(visit: Visit, invitation: Invitation) -> bool:
    """An invitation to another programme, opened by somebody who is in one: they are in both from now on.

    Their coach stays the one main contact. False if there is no such programme here, or they are in it.
    """
    programme = invitation.programme
    begun = begin(visit.uow, visit.rules, visit.participant, programme, "participant", visit.now)
    if begun is None:
        return False
    visit.uow.people.use_invitation(invitation.id, visit.now)
    follow_visit(visit)
    visit.tell(
        Kind.REPLY,
        visit.voice.say("Schön, Sie sind jetzt auch dort dabei. Ihre Ansprechperson bleibt dieselbe."),
    )
    return True


def _invitation(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Invitation | None:
    code = incoming.text.strip()
    looks_like_code = incoming.kind is IncomingKind.START or (8 <= len(code) <= 64 and " " not in code)
    if not code or not looks_like_code:
        return None
    found = uow.people.find_invitation(code)
    # Links to the own page and codes for staff are not invitations to enrol.
    if (
        found is None
        or not found.is_open(now)
        or found.staff_id is not None
        or found.participant_id is not None
        # What one agency says never goes out by the bot of another.
        or not rules.has_door(found.agency_id, incoming.channel)
    ):
        return None
    return found


def _welcome(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, invitation: Invitation, now: datetime
) -> Receipt:
    uow.people.use_invitation(invitation.id, now)
    language = invitation.language
    coach_id = _coach_of(uow, invitation)
    number = uow.people.add_participant(invitation.agency_id, Standing.INVITED, language, coach_id)
    uow.people.change_participant(number, programme=invitation.programme)
    visit = _bind(uow, rules, incoming, (invitation.agency_id, number), now)
    uow.ledger.note(invitation.agency_id, now, "participant", "invitation_used", visit.participant.case_code)
    if incoming.language and incoming.language.partition("-")[0] != language.partition("-")[0]:
        # The messenger speaks another language with this person than the invitation did: better ask.
        visit.remember("language_unsure", True)
    floor.start(visit, _first_dialog(visit, invitation))
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({number}))


def _has_left_off(visit: Visit) -> bool:
    """Whether they had agreed to contact once and then ended it: they know Lotse."""
    return visit.participant.standing is Standing.STOPPED and visit.first_agreed_on is not None


def _first_dialog(visit: Visit, invitation: Invitation | None) -> str:
    """How somebody is met who comes in.

    By a door open to several people nobody is expected, so where the programme names `OPEN_DOOR` that asks no
    more than whether they would like to talk to somebody. Who has an invitation of their own is welcomed.
    """
    if invitation is None or not invitation.programme:
        return _WELCOME
    uow, agency_id = visit.uow, invitation.agency_id
    is_door = any(card.is_door for card in uow.invitations.some(agency_id, [invitation.id]))
    version = uow.programmes.versions_in_force(agency_id).get(invitation.programme, 0) if is_door else 0
    programme = visit.rules.programmes.version(uow, agency_id, invitation.programme, version)
    if programme is None or OPEN_DOOR not in programme.dialogs or visit.rules.book.latest(OPEN_DOOR) is None:
        return _WELCOME
    return OPEN_DOOR


def _look_for_visitor(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, agency_id: int, now: datetime
) -> Receipt:
    # Nobody but a human can tell whether a voice message is a cry for help, whoever it is from.
    visit = keep_visitor(uow, rules, incoming, agency_id, now)
    if commands.dialog_for(incoming.text) == "help_now":
        visit.tell(Kind.CRISIS, _first_help(rules, agency_id, visit.participant.language))
    unseen.take_from_stranger(visit, incoming)
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))


def _bind(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, person: tuple[int, int], now: datetime
) -> Visit:
    agency_id, participant_id = person
    address_id = uow.people.add_address(
        agency_id, incoming.channel, incoming.address, participant_id=participant_id
    )
    uow.people.use_address(address_id, now)
    contact = uow.people.find_contact(incoming.channel, incoming.address)
    if contact is None:
        raise NotFound("an address that was just bound")
    return Visit(uow, rules, contact, now)


def _answer_stranger(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, agency_id: int, now: datetime
) -> None:
    if incoming.kind is IncomingKind.PRESS:
        return
    language = incoming.language or "de"
    if commands.dialog_for(incoming.text) == "help_now":
        text = _first_help(rules, agency_id, language)
    elif incoming.kind is IncomingKind.START and incoming.text:
        text = unusable_code(rules, language)
    else:
        text = rules.voice(language).say(
            "Guten Tag. Ich bin ein Programm und kenne Sie noch nicht. Ihr Einladungs-Link öffnet die Tür; "
            "Sie bekommen ihn von Ihrer Ansprechperson. Wenn Sie sofort Hilfe brauchen: 112 oder "
            "TelefonSeelsorge 0800 1110111."
        )
    address_id = uow.people.add_address(agency_id, incoming.channel, incoming.address)
    uow.outbox.post([Draft(agency_id, address_id, incoming.channel, Kind.REPLY, Body(text))], now)


def _first_help(rules: Rulebook, agency_id: int, language: str) -> str:
    return rules.crisis_text(agency_id, language) or crisis_card(language).first
