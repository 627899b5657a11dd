# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Something goes to a partner: only what the person was asked for by name, and only while they agree to it.

Who owns a concern stays its owner (promise P1): a partner gets words, never a case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.concerns import Concern
from bot.domain.messages import Body, DataClass, Key, Kind
from bot.domain.people import Participant, Staff, Standing
from bot.domain.sharing import LONGEST_NAME, LONGEST_WORDS, SharingAsk, handed_subject
from bot.services import floor
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.sharing_talks import DIALOG, SUBJECT, contact_of, is_held, subject_of
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.texts import mark

#: So long a question waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
LONGEST_HANDED = 2000
WITHOUT_CONSENT = mark("Ohne die Einwilligung der Person geht nichts dorthin. Es wurde nichts gesendet.")
_NOBODY_THERE = mark(
    "Diese Stelle ist über Lotse nicht zu erreichen. Bitte geben Sie es selbst weiter, und nur, was "
    "erlaubt ist."
)
_LENGTH = mark("Bitte schreiben Sie 1 bis 2000 Zeichen. Es wurde nichts gesendet.")
SHARED = "shared"
#: What stands in front of the button of a partner.
MARK = "w"


@dataclass(frozen=True, slots=True)
class Wish:
    """What may go to whom and what for, in the words that the person will read."""

    partner: str
    what: str
    why: str

    @property
    def is_whole(self) -> bool:
        """Whether all three are there and none is too long or has several lines."""
        sizes = ((self.partner, LONGEST_NAME), (self.what, LONGEST_WORDS), (self.why, LONGEST_WORDS))
        return all(0 < len(text) <= longest and "\n" not in text for text, longest in sizes)


def ask(desk: Desk, person: Participant, wish: Wish) -> bool:
    """Ask the person as soon as it fits. False, with one clear line, if that cannot be.

    What they are asked names the partner, what goes there, what for, and that it ends after a year.
    """
    contact = desk.uow.people.contact_of(person.id)
    refusal = _why_not_ask(desk, person, wish)
    if refusal or contact is None or contact.participant.standing is not Standing.ACTIVE:
        gone = desk.voice.say("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet.")
        desk.tell(refusal or gone)
        return False
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    if _is_asked(visit, wish.partner):
        desk.tell(desk.voice.say("Nach dieser Stelle frage ich die Person schon."))
        return False
    new = keep_ask(desk, person, wish)
    floor.want(visit, DIALOG, Kind.NOTICE, _KEEP_FOR, subject_of(new))
    visit.finish()
    desk.woken |= visit.woken
    desk.changed.add(person.id)
    desk.tell(
        desk.voice.say(
            "Fall {case}: Ich frage die Person, sobald es passt. Wenn sie Ja sagt, erfahren Sie es. "
            "Bis dahin geht nichts dorthin.",
            case=person.case_code,
        )
    )
    return True


def keep_ask(desk: Desk, person: Participant, wish: Wish) -> SharingAsk:
    """Write down what the person is asked. Asking them is the caller's."""
    new = SharingAsk(
        *(0, desk.agency.id, person.id, wish.partner, wish.what, wish.why, desk.staff.id, desk.now),
        contact_id=contact_of(desk.uow, desk.agency.id, wish.partner),
    )
    new = replace(new, id=desk.uow.sharing.add(new))
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "sharing_asked", person.case_code)
    return new


def holds(desk: Desk, given: SharingAsk) -> bool:
    """Whether the person agrees to it now: a yes that is older than the question covers something else."""
    return is_held(desk.uow, desk.rules, given, desk.now)


def without_consent(desk: Desk) -> str:
    """The line for whoever wants to give something that the person does not agree to, or no more."""
    return desk.voice.say(WITHOUT_CONSENT)


def hand(desk: Desk, concern: Concern, given: SharingAsk, words: str) -> bool:
    """Give these words about a concern to the partner's contact. False, with one clear line, if it cannot be.

    The concern stays with whoever has it, with its next action. The contact is told without content, and
    reads it below what they were given before; the same words again stand there once.
    """
    contact = reachable_contact(desk, given)
    refusal = _why_not_hand(desk, concern, given, words)
    if refusal or contact is None:
        desk.tell(refusal or desk.voice.say(_NOBODY_THERE), concern_id=concern.id)
        return False
    _give(desk, given, words, concern.id)
    desk.uow.concerns.log(concern.id, desk.now, SHARED, desk.actor, f"{given.partner}: {words}")
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_shared", str(concern.id))
    _tell_contact(desk, contact, given, concern.case_code)
    desk.tell(
        desk.voice.say(
            "Fall {case} ist weitergegeben an {name}. Der Fall bleibt bei Ihnen.",
            case=concern.case_code,
            name=given.partner,
        ),
        concern_id=concern.id,
    )
    return True


