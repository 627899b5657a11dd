# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The small checks of which the table's larger ones are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tests.doubles.bot_api.refusals import Violation

# (value, where) -> the value, normalised; raises Violation.
Check = Callable[[Any, str], Any]

SCALARS = frozenset({"Integer", "Float", "Boolean", "True", "String", "InputFile"})
# Exactly one of these says what an inline button does.
_BUTTON_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    }
)


class Upload(msgspec.Struct, frozen=True):
    """A file that came with the call."""

    filename: str
    content: bytes


def check_button(button: Mapping[str, Any]) -> None:
    """One visible text, one action, a web address that a messenger can open."""
    actions = _BUTTON_ACTIONS & button.keys()
    if not actions:
        raise Violation("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise Violation("an inline keyboard button must have exactly one action")
    if not button["text"].strip():
        raise Violation("an inline keyboard button needs a text")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise Violation("inline keyboard button URL is invalid: Wrong HTTP URL")


def list_of(item: Check) -> Check:
    """A JSON array whose members all pass `item`."""

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise Violation(f"expected an Array as {where}")
        return [item(one, where) for one in value]

    return check


def first_that_fits(checks: list[Check], value: Any, where: str) -> Any:
    """What the first fitting check returns; else the first one's complaint."""
    complaint: Violation | None = None
    for check in checks:
        try:
            return check(value, where)
        except Violation as refused:
            complaint = complaint or refused
    raise complaint or Violation(f"{where} has no possible type")


def scalar(kind: str) -> Check:
    """A check for one of `SCALARS`."""

    def check(value: Any, where: str) -> Any:
        if kind in ("Integer", "Float"):
            kinds: tuple[type, ...] = (int,) if kind == "Integer" else (int, float)
            fits = isinstance(value, kinds) and not isinstance(value, bool)
        elif kind in ("Boolean", "True"):
            fits = value is True or (value is False and kind == "Boolean")
        elif kind == "InputFile":
            fits = isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://"))
        else:
            fits = isinstance(value, str)
        if not fits:
            raise Violation(f"{where} must be of type {kind}")
        return value

    return check
