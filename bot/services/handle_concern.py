# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a staff member does with a concern, the same from every place: messenger, console, terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.concerns import Concern, Event, Level, Outcome, State
from bot.domain.messages import Body, Kind
from bot.domain.people import Role, Standing
from bot.ports import Contact
from bot.services.desk import Desk
from bot.services.escalate import TIMER_KIND, alerts, staff_draft, timer_key
from bot.services.follow_plans import follow
from bot.services.visit import Visit
from bot.texts import mark

#: Next steps to choose from, and how much working time passes until the concern asks again.
STEPS: dict[str, tuple[str, timedelta]] = {
    "write": (mark("Ich schreibe jetzt"), timedelta(hours=4)),
    "call": (mark("Ich rufe heute an"), timedelta(hours=8)),
    "meet": (mark("Termin in den nächsten Tagen"), timedelta(hours=24)),
    "other": (mark("Anderer Schritt"), timedelta(hours=8)),
}
#: While a human writes, the bot keeps quiet for so long after their last words.
HUMAN_TALKS_FOR = timedelta(hours=2)


def take_over(desk: Desk, concern: Concern, before: int | None) -> Concern:
    """The staff member has it now; the person learns that a human has seen it, once a concern."""
    hours = desk.rules.hours[concern.agency_id]
    due = hours.after_working(desk.now, desk.rules.policies[concern.level].choose_step_within)
    told = replace(
        concern.after(Event.TAKE_OVER), taken_by=desk.staff.id, next_action_at=due, uncovered=False
    )
    desk.uow.concerns.save(told)
    desk.uow.concerns.log(concern.id, desk.now, Event.TAKE_OVER.value, desk.actor)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_taken", str(concern.id))
    desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    desk.uow.timers.cancel(f"tell:{concern.id}")
    _tell_others(desk, told, before)
    _tell_person(desk, concern)
    return told


def plan(desk: Desk, concern: Concern, step: str, within: timedelta) -> Concern:
    """Write down the next step; when its time has passed, the concern is back in the queue."""
    if not concern.can(Event.PLAN):
        desk.tell(desk.voice.say("Bitte übernehmen Sie den Fall zuerst."))
        return concern
    due = desk.rules.hours[concern.agency_id].after_working(desk.now, within)
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


def reply(desk: Desk, concern: Concern, text: str) -> bool:
    """Give the staff member's own words to the person. False, with one clear line, if that cannot be."""
    contact = desk.uow.people.contact_of(concern.participant_id)
    refusal = _why_not(desk, contact, text)
    if refusal or contact is None:
        desk.tell(refusal, concern_id=concern.id)
        return False
    desk.focus(f"reply:{concern.id}")
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    visit.change(human_until=desk.now + HUMAN_TALKS_FOR)
    visit.tell(Kind.RELAY, f"{desk.staff.name}: {text}", concern_id=concern.id)
    visit.finish()
    desk.uow.concerns.log(concern.id, desk.now, "replied", desk.actor)
    desk.changed.add(concern.participant_id)
    desk.woken |= visit.woken
    desk.tell(
        desk.voice.say(
            "Fall {case}: Ihre Antwort ist unterwegs. Wenn sie nicht ankommt, sage ich Bescheid.",
            case=concern.case_code,
        ),
        concern_id=concern.id,
    )
    return True


def pass_on(desk: Desk, concern: Concern) -> bool:
    """Give it to the deputy, or else to the leads; False if there is nobody else."""
    me = desk.uow.people.staff(desk.staff.id)
    deputy = me.deputy_id if me else None
    leads = [
        p.id
        for p in desk.uow.people.all_staff(desk.agency.id)
        if p.role is Role.LEAD and p.id != desk.staff.id
    ]
    for group in ([deputy] if deputy else [], leads):
        addresses = desk.uow.people.staff_addresses(group) if group else []
        if addresses:
            break
    else:
        return False
    policy = desk.rules.policies[concern.level]
    due = desk.rules.hours[concern.agency_id].after_working(desk.now, policy.choose_step_within)
    passed = replace(
        concern.after(Event.PASS_ON),
        owner_id=addresses[0].staff_id,
        taken_by=None,
        rung=1,
        next_action_at=due,
    )
    desk.uow.concerns.save(passed)
    desk.uow.concerns.log(concern.id, desk.now, Event.PASS_ON.value, desk.actor)
    desk.uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    desk.drafts += alerts(desk.uow, desk.rules, passed, addresses)
    return True