def hand_directly(
    desk: Desk, given: SharingAsk, words: str, case_code: str, *, longest: int = LONGEST_HANDED
) -> None:
    """Give these words to the partner's contact, about no concern. Raises `EntryFault`; see `hand`."""
    if not holds(desk, given):
        raise EntryFault(WITHOUT_CONSENT)
    contact = reachable_contact(desk, given)
    if contact is None:
        raise EntryFault(_NOBODY_THERE)
    if not 0 < len(words) <= longest:
        raise EntryFault(_LENGTH)
    _give(desk, given, words, None)
    _tell_contact(desk, contact, given, case_code)


def _give(desk: Desk, given: SharingAsk, words: str, concern_id: int | None) -> None:
    """They may not have looked yet, and a copy says what went there: what was given before stays."""
    is_there = f"\n\n{given.handed}".endswith(f"\n\n{words}")
    everything = given.handed if is_there else "\n\n".join(filter(None, (given.handed, words)))
    desk.uow.sharing.hand(given, everything, concern_id, desk.now)


def reachable_contact(desk: Desk, given: SharingAsk) -> Staff | None:
    """The partner's contact in the staff bot, if there is one whom a message can reach."""
    contact = desk.uow.people.staff(given.contact_id) if given.contact_id else None
    has_way = contact is not None and contact.left_at is None and _addresses(desk, contact)
    return contact if has_way else None


def shared_with(desk: Desk) -> list[SharingAsk]:
    """What this partner's contact may see now, the oldest first. That they look is for the caller to note."""
    return [one for one in desk.uow.sharing.handed_to(desk.staff.id) if desk.guard.shared(one).is_allowed]


def press_shared(desk: Desk, number: str) -> str:
    """A partner's contact looks at what was given to them. Returns what is shown over the button."""
    found = next((one for one in shared_with(desk) if str(one.id) == number), None)
    if found is None:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    asker = desk.uow.people.staff(found.asked_by)
    if not desk.agency.class_of(desk.address.channel).carries(DataClass.HEALTH):
        desk.tell(
            desk.voice.say(
                "Hier zeige ich keine Inhalte. Bitte fragen Sie {name}.", name=asker.name if asker else "?"
            )
        )
        return ""
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "sharing_shown", str(found.id))
    desk.tell(
        desk.voice.say(
            "{words}\n\nErlaubt ist: {what}. Wozu: {why}.",
            words=found.handed,
            what=found.what,
            why=found.why,
        )
    )
    return ""


def _why_not_ask(desk: Desk, person: Participant, wish: Wish) -> str:
    decision = desk.guard.person(person, Action.ASK_SHARING)
    if not decision.is_allowed:
        return desk.case_refusal(person.case_code, decision.why)
    if not wish.is_whole:
        return desk.voice.say(
            "Bitte schreiben Sie an wen, was und wozu, jedes in einer Zeile mit höchstens 300 Zeichen."
        )
    known = (one for one in desk.uow.sharing.of_participant(person.id) if one.partner == wish.partner)
    if any(holds(desk, one) for one in known):
        return desk.voice.say("Dieser Weitergabe hat die Person schon zugestimmt.")
    return ""


def _why_not_hand(desk: Desk, concern: Concern, given: SharingAsk, words: str) -> str:
    decision = desk.guard.concern(concern, Action.ASK_SHARING)
    if not decision.is_allowed or given.participant_id != concern.participant_id:
        return desk.case_refusal(concern.case_code, decision.why)
    if not concern.is_open:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if not holds(desk, given):
        return without_consent(desk)
    if not words or len(words) > LONGEST_HANDED:
        return desk.voice.say(_LENGTH)
    return desk.voice.say(_NOBODY_THERE) if reachable_contact(desk, given) is None else ""


def _tell_contact(desk: Desk, contact: Staff, given: SharingAsk, case_code: str) -> None:
    told = notices(
        desk.uow,
        desk.rules,
        [contact],
        lambda voice: Body(
            voice.say(
                "Fall {case}: {name} gibt Ihnen mit Einwilligung der Person etwas weiter.",
                case=case_code,
                name=desk.staff.name,
            ),
            ((Key(voice.say("Anzeigen"), f"{MARK}:{given.id}"),),),
        ),
        desk.now,
    )
    desk.drafts += [replace(one, subject=handed_subject(given.id, desk.staff.id)) for one in told]


def _addresses(desk: Desk, contact: Staff) -> bool:
    return bool(desk.uow.people.staff_addresses([contact.id]))


def _is_asked(visit: Visit, partner: str) -> bool:
    under_way = visit.uow.talks.under_way(visit.participant.id)
    subjects = {row.subject for row in under_way if row.subject.startswith(f"{SUBJECT}:")}
    asks = visit.uow.sharing.of_participant(visit.participant.id) if subjects else []
    return any(one.partner == partner and subject_of(one) in subjects for one in asks)
