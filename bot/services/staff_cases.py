# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the buttons of a case do. Each returns what is shown over the button.

One of another day shows the case as it is now, kindly, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.concerns import Concern, Event, Level, Outcome, State
from bot.domain.messages import Body
from bot.services import (
    case_card,
    case_levels,
    corrections,
    relay,
    staff_later,
    staff_pass,
    staff_replies,
    typed_words,
)
from bot.services import handle_concern as handle
from bot.services.case_words import OUTCOMES
from bot.services.desk import Desk
from bot.services.next_words import turn_to
from bot.texts import mark

#: What is pressed: the desk, the case, what stands behind the action, the message the button is under.
Press = Callable[[Desk, Concern, str, str], str]

_CLOSED = mark("Dieser Fall ist schon abgeschlossen.")
_TAKE_FIRST = mark("Bitte übernehmen Sie den Fall zuerst.")
#: What still works when a case is closed.
_AFTER_CLOSING = frozenset({"show", "reopen", "note", "reply", "canned", "say", "end"})
#: What ends a conversation with one person takes nothing from what is being typed for another.
_TALK_GOES_ON = frozenset({"end"})


def press_case(desk: Desk, concern: Concern, action: str, message: str) -> str:
    """A button of a case; `action` is its name and what stands behind it."""
    name, _, argument = action.partition(":")
    act = _ACTIONS.get(name)
    if act is None:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    if concern.state is State.CLOSED and name not in _AFTER_CLOSING:
        return _as_it_is(desk, concern, message, _CLOSED)
    if name not in _TALK_GOES_ON:
        turn_to(desk, concern)
    return act(desk, concern, argument, message)


def _as_it_is(desk: Desk, concern: Concern, message: str, why: str) -> str:
    case_card.show(desk, concern, edit=message)
    return desk.voice.say(why)


def _take(desk: Desk, concern: Concern, argument: str, message: str) -> str:
    holder = concern.taken_by if concern.state is not State.OPEN else None
    if holder == desk.staff.id:
        return desk.voice.say("Sie haben diesen Fall schon.")
    if holder is not None and argument not in ("over", f"over:{holder}"):
        # Two have pressed at once, or the button is old: a case only changes hands on purpose.
        colleague = desk.uow.people.staff(holder)
        case_card.show(desk, concern, edit=message)
        return desk.voice.say("Diesen Fall hat schon {name}.", name=colleague.name if colleague else "?")
    taken = handle.take_over(desk, concern, holder)
    mine = desk.voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code)
    if message:
        yours = desk.voice.say("Übernommen von Ihnen.")
        text = f"{mine}\n{yours}"
        own = desk.key(concern.id, mark("Anzeigen"), "show")
        keys = ((own,), *case_card.keys(desk, taken))
        desk.tell(Body(text, keys), concern_id=concern.id, edit=message)
    return _steps(desk, taken, "", "")


def _steps(desk: Desk, concern: Concern, _: str, __: str) -> str:
    if concern.state is State.OPEN:
        return desk.voice.say(_TAKE_FIRST)
    if refusal := handle.why_not_theirs(desk, concern):
        return _say(desk, concern, refusal)
    keys = tuple((desk.key(concern.id, label, f"step:{code}"),) for code, (label, _) in handle.STEPS.items())
    question = desk.voice.say("Fall {case}: Was ist Ihr nächster Schritt?", case=concern.case_code)
    if typed_words.would_reach(desk, concern):
        warning = desk.voice.say("Bitte drücken Sie einen Knopf: Was Sie tippen, geht an die Person.")
        question = f"{question}\n{warning}"
    desk.tell(Body(question, keys), concern_id=concern.id)
    return ""


def _show(desk: Desk, concern: Concern, _: str, __: str) -> str:
    case_card.show(desk, concern)
    return ""


def _step(desk: Desk, concern: Concern, code: str, _: str) -> str:
    step = handle.STEPS.get(code)
    if step is None or concern.state not in (State.TAKEN, State.IN_HAND):
        return desk.voice.say(_TAKE_FIRST)
    refusal = handle.why_not_theirs(desk, concern)
    if refusal:
        return _say(desk, concern, refusal)
    if code == "other":
        desk.focus(f"{typed_words.STEP}:{concern.id}")
        text = desk.voice.say(
            "Fall {case}: Schreiben Sie den nächsten Schritt in einem Satz.", case=concern.case_code
        )
        desk.tell(text, concern_id=concern.id)
        return ""
    handle.plan(desk, concern, desk.voice.say(step[0]), step[1])
    return _reply(desk, concern, "", "") if code == "write" else ""


def _reply(desk: Desk, concern: Concern, _: str, __: str) -> str:
    desk.focus(f"{typed_words.REPLY}:{concern.id}")
    text = desk.voice.say(
        "Schreiben Sie jetzt Ihre Antwort für Fall {case}. Ich gebe sie weiter.", case=concern.case_code
    )
    ready = desk.key(concern.id, mark("Vorlagen"), "canned")
    desk.tell(Body(text, ((ready,),)), concern_id=concern.id)
    return ""


def _end(desk: Desk, concern: Concern, _: str, __: str) -> str:
    return end_talk(desk, concern)


