# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Outcome markers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select

from bot.domain.outcome_markers import Finding, Marker, MarkerEntry
from bot.storage.handover_pack_tables import outcome_marker
from bot.storage.link import Link
from bot.storage.seals import owned


class _Content(msgspec.Struct, frozen=True):
    """What is sealed of an entry."""

    marker: Marker
    finding: Finding
    day: date
    words: str = ""


_CONTENT = msgspec.json.Decoder(_Content)
_ENTRY = ("id", "agency_id", "participant_id", "set_by", "at", "content")
_of: Select[Any] = (
    select(*(outcome_marker.c[name] for name in _ENTRY))
    .where(outcome_marker.c.participant_id.in_(bindparam("people", expanding=True)))
    .order_by(outcome_marker.c.id)
)
_CHUNK = 500


class SqlOutcomeMarkers:
    """Implements `outcome_marker_ports.OutcomeMarkers`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: MarkerEntry) -> None:
        """Keep one."""
        content = msgspec.json.encode(_Content(new.marker, new.finding, new.day, new.words)).decode()
        values = {name: getattr(new, name) for name in ("agency_id", "participant_id", "set_by", "at")}
        values["content"] = owned(content, new.participant_id)
        self._link.execute(outcome_marker.insert(), values)

    def of(self, participant_ids: Collection[int]) -> Mapping[int, list[MarkerEntry]]:
        """All of these people, by person."""
        found: dict[int, list[MarkerEntry]] = {}
        people = sorted(participant_ids)
        for start in range(0, len(people), _CHUNK):
            for row in self._link.execute(_of, {"people": people[start : start + _CHUNK]}):
                number, agency_id, person, set_by, at, content = row
                kept = _CONTENT.decode(content)
                about = (number, agency_id, person, set_by, at)
                entry = MarkerEntry(*about, kept.marker, kept.finding, kept.day, kept.words)
                found.setdefault(entry.participant_id, []).append(entry)
        return found
