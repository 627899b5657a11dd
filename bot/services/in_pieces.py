# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A sentence that somebody sends in pieces ("ich will", "nicht mehr", "leben"), as people do in a chat.

Each piece alone says nothing. So a message is read once more behind the short ones of the minute before it,
and what they say only together counts: the quote shows all of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from bot.domain.messages import Incoming, IncomingKind
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
    language, text = visit.participant.language, incoming.text
    alone = Read(visit.rules.recognise(text, language), text)
    is_last_piece = incoming.kind is IncomingKind.TEXT and not incoming.edited and len(text) <= _LONGEST_LAST
    before = _pieces(visit, incoming) if is_last_piece and alone.found.level is not Level.R3 else ""
    if not before:
        return alone
    words = f"{before} {text}"
    together = visit.rules.recognise(words, language)
    known = max(alone.found.level.rank, visit.rules.recognise(before, language).level.rank)
    is_more = together.level.rank >= Level.R2.rank and together.level.rank > known
    return Read(together, words) if is_more else alone


def _pieces(visit: Visit, incoming: Incoming) -> str:
    """The short messages that end just before this one, which is the last of all.

    After an outage what was written hours apart arrives together: what counts is when it was written.
    """
    since = incoming.said_at(visit.now) - _WITHIN
    said = visit.uow.talks.said_since(visit.participant.id, since)[:-1]
    pieces: list[str] = []
    for each in reversed(said):
        words = each.strip()
        if len(words) > _LONGEST or (words.endswith(_ENDS) and not words.endswith(_GOES_ON)):
            break
        pieces.insert(0, words)
    return " ".join(pieces)
