# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a staff member does with a concern, the same from every place: messenger, console, terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.concerns import Concern, Event, Level, Outcome, State
from bot.domain.messages import Body, Kind
from bot.domain.people import Standing
from bot.ports import Contact
from bot.services import corrections, human_talks, relay
from bot.services.desk import Desk
from bot.services.escalate import TIMER_KIND, taken_line, timer_key
from bot.services.follow_plans import follow
from bot.services.ladder import policy_of
from bot.services.next_words import when_over
from bot.services.own_words import may_be_answered, was_said
from bot.services.visit import Visit
from bot.texts import mark
from scheduler.local_time import ReadingHours, at_wall, local

#: Next steps to choose from, and how much working time passes until the concern asks again.
STEPS: dict[str, tuple[str, timedelta]] = {
    "write": (mark("Ich schreibe jetzt"), timedelta(hours=4)),
    "call": (mark("Ich rufe heute an"), timedelta(hours=8)),
    "meet": (mark("Termin in den nächsten Tagen"), timedelta(hours=24)),
    "other": (mark("Anderer Schritt"), timedelta(hours=8)),
}
#: No concern may rest for longer than this.
LONGEST_REST = timedelta(days=14)


def step_wanted_by(desk: Desk, concern: Concern) -> datetime:
    """By when whoever takes this concern over now must have chosen a next step or a date.

    In working time; with danger by the clock: whoever took it over is at work, and no weekend may pass.
    """
    within = policy_of(concern).choose_step_within
    if concern.level is Level.R3:
        return desk.now + within
    return desk.rules.hours[concern.agency_id].after_working(desk.now, within)


def take_over(desk: Desk, concern: Concern, before: int | None) -> Concern:
    """The staff member has it now; the person learns that a human has seen what they said, once."""
    due = step_wanted_by(desk, concern)
    told = replace(
        concern.after(Event.TAKE_OVER), taken_by=desk.staff.id, next_action_at=due, uncovered=False
    )
    desk.uow.concerns.save(told)
    desk.uow.concerns.log(concern.id, desk.now, Event.TAKE_OVER.value, desk.actor)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_taken", str(concern.id))
    desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    desk.uow.timers.cancel(f"tell:{concern.id}")
    # What a slow network still holds back would call somebody for what is in a hand already.
    desk.uow.outbox.cancel_calls(concern.id)
    _tell_others(desk, told, before)
    _tell_person(desk, concern)
    return told


def plan(
    desk: Desk, concern: Concern, step: str, within: timedelta, until: datetime | None = None
) -> Concern:
    """Write down the next step; when its time has passed, the concern is back in the queue.

    That is after `within` of working time, or at `until`: see `why_not_until`, which whoever names one asks.
    With danger it is by the clock and the same day: forgotten on a Friday, it must not lie until Monday.
    """
    refusal = why_not_held(desk, concern)
    if refusal:
        desk.tell(refusal, concern_id=concern.id)
        return concern
    due = until or desk.rules.hours[concern.agency_id].after_working(desk.now, within)
    if until is None and concern.level is Level.R3:
        due = min(desk.now + within, _midnight(desk, concern))
    planned = replace(concern.after(Event.PLAN), next_step=step, next_action_at=due)
    desk.uow.concerns.save(planned)
    desk.uow.concerns.log(concern.id, desk.now, Event.PLAN.value, desk.actor, step)
    desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    desk.tell(
        desk.voice.say(
            "Fall {case}: notiert. Wenn er bis {day}, {time} nicht erledigt ist, frage ich nach.",
            case=concern.case_code,
            day=desk.voice.day(due, desk.agency.zone),
            time=desk.voice.clock(due, desk.agency.zone),
        ),
        concern_id=concern.id,
    )
    return planned


