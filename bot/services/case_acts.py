# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the forms of a case do in the console: the same as its buttons in the staff's messenger.

Each returns what was not right by field, and has then changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.concerns import Concern, Event, Level, Outcome, State
from bot.ports import Receipt, UnitOfWork
from bot.services import case_card, case_levels, case_notes, corrections, hand_over, staff_later
from bot.services import handle_concern as handle
from bot.services.appointment_dates import EntryFault, read_moment
from bot.services.canned_replies import replies
from bot.services.desk import Desk
from bot.services.duty_desk import colleague
from bot.services.rulebook import Rulebook
from bot.services.staff_cases import end_talk
from bot.services.staff_sessions import CHANNEL
from bot.texts import mark

Fields = Mapping[str, str]
Faults = dict[str, str]
_LONGEST_STEP = 500
#: What still works when a case is closed.
_AFTER_CLOSING = frozenset({"reopen", "note", "reply", "end"})
#: What only whoever has the case in hand does.
_HOLDERS = frozenset({"step", "later", "close"})
#: What takes a case out of a colleague's hand: only of whoever the page says has it.
_MOVES = frozenset({"take", "pass"})
_NOBODY = mark("Es ist niemand da, an den ich weitergeben kann. Der Fall bleibt bei Ihnen.")

_LEFT = mark("Diese Person ist nicht mehr im Team. Es hat sich nichts geändert.")


@dataclass(frozen=True, slots=True)
class Done:
    """What an action led to: lines for the staff member, and whom to wake. With `faults` nothing changed."""

    said: tuple[str, ...] = ()
    receipt: Receipt = field(default_factory=Receipt)
    faults: Mapping[str, str] = field(default_factory=dict)


def act(
    uow: UnitOfWork, rules: Rulebook, account: str, order: tuple[int, str, Fields], now: datetime
) -> Done | None:
    """Do one thing with a concern: `order` is (concern, action, what the form says), see `ACTIONS`.

    None if the browser or the concern is not known here, or the concern is not theirs to do this with.
    """
    number, action, fields = order
    found = uow.people.find_staff(CHANNEL, account)
    concern = uow.concerns.get(number)
    if found is None or concern is None or action not in ACTIONS:
        return None
    desk = Desk(uow, rules, found, now)
    if desk.why_not_case(concern, action):
        return None
    meanwhile = _meanwhile(desk, concern, action, fields)
    if meanwhile:
        return Done((meanwhile,))
    faults = ACTIONS[action](desk, concern, fields)
    if faults:
        return Done(faults=faults)
    desk.changed.add(concern.participant_id)
    said = tuple(answer.body.text for answer in desk.answers)
    desk.answers.clear()
    return Done(said, desk.finish())


def _meanwhile(desk: Desk, concern: Concern, action: str, fields: Fields) -> str:
    """What happened since the page was made, if it keeps this from being done; empty if nothing did."""
    if concern.state is State.CLOSED and action not in _AFTER_CLOSING:
        name = _who_did(desk, concern, Event.CLOSE)
        if name:
            return desk.voice.say("Diesen Fall hat inzwischen {name} abgeschlossen.", name=name)
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    holder = concern.taken_by if concern.state is not State.OPEN else None
    if action in _HOLDERS:
        return handle.why_not_theirs(desk, concern)
    if action not in _MOVES or holder in (None, desk.staff.id) or fields.get("over") == str(holder):
        return ""
    # Two have pressed at once, or the page is old: a case only changes hands on purpose.
    if action == "pass":
        return handle.why_not_theirs(desk, concern)
    colleague = desk.uow.people.staff(holder) if holder else None
    return desk.voice.say("Das hat gerade {name} getan.", name=colleague.name if colleague else "?")


def _who_did(desk: Desk, concern: Concern, event: Event) -> str:
    actors = [actor for _, name, actor, _ in desk.uow.concerns.history(concern.id) if name == event.value]
    number = actors[-1].removeprefix("staff:") if actors else ""
    person = desk.uow.people.staff(int(number)) if number.isdecimal() else None
    return person.name if person else ""


