# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.consent import ConsentRecord, Given
from bot.domain.conversations import MOVES, ConversationState, Underway
from bot.domain.messages import Body, Direction, Draft, IncomingKind, Kind
from bot.domain.people import Standing
from bot.errors import NotFound
from bot.ports import Answer, UnitOfWork
from bot.storage.tables import conversation
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World, heard

STATES = list(ConversationState)


def talk(world: World, session: str = "{}") -> int:
    return world.do(
        lambda uow: uow.talks.open_conversation(AGENCY, world.participant, "checkin", session, NOW)
    )


def test_a_second_delivery_is_recognised(world: World) -> None:
    def record(uow: UnitOfWork) -> int | None:
        return uow.talks.record_incoming(heard("7"), AGENCY, world.participant, NOW)

    assert world.do(record) is not None
    assert world.do(record) is None
    assert len(world.do(lambda uow: uow.talks.timeline(world.participant))) == 1


def test_the_same_number_on_another_channel_is_another_delivery(world: World) -> None:
    world.do(lambda uow: uow.talks.record_incoming(heard("7"), AGENCY, None, NOW))
    other = heard("7", channel="web_chat")
    assert world.do(lambda uow: uow.talks.record_incoming(other, AGENCY, None, NOW)) is not None


async def test_of_simultaneous_deliveries_one_takes_effect(world: World) -> None:
    def record(uow: UnitOfWork) -> int | None:
        return uow.talks.record_incoming(heard("8"), AGENCY, world.participant, NOW)

    numbers = await asyncio.gather(*(world.storage.run(record) for _ in range(20)))
    assert len([number for number in numbers if number is not None]) == 1


def test_a_conversation_until_its_end(world: World) -> None:
    number = talk(world, "first")
    world.do(lambda uow: uow.talks.save_conversation(number, "second", NOW))
    found = world.do(lambda uow: uow.talks.conversation(number))
    assert found == Underway(number, world.participant, "checkin", ConversationState.OPEN, "second")
    world.do(lambda uow: uow.talks.end_conversation(number, "third", "completed", NOW))
    assert world.do(lambda uow: uow.talks.conversation(number)) is None
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.talks.save_conversation(number, "fourth", NOW))
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.talks.end_conversation(number, "fourth", "completed", NOW))
    assert world.do(lambda uow: uow.talks.conversation(999)) is None


def test_only_one_conversation_is_open(world: World) -> None:
    first = talk(world)
    with pytest.raises(Exception, match=r"uq_conversation_open|conversation\.participant_id"):
        talk(world)
    world.do(lambda uow: uow.talks.end_conversation(first, "{}", "completed", NOW))
    assert talk(world) > first


def wanted(world: World, dialog: str = "letter", **changes: object) -> Underway:
    values: dict[str, object] = {
        "id": 0,
        "participant_id": world.participant,
        "dialog": dialog,
        "state": ConversationState.WANTED,
        "priority": 2,
        "kind": Kind.NOTICE,
        "expires_at": NOW + HOUR,
        "subject": "appointment:17",
    }
    return Underway(**(values | changes))  # type: ignore[arg-type]


def brought_to(world: World, state: ConversationState) -> int:
    """A conversation that stands there now."""
    if state is ConversationState.WANTED:
        return world.do(lambda uow: uow.talks.want_conversation(AGENCY, wanted(world), NOW))
    number = talk(world)
    if state is ConversationState.ENDED:
        world.do(lambda uow: uow.talks.end_conversation(number, "{}", "completed", NOW))
    elif state is not ConversationState.OPEN:
        world.do(lambda uow: uow.talks.move_conversation(number, state, "{}", NOW))
    return number


@pytest.mark.parametrize("source", STATES)
@pytest.mark.parametrize("target", STATES)
def test_only_the_moves_of_the_table_happen(
    world: World, source: ConversationState, target: ConversationState
) -> None:
    number = brought_to(world, source)

    def move(uow: UnitOfWork) -> None:
        if target is ConversationState.ENDED:
            uow.talks.end_conversation(number, "moved", "put_aside", NOW)
        elif source is ConversationState.WANTED:
            uow.talks.begin_wanted(number, "moved", NOW)
        else:
            uow.talks.move_conversation(number, target, "moved", NOW)

    may_begin = source is ConversationState.WANTED and target is not ConversationState.ENDED
    if target not in MOVES[source] and not may_begin:
        with pytest.raises(NotFound):
            world.do(move)
        return
    world.do(move)
    found = world.do(lambda uow: uow.talks.conversation(number))
    if target is ConversationState.ENDED:
        assert found is None
    else:
        assert found is not None
        expected = ConversationState.OPEN if may_begin else target
        assert (found.state, found.session) == (expected, "moved")


@pytest.mark.parametrize("state", [s for s in STATES if s is not ConversationState.OPEN])
def test_what_waits_is_not_open(world: World, state: ConversationState) -> None:
    number = brought_to(world, state)
    found = world.do(lambda uow: uow.people.find_contact("telegram", "100"))
    assert found is not None
    assert found.conversation is None
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.talks.save_conversation(number, "second", NOW))
    if state is not ConversationState.WANTED:
        with pytest.raises(NotFound):
            world.do(lambda uow: uow.talks.begin_wanted(number, "second", NOW))


