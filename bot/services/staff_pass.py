# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Give a case to a colleague, from the messenger: who stands in comes first, who is away is marked."""

from __future__ import annotations

from bot.domain.concerns import Concern
from bot.domain.duty import Team
from bot.domain.messages import Body, Key
from bot.domain.people import Staff
from bot.services import duty
from bot.services.desk import Desk
from bot.services.duty_desk import colleague, hours
from bot.services.hand_over import RECEIVERS, hand_over, holder_of, is_given
from bot.services.handle_concern import why_not_theirs
from bot.texts import Voice

FOCUS = "pass"
SHOWN = 8


def offer(desk: Desk, concern: Concern, _: str, __: str) -> str:
    """Whom it can be given to. Returns what is shown over the button."""
    team = duty.team(desk.uow, desk.agency.id, desk.now, hours(desk))
    found = receivers(team, desk.staff)
    if not any(team.is_present(person.id) for person in found):
        return desk.voice.say("Es ist niemand da, an den ich weitergeben kann. Der Fall bleibt bei Ihnen.")
    holder = holder_of(concern)
    keys = [
        (Key(named(desk.voice, team, desk.staff, person), f"s:{concern.id}:to:{person.id}:{holder}"),)
        for person in found[:SHOWN]
    ]
    text = desk.voice.say("Fall {case}: An wen weitergeben?", case=concern.case_code)
    if len(found) > SHOWN:
        desk.focus(f"{FOCUS}{holder}:{concern.id}")
        text += "\n" + desk.voice.say("Sie können auch den Namen schreiben.")
    desk.tell(Body(text, tuple(keys)), concern_id=concern.id)
    return ""


def receivers(team: Team, giver: Staff) -> list[Staff]:
    """To whom `giver` can give a case: who stands in for them first, who is not there last."""
    stand_in = team.standing_in(giver.id)

    def place(person: Staff) -> tuple[bool, bool, int]:
        return person != stand_in, not team.is_present(person.id), person.id

    found = (
        person
        for person in team.members.values()
        if person.role in RECEIVERS and person.id != giver.id and team.is_in_team(person.id)
    )
    return sorted(found, key=place)


def named(voice: Voice, team: Team, giver: Staff, person: Staff) -> str:
    """A colleague's name, with a word where they stand in for `giver` or are not there."""
    if person == team.standing_in(giver.id):
        return voice.say("{name} (Vertretung)", name=person.name)
    if not team.is_present(person.id):
        return voice.say("{name} (nicht da)", name=person.name)
    return person.name


def has_changed_hands(desk: Desk, concern: Concern, before: str) -> bool:
    """Whether a colleague has it who had not when it was asked whom to give it to; then it is said.

    Another's case can be given away, but only on purpose. `before` is the number of whoever had it then.
    """
    refusal = "" if before == str(holder_of(concern)) else why_not_theirs(desk, concern)
    if refusal:
        desk.tell(refusal, concern_id=concern.id)
    return bool(refusal)


def give(desk: Desk, concern: Concern, argument: str, message: str) -> str:
    """A colleague was chosen. Returns what is shown over the button."""
    number, _, before = argument.partition(":")
    if has_changed_hands(desk, concern, before):
        return ""
    to = colleague(desk, number)
    if to is None:
        return desk.voice.say("Diese Person ist nicht mehr im Team. Es hat sich nichts geändert.")
    if is_given(desk, concern, to) or hand_over(desk, concern, to):
        text = desk.voice.say(
            "Fall {case} ist weitergegeben an {name}.", case=concern.case_code, name=to.name
        )
        desk.tell(text, concern_id=concern.id, edit=message)
    return ""
