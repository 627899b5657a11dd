# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Read a programme from its file, with file, line and remedy for everything that cannot be understood.

What does not fit together is found by `check_programme`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from dialogs.fields import LANGUAGE, Fields, Notes
from dialogs.model import Texts
from dialogs.problems import DialogError
from dialogs.programme_fields import days, hours, length, months, named, read_length
from dialogs.programme_model import (
    MOST_MONTHS,
    STANDARD,
    Entry,
    Evaluation,
    Goal,
    GoalStep,
    HelpPlan,
    Limit,
    Phase,
    Point,
    Programme,
    Register,
    Who,
)
from dialogs.yaml_source import Listing, Scalar, read_yaml

FORMAT = "1"
#: As a programme is named on the command line and in invitations.
PROGRAMME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
#: Roles that may have names of their own.
ROLES = ("participant", "coach", "deputy", "lead", "admin", "partner", "employer_contact", "evaluator")
#: How the last measuring point is written.
END = "end"


class Land(StrEnum):
    """The Länder, whose public holidays differ."""

    BW = "BW"
    BY = "BY"
    BE = "BE"
    BB = "BB"
    HB = "HB"
    HH = "HH"
    HE = "HE"
    MV = "MV"
    NI = "NI"
    NW = "NW"
    RP = "RP"
    SL = "SL"
    SN = "SN"
    ST = "ST"
    SH = "SH"
    TH = "TH"
    NONE = ""


def parse_programme(source: str, filename: str) -> Programme:
    """The programme of a file. Raises `DialogError` with all its problems."""
    root, problems = read_yaml(source, filename)
    notes = Notes(filename, problems)
    fields = Fields(root, "", notes)
    version = fields.scalar("format", "Write 'format: 1' in the first line.")
    if version is not None and version.text != FORMAT:
        notes.problem(version, f"the format '{version.text[:20]}' is not known here", "Write 'format: 1'.")
    found = read_programme(fields)
    if notes.problems:
        raise DialogError(notes.problems)
    return found


def read_programme(fields: Fields) -> Programme:
    """Everything but the format. Problems are noted."""
    phases = _phases(fields.nested("phases", "Write below it one entry for each phase."))
    evaluation = fields.nested("evaluation")
    limit = fields.nested("limit")
    found = Programme(
        id=_programme_name(fields, "programme", "Give the programme a name, for example programme: gecko."),
        title=fields.texts("title", "Write for example: title: {de: ..., en: ...}."),
        phases=phases,
        register=fields.one_of("register", Register, Register.SIE),
        languages=_languages(fields),
        roles=_roles(fields.nested("roles")),
        your_coach=fields.texts("your_coach"),
        limit=_limit(limit) if limit else None,
        caseload=fields.whole("caseload", 0, 1, 500),
        contact=days(fields, "contact"),
        consents=fields.names("consents"),
        policies=_programme_name(fields, "policies") or STANDARD,
        plans=fields.names("plans"),
        dialogs=fields.names("dialogs"),
        score_pack=fields.name("score_pack"),
        holidays=fields.one_of("holidays", Land, Land.NONE).value,
        hours=hours(fields.nested("working_hours")),
        help_plans=_help_plans(fields.nested("help_plans")),
        evaluation=_evaluation(evaluation) if evaluation else None,
        moved=_moved(fields.nested("moved")),
        file=fields.notes.file,
        positions=fields.notes.positions,
    )
    fields.finish()
    return found


def _programme_name(fields: Fields, key: str, required: str = "") -> str:
    found = fields.scalar(key, required)
    if found is not None and not PROGRAMME.fullmatch(found.text):
        remedy = "Use small letters a-z, digits, _ and -, at most 40, a letter first."
        fields.notes.problem(found, f"'{found.text[:80]}' is not a name", remedy)
    return found.text if found else ""


