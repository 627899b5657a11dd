# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One step of a dialog file. The field that names the kind holds what is said, asked or done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dialogs.conditions import Value
from dialogs.fields import Fields, read_value
from dialogs.model import (
    AnyStep,
    Branch,
    Case,
    Choose,
    Concern,
    ConcernRule,
    Consent,
    DataClass,
    Date,
    Finish,
    Hand,
    Level,
    Number,
    Option,
    Rest,
    Say,
    Scale,
    Set,
    Start,
    Text,
    Timeout,
    YesNo,
)
from dialogs.problems import did_you_mean
from dialogs.rendering import PLACEHOLDER

Common = dict[str, Any]

_LANGUAGES = "Write below it: de: ... and en: ..."
_OPTION_FIELDS = frozenset({"label", "words", "raise", "next", "acute"})
_LEVEL = "Write level: R1 (strain or wish for contact), R2 (same day) or R3 (danger now)."
_REASON = "Write reason: and a short name, for example low_mood."


def parse_step(fields: Fields, name: str, lowest: DataClass) -> AnyStep | None:
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


def read_step(fields: Fields, kind: str, name: str, lowest: DataClass) -> AnyStep:
    """The step of a `kind` that is known (one of `KINDS`)."""
    common: Common = {
        "id": name,
        "data": fields.one_of("data", DataClass, lowest),
        "next": fields.name("next"),
    }
    return _KINDS[kind](fields, common)


def _say(fields: Fields, common: Common) -> Say:
    return Say(**common, text=fields.texts("say", _LANGUAGES), crisis=fields.flag("crisis"))


def _question(fields: Fields, kind: str, common: Common) -> Common:
    return {
        **common,
        "text": fields.texts(kind, _LANGUAGES),
        "key": fields.name("key") or common["id"],
        "optional": fields.flag("optional"),
        "timeout": _timeout(fields),
        "concerns": tuple(_rule(rule) for rule in fields.many("raise")),
        "remember": fields.name("remember"),
    }


def _timeout(fields: Fields) -> Timeout | None:
    inner = fields.nested("timeout")
    if inner is None:
        return None
    timeout = Timeout(
        inner.seconds("after", "Write for example after: 2 days."),
        inner.whole("repeat", 0, 0, 5),
        inner.name("next"),
    )
    inner.finish()
    return timeout


def _rule(fields: Fields) -> ConcernRule:
    rule = ConcernRule(
        fields.one_of("level", Level, Level.R0, _LEVEL),
        fields.name("reason", _REASON),
        fields.condition("when"),
    )
    fields.finish()
    return rule


def _option(fields: Fields, key: str) -> Option:
    """Either texts at once (today: {de: Heute, en: Today}) or `label` with more fields beside it."""
    return fields.either(
        _OPTION_FIELDS,
        lambda long: _long_option(long, key),
        lambda short: Option(key=key, label=short.languages()),
    )


def _long_option(fields: Fields, key: str) -> Option:
    rules = fields.nested("raise")
    words = fields.texts("words")
    option = Option(
        key=key,
        label=fields.texts("label"),
        words=tuple(word.strip() for text in words.values() for word in text.split(",") if word.strip()),
        concern=_rule(rules) if rules else None,
        next=fields.name("next"),
        acute=fields.flag("acute"),
    )
    fields.finish()
    return option


def _choose(fields: Fields, common: Common) -> Choose:
    inner = fields.nested("options", "Write the options below it, each with its texts.")
    options: list[Option] = []
    for key in inner.mapping.entries if inner else ():
        option = inner.nested(key) if inner else None
        if option is not None:
            options.append(_option(option, key))
    return Choose(**_question(fields, "choose", common), options=tuple(options))


def _two(fields: Fields) -> tuple[Option, ...]:
    found: list[Option] = []
    for key in ("yes", "no"):
        inner = fields.nested(key)
        found.append(_option(inner, key) if inner else Option(key=key))
    return tuple(found)


def _yes_no(fields: Fields, common: Common) -> YesNo:
    return YesNo(**_question(fields, "yes_no", common), options=_two(fields))


def _consent(fields: Fields, common: Common) -> Consent:
    return Consent(
        **_question(fields, "consent", common),
        purpose=fields.name("purpose", "Write purpose: and a short name, for example contact."),
        options=_two(fields),
    )


def _scale(fields: Fields, common: Common) -> Scale:
    return Scale(
        **_question(fields, "scale", common),
        low=fields.whole("low", 0, -100, 100),
        high=fields.whole("high", 10, -100, 100),
        low_label=fields.texts("low_label"),
        high_label=fields.texts("high_label"),
        acute=fields.condition("acute"),
    )


def _number(fields: Fields, common: Common) -> Number:
    return Number(
        **_question(fields, "number", common),
        low=fields.number("low", -1e9, -1e9, 1e9),
        high=fields.number("high", 1e9, -1e9, 1e9),
        decimals=fields.flag("decimals"),
    )


def _text(fields: Fields, common: Common) -> Text:
    return Text(**_question(fields, "text", common), longest=fields.whole("longest", 4000, 1, 4000))


def _date(fields: Fields, common: Common) -> Date:
    return Date(
        **_question(fields, "date", common),
        earliest=fields.whole("earliest", -36500, -36500, 36500),
        latest=fields.whole("latest", 36500, -36500, 36500),
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
    inner = fields.nested("raise_concern", _LEVEL)
    if inner is None:
        return Concern(**common, level=Level.R0, reason="")
    rule = _rule(inner)
    return Concern(**common, level=rule.level, reason=rule.reason)


def _set(fields: Fields, common: Common) -> Set:
    inner = fields.nested("set", "Write below it: name: value.")
    values: dict[str, Value] = {}
    for name in inner.mapping.entries if inner else ():
        found = inner.scalar(name) if inner else None
        if found is not None:
            values[name] = found.text if found.quoted else read_value(found.text)
    return Set(**common, values=values, remember=fields.flag("remember"))


def _start(fields: Fields, common: Common) -> Start:
    return Start(**common, dialog=fields.name("start", "Write the name of a dialog after it."))


def _hand(fields: Fields, common: Common) -> Hand:
    return Hand(**common, reason=fields.name("hand_to_human", _REASON))


def _pause(fields: Fields, common: Common) -> Rest:
    found = fields.scalar("pause", "Write a number of days, or a value in braces: {days}.")
    text = found.text if found else "0"
    copied = PLACEHOLDER.fullmatch(text)
    if copied:
        return Rest(**common, days=copied.group(1))
    return Rest(**common, days=fields.whole("pause", 0, 0, 366))


def _end(fields: Fields, common: Common) -> Finish:
    return Finish(**common, outcome=fields.name("end", "Write an outcome, for example end: completed."))


_KINDS: dict[str, Callable[[Fields, Common], AnyStep]] = {
    "say": _say,
    "choose": _choose,
    "scale": _scale,
    "number": _number,
    "text": _text,
    "date": _date,
    "yes_no": _yes_no,
    "consent": _consent,
    "branch": _branch,
    "raise_concern": _concern,
    "set": _set,
    "start": _start,
    "hand_to_human": _hand,
    "pause": _pause,
    "end": _end,
}
_COMMON = frozenset({"data", "next", "key", "optional", "timeout", "raise", "remember", "options"})
KINDS = tuple(_KINDS)
