# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reading plans from maps, lists and texts as a YAML reader gives them, collecting every problem.

    format: 1
    plans:
      weekly_checkin:
        weekdays: [mon]
        between: 9:00 to 17:00
        start: 1 day after enrolment
        end: 24 times
        holidays: next working day
        reminders: {number: 1, distance: 2 days}

Everything is best handed over as text; values that a YAML reader took for numbers or dates are understood.
`docs/adr` explains the format.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import time, timedelta
from typing import TypeVar

import msgspec

from scheduler import plan_fields as read
from scheduler.plans import (
    PERSONAL_DATES,
    Between,
    Counted,
    DaysOff,
    EveryDays,
    OnDates,
    Outage,
    Plan,
    PlanFault,
    Reminders,
    Rhythm,
    Rule,
    Weekly,
)

FORMAT = 1
MAX_PLANS = 200

_T = TypeVar("_T")
_D = TypeVar("_D")


class PlanProblem(msgspec.Struct, frozen=True, order=True):
    """A fault in a plan file. Prints as `file:line: what. remedy`; lines count from 1."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}"


class PlanFile(msgspec.Struct, frozen=True):
    """The plans that can be followed, in the file's order, and the problems of the others, in theirs."""

    plans: tuple[Plan, ...]
    problems: tuple[PlanProblem, ...]


def read_plans(
    tree: object, file: str, lines: Mapping[str, int], dates: Collection[str] = PERSONAL_DATES
) -> PlanFile:
    """Understand a plan file's content.

    `lines` tells the line of a path such as "plans.weekly_checkin.at"; what is not in it is told with the
    line of what it belongs to. `dates` are the names of personal dates that plans may count from.
    """
    notes = _Notes(file, lines)
    whole_file = _Fields(tree, "", notes)
    whole_file.only(("format", "plans"))
    if whole_file.value("format", lambda found: read.whole(found, "a format"), 0) != FORMAT:
        notes.problem("format", "the format is missing or unknown", f"Write at the top: format: {FORMAT}.")
    plans = [_read_plan(name, one, dates) for name, one in whole_file.each("plans")]
    return PlanFile(tuple(plan for plan in plans if plan is not None), tuple(sorted(notes.problems)))


class _Notes:
    """The problems of one file, and where everything stands in it."""

    def __init__(self, file: str, lines: Mapping[str, int]) -> None:
        self._file, self._lines = file, lines
        self.problems: list[PlanProblem] = []

    def problem(self, path: str, what: str, remedy: str) -> None:
        while path and path not in self._lines:
            path = path.rpartition(".")[0]
        self.problems.append(PlanProblem(self._file, self._lines.get(path, 1), what, remedy))


class _Fields:
    """One map of the file."""

    def __init__(self, tree: object, path: str, notes: _Notes) -> None:
        self._path, self._notes = path, notes
        self.is_sound = True
        self._entries: Mapping[str, object] = {}
        if isinstance(tree, Mapping):
            self._entries = {str(key): value for key, value in tree.items()}
        else:
            self.problem("", "fields are missing here", "Write them below it, indented.")

    def problem(self, key: str, what: str, remedy: str) -> None:
        self.is_sound = False
        self._notes.problem(f"{self._path}.{key}".strip("."), what, remedy)

    def only(self, known: Collection[str]) -> None:
        """Report every field that is not known."""
        for key in self._entries:
            if key not in known:
                self.problem(key, f"unknown field '{key[:40]}'", read.nearest(key, known))

    def each(self, key: str) -> Iterator[tuple[str, _Fields]]:
        """The maps inside a field, with their names."""
        inside = _Fields(self._entries.get(key), key, self._notes)
        if len(inside._entries) > MAX_PLANS:
            inside.problem("", f"there are more than {MAX_PLANS} plans", "Split the file.")
            return
        for name, tree in inside._entries.items():
            yield name, _Fields(tree, f"{key}.{name}", self._notes)

    def value(self, key: str, convert: Callable[[object], _T], default: _D) -> _T | _D:
        """One field, understood; `default` if it is not there or cannot be understood, which is reported."""
        if key not in self._entries:
            return default
        try:
            return convert(self._entries[key])
        except PlanFault as fault:
            self.problem(key, f"in '{key}': {fault.what}", fault.remedy)
            return default

    def one_of(self, converters: Mapping[str, Callable[[object], _T]], remedy: str) -> _T | None:
        """The only one of several fields that say the same thing in different ways."""
        found = [key for key in converters if key in self._entries]
        if len(found) == 1:
            return self.value(found[0], converters[found[0]], None)
        if found:
            names = " and ".join(f"'{key}'" for key in found)
            self.problem(found[1], f"{names} contradict each other", "Keep one of them.")
        else:
            self.problem("", f"one of the fields {', '.join(converters)} is missing", remedy)
        return None


