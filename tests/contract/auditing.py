# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A small agency that is in order, an auditor for it, and a hand that breaks one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import text

from bot import house
from bot.auditor import Auditor
from bot.domain.audit import AuditRecord, Fault, Pace
from bot.domain.concerns import Concern, Level
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Role
from bot.ports import Receipt, UnitOfWork
from bot.services import audit_book, duty_watch, escalate
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.settings import without_environment
from dialogs.book import DialogBook
from scheduler.clock import AdvanceableClock
from tests.storage.stores import AGENCY, World

#: A Monday morning in office hours.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def micros(at: datetime) -> int:
    """A moment as it is stored."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@dataclass
class Audited:
    """The world of the contracts with a lead, hours and an auditor that has watched for an hour."""

    world: World
    rules: Rulebook
    clock: AdvanceableClock
    lead: int
    pings: list[datetime] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    answers: bool = True
    auditor: Auditor = field(init=False)

    def __post_init__(self) -> None:
        self.auditor = Auditor(
            self.world.storage, lambda: self.rules, self.clock, self.receipts.append, Pace(), self._ping
        )

    async def _ping(self) -> bool:
        self.pings.append(self.clock.now())
        return self.answers

    async def cycle(self, after: timedelta = timedelta(seconds=30)) -> AuditRecord:
        """One cycle, the usual time after the one before."""
        self.clock.advance(after)
        record = await self.auditor.cycle()
        assert record is not None
        return record

    def raised(self, level: Level = Level.R2, source: str = "message") -> Concern:
        """A concern as it is raised, with its calls delivered."""

        def use_case(uow: UnitOfWork) -> Concern:
            contact = uow.people.contact_of(self.world.participant)
            assert contact is not None
            visit = Visit(uow, self.rules, contact, self.clock.now())
            concern = escalate.raise_concern(visit, level, source, "strain", "Alles zu viel.")
            if level is Level.R3:
                visit.tell(Kind.CRISIS, "In Gefahr: 112.")
            visit.finish()
            return concern

        concern = self.world.do(use_case)
        self.sql("UPDATE outgoing SET state = 'sent', settled_at = posted_at WHERE state = 'queued'")
        return concern

    def concern(self, number: int) -> Concern:
        """As it is now."""
        found = self.world.do(lambda uow: uow.concerns.get(number))
        assert found is not None
        return found

    def draft(self, kind: Kind = Kind.REPLY, **changes: Any) -> None:
        """A message to the participant that waits."""
        values: dict[str, Any] = {
            "agency_id": AGENCY,
            "address_id": self.world.address,
            "channel": "telegram",
            "kind": kind,
            "body": Body("Guten Tag."),
            "participant_id": self.world.participant,
        }
        self.world.do(lambda uow: uow.outbox.post([Draft(**(values | changes))], self.clock.now()))

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Something that no use case would do."""

        def use_case(uow: Any) -> list[Any]:
            found = uow.connection.execute(text(statement), values)
            return list(found) if found.returns_rows else []

        return self.world.do(use_case)

    def history(self, number: int) -> list[tuple[str, str, str]]:
        """Event, actor and note of each line."""
        return [tuple(row[1:]) for row in self.world.do(lambda uow: uow.concerns.history(number))]  # type: ignore[misc]

    def alarms(self) -> int:
        """How many lines went to staff as an operator alarm."""
        return int(self.sql("SELECT count(*) FROM outgoing WHERE kind = 'staff_notice'")[0][0])

    def record(self) -> AuditRecord:
        """As it is stored."""
        found = self.world.do(audit_book.read)
        assert found is not None
        return found

    def faults(self) -> set[Fault]:
        """What the last cycle left."""
        return {finding.fault for finding in self.record().findings}


def audited(world: World) -> Audited:
    """An agency in order: a coach and a lead who are there, a person who has agreed to contact."""
    rules = house.build_rulebook(without_environment(public_url="https://lotse.example"), DialogBook())

    def settle(uow: UnitOfWork) -> int:
        lead = uow.people.add_staff(AGENCY, "Lea Leitung", Role.LEAD, "", "de")
        uow.people.add_address(AGENCY, "telegram_staff", "901", staff_id=lead)
        agreed = ConsentRecord(
            world.participant, Purpose.CONTACT, True, "Ja", "1", "de", "telegram", MONDAY - MINUTE
        )
        uow.talks.add_consent(AGENCY, agreed)
        last = AuditRecord(begun_at=MONDAY - MINUTE / 2, watched_since=MONDAY - 60 * MINUTE)
        uow.ledger.set_fact("auditor", msgspec.json.encode(last).decode())
        # As at every start of the program; after a long holiday, so that nothing is late here.
        at = MONDAY + timedelta(days=14)
        uow.timers.set(AGENCY, duty_watch.TIMER_KIND, AGENCY, at, f"duty_day:{AGENCY}")
        return lead

    return Audited(world, rules, AdvanceableClock(MONDAY), world.do(settle))
