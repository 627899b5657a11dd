# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log: only grows, and whoever changes it behind the program's back is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.ledger_chain import Break, Broken, Head, read_head
from bot.ports import UnitOfWork
from bot.services.audit_chain import cut, heads, seal, verify
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.contract.auditing import audited
from tests.storage.stores import AGENCY, NOW, World

DAY = timedelta(days=1)
KEPT = ("audit", "audit_link", "audit_checkpoint")
#: What somebody with the rights of the database's owner can do; the triggers stand in nobody's way then.
OFF = {
    "sqlite": [f"DROP TRIGGER {table}_no_{what}" for table in KEPT for what in ("update", "delete")],
    "postgresql": [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in KEPT],
}
ON = {"sqlite": [], "postgresql": [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in KEPT]}


def sql(world: World, *statements: str, unlocked: bool = True) -> None:
    def execute(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        dialect = uow.connection.dialect.name
        around = (OFF[dialect], ON[dialect]) if unlocked else ([], [])
        for statement in (*around[0], *statements, *around[1]):
            uow.connection.execute(text(statement))

    world.do(execute)


@pytest.fixture
def log(world: World) -> World:
    """Ten rows of one agency and two of another, in their chains."""

    def write(uow: UnitOfWork) -> None:
        uow.ledger.ensure_agency(2, "Anderswo", NOW)
        for number in range(10):
            uow.ledger.note(AGENCY, NOW + number * DAY, "staff:1", "concern_shown", str(number))
        for number in range(2):
            uow.ledger.note(2, NOW, "staff:9", "plan_shown", str(number))

    world.do(write)
    assert world.do(seal) == 12
    assert world.do(seal) == 0
    return world


def test_what_was_written_is_whole(log: World) -> None:
    assert log.do(verify) == []
    found = log.do(heads)
    assert {agency: head.position for agency, head in found.items()} == {AGENCY: 10, 2: 2}
    assert read_head(str(found[AGENCY])) == found[AGENCY]
    assert log.do(lambda uow: verify(uow, found.values())) == []


def test_what_is_not_in_the_chain_yet_is_no_fault_and_joins_it_later(log: World) -> None:
    log.do(lambda uow: uow.ledger.note(AGENCY, NOW, "system", "stop", "K7F3M"))
    assert log.do(verify) == []
    before = log.do(heads)[AGENCY]
    assert log.do(seal) == 1
    assert log.do(heads)[AGENCY].position == before.position + 1
    assert log.do(lambda uow: verify(uow, [before])) == []


CHANGES: list[tuple[str, list[str], Broken]] = [
    (
        "another subject",
        ["UPDATE audit SET subject = '99' WHERE id = 4"],
        Broken(AGENCY, Break.CHANGED, 4, 4),
    ),
    ("another moment", ["UPDATE audit SET at = at + 1 WHERE id = 10"], Broken(AGENCY, Break.CHANGED, 10, 10)),
    ("another agency", ["UPDATE audit SET agency_id = 2 WHERE id = 3"], Broken(AGENCY, Break.CHANGED, 3, 3)),
    ("a row removed", ["DELETE FROM audit WHERE id = 5"], Broken(AGENCY, Break.ROW_GONE, 5, 5)),
    (
        "row and link removed",
        ["DELETE FROM audit_link WHERE audit_id = 5", "DELETE FROM audit WHERE id = 5"],
        Broken(AGENCY, Break.LINK_GONE, 5),
    ),
    (
        "two rows swapped",
        [
            "UPDATE audit_link SET audit_id = -1 WHERE audit_id = 2",
            "UPDATE audit_link SET audit_id = 2 WHERE audit_id = 7",
            "UPDATE audit_link SET audit_id = 7 WHERE audit_id = -1",
        ],
        Broken(AGENCY, Break.CHANGED, 2, 7),
    ),
    (
        "a row inserted without a mark",
        [
            (
                "INSERT INTO audit (id, agency_id, at, actor, action, subject) "
                "SELECT 500, agency_id, at, 'staff:2', action, subject FROM audit WHERE id = 4"
            )
        ],
        Broken(AGENCY, Break.NOT_OURS, 0, 500),
    ),
    (
        "a row inserted with the mark of another",
        [
            "DROP INDEX uq_audit_mark",
            (
                "INSERT INTO audit (id, agency_id, at, actor, action, subject, mark) "
                "SELECT 500, agency_id, at, 'staff:2', action, subject, mark FROM audit WHERE id = 4"
            ),
        ],
        Broken(AGENCY, Break.NOT_OURS, 0, 500),
    ),
    (
        "all that is old, with a checkpoint made up",
        [
            (
                "INSERT INTO audit_checkpoint (agency_id, position, hash, at, signature) "
                "SELECT agency_id, position, hash, 0, hash FROM audit_link WHERE audit_id = 6"
            ),
            "DELETE FROM audit WHERE id <= 6",
            "DELETE FROM audit_link WHERE position <= 6",
        ],
        Broken(AGENCY, Break.CHECKPOINT, 6),
    ),
]


@pytest.mark.parametrize(("statements", "broken"), [pytest.param(s, b, id=name) for name, s, b in CHANGES])
def test_whoever_changes_it_is_found(log: World, statements: list[str], broken: Broken) -> None:
    index = next((one for one in statements if one.startswith("DROP INDEX")), None)
    try:
        sql(log, *statements)
        assert log.do(verify)[0] == broken
        # Neither does a forged row ever join the chain.
        log.do(seal)
        assert log.do(verify)[0] == broken
    finally:
        if index is not None:
            sql(log, "DELETE FROM audit WHERE id = 500", unlocked=log.storage.engine.dialect.name != "sqlite")
            sql(log, "CREATE UNIQUE INDEX uq_audit_mark ON audit (mark)", unlocked=False)


def test_a_copied_row_is_refused_by_its_mark(log: World) -> None:
    copy = (
        "INSERT INTO audit (agency_id, at, actor, action, subject, mark) "
        "SELECT agency_id, at, actor, action, subject, mark FROM audit WHERE id = 4"
    )
    with pytest.raises(DBAPIError):
        sql(log, copy, unlocked=False)


def test_a_cut_end_shows_against_a_head_that_was_written_down(log: World) -> None:
    known = log.do(heads)[AGENCY]
    sql(
        log,
        "DELETE FROM audit WHERE id IN (9, 10)",
        f"DELETE FROM audit_link WHERE agency_id = {AGENCY} AND position > 8",
    )
    assert log.do(verify) == []
    assert log.do(lambda uow: verify(uow, [known])) == [Broken(0, Break.HEAD_UNKNOWN, 10)]
    wrong = Head(8, b"\1" * 32)
    assert [one.what for one in log.do(lambda uow: verify(uow, [wrong]))] == [Break.HEAD_UNKNOWN]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET subject = '' WHERE id = 1",
        "DELETE FROM audit WHERE id = 1",
        "UPDATE audit_link SET position = 99 WHERE position = 1",
        "DELETE FROM audit_link",
        (
            "INSERT INTO audit_checkpoint (agency_id, position, hash, at, signature) "
            "VALUES (1, 1, '', 0, ''); DELETE FROM audit_checkpoint"
        ),
    ],
)
def test_the_database_itself_refuses(log: World, statement: str) -> None:
    first, _, second = statement.partition("; ")
    if second:
        sql(log, first, unlocked=False)
    with pytest.raises(DBAPIError):
        sql(log, second or first, unlocked=False)


