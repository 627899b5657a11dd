# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a conference, the same from every place: call it, prepare its sheet, decide, close it.

The person is told before that their case is talked about, also without a name, and then what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.conferences import (
    LONGEST_ITEM,
    LONGEST_PLACE,
    LONGEST_TOPIC,
    LONGEST_WORDS,
    MOST_ITEMS,
    MOST_OUTSIDERS,
    AgeBand,
    Agenda,
    Conference,
    ConferenceCase,
    ConferenceEvent,
    ConferenceKind,
    ConferenceParty,
    ConferenceState,
)
from bot.domain.people import Participant
from bot.domain.sharing import LONGEST_WORDS as LONGEST_SHARED
from bot.services import restrict, share, sharing_talks
from bot.services.access import Guard
from bot.services.appointment_dates import FURTHEST, EntryFault
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.conference_moves import happen, invite_news
from bot.services.conference_sheet import composed, traces
from bot.services.conference_talks import DIALOG, subject_of
from bot.services.conference_view import INVITED, Seen, find
from bot.services.desk import Desk
from bot.texts import mark
from scheduler.local_time import local, zone

#: So long what was decided waits until the person can be told.
_KEEP_FOR = timedelta(days=14)
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=8)
_NOT_NOW = mark("Das geht beim jetzigen Stand der Konferenz nicht. Es wurde nichts geändert.")
_NOT_THEIRS = mark("Diese Konferenz bereitet jemand anderes im Team vor.")
_NO_CASE = mark("Zu dieser Konferenz gehört keine Person.")
TRACES = mark(
    "Das könnte verraten, um wen es geht: {found}. Bitte schreiben Sie es anders, oder bestätigen Sie, "
    "dass Sie es geprüft haben."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a conference is to be. `is_checked`: a human has looked at what may tell who the person is."""

    starts_at: datetime
    length: timedelta
    agenda: Agenda
    guests: frozenset[int]
    is_checked: bool = False


def call(desk: Desk, person: Participant | None, wish: Wish) -> tuple[Conference, Telling | None]:
    """Call a conference; about `person`, or a topic without one. Guests and the person are told.

    Raises `EntryFault`.
    """
    _check(desk, person, wish)
    kind = ConferenceKind.CASE if person is not None else ConferenceKind.TOPIC
    new = Conference(
        *(0, desk.agency.id, kind, ConferenceState.PLANNED, wish.starts_at, wish.length, wish.agenda),
        *(desk.staff.id, desk.now, desk.now),
    )
    new = replace(new, id=desk.uow.casework.conferences.add(new))
    desk.uow.casework.conferences.invite(new, wish.guests)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "conference_call", str(new.id))
    if person is not None:
        desk.uow.casework.conferences.keep_case(ConferenceCase(desk.agency.id, new.id, person.id))
    seen = Seen(new, wish.guests, None, person, is_host=True, is_guest=False)
    happen(desk, seen.conference, None)
    invite_news(desk, new, wish.guests)
    return new, _tell(desk, seen, new.starts_at - desk.now)


def change(desk: Desk, number: int, wish: Wish) -> tuple[Conference, Telling | None]:
    """Another day, place, agenda or other guests. Raises `EntryFault`.

    Whether the person may be named is asked anew when the day changes or who is there: they agreed to those.
    """
    seen = hosted(desk, number, ConferenceEvent.CHANGE)
    _check(desk, seen.person, wish)
    old = seen.conference
    is_moved = (old.starts_at, old.agenda.place) != (wish.starts_at, wish.agenda.place)
    are_others = seen.guests != wish.guests or old.agenda.outsiders != wish.agenda.outsiders
    changed = replace(old, starts_at=wish.starts_at, length=wish.length, agenda=wish.agenda)
    changed = happen(desk, changed, ConferenceEvent.CHANGE)
    desk.uow.casework.conferences.invite(changed, wish.guests)
    if seen.case is not None and seen.case.ask_id is not None and (is_moved or are_others):
        desk.uow.casework.conferences.keep_case(replace(seen.case, ask_id=None))
    invite_news(desk, changed, wish.guests if is_moved else wish.guests - seen.guests)
    return changed, _tell(desk, seen, changed.starts_at - desk.now) if is_moved else None


def write_sheet(desk: Desk, number: int, age: AgeBand, goals: tuple[str, ...], questions: str) -> None:
    """Write the sheet anew. Until it is released nobody else sees anything of it. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.CHANGE)
    case, person = _case(seen)
    if len(questions) > LONGEST_WORDS:
        raise EntryFault(mark("Die Fragen haben höchstens {most} Zeichen."), most=LONGEST_WORDS)
    sheet = composed(desk.uow, desk.rules, person, (age, goals, questions.strip()), desk.now)
    written = replace(case, sheet=sheet, version=case.version + 1, released_at=None)
    desk.uow.casework.conferences.keep_case(written)
    happen(desk, seen.conference, ConferenceEvent.CHANGE)


