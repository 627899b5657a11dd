# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the console needs: who is there, the queue, one case, and the actions of the staff desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.concerns import Concern, Outcome, State
from bot.domain.messages import Line
from bot.domain.people import Participant, Staff
from bot.domain.sign_in import How
from bot.ports import Receipt, UnitOfWork
from bot.services import case_queue, corrections, hand_over, restrict, staff_sessions
from bot.services import handle_concern as handle
from bot.services.access import Guard, needed_for
from bot.services.desk import Desk
from bot.services.rulebook import Rulebook

CHANNEL = staff_sessions.CHANNEL
#: The words that raised a concern stand a moment before it.
_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Case:
    """One concern with what a coach needs to answer it."""

    concern: Concern
    participant: Participant
    name: str
    holder: str
    timeline: tuple[Line, ...] = ()
    history: tuple[tuple[datetime, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What an action led to: lines for the staff member, and whom to wake."""

    said: tuple[str, ...]
    receipt: Receipt


def sign_in(
    uow: UnitOfWork, rules: Rulebook, code: str, browser: tuple[str, str], now: datetime
) -> Staff | None:
    """Bind a browser to the staff member of a one-time code; `browser` is its own account and its device.

    None if the code is unknown, used or too old, or they have left the team.
    """
    link = uow.people.find_invitation(code)
    if link is None or link.staff_id is None or not link.is_open(now):
        return None
    staff = uow.people.staff(link.staff_id)
    if staff is None or staff.left_at is not None:
        return None
    uow.people.use_invitation(link.id, now)
    staff_sessions.begin_session(uow, rules, staff, browser[0], (How.LINK, browser[1]), now)
    return staff


def queue(uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> list[Case]:
    """Open concerns that this staff member may know of, in the order of `case_queue.queue`."""
    guard = Guard(uow, rules, staff, now)
    names = {person.id: person.name for person in uow.people.all_staff(staff.agency_id)}
    people = {person.id: person for person in uow.people.participants(staff.agency_id)}
    found = guard.own(case_queue.queue(uow, staff.agency_id, None, now))
    named = {one.id for one in guard.own(found, Action.SEE_NAME)}
    read = {one.id for one in guard.own(found, Action.SEE_CONTENT)}
    return [
        Case(
            c if c.id in read else replace(c, quote="", next_step=""),
            people[c.participant_id],
            uow.people.name_of(c.participant_id) if c.id in named else "",
            names.get(c.taken_by or 0, ""),
        )
        for c in found
        if c.participant_id in people
    ]


def case(uow: UnitOfWork, rules: Rulebook, staff: Staff, concern_id: int, now: datetime) -> Case | None:
    """One case with the conversation; None if there is none for this staff member.

    Looking at it is written to the audit log.
    """
    concern = uow.concerns.get(concern_id)
    guard = Guard(uow, rules, staff, now)
    if concern is None or not guard.concern(concern, Action.SEE_CONTENT).is_allowed:
        return None
    if not guard.looks(concern, Action.SEE_TIMELINE).is_allowed:
        return None
    people = {person.id: person for person in uow.people.participants(staff.agency_id)}
    holder = uow.people.staff(concern.taken_by) if concern.taken_by else None
    uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "concern_shown", str(concern.id))
    if not restrict.shows_content(uow, concern):
        concern = replace(concern, quote="", next_step="")
    return Case(
        concern,
        people[concern.participant_id],
        uow.people.name_of(concern.participant_id),
        holder.name if holder else "",
        tuple(_lines(uow, concern)),
        tuple(uow.concerns.history(concern_id)) if restrict.shows_content(uow, concern) else (),
    )


def _lines(uow: UnitOfWork, concern: Concern) -> Iterable[Line]:
    """What was said; while data is only kept, no more than belongs to the running concern."""
    lines = uow.talks.timeline(concern.participant_id)
    if not restrict.is_restricted(uow, concern.participant_id):
        return lines
    return [line for line in lines if concern.is_open and line.at >= concern.raised_at - _BEFORE]


def may_act(uow: UnitOfWork, rules: Rulebook, staff: Staff, order: tuple[int, str], now: datetime) -> bool:
    """Whether there is such a concern for this staff member: `order` is (concern, action), as in `act`."""
    concern = uow.concerns.get(order[0])
    if concern is None:
        return False
    return Guard(uow, rules, staff, now).concern(concern, needed_for(order[1])).is_allowed


def act(
    uow: UnitOfWork, rules: Rulebook, account: str, order: tuple[int, str, str], now: datetime
) -> Done | None:
    """Do one thing with a concern: `order` is (concern, action, argument).

    Actions: take (argument: step code), step (step code or own words), reply (text), pass, close (outcome).
    None if the account or the concern is not known here, or the concern is not theirs to do this with.
    """
    found = uow.people.find_staff(CHANNEL, account)
    concern = uow.concerns.get(order[0])
    if found is None or concern is None:
        return None
    desk = Desk(uow, rules, found, now)
    if desk.why_not_case(concern, order[1]):
        return None
    desk.changed.add(concern.participant_id)
    _do(desk, concern, order[1], order[2])
    said = tuple(answer.body.text for answer in desk.answers)
    desk.answers.clear()
    return Done(said, desk.finish())


def _do(desk: Desk, concern: Concern, action: str, argument: str) -> None:
    if not concern.is_open:
        desk.tell(desk.voice.say("Dieser Fall ist schon abgeschlossen."))
    elif action == "take":
        if concern.taken_by != desk.staff.id or concern.state is State.OPEN:
            concern = handle.take_over(desk, concern, concern.taken_by)
        _plan(desk, concern, argument)
    elif action == "step":
        _plan(desk, concern, argument)
    elif action == "reply":
        handle.reply(desk, concern, argument)
    elif action == "pass" and not hand_over.pass_on(desk, concern):
        desk.tell(
            desk.voice.say("Es ist niemand da, an den ich weitergeben kann. Der Fall bleibt bei Ihnen.")
        )
    elif action == "close":
        _close(desk, concern, argument)


def _plan(desk: Desk, concern: Concern, argument: str) -> None:
    label, within = handle.STEPS.get(argument, ("", handle.STEPS["other"][1]))
    words = desk.voice.say(label) if label else argument.strip()
    if not words:
        desk.tell(desk.voice.say("Bitte wählen Sie einen nächsten Schritt."))
        return
    handle.plan(desk, concern, words[:500], within)


def _close(desk: Desk, concern: Concern, argument: str) -> None:
    if argument not in set(Outcome) or concern.state is State.OPEN:
        desk.tell(desk.voice.say("Bitte übernehmen Sie den Fall zuerst."))
        return
    refusal = corrections.why_not_close(desk, concern, Outcome(argument))
    if refusal:
        desk.tell(refusal)
        return
    handle.close(desk, concern, Outcome(argument))
