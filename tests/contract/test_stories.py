# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happened with a person, on every store."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot.domain.stories import PersonNote, Sort
from bot.ports import Answer, UnitOfWork
from tests.storage.rich_world import canary, enrich
from tests.storage.stores import AGENCY, MINUTE, NOW, World, heard

LATER = NOW + 72 * timedelta(hours=1)


def test_every_sort_comes_newest_first_and_of_one_person_only(world: World) -> None:
    person, _ = enrich(world), enrich(world, "Bernd")
    who = world.do(lambda uow: uow.people.participants_by([person])[person])
    world.do(lambda uow: uow.ledger.note(AGENCY, NOW, "participant", "pause", who.case_code))
    world.do(lambda uow: uow.ledger.note(AGENCY, NOW, f"staff:{world.coach}", "plan_shown", who.case_code))
    found = world.do(lambda uow: uow.stories.happenings(person, LATER, 50, ["pause"]))
    # Where somebody was, they say themselves.
    assert {one.sort for one in found} == set(Sort) - {Sort.VISIT}
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    by_sort = {one.sort: one for one in found}
    assert by_sort[Sort.NOTE].text == canary("Vermerk")
    assert by_sort[Sort.NOTE].actor == f"staff:{world.coach}"
    assert (by_sort[Sort.CONSENT].more, by_sort[Sort.CONSENT].text) == ("yes", canary("Partner"))
    assert [one.word for one in found if one.sort is Sort.ACT] == ["pause"]
    assert [
        one.sort for one in world.do(lambda uow: uow.stories.happenings(person, NOW, 50, ["pause"]))
    ] == []


def test_a_page_of_lines_notes_and_channels(world: World) -> None:
    def happen(uow: UnitOfWork) -> None:
        for number in range(4):
            at = NOW + number * MINUTE
            said = heard(f"d{number}", text=f"Satz {number}")
            uow.talks.record_incoming(said, AGENCY, world.participant, at)
            note = PersonNote(0, AGENCY, world.participant, world.coach, at, f"Vermerk {number}")
            uow.stories.add_note(note)

    world.do(happen)
    before = NOW + 3 * MINUTE
    lines = world.do(lambda uow: uow.stories.lines(world.participant, before, 2))
    assert [line.text for line in lines] == ["Satz 1", "Satz 2"]
    notes = world.do(lambda uow: uow.stories.notes(world.participant, 2))
    assert [note.text for note in notes] == ["Vermerk 3", "Vermerk 2"]
    assert world.do(lambda uow: uow.stories.channels(world.participant)) == ["telegram"]
    world.do(lambda uow: uow.people.close_address(world.address))
    assert world.do(lambda uow: uow.stories.channels(world.participant)) == []


def test_who_says_that_they_were_there_was_there_and_of_all_others_there_is_nothing(world: World) -> None:
    person = world.participant

    def says(*values: str | None) -> int:
        def say(uow: UnitOfWork) -> int:
            talk = uow.talks.open_conversation(AGENCY, person, "appointment_after", "{}", NOW)
            uow.talks.end_conversation(talk, "{}", "completed", NOW)
            for place, value in enumerate(values):
                said = Answer(person, talk, "appointment_after", "how_was_it", "how_was_it", value)
                uow.talks.add_answers(AGENCY, [said], NOW + place * MINUTE)
            return talk

        return world.do(say)

    was = [says('"good"'), says('"not_there"', '"mixed"')]
    for other in (('"not_there"',), ('"good"', '"not_there"'), (None,)):
        says(*other)
    found = world.do(lambda uow: uow.stories.happenings(person, LATER, 50, []))
    visits = [one for one in found if one.sort is Sort.VISIT]
    assert {(one.number, one.word, one.text, one.actor) for one in visits} == {
        (number, "appointment", "", "participant") for number in was
    }


def test_who_has_looked(world: World) -> None:
    person = enrich(world)
    who = world.do(lambda uow: uow.people.participants_by([person])[person])
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    actor = f"staff:{world.coach}"
    entries = (
        ("person_shown", who.case_code),
        ("concern_shown", str(concern.id)),
        ("concern_shown", f"9{concern.id}"),
        ("enrolment_shown", str(concern.id)),
    )

    def look(uow: UnitOfWork) -> None:
        for minutes, entry in enumerate(entries):
            uow.ledger.note(AGENCY, NOW + minutes * MINUTE, actor, *entry)

    world.do(look)
    looks = world.do(lambda uow: uow.stories.looks(who, 10))
    assert looks == [(NOW + MINUTE, actor, "concern_shown"), (NOW, actor, "person_shown")]
    for since, expected in ((NOW, True), (NOW + MINUTE, False)):
        was_noted = partial(_was_noted, actor=actor, entry=entries[0], since=since)
        assert world.do(was_noted) is expected


def _was_noted(uow: UnitOfWork, actor: str, entry: tuple[str, str], since: datetime) -> bool:
    return uow.stories.was_noted(AGENCY, actor, entry, since)
