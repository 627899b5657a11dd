# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sessions, logins and tries: found by what a browser shows, of which only keyed hashes are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from bot.domain.identity import Identity, IdentityOffer
from bot.domain.people import Role
from bot.domain.sign_in import How, Login, Session, Tries
from bot.errors import AlreadyTaken
from bot.ports import UnitOfWork
from bot.storage.columns import Sealed, metadata
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World

DAY = timedelta(days=1)


def session_of(world: World, account: str = "browser") -> Session:
    def keep(uow: UnitOfWork) -> Session:
        where = uow.people.add_address(AGENCY, "console", account, staff_id=world.coach)
        new = Session(
            *(0, AGENCY, world.coach, where, How.LINK, "Firefox, Linux", NOW, NOW, 30 * MINUTE, NOW + DAY)
        )
        return replace(new, id=uow.sign_ins.add_session(new))

    return world.do(keep)


def login_of(world: World, name: str = "bernd", code: str = "code") -> Login:
    new = Login(0, AGENCY, world.coach, name, "", "", 0, "SECRET", NOW + DAY)
    world.do(lambda uow: uow.sign_ins.offer(new, code))
    found = world.do(lambda uow: uow.sign_ins.login(name))
    assert found is not None
    return found


def test_a_session_is_found_by_its_address_until_it_is_ended(world: World) -> None:
    kept = session_of(world)
    assert world.do(lambda uow: uow.sign_ins.session(kept.address_id)) == kept
    assert world.do(lambda uow: uow.sign_ins.session(world.address)) is None
    world.do(lambda uow: uow.sign_ins.touch_session(kept.id, NOW + HOUR))
    other = session_of(world, "other")
    seen = replace(kept, seen_at=NOW + HOUR)
    assert world.do(lambda uow: uow.sign_ins.sessions(world.coach)) == [seen, other]
    world.do(lambda uow: uow.sign_ins.end_session(kept.id, NOW + HOUR))
    assert world.do(lambda uow: uow.sign_ins.sessions(world.coach)) == [other]
    assert world.do(lambda uow: uow.sign_ins.session(kept.address_id)) == replace(seen, ended_at=NOW + HOUR)


def test_an_address_has_one_session(world: World) -> None:
    kept = session_of(world)
    world.do(lambda uow: uow.sign_ins.end_session(kept.id, NOW))
    again = session_of(world)
    assert again.ended_at is None
    assert world.do(lambda uow: uow.sign_ins.sessions(world.coach)) == [again]


def test_a_link_offers_and_is_taken_up_once(world: World) -> None:
    login = login_of(world)
    assert login == Login(login.id, AGENCY, world.coach, "bernd", "", "", 0, "SECRET", NOW + DAY)
    assert world.do(lambda uow: uow.sign_ins.login_by_link("code")) == login
    assert world.do(lambda uow: uow.sign_ins.login_by_link("Code")) is None
    set_now = replace(login, password="$argon2id$x", secret="SECRET", step=7)
    world.do(lambda uow: uow.sign_ins.take_up(set_now))
    assert world.do(lambda uow: uow.sign_ins.login_by_link("code")) is None
    kept = replace(set_now, next_secret="", link_until=None)
    assert world.do(lambda uow: uow.sign_ins.login_of(world.coach)) == kept
    world.do(lambda uow: uow.sign_ins.use_step(login.id, 8))
    fresh = login_of(world, "bernd", "another")
    assert fresh == replace(kept, step=8, next_secret="SECRET", link_until=NOW + DAY), "the old goes on"


def test_a_name_belongs_to_one(world: World) -> None:
    login_of(world)
    other = world.do(lambda uow: uow.people.add_staff(AGENCY, "Berta Beispiel", Role.COACH, "", "de"))
    new = Login(0, AGENCY, other, "bernd", "", "", 0, "SECRET", NOW + DAY)
    with pytest.raises(AlreadyTaken):
        world.do(lambda uow: uow.sign_ins.offer(new, "third"))
    login_of(world, "bernd.beispiel")
    world.do(lambda uow: uow.sign_ins.offer(new, "third"))
    assert world.do(lambda uow: uow.sign_ins.login_of(other)) is not None


def test_a_recovery_code_is_used_once_and_by_its_owner(world: World) -> None:
    def use(code: str, staff_id: int = world.coach) -> bool:
        return world.do(lambda uow: uow.sign_ins.use_recovery(staff_id, code, NOW))

    world.do(lambda uow: uow.sign_ins.keep_recovery(AGENCY, world.coach, ["one", "two"]))
    assert not use("one", world.coach + 1)
    assert [use("one"), use("one"), use("three")] == [True, False, False]
    world.do(lambda uow: uow.sign_ins.keep_recovery(AGENCY, world.coach, ["four"]))
    assert [use("two"), use("four")] == [False, True]


