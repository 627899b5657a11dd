# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who may have a person's floor, in which order, and when it is worth looking again. Only looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.concerns import Level
from bot.domain.consent import may_send
from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import ALWAYS_ALLOWED, Kind
from bot.ports import Conversation
from bot.services import repeat_questions
from bot.services.converse import HELP
from bot.services.group_talks import END, FEEDBACK_SUBJECT
from bot.services.group_talks import SUBJECT as GROUP
from bot.services.visit import Visit
from dialogs.inputs import Input, Repeat, TimedOut
from dialogs.model import Dialog, Question
from dialogs.scales import Priority
from dialogs.session import Session, Sleep, load

#: Dialogs for which everything else that was begun is over; nothing that we begin goes before them.
CLEARING = frozenset({HELP, "pause"})
#: While a serious concern is open, nobody knows when it will be closed.
_TRY_AGAIN = timedelta(hours=1)


def in_turn(rows: Iterable[Underway]) -> list[Underway]:
    """Who waits, the first first: what does not wait, what was put by last, what was wanted by priority."""
    waiting = [row for row in rows if row.state in (ConversationState.PUT_BY, ConversationState.WANTED)]
    put_by = [row for row in waiting if row.state is ConversationState.PUT_BY]
    wanted = sorted(
        (row for row in waiting if row.state is ConversationState.WANTED),
        key=lambda row: (-row.priority, row.id),
    )
    urgent = [row for row in wanted if row.priority == Priority.HIGH.rank]
    return [*urgent, *reversed(put_by), *wanted[len(urgent) :]]


def may_begin(visit: Visit, row: Underway, kind: Kind) -> bool:
    """Whether the gate and the situation let a conversation go on now with messages of `kind`."""
    if visit.participant.talks_with_human(visit.now):
        return False
    if not may_send(kind, visit.participant, visit.consents, visit.now):
        return False
    if kind is not Kind.REPLY and rests_until(visit, row) is not None:
        return False
    return not _waits_for_humans(visit, row)


def waits_for_humans(visit: Visit, current: Conversation) -> bool:
    """Whether what is open is nothing to go on with while something serious is."""
    return _is_survey(_dialogs(visit, load(current.session)))


def may_interrupt(visit: Visit, current: Conversation, row: Underway) -> bool:
    """Whether what is open gives way: not for what may not begin, and never a call for help.

    What does not wait gives way to its like about something else, one appointment to another: an open
    question about the first must not cost a person the second.
    """
    running = _dialogs(visit, load(current.session))
    is_alike = current.subject != row.subject and _subject_kind(current) == _subject_kind(row) != ""
    if any(
        dialog.id in CLEARING or (dialog.priority is Priority.HIGH and not is_alike) for dialog in running
    ):
        return False
    return row.priority == Priority.HIGH.rank and may_begin(visit, row, row.kind)


def quiet_until(visit: Visit) -> datetime | None:
    """The end of a pause, or of the time in which a human talks; None if it is neither."""
    person, moments = visit.participant, []
    if person.paused_until is not None and person.is_paused(visit.now):
        moments.append(person.paused_until)
    if person.human_until is not None and person.talks_with_human(visit.now):
        moments.append(person.human_until)
    return max(moments, default=None)


def rests_until(visit: Visit, row: Underway) -> datetime | None:
    """When we write again by ourselves in a conversation; None if nothing holds it up.

    Its plan has its days, but whoever said "later" is asked again when they were told. While something
    serious is open no question that can wait is repeated either.
    """
    is_put_off = bool(row.session) and load(row.session).sleep is Sleep.LATER
    at = None if is_put_off else repeat_questions.rests_until(visit, row.subject)
    return visit.now + _TRY_AGAIN if at is None and _waits_for_humans(visit, row) else at


def free_again(visit: Visit, left: Iterable[Underway]) -> datetime | None:
    """When one of those `left`, who may not begin now, may begin; None as long as the person has to act."""
    until = quiet_until(visit)
    if until is None and not may_send(Kind.REMINDER, visit.participant, visit.consents, visit.now):
        return None
    if until is not None:
        return until
    soon = visit.now + _TRY_AGAIN
    return min((rests_until(visit, row) or soon for row in left), default=None)


def own_kind(row: Underway, *, prompted: bool) -> Kind:
    """How a conversation goes on: as an answer if the person has just done something, else as we begin."""
    if row.state is not ConversationState.WANTED and prompted:
        return Kind.REPLY
    return Kind.REMINDER if row.kind in ALWAYS_ALLOWED else row.kind


def own_input(row: Underway) -> Input:
    """What lets a conversation that waited go on by itself."""
    session = load(row.session) if row.session else None
    return TimedOut(session.turn) if session and session.is_asleep else Repeat()


def is_serious(visit: Visit) -> bool:
    """Whether something is open that a human should see the same day."""
    return any(c.level >= Level.R2 for c in visit.uow.concerns.of_participant(visit.participant.id))


def is_about(row: Underway, dialog: str) -> bool:
    """Whether this is the dialog, or has it open inside."""
    return row.dialog == dialog or bool(row.session and runs(row.session, dialog))


def runs(session: str, dialog: str) -> bool:
    """Whether a session has the dialog open."""
    return any(frame.dialog == dialog for frame in load(session).frames)


def is_put_off(row: Underway) -> bool:
    """Whether a question of it waits for the person: put by, or put off by themselves."""
    if row.state not in (ConversationState.ASLEEP, ConversationState.PUT_BY):
        return False
    return load(row.session).sleep is not Sleep.WAIT


def _waits_for_humans(visit: Visit, row: Underway) -> bool:
    """Whether something serious is open, and this can wait until a human has closed it."""
    if row.session:
        dialogs = _dialogs(visit, load(row.session))
    else:
        latest = visit.rules.book.latest(row.dialog)
        dialogs = [latest] if latest else []
    can_wait = row.kind is Kind.CONSENT or _is_survey(dialogs) or _is_asked_by_plan(row, dialogs)
    return (can_wait or _is_pastime(row)) and is_serious(visit)


def _is_pastime(row: Underway) -> bool:
    # Whoever counts on a group hears that it takes place no more.
    return _subject_kind(row) in (GROUP, FEEDBACK_SUBJECT) and not row.subject.endswith(f":{END}")


def _is_asked_by_plan(row: Underway, dialogs: list[Dialog]) -> bool:
    # What a plan only says, such as when we read, may come.
    steps = (step for dialog in dialogs for step in dialog.steps.values())
    return _subject_kind(row) == repeat_questions.SUBJECT and any(isinstance(one, Question) for one in steps)


def _is_survey(dialogs: list[Dialog]) -> bool:
    # What does not wait does not wait for this either: it may be about the very same thing.
    return any(dialog.asks_about_health for dialog in dialogs if dialog.priority is not Priority.HIGH)


def _subject_kind(talk: Conversation | Underway) -> str:
    return talk.subject.partition(":")[0]


def _dialogs(visit: Visit, session: Session) -> list[Dialog]:
    visit.know(session)
    found = (visit.rules.book.get(frame.dialog, frame.version) for frame in session.frames)
    return [dialog for dialog in found if dialog is not None]
