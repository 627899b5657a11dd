# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A human says that a concern is more or less urgent than the program thought."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.concerns import Concern, Event, Level, State
from bot.domain.messages import Body, Key, Kind
from bot.services.desk import Desk
from bot.services.escalate import TIMER_KIND, restart, take_back, timer_key
from bot.services.hand_over import holder_of
from bot.services.handle_concern import step_wanted_by
from bot.services.ladder import snapshot
from bot.services.whom import Roster, ways_to
from bot.texts import Voice, mark

SHORTEST_REASON = 3
LONGEST_REASON = 500
#: Somebody has a reason for a level that the case had: it says nothing about the one that it has by now.
OTHER_LEVEL = mark("Der Fall hat inzwischen eine andere Stufe.")
_LEVELS = (Level.R1, Level.R2, Level.R3)


def raise_level(desk: Desk, concern: Concern, level: Level, reason: str = "") -> bool:
    """Anybody may say that it is more urgent. False, with one clear line, if `level` is not higher.

    An open concern begins the ladder of the new level at once. Whoever holds it learns of it, and must
    choose a new next step within the time of that level; from somebody who is away it goes back to the queue.
    """
    if not concern.is_open or level not in _LEVELS or level <= concern.level:
        desk.tell(_why_not_raised(desk, concern))
        return False
    changed = _change(desk, concern, Event.RAISE, level, reason.strip()[:LONGEST_REASON])
    if changed.state is not State.OPEN and _is_out_of_reach(desk, changed):
        _, calls = take_back(desk.uow, desk.rules, changed, desk.now)
        desk.drafts += calls
    elif changed.state is not State.OPEN:
        due = min(step_wanted_by(desk, changed), changed.next_action_at or desk.now)
        due = max(due, desk.now)
        changed = replace(changed, next_action_at=due)
        desk.uow.concerns.save(changed)
        desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
        _tell_holder(desk, changed)
    return True


def lower_level(desk: Desk, concern: Concern, level: Level, reason: str) -> bool:
    """Only a human says that it is less urgent, and why: in 3 to 500 characters. Never below R1.

    False, with one clear line, if that is not so. An open concern begins the ladder of the new level. The
    leads learn when danger (R3) was taken back.
    """
    why = reason.strip()
    refusal = _why_not_lowered(desk, concern, level, why)
    if refusal:
        desk.tell(refusal, concern_id=concern.id)
        return False
    changed = _change(desk, concern, Event.LOWER, level, why)
    desk.uow.concerns.save(changed)
    desk.uow.ledger.note(
        desk.agency.id, desk.now, desk.actor, "concern_lowered", f"{concern.id}:{concern.level.value}"
    )
    if concern.level is Level.R3:
        _tell_leads(desk, changed)
    return True


def _change(desk: Desk, concern: Concern, event: Event, level: Level, reason: str) -> Concern:
    """The concern with its new level and the ladder of that level; called for, if nobody has it."""
    person = desk.uow.plans.lock(concern.participant_id)
    programme = person.programme if person else ""
    policy = desk.rules.policies_of(desk.uow, concern.agency_id, programme)[level]
    # Nobody was promised anything when a colleague changed a level: no line about an alert may follow.
    changed = replace(concern.after(event), level=level, policy=snapshot(policy), receipt_given=True)
    words = f"{concern.level.value} → {level.value}"
    desk.uow.concerns.log(
        concern.id, desk.now, event.value, desk.actor, f"{words}: {reason}" if reason else words
    )
    if changed.state is State.OPEN:
        changed, calls = restart(desk.uow, desk.rules, changed, desk.now)
        desk.drafts += calls
    desk.tell(
        desk.voice.say(
            "Fall {case}: Stufe {before} ist jetzt {level}.",
            case=concern.case_code,
            before=concern.level.value,
            level=level.value,
        ),
        concern_id=concern.id,
    )
    return changed


def _why_not_raised(desk: Desk, concern: Concern) -> str:
    if not concern.is_open:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    return desk.voice.say("Die Meldung hat schon Stufe {level}.", level=concern.level.value)


def _why_not_lowered(desk: Desk, concern: Concern, level: Level, why: str) -> str:
    if not concern.is_open:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if level not in _LEVELS or level >= concern.level:
        return desk.voice.say(
            "Von {level} geht es so nicht tiefer. Wenn nichts mehr zu tun ist, schließen Sie den Fall ab.",
            level=concern.level.value,
        )
    if len(why) < SHORTEST_REASON or len(why) > LONGEST_REASON:
        return desk.voice.say("Bitte schreiben Sie kurz, warum: 3 bis 500 Zeichen.")
    return ""


def _is_out_of_reach(desk: Desk, concern: Concern) -> bool:
    """Whether a colleague has it who cannot choose a next step now."""
    holder = holder_of(concern)
    if holder in (0, desk.staff.id):
        return False
    roster = Roster(desk.uow, desk.rules, desk.agency.id, desk.now)
    return roster.is_away(holder) or not ways_to(desk.uow, [holder])


def _tell_holder(desk: Desk, concern: Concern) -> None:
    def say(voice: Voice) -> Body:
        text = voice.say(
            "Fall {case}: jetzt Stufe {level}. Bitte wählen Sie den nächsten Schritt neu.",
            case=concern.case_code,
            level=concern.level.value,
        )
        return Body(text, ((Key(voice.say("Nächster Schritt"), f"s:{concern.id}:steps"),),))

    kind = Kind.STAFF_ALERT if concern.level is Level.R3 else Kind.STAFF_NOTICE
    desk.tell_others(concern, {holder_of(concern)} - {0}, say, kind)


def _tell_leads(desk: Desk, concern: Concern) -> None:
    roster = Roster(desk.uow, desk.rules, desk.agency.id, desk.now)
    desk.tell_others(
        concern,
        {lead.id for lead in roster.leads()},
        lambda voice: voice.say(
            "Fall {case}: {name} hat die Stufe von R3 auf {level} gesenkt.",
            case=concern.case_code,
            name=desk.staff.name,
            level=concern.level.value,
        ),
    )