def test_devices_are_known_until_they_are_forgotten(world: World) -> None:
    def is_known(device: str, staff_id: int = world.coach) -> bool:
        return world.do(lambda uow: uow.sign_ins.is_known_device(staff_id, device))

    for _ in range(2):
        world.do(lambda uow: uow.sign_ins.know_device(AGENCY, world.coach, "phone", NOW))
    assert [is_known("phone"), is_known("other"), is_known("phone", world.coach + 1)] == [True, False, False]
    world.do(lambda uow: uow.sign_ins.forget_devices(world.coach))
    assert not is_known("phone")


def test_tries_are_kept_and_forgotten(world: World) -> None:
    def tries(what: str) -> Tries | None:
        return world.do(lambda uow: uow.sign_ins.tries(what))

    assert tries("a") is None
    for count in (1, 2):
        kept = Tries(count, NOW, NOW + count * MINUTE)
        world.do(lambda uow, one=kept: uow.sign_ins.keep_tries(AGENCY, "a", one))
        assert tries("a") == kept
    world.do(lambda uow: uow.sign_ins.keep_tries(AGENCY, "b", Tries(1, NOW, NOW)))
    world.do(lambda uow: uow.sign_ins.forget_tries_before(NOW + MINUTE))
    assert (tries("a"), tries("b")) == (Tries(2, NOW, NOW + 2 * MINUTE), None)
    world.do(lambda uow: uow.sign_ins.forget_tries("a"))
    assert tries("a") is None


def test_what_somebody_must_show_is_nowhere_in_the_tables(world: World) -> None:
    session_of(world, "canary-account")
    login = login_of(world, "canary-name", "canary-link")
    world.do(lambda uow: uow.sign_ins.take_up(replace(login, password="canary-hash", secret="canary-secret")))
    world.do(lambda uow: uow.sign_ins.keep_recovery(AGENCY, world.coach, ["canary-code"]))
    world.do(lambda uow: uow.sign_ins.know_device(AGENCY, world.coach, "canary-device", NOW))
    world.do(lambda uow: uow.sign_ins.keep_tries(AGENCY, "canary-try", Tries(1, NOW, NOW)))
    names = ("staff_session", "staff_login", "recovery_code", "known_device", "sign_in_try", "address")
    seen = b""
    for name in names:
        columns = [
            type_coerce(column, LargeBinary)
            for column in metadata.tables[name].c
            if isinstance(column.type, (Sealed, LargeBinary))
        ]
        rows = world.do(lambda uow, c=columns: uow.connection.execute(select(*c)).all()) if columns else []
        assert rows or not columns
        seen += b"".join(bytes(value) for row in rows for value in row if value is not None)
    assert b"canary" not in seen


def test_an_identity_belongs_to_one_and_a_link_is_used_up(world: World) -> None:
    colleague = world.do(lambda uow: uow.people.add_staff(AGENCY, "Karl Kollege", Role.COACH, "", "de"))
    me = Identity("https://haus.example", "person-1")
    first, second = (IdentityOffer(AGENCY, who, NOW + DAY) for who in (world.coach, colleague))
    world.do(lambda uow: uow.sign_ins.offer_identity(first, "code"))
    assert world.do(lambda uow: uow.sign_ins.identity_offer("code")) == first
    assert not world.do(lambda uow: uow.sign_ins.is_bound(world.coach)), "a link alone binds nobody"
    world.do(lambda uow: uow.sign_ins.bind_identity(world.coach, me, NOW))
    assert world.do(lambda uow: uow.sign_ins.identity_offer("code")) is None
    assert world.do(lambda uow: uow.sign_ins.bound_to(me)) == world.coach
    for other in (replace(me, issuer="https://haus.example/2"), replace(me, subject="person-2")):
        assert world.do(lambda uow, one=other: uow.sign_ins.bound_to(one)) is None
    world.do(lambda uow: uow.sign_ins.offer_identity(second, "another"))
    with pytest.raises(AlreadyTaken):
        world.do(lambda uow: uow.sign_ins.bind_identity(colleague, me, NOW))
    world.do(lambda uow: uow.sign_ins.offer_identity(first, "again"))
    assert world.do(lambda uow: uow.sign_ins.bound_to(me)) == world.coach, "the old one goes on"
    moved = replace(me, subject="person-2")
    world.do(lambda uow: uow.sign_ins.bind_identity(world.coach, moved, NOW))
    assert world.do(lambda uow: [uow.sign_ins.bound_to(one) for one in (me, moved)]) == [None, world.coach]
    assert world.do(lambda uow: uow.sign_ins.unbind_identity(world.coach))
    assert not world.do(lambda uow: uow.sign_ins.unbind_identity(world.coach))
    assert not world.do(lambda uow: uow.sign_ins.is_bound(world.coach))
