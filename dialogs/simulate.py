# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Playing a dialog by hand: what the person does goes in as a line, and what comes of it comes out as lines.

A line is one entry of a transcript, `{who: text}`. The person's side: `person` (typed), `presses` (the
newest button with that label), `presses first` (the oldest one), `presses twice` (the press before, once
more), `sends` (a sticker ...), `waits` (so long, for example "1 day", or until the time for an answer is
over), `asked again`. What comes of it: `lotse` or `crisis` (a message), `picture` (what the picture above
that message shows), `buttons`, `noted` (everything else).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dialogs.book import DialogBook
from dialogs.effects import (
    Effect,
    End,
    HandToHuman,
    NotOffered,
    Pause,
    RaiseConcern,
    RecordConsent,
    Send,
    SetFact,
    SetTimeout,
    StoreAnswer,
    StoreScore,
)
from dialogs.engine import Facts, Step, advance, begin
from dialogs.fields import read_duration
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.instruments import NotComputable, Score

PERSON = ("person", "presses", "presses first", "presses twice", "sends", "waits", "asked again")
TIME_IS_OVER = "the time is over"
#: So many waiting times end at most in one `waits`; a dialog that asks every second would go on for years.
MOST_TIMEOUTS = 100

Line = dict[str, str]


class UnplayableLineError(ValueError):
    """A line that cannot be played: nobody could press that button, or it is no length of time."""


def _score(effect: StoreScore) -> str:
    score = effect.score
    if isinstance(score, Score):
        return f"score {score.rule} = {score.value}"
    return f"score {score.rule}: not computable ({' '.join([score.reason, ', '.join(score.items)]).strip()})"


def _consent(effect: RecordConsent) -> str:
    whom = f" ({effect.object})" if effect.object else ""
    return f"consent {effect.purpose}{whom}: {'yes' if effect.granted else 'no'}"


_NOTED: dict[type[Effect], Callable[[Any], str]] = {
    StoreAnswer: lambda e: f"answer {e.key} = {'(none)' if e.value is None else e.value} ({e.data_class})",
    StoreScore: _score,
    NotOffered: lambda e: f"{e.instrument} is not asked: {', '.join(e.reasons)}",
    RaiseConcern: lambda e: f"concern {e.level} {e.reason}" + (f' "{e.quote}"' if e.quote else ""),
    RecordConsent: _consent,
    SetTimeout: lambda e: f"waits {e.seconds // 60} minutes",
    HandToHuman: lambda e: f"a person takes over: {e.reason}",
    Pause: lambda e: f"pause until {e.until}" if e.until else f"pause {e.days} days",
    SetFact: lambda e: f"remembers {e.name} = {e.value}",
    End: lambda e: f"end {e.outcome}" + (", partial" if e.partial else ""),
}


_INPUTS: dict[str, Callable[[str], Input]] = {
    "person": Typed,
    "sends": Attached,
    "asked again": lambda _: Repeat(),
}


def lines_of(step: Step) -> list[Line]:
    """Effects as a reader sees them, in their order."""
    found: list[Line] = []
    for effect in step.effects:
        if isinstance(effect, SetTimeout) and step.session.is_asleep and effect.turn == step.session.turn:
            found.append({"noted": f"sleeps {effect.seconds // 60} minutes"})
            continue
        if not isinstance(effect, Send):
            found.append({"noted": _NOTED[type(effect)](effect)})
            continue
        found.append({"crisis" if effect.crisis else "lotse": effect.text})
        if effect.picture:
            found.append({"picture": effect.alt})
        if effect.buttons:
            rows = ["".join(f"[{button.label}]" for button in row) for row in effect.buttons]
            found.append({"buttons": " ".join(rows)})
    return found


