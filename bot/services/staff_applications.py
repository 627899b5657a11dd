# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications in the staff's messenger: `/antraege`, to read what is due.

A carrier may say something about the person's health: it is only named where the channel may carry that.
"""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.people import Participant
from bot.services.application_words import STATES, TURNS, next_text, state_text, title
from bot.services.applications_view import Due, due_list
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.services.staff_queue import find_person
from bot.texts import mark

SHOWN = 20
LIST = "/antraege"
SHOW = "/antraege K7F3M"
_NO_CONTENT = mark("Worum es geht, zeigt die Konsole.")


def act(desk: Desk, typed: str) -> None:
    """`/antraege [CODE]`."""
    if not typed:
        _list(desk)
        return
    person = find_person(desk, typed, SHOW, Action.CHANGE_PLAN)
    if person is not None:
        _show(desk, person)


def _list(desk: Desk) -> None:
    found = due_list(desk.uow, desk.rules, desk.staff, desk.now)
    if not found:
        desk.tell(
            desk.voice.say("Bei Ihren Leuten ist kein Antrag offen. Neue tragen Sie in der Konsole ein.")
        )
        return
    lines = [_line(desk, one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(desk.voice.say("Und {count} weitere.", count=len(found) - SHOWN))
    desk.tell("\n".join(lines))


def _line(desk: Desk, one: Due) -> str:
    say, due = desk.voice.say, one.application.due_on
    return say(
        "Fall {case}, Antrag {number}: {state}. Bis: {day}. Am Zug: {who}.",
        case=one.person.case_code,
        number=one.application.id,
        state=say(STATES[one.application.state]),
        day=say("offen") if due is None else day_of(desk.voice, due),
        who=say(TURNS[one.application.turn]),
    )


def _show(desk: Desk, person: Participant) -> None:
    found = [one for one in desk.uow.casework.applications.of_participant(person.id) if one.is_open]
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "applications_shown", person.case_code)
    if not found:
        desk.tell(desk.voice.say("Fall {case}: Es ist kein Antrag offen.", case=person.case_code))
        return
    if not (desk.may_show_content and desk.guard.person(person, Action.SEE_CONTENT).is_allowed):
        lines = [_line(desk, Due(one, person)) for one in found]
        desk.tell("\n".join((*lines, desk.voice.say(_NO_CONTENT))))
        return
    voice = desk.voice
    desk.tell(
        "\n\n".join(
            voice.say(
                "Fall {case}, Antrag {number}: {title}\nStand: {state}\nAls Nächstes: {next}",
                case=person.case_code,
                number=one.id,
                title=title(voice, one),
                state=state_text(voice, one),
                next=next_text(voice, one),
            )
            for one in found
        )
    )