def test_two_that_wait_cannot_both_take_the_floor(world: World) -> None:
    first = brought_to(world, ConversationState.PUT_BY)
    second = brought_to(world, ConversationState.ASLEEP)
    third = brought_to(world, ConversationState.WANTED)
    world.do(lambda uow: uow.talks.move_conversation(first, ConversationState.OPEN, "{}", NOW))
    with pytest.raises(Exception, match=r"uq_conversation_open|conversation\.participant_id"):
        world.do(lambda uow: uow.talks.move_conversation(second, ConversationState.OPEN, "{}", NOW))
    with pytest.raises(Exception, match=r"uq_conversation_open|conversation\.participant_id"):
        world.do(lambda uow: uow.talks.begin_wanted(third, "{}", NOW))


def test_what_is_under_way_in_the_order_of_its_last_change(world: World) -> None:
    early = brought_to(world, ConversationState.WANTED)
    asleep = brought_to(world, ConversationState.ASLEEP)
    put_by = brought_to(world, ConversationState.PUT_BY)
    number = talk(world)
    brought = talk_of_somebody_else(world)
    world.do(lambda uow: uow.talks.move_conversation(asleep, ConversationState.PUT_BY, "{}", NOW + MINUTE))
    found = world.do(lambda uow: uow.talks.under_way(world.participant))
    assert [row.id for row in found] == [early, put_by, number, asleep]
    assert found[0] == replace(wanted(world), id=early)
    world.do(lambda uow: uow.talks.end_conversation(number, "{}", "completed", NOW))
    assert number not in [row.id for row in world.do(lambda uow: uow.talks.under_way(world.participant))]
    assert brought not in [row.id for row in found]


def talk_of_somebody_else(world: World) -> int:
    def begin(uow: UnitOfWork) -> int:
        person = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None)
        return uow.talks.open_conversation(AGENCY, person, "checkin", "{}", NOW)

    return world.do(begin)


def test_a_wanted_one_starts_when_it_begins_and_an_unfinished_one_is_marked(world: World) -> None:
    number = brought_to(world, ConversationState.WANTED)

    def story(uow: UnitOfWork) -> tuple[object, ...]:
        assert isinstance(uow, SqlUnitOfWork)
        uow.talks.begin_wanted(number, "{}", NOW + HOUR)
        uow.talks.end_conversation(number, "{}", "expired", NOW + 2 * HOUR, partial=True)
        columns = (conversation.c.started_at, conversation.c.ended_at, conversation.c.partial)
        return tuple(uow.connection.execute(select(*columns)).one())

    assert world.do(story) == (NOW + HOUR, NOW + 2 * HOUR, True)


def test_answers_in_their_order(world: World) -> None:
    number = talk(world)
    given = [
        Answer(world.participant, number, "checkin", "mood", "mood", "3"),
        Answer(world.participant, number, "checkin", "words", "words", '"müde 🙂"'),
        Answer(world.participant, number, "checkin", "sleep", "sleep", None),
    ]
    world.do(lambda uow: uow.talks.add_answers(AGENCY, given[:2], NOW))
    world.do(lambda uow: uow.talks.add_answers(AGENCY, iter(given[2:]), NOW))
    world.do(lambda uow: uow.talks.add_answers(AGENCY, [], NOW))
    assert world.do(lambda uow: uow.talks.answers(world.participant)) == given


def test_consents_are_only_added_and_come_back_as_they_were(world: World) -> None:
    mine = world.participant
    agreed = ConsentRecord(mine, "contact", True, "Darf ich schreiben?", "1", "de", "telegram", NOW)
    shared = replace(agreed, purpose="sharing", object="Praxis Beispiel", meaning=3, valid_until=NOW + HOUR)
    withdrawn = replace(agreed, granted=False, text="", version="stop", at=NOW + HOUR)
    assert world.do(lambda uow: uow.talks.given(mine)) == []
    for record in (agreed, shared, withdrawn):
        world.do(lambda uow, kept=record: uow.talks.add_consent(AGENCY, kept))
    assert world.do(lambda uow: uow.talks.consent_records(mine)) == [agreed, shared, withdrawn]
    given = [
        Given("contact", True, NOW),
        Given("sharing", True, NOW, 3, "Praxis Beispiel", NOW + HOUR),
        Given("contact", False, NOW + HOUR),
    ]
    assert world.do(lambda uow: uow.talks.given(mine)) == given
    assert world.do(lambda uow: uow.talks.given_by([mine, 999])) == {mine: given}
    assert world.do(lambda uow: uow.talks.given_by([])) == {}


def test_people_are_found_by_their_numbers(world: World) -> None:
    found = world.do(lambda uow: uow.people.participants_by([world.participant, 999]))
    assert [person.id for person in found.values()] == [world.participant]
    assert world.do(lambda uow: uow.people.participants_by([])) == {}


