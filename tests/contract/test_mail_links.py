# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One-time links in mails: found by their whole code only, and never readable in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from bot.domain.mail import LinkPurpose, MailLink
from bot.storage.mail_links import SqlMailLinks
from bot.storage.sealing import Keyring
from tests.storage.stores import AGENCY, KEYRING, NOW, World, opened

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def link(world: World) -> MailLink:
    """A link to the queue for the coach, not kept yet."""
    return MailLink(
        0, AGENCY, world.coach, world.coach_address, LinkPurpose.OPEN, NOW + DAY, None, outgoing_id=17
    )


def test_a_code_finds_its_link(world: World, link: MailLink) -> None:
    concern = world.do(lambda uow: uow.concerns.add(world.concern()))
    code = world.do(lambda uow: uow.mail_links.make(replace(link, concern_id=concern)))
    found = world.do(lambda uow: uow.mail_links.find(code))
    assert found is not None
    assert found == replace(link, id=found.id, concern_id=concern)
    assert found.is_open(NOW)
    assert found.is_open(NOW + DAY - SECOND)
    assert not found.is_open(NOW + DAY)


def test_a_used_link_is_found_and_no_longer_open(world: World, link: MailLink) -> None:
    code = world.do(lambda uow: uow.mail_links.make(link))
    found = world.do(lambda uow: uow.mail_links.find(code))
    assert found is not None
    world.do(lambda uow: uow.mail_links.use(found.id, NOW))
    used = world.do(lambda uow: uow.mail_links.find(code))
    assert used == replace(found, used_at=NOW)
    assert not used.is_open(NOW)


def test_no_other_code_finds_anything(world: World, link: MailLink) -> None:
    code = world.do(lambda uow: uow.mail_links.make(link))
    wrong = {code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :] for at in range(len(code))}
    wrong |= {"", code[:-1], code + "A", code + "=", "ä" * 86, "!" * 86, "A" * 86, code.lower()}
    found = world.do(lambda uow: [bad for bad in wrong if uow.mail_links.find(bad) is not None])
    assert found == []


def test_a_guess_never_reaches_the_database() -> None:
    """With the keys alone, and no connection at all."""
    links = SqlMailLinks(SimpleNamespace(keyring=KEYRING))  # type: ignore[arg-type]
    assert [links.find(code) for code in ("A" * 86, "-_" * 43)] == [None, None]


def test_a_mail_that_is_sent_again_has_the_same_link_while_it_opens(world: World, link: MailLink) -> None:
    code = world.do(lambda uow: uow.mail_links.make(link))
    assert world.do(lambda uow: uow.mail_links.code_in(17, NOW)) == code
    assert world.do(lambda uow: uow.mail_links.code_in(18, NOW)) == ""
    assert world.do(lambda uow: uow.mail_links.code_in(17, NOW + DAY)) == ""
    found = world.do(lambda uow: uow.mail_links.find(code))
    assert found is not None
    world.do(lambda uow: uow.mail_links.use(found.id, NOW))
    assert world.do(lambda uow: uow.mail_links.code_in(17, NOW)) == ""


def test_a_moment_between_two_seconds_is_no_trouble(world: World, link: MailLink) -> None:
    late = replace(link, expires_at=NOW + DAY + timedelta(microseconds=999_999))
    code = world.do(lambda uow: uow.mail_links.make(late))
    assert world.do(lambda uow: uow.mail_links.code_in(17, NOW)) == code


def test_whoever_reads_the_database_cannot_make_the_code(
    world: World, link: MailLink, store_url: str
) -> None:
    code = world.do(lambda uow: uow.mail_links.make(link))
    found = world.do(lambda uow: uow.mail_links.find(code))
    assert found is not None
    read = text("SELECT fingerprint FROM mail_link")
    kept = bytes(world.do(lambda uow: uow.connection.execute(read).scalar_one()))  # type: ignore[attr-defined]
    assert len(kept) == 32
    assert kept not in code.encode()
    if store_url != "sqlite://":
        with opened(store_url, Keyring({"k1": b"another invented key, 32 bytes !"}, "k1")) as stranger:
            assert stranger.run_sync(lambda uow: uow.mail_links.code_in(17, NOW)) != code
            assert stranger.run_sync(lambda uow: uow.mail_links.find(code)) is None


def test_a_number_that_is_given_again_does_not_revive_an_old_code(world: World, link: MailLink) -> None:
    """After a backup was restored, numbers come again."""
    code = world.do(lambda uow: uow.mail_links.make(link))
    change = text("UPDATE mail_link SET fingerprint = :other")
    world.do(lambda uow: uow.connection.execute(change, {"other": b"x" * 32}))  # type: ignore[attr-defined]
    assert world.do(lambda uow: uow.mail_links.find(code)) is None


def test_the_address_that_was_named_last(world: World) -> None:
    assert world.do(lambda uow: uow.mail_links.asked(0)) == ""
    for mail in ("b@amt.example", "berta@amt.example"):
        world.do(lambda uow, m=mail: uow.people.change_staff(world.coach, mail=m))
    assert world.do(lambda uow: uow.mail_links.asked(world.coach)) == "berta@amt.example"
