# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The JSON Schemas of dialogs and programmes: editors complete and check files while somebody types.

Nothing of the format stands here a second time: the reader of files itself is run, on fields that write
down what it asks for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, get_args

from dialogs.conditions import Condition
from dialogs.fields import DURATION, LANGUAGE, NAME, Fields, Notes
from dialogs.instruments import shipped_packs
from dialogs.model import AskStep, AutoStep, Texts
from dialogs.parse import FORMAT, MAX_STEPS, read_dialog
from dialogs.parse_programme import PROGRAMME, read_programme
from dialogs.parse_questions import LABELLED, PICTURE
from dialogs.parse_steps import KINDS, read_step
from dialogs.programme_model import MOST_MONTHS
from dialogs.questionnaires import Questionnaire
from dialogs.rendering import PLACEHOLDER
from dialogs.scales import DataClass
from dialogs.yaml_source import Entry, Mapping, Scalar

Schema = dict[str, Any]
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

#: The name under which a reader that walks through a map meets the one entry that stands for all.
_ANY = "*"
#: What YAML may make of an unquoted word, number, or yes.
_PLAIN: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_TEXTS: Schema = {"$ref": "#/definitions/texts"}
_CONDITION: Schema = {"$ref": "#/definitions/condition"}
_DURATION: Schema = {"$ref": "#/definitions/duration"}
_NAME: Schema = {"$ref": "#/definitions/name"}


def schema() -> Schema:
    """The schema of a dialog file, in the draft that editors know best (draft 7)."""
    top = _Recorder()
    read_dialog(top, "", {})
    whole = top.schema()
    fields = whole["properties"]
    fields["format"] = {"const": FORMAT}
    fields["facts"]["propertyNames"] = _NAME
    fields["steps"] = {
        "type": "object",
        "propertyNames": _NAME,
        "minProperties": 1,
        "maxProperties": MAX_STEPS,
        "additionalProperties": {"oneOf": [{"$ref": f"#/definitions/{kind}"} for kind in KINDS]},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A dialog of Lotse",
        **whole,
        "required": ["format", *whole["required"]],
        "definitions": _shared() | {kind: _step(kind) for kind in KINDS},
    }


def programme_schema() -> Schema:
    """The schema of a programme file, in the same draft."""
    top = _Recorder()
    read_programme(top)
    whole = top.schema()
    fields = whole["properties"]
    fields["format"] = {"const": FORMAT}
    fields["programme"] = {"type": "string", "pattern": f"^{PROGRAMME.pattern}$"}
    tag: Schema = {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}
    fields["languages"] = {"type": "array", "items": tag, "minItems": 1}
    month: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_MONTHS}
    fields["limit"]["properties"]["warnings"] = {"type": "array", "items": month, "minItems": 1}
    fields["phases"]["propertyNames"] = _NAME
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A programme of Lotse",
        **whole,
        "required": ["format", *whole["required"]],
        "definitions": _shared(),
    }


def _shared() -> Schema:
    return {
        "texts": {
            "description": "One text for each language, for example de: ... and en: ...",
            "type": "object",
            "patternProperties": {f"^{LANGUAGE.pattern}$": _PLAIN},
            "additionalProperties": False,
        },
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$"},
        "condition": {"description": "For example: mood <= 2", **_PLAIN},
        "duration": {
            "description": "For example: 2 days",
            "type": "string",
            "pattern": f"^{DURATION.pattern}$",
        },
    }


def _step(kind: str) -> Schema:
    fields = _Recorder()
    read_step(fields, kind, "step", DataClass.NEUTRAL)
    found = fields.schema()
    meant = next(
        each for each in get_args(AskStep | AutoStep | Questionnaire) if each.__struct_config__.tag == kind
    )
    if kind == "pause":
        copied = {"type": "string", "pattern": rf"^{PLACEHOLDER.pattern}$"}
        found["properties"][kind] = {"anyOf": [found["properties"][kind], copied]}
    if "picture" in found["properties"]:
        named: Schema = {"type": "string", "pattern": f"^{PICTURE.pattern}$"}
        found["properties"]["picture"]["properties"]["file"] = named
    if kind == "scale":
        found["properties"]["labels"]["propertyNames"] = {"pattern": f"^({LABELLED.pattern})$"}
    if kind in ("instrument", "score"):
        found["properties"][kind] = {"allOf": [_NAME], "examples": sorted(shipped_packs())}
    return {
        "description": inspect.cleandoc(meant.__doc__ or ""),
        **found,
        "required": [kind, *(each for each in found.get("required", ()) if each != kind)],
    }


