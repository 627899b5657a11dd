# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do so that somebody comes along, the same from every place: ask, offer, say that nobody can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.access import Action
from bot.domain.accompaniment import (
    LONGEST_LINE,
    LONGEST_NAME,
    Accompaniment,
    AccompanimentEvent,
    AccompanimentParty,
    Companion,
)
from bot.domain.appointments import Appointment
from bot.domain.messages import Body, Draft, Key
from bot.domain.people import TEAM, Staff
from bot.services import accompaniment_moves as moves
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_timers import lines_to
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.desk import Desk
from bot.texts import Voice, mark

DIALOG = "accompaniment"
#: What stands in front of the buttons of whoever is asked.
MARK = "mit"
COME, STAY = "yes", "no"
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_NOT_NOW = mark("Das geht gerade nicht mehr. Bitte sehen Sie nach, wie es jetzt steht.")
_OVER = mark("Dieser Termin ist schon abgesagt oder vorbei.")


@dataclass(frozen=True, slots=True)
class Promise:
    """Who is to come along: a colleague by number, else a partner by name; and where they meet."""

    staff_id: int | None = None
    name: str = ""
    meet: str = ""


def wish(desk: Desk, kept: Appointment) -> None:
    """Write down that the person would like it, as they have said to somebody. Raises `EntryFault`."""
    check_may(desk, kept)
    moves.wished(desk.uow, desk.rules, kept, desk.actor, desk.now)
    desk.changed.add(kept.participant_id)


def offer(desk: Desk, kept: Appointment, promise: Promise, *, is_arranged: bool = False) -> Telling | None:
    """Somebody comes along, if the person would like it. Raises `EntryFault`.

    A colleague is asked first, and the person hears of it only once they have promised: then the result is
    None. `is_arranged`: everybody has agreed by word of mouth, and nobody is asked.
    """
    check_may(desk, kept)
    colleague, companion = _companion(desk, kept, promise)
    one = replace(
        moves.begun(desk.uow, kept, desk.now),
        companion=companion,
        staff_id=promise.staff_id,
        promised_for=kept.starts_at,
    )
    desk.drafts += _relieved(desk, kept, promise.staff_id)
    is_asked = colleague is not None and colleague.id != desk.staff.id and not is_arranged
    event = AccompanimentEvent.ASK if is_asked else AccompanimentEvent.OFFER
    _happen(desk, kept, one, AccompanimentEvent.ARRANGE if is_arranged else event)
    if is_arranged or is_asked:
        end_talks(desk, kept.participant_id, moves.subject_of(kept.id), DIALOG)
    if is_asked and colleague is not None:
        about = (moves.to_whom(desk.uow, kept), kept)
        desk.drafts += lines_to(desk.uow, desk.rules, colleague.id, about, _question(kept, desk.staff))
    return None if is_arranged or is_asked else _tell(desk, kept)


def cannot(desk: Desk, kept: Appointment, instead: str) -> Telling:
    """Nobody can come along: the person is told so, with what is offered instead. Raises `EntryFault`."""
    check_may(desk, kept)
    instead = instead.strip()
    _check_lines(instead)
    one = moves.of(desk.uow, kept)
    if one is None:
        one = moves.begun(desk.uow, kept, desk.now)
    desk.drafts += _relieved(desk, kept, None)
    one = replace(one, companion=Companion(instead=instead), staff_id=None, promised_for=None)
    _happen(desk, kept, one, AccompanimentEvent.CANNOT)
    return _tell(desk, kept)


def let_go(desk: Desk, kept: Appointment) -> None:
    """Nobody needs to come along any more. Raises `EntryFault`."""
    check_may(desk, kept)
    one = moves.of(desk.uow, kept)
    if one is None:
        raise EntryFault(_NOT_NOW)
    desk.drafts += _relieved(desk, kept, None)
    _happen(desk, kept, one, AccompanimentEvent.LET_GO)
    end_talks(desk, kept.participant_id, moves.subject_of(kept.id), DIALOG)


