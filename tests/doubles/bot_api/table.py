# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every method with its parameters, compiled once into checks: what a call may contain.

Source: `data/telegram_bot_api.json` (Bot API 10.3; see its NOTICE). The table is stricter than the real
server, which ignores unknown parameters: a misspelled parameter is a mistake that tests should find.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tests.doubles.bot_api import formatting
from tests.doubles.bot_api.checks import (
    SCALARS,
    Check,
    Upload,
    check_button,
    first_that_fits,
    list_of,
    scalar,
)
from tests.doubles.bot_api.formatting import Formatted
from tests.doubles.bot_api.refusals import Violation

Limit = tuple[int, int, str]

_KNOWN_TEXTS = {
    ("sendMessage.text", "short"): "message text is empty",
    ("sendMessage.text", "long"): "message is too long",
    ("sendMessage.text", "missing"): "message text is empty",
    ("editMessageText.text", "short"): "message text is empty",
    ("editMessageText.text", "long"): "message is too long",
    ("InlineKeyboardButton.callback_data", "short"): "BUTTON_DATA_INVALID",
    ("InlineKeyboardButton.callback_data", "long"): "BUTTON_DATA_INVALID",
    ("answerCallbackQuery.text", "long"): "MESSAGE_TOO_LONG",
    ("setWebhook.secret_token", "long"): "secret token is too long",
}


