# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The floor: a person has one open conversation. Who waits for it, who comes back, and when.

Everything about it stands in the store, so that a restart in between changes nothing. What was wanted and
could not begin in time is dropped with a note in the audit log, never silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.domain.people import Standing
from bot.ports import Conversation
from bot.services import converse
from bot.services import whose_turn as turn
from bot.services.converse import Course
from bot.services.subjects import kind_of
from bot.services.visit import Visit
from dialogs import effects as wants
from dialogs.engine import UnknownDialogError
from dialogs.inputs import Input, Repeat, TimedOut
from dialogs.session import load

TIMER_KIND = "floor"
#: How long it stays quiet after words about danger, for whatever has waited until then.
REST = timedelta(hours=4)


def timer_key(participant_id: int) -> str:
    """The one timer that looks after all who wait for a person's floor."""
    return f"floor:{participant_id}"


def start(visit: Visit, dialog: str) -> None:
    """Begin a dialog at once. What was open or put by ends; its answers are kept."""
    clear(visit)
    _pass_on(visit, converse.begin_dialog(visit, dialog, Kind.REPLY), prompted=True)


def wish(visit: Visit, dialog: str) -> None:
    """The person asks for a dialog by a command: it goes first, and what was open comes back afterwards.

    The same dialog is not begun twice: one that is open, put off or waiting goes on. For help and a pause
    whatever else was begun ends.
    """
    if dialog in turn.CLEARING:
        start(visit, dialog)
        return
    current = visit.conversation
    if current is not None and turn.runs(current.session, dialog):
        go_on(visit, Repeat())
        return
    _put_by(visit)
    rows = visit.uow.talks.under_way(visit.participant.id)
    known = (row for row in rows if turn.is_about(row, dialog))
    row = next((row for row in known if _is_wanted(row) or turn.is_put_off(row)), None)
    if row is not None:
        take_up(visit, row, Repeat())
    else:
        _pass_on(visit, converse.begin_dialog(visit, dialog, Kind.REPLY), prompted=True)


def want(visit: Visit, dialog: str, kind: Kind, keep_for: timedelta, subject: str = "") -> bool:
    """We would like to begin a dialog with messages of `kind`: now, or as soon as the floor is free.

    After `keep_for` without an opportunity it is dropped. What is under way already about the same `subject`
    (see `subjects`) is not wanted twice: then this is False. Raises `UnknownDialogError`.
    """
    latest = visit.rules.book.latest(dialog)
    if latest is None:
        raise UnknownDialogError(dialog)
    rows = visit.uow.talks.under_way(visit.participant.id)
    if any(turn.is_about(row, dialog) and row.subject == subject for row in rows):
        return False
    wanted = Underway(
        id=0,
        participant_id=visit.participant.id,
        dialog=dialog,
        state=ConversationState.WANTED,
        priority=latest.priority.rank,
        kind=kind,
        expires_at=visit.now + keep_for,
        subject=subject,
    )
    wanted = replace(wanted, id=visit.uow.talks.want_conversation(visit.agency.id, wanted, visit.now))
    if visit.conversation is not None and turn.may_interrupt(visit, visit.conversation, wanted):
        _put_by(visit)
    look_again(visit)
    return True


def go_on(visit: Visit, happening: Input, kind: Kind = Kind.REPLY, line: str = "") -> None:
    """Give the open conversation one input; if that was its last, the next one has the floor.

    `line` goes before the question that comes of it.
    """
    if visit.conversation is not None:
        course = converse.advance_open(visit, happening, kind, line)
        _pass_on(visit, course, prompted=kind is Kind.REPLY)


def look_again(visit: Visit) -> None:
    """Drop what has waited too long, and begin what may begin now."""
    _give(visit, prompted=False)


def resume(visit: Visit) -> None:
    """A human has finished talking: what was open comes back in its turn, by itself."""
    _put_by(visit)
    look_again(visit)


def time_out(visit: Visit, row: Underway, turn_of_question: int) -> datetime | None:
    """The waiting time of a conversation is over. Returns when to try again, if this is no moment for it."""
    if row.state is ConversationState.OPEN:
        happening = TimedOut(turn_of_question)
        until = turn.quiet_until(visit)
        foreseen = converse.foreseen(visit, happening) if until is None else set()
        if wants.Send in foreseen and wants.RaiseConcern not in foreseen:
            # What ends in silence, or calls a human, waits for no day.
            until = turn.rests_until(visit, row)
        if until is None:
            go_on(visit, happening, Kind.REMINDER)
        return until
    if row.state is ConversationState.ASLEEP and load(row.session).turn == turn_of_question:
        # It waits for the floor like all others; mostly that is free, and then it has it at once.
        visit.uow.talks.move_conversation(row.id, ConversationState.PUT_BY, row.session, visit.now)
        look_again(visit)
    return None


def find_put_off(visit: Visit, conversation_id: int) -> Underway | None:
    """A conversation of this very person of which a question waits for them."""
    row = visit.uow.talks.conversation(conversation_id)
    is_theirs = row is not None and row.participant_id == visit.participant.id
    return row if row is not None and is_theirs and turn.is_put_off(row) else None


def take_up(visit: Visit, row: Underway, happening: Input) -> None:
    """The person goes on with what waited. Nothing else may be open."""
    _pass_on(visit, _take_up(visit, row, happening, Kind.REPLY), prompted=True)


def take_up_newest(visit: Visit) -> bool:
    """The person goes on with what was put off or put by last. False if there is nothing."""
    rows = [row for row in visit.uow.talks.under_way(visit.participant.id) if turn.is_put_off(row)]
    if rows:
        take_up(visit, rows[-1], Repeat())
    return bool(rows)