def release_sheet(desk: Desk, number: int, version: int, *, is_checked: bool) -> None:
    """Let guests see the sheet as it was shown to whoever lets it go. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.CHANGE)
    case, person = _case(seen)
    if version != case.version or version == 0:
        raise EntryFault(
            mark("Das Fallblatt hat sich inzwischen geändert. Bitte sehen Sie es noch einmal an.")
        )
    if case.released_at is not None:
        return
    _check_traces(desk, person, case.sheet.words, is_checked=is_checked)
    desk.uow.casework.conferences.keep_case(replace(case, released_at=desk.now))
    happen(desk, seen.conference, ConferenceEvent.CHANGE)
    desk.uow.ledger.note(
        desk.agency.id, desk.now, desk.actor, "conference_sheet_out", f"{number}:{person.case_code}"
    )


def ask_to_name(desk: Desk, number: int) -> Telling:
    """Ask the person whether they may be named in this conference, in front of whom. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.CHANGE)
    case, person = _case(seen)
    team = {one.id: one.name for one in desk.uow.people.all_staff(desk.agency.id)}
    guests = [team[one] for one in sorted(seen.guests) if one in team]
    voice = desk.rules.voice(person.language)
    wish = share.Wish(
        voice.say(
            "Fachkonferenz {number} am {day}",
            number=number,
            day=voice.day(seen.conference.starts_at, desk.agency.zone),
        ),
        voice.say("Ihren Namen, an: {names}", names=", ".join([*guests, *seen.conference.agenda.outsiders])),
        voice.say("damit die Fachleute wissen, um wen es geht"),
    )
    if not (guests or seen.conference.agenda.outsiders) or len(wish.what) > LONGEST_SHARED:
        raise EntryFault(
            mark(
                "Bitte laden Sie erst ein: Die Person erfährt, wer ihren Namen hört. "
                "Es dürfen nicht zu viele sein."
            )
        )
    ask = share.keep_ask(desk, person, wish)
    desk.uow.casework.conferences.keep_case(replace(case, ask_id=ask.id))
    about = (sharing_talks.DIALOG, sharing_talks.subject_of(ask))
    return tell_about(desk, person.id, about, seen.conference.starts_at - desk.now)


def hold(desk: Desk, number: int) -> Conference:
    """It took place. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.HOLD)
    if desk.now < seen.conference.starts_at:
        raise EntryFault(mark("Die Konferenz hat noch nicht begonnen."))
    held = happen(desk, seen.conference, ConferenceEvent.HOLD)
    if seen.person is not None:
        end_talks(desk, seen.person.id, subject_of(held), DIALOG)
    return held


def close(desk: Desk, number: int, words: str) -> Telling | None:
    """All is decided. About a case the person is told so with these words of staff. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.CLOSE)
    words = words.strip()
    if seen.case is not None:
        if not 0 < len(words) <= LONGEST_WORDS:
            raise EntryFault(
                mark(
                    "Bitte schreiben Sie der Person in 1 bis {most} Zeichen, was für sie beschlossen wurde."
                ),
                most=LONGEST_WORDS,
            )
        desk.uow.casework.conferences.keep_case(replace(seen.case, words=words))
    happen(desk, seen.conference, ConferenceEvent.CLOSE)
    return _tell(desk, seen, _KEEP_FOR)