def test_the_timeline_tells_both_directions(world: World) -> None:
    def say(uow: UnitOfWork) -> None:
        start = heard("1", "GEHEIMCODE", kind=IncomingKind.START)
        uow.talks.record_incoming(start, AGENCY, world.participant, NOW - HOUR)
        uow.outbox.post([world.draft(Kind.REPLY)], NOW)
        press = heard("2", "", kind=IncomingKind.PRESS, press="q:1:gut")
        uow.talks.record_incoming(press, AGENCY, world.participant, NOW + MINUTE)
        uow.outbox.post([world.draft(Kind.RELAY, staff_id=world.coach)], NOW + MINUTE)
        sticker = heard("3", "", kind=IncomingKind.ATTACHMENT, attachment="sticker")
        uow.talks.record_incoming(sticker, AGENCY, world.participant, NOW + 2 * MINUTE)
        about = world.draft(Kind.STAFF_ALERT, address_id=world.coach_address, channel="telegram_staff")
        uow.outbox.post([about], NOW)

    world.do(say)
    lines = world.do(lambda uow: uow.talks.timeline(world.participant))
    assert [(line.direction, line.text) for line in lines] == [
        (Direction.IN, ""),
        (Direction.OUT, "Wie geht es Ihnen?"),
        (Direction.IN, "gut"),
        (Direction.OUT, "Wie geht es Ihnen?"),
        (Direction.IN, "sticker"),
    ]
    assert (lines[1].state, lines[1].keys[0][0].label, lines[1].link) == (
        "queued",
        "gut",
        "https://example.org/p",
    )
    assert lines[3].staff_id == world.coach
    assert world.do(lambda uow: uow.talks.timeline(world.participant, 2)) == lines[-2:]


def test_what_was_said_since_a_moment_is_told_in_its_order(world: World) -> None:
    def say(uow: UnitOfWork) -> None:
        for number in range(12):
            said = heard(str(number), f"Wort {number}")
            uow.talks.record_incoming(said, AGENCY, world.participant, NOW + number * MINUTE)
        for kind in (IncomingKind.START, IncomingKind.PRESS, IncomingKind.ATTACHMENT):
            uow.talks.record_incoming(heard(kind, "x", kind=kind), AGENCY, world.participant, NOW + HOUR)
        uow.talks.record_incoming(heard("of nobody", "x"), AGENCY, None, NOW + HOUR)

    world.do(say)
    since = NOW + 10 * MINUTE
    assert world.do(lambda uow: uow.talks.said_since(world.participant, since)) == ["Wort 10", "Wort 11"]
    everything = world.do(lambda uow: uow.talks.said_since(world.participant, NOW))
    assert everything == [f"Wort {number}" for number in range(4, 12)]


async def test_no_update_is_lost_when_many_add_to_one_conversation(world: World) -> None:
    world.do(lambda uow: uow.talks.open_conversation(AGENCY, world.participant, "count", "0", NOW))

    def add(uow: UnitOfWork) -> None:
        found = uow.people.find_contact("telegram", "100")
        assert found is not None
        assert found.conversation is not None
        total = int(found.conversation.session) + 1
        uow.talks.save_conversation(found.conversation.id, str(total), NOW)

    async def adder() -> None:
        for _ in range(10):
            await world.storage.run(add)

    await asyncio.gather(*(adder() for _ in range(8)))
    found = world.do(lambda uow: uow.people.find_contact("telegram", "100"))
    assert found is not None
    assert found.conversation is not None
    assert found.conversation.session == "80"


async def test_no_update_is_lost_when_conversations_are_locked_by_number(world: World) -> None:
    number = talk(world, "0")

    def add(uow: UnitOfWork) -> None:
        found = uow.talks.conversation(number)
        assert found is not None
        uow.talks.save_conversation(number, str(int(found.session) + 1), NOW)

    await asyncio.gather(*(world.storage.run(add) for _ in range(40)))
    found = world.do(lambda uow: uow.talks.conversation(number))
    assert found is not None
    assert found.session == "40"


def test_what_a_stranger_said_is_found_by_what_answered_it(world: World) -> None:
    one = world.do(lambda uow: uow.people.add_address(AGENCY, "telegram", "one"))
    two = world.do(lambda uow: uow.people.add_address(AGENCY, "telegram", "two"))

    def answered(number: int, place: int) -> None:
        at = NOW + number * MINUTE

        def use_case(uow: UnitOfWork) -> None:
            uow.talks.record_incoming(heard(f"s{number}", f"Wort {number}"), AGENCY, None, at)
            uow.outbox.post([Draft(AGENCY, place, "telegram", Kind.REPLY, Body("Guten Tag."))], at)

        world.do(use_case)

    for number, place in enumerate((one, two, one, one)):
        answered(number, place)
    since = NOW + MINUTE
    assert world.do(lambda uow: uow.talks.said_by_stranger(one, since)) == ["Wort 2", "Wort 3"]
    assert world.do(lambda uow: uow.talks.said_by_stranger(two, since)) == ["Wort 1"]
