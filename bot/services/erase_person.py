# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The end of everything that is stored about a person, at their wish or at an operator's (Art. 17 GDPR).

A wish is carried out a day later, so that it can be taken back; contact ends at once. While a concern is open
nothing is erased: a human looks at it and closes it first. What stays, and why: `docs/adr/0027-rights.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.concerns import Level
from bot.domain.consent import Purpose
from bot.domain.people import Participant, Role, Staff
from bot.errors import LotseError
from bot.ports import Receipt, UnitOfWork
from bot.services import group_moves
from bot.services.consents import withdraw
from bot.services.remembered import encode_value
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.services.withdraw import end_contact
from bot.texts import Voice
from dialogs.effects import Value
from scheduler.timers import Timer

TIMER_KIND = "erasure"
#: For so long a wish can be taken back.
WAITS = timedelta(hours=24)
#: While a concern is open it is looked at again so often.
_LOOK_AGAIN = timedelta(hours=1)
#: What a person remembers of it, and what it can be.
FACT, WANTED, KEPT = "erasure", "wanted", "kept"
ERASED = "person_erased"


class Reason(StrEnum):
    """Why somebody was erased. It stands in the audit log, so there are no free words."""

    WISH = "wish"
    ENDED = "ended"  # the participation is over
    MISTAKE = "mistake"  # should never have been stored


class StillOpen(LotseError):
    """A concern of theirs is open: a human closes it first."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would remove and what it would leave, as rows by table, and what stands in its way."""

    goes: Mapping[str, int]
    stays: Mapping[str, int]
    open_concerns: tuple[int, ...]


def timer_key(participant_id: int) -> str:
    """The one timer of a person's wish."""
    return f"erasure:{participant_id}"


def decide(visit: Visit, answer: Value) -> bool:
    """What the person has answered to the question about it. Returns whether contact has ended with it."""
    visit.remember(FACT, answer)
    if answer == WANTED:
        _want(visit)
        return True
    if answer == KEPT:
        _take_back(visit)
    return False


def start_again(visit: Visit) -> bool:
    """Whoever begins anew wants nothing erased. Returns whether it had been wanted."""
    if visit.uow.memory.facts(visit.participant.id).get(FACT) != encode_value(WANTED):
        return False
    visit.remember(FACT, KEPT)
    _take_back(visit)
    return True


def preview(uow: UnitOfWork, person: Participant) -> Preview:
    """What would happen now; nothing is changed."""
    before = uow.rights.counts(person.id)
    goes = uow.rights.going(person.id, _kept(uow, person))
    left = {name: count - goes.get(name, 0) for name, count in before.items() if name != "person_key"}
    stays = {name: count for name, count in left.items() if count}
    return Preview(goes, stays, _open(uow, person))


def erase(
    uow: UnitOfWork, person: Participant, actor: str, reason: Reason, now: datetime
) -> Mapping[str, int]:
    """Erase everything that need not be kept, now and for good. How many rows, by table.

    Raises `StillOpen` while a concern is open; then nothing is changed.
    """
    uow.plans.lock(person.id)
    if numbers := _open(uow, person):
        said = ", ".join(map(str, numbers))
        raise StillOpen(f"concern {said} is open: a human closes it first, then the person can be erased")
    seats = uow.casework.groups.seats_of(person.id)
    gone = uow.rights.erase(person, _kept(uow, person))
    group_moves.free(uow, seats, now)
    # From now on the periods of what is kept run.
    uow.people.change_participant(person.id, left_at=now)
    uow.ledger.note(person.agency_id, now, actor, ERASED, f"{person.case_code} {reason.value}")
    # Last of all: it seals what is left with our own key.
    uow.people.shred(person.id)
    return gone


def erasure_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """The day is over: erase, unless a concern is open, then look again later."""
    person = uow.plans.lock(timer.subject)
    if person is None:
        return Receipt()
    try:
        erase(uow, person, "participant", Reason.WISH, now)
    except StillOpen:
        uow.timers.set(person.agency_id, TIMER_KIND, person.id, now + _LOOK_AGAIN, timer_key(person.id))
        return Receipt()
    drafts = notices(uow, rules, _told(uow, person), lambda voice: _gone(voice, person), now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts), frozenset({person.id}))


def _want(visit: Visit) -> None:
    person, now = visit.participant, visit.now
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, person.id, now + WAITS, timer_key(person.id))
    visit.uow.ledger.note(visit.agency.id, now, "participant", "erasure_wanted", person.case_code)
    if not withdraw(visit, Purpose.CONTACT, version="erasure"):
        end_contact(visit)
    is_open = bool(_open(visit.uow, person))
    told = _told(visit.uow, person)
    for draft in notices(visit.uow, visit.rules, told, lambda voice: _wish(voice, person, is_open), now):
        visit.send_to(draft)


def _take_back(visit: Visit) -> None:
    person = visit.participant
    visit.uow.timers.cancel(timer_key(person.id))
    visit.uow.ledger.note(visit.agency.id, visit.now, "participant", "erasure_taken_back", person.case_code)
    told = _told(visit.uow, person)
    for draft in notices(visit.uow, visit.rules, told, lambda voice: _stays(voice, person), visit.now):
        visit.send_to(draft)


def _told(uow: UnitOfWork, person: Participant) -> list[Staff]:
    """The coach; where there is none, whoever leads."""
    team = [one for one in uow.people.all_staff(person.agency_id) if one.left_at is None]
    return [one for one in team if one.id == person.coach_id] or [
        one for one in team if one.role is Role.LEAD
    ]


def _open(uow: UnitOfWork, person: Participant) -> tuple[int, ...]:
    return tuple(sorted(concern.id for concern in uow.concerns.of_participant(person.id)))


def _kept(uow: UnitOfWork, person: Participant) -> list[int]:
    """What was done where somebody was in danger has to be provable for its own time."""
    found = uow.concerns.of_participant(person.id, open_only=False)
    return sorted(concern.id for concern in found if concern.level is Level.R3)


def _wish(voice: Voice, person: Participant, is_open: bool) -> str:
    if is_open:
        return voice.say(
            "Fall {case}: Die Person möchte, dass alles gelöscht wird. Es gibt noch eine offene Meldung. "
            "Gelöscht wird erst, wenn sie abgeschlossen ist, frühestens in 24 Stunden.",
            case=person.case_code,
        )
    return voice.say(
        "Fall {case}: Die Person möchte, dass alles gelöscht wird. Lotse löscht in 24 Stunden. "
        "Bis dahin kann sie es zurücknehmen.",
        case=person.case_code,
    )


def _stays(voice: Voice, person: Participant) -> str:
    return voice.say("Fall {case}: Es wird doch nichts gelöscht.", case=person.case_code)


def _gone(voice: Voice, person: Participant) -> str:
    return voice.say(
        "Fall {case}: Die Daten der Person sind gelöscht. Es bleibt nur, was als Nachweis nötig ist.",
        case=person.case_code,
    )
