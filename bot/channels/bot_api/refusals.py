# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the Bot API's refusals mean for a message: one table for both SDKs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, SendResult, Sent
from bot.errors import ConfigurationError

#: How long to wait after a network fault or a fault of the server, in seconds.
NETWORK_PAUSE = 2.0
#: A refused token is an operator's matter; meanwhile messages wait.
UNAUTHORIZED_PAUSE = 60.0
#: What was to be edited as a text is a picture, or the other way round.
EDIT_IS_OTHER = Permanent("edit_is_other")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An SDK's exception in neutral form. `code` is the HTTP status, 0 where no sensible answer came."""

    code: int
    description: str = ""
    retry_after: float = 0.0
    migrated_to: int = 0


# The first phrase that the description holds decides.
_FORBIDDEN = (
    ("blocked by the user", Permanent("blocked", address_dead=True)),
    ("user is deactivated", Permanent("deactivated", address_dead=True)),
    ("", Permanent("forbidden", address_dead=True)),
)
_BAD_REQUEST = (
    ("message is not modified", Sent()),
    ("chat not found", Permanent("chat_not_found", address_dead=True)),
    ("peer_id_invalid", Permanent("chat_not_found", address_dead=True)),
    ("user is deactivated", Permanent("deactivated", address_dead=True)),
    ("message to edit not found", Permanent("edit_gone")),
    ("message can't be edited", Permanent("edit_gone")),
    ("message_id_invalid", Permanent("edit_gone")),
    ("no text in the message to edit", EDIT_IS_OTHER),
    ("no caption in the message to edit", EDIT_IS_OTHER),
    ("", Permanent("bad_request")),
)


def judge(refusal: Refusal) -> SendResult:
    """What to do with the message. Sending the present text again ("not modified") counts as sent."""
    if refusal.retry_after:
        return RetryAfter(refusal.retry_after)
    if refusal.migrated_to:
        return AddressChanged(str(refusal.migrated_to))
    match refusal.code:
        case 400:
            return _first(_BAD_REQUEST, refusal.description)
        case 403:
            return _first(_FORBIDDEN, refusal.description)
        case 401 | 404:
            return RetryAfter(UNAUTHORIZED_PAUSE, whole_channel=True, reason="unauthorized")
        case 413:
            return Permanent("too_large")
        case _:
            return RetryAfter(NETWORK_PAUSE, reason="network")


def why_not_started(refusal: Refusal, channel: str) -> ConfigurationError | ConnectionError:
    """What to raise when a bot cannot be started: faults that wait for an operator, or for the network."""
    if refusal.code in (401, 404):
        return ConfigurationError([f"{channel}: Telegram refuses the token"])
    if refusal.code == 400:
        return ConfigurationError([f"{channel}: Telegram refuses the webhook's address or the commands"])
    return ConnectionError(f"{channel}: Telegram cannot be reached now")


def _first(table: Iterable[tuple[str, SendResult]], description: str) -> SendResult:
    said = description.casefold()
    return next(result for phrase, result in table if phrase in said)
