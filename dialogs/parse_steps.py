# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One step of a dialog file. The field that names the kind holds what is said, asked or done."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.conditions import Value
from dialogs.fields import Fields, read_value
from dialogs.model import (
    AnyStep,
    Branch,
    Case,
    Concern,
    Finish,
    Hand,
    Rest,
    Say,
    Score,
    Set,
    Start,
    Wait,
)
from dialogs.parse_questions import (
    LANGUAGES,
    LEVEL,
    QUESTIONS,
    REASON,
    Common,
    read_picture,
    read_rule,
    read_timeout,
)
from dialogs.problems import did_you_mean
from dialogs.questionnaires import Questionnaire
from dialogs.rendering import PLACEHOLDER
from dialogs.scales import DataClass, Level

_INSTRUMENT = "Write the name of an instrument after it, for example own_items."


def parse_step(fields: Fields, name: str, lowest: DataClass) -> AnyStep | Questionnaire | None:
    """The step, or None where its kind is unclear; problems go to the notes of `fields`."""
    kinds = [key for key in fields.mapping.entries if key in _KINDS]
    if len(kinds) != 1:
        what = f"the step '{name}' says two things at once: {' and '.join(kinds)}"
        remedy = "Make it two steps."
        if not kinds:
            what = f"the step '{name}' has no kind"
            unknown = next((key for key in fields.mapping.entries if key not in _COMMON), "")
            remedy = did_you_mean(unknown, _KINDS)
        fields.notes.problem(fields.mapping, what, remedy)
        return None
    step = read_step(fields, kinds[0], name, lowest)
    fields.finish()
    return step


def read_step(fields: Fields, kind: str, name: str, lowest: DataClass) -> AnyStep | Questionnaire:
    """The step of a `kind` that is known (one of `KINDS`)."""
    common: Common = {
        "id": name,
        "data": fields.one_of("data", DataClass, lowest),
        "next": fields.name("next"),
    }
    return _KINDS[kind](fields, common)


def _say(fields: Fields, common: Common) -> Say:
    return Say(
        **common,
        text=fields.texts("say", LANGUAGES),
        crisis=fields.flag("crisis"),
        picture=read_picture(fields),
    )


def _branch(fields: Fields, common: Common) -> Branch:
    cases: list[Case] = []
    for inner in fields.many("branch"):
        when = inner.condition("when", "Write when: and a condition, for example mood <= 2.")
        target = inner.name("next", "Write next: and the step to go to.")
        inner.finish()
        if when is not None:
            cases.append(Case(when, target))
    return Branch(**common, cases=tuple(cases))


def _concern(fields: Fields, common: Common) -> Concern:
    inner = fields.nested("raise_concern", LEVEL)
    if inner is None:
        return Concern(**common, level=Level.R0, reason="")
    rule = read_rule(inner)
    return Concern(**common, level=rule.level, reason=rule.reason)


def _set(fields: Fields, common: Common) -> Set:
    inner = fields.nested("set", "Write below it: name: value.")
    return Set(**common, values=_values(inner), remember=fields.flag("remember"))


def _values(inner: Fields | None) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name in inner.mapping.entries if inner else ():
        found = inner.scalar(name) if inner else None
        if found is not None:
            values[name] = found.text if found.quoted else read_value(found.text)
    return values


def _start(fields: Fields, common: Common) -> Start:
    return Start(**common, dialog=fields.name("start", "Write the name of a dialog after it."))


def _hand(fields: Fields, common: Common) -> Hand:
    return Hand(**common, reason=fields.name("hand_to_human", REASON))


def _pause(fields: Fields, common: Common) -> Rest:
    found = fields.scalar("pause", "Write a number of days, or a value in braces: {days}.")
    text = found.text if found else "0"
    copied = PLACEHOLDER.fullmatch(text)
    if copied:
        return Rest(**common, days=copied.group(1))
    return Rest(**common, days=fields.whole("pause", 0, 0, 366))


def _wait(fields: Fields, common: Common) -> Wait:
    return Wait(**common, seconds=fields.seconds("wait", "Write for example wait: 2 days."))


def _score(fields: Fields, common: Common) -> Score:
    return Score(**common, instrument=fields.name("score", _INSTRUMENT))


def _instrument(fields: Fields, common: Common) -> Questionnaire:
    return Questionnaire(
        **common,
        instrument=fields.name("instrument", _INSTRUMENT),
        items=fields.names("items"),
        timeout=read_timeout(fields),
    )


def _end(fields: Fields, common: Common) -> Finish:
    outcome = fields.name("end", "Write an outcome, for example end: completed.")
    return Finish(**common, outcome=outcome, returns=_values(fields.nested("return")))


_KINDS: dict[str, Callable[[Fields, Common], AnyStep | Questionnaire]] = {
    "say": _say,
    **QUESTIONS,
    "branch": _branch,
    "raise_concern": _concern,
    "set": _set,
    "start": _start,
    "hand_to_human": _hand,
    "pause": _pause,
    "wait": _wait,
    "score": _score,
    "instrument": _instrument,
    "end": _end,
}
_COMMON = frozenset({"data", "next", "key", "optional", "timeout", "raise", "remember", "options", "picture"})
KINDS = tuple(_KINDS)
