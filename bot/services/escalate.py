# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Raise a concern and let it climb its ladder until a human has it (promise P1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.concerns import Concern, Event, Level, State
from bot.domain.delivery import CALL
from bot.domain.escalation import Policy
from bot.domain.messages import Body, Draft, Key, Kind
from bot.domain.people import Address, Participant, Staff
from bot.ports import UnitOfWork
from bot.services.ladder import Ladder, is_attended, policy_of, snapshot
from bot.services.page_lock import FROM_SHUT_PAGE
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.services.whom import Roster, ways_to
from bot.texts import mark

TIMER_KIND = "concern"
TELL_KIND = "concern_unanswered"
#: By which rules: each with its place in the words and its level, before and after what stands around.
RECOGNISED = "recognised"
#: Sources that begin so belong to one conversation, whose answers make one concern.
ONE_CONVERSATION = "answer:"
#: What whoever has a concern hears when it comes up again: most comes from the person.
_FROM_THEM = mark("Neues von der Person")
_NEWS = {"delivery": mark("Bei der Person kommt gerade nichts an")}
_IN_A_HAND = frozenset({Event.TAKE_OVER.value, Event.REOPEN.value})


def timer_key(concern_id: int) -> str:
    """The one timer that moves a concern on."""
    return f"concern:{concern_id}"


def raise_concern(visit: Visit, level: Level, source: str, reason: str, quote: str = "") -> Concern:
    """A human should look: keep a concern, call the first rung, and set the time for the next.

    Reasons that come up again while the same concern is still open and at least as urgent are added to
    its history, and whoever has it is told; nobody has to take over the same thing twice. A more urgent
    answer in the same conversation raises the concern that is already there.
    """
    visit.has_raised = True
    for known in visit.uow.concerns.of_participant(visit.participant.id):
        if known.source == source and _covers(known, level):
            return _add_reason(visit, known, reason)
        if known.source == source and known.state is State.OPEN and source.startswith(ONE_CONVERSATION):
            return _raise_level(visit, known, level, (reason, quote))
    why = source, reason, quote
    concern = new_concern(visit.uow, visit.rules, visit.participant, level, why, visit.now)
    visit.uow.concerns.log(concern.id, visit.now, "raised", "system", reason)
    _log_evidence(visit, concern)
    note_origin(visit, concern)
    return _call(visit, concern, policy_of(concern))


def _log_evidence(visit: Visit, concern: Concern) -> None:
    """Which rules have read the words so, and what was known besides: for whoever asks why it was raised."""
    if concern.source != "message":
        return
    if visit.evidence:
        visit.uow.concerns.log(concern.id, visit.now, RECOGNISED, "system", visit.evidence)
    if visit.context:
        visit.uow.concerns.log(concern.id, visit.now, visit.context, "system")


def note_origin(visit: Visit, concern: Concern) -> None:
    """Tell whoever reads the history where words come from that somebody else may have typed."""
    if visit.is_from_shut_page:
        visit.uow.concerns.log(concern.id, visit.now, FROM_SHUT_PAGE, "system")


def new_concern(
    uow: UnitOfWork,
    rules: Rulebook,
    person: Participant,
    level: Level,
    why: tuple[str, str, str],
    now: datetime,
) -> Concern:
    """Keep a new concern: `why` is (source, reason, quote). Nobody is called for it yet."""
    source, reason, quote = why
    concern = Concern(
        id=0,
        agency_id=person.agency_id,
        participant_id=person.id,
        level=level,
        source=source,
        reason=reason,
        state=State.OPEN,
        raised_at=now,
        owner_id=person.coach_id,
        next_action_at=now,
        policy=snapshot(rules.policies_of(uow, person.agency_id, person.programme)[level]),
        quote=quote,
        case_code=person.case_code,
        language=person.language,
    )
    return replace(concern, id=uow.concerns.add(concern))


def _call(visit: Visit, concern: Concern, policy: Policy) -> Concern:
    if policy.tell_after is not None:
        set_tell_timer(visit.uow, visit.rules, concern, visit.now, visit.now)
    concern, drafts = climb(visit.uow, visit.rules, concern, visit.now)
    for draft in drafts:
        visit.send_to(draft)
    return concern


def climb(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime, first: Staff | None = None
) -> tuple[Concern, list[Draft]]:
    """Call the next rung that reaches anybody, and set the moment for the one after it.

    `first` is called with it, whoever else is. After the last rung the ladder begins again and the lead is
    told. If nobody who is there can be called, the concern is marked uncovered and the ladder tries again:
    somebody may be linked, or back, by then.
    """
    at = Ladder(uow, rules, concern, now).climb(first)
    concern = replace(
        concern, rung=at.rung, round=at.round, uncovered=not at.is_covered, next_action_at=at.due
    )
    uow.concerns.save(concern)
    event = "called" if at.is_covered else "nobody_reachable"
    uow.concerns.log(concern.id, now, event, "system", str(at.rung))
    uow.timers.set(concern.agency_id, TIMER_KIND, concern.id, at.due, timer_key(concern.id))
    return concern, alerts(uow, rules, concern, at.reached)


