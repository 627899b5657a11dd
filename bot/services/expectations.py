# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff note of who expects what, the same from every place; the person reads it in the chat.

The note of a joint appointment is such a topic too, and the person is asked whether it is as it was.

What the person wrote themselves, staff neither change nor take away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.access import Action
from bot.domain.expectations import (
    LONGEST_HEADLINE,
    LONGEST_NAME,
    LONGEST_WORDS,
    MOST_SIDES,
    MOST_TOPICS,
    Agreement,
    Said,
    Side,
    SideKind,
    Topic,
    TopicEvent,
    TopicState,
)
from bot.domain.people import Participant
from bot.services import joint_notes, restrict
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.desk import Desk
from bot.services.expectation_talks import DIALOG, NOTE_DIALOG, counted, note_subject, subject_of
from bot.services.person_dates import zone_of
from bot.texts import mark
from scheduler.local_time import local

#: So long the question for the person's side waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
#: What was said or agreed longer ago is a wrong year.
_LONGEST_AGO = timedelta(days=5 * 366)
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_UNKNOWN = mark("Dieses Thema gibt es hier nicht mehr. Es wurde nichts geändert.")
_OWN = mark("Das hat die Person selbst geschrieben. Nur sie kann es ändern, mit /erwartungen.")
_IS_AGREED = mark("Dazu ist schon etwas vereinbart. Bitte öffnen Sie das Thema zuerst wieder.")
_WORDS = mark("Bitte schreiben Sie 1 bis {most} Zeichen.")


def add(desk: Desk, person: Participant, headline: str, first: tuple[SideKind, Said] | None = None) -> Topic:
    """A new topic, and what one side says about it if that is known already. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    known = desk.uow.casework.expectations.of_participant(person.id)
    new = _new(desk, person, headline, known)
    if counted(known) >= MOST_TOPICS:
        raise EntryFault(mark("Hier stehen schon {most} Themen."), most=MOST_TOPICS)
    if first is not None:
        _side(desk, person, *first)
    new = replace(new, id=desk.uow.casework.expectations.add(new))
    _note(desk, person, new, "expectation_added")
    if first is not None:
        note(desk, person, new.id, *first)
    return new


def note_joint(
    desk: Desk, person: Participant, appointment_id: int, headline: str, agreement: Agreement
) -> Telling:
    """What was agreed at a joint appointment, once for each. Raises `EntryFault`.

    The person is asked whether it is noted as it was.
    """
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    kept = desk.uow.appointments.get(appointment_id) if 0 < appointment_id < 2**63 else None
    is_theirs = kept is not None and kept.participant_id == person.id
    if kept is None or not is_theirs or not joint_notes.may_have_one(desk.uow, kept, desk.now):
        raise EntryFault(mark("Zu diesem Termin lässt sich hier nichts notieren."))
    known = desk.uow.casework.expectations.of_participant(person.id)
    if any(one.appointment_id == kept.id for one in known):
        raise EntryFault(mark("Zu diesem Termin gibt es schon eine Notiz. Es wurde nichts geändert."))
    new = replace(
        _new(desk, person, headline, known),
        agreement=_agreement(desk, person, agreement),
        appointment_id=kept.id,
    ).after(TopicEvent.AGREE, desk.now)
    new = replace(new, id=desk.uow.casework.expectations.add(new))
    _note(desk, person, new, "expectation_agreed")
    return _ask_about_note(desk, person, new)


def _new(desk: Desk, person: Participant, headline: str, known: Iterable[Topic]) -> Topic:
    headline = " ".join(headline.split())
    if not 0 < len(headline) <= LONGEST_HEADLINE:
        raise EntryFault(
            mark("Bitte schreiben Sie eine kurze Überschrift, höchstens {most} Zeichen."),
            most=LONGEST_HEADLINE,
        )
    if any(one.headline.casefold() == headline.casefold() for one in known):
        raise EntryFault(mark("Dieses Thema steht schon hier."))
    return Topic(
        *(0, desk.agency.id, person.id, TopicState.OPEN, headline, desk.staff.id, desk.now, desk.now)
    )


def note(desk: Desk, person: Participant, number: int, kind: SideKind, said: Said) -> None:
    """Note what a side expects; what stood there as theirs is replaced. Raises `EntryFault`."""
    topic = _topic(desk, person, number)
    if not topic.can(TopicEvent.NOTE):
        raise EntryFault(_IS_AGREED)
    said = _side(desk, person, kind, said)
    sides = desk.uow.casework.expectations.sides([topic.id]).get(topic.id, [])
    new = Side(0, desk.agency.id, person.id, topic.id, kind, said, desk.staff.id, desk.now)
    before = next((one for one in sides if one.whose == new.whose), None)
    if before is not None and before.is_own:
        raise EntryFault(_OWN)
    if before is None and len(sides) >= MOST_SIDES:
        raise EntryFault(mark("Mehr als {most} Seiten hat ein Thema hier nicht."), most=MOST_SIDES)
    desk.uow.casework.expectations.put(replace(new, id=before.id if before is not None else 0))
    _keep(desk, person, topic, TopicEvent.NOTE, "expectation_noted")


def take(desk: Desk, person: Participant, number: int, side_id: int) -> None:
    """What was noted of a side goes. Raises `EntryFault`."""
    topic = _topic(desk, person, number)
    if not topic.can(TopicEvent.NOTE):
        raise EntryFault(_IS_AGREED)
    sides = desk.uow.casework.expectations.sides([topic.id]).get(topic.id, [])
    found = next((one for one in sides if one.id == side_id), None)
    if found is None:
        raise EntryFault(_UNKNOWN)
    if found.is_own:
        raise EntryFault(_OWN)
    desk.uow.casework.expectations.take(found.id)
    _keep(desk, person, topic, TopicEvent.NOTE, "expectation_noted")


def agree(desk: Desk, person: Participant, number: int, agreement: Agreement) -> Telling | None:
    """Note what was agreed, when and with whom. Raises `EntryFault`.

    Of the note of a joint appointment the person hears; of every other topic they do not: then it is None.
    """
    topic = _topic(desk, person, number)
    if not topic.can(TopicEvent.AGREE):
        raise EntryFault(_IS_AGREED)
    topic = replace(topic, agreement=_agreement(desk, person, agreement))
    _keep(desk, person, topic, TopicEvent.AGREE, "expectation_agreed")
    return _ask_about_note(desk, person, topic) if topic.appointment_id is not None else None


def _agreement(desk: Desk, person: Participant, agreement: Agreement) -> Agreement:
    """As it is kept; nobody has said yes to it yet. Raises `EntryFault`."""
    held = Agreement(
        words=agreement.words.strip(), day=agreement.day, with_whom=" ".join(agreement.with_whom.split())
    )
    _check(desk, person, held.words, held.day)
    if not 0 < len(held.with_whom) <= LONGEST_NAME:
        raise EntryFault(
            mark("Bitte schreiben Sie mit höchstens {most} Zeichen, wer dabei war."), most=LONGEST_NAME
        )
    return held


def reopen(desk: Desk, person: Participant, number: int) -> None:
    """Talk about it again; what was agreed before stays readable. Raises `EntryFault`."""
    topic = _topic(desk, person, number)
    if not topic.can(TopicEvent.REOPEN):
        raise EntryFault(mark("Dieses Thema ist schon offen."))
    _keep(desk, person, topic, TopicEvent.REOPEN, "expectation_reopened")
    if topic.appointment_id is not None:
        end_talks(desk, person.id, note_subject(topic))


def remove(desk: Desk, person: Participant, number: int) -> None:
    """A topic goes that nobody needs; not where the person has said something. Raises `EntryFault`."""
    topic = _topic(desk, person, number)
    sides = desk.uow.casework.expectations.sides([topic.id]).get(topic.id, [])
    if topic.made_by is None or any(one.is_own for one in sides):
        raise EntryFault(_OWN)
    if topic.is_confirmed:
        raise EntryFault(mark("Dazu hat die Person „Stimmt so“ gesagt. Deshalb bleibt es stehen."))
    desk.uow.casework.expectations.remove(topic.id)
    end_talks(desk, person.id, subject_of(topic), DIALOG)
    if topic.appointment_id is not None:
        end_talks(desk, person.id, note_subject(topic))
    _note(desk, person, topic, "expectation_removed")


def ask_person(desk: Desk, person: Participant, number: int) -> Telling:
    """Show the person the topic and ask what matters to them there, or whether a note is as it was.

    Raises `EntryFault`.
    """
    topic = _topic(desk, person, number)
    if topic.appointment_id is not None and topic.is_to_confirm:
        return _ask_about_note(desk, person, topic)
    return tell_about(desk, person.id, (DIALOG, subject_of(topic)), _KEEP_FOR)


def _ask_about_note(desk: Desk, person: Participant, topic: Topic) -> Telling:
    return tell_about(desk, person.id, (NOTE_DIALOG, note_subject(topic)), _KEEP_FOR)


def today_of(desk: Desk, person: Participant) -> date:
    """The person's day."""
    return local(desk.now, zone_of(person, desk.agency)).date()