class Play:
    """One conversation that is being played, with a clock of its own.

    `lines` holds all of it so far, `now` is the clock; what is scored on the way belongs to the person's
    history from then on. Raises `UnknownDialogError` for a dialog that is not in the book.
    """

    def __init__(self, book: DialogBook, dialog: str, facts: Facts, now: datetime) -> None:
        self.now = now
        self.lines: list[Line] = []
        self._history: dict[str, list[Score | NotComputable]] = {
            rule: list(scores) for rule, scores in facts.history.items()
        }
        self._book, self._facts = book, msgspec.structs.replace(facts, history=self._history)
        self._screen: list[Send] = []
        self._before: Input | None = None
        self._due: tuple[datetime, int] | None = None
        self._step = begin(book, dialog, self._facts, now)
        self._notice(self._step)

    @property
    def is_over(self) -> bool:
        """True once the dialog has ended."""
        return self._step.session.is_over

    @property
    def buttons(self) -> list[str]:
        """Labels under the newest message that has some."""
        rows = next((send.buttons for send in reversed(self._screen) if send.buttons), ())
        return [button.label for row in rows for button in row]

    def take(self, line: Line) -> list[Line]:
        """Play one line of the person's side, and give what came of it.

        Raises `UnplayableLineError`, and then nothing has happened.
        """
        begun = len(self.lines)
        event = self._event(line)
        seconds = self._seconds(line["waits"]) if "waits" in line else 0
        self.lines.append(line)
        if event is None:
            self._wait(self.now + timedelta(seconds=seconds))
        else:
            self._before = event
            self._advance(event)
        return self.lines[begun + 1 :]

    def _event(self, line: Line) -> Input | None:
        """The engine's input; None for a time that simply goes by."""
        who, text = next(iter(line.items()))
        if who in _INPUTS:
            return _INPUTS[who](text)
        if who in ("presses", "presses first"):
            return self._button(text, -1 if who == "presses" else 0)
        if who == "waits":
            return self._end_of_time() if text == TIME_IS_OVER else None
        if who != "presses twice" or self._before is None:
            raise UnplayableLineError(f"'{who}' is nothing that can be done here")
        return self._before

    def _button(self, label: str, which: int) -> Pressed:
        found = [
            Pressed(send.turn, button.value)
            for send in self._screen
            if send.turn is not None
            for row in send.buttons
            for button in row
            if button.label == label
        ]
        if not found:
            raise UnplayableLineError(f"there was no button '{label}'")
        return found[which]

    def _seconds(self, text: str) -> int:
        seconds = read_duration(text)
        if not seconds and text != TIME_IS_OVER:
            raise UnplayableLineError(f"'{text}' is no length of time; write for example 2 hours")
        return seconds

    def _end_of_time(self) -> TimedOut:
        turn = self._step.session.turn
        if self._due is not None and self._due[1] == turn:
            self.now = max(self.now, self._due[0])
        return TimedOut(turn)

    def _wait(self, until: datetime) -> None:
        """Let time go by; every waiting time that ends on the way takes effect at its own moment."""
        for _ in range(MOST_TIMEOUTS):
            due, turn = self._due or (until, -1)
            if self.is_over or turn != self._step.session.turn or due > until:
                break
            self.now = due
            self._due = None
            self._advance(TimedOut(turn))
        self.now = until

    def _advance(self, event: Input) -> None:
        self._step = advance(self._book, self._step.session, event, self.now, self._facts)
        self._notice(self._step)

    def _remember(self, effect: SetFact) -> None:
        values = {**self._facts.values, effect.name: effect.value}
        language = str(effect.value) if effect.name == "language" else self._facts.language
        self._facts = msgspec.structs.replace(self._facts, language=language, values=values)

    def _notice(self, step: Step) -> None:
        for effect in step.effects:
            if isinstance(effect, Send):
                self._screen.append(effect)
            elif isinstance(effect, SetTimeout):
                self._due = (self.now + timedelta(seconds=effect.seconds), effect.turn)
            elif isinstance(effect, StoreScore):
                known = self._history.setdefault(effect.score.rule, [])
                known[len(known) - effect.again :] = [effect.score]
            elif isinstance(effect, SetFact):
                self._remember(effect)
        self.lines += lines_of(step)
