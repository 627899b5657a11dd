# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which part of the queue somebody wants to see, and the choices that they keep under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from bot.domain.concerns import Level, State

Word = TypeVar("Word", bound=StrEnum)

#: For so long after the last look at a case somebody counts as having it open.
OPEN_FOR = timedelta(minutes=2)
LONGEST_NAME = 40
#: More would be no choice any more.
MOST_VIEWS = 12
_LONGEST_TAG = 16


class Whose(StrEnum):
    """Whose concerns, seen from the one who looks."""

    ALL = "all"
    MINE = "mine"  # in their hand, or theirs to take
    NOBODYS = "nobodys"  # nobody has it in hand, and it is in nobody's care
    STOOD_IN = "stood_in"  # of somebody who is away and for whom they stand in


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue is wanted; None and an empty language: any."""

    whose: Whose = Whose.ALL
    level: Level | None = None
    state: State | None = None
    language: str = ""

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Wanted:
        """From the fields of a form or an address; words that mean nothing here count as not said."""
        return cls(
            _word(Whose, fields.get("whose", "")) or Whose.ALL,
            _word(Level, fields.get("level", "")),
            _word(State, fields.get("state", "")),
            fields.get("language", "")[:_LONGEST_TAG],
        )

    @classmethod
    def parse(cls, query: str) -> Wanted:
        """What `query` was once."""
        return cls.read(dict(parse_qsl(query)))

    @property
    def query(self) -> str:
        """As it stands behind the question mark of an address; empty for everything."""
        fields = {"whose": self.whose, "level": self.level, "state": self.state, "language": self.language}
        return urlencode({name: str(value) for name, value in fields.items() if value and value != Whose.ALL})


@dataclass(frozen=True, slots=True)
class SavedView:
    """A part of the queue that a staff member keeps under a name; at most one is where they begin."""

    id: int
    agency_id: int
    staff_id: int
    name: str
    wanted: Wanted
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """A staff member has a case open."""

    agency_id: int
    concern_id: int
    staff_id: int
    seen_at: datetime


def _word(kind: type[Word], text: str) -> Word | None:
    return kind(text) if text in kind.__members__.values() else None