def _take(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    faults = _why_not_by(desk, concern, fields)
    if faults:
        return faults
    if concern.taken_by != desk.staff.id or concern.state is State.OPEN:
        concern = handle.take_over(desk, concern, concern.taken_by)
    if not _words(desk, fields):
        desk.tell(desk.voice.say("Bitte wählen Sie einen nächsten Schritt."))
        return {}
    return _step(desk, concern, fields)


def _step(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    words = _words(desk, fields)
    if not words:
        return {"step": desk.voice.say("Bitte wählen Sie einen nächsten Schritt.")}
    if not concern.can(Event.PLAN):
        return {"step": desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")}
    faults = _why_not_by(desk, concern, fields)
    if not faults:
        _, within = handle.STEPS.get(fields.get("step", ""), handle.STEPS["other"])
        handle.plan(desk, concern, words, within, _by(desk, fields))
    return faults


def _words(desk: Desk, fields: Fields) -> str:
    """The step that was chosen, in words, or the own words."""
    code = fields.get("step", "")
    if code in handle.STEPS and code != "other":
        return desk.voice.say(handle.STEPS[code][0])
    return " ".join(fields.get("words", "").split())[:_LONGEST_STEP] if code == "other" else ""


def _by(desk: Desk, fields: Fields) -> datetime | None:
    """The moment in the field `until`, on the clock of the agency; None if it is empty.

    Raises `EntryFault`.
    """
    typed = fields.get("until", "").strip()
    if not typed:
        return None
    try:
        wall = datetime.fromisoformat(typed)
    except ValueError:
        return read_moment(typed.split(), desk.now, desk.agency.zone)
    return read_moment([f"{wall:%d.%m.%Y}", f"{wall:%H:%M}"], desk.now, desk.agency.zone)


def _why_not_by(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    try:
        until = _by(desk, fields)
    except EntryFault as fault:
        return {"until": fault.say(desk.voice)}
    refusal = handle.why_not_until(desk, concern, until) if until else ""
    return {"until": refusal} if refusal else {}


def _later(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    code = fields.get("moment", "")
    if code in {known for _, known in staff_later.moments(desk.now, desk.agency.zone, concern.level)}:
        return {} if staff_later.rest(desk, concern, code) else _told(desk, "until")
    faults = _why_not_by(desk, concern, fields)
    until = None if faults else _by(desk, fields)
    if faults or until is None:
        return faults or {"until": desk.voice.say("Bitte wählen Sie, wann ich wieder fragen soll.")}
    return {} if handle.snooze(desk, concern, until) else _told(desk, "until")


def _pass(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    number = fields.get("to", "")
    if not number:
        if not hand_over.pass_on(desk, concern):
            return {"to": desk.voice.say(_NOBODY)}
        desk.tell(desk.voice.say("Der Fall ist weitergegeben."))
        return {}
    to = colleague(desk, number)
    if to is None:
        return {"to": desk.voice.say(_LEFT)}
    if not hand_over.hand_over(desk, concern, to):
        return _told(desk, "to")
    text = desk.voice.say("Fall {case} ist weitergegeben an {name}.", case=concern.case_code, name=to.name)
    desk.tell(text, concern_id=concern.id)
    return {}


def _level(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    above, below = case_card.levels_beside(concern)
    level, reason = fields.get("level", ""), fields.get("reason", "")
    if level in below and fields.get("from", concern.level.value) != concern.level.value:
        # What was meant to raise it, or a reason for another level, would lower what has become danger since.
        return {"level": desk.voice.say(case_levels.OTHER_LEVEL)}
    if level in above:
        return {} if case_levels.raise_level(desk, concern, Level(level), reason) else _told(desk, "level")
    if level in below:
        return {} if case_levels.lower_level(desk, concern, Level(level), reason) else _told(desk, "reason")
    return {"level": desk.voice.say("Bitte wählen Sie eine andere Stufe.")}


def _note(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    return {} if case_notes.note(desk, concern, fields.get("note", "")) else _told(desk, "note")


def _reply(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    if "insert" in fields:
        return _insert(desk, fields)
    return {} if handle.reply(desk, concern, fields.get("text", "")) else _told(desk, "text")


def _insert(desk: Desk, fields: Fields) -> Faults:
    """A text kept ready comes into the field for the answer; nothing is sent, so nothing is changed."""
    if fields.get("canned", "") in replies(desk.uow, desk.rules, desk.agency.id):
        return {"inserted": ""}
    return {"canned": desk.voice.say("Bitte wählen Sie eine Vorlage.")}


def _end(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    del fields
    said = end_talk(desk, concern)
    if said:
        desk.tell(said)
    return {}


def _close(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    outcome = fields.get("outcome", "")
    if outcome not in set(Outcome):
        return {"outcome": desk.voice.say("Bitte wählen Sie das Ergebnis.")}
    if not concern.can(Event.CLOSE):
        return {"outcome": desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")}
    refusal = corrections.why_not_close(desk, concern, Outcome(outcome))
    if refusal:
        return {"outcome": refusal}
    handle.close(desk, concern, Outcome(outcome))
    desk.tell(desk.voice.say("Der Fall ist abgeschlossen."))
    return {}


def _reopen(desk: Desk, concern: Concern, fields: Fields) -> Faults:
    del fields
    if concern.state is State.CLOSED and not case_card.may_reopen(desk, concern):
        desk.tell(desk.voice.say("Dieser Fall ist seit mehr als 14 Tagen abgeschlossen. Er bleibt zu."))
        return {}
    handle.reopen(desk, concern)
    return {}


def _told(desk: Desk, name: str) -> Faults:
    """What the use case said instead of doing it, beside the field that it is about."""
    said = " ".join(answer.body.text for answer in desk.answers)
    desk.answers.clear()
    return {name: said}


#: By the field `action` of a form; what else each reads stands in its function.
ACTIONS: Mapping[str, Callable[[Desk, Concern, Fields], Faults]] = {
    "take": _take,
    "step": _step,
    "later": _later,
    "pass": _pass,
    "level": _level,
    "note": _note,
    "reply": _reply,
    "end": _end,
    "close": _close,
    "reopen": _reopen,
}
