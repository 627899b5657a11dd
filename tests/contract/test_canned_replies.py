# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts that staff keep ready: one for each name and language, sealed, and an agency's own."""

from __future__ import annotations

from sqlalchemy import text

from bot.domain.canned_replies import ReplyText
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, NOW, World

GERMAN = ReplyText("rueckruf", "de", "Ich rufe Sie gern an.")
ENGLISH = ReplyText("rueckruf", "en", "I am happy to call you.")
OTHER = ReplyText("anfahrt", "de", "Der Eingang ist im Hof.")
OTHER_AGENCY = AGENCY + 1


def keep(world: World, *texts: ReplyText, agency: int = AGENCY) -> None:
    def put(uow: UnitOfWork) -> None:
        for each in texts:
            uow.canned_replies.put(agency, each, NOW)

    world.do(put)


def kept(world: World, agency: int = AGENCY) -> list[ReplyText]:
    return world.do(lambda uow: uow.canned_replies.of_agency(agency))


def test_they_come_by_name_and_language(world: World) -> None:
    keep(world, ENGLISH, GERMAN, OTHER)
    assert kept(world) == [OTHER, GERMAN, ENGLISH]


def test_a_new_text_takes_the_place_of_the_old_one(world: World) -> None:
    keep(world, GERMAN, ENGLISH)
    changed = ReplyText("rueckruf", "de", "Wann passt Ihnen ein Anruf?")
    keep(world, changed)
    assert kept(world) == [changed, ENGLISH]


def test_another_agency_has_its_own(world: World) -> None:
    keep(world, GERMAN)
    keep(world, OTHER, agency=OTHER_AGENCY)
    assert kept(world) == [GERMAN]
    assert world.do(lambda uow: uow.canned_replies.drop(OTHER_AGENCY, "rueckruf")) == 0
    assert kept(world) == [GERMAN]


def test_one_language_is_dropped_or_all_of_them(world: World) -> None:
    keep(world, GERMAN, ENGLISH, OTHER)
    assert world.do(lambda uow: uow.canned_replies.drop(AGENCY, "rueckruf", "en")) == 1
    assert kept(world) == [OTHER, GERMAN]
    keep(world, ENGLISH)
    assert world.do(lambda uow: uow.canned_replies.drop(AGENCY, "rueckruf")) == 2
    assert world.do(lambda uow: uow.canned_replies.drop(AGENCY, "rueckruf")) == 0
    assert kept(world) == [OTHER]


def test_the_text_lies_sealed(world: World) -> None:
    keep(world, GERMAN)
    read = text("SELECT text FROM canned_reply")
    lies = bytes(world.do(lambda uow: uow.connection.execute(read).scalar_one()))  # type: ignore[attr-defined]
    assert GERMAN.text.encode() not in lies
