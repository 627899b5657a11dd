# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a dialog is: steps, and texts in several languages."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dialogs.conditions import Condition, Value
from dialogs.scales import DataClass, Level, Priority

Texts = dict[str, str]
"""Language tag to text, for example {"de": "Guten Tag", "en": "Hello"}; {name} stands for a value."""


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


class Picture(msgspec.Struct, frozen=True):
    """A file that goes with a text, and what it shows, for everybody who does not see it."""

    file: str
    alt: Texts


class Say(Step, frozen=True, kw_only=True, tag="say"):
    """A message that wants no answer. `crisis` texts go out on every channel, before all others."""

    text: Texts
    crisis: bool = False
    picture: Picture | None = None


class Question(Step, frozen=True, kw_only=True):
    """What every question has. `key` names the answer; `remember` keeps it as a fact beyond the dialog."""

    text: Texts
    key: str
    optional: bool = False
    timeout: Timeout | None = None
    concerns: tuple[ConcernRule, ...] = ()
    remember: str = ""
    picture: Picture | None = None


class Choose(Question, frozen=True, kw_only=True, tag="choose"):
    """One of several options; the answer is the option's key."""

    options: tuple[Option, ...]


class Scale(Question, frozen=True, kw_only=True, tag="scale"):
    """A whole number from `low` to `high`, at most 21 of them, with words for both ends or for every number.

    `options` are the words for every number, each with its number as key; the answer is the number all the
    same. `acute` says for which answers (`value`) the checker wants a concern.
    """

    low: int = 0
    high: int = 10
    low_label: Texts = {}
    high_label: Texts = {}
    options: tuple[Option, ...] = ()
    acute: Condition | None = None


class Number(Question, frozen=True, kw_only=True, tag="number"):
    """A number that is typed, whole unless `decimals`; `units` are words that may stand beside it."""

    low: float = -1e9
    high: float = 1e9
    decimals: bool = False
    units: tuple[str, ...] = ()


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
    """A yes-or-no question whose answer is kept as consent for `purpose`, with the text that was shown.

    `meaning` counts what the text means: a higher one than before is asked again of whoever had agreed, a
    better wording alone keeps it. `object` is whom it is about, for example a partner's {name}; `valid` is
    for how many seconds it is given, 0 until it is withdrawn.
    """

    purpose: str
    meaning: int = 1
    object: str = ""
    valid: int = 0
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
    """Runs another dialog and comes back.

    The step's own name then holds the other dialog's outcome, and `step.name` each value that it returned.
    """

    dialog: str


class Hand(Step, frozen=True, kw_only=True, tag="hand_to_human"):
    """From here on a person talks."""

    reason: str


class Rest(Step, frozen=True, kw_only=True, tag="pause"):
    """No contact for a number of days, or for as many as the value {name} says; 0 ends a pause."""

    days: int | str


class Wait(Step, frozen=True, kw_only=True, tag="wait"):
    """Nothing for so many seconds; other dialogs may have the conversation meanwhile."""

    seconds: int


class Score(Step, frozen=True, kw_only=True, tag="score"):
    """Counts the answers of this dialog by the rules of a questionnaire, and judges its trends.

    Answers are those to the questions whose key is `items` + the item's name. Then `questionnaire.rule` and
    `questionnaire.trend` have values, or none where they cannot be computed; a trend that holds is a concern.
    """

    instrument: str
    items: str = ""


class Offer(Step, frozen=True, kw_only=True, tag="offer"):
    """Goes on only if the questionnaire may be asked now, otherwise to `past`.

    The value `asked` then says which of the two: yes or no. It stands before a questionnaire, and once more
    before each of its questions that somebody must be there for.
    """

    instrument: str
    past: str
    asked: str


class Finish(Step, frozen=True, kw_only=True, tag="end"):
    """The dialog is over. `returns` are values for the dialog that started it, set as `Set` does."""

    outcome: str
    returns: dict[str, Value] = {}


AskStep = Choose | Scale | Number | Text | Date | YesNo | Consent
AutoStep = Say | Branch | Concern | Set | Start | Hand | Rest | Wait | Score | Offer | Finish
AnyStep = AskStep | AutoStep


class FactKind(StrEnum):
    """How a fact is said: a date is kept as 2027-05-04 and said as 4. Mai 2027."""

    TEXT = "text"
    DATE = "date"


class Fact(msgspec.Struct, frozen=True):
    """Something known about the person or the programme; `unknown` is said where it is not known."""

    unknown: Texts = {}
    data: DataClass = DataClass.NEUTRAL
    kind: FactKind = FactKind.TEXT


class Position(msgspec.Struct, frozen=True):
    """Where something stands in its file, both counted from 1."""

    line: int
    column: int


class Dialog(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog in one version. `data` is the lowest class that any of its steps may have.

    A questionnaire stands in `steps` as the single questions it has. `priority` says whether it waits for
    another dialog to end. `estimated` is how long it takes, in seconds; `positions` says where steps and
    fields were written, by path ("steps.mood.next"), so that the checker can point at them.
    """

    id: str
    version: int
    title: Texts
    steps: dict[str, AnyStep]
    data: DataClass = DataClass.NEUTRAL
    progress: bool = False
    priority: Priority = Priority.NORMAL
    estimated: int = 0
    facts: dict[str, Fact] = {}
    file: str = ""
    positions: dict[str, Position] = {}

    @property
    def first(self) -> str:
        """The step it begins with: the first in the file."""
        return next(iter(self.steps), "")

    @property
    def asks_about_health(self) -> bool:
        """Whether anything in it is asked that only a channel for health may carry."""
        steps = self.steps.values()
        return any(isinstance(step, Question) and step.data is DataClass.HEALTH for step in steps)