def restart(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime, first: Staff | None = None
) -> tuple[Concern, list[Draft]]:
    """Begin the ladder of an open concern from its first rung; see `climb`."""
    return climb(uow, rules, replace(concern, rung=0, round=0), now, first)


def take_back(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime
) -> tuple[Concern, list[Draft]]:
    """What somebody has not brought to an end in time is open again, and called for.

    The ladder begins with whoever took it over: they know the case. If they are away, with who stands in.
    What was climbed in vain before that is over: leads do not hear that nobody has taken it.
    """
    uow.concerns.log(concern.id, now, Event.DUE.value, "system")
    back = replace(
        concern.after(Event.DUE),
        owner_id=concern.taken_by or concern.owner_id,
        taken_by=None,
        rung=0,
        round=0,
    )
    return climb(uow, rules, back, now)


def alerts(uow: UnitOfWork, rules: Rulebook, concern: Concern, addresses: Iterable[Address]) -> list[Draft]:
    """The notification for staff: case code, level and buttons; no name and no content."""
    drafts = []
    is_late = bool(concern.round) or concern.rung > 1
    # Of what was in a hand and has come back, the line would not be true.
    is_untouched = is_late and not any(
        event in _IN_A_HAND for _, event, *_ in uow.concerns.history(concern.id)
    )
    for address in addresses:
        person = uow.people.staff(address.staff_id) if address.staff_id else None
        voice = rules.voice(person.language if person else "de")
        text = voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code)
        if is_untouched:
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
        call = staff_draft(concern, address, Kind.STAFF_ALERT, Body(text, keys))
        drafts.append(replace(call, subject=CALL))
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


def taken_line(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, address: Address, by: Staff, message: str = ""
) -> Draft:
    """Who has the concern now, for a colleague at this address; in place of the alert `message`, if given."""
    person = uow.people.staff(address.staff_id) if address.staff_id else None
    voice = rules.voice(person.language if person else "de")
    text = voice.say("Fall {case}: übernommen von {name}.", case=concern.case_code, name=by.name)
    return staff_draft(concern, address, Kind.STAFF_NOTICE, Body(text), edit=message)


def tell_holder(visit: Visit, concern: Concern, text: str) -> bool:
    """A short line without content to whoever has the concern, or else to its owner, about something new.

    For somebody who is not there whoever stands in hears it too. False if nobody hears it who is not away.
    """
    holder = concern.taken_by or concern.owner_id
    if holder is None:
        return False
    roster = Roster(visit.uow, visit.rules, concern.agency_id, visit.now)
    stand_in = None if roster.is_present(holder) else roster.stand_in(holder)
    told = ways_to(visit.uow, {holder, stand_in.id} if stand_in else {holder})
    for address in told:
        person = visit.uow.people.staff(address.staff_id or 0)
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
    return any(not roster.is_away(address.staff_id or 0) for address in told)


def set_tell_timer(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, since: datetime, now: datetime
) -> None:
    """The person hears by itself that nobody has answered by the moment promised at `since`."""
    at = max(promised_at(uow, rules, concern, since), now)
    uow.timers.set(concern.agency_id, TELL_KIND, concern.id, at, f"tell:{concern.id}")


def raised_since(uow: UnitOfWork, concern: Concern) -> datetime:
    """Since when it has its level by what the person said."""
    told = uow.concerns.history(concern.id)
    return max((at for at, event, *_ in told if event.startswith("raised")), default=concern.raised_at)


def promised_at(uow: UnitOfWork, rules: Rulebook, concern: Concern, since: datetime) -> datetime:
    """By when a human should have answered what was raised at `since`.

    In working time; on the wall where somebody is called and there while all others are at home, be it only
    by then.
    """
    policy = policy_of(concern)
    within = policy.tell_after or policy.again_after
    agency = concern.agency_id
    for at in (since, since + within):
        if not rules.is_read_now(agency, at) and is_attended(uow, rules, concern, at):
            return since + within
    return rules.hours[agency].after_working(since, within)


def _raise_level(visit: Visit, known: Concern, level: Level, why: tuple[str, str]) -> Concern:
    person = visit.participant
    policy = visit.rules.policies_of(visit.uow, person.agency_id, person.programme)[level]
    raised = replace(
        known, level=level, reason=why[0], quote=why[1], policy=snapshot(policy), rung=0, round=0
    )
    visit.uow.concerns.log(known.id, visit.now, f"raised_to_{level.value}", "system", why[0])
    return _call(visit, raised, policy)


def _covers(known: Concern, level: Level) -> bool:
    # Something serious that comes after a human has taken over deserves a ladder of its own.
    return known.level >= level and (known.state is State.OPEN or level <= Level.R1)


def _add_reason(visit: Visit, known: Concern, reason: str) -> Concern:
    visit.uow.concerns.log(known.id, visit.now, "again", "system", reason)
    _log_evidence(visit, known)
    note_origin(visit, known)
    if known.state is State.OPEN and known.level is not Level.R3:
        return known
    if tell_holder(visit, known, _NEWS.get(known.source, _FROM_THEM)) or known.state is State.OPEN:
        return known
    # Whoever has it is away, and nobody stands in: it does not rest with them until the next step is due.
    called, calls = take_back(visit.uow, visit.rules, known, visit.now)
    for call in calls:
        visit.send_to(call)
    return called
