# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.messages import Body, Draft, Kind
from bot.domain.own_page import LINE, Factor, PageLock, PageSession
from bot.domain.people import Invitation
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def keep(lock: PageLock, uow: UnitOfWork) -> None:
    uow.own_page.set_lock(lock)


def begin(session: PageSession, uow: UnitOfWork) -> None:
    uow.own_page.begin(session)


def test_a_lock_is_one_for_each_person_and_can_be_changed(world: World) -> None:
    first = PageLock(AGENCY, world.participant, Factor.PIN, "hash-1", NOW)
    second = replace(first, factor=Factor.BIRTH_YEAR, secret="hash-2", set_at=NOW + HOUR)
    assert world.do(lambda uow: uow.own_page.lock(world.participant)) is None
    for lock in (first, second):
        world.do(partial(keep, lock))
        assert world.do(lambda uow: uow.own_page.lock(world.participant)) == lock


def test_tries_are_counted_for_each_link(world: World) -> None:
    def links(uow: UnitOfWork) -> list[int]:
        new = Invitation(0, AGENCY, "de", "", participant_id=world.participant)
        return [uow.people.add_invitation(code, new) for code in ("a" * 32, "b" * 32)]

    one, other = world.do(links)
    assert [world.do(lambda uow: uow.own_page.count_try(one)) for _ in range(3)] == [1, 2, 3]
    assert world.do(lambda uow: (uow.own_page.tries(one), uow.own_page.tries(other))) == (3, 0)


def test_links_that_were_not_used_can_be_called_back(world: World) -> None:
    def settle(uow: UnitOfWork) -> None:
        mine = Invitation(0, AGENCY, "de", "", participant_id=world.participant)
        uow.people.use_invitation(uow.people.add_invitation("a" * 32, mine), NOW)
        uow.people.add_invitation("b" * 32, mine)
        uow.people.add_invitation("c" * 32, Invitation(0, AGENCY, "de", "", coach_id=world.coach))

    world.do(settle)
    assert world.do(lambda uow: uow.own_page.revoke_links(world.participant, NOW + HOUR)) == 1

    def used(uow: UnitOfWork) -> list[object]:
        return [getattr(uow.people.find_invitation(letter * 32), "used_at", "?") for letter in "abc"]

    assert world.do(used) == [NOW, NOW + HOUR, None]


def test_sessions_are_those_whose_address_is_open(world: World) -> None:
    def settle(uow: UnitOfWork) -> list[int]:
        return [
            uow.people.add_address(AGENCY, "web_chat", name, participant_id=world.participant)
            for name in ("eins", "zwei")
        ]

    first, second = world.do(settle)
    one = PageSession(first, AGENCY, world.participant, NOW, NOW, is_strong=False)
    two = PageSession(second, AGENCY, world.participant, NOW, NOW + HOUR, is_strong=True)
    for session in (one, two):
        world.do(partial(begin, session))
    assert world.do(lambda uow: uow.own_page.sessions(world.participant)) == [two, one]
    world.do(lambda uow: uow.own_page.see(first, NOW + 2 * HOUR))
    seen = replace(one, seen_at=NOW + 2 * HOUR)
    assert world.do(lambda uow: uow.own_page.session(first)) == seen
    world.do(lambda uow: uow.people.close_address(second))
    assert world.do(lambda uow: uow.own_page.sessions(world.participant)) == [seen]
    world.do(lambda uow: uow.own_page.begin(one))
    assert world.do(lambda uow: uow.own_page.session(first)) == one
    world.do(lambda uow: uow.own_page.end(first))
    assert world.do(lambda uow: uow.own_page.session(first)) is None
    world.do(lambda uow: uow.own_page.end_all(world.participant))
    assert world.do(lambda uow: uow.own_page.session(second)) is None, "also where it is shut"


def test_where_somebody_can_be_written_to_is_a_messenger_that_is_open(world: World) -> None:
    def page(uow: UnitOfWork) -> None:
        uow.people.use_address(
            uow.people.add_address(AGENCY, "web_chat", "seite", participant_id=world.participant), NOW
        )

    world.do(page)
    found = world.do(lambda uow: uow.own_page.messenger(world.participant, {"telegram"}))
    assert found is not None
    assert (found.channel, found.participant_id) == ("telegram", world.participant)
    world.do(lambda uow: uow.people.close_address(found.id))
    assert world.do(lambda uow: uow.own_page.messenger(world.participant, {"telegram"})) is None


def test_lines_that_called_somebody_to_the_page_are_counted_unless_they_were_cancelled(world: World) -> None:
    def post(uow: UnitOfWork, dedup: str | None, at: datetime) -> None:
        draft = Draft(AGENCY, world.address, "telegram", Kind.REMINDER, Body("Guten Tag"), dedup=dedup)
        uow.outbox.post([replace(draft, participant_id=world.participant)], at)

    def count(uow: UnitOfWork) -> int:
        return uow.own_page.lines_since(world.participant, NOW)

    for dedup, at in (
        (f"{LINE}1", NOW - HOUR),
        (f"{LINE}2", NOW),
        (f"{LINE}3", NOW + HOUR),
        ("x", NOW),
        (None, NOW),
    ):
        world.do(partial(post, dedup=dedup, at=at))
    assert world.do(count) == 2
    world.do(lambda uow: uow.outbox.cancel_for(world.participant, ()))
    assert world.do(count) == 0
