# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Read a file of plans: what it says, and everything an admin has to mend, with file, line and remedy.

A plan has the fields of `scheduler.plan_syntax` and two more: `dialog` (the plan's name, if it is left out)
and `consent`, what a person must have agreed to beside contact.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import msgspec

from bot.domain.consent import Purpose
from bot.domain.plans import PlanEdition
from bot.ports import UnitOfWork
from dialogs.condition_syntax import ConditionError, read_condition
from dialogs.conditions import Condition
from dialogs.problems import DialogError, Problem, did_you_mean
from dialogs.yaml_source import Entry, Listing, Scalar, Tree, read_yaml
from dialogs.yaml_source import Mapping as Map
from scheduler.occurrences import next_occurrence, occurrences_between
from scheduler.person_time import PersonTime
from scheduler.plan_syntax import read_plans as read_timing
from scheduler.plans import PERSONAL_DATES, Anchor, Counted, Plan

logger = logging.getLogger(__name__)

#: When a serious concern was last closed, and the day on which the pause ends.
LAST_CRISIS, PAUSE_END = "last_crisis", "pause_end"
#: When something last came from the person: the one date that moves without anybody telling the plans.
LAST_ANSWER = "last_answer"
DATES = PERSONAL_DATES | {LAST_CRISIS, PAUSE_END}
_OWN_FIELDS = ("dialog", "consent")
#: Somebody whose dates are all known, far apart, in a year without anything special.
_MODEL_DAY = datetime(2027, 1, 4, 12, tzinfo=UTC)
_YEAR = timedelta(days=365)


class CheckIn(msgspec.Struct, frozen=True):
    """One plan, the dialog that it begins, and what a person must have agreed to beside contact."""

    plan: Plan
    dialog: str
    consent: str = ""
    condition: Condition | None = None

    @property
    def follows_pause(self) -> bool:
        """Whether it counts from the end of a pause, so that its day belongs to the pause's last one."""
        return PAUSE_END in _dates_of(self.plan)

    @property
    def looks_every(self) -> timedelta | None:
        """How often to look for a new sign of life when nothing more is coming; None if it counts from none.

        Often enough to know of each a day before the first question that can follow from it.
        """
        if LAST_ANSWER not in _dates_of(self.plan):
            return None
        rhythm = self.plan.rhythm
        first = min(rhythm.days, default=1) if isinstance(rhythm, Counted) else 1
        return timedelta(days=max(1, first - 1))


class PlanSet(msgspec.Struct, frozen=True):
    """The plans of one file, by name, in its order. `version` is that of the publishing, 0 for none."""

    version: int = 0
    check_ins: Mapping[str, CheckIn] = {}


class Reading(msgspec.Struct, frozen=True):
    """What a file says, what must be mended before it can be published, and what may be meant so."""

    plans: PlanSet
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_plans(source: str, filename: str, dialogs: Collection[str] | None = None) -> Reading:
    """Understand a file of plans. Without `dialogs` any name of a dialog is good.

    Never raises: a file that is no YAML has that one problem.
    """
    try:
        root, problems = read_yaml(source, filename)
    except DialogError as error:
        return Reading(PlanSet(), error.problems, ())
    found = list(problems)
    own = _take_own_fields(root)
    lines: dict[str, int] = {}
    timing = read_timing(_plain(root, "", lines), filename, lines, DATES)
    found += [Problem(one.file, one.line, 1, one.what, one.remedy) for one in timing.problems]
    reader = _OwnFields(filename, lines, dialogs, found)
    # Of every plan, also of one whose timing cannot be understood: all that is to be mended is said at once.
    words = {name: reader.words(name, fields) for name, fields in own.items()}
    check_ins = {plan.id: reader.read(plan, *words[plan.id]) for plan in timing.plans}
    if not check_ins and not found:
        found.append(Problem(filename, 1, 1, "there is no plan in it", "Write one below 'plans:'."))
    warnings = _meetings(check_ins, filename, lines)
    return Reading(PlanSet(0, check_ins), tuple(sorted(set(found))), tuple(warnings))


class PlanShelf:
    """The plans in force, read once a version. Shared by all who use a rulebook."""

    def __init__(self) -> None:
        self._read: dict[int, PlanSet] = {}

    def in_force(self, uow: UnitOfWork, agency_id: int) -> PlanSet:
        """The agency's plans; none before the first were published."""
        version = uow.plans.version_in_force(agency_id)
        known = self._read.get(agency_id)
        if known is None or known.version != version:
            edition = uow.plans.edition(agency_id, version)
            known = PlanSet() if edition is None else plans_of(edition)
            self._read[agency_id] = known
        return known


def plans_of(edition: PlanEdition) -> PlanSet:
    """The plans of a published version, as far as this program can follow them."""
    reading = read_plans(edition.source, f"version {edition.version}")
    if reading.problems:
        logger.warning("plans: version %d has %d faults here", edition.version, len(reading.problems))
    return msgspec.structs.replace(reading.plans, version=edition.version)


class _OwnFields:
    """The fields that time knows nothing of."""

    def __init__(
        self, filename: str, lines: Mapping[str, int], dialogs: Collection[str] | None, found: list[Problem]
    ) -> None:
        self._file, self._lines, self._dialogs, self._found = filename, lines, dialogs, found

    def words(self, plan: str, own: Mapping[str, Entry]) -> tuple[str, str]:
        """The dialog and the consent of a plan."""
        dialog = self._word(own.get("dialog")) or plan
        if self._dialogs is not None and dialog not in self._dialogs:
            place = own["dialog"].key.line if "dialog" in own else self._line(plan)
            self._problem(place, f"there is no dialog '{dialog[:40]}'", did_you_mean(dialog, self._dialogs))
        consent = self._word(own.get("consent"))
        purposes = [purpose.value for purpose in Purpose]
        if "consent" in own and consent not in purposes:
            what = f"'{consent[:40]}' is no consent"
            self._problem(own["consent"].key.line, what, did_you_mean(consent, purposes))
        return dialog, consent

    def read(self, plan: Plan, dialog: str, consent: str) -> CheckIn:
        """The whole plan."""
        if _never_comes(plan):
            remedy = "Check its days, its end and its pauses."
            self._problem(self._line(plan.id), f"'{plan.id}' never reaches a day", remedy)
        return CheckIn(plan, dialog, consent, self._condition(plan))

    def _condition(self, plan: Plan) -> Condition | None:
        if not plan.condition:
            return None
        try:
            return read_condition(plan.condition)
        except ConditionError as error:
            line = self._lines.get(f"plans.{plan.id}.condition", self._line(plan.id))
            self._problem(line, f"in 'condition': {error.what}", f"{error.remedy.capitalize()}.")
            return None

    def _word(self, entry: Entry | None) -> str:
        return entry.value.text.strip() if entry and isinstance(entry.value, Scalar) else ""

    def _line(self, plan: str) -> int:
        return self._lines.get(f"plans.{plan}", 1)

    def _problem(self, line: int, what: str, remedy: str) -> None:
        self._found.append(Problem(self._file, line, 1, what, remedy))


def _take_own_fields(root: Map) -> dict[str, dict[str, Entry]]:
    """Our own fields of each plan, taken out of the tree."""
    plans = root.entries.get("plans")
    own: dict[str, dict[str, Entry]] = {}
    for name, entry in plans.value.entries.items() if plans and isinstance(plans.value, Map) else ():
        if isinstance(entry.value, Map):
            fields = entry.value.entries
            own[name] = {key: fields.pop(key) for key in _OWN_FIELDS if key in fields}
    return own


def _plain(tree: Tree, path: str, lines: dict[str, int]) -> object:
    """The tree as maps, lists and texts; the line of each path is put into `lines`."""
    match tree:
        case Map(entries=entries):
            for name, entry in entries.items():
                lines[f"{path}.{name}".strip(".")] = entry.key.line
            return {
                name: _plain(entry.value, f"{path}.{name}".strip("."), lines)
                for name, entry in entries.items()
            }
        case Listing(items=items):
            return [_plain(item, path, lines) for item in items]
        case Scalar(text=text):
            return text


def _dates_of(plan: Plan) -> frozenset[str]:
    """The personal dates from which it counts."""
    rhythm = {plan.rhythm.since} if isinstance(plan.rhythm, Counted) else set()
    anchors = {when.name for when in (plan.start, plan.until) if isinstance(when, Anchor)}
    return frozenset(rhythm | anchors)


def _model(names: Collection[str]) -> PersonTime:
    day = _MODEL_DAY.date()
    dates = {name: day + timedelta(days=180) if name == "internship_end" else day for name in names}
    return PersonTime(ZoneInfo("Europe/Berlin"), 1, dates)


def _never_comes(plan: Plan) -> bool:
    # Plans on dates of long ago are over: that is seen from a moment before all of them.
    before = datetime(1991, 1, 2, tzinfo=UTC)
    return all(next_occurrence(plan, _model(DATES), after) is None for after in (before, _MODEL_DAY))


def _meetings(check_ins: Mapping[str, CheckIn], filename: str, lines: Mapping[str, int]) -> list[Problem]:
    """Plans that would ask the same person on the same day, because of their rhythms alone."""
    steady = [one.plan for one in check_ins.values() if _dates_of(one.plan) <= {"enrolment"}]
    person = _model(["enrolment"])
    days = {
        plan.id: {one.day for one in occurrences_between(plan, person, _MODEL_DAY, _MODEL_DAY + _YEAR)}
        for plan in steady
    }
    found = []
    for first, second in combinations(days, 2):
        both = sorted(days[first] & days[second])
        if both:
            what = f"'{first}' and '{second}' ask on the same day, such as {both[0]} ({len(both)} a year)"
            line = lines.get(f"plans.{second}", 1)
            found.append(Problem(filename, line, 1, what, "Choose another day for one of them.", "meeting"))
    return found
