# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From a dialog file to a dialog. Every problem of the file is found in one go, each with its line.

The format, in short (docs show each step kind):

    format: 1
    dialog: weekly_checkin
    version: 1
    title: {de: ..., en: ...}
    facts:
      coach: {de: Ihr Coach, en: your coach}   # said where the fact is not known
    steps:
      mood:                                    # a step's name; steps follow one another
        scale: {de: ..., en: ...}              # its kind, with the text
        data: health
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dialogs.fields import NAME, Fields, Notes
from dialogs.instruments import Pack, shipped_packs
from dialogs.model import AnyStep, AskStep, Dialog, Fact, FactKind, Position, Score, Timeout
from dialogs.parse_questions import read_timeout
from dialogs.parse_steps import parse_step
from dialogs.problems import UNREADABLE, DialogError, Problem, did_you_mean
from dialogs.questionnaires import Questionnaire, questions_of
from dialogs.scales import DataClass, Priority
from dialogs.yaml_source import Mapping as Map
from dialogs.yaml_source import read_yaml

FORMAT = 1
MAX_STEPS = 10_000

__all__ = ["DialogError", "Problem", "parse", "parse_file"]

_FACT_FIELDS = frozenset({"unknown", "data", "kind"})
_STEPS = "Write steps: and the steps below it."
_STEP_NAME = "Use small letters a-z, digits and _, at most 40, a letter first."


def parse_file(path: Path, shown: str = "") -> Dialog:
    """Parse a file, read as UTF-8; problems call it `shown`, or by its bare name.

    Raises `DialogError`, also for a file in another encoding, and `OSError`.
    """
    name = shown or path.name
    try:
        return parse(path.read_text(encoding="utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        what, remedy = "the file is not UTF-8", "Save it with the encoding UTF-8."
        raise DialogError([Problem(name, line, 1, what, remedy, UNREADABLE)]) from None


def parse(source: str, filename: str, packs: Mapping[str, Pack] | None = None) -> Dialog:
    """Parse a dialog that may ask the questionnaires of `packs` (None: those that ship).

    Raises `DialogError` with everything that is wrong.
    """
    tree, problems = read_yaml(source, filename)
    notes = Notes(filename, problems)
    fields = Fields(tree, "", notes)
    dialog = read_dialog(fields, filename, shipped_packs() if packs is None else packs)
    fields.finish()
    if notes.problems:
        raise DialogError(notes.problems)
    return dialog


def read_dialog(fields: Fields, filename: str, packs: Mapping[str, Pack]) -> Dialog:
    """The dialog of these fields; problems go to their notes."""
    _check_format(fields)
    data = fields.one_of("data", DataClass, DataClass.NEUTRAL)
    timeout = read_timeout(fields)
    return Dialog(
        id=fields.name("dialog", "Write dialog: and a short name, for example weekly_checkin."),
        version=fields.whole("version", 1, 1, 1_000_000),
        title=fields.texts("title", "Write title: and below it de: ... and en: ..."),
        data=data,
        progress=fields.flag("progress"),
        estimated=fields.seconds("estimated"),
        facts=_facts(fields),
        priority=fields.one_of("priority", Priority, Priority.NORMAL),
        steps=_complete(fields, _steps(fields, data), timeout, packs),
        file=filename,
        positions=fields.notes.positions,
    )


def _check_format(fields: Fields) -> None:
    number = fields.whole("format", 0, 0, 1_000_000)
    if number == FORMAT:
        return
    tree = fields.tree("format") or fields.mapping
    what = f"format {number} is not known here" if number else "the field 'format' is missing"
    fields.notes.problem(tree, what, f"Write format: {FORMAT}.")


def _facts(fields: Fields) -> dict[str, Fact]:
    inner = fields.nested("facts")
    found: dict[str, Fact] = {}
    if inner is None:
        return found
    for name, entry in inner.mapping.entries.items():
        if not NAME.fullmatch(name):
            fields.notes.problem(entry.key, f"'{name[:80]}' is not a name", _STEP_NAME)
        if inner.is_empty(name):
            found[name] = Fact()
            continue
        fact = inner.nested(name)
        if fact is not None:
            found[name] = fact.either(_FACT_FIELDS, _long_fact, lambda each: Fact(each.languages()))
    return found


def _long_fact(fields: Fields) -> Fact:
    fact = Fact(
        fields.texts("unknown"),
        fields.one_of("data", DataClass, DataClass.NEUTRAL),
        fields.one_of("kind", FactKind, FactKind.TEXT),
    )
    fields.finish()
    return fact


def _complete(
    fields: Fields,
    written: dict[str, AnyStep | Questionnaire],
    timeout: Timeout | None,
    packs: Mapping[str, Pack],
) -> dict[str, AnyStep]:
    """Questionnaires as their single questions, and the dialog's timeout for those that have none."""
    found: dict[str, AnyStep] = {}
    for step in written.values():
        for part in _parts(fields, step, packs):
            bare = isinstance(part, AskStep) and part.timeout is None and timeout is not None
            found[part.id] = msgspec.structs.replace(part, timeout=timeout) if bare else part
    return found


def _parts(fields: Fields, step: AnyStep | Questionnaire, packs: Mapping[str, Pack]) -> list[AnyStep]:
    if not isinstance(step, Questionnaire | Score):
        return [step]
    pack = _pack(fields, step, packs)
    if isinstance(step, Score):
        return [step]
    return questions_of(step, pack) if pack else []


def _pack(fields: Fields, step: Questionnaire | Score, packs: Mapping[str, Pack]) -> Pack | None:
    """The instrument of a step, if it can be used there; otherwise a problem is noted."""
    pack, path = packs.get(step.instrument), f"steps.{step.id}"
    what = remedy = ""
    unknown = [item for item in getattr(step, "items", ()) or () if pack and item not in pack.items]
    if pack is None:
        what = f"there is no instrument '{step.instrument}'" if step.instrument else ""
        remedy = did_you_mean(step.instrument, packs)
    elif isinstance(step, Questionnaire) and not pack.can_be_asked:
        what = f"the instrument '{pack.id}' has no wording that may ship"
        remedy = f"Put licensed wording into the site's folder. {pack.original}".strip()
    elif isinstance(step, Questionnaire) and unknown:
        what = f"'{pack.id}' has no question '{unknown[0]}'"
        remedy = did_you_mean(unknown[0], pack.items)
    if not what:
        return pack
    at = fields.notes.positions.get(path, Position(1, 1))
    fields.notes.problems.append(Problem(fields.notes.file, at.line, at.column, what, remedy))
    return None


def _steps(fields: Fields, lowest: DataClass) -> dict[str, AnyStep | Questionnaire]:
    inner = fields.nested("steps", _STEPS)
    found: dict[str, AnyStep | Questionnaire] = {}
    entries = inner.mapping.entries if inner else {}
    if len(entries) > MAX_STEPS and inner:
        fields.notes.problem(inner.mapping, f"more than {MAX_STEPS} steps", "Split it into several dialogs.")
        return found
    if inner and not entries:
        fields.notes.problem(inner.mapping, "there are no steps", _STEPS)
    for name, entry in entries.items():
        if not NAME.fullmatch(name):
            fields.notes.problem(entry.key, f"'{name[:80]}' is not a step name", _STEP_NAME)
        if inner is None or not isinstance(entry.value, Map):
            what = f"the step '{name[:80]}' is empty"
            fields.notes.problem(entry.key, what, "Write below it what it says.")
            continue
        step = parse_step(Fields(entry.value, f"steps.{name}", fields.notes), name, lowest)
        if step is not None:
            found[name] = step
    return found
