# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""After an erasure every table is searched: nothing of the person is left but what the concept names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, select

from bot.domain.concerns import Level, Outcome, State
from bot.ports import UnitOfWork
from bot.services.appointment_entries import CancelEntry, write_entry
from bot.services.erase_person import Reason, StillOpen, erase, preview
from bot.services.next_words import NOBODY
from bot.storage.backup import write_backup
from bot.storage.columns import metadata
from bot.storage.owners import TIMED, owner_of
from bot.storage.restore import restore
from bot.storage.tables import timer
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.rich_world import CANARY, canary, enrich
from tests.storage.stores import AGENCY, HOUR, KEYRING, NOW, World, opened

#: What may be left of a person, by table: the proofs, each for its own time.
LEFT = {"participant", "consent", "concern", "concern_event", "person_key"}
#: The content that may be left: the texts agreed to with their partner, and what was done in danger.
KEPT_WORDS = {canary(place) for place in ("Text", "Partner", "Zitat", "Schritt", "Notiz")}


def on(uow: UnitOfWork) -> Connection:
    return cast("SqlUnitOfWork", uow).connection


def everything(connection: Connection) -> Iterable[tuple[str, Any]]:
    """Every value of every table, opened where it was sealed."""
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            for column, value in zip(table.c, row, strict=True):
                yield f"{table.name}.{column.name}", value


def words_left(connection: Connection) -> set[str]:
    """The canaries that are left in any table, and numbers of address and case where names were."""
    return {str(value) for _, value in everything(connection) if CANARY in str(value)}


def owned_tables(connection: Connection, person: int) -> set[str]:
    """The tables with rows of this person."""
    owners = [(table, owner_of(table)) for table in metadata.sorted_tables]
    return {
        table.name
        for table, owner in owners
        if owner is not None and connection.execute(select(table).where(owner == person)).first() is not None
    }


def close(world: World, person: int, level: Level) -> None:
    """A human closes the person's one concern."""
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    closed = replace(concern, state=State.CLOSED, level=level, outcome=Outcome.REACHED)
    world.do(lambda uow: uow.concerns.save(closed))


def remove(world: World, person: int) -> None:
    """Erase somebody."""

    def run(uow: UnitOfWork) -> None:
        who = uow.people.participants_by([person])[person]
        erase(uow, who, "command", Reason.WISH, NOW)

    world.do(run)


def test_nothing_is_left_of_a_rich_person_but_the_proofs(sqlite_world: World) -> None:
    person, other = enrich(sqlite_world), enrich(sqlite_world, "Ben")
    close(sqlite_world, person, Level.R3)
    before = sqlite_world.do(lambda uow: sorted(uow.rights.counts(other).items()))
    remove(sqlite_world, person)
    assert sqlite_world.do(lambda uow: owned_tables(on(uow), person)) == LEFT
    # Nobody else lost anything.
    assert sqlite_world.do(lambda uow: sorted(uow.rights.counts(other).items())) == before
    close(sqlite_world, other, Level.R1)
    remove(sqlite_world, other)
    assert sqlite_world.do(lambda uow: owned_tables(on(uow), other)) == LEFT - {"concern", "concern_event"}
    assert sqlite_world.do(lambda uow: words_left(on(uow))) == KEPT_WORDS


def test_a_concern_without_danger_goes_with_its_history(sqlite_world: World) -> None:
    person = enrich(sqlite_world)
    close(sqlite_world, person, Level.R2)
    remove(sqlite_world, person)
    assert sqlite_world.do(lambda uow: words_left(on(uow))) == {canary("Text"), canary("Partner")}


def test_an_open_concern_stops_it_and_nothing_is_changed(sqlite_world: World) -> None:
    person = enrich(sqlite_world)
    before = sqlite_world.do(lambda uow: list(everything(on(uow))))
    with pytest.raises(StillOpen, match="a human closes it first"):
        remove(sqlite_world, person)
    assert sqlite_world.do(lambda uow: list(everything(on(uow)))) == before


def test_what_was_announced_is_what_is_done(sqlite_world: World) -> None:
    person = enrich(sqlite_world)
    close(sqlite_world, person, Level.R3)
    who = sqlite_world.do(lambda uow: uow.people.participants_by([person])[person])
    shown = sqlite_world.do(lambda uow: preview(uow, who))
    assert not shown.open_concerns
    gone = sqlite_world.do(lambda uow: erase(uow, who, "command", Reason.ENDED, NOW))
    assert dict(gone) == shown.goes
    left = sqlite_world.do(lambda uow: uow.rights.counts(person))
    assert {name: count for name, count in left.items() if name != "person_key"} == shown.stays


def test_no_timer_entry_or_focus_names_the_person(sqlite_world: World) -> None:
    world, person = sqlite_world, enrich(sqlite_world)
    close(world, person, Level.R2)
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person, open_only=False))
    (row,) = world.do(lambda uow: uow.rights.stored(person)["appointment"])
    entry = write_entry(CancelEntry(row["id"]))

    def prepare(uow: UnitOfWork) -> None:
        uow.appointments.keep_entry(AGENCY, world.coach, entry, NOW)
        uow.people.change_staff(world.coach, focus=f"reply:{concern.id}")
        for kind in TIMED["participant"]:
            uow.timers.set(AGENCY, kind, person, NOW + HOUR, f"{kind}:{person}")
            uow.timers.set(AGENCY, kind, world.participant, NOW + HOUR, f"{kind}:{world.participant}")

    world.do(prepare)
    remove(world, person)
    subjects = world.do(lambda uow: set(on(uow).execute(select(timer.c.subject)).scalars()))
    assert subjects == {world.participant}
    staff = world.do(lambda uow: uow.people.staff(world.coach))
    assert staff is not None
    assert staff.focus == NOBODY, "what was meant for the person goes to nobody else"
    assert world.do(lambda uow: uow.appointments.take_entry(1, world.coach)) is None


def test_an_older_backup_has_nothing_of_the_person_either(
    sqlite_world: World, sqlite_url: str, tmp_path: Path
) -> None:
    person = enrich(sqlite_world)
    close(sqlite_world, person, Level.R3)
    old = write_backup(sqlite_url, KEYRING, tmp_path / "backups", NOW)
    remove(sqlite_world, person)
    new = write_backup(sqlite_url, KEYRING, tmp_path / "backups", NOW + HOUR)
    url = f"sqlite:///{tmp_path}/old.db"
    assert restore(old.path, url, KEYRING).erased == 1
    with opened(url) as storage:
        assert storage.run_sync(lambda uow: owned_tables(on(uow), person)) == set()
        assert storage.run_sync(lambda uow: words_left(on(uow))) == set()
    # A backup from afterwards keeps the proofs as the database does.
    url = f"sqlite:///{tmp_path}/new.db"
    assert restore(new.path, url, KEYRING).erased == 0
    with opened(url) as storage:
        assert storage.run_sync(lambda uow: owned_tables(on(uow), person)) == LEFT
        assert storage.run_sync(lambda uow: words_left(on(uow))) == KEPT_WORDS


def test_the_audit_log_keeps_the_case_code_alone(sqlite_world: World) -> None:
    person = sqlite_world.participant
    who = sqlite_world.do(lambda uow: uow.people.participants_by([person])[person])
    remove(sqlite_world, person)
    (look,) = sqlite_world.do(lambda uow: uow.rights.looks(who))
    assert (look.role, look.action) == ("command", "person_erased")
