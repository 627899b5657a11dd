# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""In an emergency somebody looks at a case that is not theirs: for a reason, for an hour, seen by others.

It opens reading, answering and notes of this one case, nothing else. Lead and whoever looks after the person
are told at once, and everything that is looked at stands in the audit log. It ends by itself.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.access import Action, BrokenGlass
from bot.domain.concerns import Concern, urgency
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Participant
from bot.services import case_card
from bot.services.desk import Desk
from bot.services.whom import Roster, ways_to

LASTS = timedelta(minutes=60)
SHORTEST_REASON, LONGEST_REASON = 10, 500
#: The word in the history of a concern; the reason stands there, sealed.
BROKEN = "glass_broken"
_EXAMPLE = "/notfall K7F3M Anruf aus der Klinik"


def type_emergency(desk: Desk, typed: str) -> None:
    """`/notfall CODE REASON`: break the glass, and see the case."""
    code, _, reason = typed.strip().partition(" ")
    person = desk.uow.plans.by_case_code(desk.agency.id, code.upper()) if code else None
    if person is None:
        line = desk.voice.say("Einen Fall mit dem Code {case} gibt es hier nicht.", case=code[:20] or "?")
        hint = desk.voice.say("Zum Beispiel: {example}", example=_EXAMPLE)
        desk.tell(f"{line}\n{hint}")
        return
    if break_the_glass(desk, person, reason):
        _show(desk, person)


def break_the_glass(desk: Desk, person: Participant, reason: str) -> bool:
    """Open the case for an hour. False, with one clear line, if that is not needed or cannot be.

    `reason` has 10 to 500 characters.
    """
    why = reason.strip()
    refusal = _why_not(desk, person, why)
    if refusal:
        desk.tell(refusal)
        return False
    until = desk.now + LASTS
    new = BrokenGlass(0, desk.agency.id, desk.staff.id, person.id, why, desk.now, until)
    number = desk.uow.access.break_glass(new)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, BROKEN, f"{number}:{person.case_code}")
    concern = _most_urgent(desk, person)
    if concern is not None:
        desk.uow.concerns.log(concern.id, desk.now, BROKEN, desk.actor, why)
    _tell_others(desk, person)
    desk.guard.forget_glasses()
    desk.tell(
        desk.voice.say(
            "Fall {case} ist für Sie offen bis {time}. Leitung und zuständige Person bekommen Bescheid. "
            "Alles, was Sie ansehen, wird festgehalten.",
            case=person.case_code,
            time=desk.voice.clock(until, desk.agency.zone),
        )
    )
    return True


def _why_not(desk: Desk, person: Participant, why: str) -> str:
    if desk.guard.person(person, Action.SEE_CONTENT).is_allowed:
        return desk.voice.say("Diesen Fall sehen Sie schon: /fall {case}", case=person.case_code)
    if not desk.guard.person(person, Action.BREAK_GLASS).is_allowed:
        return desk.why_not(Action.BREAK_GLASS)
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        line = desk.voice.say("Bitte schreiben Sie den Grund dazu, in 10 bis 500 Zeichen.")
        hint = desk.voice.say("Zum Beispiel: {example}", example=_EXAMPLE)
        return f"{line}\n{hint}"
    return ""


def _most_urgent(desk: Desk, person: Participant) -> Concern | None:
    """The concern to look at first; the last one if none is open."""
    every = desk.uow.concerns.of_participant(person.id, open_only=False)
    found = [one for one in every if one.is_open] or every[-1:]
    return min(found, key=lambda one: urgency(one, desk.now), default=None)


def _show(desk: Desk, person: Participant) -> None:
    concern = _most_urgent(desk, person)
    if concern is None:
        desk.tell(desk.voice.say("Zu Fall {case} ist keine Meldung offen.", case=person.case_code))
        return
    desk.guard.looks(concern)
    case_card.show(desk, concern)


def _tell_others(desk: Desk, person: Participant) -> None:
    held = desk.uow.concerns.of_participant(person.id)
    concerned = {person.coach_id, *(one.taken_by for one in held), *(one.owner_id for one in held)}
    leads = Roster(desk.uow, desk.rules, desk.agency.id, desk.now).leads()
    told = {one for one in concerned if one} | {lead.id for lead in leads}
    for address in ways_to(desk.uow, told - {desk.staff.id}):
        reader = desk.uow.people.staff(address.staff_id or 0)
        if reader is None or reader.left_at is not None:
            continue
        voice = desk.rules.voice(reader.language)
        text = voice.say(
            "{name} hat Fall {case} wegen eines Notfalls für 60 Minuten geöffnet.",
            name=desk.staff.name,
            case=person.case_code,
        )
        # At once, at night too; it names no concern, so it calls nobody for one.
        desk.drafts.append(
            Draft(
                desk.agency.id,
                address.id,
                address.channel,
                Kind.STAFF_NOTICE,
                Body(text),
                staff_id=reader.id,
            )
        )
