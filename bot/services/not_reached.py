# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What cannot be delivered where it was to go goes elsewhere, and a human learns of it (promise P3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.channels import kind_of
from bot.domain.concerns import Concern, Level, State
from bot.domain.delivery import OWN_ADDRESS
from bot.domain.mail import CHANNEL as MAIL
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Address, AddressState, Role
from bot.domain.sharing import handed_by
from bot.ports import Receipt, UnitOfWork
from bot.services import crisis, escalate, human_talks
from bot.services.ladder import policy_of
from bot.services.rulebook import Rulebook
from bot.services.sharing_talks import is_held
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.services.whom import Roster, ways_to
from bot.texts import Voice

#: Messages that were given up, with their numbers, in the order in which they were to go.
Lost = Sequence[tuple[int, Draft]]
#: The key of what was posted once more, for another address.
_ELSEWHERE = "elsewhere:"


def person(uow: UnitOfWork, rules: Rulebook, address: Address, lost: Lost, now: datetime) -> Receipt:
    """A participant was not reached: try the address they used last, and tell the coach, once for it all."""
    participant_id = address.participant_id
    if participant_id is None:
        return Receipt()
    contact = uow.people.contact_of(participant_id)
    woken: set[str] = set()
    elsewhere = contact.address if contact is not None and contact.address.id != address.id else None
    if elsewhere is not None:
        woken |= _send_to(uow, rules, elsewhere, lost, now)
    known = uow.people.find_contact(address.channel, address.value)
    if known is not None:
        visit = Visit(uow, rules, known, now)
        escalate.raise_concern(visit, Level.R1, "delivery", "not_delivered")
        for _, draft in lost:
            if draft.kind is Kind.RELAY and not (elsewhere and _may_carry(rules, draft, elsewhere.channel)):
                _tell_writer(visit, draft)
        visit.finish()
        woken |= visit.woken
    return Receipt("", frozenset(woken), frozenset({participant_id}))


def _tell_writer(visit: Visit, draft: Draft) -> None:
    """Whoever wrote to the person was promised to hear of it: that need not be who is called for it."""
    concern = visit.uow.concerns.get(draft.concern_id or 0)
    writer = human_talks.last_writer(visit.uow, concern) if concern is not None else None
    if concern is None or writer is None:
        return
    for to in ways_to(visit.uow, [writer]):
        staff = visit.uow.people.staff(writer)
        text = visit.rules.voice(staff.language if staff else "de").say(
            "Fall {case}: Ihre Antwort ist nicht angekommen. Bitte nehmen Sie einen anderen Weg, "
            "zum Beispiel das Telefon.",
            case=concern.case_code,
        )
        kind = Kind.STAFF_ALERT if concern.level is Level.R3 else Kind.STAFF_NOTICE
        visit.send_to(escalate.staff_draft(concern, to, kind, Body(text)))


def staff(
    uow: UnitOfWork, rules: Rulebook, address: Address, lost: Lost, now: datetime, *, tell_leads: bool
) -> Receipt:
    """A staff member was not reached: nobody waits for the next rung, and what went nowhere else goes there.

    `tell_leads` says that the address is lost for good, which they do not know yet.
    """
    climbed, drafts = _climb(uow, rules, address, lost, now)
    woken: set[str] = set()
    for concern in climbed:
        woken |= crisis.say_nobody_reached(uow, rules, concern, now)
    others = [one for one in uow.people.staff_addresses([address.staff_id or 0]) if one.id != address.id]
    nowhere = []
    for number, draft in lost:
        sent = _send_elsewhere(uow, rules, others, (number, draft), now)
        woken |= sent
        nowhere += [] if sent else [(number, draft)]
    drafts += words_to_givers(uow, rules, nowhere, now)
    if tell_leads:
        drafts += _word_to_leads(uow, rules, address, now)
    woken |= {draft.channel for draft in drafts}
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(woken), frozenset(concern.participant_id for concern in climbed))


def blocked(uow: UnitOfWork, rules: Rulebook, address: Address, now: datetime) -> Receipt:
    """A staff member has blocked the bot there: as if a sending had found it out, but before one is lost."""
    if address.state is AddressState.CLOSED:
        return Receipt()
    uow.people.close_address(address.id)
    lost = [
        (number, draft) for number, draft in uow.outbox.fail_for(address.id, "blocked", now) if not draft.edit
    ]
    return staff(uow, rules, address, lost, now, tell_leads=True)


def _climb(
    uow: UnitOfWork, rules: Rulebook, address: Address, lost: Lost, now: datetime
) -> tuple[list[Concern], list[Draft]]:
    drafts: list[Draft] = []
    climbed: list[Concern] = []
    current = uow.people.address(address.id)
    is_dead = current is None or current.state is AddressState.CLOSED
    called = {d.concern_id: number for number, d in lost if d.kind is Kind.STAFF_ALERT and d.concern_id}
    for concern_id, number in sorted(called.items()):
        concern = uow.concerns.get(concern_id or 0)
        if concern is None or concern.state is not State.OPEN:
            continue
        uow.concerns.log(concern.id, now, "call_failed", "system")
        # Where an address refuses each call and stays, the ladder goes on at its time: else it never rests.
        if not is_dead and uow.outbox.is_called_elsewhere(number):
            continue
        if not is_dead and _all_were_called(concern):
            concern = replace(concern, uncovered=not uow.outbox.sent_message(concern.id))
            uow.concerns.save(concern)
        else:
            concern, calls = escalate.climb(uow, rules, concern, now)
            drafts += calls
        climbed.append(concern)
    return climbed, drafts


