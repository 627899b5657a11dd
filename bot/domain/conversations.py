# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where a conversation stands for the floor: a person has one open conversation, all others wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import Kind


class ConversationState(StrEnum):
    """Who may speak, and who waits for what."""

    WANTED = "wanted"  # nothing was said yet: it begins when nothing else is open
    OPEN = "open"  # it has the floor; at most one of a person's conversations is open
    ASLEEP = "asleep"  # it waits for its own moment; a timer wakes it
    PUT_BY = "put_by"  # something else came first; it comes back when that is over
    ENDED = "ended"


#: Where each state may lead. What is not here cannot happen.
MOVES: dict[ConversationState, frozenset[ConversationState]] = {
    ConversationState.WANTED: frozenset({ConversationState.OPEN, ConversationState.ENDED}),
    ConversationState.OPEN: frozenset(
        {ConversationState.ASLEEP, ConversationState.PUT_BY, ConversationState.ENDED}
    ),
    ConversationState.ASLEEP: frozenset(
        {ConversationState.OPEN, ConversationState.PUT_BY, ConversationState.ENDED}
    ),
    ConversationState.PUT_BY: frozenset({ConversationState.OPEN, ConversationState.ENDED}),
    ConversationState.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Underway:
    """A conversation that has not ended.

    `session` is the engine's own text, empty while the conversation is only wanted. `priority` is a rank:
    the highest goes first. `kind` is the kind of message that it begins with; what is still wanted at
    `expires_at` is dropped. `subject` is what it is about beside the person, like `appointment:17`; the same
    dialog about two subjects is two conversations.
    """

    id: int
    participant_id: int
    dialog: str
    state: ConversationState
    session: str = ""
    priority: int = 1
    kind: Kind = Kind.REPLY
    expires_at: datetime | None = None
    subject: str = ""
