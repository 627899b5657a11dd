# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Answers other than success, in the words of Telegram's own server."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A call is refused: HTTP `code`, Telegram's `description`, and its `parameters` where it gives any."""

    def __init__(self, code: int, description: str, parameters: dict[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object that goes back to the bot."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class Violation(Refusal):
    """The call itself is wrong, whatever the state: no correct bot ever sends it."""

    def __init__(self, why: str) -> None:
        super().__init__(400, f"Bad Request: {why}")


def bad_request(why: str) -> Refusal:
    """400: not possible in the present state (for example an edit of a deleted message)."""
    return Refusal(400, f"Bad Request: {why}")


def blocked() -> Refusal:
    """403: the person blocked the bot; permanent until they come back."""
    return Refusal(403, "Forbidden: bot was blocked by the user")


def too_many(retry_after: int) -> Refusal:
    """429: nothing may be sent for so many seconds (at least 1)."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def conflict(why: str) -> Refusal:
    """409: two ways of receiving at once."""
    return Refusal(409, f"Conflict: {why}")


def migrated(new_chat_id: int) -> Refusal:
    """400: the group lives on under another id."""
    return Refusal(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )


def server_error() -> Refusal:
    """500: nothing was done, and it says nothing about the call."""
    return Refusal(500, "Internal Server Error")
