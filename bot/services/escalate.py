# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Raise a concern and let it climb its ladder until a human has it (promise P1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import msgspec

from bot.domain.concerns import Concern, Level, State
from bot.domain.escalation import Policy, Rung, Target
from bot.domain.messages import Body, Draft, Key, Kind
from bot.domain.people import Address, Role, Staff
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.texts import mark

TIMER_KIND = "concern"
TELL_KIND = "concern_unanswered"
#: Sources that begin so belong to one conversation, whose answers make one concern.
ONE_CONVERSATION = "answer:"


def timer_key(concern_id: int) -> str:
    """The one timer that moves a concern on."""
    return f"concern:{concern_id}"


def raise_concern(visit: Visit, level: Level, source: str, reason: str, quote: str = "") -> Concern:
    """A human should look: keep a concern, call the first rung, and set the time for the next.

    Reasons that come up again while the same concern is still open and at least as urgent are added to
    its history, and whoever has it is told; nobody has to take over the same thing twice. A more urgent
    answer in the same conversation raises the concern that is already there.
    """
    for known in visit.uow.concerns.of_participant(visit.participant.id):
        if known.source == source and _covers(known, level):
            return _add_reason(visit, known, reason)
        if known.source == source and known.state is State.OPEN and source.startswith(ONE_CONVERSATION):
            return _raise_level(visit, known, level, (reason, quote))
    policy = visit.rules.policies[level]
    concern = Concern(
        id=0,
        agency_id=visit.agency.id,
        participant_id=visit.participant.id,
        level=level,
        source=source,
        reason=reason,
        state=State.OPEN,
        raised_at=visit.now,
        owner_id=visit.participant.coach_id,
        next_action_at=visit.now,
        policy=msgspec.json.encode(policy).decode(),
        quote=quote,
        case_code=visit.participant.case_code,
    )
    concern = replace(concern, id=visit.uow.concerns.add(concern))
    visit.uow.concerns.log(concern.id, visit.now, "raised", "system", reason)
    return _call(visit, concern, policy)


def _call(visit: Visit, concern: Concern, policy: Policy) -> Concern:
    set_tell_timer(visit, concern, policy)
    concern, drafts = climb(visit.uow, visit.rules, concern, visit.now)
    for draft in drafts:
        visit.send_to(draft)
    return concern


def climb(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> tuple[Concern, list[Draft]]:
    """Call the next rung that reaches anybody, and set the moment for the one after it.

    After the last rung the ladder begins again and the lead is told. If no rung reaches anybody, the
    concern is marked uncovered and the ladder tries again: somebody may be linked by then.
    """
    policy = msgspec.json.decode(concern.policy, type=Policy)
    reached: list[Address] = []
    rung, round_ = concern.rung, concern.round
    for _ in policy.rungs:
        again = rung >= len(policy.rungs)
        if again:
            rung, round_ = 0, round_ + 1
        targets = (*policy.rungs[rung].targets, *((Target.LEAD,) if round_ else ()))
        reached = _reach(uow, concern, targets)
        rung += 1
        if reached:
            break
    due = _next_due(rules, concern, policy, rung, now)
    concern = replace(concern, rung=rung, round=round_, uncovered=not reached, next_action_at=due)
    uow.concerns.save(concern)
    uow.concerns.log(concern.id, now, "called" if reached else "nobody_reachable", "system", str(rung))
    uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, due, timer_key(concern.id))
    return concern, alerts(uow, rules, concern, reached)


def alerts(uow: UnitOfWork, rules: Rulebook, concern: Concern, addresses: Iterable[Address]) -> list[Draft]:
    """The notification for staff: case code, level and buttons; no name and no content."""
    drafts = []
    for address in addresses:
        person = uow.people.staff(address.staff_id) if address.staff_id else None
        voice = rules.voice(person.language if person else "de")
        text = voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code)
        if concern.round:
            text += "\n" + voice.say("Noch hat niemand übernommen.")
        keys = (
            (
                Key(voice.say("Übernehmen"), f"s:{concern.id}:take"),
                Key(voice.say("Anzeigen"), f"s:{concern.id}:show"),
            ),
            (
                Key(voice.say("Weitergeben"), f"s:{concern.id}:pass"),
                Key(voice.say("Erledigt"), f"s:{concern.id}:done"),
            ),
        )
        drafts.append(staff_draft(concern, address, Kind.STAFF_ALERT, Body(text, keys)))
    return drafts


