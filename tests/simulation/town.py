# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What every run begins with, made once: a database with dialogs, the rulebook, words that mean danger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import yaml

import dialogs
from bot import house
from bot.domain.editions import Edition
from bot.services.duty_watch import ensure_watch
from bot.services.publish import open_book, publish_shipped, renewed
from bot.services.rulebook import Rulebook
from bot.settings import without_environment
from bot.storage.inline import InlineDatabase
from bot.storage.sealing import Keyring
from dialogs.book import DialogBook
from tests.services.stage import MONDAY

KEYRING = Keyring({"k1": bytes(range(32))}, "k1")
OLD, NEW = "Wie geht es Ihnen heute?", "Wie geht es Ihnen heute, in der neuen Fassung?"
PUBLIC_URL = "https://lotse.example"


@dataclass(frozen=True, slots=True)
class Town:
    """`image` is the database, `rules` what use cases look up, `editions` the newest published number.

    `checkin` are the two texts of the weekly check-in that admins publish in turn.
    """

    image: bytes
    rules: Rulebook
    editions: int
    checkin: tuple[str, str]


@cache
def town() -> Town:
    """Built once a process: reading all dialogs takes a second."""
    database = InlineDatabase(KEYRING)
    database.carry_out(lambda uow: uow.ledger.ensure_agency(house.DEFAULT_AGENCY, "Lotse", MONDAY))
    database.carry_out(partial(publish_shipped, sources=house.dialog_sources(), now=MONDAY))
    book = database.carry_out(open_book)
    rules = house.build_rulebook(without_environment(public_url=PUBLIC_URL), book)
    database.carry_out(lambda uow: ensure_watch(uow, rules, house.DEFAULT_AGENCY, MONDAY))
    editions = database.carry_out(lambda uow: uow.ledger.newest_edition())
    image = database.image()
    database.close()
    source = house.dialog_sources()["weekly_checkin.yaml"]
    return Town(image, rules, editions, (source, source.replace(OLD, NEW)))


@cache
def read_editions(book: DialogBook, editions: tuple[Edition, ...]) -> DialogBook:
    """The book of the town with later editions, read once however many processes and runs want them."""
    return renewed(book, editions)


@cache
def grave_words() -> tuple[str, ...]:
    """The examples of German rules for acute danger: each is known to mean it."""
    folder = Path(dialogs.__file__).parent / "concerns" / "rules"
    # One file, or a folder of them.
    paths = [*folder.glob("de.yaml"), *sorted(folder.glob("de/*.yaml"))]
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    rules = [rule for each in read for rule in each.get("rules", ())]
    return tuple(hit for rule in rules if rule["level"] == "R3" for hit in rule["hits"])
