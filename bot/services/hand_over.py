# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Give a concern to somebody else. Until they take it over it is in nobody's hand, and its ladder goes on."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.concerns import Concern, Event, State
from bot.domain.people import Role, Staff
from bot.services.desk import Desk
from bot.services.escalate import restart
from bot.services.next_words import when_over
from bot.services.whom import Roster, ways_to

#: Who may have a case. An admin has none. A partner never gets a case, only words that the person agreed to:
#: see `bot.services.share`.
RECEIVERS = frozenset({Role.COACH, Role.LEAD})
#: What the program itself notes when it calls somebody.
_CALLS = frozenset({"called", "nobody_reachable", "call_failed"})


def hand_over(desk: Desk, concern: Concern, to: Staff) -> bool:
    """Give it to a colleague, who is called at once; the ladder begins with them.

    False, with one clear line, if they cannot have it or cannot be called now: then nothing has changed. The
    person hears nothing before the receiver has taken it over.
    """
    refusal = _why_not(desk, concern, to)
    if refusal:
        desk.tell(refusal, concern_id=concern.id)
        return False
    give(desk, concern, to)
    _tell_holder(desk, concern, to)
    return True


def pass_on(desk: Desk, concern: Concern) -> bool:
    """Give it to whoever stands in for this staff member, or else to a lead; False if none is there."""
    roster = _roster(desk)
    stand_in = roster.stand_in(desk.staff.id)
    for to in [*([stand_in] if stand_in else []), *roster.leads()]:
        # Leads on leave, and admins where nobody leads, may be called in need; but nobody gives them a case.
        if not _why_not(desk, concern, to):
            give(desk, concern, to)
            _tell_holder(desk, concern, to)
            return True
    return False


def holder_of(concern: Concern) -> int:
    """Who has it in hand; 0 if nobody."""
    return 0 if concern.state is State.OPEN else concern.taken_by or 0


def is_given(desk: Desk, concern: Concern, to: Staff) -> bool:
    """Whether this staff member has given it to them, and nothing but calls has followed: a second tap."""
    for _, event, actor, note in reversed(desk.uow.concerns.history(concern.id)):
        if event not in _CALLS:
            return (event, actor, note) == (Event.HAND_OVER.value, desk.actor, str(to.id))
    return False


def _roster(desk: Desk) -> Roster:
    return Roster(desk.uow, desk.rules, desk.agency.id, desk.now)


def give(desk: Desk, concern: Concern, to: Staff) -> None:
    """It is theirs from now on, and they are called. Only for whoever is there and can be called."""
    # That a human has seen it is known by now: no line about an alert may follow.
    given = replace(
        concern.after(Event.HAND_OVER), owner_id=to.id, taken_by=None, next_step="", receipt_given=True
    )
    desk.uow.concerns.log(concern.id, desk.now, Event.HAND_OVER.value, desk.actor, str(to.id))
    if desk.staff.focus.endswith(f":{concern.id}"):
        desk.focus(when_over(desk.uow, desk.staff.id, concern.participant_id))
    _, calls = restart(desk.uow, desk.rules, given, desk.now, first=to)
    desk.drafts += calls


def _tell_holder(desk: Desk, concern: Concern, to: Staff) -> None:
    """Whoever had it in hand learns who has it now: they may be about to do their next step."""
    desk.tell_others(
        concern,
        {holder_of(concern)} - {0, to.id},
        lambda voice: voice.say(
            "Fall {case}: {by} hat ihn an {name} weitergegeben.",
            case=concern.case_code,
            by=desk.staff.name,
            name=to.name,
        ),
    )


def _why_not(desk: Desk, concern: Concern, to: Staff) -> str:
    voice = desk.voice
    if not concern.can(Event.HAND_OVER):
        return voice.say("Dieser Fall ist schon abgeschlossen.")
    if to.agency_id != desk.agency.id or to.role not in RECEIVERS:
        return voice.say("An diese Person kann ich keinen Fall geben. Es hat sich nichts geändert.")
    if to.id == desk.staff.id:
        return voice.say("Das sind Sie selbst. Drücken Sie „Übernehmen“, wenn Sie den Fall möchten.")
    if to.id == holder_of(concern):
        # Their own next step would be gone, and they would be called for what they are at.
        return voice.say("Diesen Fall hat schon {name}.", name=to.name)
    if not _roster(desk).is_present(to.id):
        return voice.say("{name} ist gerade nicht da. Es hat sich nichts geändert.", name=to.name)
    if not ways_to(desk.uow, [to.id]):
        return voice.say("{name} ist gerade nicht zu erreichen. Es hat sich nichts geändert.", name=to.name)
    return ""
