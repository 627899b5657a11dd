# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for what a person can ask of us: a copy of everything, and its end. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.people import Participant
from bot.domain.sharing import SharingAsk

#: Rows of one table, each by column.
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's case or did something with it. `role` is a role's word, or `lotse`."""

    at: datetime
    role: str
    action: str


class Rights(Protocol):
    """A person's rows in all tables, told by the schema alone."""

    def stored(self, participant_id: int) -> Mapping[str, Rows]:
        """Everything about the person, by table and column, but for what `left_out` names."""

    def left_out(self) -> Mapping[str, str]:
        """Tables and columns (`table.column`) that `stored` leaves out, each with its reason as a word."""

    def looks(self, person: Participant) -> list[Look]:
        """What the audit log says about the person, the oldest first."""

    def counts(self, participant_id: int) -> Mapping[str, int]:
        """How many rows each table has about the person; tables without any are not there."""

    def going(self, participant_id: int, kept_concerns: Collection[int]) -> Mapping[str, int]:
        """How many rows of each table `erase` would remove."""

    def give_to(self, incoming_id: int, participant_id: int) -> None:
        """What a staff member wrote is about this person: from now on it lies under their key."""

    def is_erased(self, participant_id: int) -> bool:
        """Whether the person's key is gone: only what has to be proven is left of them."""

    def erase(self, person: Participant, kept_concerns: Collection[int]) -> Mapping[str, int]:
        """Remove everything but consents and these concerns with their history. How many rows, by table.

        The person stays as a case code without a name, so that what is kept belongs to somebody. Afterwards
        the key is shredded with `People.shred`.
        """


class Sharing(Protocol):
    """What people are asked to let go to a partner, and what went there."""

    def add(self, new: SharingAsk) -> int:
        """Keep what a person is asked; its own `id` and what was handed are ignored."""

    def get(self, ask_id: int) -> SharingAsk | None: ...
    def of_participant(self, participant_id: int) -> list[SharingAsk]:
        """Everything that a person was asked, the oldest first."""

    def handed_to(self, staff_id: int) -> list[SharingAsk]:
        """What was given to this contact, the oldest first; whether it still may be seen is `may`'s."""

    def hand(self, ask: SharingAsk, words: str, concern_id: int | None, now: datetime) -> None:
        """This was given to the contact, in place of what was before; None: about no concern."""


class StaffRetention(Protocol):
    """Removes what has been kept long enough about staff."""

    def left_team(self, agency_id: int, before: datetime, limit: int) -> list[int]:
        """Who left before then, has no open concern in hand, and to whom no message is kept any more."""

    def clear_staff(self, staff_id: int, name: str, now: datetime) -> None:
        """Remove everything but their number and role, with which histories name them; `name` says so."""

    def drop_duties(self, agency_id: int, before: datetime, day: date, limit: int) -> int:
        """Absences, takeovers, shifts and their changes that ended before then, `day` in the agency's zone.

        Returns how many rows were removed; `limit` counts for each kind.
        """


class Retention(StaffRetention, Protocol):
    """Removes what has been kept long enough, a piece at a time."""

    def drop_messages(self, agency_id: int, before: datetime, limit: int) -> int:
        """Messages in both directions, but alerts of open concerns, and what ended conversations held.

        Returns how many rows were touched; with `limit` or more there may be others.
        """

    def drop_concerns(self, agency_id: int, before: datetime, limit: int) -> int:
        """Closed concerns about which nothing was done since, with all that belongs to them."""

    def drop_technical(self, agency_id: int, before: datetime, limit: int) -> int:
        """Codes and links that are no longer valid, entries that were never finished, old rehearsals."""

    def ended(self, agency_id: int, before: datetime, limit: int) -> list[int]:
        """People whose participation ended before then, without an open concern, not yet erased."""

    def forget(self, agency_id: int, before: datetime, limit: int) -> int:
        """Remove people who are erased and ended before then, with their consents, if no concern is left."""
