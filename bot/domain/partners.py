# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Partners and what they offer, as an agency knows them. Nothing about any participant is ever in here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: So long each of the texts may be.
LONGEST_TEXT = 300
#: Nobody waits longer on paper, so that a slip of the pen is seen.
MOST_WEEKS = 260


class PartnerKind(StrEnum):
    """What somebody finds there; the last five are the support catalogue."""

    CLINIC = "clinic"
    DOCTOR = "doctor"
    THERAPY = "therapy"
    REHAB = "rehab"
    CARRIER = "carrier"  # who pays for rehabilitation
    COUNSELLING = "counselling"
    ADDICTION_HELP = "addiction_help"
    EMPLOYER_SERVICE = "employer_service"
    SELF_HELP = "self_help"
    SPORTS = "sports"
    VOLUNTEERING = "volunteering"
    COURSE = "course"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Partner:
    """One place. `languages` are tags; empty: not known.

    `waiting_weeks` is how long one waited on the day `waiting_as_of`; both are known or neither is.
    `is_retired`: nobody is sent there any more, but what was said about it once stays true.
    """

    id: int
    agency_id: int
    kind: PartnerKind
    name: str
    district: str = ""
    languages: tuple[str, ...] = ()
    waiting_weeks: int | None = None
    waiting_as_of: date | None = None
    contact: str = ""
    offer: str = ""
    is_retired: bool = False

    @property
    def mark(self) -> tuple[str, str]:
        """What tells two places apart: name and district, however they are written."""
        return _plain(self.name), _plain(self.district)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty: no matter."""

    kind: PartnerKind | None = None
    district: str = ""
    language: str = ""


def matching(partners: Iterable[Partner], wanted: Wanted) -> list[Partner]:
    """Those that fit and are not retired, the shortest wait first.

    Those whose wait is not known come last, then by name.
    """
    found = [one for one in partners if _fits(one, wanted)]
    return sorted(found, key=lambda one: (one.waiting_weeks is None, one.waiting_weeks or 0, one.mark))


def _fits(one: Partner, wanted: Wanted) -> bool:
    if one.is_retired:
        return False
    is_kind = wanted.kind is None or one.kind is wanted.kind
    is_there = not wanted.district or _plain(wanted.district) in _plain(one.district)
    speaks = not wanted.language or wanted.language.casefold() in one.languages
    return is_kind and is_there and speaks


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