def _all_were_called(concern: Concern) -> bool:
    """Whether the ladder has come to its end, also with the leads beside each rung."""
    return concern.round > 0 and concern.rung >= len(policy_of(concern).rungs)


def _send_elsewhere(
    uow: UnitOfWork, rules: Rulebook, others: Sequence[Address], lost: tuple[int, Draft], now: datetime
) -> set[str]:
    """Send a staff member one message at another of their addresses. Returns the channels to wake, if so."""
    number, draft = lost
    # Once: two ways that both refuse would play ball with it.
    was_sent_on = (draft.dedup or "").startswith(_ELSEWHERE)
    if draft.kind is Kind.STAFF_ALERT or draft.subject == OWN_ADDRESS or was_sent_on:
        return set()
    # Most messages to staff go to all their addresses at once, and are there already.
    reached = uow.outbox.posted_with(number)
    if not others or any(one.id in reached for one in others):
        return set()
    return _send_to(uow, rules, others[0], [lost], now)


def _send_to(uow: UnitOfWork, rules: Rulebook, to: Address, lost: Lost, now: datetime) -> set[str]:
    """Post it again for another address, if its channel may carry it (promise P5)."""
    drafts = [
        # A key of its own: under the old one it was posted already.
        replace(draft, address_id=to.id, channel=to.channel, edit="", dedup=f"{_ELSEWHERE}{number}")
        for number, draft in lost
        if _may_carry(rules, draft, to.channel)
    ]
    uow.outbox.post(drafts, now)
    return {draft.channel for draft in drafts}


def _may_carry(rules: Rulebook, draft: Draft, channel: str) -> bool:
    agency = rules.agencies[draft.agency_id]
    # Numbers that help may go everywhere; of everything else we only know what its first channel might carry.
    return draft.kind is Kind.CRISIS or agency.class_of(channel).carries(agency.class_of(draft.channel))


def words_to_givers(uow: UnitOfWork, rules: Rulebook, lost: Lost, now: datetime) -> list[Draft]:
    """Partners do not hear that something was given to them: whoever gave it believes that they did.

    Nothing is said of what has reached them at another address or still may, nor to which nobody agrees now.
    """
    missed = {
        draft.subject for number, draft in lost if handed_by(draft.subject) and uow.outbox.is_lost(number)
    }
    return [draft for subject in sorted(missed) for draft in _word_to_giver(uow, rules, subject, now)]


def _word_to_giver(uow: UnitOfWork, rules: Rulebook, subject: str, now: datetime) -> list[Draft]:
    ask_id, giver_id = handed_by(subject) or (0, 0)
    given = uow.sharing.get(ask_id)
    if given is None or not is_held(uow, rules, given, now):
        return []
    person, partner = uow.people.participants_by([given.participant_id])[given.participant_id], given.partner
    known = [uow.people.staff(one) for one in (giver_id or given.asked_by, person.coach_id) if one]
    there = [one for one in known if one is not None and one.left_at is None]

    def say(voice: Voice) -> str:
        return voice.say(
            "Fall {case}: Die Nachricht an {name} ist dort nicht angekommen. Bitte geben Sie es selbst "
            "weiter, und nur, was erlaubt ist.",
            case=person.case_code,
            name=partner,
        )

    told = there[:1] or Roster(uow, rules, given.agency_id, now).leads()
    return notices(uow, rules, told, say, now)


def _word_to_leads(uow: UnitOfWork, rules: Rulebook, address: Address, now: datetime) -> list[Draft]:
    """Whoever leads learns that a colleague gets nothing any more at an address."""
    away = uow.people.staff(address.staff_id) if address.staff_id else None
    if away is None:
        return []
    uow.ledger.note(away.agency_id, now, "system", "staff_address_closed", f"staff:{away.id}")
    team = uow.people.all_staff(away.agency_id)
    everybody = [one for one in team if one.id != away.id and one.left_at is None]
    leads = [one for one in everybody if one.role is Role.LEAD] or [
        one for one in everybody if one.role is Role.ADMIN
    ]
    ways = {kind_of(one.channel) for one in uow.people.staff_addresses([away.id])}
    drafts = []
    for lead in leads:
        voice = rules.voice(lead.language)
        text = voice.say(
            "Im Messenger kommt bei {name} nichts mehr an. Bitte fragen Sie dort nach.", name=away.name
        )
        if kind_of(address.channel) in ways:
            text = voice.say(
                "Einer der Messenger-Zugänge von {name} ist zu. Ein anderer ist noch offen.", name=away.name
            )
        if address.channel == MAIL:
            text = voice.say(
                "Per E-Mail kommt bei {name} nichts an. Bitte fragen Sie dort nach.", name=away.name
            )
        drafts += [
            Draft(away.agency_id, to.id, to.channel, Kind.STAFF_NOTICE, Body(text), staff_id=lead.id)
            for to in uow.people.staff_addresses([lead.id])
        ]
    return drafts