def staff_draft(concern: Concern, address: Address, kind: Kind, body: Body, edit: str = "") -> Draft:
    """A message about a concern to one address of a staff member."""
    return Draft(
        agency_id=concern.agency_id,
        address_id=address.id,
        channel=address.channel,
        kind=kind,
        body=body,
        concern_id=concern.id,
        staff_id=address.staff_id,
        edit=edit,
    )


def tell_holder(visit: Visit, concern: Concern, text: str) -> None:
    """A short line without content to whoever has the concern, or else to its owner, about something new."""
    holder = concern.taken_by or concern.owner_id
    if holder is None:
        return
    for address in visit.uow.people.staff_addresses([holder]):
        person = visit.uow.people.staff(holder)
        voice = visit.rules.voice(person.language if person else "de")
        keys = (
            (
                Key(voice.say("Anzeigen"), f"s:{concern.id}:show"),
                Key(voice.say("Antworten"), f"s:{concern.id}:reply"),
            ),
        )
        case = voice.say("Fall {case}", case=concern.case_code)
        body = Body(f"{voice.say(text)} · {case}", keys)
        kind = Kind.STAFF_ALERT if concern.level is Level.R3 else Kind.STAFF_NOTICE
        visit.send_to(staff_draft(concern, address, kind, body))


def set_tell_timer(visit: Visit, concern: Concern, policy: Policy) -> None:
    """At this moment the person hears by itself that nobody has answered yet."""
    if policy.tell_after is None:
        return
    at = visit.rules.hours[concern.agency_id].after_working(visit.now, policy.tell_after)
    visit.uow.timers.set(concern.agency_id, TELL_KIND, concern.id, at, f"tell:{concern.id}")


def _raise_level(visit: Visit, known: Concern, level: Level, why: tuple[str, str]) -> Concern:
    policy = visit.rules.policies[level]
    raised = replace(
        known,
        level=level,
        reason=why[0],
        quote=why[1],
        policy=msgspec.json.encode(policy).decode(),
        rung=0,
        round=0,
    )
    visit.uow.concerns.log(known.id, visit.now, f"raised_to_{level.value}", "system", why[0])
    return _call(visit, raised, policy)


def _covers(known: Concern, level: Level) -> bool:
    # Something serious that comes after a human has taken over deserves a ladder of its own.
    return known.level >= level and (known.state is State.OPEN or level <= Level.R1)


def _add_reason(visit: Visit, known: Concern, reason: str) -> Concern:
    visit.uow.concerns.log(known.id, visit.now, "again", "system", reason)
    if known.state is not State.OPEN or known.level is Level.R3:
        tell_holder(visit, known, mark("Neues von der Person"))
    return known


def _next_due(rules: Rulebook, concern: Concern, policy: Policy, rung: int, now: datetime) -> datetime:
    if rung < len(policy.rungs):
        step = policy.rungs[rung]
    else:
        step = Rung(policy.again_after, (), policy.rungs[-1].working_time)
    if not step.working_time:
        return now + step.after
    return rules.hours[concern.agency_id].after_working(now, step.after)


def _reach(uow: UnitOfWork, concern: Concern, targets: Iterable[Target]) -> list[Address]:
    people: list[int] = []
    for target in targets:
        people += [person.id for person in _whom(uow, concern, target) if person.id not in people]
    return uow.people.staff_addresses(people) if people else []


def _whom(uow: UnitOfWork, concern: Concern, target: Target) -> list[Staff]:
    if target is Target.LEAD:
        return [person for person in uow.people.all_staff(concern.agency_id) if person.role is Role.LEAD]
    owner = uow.people.staff(concern.owner_id) if concern.owner_id else None
    if target is Target.OWNER or owner is None:
        return [owner] if owner else []
    deputy = uow.people.staff(owner.deputy_id) if owner.deputy_id else None
    return [deputy] if deputy else []