def _topic(desk: Desk, person: Participant, number: int) -> Topic:
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    found = desk.uow.casework.expectations.get(number) if 0 < number < 2**63 else None
    if found is None or found.participant_id != person.id:
        raise EntryFault(_UNKNOWN)
    return found


def _keep(desk: Desk, person: Participant, topic: Topic, event: TopicEvent, action: str) -> None:
    desk.uow.casework.expectations.save(topic.after(event, desk.now))
    _note(desk, person, topic, action)


def _note(desk: Desk, person: Participant, topic: Topic, action: str) -> None:
    subject = f"{topic.id}:{person.case_code}"
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, subject)
    desk.changed.add(person.id)


def _check_may(desk: Desk, person: Participant) -> None:
    if not desk.guard.person(person, Action.CHANGE_PLAN).is_allowed:
        raise EntryFault(_NOT_THEIRS)
    if restrict.is_restricted(desk.uow, person.id):
        raise EntryFault(mark("Die Daten dieser Person werden nur aufbewahrt. Es wurde nichts geändert."))


def _check(desk: Desk, person: Participant, words: str, day: date) -> None:
    if not 0 < len(words) <= LONGEST_WORDS:
        raise EntryFault(_WORDS, most=LONGEST_WORDS)
    today = today_of(desk, person)
    if not today - _LONGEST_AGO <= day <= today:
        raise EntryFault(mark("Dieser Tag liegt in der Zukunft oder ist zu lange her. Ist das Jahr richtig?"))


def _side(desk: Desk, person: Participant, kind: SideKind, said: Said) -> Said:
    """As it is kept. Raises `EntryFault`."""
    tidy = Said(words=said.words.strip(), day=said.day, name=" ".join(said.name.split()))
    _check(desk, person, tidy.words, tidy.day)
    if len(tidy.name) > LONGEST_NAME or (kind is SideKind.PARTNER and not tidy.name):
        text = mark("Bitte sagen Sie mit höchstens {most} Zeichen, wer das ist.")
        raise EntryFault(text, most=LONGEST_NAME)
    return tidy
