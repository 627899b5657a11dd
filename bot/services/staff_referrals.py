# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Referrals in the staff's messenger: `/vermittlung`, with buttons for the next state.

A place may say something about the person's health: it is only named where the channel may carry that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.access import Action
from bot.domain.messages import Body, Key
from bot.domain.people import Participant
from bot.domain.referrals import (
    Need,
    Outcome,
    Referral,
    ReferralEvent,
    ReferralParty,
    ReferralResult,
    ReferralState,
    SendWay,
)
from bot.services import referrals, share
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.appointments import Telling
from bot.services.desk import Desk
from bot.services.referral_moves import ask_of
from bot.services.referral_words import NEEDS, OUTCOMES, STATES, WAYS, checked
from bot.services.referrals_view import waiting
from bot.services.staff_queue import find_person
from bot.services.staff_sharing import labelled
from bot.texts import mark

MARK = "v"
SHOWN = 20
LIST = "/vermittlung"
SHOW = "/vermittlung K7F3M"
PROPOSE = "/vermittlung K7F3M An: Beratungsstelle Musterstadt Was: Ihren Namen Wozu: für ein Gespräch"
APPOINTMENT = "/vermittlung K7F3M 12 termin 34"
SEND = "/vermittlung K7F3M 12 brief Name und Telefonnummer"
_WORDS: Mapping[str, SendWay] = {
    "lotse": SendWay.LOTSE,
    "brief": SendWay.LETTER,
    "telefon": SendWay.PHONE,
    "mail": SendWay.MAIL,
    "gespräch": SendWay.TOGETHER,
}
#: What one tap can say; over Lotse the partner gets words, which are typed.
_TAPPED = (SendWay.LETTER, SendWay.PHONE, SendWay.MAIL, SendWay.TOGETHER)
_ASKED = (
    mark("Braucht die Person Prävention?"),
    mark("Braucht die Person eine Reha?"),
    mark("Ist die Person dazu bereit?"),
)
_NEEDS = {"y": Need.YES, "n": Need.NO, "o": Need.OPEN}


def act(desk: Desk, typed: str) -> None:
    """`/vermittlung [CODE [An: Was: Wozu: | NUMBER termin N | NUMBER brief TEXT]]`."""
    if not typed:
        _list(desk)
        return
    code, _, rest = typed.partition(" ")
    person = find_person(desk, code, SHOW, Action.ASK_SHARING)
    if person is None:
        return
    try:
        _carry_out(desk, person, rest.strip())
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice))


def press(desk: Desk, rest: str, message: str) -> str:
    """A button under a referral. Returns what is shown over it."""
    number, _, what = rest.partition(":")
    referral = desk.uow.casework.referrals.get(number_of(number))
    person = desk.uow.plans.lock(referral.participant_id) if referral is not None else None
    name, _, chosen = what.partition(":")
    if referral is None or person is None or person.agency_id != desk.agency.id or name not in _PRESSED:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    try:
        _check_button(desk, person, referral.id)
        _PRESSED[name](desk, person, referral.id, chosen, message)
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice))
    except (KeyError, ValueError):  # a token that none of our buttons carries
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    return ""


def _list(desk: Desk) -> None:
    found = waiting(desk.uow, desk.rules, desk.staff, desk.now)
    if not found:
        desk.tell(
            desk.voice.say("Bei Ihren Leuten ist keine Vermittlung offen.")
            + "\n"
            + desk.voice.say("Zum Beispiel: {example}", example=PROPOSE)
        )
        return
    lines = [
        desk.voice.say(
            "Fall {case}, Vermittlung {number}: {state}, seit {day}",
            case=one.person.case_code,
            number=one.referral.id,
            state=desk.voice.say(STATES[one.referral.state]),
            day=desk.voice.day(one.referral.changed_at, desk.agency.zone),
        )
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(desk.voice.say("Und {count} weitere.", count=len(found) - SHOWN))
    desk.tell("\n".join(lines))


def _carry_out(desk: Desk, person: Participant, typed: str) -> None:
    if not typed:
        _show(desk, person)
        return
    first, _, rest = typed.partition(" ")
    number = number_of(first)
    if not number:
        parts = labelled(typed)
        wish = share.Wish(*(parts.get(label, "") for label in ("an", "was", "wozu")))
        new, telling = referrals.propose(desk, person, referrals.Proposal(wish))
        _tell(desk, person, new, telling)
        return
    word, _, words = rest.strip().partition(" ")
    if word.casefold() == "termin":
        _tell(desk, person, referrals.make_appointment(desk, person, number, number_of(words.strip())))
    elif word.casefold() in _WORDS:
        _tell(desk, person, *referrals.send(desk, person, number, _WORDS[word.casefold()], words))
    else:
        desk.tell(
            desk.voice.say("Das verstehe ich nicht. Es wurde nichts geändert.")
            + "\n"
            + desk.voice.say("Zum Beispiel: {example}", example=f"{APPOINTMENT}\n{SEND}")
        )


def _show(desk: Desk, person: Participant) -> None:
    found = [one for one in desk.uow.casework.referrals.of_participant(person.id) if one.is_open]
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "referrals_shown", person.case_code)
    if not found:
        line = desk.voice.say("Fall {case}: Es ist keine Vermittlung offen.", case=person.case_code)
        desk.tell(f"{line}\n" + desk.voice.say("Zum Beispiel: {example}", example=PROPOSE))
    for one in found:
        _tell(desk, person, one)


