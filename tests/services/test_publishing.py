# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Publishing dialogs: versions are kept for ever, and nothing gets in that would break a talk (P9)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from bot import house
from bot.dialog_watch import LOOK_EVERY_S, DialogWatch
from bot.domain.editions import Origin
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.publish import (
    Published,
    in_force,
    open_book,
    publish,
    publish_shipped,
    renewed,
    roll_back,
)
from bot.storage.database import SqlStorage, open_storage
from bot.storage.sealing import Keyring
from dialogs.book import DialogBook
from dialogs.instruments import shipped_packs
from dialogs.problems import DialogError
from scheduler.clock import AdvanceableClock
from tests.services.stage import MONDAY, Actor, Stage

T = TypeVar("T")

SMALL = """format: 1
dialog: small
version: 1
title: {de: Klein, en: Small}
steps:
  hello:
    say:
      de: WORDS
      en: Hello.
  done:
    end: completed
"""
CALLER = """format: 1
dialog: caller
version: 1
title: {de: Rufer, en: Caller}
steps:
  inner:
    start: small
  done:
    end: completed
"""


def source(words: str, extra: str = "") -> str:
    return SMALL.replace("WORDS", words) + extra


@pytest.fixture
def storage() -> Iterator[SqlStorage]:
    """An empty store: nothing ever shipped."""
    storage = open_storage("sqlite://", Keyring({"k1": bytes(range(32))}, "k1"))
    yield storage
    storage.close()


class Shelf:
    """What is published in an empty store."""

    def __init__(self, storage: SqlStorage) -> None:
        self._storage = storage

    def do(self, use_case: Callable[[UnitOfWork], T]) -> T:
        return self._storage.run_sync(use_case)

    def put(self, text: str, name: str = "small.yaml", shipped: Collection[str] = ()) -> Published:
        """Somebody here publishes a text."""
        (done,) = self.do(lambda uow: publish(uow, {name: text}, MONDAY, shipped=shipped))
        return done

    def ship(self, text: str) -> list[str]:
        """A start of a program that ships this text."""
        return self.do(lambda uow: publish_shipped(uow, {"small.yaml": text}, MONDAY))

    def forced(self) -> tuple[int, str, Origin]:
        """Version, text and origin of what is in force."""
        edition = self.do(in_force)["small"]
        return edition.version, edition.source, edition.origin


@pytest.fixture
def shelf(storage: SqlStorage) -> Shelf:
    """Nothing is published yet."""
    return Shelf(storage)


def test_each_change_is_a_version_of_its_own(shelf: Shelf) -> None:
    told = [shelf.put(source(words)) for words in ("Guten Tag.", "Guten Tag.", "Guten Abend.", "Guten Tag.")]
    assert [(each.version, each.is_new) for each in told] == [(1, True), (1, False), (2, True), (3, True)]
    book = shelf.do(open_book)
    assert sorted(dialog.version for dialog in book) == [1, 2, 3]
    latest = book.latest("small")
    assert latest is not None
    assert latest.version == 3


def test_advice_stops_nobody(shelf: Shelf) -> None:
    assert shelf.put(source("Das ist keine Maßnahme.")).is_new


@pytest.mark.parametrize(
    "extra",
    [
        "  lost:\n    end: completed\n",
        "  lost:\n    branch:\n      - when: nobody_knows = 1\n        next: nowhere\n",
        "  lost: [\n",
    ],
)
def test_what_would_break_is_refused_and_nothing_is_published(shelf: Shelf, extra: str) -> None:
    sources = {"good.yaml": CALLER.replace("start: small", "say: {de: Tag, en: Hi}")}
    with pytest.raises(DialogError) as refused:
        shelf.do(lambda uow: publish(uow, sources | {"small.yaml": source("Hallo.", extra)}, MONDAY))
    assert all(problem.file == "small.yaml" and problem.remedy for problem in refused.value.problems)
    assert shelf.do(lambda uow: uow.ledger.published()) == []


@pytest.mark.parametrize("name", ["coach", "enrolled_on", "read_now", "today"])
def test_what_lotse_knows_itself_is_not_remembered_otherwise(shelf: Shelf, name: str) -> None:
    extra = f"  keep:\n    set: {{{name}: 41}}\n    remember: yes\n    next: done\n"
    text = source("Hallo.").replace("  done:", extra + "  done:")
    with pytest.raises(DialogError, match="what Lotse itself knows") as refused:
        shelf.put(text)
    problem = next(each for each in refused.value.problems if each.rule == "own_facts")
    line = text.splitlines()[problem.line - 1]
    assert name in line
    assert "another name" in problem.remedy


@pytest.mark.parametrize("name", ["shoe_size", "nickname"])
def test_anything_else_may_be_remembered(shelf: Shelf, name: str) -> None:
    extra = f'  keep:\n    set: {{{name}: "en"}}\n    remember: yes\n    next: done\n'
    assert shelf.put(source("Hallo.").replace("  done:", extra + "  done:")).is_new


