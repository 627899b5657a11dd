# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Content of a person lies under that person's own key, on every store."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest
from sqlalchemy import Connection, LargeBinary, func, literal, select, type_coerce

from bot.domain.people import Standing
from bot.errors import NotFound, SealBroken
from bot.ports import UnitOfWork
from bot.storage.key_tables import person_key
from bot.storage.sealing import INSTALLATION, PERSON
from bot.storage.seals import HELD, Seals
from bot.storage.tables import participant
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.rich_world import CANARY, enrich, strays, unseen
from tests.storage.stores import AGENCY, KEYRING, NOW, World, opened


def on(uow: UnitOfWork) -> Connection:
    return cast("SqlUnitOfWork", uow).connection


def keys_of(world: World, person: int) -> list[bytes]:
    wanted = select(person_key.c.wrapped).where(person_key.c.participant_id == person)
    return world.do(lambda uow: [bytes(row[0]) for row in on(uow).execute(wanted)])


def add(uow: UnitOfWork, name: str = "Ben Beispiel") -> int:
    return uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None, name)


def test_everything_of_a_person_lies_under_their_key(world: World) -> None:
    person = enrich(world)
    assert world.do(lambda uow: strays(on(uow))) == []
    # Whoever adds a table with content adds it to the rich world, or says there that it is nobody's.
    assert world.do(lambda uow: unseen(on(uow), person)) == set()


def test_what_was_sealed_is_read_again_by_whoever_comes_later(world: World, store_url: str) -> None:
    person = enrich(world)
    if store_url == "sqlite://":
        assert CANARY in world.do(lambda uow: uow.people.name_of(person))
        return
    with opened(store_url) as later:
        assert CANARY in later.run_sync(lambda uow: uow.people.name_of(person))
        assert len(later.run_sync(lambda uow: uow.talks.timeline(person))) == 4
        (concern,) = later.run_sync(lambda uow: uow.concerns.of_participant(person))
        assert CANARY in concern.next_step


def test_what_was_copied_opens_no_more_and_what_is_left_lies_under_our_key(world: World) -> None:
    person = enrich(world)
    column = participant.c.name
    one = select(type_coerce(column, LargeBinary)).where(participant.c.id == person)
    copy = world.do(lambda uow: bytes(on(uow).execute(one).scalar_one()))
    world.do(lambda uow: uow.people.shred(person))
    left = world.do(lambda uow: bytes(on(uow).execute(one).scalar_one()))
    assert (copy[0], left[0]) == (PERSON, INSTALLATION)
    put_back = (
        participant.update().where(participant.c.id == person).values({column: literal(copy, LargeBinary)})
    )
    assert world.do(lambda uow: uow.concerns.of_participant(person))[0].quote.startswith(CANARY)
    world.do(lambda uow: on(uow).execute(put_back).rowcount)
    with pytest.raises(SealBroken, match=r"no key for a value of participant\.name"):
        world.do(lambda uow: uow.people.name_of(person))
    assert keys_of(world, person) == [b""]


def test_nobody_makes_a_new_key_for_somebody_who_was_erased(world: World) -> None:
    world.do(lambda uow: uow.people.shred(world.participant))
    world.do(lambda uow: uow.people.change_participant(world.participant, name=""))
    assert world.do(lambda uow: uow.people.name_of(world.participant)) == ""
    assert keys_of(world, world.participant) == [b""]


def test_a_person_who_is_removed_whole_takes_the_key_along(world: World) -> None:
    person = world.do(add)
    world.do(lambda uow: on(uow).execute(participant.delete().where(participant.c.id == person)).rowcount)
    assert keys_of(world, person) == []
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.people.change_participant(person, name="Ben"))


def test_shredding_that_is_not_kept_shreds_nothing(world: World) -> None:
    def fail(uow: UnitOfWork) -> None:
        uow.people.shred(world.participant)
        raise KeyError

    with pytest.raises(KeyError):
        world.do(fail)
    assert world.do(lambda uow: uow.people.name_of(world.participant)) == "Mia Muster"


def test_a_key_of_a_transaction_that_was_not_kept_is_forgotten(world: World, store_url: str) -> None:
    numbers = []

    def fail(uow: UnitOfWork) -> None:
        numbers.append(add(uow, "Wer nie kam"))
        raise KeyError

    for _ in range(3):
        with pytest.raises(KeyError):
            world.do(fail)
    person = world.do(add)
    if store_url.startswith("sqlite"):
        # The number was given once more: with the key of then, nobody could open what is written now.
        assert person == numbers[-1]
    if store_url == "sqlite://":
        world.do(_forget_everything)
        assert world.do(lambda uow: uow.people.name_of(person)) == "Ben Beispiel"
        return
    with opened(store_url) as later:
        assert later.run_sync(lambda uow: uow.people.name_of(person)) == "Ben Beispiel"