def _tell(
    desk: Desk, person: Participant, referral: Referral, telling: Telling | None = None, edit: str = ""
) -> None:
    say = desk.voice.say
    lines = [
        say(
            "Fall {case}, Vermittlung {number}: {state}.",
            case=person.case_code,
            number=referral.id,
            state=say(STATES[referral.state]),
        )
    ]
    if telling is not None:
        lines.append(say(telling.value))
    if desk.may_show_content and desk.guard.person(person, Action.SEE_CONTENT).is_allowed:
        ask = ask_of(desk.uow, referral)
        named = {"partner": ask.partner, "what": ask.what, "why": ask.why}
        lines.append(say("An {partner}: {what}. Wozu: {why}.", **named))
        if referral.result is not None:
            lines.append(checked(desk.voice, referral.result))
    if referral.can(ReferralEvent.MAKE_APPOINTMENT, ReferralParty.STAFF):
        example = f"/vermittlung {person.case_code} {referral.id} termin 34"
        lines.append(say("Ein Termin dazu: {example}", example=example))
    desk.tell(Body("\n".join(lines), _keys(desk, referral)), edit=edit)


def _keys(desk: Desk, referral: Referral) -> tuple[tuple[Key, ...], ...]:
    staff = ReferralParty.STAFF
    rows: list[tuple[Key, ...]] = []
    if referral.can(ReferralEvent.PROPOSE, staff):
        rows.append((_key(desk, referral, mark("Noch einmal fragen"), "again"),))
    if referral.state is ReferralState.CONSENTED:
        keys = [_key(desk, referral, WAYS[way], f"send:{way.value}") for way in _TAPPED]
        rows += [tuple(keys[:2]), tuple(keys[2:])]
    if referral.can(ReferralEvent.VISIT, staff):
        rows.append((_key(desk, referral, mark("War dort"), "visit"),))
    if referral.can(ReferralEvent.RESULT, staff):
        rows.append((_key(desk, referral, mark("Ergebnis eintragen"), "result"),))
    if referral.is_open:
        rows.append((_key(desk, referral, mark("Abschließen"), "close"),))
    return tuple(rows)


def _key(desk: Desk, referral: Referral, label: str, what: str) -> Key:
    return Key(desk.voice.say(label), f"{MARK}:{referral.id}:{what}")


def _check_button(desk: Desk, person: Participant, number: int) -> None:
    referrals.referral_of(desk, person, number)


def _again(desk: Desk, person: Participant, number: int, _: str, message: str) -> None:
    telling = referrals.propose_again(desk, person, number)
    _tell(desk, person, referrals.referral_of(desk, person, number), telling, message)


def _send(desk: Desk, person: Participant, number: int, chosen: str, message: str) -> None:
    allowed = ask_of(desk.uow, referrals.referral_of(desk, person, number)).what
    sent, telling = referrals.send(desk, person, number, SendWay(chosen), allowed)
    _tell(desk, person, sent, telling, message)


def _visit(desk: Desk, person: Participant, number: int, _: str, message: str) -> None:
    _tell(desk, person, referrals.visited(desk, person, number), None, message)


def _result(desk: Desk, person: Participant, number: int, chosen: str, message: str) -> None:
    """Three questions, a tap each; the button carries what was said before."""
    given = [_NEEDS[letter] for letter in chosen]
    if len(given) < len(_ASKED):
        keys = tuple(
            Key(desk.voice.say(NEEDS[need]), f"{MARK}:{number}:result:{chosen}{letter}")
            for letter, need in _NEEDS.items()
        )
        desk.tell(Body(desk.voice.say(_ASKED[len(given)]), (keys,)), edit=message)
        return
    prevention, rehab, motivation = given
    kept = referrals.referral_of(desk, person, number).result
    result = ReferralResult(
        prevention=prevention, rehab=rehab, motivation=motivation, words=kept.words if kept else ""
    )
    _tell(desk, person, referrals.enter_result(desk, person, number, result), None, message)


def _close(desk: Desk, person: Participant, number: int, chosen: str, message: str) -> None:
    if chosen:
        _tell(desk, person, referrals.close(desk, person, number, Outcome(chosen), ""), None, message)
        return
    keys = tuple(
        (Key(desk.voice.say(text), f"{MARK}:{number}:close:{outcome.value}"),)
        for outcome, text in OUTCOMES.items()
    )
    desk.tell(Body(desk.voice.say("Wie ist die Vermittlung ausgegangen?"), keys), edit=message)


_PRESSED: Mapping[str, Callable[[Desk, Participant, int, str, str], None]] = {
    "again": _again,
    "send": _send,
    "visit": _visit,
    "result": _result,
    "close": _close,
}