def _read_plan(name: str, fields: _Fields, dates: Collection[str]) -> Plan | None:
    rhythms = _rhythms(dates)
    fields.only((*rhythms, *_TIMES, *_REST))
    rhythm = fields.one_of(rhythms, "Write for example: weekdays: [mon].")
    at = fields.one_of(_TIMES, 'Write for example: at: "10:00".')
    start = fields.value("start", lambda found: read.when(found, dates), None)
    until, times = fields.value("end", lambda found: read.ends(found, dates), (None, None))
    pauses = fields.value("pause", lambda found: tuple(map(read.span, _items(found))), ())
    condition = fields.value("condition", read.text, "")
    weekends, holidays = (fields.value(key, _days_off, DaysOff.AS_IS) for key in ("weekends", "holidays"))
    grace = fields.value("grace", read.duration, timedelta(days=1))
    reminders = fields.value("reminders", _reminders, Reminders())
    outage = fields.value("outage", lambda found: _outage(found, grace), Outage(merge_within=grace))
    if not fields.is_sound or rhythm is None or at is None:
        return None
    try:
        return Plan(
            id=name,
            rhythm=rhythm,
            at=at,
            start=start,
            until=until,
            times=times,
            pauses=pauses,
            condition=condition,
            weekends=weekends,
            holidays=holidays,
            grace=grace,
            reminders=reminders,
            outage=outage,
        )
    except PlanFault as fault:
        fields.problem(fault.field, fault.what, fault.remedy)
        return None


def _rhythms(dates: Collection[str]) -> dict[str, Callable[[object], Rhythm]]:
    return {
        "weekdays": _weekly,
        "every": _every,
        "dates": _on_dates,
        "after": lambda found: _counted(found, dates),
        "rule": lambda found: Rule(read.text(found)),
    }


def _days_off(value: object) -> DaysOff:
    return read.member(value, DaysOff)


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _weekly(value: object) -> Weekly:
    names = read.texts(value)
    unknown = next((name for name in names if name not in read.WEEKDAYS), None)
    if unknown is not None:
        raise PlanFault("", f"'{unknown[:40]}' is no weekday", read.nearest(unknown, read.WEEKDAYS))
    return Weekly(tuple(sorted({read.WEEKDAYS.index(name) for name in names})))


def _every(value: object) -> EveryDays:
    distance = read.duration(value)
    if distance % timedelta(days=1):
        raise PlanFault("", "the distance is not whole days", "Write for example: every: 3 days.")
    return EveryDays(distance.days)


def _on_dates(value: object) -> OnDates:
    return OnDates(tuple(sorted({read.day(item) for item in _items(value)})))


def _counted(value: object, dates: Collection[str]) -> Counted:
    fields = read.mapping(value, ("date", "days", "months"))
    since = read.personal(read.text(fields.get("date")), dates)
    days, months = (
        tuple(sorted({read.whole(item, f"a number of {key}") for item in _items(fields.get(key, []))}))
        for key in ("days", "months")
    )
    return Counted(since, days, months)


def _reminders(value: object) -> Reminders:
    fields = read.mapping(value, ("number", "distance"))
    number = read.whole(fields.get("number"), "a number of reminders")
    return Reminders(number, read.duration(fields.get("distance", "1 day")))


def _outage(value: object, grace: timedelta) -> Outage:
    """One word holds as long as the grace; ages by word otherwise."""
    if isinstance(value, Mapping):
        ages = {word: read.duration(age) for word, age in read.mapping(value, ("send", "merge")).items()}
        return Outage(ages.get("send", timedelta()), ages.get("merge", timedelta()))
    rules = {"send": Outage(send_within=grace), "merge": Outage(merge_within=grace), "skip": Outage()}
    word = read.text(value)
    if word not in rules:
        raise PlanFault("", f"'{word[:40]}' is not possible here", read.nearest(word, list(rules)))
    return rules[word]


_TIMES: dict[str, Callable[[object], time | Between]] = {"at": read.wall, "between": read.between}
_REST = ("start", "end", "pause", "condition", "weekends", "holidays", "grace", "reminders", "outage")
