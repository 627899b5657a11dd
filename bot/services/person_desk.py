# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff begin with a person by themselves: a concern, a talk, a note. None of it needs an occasion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.concerns import Concern, Event, Level, urgency
from bot.domain.messages import Kind
from bot.domain.people import Participant, Standing
from bot.domain.stories import LONGEST_NOTE, PersonNote
from bot.services import case_notes, human_talks, pauses
from bot.services import handle_concern as handle
from bot.services.desk import Desk
from bot.services.escalate import TIMER_KIND, climb, new_concern, timer_key
from bot.services.person_dates import zone_of
from bot.services.visit import Visit

SOURCE = "staff"
#: Reasons of such concerns.
STAFF_RAISED, STAFF_WROTE = "staff_raised", "staff_wrote"
LEVELS = (Level.R1, Level.R2, Level.R3)
SHORTEST_REASON, LONGEST_REASON = 3, 1000


def raise_by_staff(desk: Desk, person: Participant, level: Level, words: str) -> Concern:
    """A staff member says that somebody should look: the ladder begins at its first rung.

    `words` are 3 to 1000 characters; they stand in the history, sealed. The person is not told: nobody has
    promised them anything.
    """
    why = SOURCE, STAFF_RAISED, ""
    new = new_concern(desk.uow, desk.rules, person, level, why, desk.now)
    _write_down(desk, new)
    desk.uow.concerns.log(new.id, desk.now, case_notes.NOTE, desk.actor, words)
    raised, calls = climb(desk.uow, desk.rules, replace(new, receipt_given=True), desk.now)
    desk.drafts += calls
    return raised


def write_to(desk: Desk, person: Participant, text: str) -> bool:
    """Give the staff member's own words to the person. False, with one clear line, if that cannot be.

    It belongs to the concern that they have in hand, or to the most urgent one. Where none is open the talk
    gets one of its own, in the hands of whoever begins it: so an answer always finds a human (promise P1).
    """
    concern = concern_for_talk(desk, person)
    if concern is None:
        refusal = handle.why_not_reply(desk, desk.uow.people.contact_of(person.id), text)
        if refusal:
            desk.tell(refusal)
            return False
        concern = _begin_talk(desk, person)
    return handle.reply(desk, concern, text)


def concern_for_talk(desk: Desk, person: Participant) -> Concern | None:
    """To which open concern words to the person belong; None if none is open."""
    held = desk.uow.concerns.of_participant(person.id)
    mine = [one for one in held if one.taken_by == desk.staff.id]
    return min(mine or held, key=lambda one: urgency(one, desk.now), default=None)


def talk_of(desk: Desk, person: Participant) -> Concern | None:
    """The concern about which a human talks with the person now; None if nobody does."""
    talk = human_talks.newest_talk(desk.uow, person.id)
    return talk.concern if talk is not None else None


def rest_for(desk: Desk, person: Participant, until: datetime) -> bool:
    """Write down a pause that the person asked somebody for. False, with one clear line, if that cannot be.

    They are told, and only they end it.
    """
    contact = desk.uow.people.contact_of(person.id)
    if contact is None or contact.participant.standing is not Standing.ACTIVE:
        desk.tell(desk.voice.say("Diese Person ist gerade nicht erreichbar. Es wurde nichts geändert."))
        return False
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    text = visit.voice.say(
        "{name} hat für Sie eine Pause bis {day} eingetragen. So lange schreibe ich Ihnen nicht von mir aus: "
        "keine Fragen, und auch keine Erinnerungen an Termine.\nIhre Termine gelten weiter. Sie können mir "
        "trotzdem jederzeit schreiben. Mit „Pause beenden“ geht es früher weiter.",
        name=desk.staff.name,
        day=visit.voice.day(until, zone_of(visit.participant, visit.agency).key),
    )
    pauses.rest(visit, until, desk.actor)
    visit.tell(Kind.REPLY, text)
    visit.finish()
    desk.woken |= visit.woken
    desk.changed.add(person.id)
    return True


def note_about(desk: Desk, person: Participant, text: str) -> int:
    """Keep a note of 1 to 4000 characters. The person does not see it, but has it in their copy."""
    note = PersonNote(0, desk.agency.id, person.id, desk.staff.id, desk.now, text.strip()[:LONGEST_NOTE])
    number = desk.uow.stories.add_note(note)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "person_noted", person.case_code)
    desk.changed.add(person.id)
    return number


def _begin_talk(desk: Desk, person: Participant) -> Concern:
    label, within = handle.STEPS["write"]
    step = desk.voice.say(label)
    due = desk.rules.hours[desk.agency.id].after_working(desk.now, within)
    new = new_concern(desk.uow, desk.rules, person, Level.R1, (SOURCE, STAFF_WROTE, ""), desk.now)
    begun = replace(
        new.after(Event.TAKE_OVER).after(Event.PLAN),
        owner_id=person.coach_id or desk.staff.id,
        taken_by=desk.staff.id,
        next_step=step,
        next_action_at=due,
        receipt_given=True,
    )
    desk.uow.concerns.save(begun)
    _write_down(desk, begun)
    for event, words in ((Event.TAKE_OVER, ""), (Event.PLAN, step)):
        desk.uow.concerns.log(begun.id, desk.now, event.value, desk.actor, words)
    desk.uow.timers.set(desk.agency.id, TIMER_KIND, begun.id, due, timer_key(begun.id))
    return begun


def _write_down(desk: Desk, concern: Concern) -> None:
    desk.uow.concerns.log(concern.id, desk.now, "raised", desk.actor, concern.reason)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_raised", str(concern.id))
    desk.changed.add(concern.participant_id)
