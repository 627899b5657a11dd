# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments by command in the staff's messenger: `/termin`, `/termine`, `/verschieben`, `/absagen`.

What was understood is shown and kept only after "Stimmt so". Cases have codes here, never names.
"""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.appointments import Appointment, AppointmentKind
from bot.domain.duty import Span
from bot.domain.messages import Body, Key
from bot.domain.people import Participant, Standing
from bot.services import calendar_view
from bot.services.appointment_dates import EntryFault, read_moment
from bot.services.appointment_entries import (
    CancelEntry,
    Entry,
    MoveEntry,
    NewEntry,
    read_entry,
    read_new,
    write_entry,
)
from bot.services.appointment_words import describe_entry, describe_kept, number_of, when
from bot.services.appointments import Telling, can_move, cancel, move, set_appointment
from bot.services.calendar_view import AHEAD
from bot.services.desk import Desk
from bot.texts import mark

MARK = "t"
SHOWN = 20
_EXAMPLE_NEW = "/termin ABCDE 24.11.2026 10:30 coach Ort: Musterstraße 1, Raum 12 Mit: Frau Beispiel"
_EXAMPLE_MOVE = "/verschieben 12 25.11.2026 11:00"
_EXAMPLE_CANCEL = "/absagen 12"
_SETTLED, _AUTHORITY, _SERIES = "abgesprochen", "behörde", "reihe"
_UNKNOWN_CASE = mark("Einen Fall mit dem Code {case} gibt es hier nicht.")
_UNKNOWN_NUMBER = mark(
    "Einen Termin mit der Nummer {number} gibt es hier nicht. Ihre Termine zeigt /termine."
)
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_CLOSED = mark("Termin {number} ist schon abgesagt oder vorbei.")
_BY_AUTHORITY = mark(
    "Einen amtlichen Termin verschiebt oder sagt allein die Behörde ab. Hat sie das geschrieben? "
    "Dann hängen Sie das Wort „behörde“ an."
)


def set_one(desk: Desk, typed: str) -> None:
    """`/termin`: read a new appointment, and show what was understood."""
    try:
        entry = read_new(typed, desk.now, desk.agency.zone)
        _person(desk, entry.case_code, Action.CHANGE_APPOINTMENT)
    except EntryFault as fault:
        _refuse(desk, fault, _EXAMPLE_NEW)
        return
    _ask(desk, entry, None)


def list_open(desk: Desk, typed: str) -> None:
    """`/termine`: the open appointments of one's own people and of whom one stands in for, or of one case."""
    uow = desk.uow
    try:
        if typed:
            person = _person(desk, typed.upper(), Action.SEE_APPOINTMENT)
            found = [one for one in uow.appointments.of_participant(person.id, desk.now) if one.is_open]
        else:
            ahead = Span(desk.now, desk.now + AHEAD)
            found = calendar_view.still_open(uow, desk.rules, desk.staff, ahead, SHOWN + 1)
    except EntryFault as fault:
        _refuse(desk, fault, "/termine ABCDE")
        return
    if not found:
        desk.tell(desk.voice.say("Es ist kein Termin eingetragen."))
        return
    codes = {person.id: person.case_code for person in uow.people.participants(desk.agency.id)}
    lines = [describe_kept(desk, one, codes.get(one.participant_id, "")) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(desk.voice.say("Es gibt noch mehr. Mit /termine und dem Fallcode sehen Sie einen Fall."))
    desk.tell("\n\n".join(lines))


def move_one(desk: Desk, typed: str) -> None:
    """`/verschieben`: propose another time, or write down one that is settled."""
    try:
        entry, kept = _read_move(desk, typed.split())
    except EntryFault as fault:
        _refuse(desk, fault, _EXAMPLE_MOVE)
        return
    _ask(desk, entry, kept)


def cancel_one(desk: Desk, typed: str) -> None:
    """`/absagen`: it does not take place."""
    try:
        entry, kept = _read_cancel(desk, typed.split())
    except EntryFault as fault:
        _refuse(desk, fault, _EXAMPLE_CANCEL)
        return
    _ask(desk, entry, kept)


def _read_move(desk: Desk, words: list[str]) -> tuple[MoveEntry, Appointment]:
    kept = _appointment(desk, words)
    starts_at = read_moment(words, desk.now, kept.zone)
    is_official = kept.kind is AppointmentKind.OFFICIAL
    entry = MoveEntry(kept.id, starts_at, _took(words, _AUTHORITY if is_official else _SETTLED))
    _nothing_left(words)
    if not can_move(kept, entry):
        raise EntryFault(_BY_AUTHORITY)
    return entry, kept


def _read_cancel(desk: Desk, words: list[str]) -> tuple[CancelEntry, Appointment]:
    kept = _appointment(desk, words)
    by_authority, whole_series = _took(words, _AUTHORITY), _took(words, _SERIES)
    _nothing_left(words)
    if not by_authority and kept.kind is AppointmentKind.OFFICIAL:
        raise EntryFault(_BY_AUTHORITY)
    if by_authority and kept.kind is not AppointmentKind.OFFICIAL:
        raise EntryFault(mark("Das ist kein amtlicher Termin. Lassen Sie „behörde“ weg."))
    if whole_series and kept.series_id is None:
        raise EntryFault(mark("Dieser Termin gehört zu keiner Reihe."))
    return CancelEntry(kept.id, whole_series), kept


def press_entry(desk: Desk, entry_id: int, action: str, message: str) -> str:
    """A button under what was understood. Returns what is shown over it."""
    written = desk.uow.appointments.take_entry(entry_id, desk.staff.id)
    if written is None:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    if action != "keep":
        desk.tell(desk.voice.say("Verworfen. Es wurde nichts eingetragen und nichts gesendet."), edit=message)
        return ""
    entry = read_entry(written)
    try:
        text, telling = _set(desk, entry) if isinstance(entry, NewEntry) else change_one(desk, entry)
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice), edit=message)
        return ""
    desk.tell(f"{text}\n{desk.voice.say(telling.value)}", edit=message)
    return ""