def _languages(fields: Fields) -> tuple[str, ...]:
    tree = fields.tree("languages")
    items = tree.items if isinstance(tree, Listing) else []
    found = [item.text for item in items if isinstance(item, Scalar) and LANGUAGE.fullmatch(item.text)]
    if tree is not None and (not found or len(found) < len(items)):
        fields.notes.problem(tree, "'languages' is not a list of languages", "Write: languages: [de, en].")
    return tuple(found) or ("de",)


def _roles(fields: Fields | None) -> Mapping[str, Texts]:
    if fields is None:
        return {}
    found = {role: fields.texts(role) for role in ROLES}
    fields.finish()
    return {role: texts for role, texts in found.items() if texts}


def _limit(fields: Fields) -> Limit:
    needed = f"Write for example: months: 24, at most {MOST_MONTHS}."
    fields.scalar("months", needed)
    limit = Limit(fields.whole("months", MOST_MONTHS, 1, MOST_MONTHS), months(fields, "warnings"))
    fields.finish()
    return limit


def _phases(fields: Fields | None) -> Mapping[str, Phase]:
    if fields is None:
        return {}
    found = {name: phase for name in fields.mapping.entries if (phase := _phase(fields, name))}
    if not found:
        fields.notes.problem(fields.mapping, "there is no phase in it", "Write one entry for each phase.")
    return found


def _phase(fields: Fields, name: str) -> Phase | None:
    inner = named(fields, name, "phase")
    if inner is None:
        return None
    found = Phase(
        id=name,
        title=inner.texts("title", "Write for example: title: {de: ..., en: ...}."),
        entry=inner.one_of("entry", Entry, Entry.STAFF),
        after=inner.names("after"),
        overlaps=inner.flag("overlaps"),
        usual=length(inner, "usual"),
        proposed_at=inner.whole("proposed_at", 0, 1, MOST_MONTHS),
        leaving=inner.name("leaving"),
        dialogs=inner.names("dialogs"),
        plans=inner.names("plans"),
        contact=days(inner, "contact"),
        entry_date=inner.name("entry_date"),
        exit_date=inner.name("exit_date"),
    )
    inner.finish()
    return found


def _help_plans(fields: Fields | None) -> Mapping[str, HelpPlan]:
    if fields is None:
        return {}
    found: dict[str, HelpPlan] = {}
    for name in fields.mapping.entries:
        inner = named(fields, name, "help plan")
        if inner is None:
            continue
        found[name] = HelpPlan(
            inner.texts("title", "Say what it is called."),
            length(inner, "review", "Say when both look at it again, for example review: 8 weeks."),
            tuple(_goal(goal) for goal in inner.many("goals")),
        )
        inner.finish()
    return found


def _goal(fields: Fields) -> Goal:
    goal = Goal(fields.texts("title", "Say what the goal is."), tuple(map(_step, fields.many("steps"))))
    fields.finish()
    return goal


def _step(fields: Fields) -> GoalStep:
    step = GoalStep(
        fields.texts("title", "Say what the step is."),
        length(fields, "due", "Say by when, for example due: 2 weeks."),
        fields.one_of("who", Who, Who.PERSON),
    )
    fields.finish()
    return step


def _evaluation(fields: Fields) -> Evaluation:
    needed = "Name what people must have agreed to, for example consent: evaluation."
    found = Evaluation(
        fields.name("consent", needed),
        tuple(_point(point) for point in fields.many("points")),
        fields.names("instruments"),
    )
    fields.finish()
    return found


def _point(fields: Fields) -> Point:
    name, when = fields.name("id", "Give the point a name."), fields.scalar("at", "Write: at: 6 months.")
    text = when.text if when else END
    length = read_length(text)
    month = 0 if text == "start" else length.months
    if when is not None and text not in ("start", END) and (length.days or not month):
        remedy = "Write: at: start, at: 6 months, or at: end."
        fields.notes.problem(when, f"'{text[:80]}' is no measuring point", remedy)
    fields.finish()
    return Point(name, None if text == END else month)


def _moved(fields: Fields | None) -> Mapping[str, str]:
    if fields is None:
        return {}
    return {old: fields.name(old) for old in fields.mapping.entries}
