# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is away, who works when, and whose channels were tested. Shifts have a module of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time

from sqlalchemy import and_, bindparam, case, delete, func, or_, select, update

from bot.domain.duty import Absence, Caseload, ReachTest, Week
from bot.domain.people import Standing
from bot.errors import NotFound
from bot.storage.duty_tables import absence, duty_told, reach_test, working_day
from bot.storage.link import by_dialect
from bot.storage.rota import SqlRota
from bot.storage.strangers import IS_VISITOR
from bot.storage.tables import CLOSED, concern, participant

_after = bindparam("after", type_=absence.c.until.type)
_absences = (
    select(*(absence.c[name] for name in ("id", "agency_id", "staff_id", "since", "until", "deputy_id")))
    .where(
        absence.c.agency_id == bindparam("agency_id"),
        or_(absence.c.until.is_(None), absence.c.until > _after),
    )
    .order_by(absence.c.since, absence.c.id)
)
_add_absence = absence.insert().returning(absence.c.id)
_end_absence = update(absence).where(absence.c.id == bindparam("which"))
_drop_absence = delete(absence).where(absence.c.id == bindparam("which"))
_forget_absences = delete(absence).where(
    absence.c.agency_id == bindparam("agency"),
    absence.c.until < bindparam("before", type_=absence.c.until.type),
)

_weeks = (
    select(working_day.c.staff_id, working_day.c.weekday, working_day.c.begins, working_day.c.ends)
    .where(working_day.c.agency_id == bindparam("agency_id"))
    .order_by(working_day.c.staff_id, working_day.c.weekday)
)
_drop_week = delete(working_day).where(working_day.c.staff_id == bindparam("staff"))
_add_days = working_day.insert()

_tests = select(
    reach_test.c.address_id, reach_test.c.asked_at, reach_test.c.confirmed_at, reach_test.c.missed_at
).where(reach_test.c.agency_id == bindparam("agency_id"))
_ask = by_dialect(
    reach_test,
    lambda new: new.on_conflict_do_update(
        index_elements=["address_id"],
        # A silence that a lead was told of stays one until somebody confirms.
        set_={"asked_at": new.excluded.asked_at},
    ),
)
_confirm = update(reach_test).where(reach_test.c.address_id == bindparam("address")).values(missed_at=None)
_miss = update(reach_test).where(reach_test.c.address_id == bindparam("address"))

# Whoever said STOPP is still looked after; visitors and those who have left are not.
LOOKED_AFTER = participant.c.standing.in_(
    [Standing.INVITED.value, Standing.ACTIVE.value, Standing.STOPPED.value]
)
_open = and_(concern.c.participant_id == participant.c.id, concern.c.state != CLOSED)
_caseload = (
    select(
        participant.c.coach_id,
        func.count(participant.c.id.distinct()),
        func.coalesce(func.sum(case((concern.c.id.is_not(None), 1), else_=0)), 0),
    )
    .select_from(participant.outerjoin(concern, _open))
    .where(
        participant.c.agency_id == bindparam("agency_id"), participant.c.coach_id.is_not(None), LOOKED_AFTER
    )
    .group_by(participant.c.coach_id)
    .order_by(participant.c.coach_id)
)
_without_coach = (
    select(participant.c.case_code)
    .where(participant.c.agency_id == bindparam("agency_id"), participant.c.coach_id.is_(None))
    .where(LOOKED_AFTER, ~IS_VISITOR)
    .order_by(participant.c.case_code)
)

_tell = by_dialect(
    duty_told,
    lambda new: new.on_conflict_do_nothing(index_elements=["agency_id", "subject"]).returning(duty_told.c.id),
)
_forget_told = delete(duty_told).where(
    duty_told.c.agency_id == bindparam("agency"), duty_told.c.subject == bindparam("what")
)