def close(desk: Desk, concern: Concern, outcome: Outcome) -> Concern:
    """A human closes it, with a reason. Nothing else ever does."""
    closed = replace(concern.after(Event.CLOSE), outcome=outcome, next_action_at=None)
    desk.uow.concerns.save(closed)
    desk.uow.concerns.log(concern.id, desk.now, Event.CLOSE.value, desk.actor, outcome.value)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_closed", str(concern.id))
    desk.uow.timers.cancel(timer_key(concern.id))
    if not desk.uow.concerns.of_participant(concern.participant_id):
        desk.uow.people.change_participant(concern.participant_id, human_until=None)
    if concern.level >= Level.R2:
        _follow_up(desk, concern.participant_id)
    if desk.staff.focus.endswith(f":{concern.id}"):
        desk.focus("")
    return closed


def _follow_up(desk: Desk, participant_id: int) -> None:
    person = desk.uow.plans.lock(participant_id)
    if person is not None:
        follow(desk.uow, desk.rules, person, desk.now)


def describe(desk: Desk, concern: Concern) -> str:
    """The case in a few lines; what the person wrote only where the channel may carry it."""
    voice, zone = desk.voice, desk.agency.zone
    lines = [
        voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code),
        voice.say(
            "Seit {day}, {time}",
            day=voice.day(concern.raised_at, zone),
            time=voice.clock(concern.raised_at, zone),
        ),
    ]
    if concern.taken_by and concern.state is not State.OPEN:
        holder = desk.uow.people.staff(concern.taken_by)
        lines.append(voice.say("Übernommen von {name}", name=holder.name if holder else "?"))
    if concern.next_step and concern.state is State.IN_HAND:
        lines.append(voice.say("Nächster Schritt: {step}", step=concern.next_step))
    if desk.may_show_content and concern.quote:
        lines.append(f"„{concern.quote}“")
    elif not desk.may_show_content:
        lines.append(voice.say("Den Inhalt sehen Sie in der Konsole, nicht hier."))
    return "\n".join(lines)


def _why_not(desk: Desk, contact: Contact | None, text: str) -> str:
    if contact is None:
        return desk.voice.say("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet.")
    if contact.participant.standing is Standing.STOPPED:
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
        voice = desk.rules.voice(person.language if person else "de")
        text = voice.say("Fall {case}: übernommen von {name}.", case=concern.case_code, name=desk.staff.name)
        desk.drafts.append(staff_draft(concern, address, Kind.STAFF_NOTICE, Body(text), edit=message))
    if before is not None and before != desk.staff.id:
        for address in desk.uow.people.staff_addresses([before]):
            text = desk.voice.say(
                "Fall {case}: übernommen von {name}.", case=concern.case_code, name=desk.staff.name
            )
            desk.drafts.append(staff_draft(concern, address, Kind.STAFF_NOTICE, Body(text)))


def _tell_person(desk: Desk, concern: Concern) -> None:
    contact = desk.uow.people.contact_of(concern.participant_id)
    if contact is None or contact.participant.standing is Standing.STOPPED:
        return
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    text = visit.voice.say("{name} hat Ihre Meldung gesehen und übernommen.", name=desk.staff.name)
    visit.tell(Kind.REPLY, text, concern_id=concern.id, dedup=f"seen:{concern.id}:{desk.staff.id}")
    visit.finish()
    desk.woken |= visit.woken
