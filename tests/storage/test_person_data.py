# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's copy is everything: the schema tells it, so a new table is in it from its first day."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import LargeBinary

from bot.services.export_meanings import REASONS
from bot.services.export_page import PageMaker
from bot.services.export_person import as_json, copy_person
from bot.services.export_words import SECTIONS
from bot.services.own_rows import NOT_SHARED
from bot.storage.columns import metadata
from bot.storage.owners import owner_of, sealed_columns
from bot.storage.person_data import LEFT_OUT, handed_out
from bot.texts import Texts
from dialogs.book import DialogBook
from scheduler.local_time import zone
from tests.storage.rich_world import CANARY, NOBODYS, canary, enrich
from tests.storage.stores import AGENCY, NOW, World

#: Canaries that stand only where the copy has nothing to say; each with its reason in `LEFT_OUT`.
WITHHELD = {canary("Schritt"), canary("Notiz"), canary("Grund"), canary("Hinweis")}
#: What every copy of a row needs no column for.
WHOSE = {"agency_id", "participant_id"}


def test_every_table_and_column_about_a_person_is_handed_out_or_has_a_reason() -> None:
    for table in metadata.sorted_tables:
        if owner_of(table) is None or table.name in LEFT_OUT:
            continue
        said = {column.name for column in handed_out(table)}
        for column in table.c:
            place = f"{table.name}.{column.name}"
            is_hash = isinstance(column.type, LargeBinary) and column not in sealed_columns(table)
            assert column.name in said or column.name in WHOSE or is_hash or place in LEFT_OUT, place


def test_every_reason_is_of_something_that_exists_and_is_said_in_words() -> None:
    there = {table.name for table in metadata.sorted_tables} | {
        f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c
    }
    assert set(LEFT_OUT) <= there
    # What staff do not get is left out by `own_rows`, not by the schema.
    assert {*LEFT_OUT.values(), NOT_SHARED} == set(REASONS)


def test_the_page_names_only_columns_that_there_are() -> None:
    for section in SECTIONS:
        for name, columns in section.columns.items():
            there = {column.name.removesuffix("_id") for column in handed_out(metadata.tables[name])}
            there |= {column.name for column in handed_out(metadata.tables[name])}
            assert set(columns) <= there, name


def test_all_content_of_a_rich_person_is_in_the_copy(sqlite_world: World) -> None:
    person = enrich(sqlite_world)
    who = sqlite_world.do(lambda uow: uow.people.participants_by([person])[person])
    copy = sqlite_world.do(lambda uow: copy_person(uow, who, "command", NOW + timedelta(hours=1)))
    for table in metadata.sorted_tables:
        if table.name in NOBODYS or table.name in LEFT_OUT or owner_of(table) is None:
            continue
        for column in sealed_columns(table):
            if f"{table.name}.{column.name}" not in LEFT_OUT:
                rows = copy.rows(table.name)
                assert any(CANARY in json.dumps(row[column.name], default=str) for row in rows), column
                # JSON is opened: one document is read at once.
                texts = [row[column.name] for row in rows if isinstance(row[column.name], str)]
                assert not any(text.startswith(("{", "[")) for text in texts), column
    assert [look.action for look in copy.looks] == ["person_exported"]
    document = as_json(copy).decode()
    read = json.loads(document)
    assert (read["format"], read["version"], read["case_code"]) == ("lotse-person", 1, who.case_code)
    page = PageMaker(Texts({}).voice("de"), zone("Europe/Berlin"), DialogBook()).page(copy)
    for word in WITHHELD:
        assert word not in document
        assert word not in page
    for place in ("Mia", "text", "press", "attachment", "Antwort", "Text", "Partner", "Rufname", "Band"):
        assert canary(place) in page, place
    for place in ("Frage", "an", "Zitat", "Ort", "gesagt", f"Adresse-{person}"):
        assert canary(place) in page, place
    # Nothing from elsewhere, and nothing that runs.
    assert "<script" not in page
    assert "http" not in page


def test_nothing_of_anybody_else_is_in_the_copy(sqlite_world: World) -> None:
    person = enrich(sqlite_world)
    other = sqlite_world.participant
    who = sqlite_world.do(lambda uow: uow.people.participants_by([other])[other])
    enriched = sqlite_world.do(lambda uow: uow.people.participants_by([person])[person])
    sqlite_world.do(lambda uow: uow.ledger.note(AGENCY, NOW, "participant", "pause", enriched.case_code))
    document = as_json(sqlite_world.do(lambda uow: copy_person(uow, who, "command", NOW))).decode()
    assert CANARY not in document
    assert enriched.case_code not in document
    assert "Bernd Beispiel" not in document
    assert "Mia Muster" in document


def test_markup_in_what_somebody_wrote_stays_text(sqlite_world: World) -> None:
    person = sqlite_world.participant
    sqlite_world.do(lambda uow: uow.people.change_participant(person, name="<b>Mia</b>"))
    who = sqlite_world.do(lambda uow: uow.people.participants_by([person])[person])
    copy = sqlite_world.do(lambda uow: copy_person(uow, who, "command", NOW))
    page = PageMaker(Texts({}).voice("de"), zone("Europe/Berlin"), DialogBook()).page(copy)
    assert "<b>" not in page
    assert "&lt;b&gt;Mia&lt;/b&gt;" in page


def test_who_looked_is_told_by_role_and_only_about_the_person(sqlite_world: World) -> None:
    person, coach = sqlite_world.participant, sqlite_world.coach
    who = sqlite_world.do(lambda uow: uow.people.participants_by([person])[person])
    concern = sqlite_world.do(lambda uow: uow.concerns.add(sqlite_world.concern()))
    stranger = enrich(sqlite_world)
    (other,) = sqlite_world.do(lambda uow: uow.concerns.of_participant(stranger))

    def note(actor: str, action: str, subject: str) -> None:
        sqlite_world.do(lambda uow: uow.ledger.note(AGENCY, NOW, actor, action, subject))

    note(f"staff:{coach}", "concern_shown", str(concern))
    note(f"staff:{coach}", "concern_lowered", f"{concern}:R1")
    note(f"staff:{coach}", "glass_broken", f"7:{who.case_code}")
    note(f"staff:{coach}", "glass_see_content", f"7:{concern}")
    note("participant", "consent_withdrawn", f"{who.case_code} contact")
    note(f"staff:{coach}", "concern_shown", str(other.id))
    note(f"staff:{coach}", "shift_added", str(concern))
    looks = sqlite_world.do(lambda uow: uow.rights.looks(who))
    assert [(look.role, look.action) for look in looks] == [
        ("coach", "concern_shown"),
        ("coach", "concern_lowered"),
        ("coach", "glass_broken"),
        ("coach", "glass_see_content"),
        ("participant", "consent_withdrawn"),
    ]
