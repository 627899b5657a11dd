# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What each side expects, in words. No side has a label that says whether it is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.expectations import Agreement, Said, Side, SideKind, Topic, TopicState
from bot.services.help_plan_facts import day_of
from bot.texts import Voice, mark

#: Who it is, to staff; a place or firm that has a name is called by it.
WHO: Mapping[SideKind, str] = {
    SideKind.PERSON: mark("Die Person"),
    SideKind.AGENCY: mark("Jobcenter"),
    SideKind.PARTNER: mark("Andere Stelle"),
    SideKind.EMPLOYER: mark("Betrieb"),
}
_YOU = mark("Sie")
STATES: Mapping[TopicState, str] = {TopicState.OPEN: mark("offen"), TopicState.AGREED: mark("vereinbart")}


def whose(voice: Voice, kind: SideKind, said: Said) -> str:
    """Whose side it is, to staff."""
    return said.name or voice.say(WHO[kind])


#: That the person has said that it is noted as it was: to staff, to the person, and on paper in their words.
CONFIRMED_TO_STAFF = mark("Die Person sagt dazu: „Stimmt so“ ({day}).")
_CONFIRMED_TO_PERSON = mark("Sie haben dazu gesagt: „Stimmt so“ ({day}).")
CONFIRMED_ON_PAPER = mark("Ich sage dazu: „Stimmt so“ ({day}).")


def confirmed_text(voice: Voice, held: Agreement | None, text: str) -> str:
    """That the person agrees with what is noted, as `text` says it; "" where nothing is known of it."""
    on = held.confirmed_on if held is not None else None
    return voice.say(text, day=day_of(voice, on)) if on is not None else ""


def agreed_text(voice: Voice, held: Agreement) -> str:
    """What was agreed, when and with whom."""
    return voice.say(
        "{words} (am {day} mit {who})", words=held.words, day=day_of(voice, held.day), who=held.with_whom
    )


def to_person(voice: Voice, topic: Topic, sides: Iterable[Side]) -> str:
    """One topic as the person reads it, with its number."""
    head = voice.say("**{number}. {headline}**", number=topic.id, headline=topic.headline)
    lines = [head, *side_lines(voice, sides, voice.say(_YOU))]
    held = topic.agreement
    if held is None:
        lines.append(voice.say("Das ist noch offen."))
    elif topic.state is TopicState.AGREED:
        lines.append(voice.say("Vereinbart: {agreement}", agreement=agreed_text(voice, held)))
        lines.append(confirmed_text(voice, held, _CONFIRMED_TO_PERSON))
    else:
        lines.append(
            voice.say("Wieder offen. Vorher vereinbart: {agreement}", agreement=agreed_text(voice, held))
        )
    return "\n".join(line for line in lines if line)


def side_lines(voice: Voice, sides: Iterable[Side], person: str) -> list[str]:
    """One line for each side; `person` is what the person is called there."""
    return [
        voice.say(
            "{who}, {day}: {words}",
            who=person if one.kind is SideKind.PERSON else whose(voice, one.kind, one.said),
            day=day_of(voice, one.said.day),
            words=one.said.words,
        )
        for one in sides
    ]
