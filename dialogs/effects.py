# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the engine wants to happen. It does nothing itself; the services carry these out in one commit."""

from __future__ import annotations

import msgspec

from dialogs.instruments.scoring import NotComputable, Score
from dialogs.scales import DataClass, Level

Value = str | int | float | bool


class Button(msgspec.Struct, frozen=True):
    """A key under a question. `value` is what comes back in `Pressed`; at most 32 ASCII characters."""

    label: str
    value: str


class Send(msgspec.Struct, frozen=True, tag="send"):
    """Say `text`. With a `turn` it is the open question, and `buttons` (rows) answer it.

    Whatever a button can answer, typing can answer too. `picture` is a file's name, `alt` what it shows in
    the person's language.
    """

    text: str
    data_class: DataClass = DataClass.NEUTRAL
    buttons: tuple[tuple[Button, ...], ...] = ()
    turn: int | None = None
    crisis: bool = False
    picture: str = ""
    alt: str = ""


class StoreAnswer(msgspec.Struct, frozen=True, tag="store_answer"):
    """Keep the answer to a step. `value` is None where the person chose to skip it."""

    dialog: str
    step: str
    key: str
    value: Value | None
    data_class: DataClass


class RaiseConcern(msgspec.Struct, frozen=True, tag="raise_concern"):
    """A human should look. `reason` is a short machine name; `quote` what the person wrote or chose."""

    level: Level
    reason: str
    dialog: str
    step: str
    quote: str = ""


class StoreScore(msgspec.Struct, frozen=True, tag="store_score"):
    """Keep what a named, versioned rule made of the answers: a value, or why there is none (promise P6).

    `again`: in the place of the last one of this conversation, because an answer was changed.
    """

    score: Score | NotComputable
    again: bool = False


class NotOffered(msgspec.Struct, frozen=True, tag="not_offered"):
    """A questionnaire was left out: it is switched off, or this is no moment to ask it."""

    instrument: str
    step: str
    reasons: tuple[str, ...]


class SetTimeout(msgspec.Struct, frozen=True, tag="set_timeout"):
    """Come back with `TimedOut(turn)` after so many seconds, unless the turn has passed by then."""

    turn: int
    seconds: int


class RecordConsent(msgspec.Struct, frozen=True, tag="record_consent"):
    """The person agreed to (or withdrew, or did not give) consent for `purpose`, shown exactly as `text`.

    `meaning` and `object` are those of the question; `valid` is for how many seconds it is given, 0 for good.
    """

    purpose: str
    granted: bool
    text: str
    version: str
    meaning: int = 1
    object: str = ""
    valid: int = 0


class HandToHuman(msgspec.Struct, frozen=True, tag="hand_to_human"):
    """From here on a person talks; the bot keeps quiet until the coach gives the conversation back."""

    reason: str


class Pause(msgspec.Struct, frozen=True, tag="pause"):
    """No contact from our side for so many days; 0 ends a pause. `until`: or to the beginning of that day."""

    days: int
    until: str = ""


class SetFact(msgspec.Struct, frozen=True, tag="set_fact"):
    """Remember something about the person beyond this conversation, for example the language."""

    name: str
    value: Value


class End(msgspec.Struct, frozen=True, tag="end"):
    """The conversation is over: completed, declined, expired, postponed or broken.

    `partial` says that there are answers, but that the dialog did not come to an end of its own.
    """

    outcome: str
    partial: bool = False


Effect = (
    Send
    | StoreAnswer
    | StoreScore
    | NotOffered
    | RaiseConcern
    | SetTimeout
    | RecordConsent
    | HandToHuman
    | Pause
    | SetFact
    | End
)
