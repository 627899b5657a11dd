# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a channel says about a sending. Only the channel can know; everyone above obeys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The messenger's own "later".
LIMITED = "limited"
#: Held back because it is night where the person is.
QUIET = "quiet"
#: Reasons to wait that are no failure of the message, however often they come.
NO_FAILURE = frozenset({LIMITED, QUIET})
#: Why a message was cancelled: its end came first, see `bot.domain.messages.Draft`.
TOO_LATE = "too_late"
#: What is not sent any more because the person has withdrawn what it needs, or wants to be left alone.
NO_CONSENT = "no_consent"
#: What a message to staff is about that calls them for a concern, and why it is not sent any more once
#: somebody has taken that over.
CALL, ANSWERED = "call", "answered"
#: What a message to staff is about that is for the address to which it goes: elsewhere it would be untrue.
OWN_ADDRESS = "own_address"
#: Why a message has failed of which nobody knows what it says, or to whom.
UNREADABLE = "unreadable"


class SendState(StrEnum):
    """The life of an outgoing message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # permanently, or after the last attempt; a human is told
    CANCELLED = "cancelled"  # a withdrawn consent, a pause, an answer or its end came first


@dataclass(frozen=True, slots=True)
class Sent:
    """The messenger took it. `message` is its id there, for edits.

    `reached` is False where it only lies ready to be looked at, on a page that nobody has open now.
    """

    message: str = ""
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Permanent:
    """It can never be delivered there. `reason` is a short machine word, never the messenger's free text.

    `address_dead` says that this holds for every message to the address, not for this one alone.
    """

    reason: str
    address_dead: bool = False


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Not now. `seconds` from now; `whole_channel` when the limit holds for the bot, not for one chat."""

    seconds: float
    whole_channel: bool = False
    reason: str = LIMITED


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """The person moved to another address on the same channel; send there from now on."""

    address: str


SendResult = Sent | Permanent | RetryAfter | AddressChanged
