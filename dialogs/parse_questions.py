# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Questions of a dialog file: what is asked, how it is answered, and what an answer sets off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dialogs.fields import Fields
from dialogs.model import (
    AskStep,
    Choose,
    ConcernRule,
    Consent,
    Date,
    Number,
    Option,
    Picture,
    Scale,
    Text,
    Texts,
    Timeout,
    YesNo,
)
from dialogs.scales import Level

Common = dict[str, Any]

#: A number that a scale may have, as it is written before its label.
LABELLED = re.compile(r"0|-?[1-9][0-9]{0,2}", re.ASCII)
PICTURE = re.compile(r"[a-z0-9_-]{1,50}\.(png|jpg|jpeg|webp)", re.ASCII)

LANGUAGES = "Write below it: de: ... and en: ..."
LEVEL = "Write level: R1 (strain or wish for contact), R2 (same day) or R3 (danger now)."
REASON = "Write reason: and a short name, for example low_mood."
_OPTION_FIELDS = frozenset({"label", "words", "raise", "next", "acute"})


def read_picture(fields: Fields) -> Picture | None:
    """The picture of a text, with what it shows."""
    inner = fields.nested("picture")
    if inner is None:
        return None
    file = inner.scalar("file", "Write file: and the picture's name, for example harbour.png.")
    if file is not None and not PICTURE.fullmatch(file.text):
        what = f"'{file.text[:80]}' is not a picture's name"
        fields.notes.problem(file, what, "Use small letters, digits, - and _, and .png, .jpg or .webp.")
    picture = Picture(
        file.text if file else "", inner.texts("alt", "Say what it shows: alt: {de: ..., en: ...}")
    )
    inner.finish()
    return picture


def _question(fields: Fields, kind: str, common: Common) -> Common:
    return {
        **common,
        "text": fields.texts(kind, LANGUAGES),
        "key": fields.name("key") or common["id"],
        "optional": fields.flag("optional"),
        "timeout": read_timeout(fields),
        "concerns": tuple(read_rule(rule) for rule in fields.many("raise")),
        "remember": fields.name("remember"),
        "picture": read_picture(fields),
    }


def read_timeout(fields: Fields) -> Timeout | None:
    """What happens when no answer comes, for one question or for all of a dialog."""
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


def read_rule(fields: Fields) -> ConcernRule:
    """How urgent a concern is, why, and when."""
    rule = ConcernRule(
        fields.one_of("level", Level, Level.R0, LEVEL),
        fields.name("reason", REASON),
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


def _words(texts: Texts) -> tuple[str, ...]:
    """Words of all languages, written with commas between them."""
    return tuple(word.strip() for text in texts.values() for word in text.split(",") if word.strip())


def _long_option(fields: Fields, key: str) -> Option:
    rules = fields.nested("raise")
    option = Option(
        key=key,
        label=fields.texts("label"),
        words=_words(fields.texts("words")),
        concern=read_rule(rules) if rules else None,
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
        meaning=fields.whole("meaning", 1, 1, 1000),
        object=_object(fields),
        valid=fields.seconds("valid"),
        options=_two(fields),
    )


def _object(fields: Fields) -> str:
    found = fields.scalar("object")
    return found.text if found else ""


def _scale(fields: Fields, common: Common) -> Scale:
    return Scale(
        **_question(fields, "scale", common),
        low=fields.whole("low", 0, -100, 100),
        high=fields.whole("high", 10, -100, 100),
        low_label=fields.texts("low_label"),
        high_label=fields.texts("high_label"),
        options=_labels(fields),
        acute=fields.condition("acute"),
    )


def _labels(fields: Fields) -> tuple[Option, ...]:
    inner = fields.nested("labels")
    if inner is None:
        return ()
    for key, entry in inner.mapping.entries.items():
        if not LABELLED.fullmatch(key):
            fields.notes.problem(
                entry.key, f"'{key[:80]}' is not a whole number", "Write for example 0: {...}"
            )
    return tuple(Option(key=key, label=inner.texts(key)) for key in inner.mapping.entries)


def _number(fields: Fields, common: Common) -> Number:
    return Number(
        **_question(fields, "number", common),
        low=fields.number("low", -1e9, -1e9, 1e9),
        high=fields.number("high", 1e9, -1e9, 1e9),
        decimals=fields.flag("decimals"),
        units=_words(fields.texts("units")),
    )


def _text(fields: Fields, common: Common) -> Text:
    return Text(**_question(fields, "text", common), longest=fields.whole("longest", 4000, 1, 4000))


def _date(fields: Fields, common: Common) -> Date:
    return Date(
        **_question(fields, "date", common),
        earliest=fields.whole("earliest", -36500, -36500, 36500),
        latest=fields.whole("latest", 36500, -36500, 36500),
    )


QUESTIONS: dict[str, Callable[[Fields, Common], AskStep]] = {
    "choose": _choose,
    "scale": _scale,
    "number": _number,
    "text": _text,
    "date": _date,
    "yes_no": _yes_no,
    "consent": _consent,
}
"""Kinds of questions, by the field that names them."""
