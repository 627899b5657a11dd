# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a programme is: phases, limits, rhythm of contact, caseload key, words of its own. Data, no rules.

Nothing here knows any programme by name; the five that ship are files in `programmes/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dialogs.model import Position, Texts

#: No programme is longer, so that a slip of the pen is seen.
MOST_MONTHS = 120
#: The ladders of every programme that has none of its own.
STANDARD = "standard"


class Register(StrEnum):
    """How the programme speaks to people."""

    SIE = "Sie"
    DU = "du"


class Entry(StrEnum):
    """How a person comes into a phase."""

    START = "start"  # with the enrolment
    STAFF = "staff"  # when a human says so, with a reason


class Who(StrEnum):
    """Who does a step of a help plan."""

    PERSON = "person"
    COACH = "coach"
    BOTH = "both"
    PARTNER = "partner"


class Length(msgspec.Struct, frozen=True):
    """So many calendar months and days; both 0: not said."""

    months: int = 0
    days: int = 0

    def __bool__(self) -> bool:
        return bool(self.months or self.days)

    @property
    def about_days(self) -> float:
        """For comparing lengths: a month has 30.44 days on average."""
        return self.months * 30.44 + self.days


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a programme.

    Entering a phase ends the others, but for those that overlap; one that `overlaps` ends no other, and is
    ended by staff or with the programme. `after`: one of these was entered before; without it the phase may
    come at any time. `usual`: how long it lasts as a rule; then the coach is asked whether
    it is time for the next one. `proposed_at`: the month of the programme in which the coach is asked about
    it. `leaving` is the dialog with the questions at its end: it begins by itself, once, when staff end the
    phase or the programme. `dialogs` belong to the phase: staff see which talks fit; none begins because of
    it, that is for `plans`. `contact`: the oldest that the last contact
    with a human may be, 0 for the programme's. `entry_date` and `exit_date` are dates of the person that
    entering and leaving it set, so that plans count from them.
    """

    id: str
    title: Texts
    entry: Entry = Entry.STAFF
    after: tuple[str, ...] = ()
    overlaps: bool = False
    usual: Length = Length()
    proposed_at: int = 0
    leaving: str = ""
    dialogs: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    contact: int = 0
    entry_date: str = ""
    exit_date: str = ""


class GoalStep(msgspec.Struct, frozen=True):
    """A step of a goal, due so long after the help plan was made."""

    title: Texts
    due: Length
    who: Who


class Goal(msgspec.Struct, frozen=True):
    """A goal of a template. The person's own words take its place."""

    title: Texts
    steps: tuple[GoalStep, ...] = ()


class HelpPlan(msgspec.Struct, frozen=True):
    """A template: a beginning for the conversation, never a duty."""

    title: Texts
    review: Length
    goals: tuple[Goal, ...]


class Limit(msgspec.Struct, frozen=True):
    """How many months the programme lasts, and in which months of it the coach is reminded of that."""

    months: int
    warnings: tuple[int, ...] = ()


class Point(msgspec.Struct, frozen=True):
    """A measuring point of the evaluation: so many months after the start, or at the end (None)."""

    id: str
    month: int | None


def measuring_dialog(instrument: str) -> str:
    """The dialog in which an instrument is asked for an evaluation."""
    return f"measuring_{instrument}"


class Evaluation(msgspec.Struct, frozen=True):
    """What is measured when. Only with its own consent, and never by anybody who is not asked."""

    consent: str
    points: tuple[Point, ...]
    instruments: tuple[str, ...] = ()


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """One programme as its file says it. Counts of 0 and empty names mean: there is none.

    `contact`: the oldest in days that the last contact with a human may be. `caseload`: one coach for so many
    people; above it a lead confirms. `roles` are names of roles, for labels; `your_coach` is how texts call
    whoever is there for somebody, in the nominative ("Ihr Coach"). `plans` and `dialogs` are those of the
    whole time, beside those of the phases. `moved`: phases of earlier versions that are gone, and where their
    people go on. `holidays` is the Land whose public holidays count, `hours` by weekday (0 is Monday) when
    staff read as a rule.
    """

    id: str
    title: Texts
    phases: Mapping[str, Phase]
    register: Register = Register.SIE
    languages: tuple[str, ...] = ("de",)
    roles: Mapping[str, Texts] = {}
    your_coach: Texts = {}
    limit: Limit | None = None
    caseload: int = 0
    contact: int = 0
    consents: tuple[str, ...] = ()
    policies: str = STANDARD
    plans: tuple[str, ...] = ()
    dialogs: tuple[str, ...] = ()
    score_pack: str = ""
    holidays: str = ""
    hours: Mapping[int, tuple[str, str]] = {}
    help_plans: Mapping[str, HelpPlan] = {}
    evaluation: Evaluation | None = None
    moved: Mapping[str, str] = {}
    file: str = ""
    positions: Mapping[str, Position] = {}

    def plans_in(self, phases: frozenset[str]) -> frozenset[str]:
        """The plans for somebody who is in these phases."""
        found = [self.phases[name].plans for name in phases if name in self.phases]
        return frozenset(self.plans).union(*found)

    def contact_in(self, phases: frozenset[str]) -> int:
        """The strictest rhythm of contact for somebody who is in these phases, in days; 0 for none."""
        own = [self.phases[name].contact for name in phases if name in self.phases]
        return min(filter(None, own), default=self.contact)
