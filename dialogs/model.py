# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a dialog is: steps, texts in several languages, and the two scales that everything is judged by."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dialogs.conditions import Condition, Value

Texts = dict[str, str]
"""Language tag to text, for example {"de": "Guten Tag", "en": "Hello"}; {name} stands for a value."""


class DataClass(StrEnum):
    """How sensitive a text or an answer is; a channel may carry everything up to its own class."""

    NEUTRAL = "neutral"
    APPOINTMENT = "appointment"
    HEALTH = "health"

    @property
    def rank(self) -> int:
        """0 for neutral up to 2 for health."""
        return _CLASS_RANK[self]

    def allows(self, other: DataClass) -> bool:
        """True if a channel of this class may carry content of class `other`."""
        return other.rank <= self.rank


_CLASS_RANK = {DataClass.NEUTRAL: 0, DataClass.APPOINTMENT: 1, DataClass.HEALTH: 2}


class Level(StrEnum):
    """How urgent a concern is: R0 none, R1 strain or wish for contact, R2 same day, R3 danger now."""

    R0 = "R0"
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"

    @property
    def rank(self) -> int:
        """0 for R0 up to 3 for R3."""
        return int(self.value[1])


class ConcernRule(msgspec.Struct, frozen=True):
    """When an answer is a concern. Without `when` every answer is; in `when`, `value` is the answer."""

    level: Level
    reason: str
    when: Condition | None = None


class Timeout(msgspec.Struct, frozen=True):
    """No answer for so many seconds: ask again up to `repeat` times, then go to `next`, or expire."""

    seconds: int
    repeat: int = 0
    next: str = ""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One possible answer. `words` are further ways to type it; without a label it is Lotse's Yes or No.

    `acute` changes nothing in the conversation: it tells the checker that this answer must raise a concern.
    """

    key: str
    label: Texts = {}
    words: tuple[str, ...] = ()
    concern: ConcernRule | None = None
    next: str = ""
    acute: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What every step has. An empty `next` means the step that follows in the file."""

    id: str
    data: DataClass = DataClass.NEUTRAL
    next: str = ""


class Say(Step, frozen=True, kw_only=True, tag="say"):
    """A message that wants no answer. `crisis` texts go out on every channel, before all others."""

    text: Texts
    crisis: bool = False


class Question(Step, frozen=True, kw_only=True):
    """What every question has. `key` names the answer; `remember` keeps it as a fact beyond the dialog."""

    text: Texts
    key: str
    optional: bool = False
    timeout: Timeout | None = None
    concerns: tuple[ConcernRule, ...] = ()
    remember: str = ""


class Choose(Question, frozen=True, kw_only=True, tag="choose"):
    """One of several options; the answer is the option's key."""

    options: tuple[Option, ...]


class Scale(Question, frozen=True, kw_only=True, tag="scale"):
    """A whole number from `low` to `high`, at most 21 of them, with words for both ends.

    `acute` says for which answers (`value`) the checker wants a concern.
    """

    low: int = 0
    high: int = 10
    low_label: Texts = {}
    high_label: Texts = {}
    acute: Condition | None = None


class Number(Question, frozen=True, kw_only=True, tag="number"):
    """A number that is typed, whole unless `decimals`."""

    low: float = -1e9
    high: float = 1e9
    decimals: bool = False


class Text(Question, frozen=True, kw_only=True, tag="text"):
    """The person's own words, at most `longest` characters."""

    longest: int = 4000


class Date(Question, frozen=True, kw_only=True, tag="date"):
    """A day. The answer is its ISO form; `earliest` and `latest` count in days from today."""

    earliest: int = -36500
    latest: int = 36500


class YesNo(Question, frozen=True, kw_only=True, tag="yes_no"):
    """Yes or no; the answer is true or false. `options` are the two, in this order."""

    options: tuple[Option, ...]


class Consent(Question, frozen=True, kw_only=True, tag="consent"):
    """A yes-or-no question whose answer is kept as consent for `purpose`, with the text that was shown."""

    purpose: str
    options: tuple[Option, ...]


class Case(msgspec.Struct, frozen=True):
    """One way out of a branch."""

    when: Condition
    next: str


class Branch(Step, frozen=True, kw_only=True, tag="branch"):
    """Goes to the first case that holds, otherwise to `next`."""

    cases: tuple[Case, ...]


class Concern(Step, frozen=True, kw_only=True, tag="raise_concern"):
    """Tells a human to look."""

    level: Level
    reason: str


class Set(Step, frozen=True, kw_only=True, tag="set"):
    """Gives names a value; a text that is exactly one {name} copies it. `remember` keeps them as facts."""

    values: dict[str, Value]
    remember: bool = False


class Start(Step, frozen=True, kw_only=True, tag="start"):
    """Runs another dialog and comes back; the step's own name then holds the other dialog's outcome."""

    dialog: str


class Hand(Step, frozen=True, kw_only=True, tag="hand_to_human"):
    """From here on a person talks."""

    reason: str


class Rest(Step, frozen=True, kw_only=True, tag="pause"):
    """No contact for a number of days, or for as many as the value {name} says; 0 ends a pause."""

    days: int | str


class Finish(Step, frozen=True, kw_only=True, tag="end"):
    """The dialog is over."""

    outcome: str


AskStep = Choose | Scale | Number | Text | Date | YesNo | Consent
AutoStep = Say | Branch | Concern | Set | Start | Hand | Rest | Finish
AnyStep = AskStep | AutoStep


class Fact(msgspec.Struct, frozen=True):
    """Something known about the person or the programme; `unknown` is said where it is not known."""

    unknown: Texts = {}
    data: DataClass = DataClass.NEUTRAL


class Position(msgspec.Struct, frozen=True):
    """Where something stands in its file, both counted from 1."""

    line: int
    column: int


class Dialog(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog in one version. `data` is the lowest class that any of its steps may have.

    `estimated` is how long it takes, in seconds; `positions` says where steps and fields were written,
    by path ("steps.mood.next"), so that the checker can point at them.
    """

    id: str
    version: int
    title: Texts
    steps: dict[str, AnyStep]
    data: DataClass = DataClass.NEUTRAL
    progress: bool = False
    estimated: int = 0
    facts: dict[str, Fact] = {}
    file: str = ""
    positions: dict[str, Position] = {}

    @property
    def first(self) -> str:
        """The step it begins with: the first in the file."""
        return next(iter(self.steps), "")
