# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Help plans with their versions and history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select, update

from bot.domain.help_plans import HelpPlan, PlanContent, PlanEntry, PlanEvent, PlanState
from bot.errors import NotFound
from bot.storage.help_plan_tables import help_plan, help_plan_event, help_plan_version
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned
from bot.storage.tables import CLOSED

_PLAN_CONTENT = msgspec.json.Decoder(PlanContent)

_PLAN = (
    *("id", "agency_id", "participant_id", "state", "version", "made_by", "made_at", "changed_at"),
    *("shown", "reminds", "review_at"),
)
_CHANGING = ("state", "version", "changed_at", "shown", "reminds", "review_at")
_GOES_ON = help_plan.c.state != CLOSED
_plans: Select[Any] = select(*(help_plan.c[name] for name in _PLAN))
_one = _plans.where(help_plan.c.id == bindparam("which"))
_of_person = _plans.where(help_plan.c.participant_id == bindparam("person")).order_by(help_plan.c.id)
_open_of = _of_person.where(_GOES_ON)
_to_review = _plans.where(
    help_plan.c.agency_id == bindparam("agency"),
    _GOES_ON,
    help_plan.c.review_at <= bindparam("until", type_=help_plan.c.review_at.type),
).order_by(help_plan.c.review_at, help_plan.c.id)
_add = by_dialect(
    help_plan,
    lambda new: new.on_conflict_do_nothing(index_elements=["participant_id"], index_where=_GOES_ON).returning(
        help_plan.c.id
    ),
)
_save = update(help_plan).where(help_plan.c.id == bindparam("which"))
_content = (
    select(help_plan_version.c.content)
    .where(
        help_plan_version.c.plan_id == bindparam("plan"), help_plan_version.c.version == bindparam("wanted")
    )
    .order_by(help_plan_version.c.id.desc())
    .limit(1)
)
_history = (
    select(
        help_plan_event.c.at,
        help_plan_event.c.event,
        help_plan_event.c.actor,
        help_plan_event.c.version,
        help_plan_event.c.step,
    )
    .where(help_plan_event.c.plan_id == bindparam("plan"))
    .order_by(help_plan_event.c.id)
)


class SqlHelpPlans:
    """Implements `help_plan_ports.HelpPlans`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: HelpPlan) -> int | None:
        """Keep a new plan."""
        values = {name: getattr(new, name) for name in _PLAN if name != "id"} | {"state": new.state.value}
        row = self._link.upsert(_add, values).first()
        return None if row is None else int(row[0])

    def get(self, plan_id: int) -> HelpPlan | None:
        """One plan."""
        row = self._link.execute(_one, {"which": plan_id}).first()
        return None if row is None else _to_plan(row)

    def open_of(self, participant_id: int) -> HelpPlan | None:
        """The person's plan that goes on."""
        row = self._link.execute(_open_of, {"person": participant_id}).first()
        return None if row is None else _to_plan(row)

    def of_participant(self, participant_id: int) -> list[HelpPlan]:
        """All of a person, the oldest first."""
        return [_to_plan(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def to_review(self, agency_id: int, now: datetime) -> list[HelpPlan]:
        """Those to look at again."""
        return [_to_plan(row) for row in self._link.execute(_to_review, {"agency": agency_id, "until": now})]

    def save(self, changed: HelpPlan) -> None:
        """Write down what may change. Raises `NotFound`."""
        values = {name: getattr(changed, name) for name in _CHANGING} | {"state": changed.state.value}
        if self._link.execute(_save.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no help plan {changed.id}")

    def write(self, plan: HelpPlan, content: PlanContent, actor: str, now: datetime) -> None:
        """Keep the content of its version."""
        values = {
            "agency_id": plan.agency_id,
            "participant_id": plan.participant_id,
            "plan_id": plan.id,
            "version": plan.version,
            "at": now,
            "actor": actor,
            "content": owned(msgspec.json.encode(content).decode(), plan.participant_id),
        }
        self._link.execute(help_plan_version.insert(), values)

    def content(self, plan: HelpPlan, version: int) -> PlanContent:
        """What stands in a version. Raises `NotFound`."""
        row = self._link.execute(_content, {"plan": plan.id, "wanted": version}).first()
        if row is None:
            raise NotFound(f"help plan {plan.id} has no version {version}")
        return _PLAN_CONTENT.decode(row[0])

    def log(self, plan: HelpPlan, entry: PlanEntry) -> None:
        """Add to the history."""
        values = {
            "agency_id": plan.agency_id,
            "participant_id": plan.participant_id,
            "plan_id": plan.id,
            "at": entry.at,
            "event": entry.event.value,
            "actor": entry.actor,
            "version": entry.version,
            "step": entry.step,
        }
        self._link.execute(help_plan_event.insert(), values)

    def history(self, plan_id: int) -> list[PlanEntry]:
        """What happened, the oldest first."""
        rows = self._link.execute(_history, {"plan": plan_id})
        return [
            PlanEntry(at, PlanEvent(event), actor, version, step) for at, event, actor, version, step in rows
        ]


def _to_plan(row: Sequence[Any]) -> HelpPlan:
    number, agency_id, person, state, version, made_by, made_at, changed_at, shown, reminds, review_at = row
    return HelpPlan(
        *(number, agency_id, person, PlanState(state), version, made_by, made_at, changed_at),
        shown=shown,
        reminds=bool(reminds),
        review_at=review_at,
    )
