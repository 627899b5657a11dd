# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.domain.people import Address, AddressState, Invitation, Participant, Role, Staff, Standing
from bot.errors import NotFound
from bot.ports import Contact, Conversation, UnitOfWork
from bot.storage.people import SqlPeople
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def contact(world: World, address: str = "100") -> Contact | None:
    return world.do(lambda uow: uow.people.find_contact("telegram", address))


def test_a_contact_has_everything_that_one_message_needs(world: World) -> None:
    talk = world.do(lambda uow: uow.talks.open_conversation(AGENCY, world.participant, "checkin", "{}", NOW))
    found = contact(world)
    assert found is not None
    person = found.participant
    assert person == Participant(
        world.participant, AGENCY, person.case_code, Standing.ACTIVE, "de", world.coach
    )
    assert found.address == Address(world.address, "telegram", "100", participant_id=world.participant)
    assert found.coach_name == "Bernd Beispiel"
    assert found.conversation == Conversation(talk, "{}")


def test_an_ended_conversation_is_not_in_the_contact(world: World) -> None:
    def talk(uow: UnitOfWork) -> None:
        number = uow.talks.open_conversation(AGENCY, world.participant, "checkin", "{}", NOW)
        uow.talks.end_conversation(number, "{}", "completed", NOW)

    world.do(talk)
    found = contact(world)
    assert found is not None
    assert found.conversation is None


@pytest.mark.parametrize("address", ["900", "101", "", "100 "])
def test_an_unknown_account_is_nobody(world: World, address: str) -> None:
    assert contact(world, address) is None


def test_a_closed_address_still_says_who_writes(world: World) -> None:
    world.do(lambda uow: uow.people.close_address(world.address))
    found = contact(world)
    assert found is not None
    assert found.address.state is AddressState.CLOSED
    assert world.do(lambda uow: uow.people.contact_of(world.participant)) is None
    world.do(lambda uow: uow.people.use_address(world.address, NOW))
    assert world.do(lambda uow: uow.people.contact_of(world.participant)) is not None


def test_the_address_that_was_used_last_is_written_to(world: World) -> None:
    def add(uow: UnitOfWork) -> int:
        page = uow.people.add_address(AGENCY, "web_chat", "page", participant_id=world.participant)
        uow.people.use_address(page, NOW)
        uow.people.use_address(world.address, NOW - HOUR)
        return page

    page = world.do(add)
    found = world.do(lambda uow: uow.people.contact_of(world.participant))
    assert found is not None
    assert found.address.id == page


def test_changes_of_a_participant(world: World) -> None:
    berlin = timezone(timedelta(hours=2))
    pause = datetime(2026, 12, 1, 8, 0, 0, 123456, berlin)
    world.do(
        lambda uow: uow.people.change_participant(
            world.participant,
            standing=Standing.STOPPED,
            paused_until=pause,
            human_until=NOW,
            language="uk",
            coach_id=None,
            zone="Europe/Kyiv",
            programme="clinic",
            name="Mia Anders",
        )
    )
    found = contact(world)
    assert found is not None
    person = found.participant
    assert (person.standing, person.language, person.coach_id) == (Standing.STOPPED, "uk", None)
    assert (person.paused_until, person.human_until, person.zone) == (pause, NOW, "Europe/Kyiv")
    assert person.programme == "clinic"
    assert person.paused_until is not None
    assert person.paused_until.utcoffset() == timedelta(0)
    assert found.coach_name == ""
    assert world.do(lambda uow: uow.people.name_of(world.participant)) == "Mia Anders"


@pytest.mark.parametrize("column", ["id", "agency_id", "case_code", "nonsense"])
def test_other_columns_are_refused(world: World, column: str) -> None:
    with pytest.raises(ValueError, match=column):
        world.do(lambda uow: uow.people.change_participant(world.participant, **{column: 1}))
    with pytest.raises(ValueError, match=column):
        world.do(lambda uow: uow.people.change_staff(world.coach, **{column: 1}))


def test_a_moment_without_zone_is_refused(world: World) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        world.do(
            lambda uow: uow.people.change_participant(
                world.participant,
                paused_until=datetime(2026, 1, 1),  # noqa: DTZ001
            )
        )


def test_people_that_do_not_exist(world: World) -> None:
    for use_case in (
        lambda uow: uow.people.name_of(999),
        lambda uow: uow.people.change_participant(999, language="en"),
        lambda uow: uow.people.change_staff(999, language="en"),
    ):
        with pytest.raises(NotFound):
            world.do(use_case)
    assert world.do(lambda uow: uow.people.staff(999)) is None
    assert world.do(lambda uow: uow.people.address(999)) is None
    assert world.do(lambda uow: uow.people.contact_of(999)) is None


def test_case_codes_can_be_read_aloud_and_are_unique(world: World) -> None:
    world.neighbours(50)
    codes = [person.case_code for person in world.do(lambda uow: uow.people.participants(AGENCY))]
    assert len(set(codes)) == 51
    assert all(len(code) == 5 and not set(code) & set("01258ABEIOSUZ") for code in codes)