@dataclass(slots=True)
class Arguments:
    """A call's parameters after the check, its formatted texts and its files."""

    values: dict[str, Any]
    formatted: dict[str, Formatted] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    where: str
    kind: str
    required: bool
    check: Check
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the table, ready to check calls."""

    name: str
    fields: dict[str, _Field]
    required: frozenset[str]

    def check(self, raw: Mapping[str, Any], files: Mapping[str, Upload]) -> Arguments:
        """Check a call as it came in. Raises `Violation`; text parameters come back formatted as well."""
        # Other files are meant by an "attach://" somewhere in the parameters.
        given = {**raw, **{name: upload for name, upload in files.items() if name in self.fields}}
        arguments = Arguments({}, files=files)
        for name, value in given.items():
            known = self.fields.get(name)
            if known is None:
                raise Violation(f'unknown parameter "{name}" of {self.name}')
            if value == "" and known.required:
                raise Violation(_say(known.where, "missing"))
            arguments.values[name] = known.check(_from_wire(value, known), known.where)
        for name in self.required:
            if name not in given:
                raise Violation(_say(f"{self.name}.{name}", "missing"))
        _measure(self.fields, arguments.values, arguments.formatted)
        return arguments


def _say(where: str, what: str) -> str:
    known = _KNOWN_TEXTS.get((where, what))
    if known is not None:
        return known
    name = where.rpartition(".")[2]
    if what == "missing":
        return f"{name} is empty" if name == "chat_id" else f'parameter "{name}" is required'
    return f"{where} is too {what}"


def _from_wire(value: Any, known: _Field) -> Any:
    """Top-level values may come as text: forms know nothing else, and the server takes both."""
    if not isinstance(value, str) or known.kind == "String":
        return value
    if known.kind == "Integer" or (known.kind == "Integer|String" and not value.startswith("@")):
        return _number(value, known.where)
    if known.kind in ("Boolean", "True"):
        if value.lower() not in ("true", "false", "1", "0"):
            raise Violation(f"{known.where} must be true or false")
        return value.lower() in ("true", "1")
    if known.kind == "Float":
        try:
            return float(value)
        except ValueError:
            raise Violation(f"{known.where} must be a number") from None
    if known.kind.startswith("InputFile") or known.kind == "Integer|String":
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        raise Violation(f"can't parse {known.where} JSON object") from None


def _number(value: str, where: str) -> int:
    if not value.removeprefix("-").isdecimal():
        raise Violation(f"{where} must be a valid Integer")
    return int(value)


def _measure(fields: Mapping[str, _Field], values: Mapping[str, Any], out: dict[str, Formatted]) -> None:
    """Limits; texts that may be formatted are read first and measured as people see them."""
    for name, value in values.items():
        known = fields[name]
        if known.limit is None or value is None:
            continue
        low, high, unit = known.limit
        if unit == "parsed characters" or name in ("text", "caption"):
            mode = values.get(f"{name}_parse_mode", values.get("parse_mode"))
            out[name] = formatting.read(value, mode)
            size = len(out[name].text) if unit != "bytes" else len(value.encode())
        else:
            size = len(value.encode()) if unit == "bytes" else len(value)
        if size < low:
            raise Violation(_say(known.where, "short"))
        if size > high:
            raise Violation(_say(known.where, "long"))


class Table:
    """All methods, by lower-case name as the server looks them up."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._types: Mapping[str, Mapping[str, str]] = source["types"]
        self._unions: Mapping[str, list[str]] = source["unions"]
        self._limits: Mapping[str, list[Any]] = source["limits"]
        self._structs: dict[str, Check] = {}
        self.version: str = source["version"]
        self.methods: dict[str, Method] = {}
        for name, parameters in source["methods"].items():
            fields = self._fields(name, parameters)
            required = frozenset(known.name for known in fields.values() if known.required)
            self.methods[name.lower()] = Method(name, fields, required)

    def find(self, name: str) -> Method | None:
        """The method of that name in any case, or None."""
        return self.methods.get(name.lower())

    def _fields(self, owner: str, members: Mapping[str, str]) -> dict[str, _Field]:
        fields: dict[str, _Field] = {}
        for name, kind in members.items():
            where = f"{owner}.{name}"
            bare = kind.removesuffix("!")
            limit = self._limits.get(where)
            fields[name] = _Field(
                name=name,
                where=where,
                kind=bare,
                required=kind.endswith("!"),
                check=self._check_of(bare),
                limit=(limit[0], limit[1], limit[2]) if limit else None,
            )
        return fields

    def _check_of(self, kind: str) -> Check:
        if kind.startswith("["):
            return list_of(self._check_of(kind[1:-1]))
        options = kind.split("|")
        if len(options) > 1:
            return self._any_of(options)
        if kind in SCALARS:
            return scalar(kind)
        if kind in self._unions:
            return self._any_of(self._unions[kind])

        def later(value: Any, where: str) -> Any:
            # Types contain each other, so an object's check is built when it is first needed.
            return self._struct(kind)(value, where)

        return later

    def _any_of(self, options: list[str]) -> Check:
        if set(options) <= SCALARS:
            scalars = [scalar(option) for option in options]
            return lambda value, where: first_that_fits(scalars, value, where)
        # Of several objects the one that shares most members is meant; its complaint is the useful one.
        known = [(self._types.get(option, {}).keys(), self._check_of(option)) for option in options]

        def check(value: Any, where: str) -> Any:
            if not isinstance(value, dict):
                raise Violation(f"object expected as {where}")
            ranked = sorted(known, key=lambda one: -len(one[0] & value.keys()))
            return first_that_fits([fits for _, fits in ranked], value, where)

        return check

    def _struct(self, name: str) -> Check:
        check = self._structs.get(name)
        if check is None:
            check = self._structs[name] = _object_of(name, self._fields(name, self._types[name]))
        return check


def _object_of(name: str, fields: dict[str, _Field]) -> Check:
    required = [known.name for known in fields.values() if known.required]
    measured = any(known.limit for known in fields.values())

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Violation(f"object expected as {where}")
        for key, inner in value.items():
            known = fields.get(key)
            if known is None:
                raise Violation(f'unknown field "{key}" of {name}')
            known.check(inner, known.where)
        for key in required:
            if key not in value:
                raise Violation(f'can\'t find field "{key}" of {name}')
        if measured:
            _measure(fields, value, {})
        if name == "InlineKeyboardButton":
            check_button(value)
        return value

    return check


def load() -> Table:
    """The table that lies beside this module."""
    text = (Path(__file__).parent / "data" / "telegram_bot_api.json").read_text(encoding="utf-8")
    return Table(json.loads(text))