class _Recorder(Fields):
    """Fields that hold nothing and remember what they were asked for."""

    def __init__(self) -> None:
        entry = Entry(Scalar(_ANY, False, 1, 1), Mapping({}, 1, 1))
        super().__init__(Mapping({_ANY: entry}, 1, 1), "", Notes(""))
        self._parts: dict[str, Callable[[], Schema]] = {}
        self._required: list[str] = []
        self._may_be_empty: set[str] = set()
        self._ways: list[_Recorder] = []
        self._is_texts = False

    def schema(self) -> Schema:
        """What these fields may be."""
        if self._is_texts:
            return _TEXTS
        if self._ways:
            return {"anyOf": [way.schema() for way in self._ways]}
        found: Schema = {"type": "object"}
        named = {key: self._part(key) for key in self._parts if key != _ANY}
        if named:
            found["properties"] = named
        if self._required:
            found["required"] = self._required
        return found | {"additionalProperties": self._part(_ANY) if _ANY in self._parts else False}

    def _part(self, key: str) -> Schema:
        part = self._parts[key]()
        return {"anyOf": [part, {"enum": [None, ""]}]} if key in self._may_be_empty else part

    def _record(self, key: str, part: Schema | Callable[[], Schema], required: str = "") -> None:
        self._parts[key] = part if callable(part) else lambda: part
        if required and key not in self._required and key != _ANY:
            self._required.append(key)

    def finish(self) -> None:
        """Nothing was written, so nothing is unknown."""

    def either(self, keys: frozenset[str], long: Callable[[Fields], _T], short: Callable[[Fields], _T]) -> _T:
        del keys
        self._ways = [_Recorder(), _Recorder()]
        long(self._ways[0])
        return short(self._ways[1])

    def is_empty(self, key: str) -> bool:
        self._may_be_empty.add(key)
        return False

    def nested(self, key: str, required: str = "") -> Fields | None:
        inner = _Recorder()
        self._record(key, inner.schema, required)
        return inner

    def many(self, key: str) -> list[Fields]:
        inner = _Recorder()
        self._record(key, lambda: {"anyOf": [inner.schema(), {"type": "array", "items": inner.schema()}]})
        return [inner]

    def scalar(self, key: str, required: str = "") -> Scalar | None:
        self._record(key, _PLAIN, required)
        return None

    def name(self, key: str, required: str = "") -> str:
        self._record(key, _NAME, required)
        return ""

    def names(self, key: str) -> tuple[str, ...]:
        self._record(key, {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]})
        return ()

    def number(self, key: str, default: float, low: float, high: float) -> float:
        self._record(key, {"type": "number", "minimum": low, "maximum": high})
        return default

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        self._record(key, {"type": "integer", "minimum": low, "maximum": high})
        return default

    def flag(self, key: str) -> bool:
        self._record(key, {"enum": [True, False, "yes", "no"]})
        return False

    def one_of(self, key: str, kind: type[_E], default: _E, required: str = "") -> _E:
        known = [member.value for member in kind if not required or member != default]
        self._record(key, {"enum": known}, required)
        return default

    def seconds(self, key: str, required: str = "") -> int:
        self._record(key, _DURATION, required)
        return 0

    def condition(self, key: str, required: str = "") -> Condition | None:
        self._record(key, _CONDITION, required)
        return None

    def texts(self, key: str, required: str = "") -> Texts:
        self._record(key, _TEXTS, required)
        return {}

    def languages(self) -> Texts:
        self._is_texts = True
        return {}
