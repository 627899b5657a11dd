# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Published plans, and where each person stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from bot.domain.concerns import Event, Level
from bot.domain.consent import Purpose
from bot.domain.editions import Origin
from bot.domain.messages import IncomingKind
from bot.domain.people import Participant
from bot.domain.plans import Followed, Milestones, PlanEdition
from bot.storage.link import Link, by_dialect
from bot.storage.people import PERSON, to_participant
from bot.storage.tables import concern, concern_event, consent, incoming, participant
from bot.storage.time_tables import followed, plan_version, timer

_SERIOUS = (Level.R2.value, Level.R3.value)
#: That somebody blocked or freed us is the messenger's word, not theirs.
_NOT_THEIRS = (IncomingKind.BLOCKED.value, IncomingKind.UNBLOCKED.value)

_publish = plan_version.insert()
_newest = select(func.max(plan_version.c.version)).where(plan_version.c.agency_id == bindparam("agency_id"))
_edition = select(
    plan_version.c.agency_id,
    plan_version.c.version,
    plan_version.c.digest,
    plan_version.c.source,
    plan_version.c.origin,
    plan_version.c.published_at,
).where(plan_version.c.agency_id == bindparam("agency_id"))
_one_edition = _edition.where(plan_version.c.version == bindparam("version"))
_editions = _edition.order_by(plan_version.c.version)
_followed = select(
    followed.c.participant_id,
    followed.c.plan,
    followed.c.version,
    followed.c.seen_until,
    followed.c.is_on,
    followed.c.handled_day,
).where(followed.c.participant_id == bindparam("participant_id"))
_without_timer = _followed.where(
    followed.c.is_on.is_(True),
    ~exists().where(
        timer.c.subject == followed.c.participant_id,
        timer.c.kind == "plan",
        timer.c.payload == followed.c.plan,
    ),
)
_follow = by_dialect(
    followed,
    lambda new: new.on_conflict_do_update(
        index_elements=["participant_id", "plan"],
        set_={name: new.excluded[name] for name in ("version", "seen_until", "is_on", "handled_day")},
    ),
)
_person = bindparam("person", type_=participant.c.id.type)
_agreed = (
    select(func.min(consent.c.at, type_=consent.c.at.type))
    .where(
        consent.c.participant_id == _person,
        consent.c.purpose == Purpose.CONTACT.value,
        consent.c.granted.is_(True),
    )
    .scalar_subquery()
)
_heard = (
    select(incoming.c.at)
    .where(incoming.c.participant_id == _person, incoming.c.kind.not_in(_NOT_THEIRS))
    .order_by(incoming.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_closed = (
    select(func.max(concern_event.c.at, type_=concern_event.c.at.type))
    .join_from(concern_event, concern, concern.c.id == concern_event.c.concern_id)
    .where(
        concern.c.participant_id == _person,
        concern.c.level.in_(_SERIOUS),
        concern_event.c.event == Event.CLOSE.value,
    )
    .scalar_subquery()
)
_milestones = select(_agreed, _heard, _closed)
_lock = select(*PERSON).where(participant.c.id == bindparam("id")).with_for_update(key_share=True)
_by_case_code = (
    select(*PERSON)
    .where(
        participant.c.agency_id == bindparam("agency_id"), participant.c.case_code == bindparam("case_code")
    )
    .with_for_update(key_share=True)
)
_members = (
    select(participant.c.id)
    .where(participant.c.agency_id == bindparam("agency_id"), participant.c.id > bindparam("after"))
    .order_by(participant.c.id)
    .limit(bindparam("at_most"))
)


class SqlPlans:
    """Implements `ports.Plans`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def publish(self, edition: PlanEdition) -> None:
        """Keep a file of plans for ever. Only after `lock_publishing`."""
        values = {
            "agency_id": edition.agency_id,
            "version": edition.version,
            "digest": edition.digest,
            "source": edition.source,
            "origin": edition.origin.value,
            "published_at": edition.published_at,
        }
        self._link.execute(_publish, values)

    def version_in_force(self, agency_id: int) -> int:
        """The number of the newest version; 0 if there is none."""
        row = self._link.read_one(_newest, {"agency_id": agency_id})
        return int(row[0] or 0) if row else 0

    def edition(self, agency_id: int, version: int) -> PlanEdition | None:
        """One version."""
        row = self._link.execute(_one_edition, {"agency_id": agency_id, "version": version}).first()
        return None if row is None else _to_edition(row)

    def editions(self, agency_id: int) -> list[PlanEdition]:
        """All versions, the oldest first."""
        return [_to_edition(row) for row in self._link.execute(_editions, {"agency_id": agency_id})]

    def followed(self, participant_id: int) -> dict[str, Followed]:
        """Where the person stands, by plan."""
        rows = self._link.read(_followed, {"participant_id": participant_id})
        return {row[1]: _to_followed(row) for row in rows}

    def without_timer(self, participant_id: int) -> list[Followed]:
        """Where the person stands in plans that are on, and for which nothing waits or is parked."""
        rows = self._link.execute(_without_timer, {"participant_id": participant_id})
        return [_to_followed(row) for row in rows]

    def follow(self, agency_id: int, rows: Iterable[Followed]) -> None:
        """Write down where a person stands, in place of what it was."""
        values = [
            {
                "agency_id": agency_id,
                "participant_id": row.participant_id,
                "plan": row.plan,
                "version": row.version,
                "seen_until": row.seen_until,
                "is_on": row.is_on,
                "handled_day": row.handled_day.isoformat() if row.handled_day else "",
            }
            for row in rows
        ]
        if values:
            self._link.write(_follow, values)

    def milestones(self, participant_id: int) -> Milestones:
        """Moments from which plans count."""
        row = self._link.execute(_milestones, {"person": participant_id}).one()
        return Milestones(*row)

    def lock(self, participant_id: int) -> Participant | None:
        """The person, locked for this unit of work, whether or not they can be reached."""
        row = self._link.execute(_lock, {"id": participant_id}).first()
        return None if row is None else to_participant(row)

    def by_case_code(self, agency_id: int, case_code: str) -> Participant | None:
        """As `lock`, by the code that staff see."""
        row = self._link.execute(_by_case_code, {"agency_id": agency_id, "case_code": case_code}).first()
        return None if row is None else to_participant(row)

    def members(self, agency_id: int, after: int, limit: int) -> list[int]:
        """Ids of participants above `after`, ascending."""
        values = {"agency_id": agency_id, "after": after, "at_most": limit}
        return list(self._link.execute(_members, values).scalars())


def _to_followed(row: Sequence[Any]) -> Followed:
    participant_id, plan, version, seen_until, is_on, handled = row
    day = date.fromisoformat(handled) if handled else None
    return Followed(participant_id, plan, version, seen_until, bool(is_on), day)


def _to_edition(row: Sequence[Any]) -> PlanEdition:
    agency_id, version, digest, source, origin, published_at = row
    return PlanEdition(agency_id, version, digest, source, Origin(origin), published_at)
