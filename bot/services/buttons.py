# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a participant's button carries, so that a press finds its question again."""

from __future__ import annotations

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def press_token(conversation_id: int, turn: int, value: str) -> str:
    """What a participant's button carries: conversation, turn and value, in at most 64 ASCII bytes."""
    return f"c:{_base36(conversation_id)}:{turn}:{value}"


def read_press(token: str) -> tuple[int, int, str] | None:
    """Conversation, turn and value of a button; None for anything that is not one of ours."""
    mark, _, rest = token.partition(":")
    number, _, rest = rest.partition(":")
    turn, _, value = rest.partition(":")
    if mark != "c" or not turn.isdecimal() or not number or set(number) - set(_BASE36):
        return None
    return int(number, 36), int(turn), value


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
        if not number:
            return digits