def answer(desk: Desk, appointment_id: int, *, comes: bool) -> Telling | None:
    """The colleague who was asked says whether they come along. Raises `EntryFault`.

    They may step back later too: then whoever looks after the person hears of it, as for every other reason.
    """
    kept = desk.uow.appointments.get(appointment_id) if 0 < appointment_id < 2**63 else None
    one = moves.of(desk.uow, kept) if kept is not None and kept.agency_id == desk.agency.id else None
    if kept is None or one is None or one.staff_id != desk.staff.id:
        raise EntryFault(_NOT_NOW)
    if not kept.is_open or kept.starts_at <= desk.now:
        raise EntryFault(_OVER)
    event = AccompanimentEvent.OFFER if comes else AccompanimentEvent.REOPEN
    if not one.can(event, AccompanimentParty.COMPANION):
        raise EntryFault(_NOT_NOW)
    if comes and not moves.stands(desk.uow, one, kept):
        raise EntryFault(
            mark("Sie sind zu dieser Zeit als abwesend eingetragen, oder der Termin ist anders.")
        )
    party = AccompanimentParty.COMPANION
    moves.happen(desk.uow, desk.rules, kept, one, (event, party, desk.actor), desk.now)
    desk.changed.add(kept.participant_id)
    if comes:
        return _tell(desk, kept)
    moves.look_again(desk.uow, kept.agency_id, kept.id, desk.now)
    return None


def check_may(desk: Desk, kept: Appointment) -> None:
    """Raises `EntryFault` for somebody who may not change it, and for what is over."""
    person = moves.to_whom(desk.uow, kept)
    if not desk.guard.person(person, Action.CHANGE_APPOINTMENT).is_allowed:
        raise EntryFault(_NOT_THEIRS)
    if not kept.is_open or kept.starts_at <= desk.now:
        raise EntryFault(_OVER)


def team(desk: Desk) -> dict[int, str]:
    """Whom one may ask, by name."""
    every = desk.uow.people.all_staff(desk.agency.id)
    return {one.id: one.name for one in every if one.left_at is None and one.role in TEAM}


def _companion(desk: Desk, kept: Appointment, promise: Promise) -> tuple[Staff | None, Companion]:
    name, meet = promise.name.strip(), promise.meet.strip()
    _check_lines(meet)
    if promise.staff_id is None:
        if not 0 < len(name) <= LONGEST_NAME or "\n" in name:
            raise EntryFault(
                mark("Wer kommt mit? Bitte schreiben Sie einen Namen mit höchstens {most} Zeichen."),
                most=LONGEST_NAME,
            )
        return None, Companion(name=name, meet=meet)
    if promise.staff_id not in team(desk):
        raise EntryFault(mark("Bitte wählen Sie jemanden aus dem Team aus."))
    if not moves.is_free(desk.uow, promise.staff_id, kept):
        raise EntryFault(mark("Diese Person aus dem Team ist zur Zeit des Termins nicht da."))
    colleague = desk.uow.people.staff(promise.staff_id)
    return colleague, Companion(name=colleague.name if colleague else "", meet=meet)


def _check_lines(line: str) -> None:
    if len(line) > LONGEST_LINE or "\n" in line:
        raise EntryFault(
            mark("Das ist zu lang. Bitte eine Zeile mit höchstens {most} Zeichen."), most=LONGEST_LINE
        )


def _relieved(desk: Desk, kept: Appointment, staff_id: int | None) -> list[Draft]:
    """Lines to whoever had promised it, if it is somebody else from now on."""
    one = moves.of(desk.uow, kept)
    if one is None or one.staff_id in (staff_id, desk.staff.id):
        return []
    return moves.tell_companion(desk.uow, desk.rules, moves.to_whom(desk.uow, kept), kept, one)


def _question(kept: Appointment, asker: Staff) -> Callable[[Voice], Body]:
    def say(voice: Voice) -> Body:
        text = voice.say("{name} fragt, ob Sie zu diesem Termin mitkommen können.", name=asker.name)
        keys = (
            Key(voice.say("Ich komme mit"), f"{MARK}:{kept.id}:{COME}"),
            Key(voice.say("Ich kann nicht"), f"{MARK}:{kept.id}:{STAY}"),
        )
        return Body(text, (keys,))

    return say


def _happen(desk: Desk, kept: Appointment, one: Accompaniment, event: AccompanimentEvent) -> None:
    if not one.can(event, AccompanimentParty.STAFF):
        raise EntryFault(_NOT_NOW)
    move = (event, AccompanimentParty.STAFF, desk.actor)
    moves.happen(desk.uow, desk.rules, kept, one, move, desk.now)
    desk.changed.add(kept.participant_id)


def _tell(desk: Desk, kept: Appointment) -> Telling:
    about = (DIALOG, moves.subject_of(kept.id))
    return tell_about(desk, kept.participant_id, about, kept.starts_at - desk.now, anew=True)