def _set(desk: Desk, entry: NewEntry) -> tuple[str, Telling]:
    person = _person(desk, entry.case_code, Action.CHANGE_APPOINTMENT)
    if entry.starts_at <= desk.now:
        raise EntryFault(mark("Dieser Termin ist inzwischen vorbei. Es wurde nichts eingetragen."))
    number, telling = set_appointment(desk, person, entry)
    text = desk.voice.say(
        "Fall {case}: Termin {number} ist eingetragen.", case=person.case_code, number=number
    )
    return text, telling


def change_one(desk: Desk, entry: MoveEntry | CancelEntry) -> tuple[str, Telling]:
    """Move or cancel it: what was done in words, and what the person hears of it. Raises `EntryFault`."""
    kept = _appointment(desk, [str(entry.appointment_id)])
    if isinstance(entry, CancelEntry):
        kept, telling = cancel(desk, kept, entry)
        return desk.voice.say("Termin {number} ist abgesagt.", number=kept.id), telling
    if entry.starts_at <= desk.now:
        raise EntryFault(mark("Dieser Termin ist inzwischen vorbei. Es wurde nichts eingetragen."))
    kept, telling = move(desk, kept, entry)
    text = (
        mark("Termin {number} ist jetzt: {when}.")
        if entry.is_settled
        else mark("Für Termin {number} ist vorgeschlagen: {when}. Ich sage Ihnen, was die Person antwortet.")
    )
    return desk.voice.say(text, number=kept.id, when=when(desk, kept.starts_at, kept.zone)), telling


def _ask(desk: Desk, entry: Entry, kept: Appointment | None) -> None:
    number = desk.uow.appointments.keep_entry(desk.agency.id, desk.staff.id, write_entry(entry), desk.now)
    keys = (
        (
            Key(desk.voice.say("Stimmt so"), f"{MARK}:{number}:keep"),
            Key(desk.voice.say("Verwerfen"), f"{MARK}:{number}:drop"),
        ),
    )
    desk.tell(Body(describe_entry(desk, entry, kept), keys))


def _refuse(desk: Desk, fault: EntryFault, example: str) -> None:
    hint = desk.voice.say("Es wurde nichts eingetragen. Zum Beispiel: {example}", example=example)
    desk.tell(f"{fault.say(desk.voice)}\n{hint}")


def _person(desk: Desk, case_code: str, action: Action) -> Participant:
    gone = (Standing.VISITOR, Standing.LEFT)
    people = desk.uow.people.participants(desk.agency.id)
    found = next((one for one in people if one.case_code == case_code and one.standing not in gone), None)
    if found is None:
        raise EntryFault(_UNKNOWN_CASE, case=case_code[:20])
    if not desk.guard.person(found, action).is_allowed:
        raise EntryFault(_NOT_THEIRS)
    return found


def _appointment(desk: Desk, words: list[str]) -> Appointment:
    """The open appointment whose number is the first of `words`, which is taken from the list."""
    typed = words.pop(0) if words else ""
    number = number_of(typed)
    kept = desk.uow.appointments.get(number) if number else None
    if kept is None or kept.agency_id != desk.agency.id:
        raise EntryFault(_UNKNOWN_NUMBER, number=typed[:20])
    person = desk.uow.plans.lock(kept.participant_id)
    if person is None or not desk.guard.person(person, Action.CHANGE_APPOINTMENT).is_allowed:
        raise EntryFault(_NOT_THEIRS)
    if not kept.is_open or kept.ends_at <= desk.now:
        raise EntryFault(_CLOSED, number=kept.id)
    return kept


def _took(words: list[str], word: str) -> bool:
    """Whether this word stands there; it is taken from the list."""
    found = next((typed for typed in words if typed.casefold() == word), None)
    if found is not None:
        words.remove(found)
    return found is not None


def _nothing_left(words: list[str]) -> None:
    if words:
        raise EntryFault(mark("Das verstehe ich nicht: „{rest}“."), rest=" ".join(words)[:60])
