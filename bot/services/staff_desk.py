# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do in their messenger: take over, look, pass on, plan the next step, reply, close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.access import Action
from bot.domain.concerns import Level
from bot.domain.messages import Body, Draft, Incoming, IncomingKind, Kind
from bot.domain.people import AddressState, Invitation, Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import (
    accompaniments,
    crisis,
    digest,
    home_visit_due,
    not_reached,
    share,
    staff_accompaniments,
    staff_appointments,
    staff_cases,
    staff_conferences,
    staff_decisions,
    staff_duty,
    staff_groups,
    staff_help,
    staff_home_visits,
    staff_queue,
    staff_referrals,
)
from bot.services.desk import Desk
from bot.services.rulebook import Rulebook
from bot.services.staff_commands import run_command
from bot.services.typed_words import take_words
from bot.texts import mark
from dialogs.concerns.crisis import crisis_card

_LONGEST_NUMBER = 18


def receive_from_staff(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """Let something from a staff channel take effect, exactly once."""
    found = uow.people.find_staff(incoming.channel, incoming.address)
    if found is None:
        return _link(uow, rules, incoming, now)
    uow.serve(found[0].agency_id)
    desk = Desk(uow, rules, found, now)
    number = uow.talks.record_incoming(incoming, desk.agency.id, None, now)
    if number is None:
        return Receipt()
    if desk.address.state is AddressState.CLOSED and incoming.kind is not IncomingKind.BLOCKED:
        # Whoever writes from there, or unblocks the bot, can be called there again.
        uow.people.use_address(desk.address.id, now)
    nothing_here = desk.why_not(Action.WORK)
    if nothing_here:
        return _turn_away(desk, incoming, nothing_here)
    if incoming.kind is IncomingKind.BLOCKED:
        return not_reached.blocked(uow, rules, desk.address, now)
    if incoming.kind is IncomingKind.PRESS:
        return desk.finish(_press(desk, incoming))
    _take(desk, incoming)
    about = _about(desk, incoming)
    if about is not None:
        uow.rights.give_to(number, about)
    return desk.finish()


def _about(desk: Desk, incoming: Incoming) -> int | None:
    """The one person whom typed words are about: they go with that person's key; None if nobody's.

    A command names them by the case code behind it, all else is for the case that was meant.
    """
    if incoming.kind is not IncomingKind.TEXT or not incoming.text:
        return None
    if not incoming.text.startswith("/"):
        return next(iter(desk.changed)) if len(desk.changed) == 1 else None
    code = [*incoming.text.split(maxsplit=2), "", ""][1]
    person = desk.uow.plans.by_case_code(desk.agency.id, code.upper()) if code else None
    # Whoever was erased has no key any more.
    return person.id if person is not None and person.standing is not Standing.LEFT else None


def _take(desk: Desk, incoming: Incoming) -> None:
    match incoming.kind:
        case IncomingKind.TEXT if not incoming.attachment:
            _words(desk, incoming)
        case IncomingKind.START:
            staff_help.greet(desk)
        case IncomingKind.TEXT | IncomingKind.ATTACHMENT:
            # Words under a picture mean the picture: alone they would say less than was meant.
            desk.tell(desk.voice.say("Ich kann nur Text weitergeben. Es wurde nichts gesendet."))


def _turn_away(desk: Desk, incoming: Incoming, line: str) -> Receipt:
    """Evaluators, partners and employers may have an account, but nothing to do in this messenger."""
    if incoming.kind is IncomingKind.PRESS:
        mark, _, number = incoming.press.partition(":")
        return desk.finish(share.press_shared(desk, number) if mark == share.MARK else line)
    if incoming.kind is IncomingKind.BLOCKED:
        desk.uow.people.close_address(desk.address.id)
    elif incoming.kind is not IncomingKind.UNBLOCKED:
        desk.tell(line)
    return desk.finish()


def _link(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    code = incoming.text.strip()
    invitation = (
        uow.people.find_invitation(code) if code and incoming.kind is not IncomingKind.PRESS else None
    )
    usable = (
        invitation is not None
        and invitation.staff_id is not None
        and invitation.is_open(now)
        and _is_in_team(uow, invitation.staff_id)
        # Alerts of one agency never go out by the bot of another.
        and rules.has_door(invitation.agency_id, incoming.channel)
    )
    agency_id = invitation.agency_id if usable and invitation else rules.agency_at(incoming.channel)
    if uow.talks.record_incoming(incoming, agency_id, None, now) is None:
        return Receipt()
    voice = rules.voice(incoming.language or "de")
    if incoming.kind is IncomingKind.PRESS:
        return Receipt(voice.say("Dieser Knopf gilt nicht mehr."))
    if incoming.kind in (IncomingKind.BLOCKED, IncomingKind.UNBLOCKED):
        return Receipt()
    staff_id = invitation.staff_id if usable and invitation else None
    address_id = uow.people.add_address(agency_id, incoming.channel, incoming.address, staff_id=staff_id)
    kind, text = _to_stranger(rules, incoming, invitation, agency_id)
    if usable and invitation is not None:
        uow.people.use_invitation(invitation.id, now)
        uow.ledger.note(agency_id, now, f"staff:{staff_id}", "address_linked", incoming.channel)
        person = uow.people.staff(staff_id) if staff_id else None
        if person is not None:
            digest.switch_on(uow, rules, person, now)
        text = voice.say(
            "Willkommen. Ich bin ein Programm und melde Ihnen hier, wenn jemand Sie braucht. "
            "In den Meldungen stehen keine Namen und keine Inhalte. Was Sie hier tun können, zeigt /hilfe."
        )
    draft = Draft(agency_id, address_id, incoming.channel, kind, Body(text), staff_id=staff_id)
    uow.outbox.post([draft], now)
    return Receipt("", frozenset({incoming.channel}))


def _is_in_team(uow: UnitOfWork, staff_id: int) -> bool:
    person = uow.people.staff(staff_id)
    return person is not None and person.left_at is None


def _to_stranger(
    rules: Rulebook, incoming: Incoming, invitation: Invitation | None, agency_id: int
) -> tuple[Kind, str]:
    """What somebody hears who is nobody's colleague here; whoever is in danger, numbers that answer."""
    language = incoming.language or "de"
    voice = rules.voice(language)
    if rules.recognise(incoming.text, incoming.language).level.value >= Level.R3:
        # A person who has found the team's bot instead of their own: nothing that they write is read here.
        help_now = rules.crisis_text(agency_id, language) or crisis_card(language).first
        here = mark("Das hier ist der Zugang für das Team. Was Sie hier schreiben, liest niemand.")
        return Kind.CRISIS, f"{help_now}\n\n{crisis.in_words(rules, language, lambda to: to.say(here))}"
    if invitation is not None and invitation.staff_id is not None:
        gone = voice.say("Dieser Link gilt nicht mehr.")
        return Kind.REPLY, f"{gone} {voice.say('Einen neuen bekommen Sie von Ihrer Verwaltung.')}"
    text = voice.say(
        "Ich kenne Sie noch nicht. Bitte öffnen Sie den Link, den Sie von Ihrer Verwaltung bekommen haben."
    )
    return Kind.REPLY, text


def _press(desk: Desk, incoming: Incoming) -> str:
    mark, _, rest = incoming.press.partition(":")
    if mark in _PRESSED:
        return _PRESSED[mark](desk, rest, incoming.message)
    if mark == staff_decisions.MARK:
        return staff_decisions.press(desk, rest)
    number, _, action = rest.partition(":")
    is_number = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER
    if mark == staff_appointments.MARK and is_number:
        return staff_appointments.press_entry(desk, int(number), action, incoming.message)
    concern = desk.uow.concerns.get(int(number)) if mark == "s" and is_number else None
    if concern is None or concern.agency_id != desk.agency.id:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    refused = desk.why_not_case(concern, action.partition(":")[0])
    if refused:
        return refused
    desk.changed.add(concern.participant_id)
    return staff_cases.press_case(desk, concern, action, incoming.message)


#: By what stands in front of a button; the others need more than its message.
_PRESSED: Mapping[str, Callable[[Desk, str, str], str]] = {
    staff_duty.MARK: staff_duty.press_duty,
    accompaniments.MARK: staff_accompaniments.press,
    home_visit_due.MARK: staff_home_visits.press,
    staff_referrals.MARK: staff_referrals.press,
    staff_groups.MARK: staff_groups.press,
    staff_queue.MARK: staff_queue.press_queue,
    staff_conferences.MARK: staff_conferences.press,
}


def _words(desk: Desk, incoming: Incoming) -> None:
    if incoming.edited:
        desk.tell(desk.voice.say("Eine Änderung gebe ich nicht weiter. Schreiben Sie bitte neu, was fehlt."))
    elif not run_command(desk, incoming.text):
        take_words(desk, incoming)