def test_a_case_code_that_is_taken_is_drawn_again(world: World) -> None:
    draws = iter(["CCCCC", "CCCCC", "CCCCC", "DDDDD"])

    def enrol(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        people = SqlPeople(uow.people._link, lambda: next(draws))
        people.add_participant(AGENCY, Standing.INVITED, "de", None)
        people.add_participant(AGENCY, Standing.INVITED, "de", None)

    world.do(enrol)
    codes = [person.case_code for person in world.do(lambda uow: uow.people.participants(AGENCY))]
    assert codes[1:] == ["CCCCC", "DDDDD"]


def test_the_same_case_code_may_exist_in_another_agency(world: World) -> None:
    def enrol(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        uow.ledger.ensure_agency(2, "Andere Agentur", NOW)
        people = SqlPeople(uow.people._link, lambda: "CCCCC")
        people.add_participant(AGENCY, Standing.INVITED, "de", None)
        people.add_participant(2, Standing.INVITED, "de", None)

    world.do(enrol)
    assert [person.case_code for person in world.do(lambda uow: uow.people.participants(2))] == ["CCCCC"]


def test_a_known_account_is_opened_again(world: World) -> None:
    def again(uow: UnitOfWork) -> int:
        uow.people.close_address(world.address)
        return uow.people.add_address(AGENCY, "telegram", "100", participant_id=world.participant)

    assert world.do(again) == world.address
    found = contact(world)
    assert found is not None
    assert found.address.state is AddressState.OPEN


def test_an_account_of_another_moves(world: World) -> None:
    def move(uow: UnitOfWork) -> int:
        other = uow.people.add_participant(AGENCY, Standing.INVITED, "de", None)
        assert uow.people.add_address(AGENCY, "telegram", "100", participant_id=other) == world.address
        return other

    other = world.do(move)
    found = contact(world)
    assert found is not None
    assert found.participant.id == other


def test_the_same_account_on_another_channel_is_another_address(world: World) -> None:
    other = world.do(
        lambda uow: uow.people.add_address(AGENCY, "web_chat", "100", participant_id=world.participant)
    )
    assert other != world.address


def test_a_moved_address(world: World) -> None:
    world.do(lambda uow: uow.people.move_address(world.address, "-100777"))
    assert contact(world, "100") is None
    found = contact(world, "-100777")
    assert found is not None
    assert found.address.value == "-100777"


def test_an_address_that_moves_onto_a_known_one_takes_its_messages_along(world: World) -> None:
    known = world.neighbours(1)[0]
    value = world.do(lambda uow: uow.people.address(known))
    assert value is not None
    world.post()
    world.do(lambda uow: uow.people.move_address(world.address, value.value))
    found = contact(world, value.value)
    assert found is not None
    assert (found.participant.id, found.address.id) == (world.participant, known)
    claimed = world.do(lambda uow: uow.outbox.claim("telegram", NOW, 10, NOW + HOUR))
    assert [(one.address_id, one.address) for one in claimed] == [(known, value.value)]
    old = world.do(lambda uow: uow.people.address(world.address))
    assert old is not None
    assert old.state is AddressState.CLOSED


def test_staff(world: World) -> None:
    def change(uow: UnitOfWork) -> int:
        deputy = uow.people.add_staff(AGENCY, "Lea Leitung", Role.LEAD, "", "en")
        uow.people.change_staff(world.coach, deputy_id=deputy, focus="reply:17", mail="neu@example.org")
        return deputy

    deputy = world.do(change)
    coach = Staff(world.coach, AGENCY, "Bernd Beispiel", Role.COACH, "de", deputy, "reply:17")
    lead = Staff(deputy, AGENCY, "Lea Leitung", Role.LEAD, "en")
    assert world.do(lambda uow: uow.people.all_staff(AGENCY)) == [coach, lead]
    assert world.do(lambda uow: uow.people.staff(deputy)) == lead
    address = Address(world.coach_address, "telegram_staff", "900", staff_id=world.coach)
    assert world.do(lambda uow: uow.people.find_staff("telegram_staff", "900")) == (coach, address)
    assert world.do(lambda uow: uow.people.find_staff("telegram_staff", "100")) is None
    assert world.do(lambda uow: uow.people.staff_addresses([world.coach, deputy])) == [address]
    assert world.do(lambda uow: uow.people.staff_addresses([])) == []
    world.do(lambda uow: uow.people.close_address(world.coach_address))
    assert world.do(lambda uow: uow.people.staff_addresses([world.coach])) == []


def test_an_invitation(world: World) -> None:
    def invite(uow: UnitOfWork) -> int:
        new = Invitation(0, AGENCY, "de", "start", world.coach, expires_at=NOW + HOUR)
        return uow.people.add_invitation("geheim", new)

    number = world.do(invite)
    fresh = Invitation(number, AGENCY, "de", "start", world.coach, expires_at=NOW + HOUR)
    assert world.do(lambda uow: uow.people.find_invitation("geheim")) == fresh
    assert world.do(lambda uow: uow.people.find_invitation("Geheim")) is None
    world.do(lambda uow: uow.people.use_invitation(number, NOW))
    used = world.do(lambda uow: uow.people.find_invitation("geheim"))
    assert used is not None
    assert used.used_at == NOW
