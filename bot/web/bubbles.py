# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lines of a timeline as bubbles: who speaks, when, and what of it is shown to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.delivery import SendState
from bot.domain.messages import Direction, IncomingKind, Kind, Line
from bot.services.relay import read_told
from bot.texts import Voice, mark

#: What came in without being anything that was said.
_SILENT = frozenset({IncomingKind.START, IncomingKind.BLOCKED, IncomingKind.UNBLOCKED})
_NOT_SENT = frozenset({SendState.CANCELLED})
#: How far a message to a person has come, for staff. That program texts have gone out is not worth a word.
_SENT_WORDS = {
    SendState.QUEUED: mark("wird gesendet"),
    SendState.SENDING: mark("wird gesendet"),
    SendState.SENT: mark("gesendet"),
    SendState.FAILED: mark("Nicht zugestellt"),
}
ATTACHMENT = mark("Eine Datei oder Sprachnachricht")


class Speaker(StrEnum):
    """Whose words they are."""

    PERSON = "person"
    PROGRAM = "program"
    HUMAN = "human"  # a coach, in their own words
    HELP = "help"  # the crisis text


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line as it is shown. `day` is set where a new day begins, `state` where something went wrong.

    `picture` is a file's name, `alt` says what is to be seen there.

    `follows` says that the same person goes on in the same minute: who and when need not be shown again.
    """

    id: str
    speaker: Speaker
    name: str
    text: str
    clock: str
    iso: str
    day: str = ""
    state: str = ""
    link: str = ""
    link_label: str = ""
    picture: str = ""
    alt: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """For whom the bubbles are made. `person` names the participant, as the reader knows them.

    `own_pages` is the beginning of one-time links to our own pages. They are shown to nobody here: the
    participant is already there, and staff must not use them.
    """

    voice: Voice
    zone: str
    person: str
    own_pages: str
    for_staff: bool = False

    def tell(self, lines: Iterable[Line]) -> list[Bubble]:
        """The bubbles, in the order of the lines."""
        bubbles: list[Bubble] = []
        today = ""
        for line in lines:
            if not _is_shown(line):
                continue
            day = self.voice.day(line.at, self.zone)
            bubble = self._bubble(line, "" if day == today else day)
            bubbles.append(replace(bubble, follows=bool(bubbles) and _goes_on(bubbles[-1], bubble)))
            today = day
        return bubbles

    def _bubble(self, line: Line, day: str) -> Bubble:
        speaker, name, text = self._who(line)
        link = (
            "" if self.for_staff or (self.own_pages and line.link.startswith(self.own_pages)) else line.link
        )
        return Bubble(
            id=f"{line.direction.value}-{line.id}",
            speaker=speaker,
            name=name,
            text=text,
            clock=self.voice.clock(line.at, self.zone),
            iso=line.at.isoformat(timespec="minutes"),
            day=day,
            state=self._state(line),
            link=link if link.startswith(("https://", "http://")) else "",
            link_label=line.link_label,
            picture=line.picture,
            alt=line.alt,
        )

    def _who(self, line: Line) -> tuple[Speaker, str, str]:
        if line.direction is Direction.IN:
            is_file = line.kind == IncomingKind.ATTACHMENT
            return Speaker.PERSON, self.person, self.voice.say(ATTACHMENT) if is_file else line.text
        if line.kind == Kind.RELAY:
            return Speaker.HUMAN, *read_told(line.text)
        speaker = Speaker.HELP if line.kind == Kind.CRISIS else Speaker.PROGRAM
        return speaker, "Lotse", line.text

    def _state(self, line: Line) -> str:
        if not self.for_staff or line.state not in set(_SENT_WORDS):
            return ""
        if line.state == SendState.SENT and line.kind != Kind.RELAY:
            return ""
        return self.voice.say(_SENT_WORDS[SendState(line.state)])


def _is_shown(line: Line) -> bool:
    if line.direction is Direction.IN:
        return line.kind not in _SILENT and bool(line.text)
    return line.state not in _NOT_SENT and bool(line.text or line.picture)


def _goes_on(before: Bubble, bubble: Bubble) -> bool:
    same = (before.speaker, before.name, before.clock) == (bubble.speaker, bubble.name, bubble.clock)
    return same and not bubble.day and not bubble.state