def end_talk(desk: Desk, concern: Concern) -> str:
    """The conversation through the bot is over. Returns what is shown over a button."""
    woken = relay.end(desk.uow, desk.rules, concern, desk.now)
    if woken is None:
        return desk.voice.say("Zu diesem Fall läuft gerade kein Gespräch.")
    desk.woken |= woken
    text = desk.voice.say("Fall {case}: Das Gespräch ist beendet.", case=concern.case_code)
    desk.tell(text, concern_id=concern.id)
    return ""


def _level(desk: Desk, concern: Concern, _: str, __: str) -> str:
    above, below = case_card.levels_beside(concern)
    keys = [desk.key(concern.id, _LEVEL_WORDS[level], f"raise:{level.value}") for level in reversed(above)]
    keys += [desk.key(concern.id, _LEVEL_WORDS[level], f"lower:{level.value}") for level in reversed(below)]
    text = desk.voice.say(
        "Fall {case} hat Stufe {level}. Welche soll es sein?",
        case=concern.case_code,
        level=concern.level.value,
    )
    desk.tell(Body(text, tuple((key,) for key in keys)), concern_id=concern.id)
    return ""


def _raise(desk: Desk, concern: Concern, level: str, message: str) -> str:
    above, _ = case_card.levels_beside(concern)
    if level not in above:
        return _as_it_is(desk, concern, message, case_levels.OTHER_LEVEL)
    case_levels.raise_level(desk, concern, Level(level))
    return ""


def _lower(desk: Desk, concern: Concern, level: str, message: str) -> str:
    _, below = case_card.levels_beside(concern)
    if level not in below:
        return _as_it_is(desk, concern, message, case_levels.OTHER_LEVEL)
    desk.focus(f"{typed_words.LOWER}{concern.level.value}{level}:{concern.id}")
    text = desk.voice.say(
        "Fall {case} hat Stufe {before}. Schreiben Sie in einem Satz, warum {level} genügt.",
        case=concern.case_code,
        before=concern.level.value,
        level=level,
    )
    desk.tell(text, concern_id=concern.id)
    return ""


def _note(desk: Desk, concern: Concern, _: str, __: str) -> str:
    desk.focus(f"{typed_words.NOTE}:{concern.id}")
    text = desk.voice.say(
        "Schreiben Sie jetzt Ihre Notiz zu Fall {case}. Nur das Team sieht sie.", case=concern.case_code
    )
    desk.tell(text, concern_id=concern.id)
    return ""


def _done(desk: Desk, concern: Concern, _: str, __: str) -> str:
    if concern.state is State.OPEN:
        return desk.voice.say(_TAKE_FIRST)
    if refusal := handle.why_not_theirs(desk, concern):
        return _say(desk, concern, refusal)
    keys = tuple((desk.key(concern.id, OUTCOMES[one], f"close:{one.value}"),) for one in concern.outcomes)
    question = desk.voice.say("Fall {case}: Was ist das Ergebnis?", case=concern.case_code)
    desk.tell(Body(question, keys), concern_id=concern.id)
    return ""


def _close(desk: Desk, concern: Concern, outcome: str, _: str) -> str:
    if outcome not in OUTCOMES or not concern.can(Event.CLOSE):
        return desk.voice.say(_TAKE_FIRST)
    refusal = handle.why_not_theirs(desk, concern)
    refusal = refusal or corrections.why_not_close(desk, concern, Outcome(outcome))
    if refusal:
        return _say(desk, concern, refusal)
    closed = handle.close(desk, concern, Outcome(outcome))
    text = desk.voice.say(
        "Fall {case} ist abgeschlossen: {outcome}.",
        case=concern.case_code,
        outcome=desk.voice.say(OUTCOMES[Outcome(outcome)]),
    )
    again = desk.key(closed.id, mark("Wieder öffnen"), "reopen")
    desk.tell(Body(text, ((again,),)), concern_id=concern.id)
    return ""


def _say(desk: Desk, concern: Concern, text: str) -> str:
    desk.tell(text, concern_id=concern.id)
    return ""


def _reopen(desk: Desk, concern: Concern, _: str, message: str) -> str:
    if concern.is_open:
        return _as_it_is(desk, concern, message, mark("Dieser Fall ist noch offen."))
    if not case_card.may_reopen(desk, concern):
        return desk.voice.say("Dieser Fall ist seit mehr als 14 Tagen abgeschlossen. Er bleibt zu.")
    if not handle.reopen(desk, concern):
        return ""
    return _steps(desk, replace(concern, state=State.TAKEN, taken_by=desk.staff.id), "", "")


_LEVEL_WORDS: Mapping[Level, str] = {
    Level.R3: mark("R3: Gefahr, sofort"),
    Level.R2: mark("R2: ernst, noch heute"),
    Level.R1: mark("R1: am nächsten Arbeitstag"),
}
_ACTIONS: Mapping[str, Press] = {
    "take": _take,
    "show": _show,
    "steps": _steps,
    "step": _step,
    "reply": _reply,
    "canned": staff_replies.offer,
    "say": staff_replies.send,
    "end": _end,
    "pass": staff_pass.offer,
    "to": staff_pass.give,
    "later": staff_later.offer,
    "until": staff_later.choose,
    "level": _level,
    "raise": _raise,
    "lower": _lower,
    "note": _note,
    "done": _done,
    "close": _close,
    "reopen": _reopen,
}
