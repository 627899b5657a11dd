# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type is for what they pressed last: an answer to a person, a note, a reason, a day.

A note or a reason never becomes an answer: once it is kept, the next words are for nobody before "Antworten"
is pressed again. And an answer goes to no person while the last thing in the chat was about another.
"""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.concerns import Concern, Level
from bot.domain.messages import Body, Incoming, Key
from bot.services import case_levels, case_notes, staff_later, staff_pass
from bot.services import handle_concern as handle
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.duty_desk import colleagues
from bot.services.duty_words import find_colleague
from bot.services.hand_over import hand_over
from bot.services.next_words import NOBODY

REPLY, STEP, NOTE, LOWER = "reply", "step", "note", "lower"
#: A text that is kept ready waits to be sent; words that are typed instead are an answer of their own.
CANNED = "canned"
_LONGEST_STEP = 500


def take_words(desk: Desk, incoming: Incoming) -> None:
    """Words that are no command. What cannot be told to be for somebody is not sent."""
    concern, what = _meant(desk, incoming)
    if concern is None:
        text = desk.voice.say(
            "Ich weiß nicht, für wen das ist. Bitte drücken Sie bei der Meldung auf „Antworten“. "
            "Es wurde nichts gesendet."
        )
        desk.tell(text)
        return
    refused = desk.why_not_case(concern, what)
    if refused:
        desk.tell(refused)
        return
    if what == REPLY and not incoming.message and not _is_in_sight(desk, concern):
        _ask_for_whom(desk, concern)
        return
    desk.changed.add(concern.participant_id)
    if what == REPLY:
        handle.reply(desk, concern, incoming.text)
    elif _keep(desk, concern, what, incoming.text.strip()):
        desk.focus(NOBODY)


def _is_in_sight(desk: Desk, concern: Concern) -> bool:
    """Whether the last message in this very chat that is about anybody is about this person.

    Else it may be that one whom the words are meant for, and nobody gets what is for somebody else.
    """
    newest = desk.uow.concerns.get(desk.uow.outbox.newest_case(desk.address.id) or 0)
    return newest is not None and newest.participant_id == concern.participant_id


def _ask_for_whom(desk: Desk, concern: Concern) -> None:
    newest = _own(desk, desk.uow.outbox.newest_case(desk.address.id) or 0)
    cases = [one for one in (newest, concern) if one is not None]
    keys = tuple((Key(one.case_code, f"s:{one.id}:reply"),) for one in cases)
    text = desk.voice.say(
        "Für welchen Fall ist das? Bitte drücken Sie darauf und schreiben Sie es dann noch einmal. "
        "Es wurde nichts gesendet."
    )
    desk.tell(Body(text, keys))


def _keep(desk: Desk, concern: Concern, what: str, text: str) -> bool:
    """Whether it is settled. If not, it was said what is wrong, and the next words are for the same."""
    over = _over(desk, concern, what)
    if over:
        desk.tell(over, concern_id=concern.id)
        return True
    if what == STEP:
        handle.plan(desk, concern, text[:_LONGEST_STEP], handle.STEPS["write"][1])
        return True
    if what == NOTE:
        return case_notes.note(desk, concern, text)
    if what == staff_later.FOCUS:
        return staff_later.typed(desk, concern, text)
    if what.startswith(staff_pass.FOCUS):
        return _pass(desk, concern, what.removeprefix(staff_pass.FOCUS), text)
    return _lower(desk, concern, what.removeprefix(LOWER), text)


def _over(desk: Desk, concern: Concern, what: str) -> str:
    """Why no words could do any more what was begun, in one line; empty if some could."""
    if what == NOTE:
        return ""
    if what in (STEP, staff_later.FOCUS):
        return handle.why_not_held(desk, concern)
    return "" if concern.is_open else desk.voice.say("Dieser Fall ist schon abgeschlossen.")


def _lower(desk: Desk, concern: Concern, levels: str, reason: str) -> bool:
    """`levels`: the one that the case had when the reason was asked for, and the one that it is to have."""
    before, level = levels[:2], levels[2:]
    if level not in set(Level) or before != concern.level.value:
        desk.tell(desk.voice.say(case_levels.OTHER_LEVEL), concern_id=concern.id)
        return True
    return case_levels.lower_level(desk, concern, Level(level), reason)


def _pass(desk: Desk, concern: Concern, before: str, name: str) -> bool:
    if staff_pass.has_changed_hands(desk, concern, before):
        return True
    try:
        to = find_colleague(name, colleagues(desk), desk.staff)
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice))
        return False
    if not hand_over(desk, concern, to):
        return False
    text = desk.voice.say("Fall {case} ist weitergegeben an {name}.", case=concern.case_code, name=to.name)
    desk.tell(text, concern_id=concern.id)
    return True


def case_meant(desk: Desk) -> Concern | None:
    """The case that is meant where none is named: that of the last button, or the only one in hand."""
    number = desk.staff.focus.partition(":")[2]
    if desk.staff.focus:
        return _own(desk, int(number)) if number.isdecimal() else None
    mine = desk.uow.concerns.taken_by(desk.staff.id)
    return mine[0] if len({c.participant_id for c in mine}) == 1 else None


def would_reach(desk: Desk, concern: Concern) -> bool:
    """Whether what is typed next, quoting nothing, goes to the person of this concern."""
    case, what = case_meant(desk), desk.staff.focus.partition(":")[0]
    is_theirs = case is not None and case.participant_id == concern.participant_id
    return is_theirs and what in ("", CANNED, REPLY)


def case_in_sight(desk: Desk) -> Concern | None:
    """The same, for what reaches a person: None also where the last message in the chat is about another."""
    concern = case_meant(desk)
    return concern if concern is not None and _is_in_sight(desk, concern) else None


def _meant(desk: Desk, incoming: Incoming) -> tuple[Concern | None, str]:
    # A quoted message says it best.
    case = case_meant(desk)
    what = desk.staff.focus.partition(":")[0]
    what = REPLY if what in ("", CANNED) else what
    if incoming.message:
        quoted = _own(desk, desk.uow.outbox.concern_of(desk.address.id, incoming.message) or 0)
        # Whoever quotes the very question for a note writes a note, not an answer. What is quoted and about
        # no case of theirs is for nobody: certainly not for whoever was meant before.
        return quoted, what if case is not None and quoted is not None and case.id == quoted.id else REPLY
    return case, what


def _own(desk: Desk, number: int) -> Concern | None:
    found = desk.uow.concerns.get(number) if number else None
    is_theirs = found is not None and desk.guard.concern(found, Action.SEE_QUEUE_ROW).is_allowed
    return found if is_theirs else None
