# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversation profiles, licensed scores, and what staff wrote beside these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Select, Table, Update, bindparam, select, update

from bot.domain.profiles import Area, Judgement, LicensedScore, Profile
from bot.errors import NotFound
from bot.storage.link import Link, by_dialect
from bot.storage.profile_tables import licensed_score, profile, score_judgement
from bot.storage.seals import owned
from bot.storage.tables import incoming


class _Content(msgspec.Struct, frozen=True):
    """What is sealed of a profile. An area of a later version of Lotse makes it unreadable, not wrong."""

    values: dict[Area, int]
    first: Area | None = None


class _Result(msgspec.Struct, frozen=True):
    """What is sealed of a score."""

    value: float | None
    band: str = ""
    reason: str = ""
    items: tuple[str, ...] = ()


_CONTENT, _RESULT = msgspec.json.Decoder(_Content), msgspec.json.Decoder(_Result)
_PROFILE = ("id", "agency_id", "participant_id", "conversation_id", "at", "content", "shared_at")
_SCORE = (*_PROFILE[:4], "pack", "version", "at", "result", "shared_at")
_JUDGEMENT = ("id", "agency_id", "participant_id", "score_id", "staff_id", "at", "words")
_which: BindParameter[int] = bindparam("which")


def _columns(of: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(*(of.c[name] for name in names))


def _newest(of: Table, names: tuple[str, ...]) -> Select[Any]:
    wanted = _columns(of, names).where(of.c.participant_id == bindparam("person"))
    return wanted.order_by(of.c.id.desc()).limit(bindparam("at_most"))


def _share(of: Table) -> Update:
    return update(of).where(of.c.id == _which)


_keep = by_dialect(
    profile,
    lambda new: new.on_conflict_do_update(
        index_elements=["conversation_id"],
        set_={"content": new.excluded["content"], "at": new.excluded["at"]},
    ),
)
_profiles = _newest(profile, _PROFILE)
_shared_profiles = _profiles.where(profile.c.shared_at.is_not(None))
_scores = _newest(licensed_score, _SCORE)
_shared_scores = _scores.where(licensed_score.c.shared_at.is_not(None))
_score = _columns(licensed_score, _SCORE).where(licensed_score.c.id == _which)
_add_score = licensed_score.insert().returning(licensed_score.c.id)
_judgements = (
    _columns(score_judgement, _JUDGEMENT)
    .where(score_judgement.c.participant_id == bindparam("person"))
    .order_by(score_judgement.c.id)
)
_keep_back = update(incoming).where(incoming.c.id == _which).values(own=True)


class SqlProfiles:
    """Implements `profile_ports.Profiles`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def keep(self, new: Profile) -> None:
        """Keep a profile, in place of an earlier one of the same conversation."""
        content = msgspec.json.encode(_Content(dict(new.values), new.first)).decode()
        values = {
            "agency_id": new.agency_id,
            "participant_id": new.participant_id,
            "conversation_id": new.conversation_id,
            "at": new.at,
            "shared_at": new.shared_at,
            "content": owned(content, new.participant_id),
        }
        self._link.upsert(_keep, values)

    def of_participant(self, participant_id: int, limit: int, *, only_shared: bool = False) -> list[Profile]:
        """The newest, the oldest of them first."""
        wanted = _shared_profiles if only_shared else _profiles
        rows = self._link.execute(wanted, {"person": participant_id, "at_most": limit}).all()
        return [_to_profile(row) for row in reversed(rows)]

    def share(self, profile_id: int, shared_at: datetime | None) -> None:
        """Since when it is shared. Raises `NotFound`."""
        self._set(_share(profile), profile_id, shared_at)

    def add_score(self, new: LicensedScore) -> int:
        """Keep a score."""
        result = msgspec.json.encode(_Result(new.value, new.band, new.reason, new.items)).decode()
        values = {name: getattr(new, name) for name in _SCORE if name not in ("id", "result")}
        return int(
            self._link.execute(
                _add_score, {**values, "result": owned(result, new.participant_id)}
            ).scalar_one()
        )

    def score(self, score_id: int) -> LicensedScore | None:
        """One score."""
        row = self._link.execute(_score, {"which": score_id}).first()
        return None if row is None else _to_score(row)

    def scores(self, participant_id: int, limit: int, *, only_shared: bool = False) -> list[LicensedScore]:
        """The newest, the oldest of them first."""
        wanted = _shared_scores if only_shared else _scores
        rows = self._link.execute(wanted, {"person": participant_id, "at_most": limit}).all()
        return [_to_score(row) for row in reversed(rows)]

    def share_score(self, score_id: int, shared_at: datetime | None) -> None:
        """Since when it is shared. Raises `NotFound`."""
        self._set(_share(licensed_score), score_id, shared_at)

    def add_judgement(self, new: Judgement) -> None:
        """Keep what a staff member wrote."""
        values = {name: getattr(new, name) for name in _JUDGEMENT if name not in ("id", "words")}
        self._link.execute(
            score_judgement.insert(), {**values, "words": owned(new.words, new.participant_id)}
        )

    def judgements(self, participant_id: int) -> list[Judgement]:
        """What staff wrote beside scores, the oldest first."""
        return [Judgement(*row) for row in self._link.execute(_judgements, {"person": participant_id})]

    def keep_back(self, incoming_id: int) -> None:
        """Staff do not see it."""
        self._link.execute(_keep_back, {"which": incoming_id})

    def _set(self, statement: Update, number: int, shared_at: datetime | None) -> None:
        if self._link.execute(statement.values(shared_at=shared_at), {"which": number}).rowcount != 1:
            raise NotFound(f"there is no profile or score {number}")


def _to_profile(row: Sequence[Any]) -> Profile:
    number, agency_id, person, conversation_id, at, content, shared_at = row
    kept = _CONTENT.decode(content)
    return Profile(number, agency_id, person, conversation_id, at, kept.values, kept.first, shared_at)


def _to_score(row: Sequence[Any]) -> LicensedScore:
    number, agency_id, person, conversation_id, pack, version, at, result, shared_at = row
    kept = _RESULT.decode(result)
    return LicensedScore(
        *(number, agency_id, person, conversation_id, pack, version, at),
        value=kept.value,
        band=kept.band,
        reason=kept.reason,
        items=kept.items,
        shared_at=shared_at,
    )