def test_two_files_with_the_same_dialog_are_refused(shelf: Shelf) -> None:
    files = {"a.yaml": source("Tag."), "b.yaml": source("Abend.")}
    with pytest.raises(DialogError, match=r"b\.yaml:1: 'small' is also in a\.yaml"):
        shelf.do(lambda uow: publish(uow, files, MONDAY))


def test_what_is_not_given_is_looked_for_among_what_is_in_force(shelf: Shelf) -> None:
    with pytest.raises(DialogError, match="small"):
        shelf.put(CALLER, "caller.yaml")
    shelf.put(source("Tag."))
    assert shelf.put(CALLER, "caller.yaml").is_new


def test_a_dialog_may_not_break_one_that_is_in_force(shelf: Shelf) -> None:
    shelf.put(source("Tag."))
    shelf.put(CALLER, "caller.yaml")
    circle = source("Tag.").replace("  done:", "  inner:\n    start: caller\n  done:")
    with pytest.raises(DialogError) as refused:
        shelf.put(circle)
    assert {problem.file for problem in refused.value.problems} == {"small.yaml", "caller version 1"}
    assert shelf.forced()[0] == 1


def test_a_start_publishes_what_ships_and_its_changes(shelf: Shelf) -> None:
    for text, version in (("Tag.", 1), ("Tag.", 1), ("Abend.", 2), ("Tag.", 3)):
        assert shelf.ship(source(text)) == []
        assert shelf.forced() == (version, source(text), Origin.SHIPPED)


def test_a_start_never_replaces_what_was_published_here(shelf: Shelf) -> None:
    shelf.ship(source("Tag."))
    shelf.put(source("Moin."))
    for shipped in ("Tag.", "Abend.", "Nacht."):
        assert shelf.ship(source(shipped)) == ["small"]
        assert shelf.forced() == (2, source("Moin."), Origin.ADMIN)


def test_who_takes_the_shipped_text_again_gets_its_changes_again(shelf: Shelf) -> None:
    shelf.ship(source("Tag."))
    shelf.put(source("Moin."))
    shipped = {source("Abend.")}
    assert shelf.put(source("Abend."), shipped=shipped).version == 3
    assert shelf.forced() == (3, source("Abend."), Origin.SHIPPED)
    assert shelf.ship(source("Nacht.")) == []
    assert shelf.forced() == (4, source("Nacht."), Origin.SHIPPED)


def test_going_back_is_publishing_again(shelf: Shelf) -> None:
    shelf.ship(source("Tag."))
    shelf.ship(source("Abend."))
    told = shelf.do(lambda uow: roll_back(uow, ("small", 1), MONDAY, shipped={source("Abend.")}))
    assert told == Published("small", 3, is_new=True)
    assert shelf.forced() == (3, source("Tag."), Origin.ADMIN)
    assert shelf.ship(source("Abend.")) == ["small"], "going back was somebody's decision"
    assert not shelf.do(lambda uow: roll_back(uow, ("small", 1), MONDAY)).is_new
    assert shelf.do(lambda uow: roll_back(uow, ("small", 2), MONDAY, shipped={source("Abend.")})).version == 4
    assert shelf.forced() == (4, source("Abend."), Origin.SHIPPED)


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (("smal", 1), "there is no dialog 'smal'. Did you mean 'small'?"),
        (("small", 9), "'small' has no version 9. There are 1 to 1."),
    ],
)
def test_going_back_to_nowhere(shelf: Shelf, which: tuple[str, int], words: str) -> None:
    shelf.put(source("Tag."))
    with pytest.raises(NotFound) as refused:
        shelf.do(lambda uow: roll_back(uow, which, MONDAY))
    assert str(refused.value) == words


def test_going_back_to_what_no_longer_fits_is_refused(shelf: Shelf) -> None:
    shelf.put(source("Tag.").replace("dialog: small", "dialog: other"), "other.yaml")
    shelf.put(CALLER.replace("start: small", "start: other").replace("dialog: caller", "dialog: small"))
    shelf.put(source("Abend."))
    shelf.put(CALLER.replace("dialog: caller", "dialog: other"), "other.yaml")
    with pytest.raises(DialogError, match="small version 1"):
        shelf.do(lambda uow: roll_back(uow, ("small", 1), MONDAY))
    assert shelf.forced()[0] == 2


def test_an_old_version_that_cannot_be_read_any_more_is_left_out(shelf: Shelf) -> None:
    shelf.put(source("Tag."))
    shelf.put(source("Abend."))
    editions = shelf.do(lambda uow: uow.ledger.published())
    broken = replace(editions[0], source="what is this")
    book = renewed(DialogBook(), [broken, editions[1]])
    assert [dialog.version for dialog in book] == [2]
    with pytest.raises(DialogError, match="small version 2"):
        renewed(DialogBook(), [editions[0], replace(editions[1], source="what is this")])


CHANGED = ("Wie haben Sie geschlafen?", "Wie war die Nacht?")


