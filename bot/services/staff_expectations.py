# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What each side expects, in the staff's messenger: `/erwartungen` shows it. It is noted in the console.

Words are only shown where the channel may carry content.
"""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.expectations import Side, SideKind, Topic, TopicState
from bot.services import restrict
from bot.services.desk import Desk
from bot.services.expectation_words import (
    CONFIRMED_TO_STAFF,
    STATES,
    WHO,
    agreed_text,
    confirmed_text,
    side_lines,
)
from bot.services.staff_queue import find_person
from bot.texts import mark

SHOW = "/erwartungen K7F3M"
_WHERE = mark("Eintragen können Sie es in der Konsole unter „Erwartungen“.")


def act(desk: Desk, typed: str) -> None:
    """`/erwartungen CODE`."""
    person = find_person(desk, typed, SHOW, Action.SEE_CONTENT)
    if person is None:
        return
    voice, kept = desk.voice, desk.uow.casework.expectations
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "expectations_shown", person.case_code)
    topics = [] if restrict.is_restricted(desk.uow, person.id) else kept.of_participant(person.id)
    agreed = sum(one.state is TopicState.AGREED for one in topics)
    lines = [
        voice.say(
            "Fall {case}, Erwartungen. Offene Themen: {open}, vereinbart: {agreed}.",
            case=person.case_code,
            open=len(topics) - agreed,
            agreed=agreed,
        )
    ]
    if desk.may_show_content and topics:
        sides = kept.sides([one.id for one in topics])
        lines += [_shown(desk, one, sides.get(one.id, [])) for one in topics]
    lines.append(voice.say(_WHERE))
    desk.tell("\n\n".join(lines))


def _shown(desk: Desk, topic: Topic, sides: list[Side]) -> str:
    voice = desk.voice
    head = voice.say(
        "**{headline}** ({state})", headline=topic.headline, state=voice.say(STATES[topic.state])
    )
    lines = [head, *side_lines(voice, sides, voice.say(WHO[SideKind.PERSON]))]
    if topic.state is TopicState.AGREED and topic.agreement is not None:
        lines.append(voice.say("Vereinbart: {agreement}", agreement=agreed_text(voice, topic.agreement)))
        lines.append(confirmed_text(voice, topic.agreement, CONFIRMED_TO_STAFF))
    return "\n".join(line for line in lines if line)