class SqlDuty(SqlRota):
    """Implements `ports.Duty`."""

    __slots__ = ()

    def absences(self, agency_id: int, after: datetime) -> list[Absence]:
        """Those that end after this moment or have no end."""
        rows = self._link.read(_absences, {"agency_id": agency_id, "after": after})
        return [Absence(*row) for row in rows]

    def put_absence(self, new: Absence, instead_of: Iterable[int] = ()) -> int:
        """Keep an absence in place of these."""
        for old in instead_of:
            self.drop_absence(old)
        values = {
            "agency_id": new.agency_id,
            "staff_id": new.staff_id,
            "since": new.since,
            "until": new.until,
            "deputy_id": new.deputy_id,
        }
        return int(self._link.execute(_add_absence, values).scalar_one())

    def end_absence(self, absence_id: int, until: datetime) -> None:
        """They are back. Raises `NotFound`."""
        if not self._link.execute(_end_absence, {"which": absence_id, "until": until}).rowcount:
            raise NotFound(f"absence {absence_id}")

    def drop_absence(self, absence_id: int) -> None:
        """It does not happen; without effect if it is gone already."""
        self._link.execute(_drop_absence, {"which": absence_id})

    def forget_absences(self, agency_id: int, before: datetime) -> None:
        """Drop those that ended before this moment."""
        self._link.execute(_forget_absences, {"agency": agency_id, "before": before})

    def weeks(self, agency_id: int) -> Mapping[int, Week]:
        """Own working hours by staff member."""
        found: dict[int, dict[int, tuple[time, time]]] = {}
        for staff_id, weekday, begins, ends in self._link.read(_weeks, {"agency_id": agency_id}):
            found.setdefault(staff_id, {})[weekday] = (time.fromisoformat(begins), time.fromisoformat(ends))
        return found

    def set_week(self, agency_id: int, staff_id: int, week: Week) -> None:
        """In place of what it was."""
        self._link.execute(_drop_week, {"staff": staff_id})
        rows = [
            {
                "agency_id": agency_id,
                "staff_id": staff_id,
                "weekday": weekday,
                "begins": begins.isoformat("minutes"),
                "ends": ends.isoformat("minutes"),
            }
            for weekday, (begins, ends) in week.items()
        ]
        if rows:
            self._link.execute(_add_days, rows)

    def reach_tests(self, agency_id: int) -> Mapping[int, ReachTest]:
        """What is known about each way that was ever tested."""
        return {row[0]: ReachTest(*row) for row in self._link.read(_tests, {"agency_id": agency_id})}

    def ask(self, agency_id: int, address_id: int, now: datetime) -> None:
        """A test goes out."""
        self._link.upsert(_ask, {"agency_id": agency_id, "address_id": address_id, "asked_at": now})

    def confirm(self, address_id: int, now: datetime) -> bool:
        """Somebody confirmed it."""
        return bool(self._link.execute(_confirm, {"address": address_id, "confirmed_at": now}).rowcount)

    def miss(self, address_ids: Sequence[int], now: datetime) -> None:
        """These were not confirmed in time."""
        for address_id in address_ids:
            self._link.execute(_miss, {"address": address_id, "missed_at": now})

    def caseload(self, agency_id: int) -> list[Caseload]:
        """For each coach with anybody to look after."""
        rows = self._link.execute(_caseload, {"agency_id": agency_id})
        return [Caseload(coach, people, int(concerns)) for coach, people, concerns in rows]

    def without_coach(self, agency_id: int) -> list[str]:
        """Case codes of people whom no coach looks after."""
        return [str(row[0]) for row in self._link.execute(_without_coach, {"agency_id": agency_id})]

    def first_time(self, agency_id: int, subject: str, now: datetime) -> bool:
        """Whether leads were not told of this before."""
        values = {"agency_id": agency_id, "subject": subject, "at": now}
        return self._link.upsert(_tell, values).first() is not None

    def forget_told(self, agency_id: int, subject: str) -> None:
        """It may be told again."""
        self._link.execute(_forget_told, {"agency": agency_id, "what": subject})

    def forget_all_told_but(self, agency_id: int, beginning: str, subjects: Collection[str]) -> None:
        """The others may be told again."""
        over = duty_told.c.subject.startswith(beginning, autoescape=True)
        over &= duty_told.c.subject.not_in(list(subjects))
        self._link.execute(delete(duty_told).where(duty_told.c.agency_id == agency_id, over))