def call_off(desk: Desk, number: int) -> Telling | None:
    """It does not take place; whoever was invited, and the person, hears so. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.CALL_OFF)
    changed = happen(desk, seen.conference, ConferenceEvent.CALL_OFF)
    invite_news(desk, changed, seen.guests)
    return _tell(desk, seen, _KEEP_FOR)


def hosted(desk: Desk, number: int, event: ConferenceEvent) -> Seen:
    """A conference with which this staff member may do that now. Raises `EntryFault`."""
    seen = find(desk.uow, Guard(desk.uow, desk.rules, desk.staff, desk.now), desk.staff, number)
    if seen is None or not seen.is_host:
        raise EntryFault(_NOT_THEIRS)
    if not seen.conference.can(event, ConferenceParty.HOST):
        raise EntryFault(_NOT_NOW)
    if seen.person is not None:
        desk.uow.plans.lock(seen.person.id)
        desk.changed.add(seen.person.id)
    return seen


def check_words(desk: Desk, person: Participant | None, words: str, *, is_checked: bool) -> None:
    """Raises `EntryFault` for words that may tell who the person is, unless a human has looked at them."""
    if person is not None:
        _check_traces(desk, person, (words,), is_checked=is_checked)


def end_of(day: date, desk: Desk) -> datetime:
    """The end of a day here."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone(desk.agency.zone))


def today(desk: Desk) -> date:
    """The day it is here."""
    return local(desk.now, zone(desk.agency.zone)).date()


def _check(desk: Desk, person: Participant | None, wish: Wish) -> None:
    if person is not None and restrict.is_restricted(desk.uow, person.id):
        raise EntryFault(
            mark("Die Daten dieser Person werden nur aufbewahrt. Deshalb geht das gerade nicht.")
        )
    agenda = wish.agenda
    lines = [(agenda.topic, LONGEST_TOPIC), (agenda.place, LONGEST_PLACE)]
    lines += [(line, LONGEST_ITEM) for line in (*agenda.items, *agenda.outsiders)]
    too_many = len(agenda.items) > MOST_ITEMS or len(agenda.outsiders) > MOST_OUTSIDERS
    if not agenda.topic or too_many or any(len(line) > most or "\n" in line for line, most in lines):
        raise EntryFault(
            mark(
                "Eine Konferenz hat ein Thema, höchstens {items} Punkte und {outsiders} Gäste von außen, "
                "jedes in einer kurzen Zeile."
            ),
            items=MOST_ITEMS,
            outsiders=MOST_OUTSIDERS,
        )
    if not desk.now < wish.starts_at <= desk.now + FURTHEST or not SHORTEST <= wish.length <= LONGEST:
        raise EntryFault(
            mark("Bitte nennen Sie einen Tag in der Zukunft und eine Dauer von 15 Minuten bis 8 Stunden.")
        )
    there = {one.id for one in desk.uow.people.all_staff(desk.agency.id) if _can_come(one.left_at, one.role)}
    if not wish.guests <= there:
        raise EntryFault(mark("Eingeladen werden kann, wer im Team ist oder zu einer Partnerstelle gehört."))
    if person is not None:
        words = (agenda.topic, agenda.place, *agenda.items)
        _check_traces(desk, person, words, is_checked=wish.is_checked)


def _can_come(left_at: datetime | None, role: object) -> bool:
    return left_at is None and role in INVITED


def _check_traces(desk: Desk, person: Participant, words: tuple[str, ...], *, is_checked: bool) -> None:
    found = () if is_checked else traces(desk.uow, person, words, desk.now)
    if found:
        raise EntryFault(TRACES, found=", ".join(found))


def _case(seen: Seen) -> tuple[ConferenceCase, Participant]:
    if seen.case is None or seen.person is None:
        raise EntryFault(_NO_CASE)
    return seen.case, seen.person


def _tell(desk: Desk, seen: Seen, keep_for: timedelta) -> Telling | None:
    if seen.person is None:
        return None
    return tell_about(desk, seen.person.id, (DIALOG, subject_of(seen.conference)), keep_for, anew=True)
