# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A sentence that somebody sends in pieces ("ich will", "nicht mehr", "leben"), as people do in a chat.

Each piece alone says nothing. So a message is read once more behind the short ones of the minute before it,
and what they say only together counts: the quote shows all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.domain import commands
from bot.domain.messages import Incoming, IncomingKind
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.concerns.detect import Detection
from dialogs.scales import Level

#: Whoever goes on later than this begins anew.
_WITHIN: Final = timedelta(minutes=1)
#: What is longer, or ends as a sentence does, is no piece of one.
_LONGEST, _LONGEST_LAST = 40, 200
_ENDS, _GOES_ON = (".", "!", "?"), ("..", "…")


class Read(NamedTuple):
    """What was found, and the words that say it: the message, or that and the pieces before it."""

    found: Detection
    words: str


def read(visit: Visit, incoming: Incoming) -> Read:
    """What the words of this message say, alone or together with those that came just before."""

    def before() -> list[str]:
        # This message is there already, as the last of all.
        return visit.uow.talks.said_since(visit.participant.id, _since(incoming, visit.now))[:-1]

    return _read(visit.rules, incoming, visit.participant.language, before)


def read_stranger(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, agency_id: int, now: datetime
) -> Read:
    """The same of somebody whom we do not know."""

    def before() -> list[str]:
        if commands.dialog_for(incoming.text) is not None:
            return []  # a wish that is answered by itself, however often
        address_id = uow.people.add_address(agency_id, incoming.channel, incoming.address)
        return uow.talks.said_by_stranger(address_id, _since(incoming, now))

    return _read(rules, incoming, incoming.language, before)


def _since(incoming: Incoming, now: datetime) -> datetime:
    # After an outage what was written hours apart arrives together: what counts is when it was written.
    return incoming.said_at(now) - _WITHIN


def _read(rules: Rulebook, incoming: Incoming, language: str, said: Callable[[], list[str]]) -> Read:
    text = incoming.text
    alone = Read(rules.recognise(text, language), text)
    is_last_piece = incoming.kind is IncomingKind.TEXT and not incoming.edited and len(text) <= _LONGEST_LAST
    before = _pieces(said()) if is_last_piece and alone.found.level is not Level.R3 else ""
    if not before:
        return alone
    words = f"{before} {text}"
    together = rules.recognise(words, language)
    known = max(alone.found.level.rank, rules.recognise(before, language).level.rank)
    is_more = together.level.rank >= Level.R2.rank and together.level.rank > known
    return Read(together, words) if is_more else alone


def _pieces(said: list[str]) -> str:
    """The short messages at the end of what was said."""
    pieces: list[str] = []
    for each in reversed(said):
        words = each.strip()
        if len(words) > _LONGEST or (words.endswith(_ENDS) and not words.endswith(_GOES_ON)):
            break
        pieces.insert(0, words)
    return " ".join(pieces)