def republish(stage: Stage, change: tuple[str, str] = CHANGED) -> None:
    """The weekly check-in with other words, noticed as by `DialogWatch`."""
    text = stage.run(in_force)["weekly_checkin"].source.replace(*change)
    stage.run(lambda uow: publish(uow, {"weekly_checkin.yaml": text}, stage.now))
    stage.renew_rules()


def begins(stage: Stage, coach: Actor, name: str) -> Actor:
    """Somebody who has agreed to everything and reads the first question."""
    person = stage.person(name)
    person.starts(stage.invitation(coach))
    for label in ("Ja", "Ja", "Ja"):
        person.presses(label)
    person.forgets()
    return person


def ends(person: Actor, second: str) -> None:
    """Answers to the end: the second question has these words."""
    person.presses("7")
    person.hears(second)
    person.presses("8")
    person.hears("Was ist Ihnen diese Woche gelungen?")
    person.presses("Überspringen")
    person.hears("Soll sich Ihr Coach bei Ihnen melden?")
    person.presses("Nein")
    person.hears("Alles Gute")


def test_a_running_conversation_stays_on_its_version(stage: Stage, berta: Actor) -> None:
    old, new = CHANGED
    mia = begins(stage, berta, "mia")
    republish(stage)
    max_ = begins(stage, berta, "max")
    stage.run(lambda uow: roll_back(uow, ("weekly_checkin", 1), stage.now))
    stage.renew_rules()
    eva = begins(stage, berta, "eva")
    ends(mia, old)
    ends(max_, new)
    ends(eva, old)
    assert stage.run(in_force)["weekly_checkin"].version == 3


def test_a_process_that_has_not_noticed_yet_goes_on_with_what_another_began(
    stage: Stage, berta: Actor
) -> None:
    before = stage.rules
    republish(stage)
    mia = begins(stage, berta, "mia")
    stage.rules = before
    ends(mia, CHANGED[1])
    assert before.book.latest("weekly_checkin") == before.book.get("weekly_checkin", 1)


async def test_a_running_program_notices_within_seconds(storage: SqlStorage) -> None:
    clock, stop = AdvanceableClock(MONDAY), asyncio.Event()
    books: asyncio.Queue[DialogBook] = asyncio.Queue()
    await storage.run(lambda uow: publish(uow, {"small.yaml": source("Tag.")}, MONDAY))
    watch = DialogWatch(clock, shipped_packs())
    assert await watch.look(storage)
    assert not await watch.look(storage)
    async with asyncio.TaskGroup() as group:
        group.create_task(watch.run(storage, stop, books.put_nowait))
        await storage.run(lambda uow: publish(uow, {"small.yaml": source("Abend.")}, MONDAY))
        book = await noticed(clock, books)
        assert [dialog.version for dialog in book] == [1, 2]
        await storage.run(lambda uow: roll_back(uow, ("small", 1), MONDAY))
        latest = (await noticed(clock, books)).latest("small")
        assert latest is not None
        assert latest.version == 3
        stop.set()


async def noticed(clock: AdvanceableClock, books: asyncio.Queue[DialogBook]) -> DialogBook:
    """The next book, a look later."""
    async with asyncio.timeout(10):
        while books.empty():
            clock.advance(timedelta(seconds=LOOK_EVERY_S))
            await clock.sleep(0)
    return books.get_nowait()


async def test_a_version_that_this_program_cannot_read_is_said_and_tried_once(storage: SqlStorage) -> None:
    clock, stop = AdvanceableClock(MONDAY), asyncio.Event()
    books: asyncio.Queue[DialogBook] = asyncio.Queue()

    def from_the_future(uow: UnitOfWork) -> None:
        uow.ledger.lock_publishing()
        text = source("Tag.").replace("format: 1", "format: 2")
        uow.ledger.publish("small", "d", text, Origin.ADMIN, MONDAY)

    await storage.run(from_the_future)
    watch = DialogWatch(clock, shipped_packs())
    async with asyncio.TaskGroup() as group:
        group.create_task(watch.run(storage, stop, books.put_nowait))
        async with asyncio.timeout(10):
            while not watch.trouble:
                clock.advance(timedelta(seconds=LOOK_EVERY_S))
                await clock.sleep(0)
        assert watch.trouble == "small version 1 is published, but cannot be read here: update this process"
        assert books.empty()
        assert not await watch.look(storage)
        await storage.run(lambda uow: publish(uow, {"small.yaml": source("Abend.")}, MONDAY))
        assert [dialog.version for dialog in await noticed(clock, books)] == [2]
        assert watch.trouble == ""
        stop.set()


def test_what_ships_is_published_whole(shelf: Shelf) -> None:
    assert shelf.do(lambda uow: publish_shipped(uow, house.dialog_sources(), MONDAY)) == []
    editions = shelf.do(lambda uow: uow.ledger.published())
    assert {edition.origin for edition in editions} == {Origin.SHIPPED}
    assert {edition.source for edition in editions} == set(house.dialog_sources().values())