def snooze(desk: Desk, concern: Concern, until: datetime | None = None) -> bool:
    """Let it rest until a moment, then it asks again. False, with one clear line, if that cannot be.

    `until` lies in the future, at most 14 days ahead; without it, when the agency opens on another day. What
    would ask while the agency is closed asks when it opens. R3 rests until midnight at most (agency's zone),
    so it needs a moment to be named.
    """
    refusal = why_not_held(desk, concern)
    if refusal:
        desk.tell(refusal, concern_id=concern.id)
        return False
    hours = desk.rules.hours[concern.agency_id]
    is_grave = until is not None and concern.level is Level.R3
    due = until if until and is_grave else hours.next_open(until or _midnight(desk, concern))
    refusal = why_not_until(desk, concern, until or due)
    if refusal:
        desk.tell(refusal, concern_id=concern.id)
        return False
    resting = replace(concern.after(Event.SNOOZE), next_step="", next_action_at=due)
    desk.uow.concerns.save(resting)
    desk.uow.concerns.log(concern.id, desk.now, Event.SNOOZE.value, desk.actor)
    desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    desk.tell(
        desk.voice.say(
            "Fall {case}: Ich frage am {day} um {time} wieder nach.",
            case=concern.case_code,
            day=desk.voice.day(due, desk.agency.zone),
            time=desk.voice.clock(due, desk.agency.zone),
        ),
        concern_id=concern.id,
    )
    return True


def reply(desk: Desk, concern: Concern, text: str) -> bool:
    """Give the staff member's own words to the person. False, with one clear line, if that cannot be."""
    contact = desk.uow.people.contact_of(concern.participant_id)
    refusal = why_not_reply(desk, contact, text, concern)
    if refusal or contact is None:
        desk.tell(refusal, concern_id=concern.id)
        return False
    desk.focus(f"reply:{concern.id}")
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    relay.go_on(visit, concern)
    visit.tell(Kind.RELAY, relay.told(visit, desk.staff.name, text), concern_id=concern.id)
    visit.finish()
    desk.uow.concerns.log(concern.id, desk.now, human_talks.REPLIED, desk.actor)
    desk.changed.add(concern.participant_id)
    desk.woken |= visit.woken
    text = desk.voice.say(
        "Fall {case}: Ihre Antwort ist unterwegs. Wenn sie nicht ankommt, sage ich Bescheid.",
        case=concern.case_code,
    )
    desk.tell(Body(text, ((desk.key(concern.id, mark("Gespräch beenden"), "end"),),)), concern_id=concern.id)
    return True


def close(desk: Desk, concern: Concern, outcome: Outcome) -> Concern:
    """A human closes it, with a reason. Nothing else ever does."""
    closed = replace(concern.after(Event.CLOSE), outcome=outcome, next_action_at=None)
    corrections.tell_outcome(desk, closed)
    desk.uow.concerns.save(closed)
    desk.uow.concerns.log(concern.id, desk.now, Event.CLOSE.value, desk.actor, outcome.value)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_closed", str(concern.id))
    desk.uow.timers.cancel(timer_key(concern.id))
    # Also where other concerns are open: nobody would be there any more to whom the person's words go.
    desk.woken |= relay.end(desk.uow, desk.rules, closed, desk.now) or frozenset()
    if not desk.uow.concerns.of_participant(concern.participant_id):
        # A dialog that called a human keeps quiet without a talk: for whom, once nothing is open?
        desk.uow.people.change_participant(concern.participant_id, human_until=None)
    if concern.level >= Level.R2:
        _follow_up(desk, concern.participant_id)
    if desk.staff.focus.endswith(f":{concern.id}"):
        desk.focus(when_over(desk.uow, desk.staff.id, concern.participant_id))
    return closed


def reopen(desk: Desk, concern: Concern) -> bool:
    """A closed case is open again and belongs to whoever reopens it; the next step is theirs to choose.

    Anybody of the agency may. False, with one clear line, if it is open anyway, or if the person was erased:
    what is kept of them then only proves what was done.
    """
    if not concern.can(Event.REOPEN):
        desk.tell(desk.voice.say("Dieser Fall ist noch offen."), concern_id=concern.id)
        return False
    if desk.uow.rights.is_erased(concern.participant_id):
        text = desk.voice.say("Die Daten dieser Person sind gelöscht. Der Fall bleibt zu.")
        desk.tell(text, concern_id=concern.id)
        return False
    due = step_wanted_by(desk, concern)
    again = replace(
        concern.after(Event.REOPEN),
        owner_id=desk.staff.id,
        taken_by=desk.staff.id,
        outcome=None,
        next_step="",
        next_action_at=due,
        rung=0,
        round=0,
        uncovered=False,
    )
    desk.uow.concerns.save(again)
    desk.uow.concerns.log(concern.id, desk.now, Event.REOPEN.value, desk.actor)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_reopened", str(concern.id))
    desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    desk.tell(
        desk.voice.say(
            "Fall {case} ist wieder offen und bei Ihnen. Was ist Ihr nächster Schritt?",
            case=concern.case_code,
        ),
        concern_id=concern.id,
    )
    return True