def test_what_is_old_may_go_and_the_chain_still_holds(log: World) -> None:
    old = log.do(heads)[AGENCY]
    assert log.do(lambda uow: cut(uow, AGENCY, NOW + 4 * DAY, NOW + 20 * DAY)) == 4
    assert log.do(lambda uow: cut(uow, AGENCY, NOW + 4 * DAY, NOW + 20 * DAY)) == 0
    assert log.do(lambda uow: verify(uow, [old])) == []
    log.do(lambda uow: uow.ledger.note(AGENCY, NOW + 20 * DAY, "system", "stop", "K7F3M"))
    assert log.do(seal) == 1
    assert log.do(lambda uow: cut(uow, AGENCY, NOW + 40 * DAY, NOW + 40 * DAY)) == 7
    assert log.do(heads)[AGENCY].position == 11
    assert log.do(lambda uow: verify(uow, [old])) == []
    log.do(lambda uow: uow.ledger.note(AGENCY, NOW + 41 * DAY, "system", "stop", "K7F3M"))
    assert log.do(seal) == 1
    assert log.do(verify) == []


def test_rows_from_before_there_were_marks_join_the_first_chain_only(world: World) -> None:
    bare = (
        "INSERT INTO audit (agency_id, at, actor, action, subject) VALUES (1, 5, 'system', 'stop', 'K7F3M')"
    )
    sql(world, bare, unlocked=False)
    assert world.do(seal) == 1
    sql(world, bare, unlocked=False)
    assert world.do(seal) == 0
    assert [one.what for one in world.do(verify)] == [Break.NOT_OURS]


def test_many_rows_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.audit_chain.AT_ONCE", 3)

    def write(uow: UnitOfWork) -> None:
        for number in range(7):
            uow.ledger.note(AGENCY, NOW, "system", "stop", str(number))

    world.do(write)
    count: Callable[[], int] = lambda: world.do(seal)  # noqa: E731
    assert [count() for _ in range(4)] == [3, 3, 1, 0]
    assert world.do(verify) == []


async def test_a_cycle_of_the_auditor_lengthens_the_chain_and_its_end_is_logged_once_a_day(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    agency = audited(world)
    world.do(lambda uow: uow.ledger.note(AGENCY, NOW, "system", "stop", "K7F3M"))
    caplog.set_level("INFO", logger="bot.auditor")
    for _ in range(3):
        await agency.cycle()
    head = world.do(heads)[AGENCY]
    assert world.do(seal) == 0
    logged = [one.getMessage() for one in caplog.records if "audit log" in one.getMessage()]
    assert logged == [f"audit log: agency={AGENCY} head={head}"]
    await agency.cycle(DAY)
    assert len([one for one in caplog.records if "audit log" in one.getMessage()]) == 2