def _forget_everything(uow: UnitOfWork) -> None:
    seals: Seals = cast("Any", uow)._link.seals
    seals._held.clear()


def test_one_that_fails_in_a_group_leaves_no_key_to_the_others(world: World, store_url: str) -> None:
    """SQLite takes what waits into one commit: each of them may fail alone."""
    gate, people, faults = threading.Event(), [], []

    def wait(uow: UnitOfWork) -> None:
        del uow
        assert gate.wait(30)

    def fail(uow: UnitOfWork) -> None:
        add(uow, "Wer nie kam")
        raise KeyError

    def run(use_case: Any) -> None:
        try:
            found = world.do(use_case)
        except KeyError as fault:
            faults.append(fault)
        else:
            people.append(found)

    waiting = threading.Thread(target=run, args=(wait,))
    waiting.start()
    others = [threading.Thread(target=run, args=(case,)) for case in (fail, add, fail, add, fail)]
    for thread in others:
        thread.start()
    gate.set()
    for thread in (waiting, *others):
        thread.join(30)
    assert len(faults) == 3
    world.do(_forget_everything)
    names = [world.do(lambda uow, n=n: uow.people.name_of(n)) for n in people if n is not None]
    assert names == ["Ben Beispiel", "Ben Beispiel"]


def test_people_who_were_there_before_get_their_key_when_it_is_needed_even_by_many_at_once(
    world: World,
) -> None:
    def take_away(uow: UnitOfWork) -> None:
        on(uow).execute(person_key.delete())

    world.do(take_away)
    world.do(_forget_everything)
    threads = [
        threading.Thread(
            target=lambda name=f"shoe{number}": world.do(
                lambda uow: uow.memory.set_fact(AGENCY, world.participant, name, "41", NOW)
            )
        )
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    world.do(_forget_everything)
    assert set(world.do(lambda uow: uow.memory.facts(world.participant)).values()) == {"41"}
    assert len(keys_of(world, world.participant)) == 1


def test_nothing_can_be_written_about_somebody_who_is_not_there(world: World) -> None:
    with pytest.raises(SealBroken):
        world.do(lambda uow: uow.memory.set_fact(AGENCY, 999, "a", "1", NOW))


def test_a_key_moved_to_another_person_does_not_open(world: World) -> None:
    other = world.do(add)
    wrapped = keys_of(world, world.participant)[0]
    change = person_key.update().where(person_key.c.participant_id == other).values(wrapped=wrapped)
    world.do(lambda uow: on(uow).execute(change).rowcount)
    world.do(_forget_everything)
    with pytest.raises(SealBroken):
        world.do(lambda uow: uow.people.name_of(other))


def test_an_account_that_moves_is_sealed_for_whoever_has_it_now(world: World) -> None:
    other = world.do(add)
    world.do(lambda uow: uow.people.add_address(AGENCY, "telegram", "200", participant_id=other))
    world.do(lambda uow: uow.people.move_address(world.address, "200"))
    assert world.do(lambda uow: strays(on(uow))) == []
    world.do(lambda uow: uow.people.add_address(AGENCY, "telegram", "200", participant_id=other))
    assert world.do(lambda uow: strays(on(uow))) == []
    world.do(lambda uow: uow.people.add_address(AGENCY, "telegram", "200", staff_id=world.coach))
    assert world.do(lambda uow: uow.people.find_staff("telegram", "200")) is not None


def test_memory_holds_a_bounded_number_of_keys() -> None:
    class Endless:
        def load(self, participant_id: int) -> bytes | None:
            return KEYRING.wrap(bytes(32), participant_id)

        def keep(self, participant_id: int, wrapped: bytes) -> bytes | None:
            del participant_id
            return wrapped

    seals = Seals(KEYRING)
    for person in range(1, HELD + 20):
        seals.begin(Endless())
        seals.ensure(person)
        seals.committed()
    assert len(seals._held) == HELD
    assert 1 not in seals._held


def test_each_person_has_one_key(world: World) -> None:
    enrich(world)
    count = select(func.count(), func.count(person_key.c.wrapped.distinct())).select_from(person_key)
    assert world.do(lambda uow: tuple(on(uow).execute(count).one())) == (2, 2)