def why_not_theirs(desk: Desk, concern: Concern) -> str:
    """Why a case is not theirs to plan or close, in one line; empty unless a colleague has it in hand.

    Its buttons may be older than the moment at which a colleague took it over: their next step would be gone,
    and they would not know.
    """
    holder = concern.taken_by if concern.state in (State.TAKEN, State.IN_HAND) else None
    if holder is None or holder == desk.staff.id:
        return ""
    colleague = desk.uow.people.staff(holder)
    return desk.voice.say("Diesen Fall hat schon {name}.", name=colleague.name if colleague else "?")


def why_not_held(desk: Desk, concern: Concern) -> str:
    """Why they do not have the case in hand, to plan, put off or close it, in one line; empty if they do."""
    if not concern.is_open:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if concern.state is State.OPEN:
        return desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")
    return why_not_theirs(desk, concern)


def midnight(hours: ReadingHours, now: datetime) -> datetime:
    """The end of this day where the agency is."""
    return at_wall(local(now, hours.zone).date() + timedelta(days=1), time.min, hours.zone)


def _midnight(desk: Desk, concern: Concern) -> datetime:
    return midnight(desk.rules.hours[concern.agency_id], desk.now)


def why_not_until(desk: Desk, concern: Concern, until: datetime) -> str:
    """Why the concern cannot wait until then, in one line; empty if it can."""
    if until <= desk.now:
        return desk.voice.say("Dieser Zeitpunkt ist schon vorbei. Bitte wählen Sie einen späteren.")
    if concern.level is Level.R3 and until > _midnight(desk, concern):
        return desk.voice.say("Eine Meldung R3 kann nur bis heute Abend warten. Bitte nennen Sie eine Zeit.")
    if until > desk.now + LONGEST_REST:
        return desk.voice.say("Eine Meldung kann höchstens 14 Tage warten.")
    return ""


def _follow_up(desk: Desk, participant_id: int) -> None:
    person = desk.uow.plans.lock(participant_id)
    if person is not None:
        follow(desk.uow, desk.rules, person, desk.now)


def why_not_reply(desk: Desk, contact: Contact | None, text: str, concern: Concern | None = None) -> str:
    """Why these words, about this concern if any, cannot be given to the person; empty if they can."""
    if contact is None:
        return desk.voice.say("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet.")
    is_stopped = contact.participant.standing is Standing.STOPPED
    if is_stopped and not (concern and may_be_answered(desk.uow, contact.participant, concern)):
        return desk.voice.say("Diese Person hat den Kontakt beendet. Es wurde nichts gesendet.")
    if not text.strip() or len(text) > 3500:
        return desk.voice.say("Bitte schreiben Sie 1 bis 3500 Zeichen. Es wurde nichts gesendet.")
    return ""


def _tell_others(desk: Desk, concern: Concern, before: int | None) -> None:
    # Alerts on other devices and of other people lose their buttons; whoever had it learns who has it now.
    for address, message in desk.uow.outbox.sent_message(concern.id):
        if address.id == desk.address.id:
            continue
        person = desk.uow.people.staff(address.staff_id) if address.staff_id else None
        if person is not None and person.left_at is not None:
            # Who works on what is nothing for somebody who is not in the team any more.
            continue
        desk.drafts.append(taken_line(desk.uow, desk.rules, concern, address, desk.staff, message))
    if before is not None and before != desk.staff.id:
        for address in desk.uow.people.staff_addresses([before]):
            desk.drafts.append(taken_line(desk.uow, desk.rules, concern, address, desk.staff))


def _tell_person(desk: Desk, concern: Concern) -> None:
    # Whoever has said nothing gets no receipt for it.
    contact = desk.uow.people.contact_of(concern.participant_id) if was_said(concern) else None
    if contact is None or not may_be_answered(desk.uow, contact.participant, concern):
        return
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    text = visit.voice.say("{name} hat Ihre Meldung gesehen und übernommen.", name=desk.staff.name)
    visit.tell(Kind.REPLY, text, concern_id=concern.id, dedup=f"seen:{concern.id}:{desk.staff.id}")
    visit.finish()
    desk.woken |= visit.woken
