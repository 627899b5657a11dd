# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures, voice messages and the like: the program cannot look at them, so a human has to."""

from __future__ import annotations

from bot.domain.concerns import Level
from bot.domain.messages import Incoming, Kind
from bot.services import crisis, floor, relay_words
from bot.services.escalate import raise_concern
from bot.services.visit import Visit
from bot.services.whom import somebody_reads
from bot.texts import Voice, mark
from dialogs.inputs import Attached


def take(visit: Visit, incoming: Incoming) -> None:
    """Something came that has no words but perhaps a label: somebody looks, and the person knows."""
    # In every state: nobody but a human can tell whether a voice message is a cry for help.
    reader = _call(visit, incoming)
    talks = visit.participant.talks_with_human(visit.now)
    if talks and relay_words.hear(visit, incoming.text, incoming.attachment):
        say_not_shown(visit, incoming.text)
    elif visit.conversation is not None and not talks:
        floor.go_on(visit, Attached(incoming.attachment), line=_told(visit, reader))
    else:
        text = visit.voice.say(
            "Das kann ich nicht lesen: Ich bin ein Programm. Ich gebe {coach} Bescheid. "
            "Schreiben Sie mir gern in Worten.",
            coach=reader,
        )
        visit.tell(Kind.REPLY, text)


def take_from_stranger(visit: Visit, incoming: Incoming) -> None:
    """The same from somebody without an invitation, whom a human can answer from now on."""
    _call(visit, incoming)
    text = crisis.in_words(visit.rules, visit.participant.language, lambda to: _to_stranger(visit, to))
    visit.tell(Kind.REPLY, f"{text}\n\n{crisis.short_help(visit)}")


def note(visit: Visit, incoming: Incoming) -> str:
    """A picture under which an answer stands is looked at like one alone. Returns the line that says so."""
    return _told(visit, _call(visit, incoming))


def say_not_shown(visit: Visit, words: str) -> None:
    """The person learns what of this no human gets to see."""
    if words:
        text = visit.voice.say(
            "Ihre Worte gebe ich weiter. Was Sie dazu geschickt haben, kann ich nicht weitergeben: "
            "Ich bin ein Programm. Schreiben Sie gern in Worten, worum es geht."
        )
    else:
        text = visit.voice.say(
            "Das kann ich nicht weitergeben: Ich bin ein Programm. Zu sehen ist nur, dass Sie etwas "
            "geschickt haben. Schreiben Sie bitte in Worten, worum es geht."
        )
    visit.tell(Kind.REPLY, text)


def _call(visit: Visit, incoming: Incoming) -> str:
    """Call a human to look. Returns who that is."""
    reason = f"attachment_{incoming.attachment}"
    concern = raise_concern(visit, Level.R1, "message", reason, incoming.text)
    reads_at = visit.rules.next_reading(visit.agency.id, visit.now)
    return crisis.reader(visit, concern, reads_at, visit.voice, mark("Ihrem Team"))


def _told(visit: Visit, reader: str) -> str:
    return visit.voice.say("Ich gebe {coach} Bescheid, dass etwas von Ihnen da ist.", coach=reader)


def _to_stranger(visit: Visit, to: Voice) -> str:
    text = to.say(
        "Guten Tag. Ich bin ein Programm und kenne Sie noch nicht. Was Sie geschickt haben, kann ich nicht "
        "ansehen und nicht anhören. Ich gebe unserem Team Bescheid, dass etwas von Ihnen da ist. "
        "Schreiben Sie mir bitte in Worten, worum es geht."
    )
    if somebody_reads(visit.uow, visit.rules, visit.agency.id, visit.now):
        return text
    at = visit.rules.next_reading(visit.agency.id, visit.now)
    when = to.say(
        "Gerade liest hier niemand mit. Gelesen wird wieder am {day} ab {time}. Hilfe sofort: /hilfe",
        day=to.day(at, visit.agency.zone),
        time=to.clock(at, visit.agency.zone),
    )
    return f"{text}\n{when}"