def make_room(visit: Visit, happening: Input | None) -> bool:
    """The person has just said something serious, and nothing is asked on top. None answers no question.

    What asks about health is put by until a human has closed that; any other question stays where it is, with
    its buttons. False if nothing was open, or the question has an answer of its own to just this `happening`.
    """
    current = visit.conversation
    if current is None:
        return False
    follows = converse.foreseen(visit, happening) if happening is not None else {wants.Send}
    if wants.RaiseConcern in follows or not turn.waits_for_humans(visit, current):
        return follows == {wants.Send}
    _put_by(visit)
    left = turn.in_turn(visit.uow.talks.under_way(visit.participant.id))
    _set_timer(visit, left, max(turn.quiet_until(visit) or visit.now, visit.now + REST))
    return True


def clear(visit: Visit) -> None:
    """End what is open and what was put by: something more important has come. Answers are kept."""
    if visit.conversation is not None:
        converse.close_conversation(visit, visit.conversation, "put_aside")
    _rest(visit)


def end_all(visit: Visit, outcome: str) -> None:
    """End whatever is open, asleep, put by or wanted."""
    visit.conversation = None
    for row in visit.uow.talks.under_way(visit.participant.id):
        if _is_wanted(row):
            _end_wanted(visit, row, outcome)
        else:
            converse.close_conversation(visit, _stored(row), outcome)
    visit.uow.timers.cancel(timer_key(visit.participant.id))


def end_about(visit: Visit, subject: str, outcome: str, dialog: str = "") -> None:
    """End whatever is under way about a subject; answers are kept, and nothing is said.

    With `dialog` that ends too, also where the person has begun it by a command, without a subject.
    Whoever waits gets the floor with the next `want` or `look_again`, which the caller owes.
    """
    for row in visit.uow.talks.under_way(visit.participant.id):
        if row.subject != subject and not (dialog and turn.is_about(row, dialog)):
            continue
        if _is_wanted(row):
            _end_wanted(visit, row, outcome)
            continue
        current = visit.conversation
        converse.close_conversation(visit, _stored(row), outcome)
        visit.conversation = current if current is not None and current.id != row.id else None


def _pass_on(visit: Visit, course: Course, *, prompted: bool) -> None:
    if course.is_free and visit.participant.standing is Standing.STOPPED:
        end_all(visit, "stopped")
    elif course.is_free and course.is_quiet:
        _rest(visit)
    elif course.is_free:
        _give(visit, prompted=prompted)


def _give(visit: Visit, *, prompted: bool) -> None:
    """Let whoever is next have the floor. `prompted` says that the person has just done something."""
    rows = visit.uow.talks.under_way(visit.participant.id)
    left = turn.in_turn(row for row in rows if not _is_dropped(visit, row))
    for row in tuple(left):
        if visit.conversation is not None:
            break
        kind = turn.own_kind(row, prompted=prompted)
        if not turn.may_begin(visit, row, kind):
            continue
        left.remove(row)
        if _is_wanted(row) and not kind_of(_stored(row)).fits(visit, _stored(row)):
            _drop(visit, row, "dropped")
            continue
        course = _take_up(visit, row, turn.own_input(row), kind)
        if course.is_free and course.is_quiet:
            _rest(visit)
            return
    _set_timer(visit, left, turn.free_again(visit, left) if visit.conversation is None and left else None)


def _rest(visit: Visit) -> None:
    """After something serious no question comes back that was put by; what has its own time comes later."""
    left = turn.in_turn(visit.uow.talks.under_way(visit.participant.id))
    for row in tuple(left):
        if not _is_wanted(row) and turn.is_put_off(row):
            left.remove(row)
            converse.close_conversation(visit, _stored(row), "put_aside")
    _set_timer(visit, left, max(turn.quiet_until(visit) or visit.now, visit.now + REST))


def _take_up(visit: Visit, row: Underway, happening: Input, kind: Kind) -> Course:
    if _is_wanted(row):
        return converse.begin_wanted(visit, row, kind)
    is_repeated = isinstance(happening, Repeat) and not load(row.session).is_asleep
    line = visit.voice.say("Nun zurück zu unserer Frage:") if is_repeated else ""
    return converse.come_back(visit, row, happening, kind, line)


def _put_by(visit: Visit) -> None:
    current = visit.conversation
    if current is not None:
        visit.uow.talks.move_conversation(current.id, ConversationState.PUT_BY, current.session, visit.now)
        visit.conversation = None


def _is_dropped(visit: Visit, row: Underway) -> bool:
    if not _is_wanted(row) or row.expires_at is None or row.expires_at > visit.now:
        return False
    _drop(visit, row, "expired")
    return True


def _drop(visit: Visit, row: Underway, outcome: str) -> None:
    _end_wanted(visit, row, outcome)
    subject = f"{visit.participant.case_code} {row.dialog}"
    visit.uow.ledger.note(visit.agency.id, visit.now, "system", "dialog_not_begun", subject)


def _end_wanted(visit: Visit, row: Underway, outcome: str) -> None:
    visit.uow.talks.end_conversation(row.id, "", outcome, visit.now)
    kind_of(_stored(row)).ended(visit, _stored(row), outcome)


def _stored(row: Underway) -> Conversation:
    return Conversation(row.id, row.session, row.subject)


def _is_wanted(row: Underway) -> bool:
    return row.state is ConversationState.WANTED


def _set_timer(visit: Visit, left: Iterable[Underway], again: datetime | None) -> None:
    """One timer looks after all that wait: it is due when the first expires, or `again`."""
    waiting, person = list(left), visit.participant.id
    moments = [row.expires_at for row in waiting if _is_wanted(row) and row.expires_at is not None]
    if again is not None and waiting:
        moments.append(again)
    if moments:
        visit.uow.timers.set(visit.agency.id, TIMER_KIND, person, min(moments), timer_key(person))
