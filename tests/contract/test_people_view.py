# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from datetime import timedelta

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.concerns import Level, State
from bot.domain.delivery import SendState
from bot.domain.enrolments import Enrolment, Move, PhaseEvent
from bot.domain.messages import Kind
from bot.domain.people import Standing
from bot.domain.scores import ScoreRecord
from bot.people_view_ports import Meeting, Participation
from bot.ports import Answer, UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

DAY = timedelta(days=1)
RULE = ("own_items.mood", 1)


def add_people(world: World) -> tuple[int, int]:
    """Two more beside Mia: one without a name, one who has left."""

    def add(uow: UnitOfWork) -> tuple[int, int]:
        nameless = uow.people.add_participant(AGENCY, Standing.STOPPED, "tr", None)
        gone = uow.people.add_participant(AGENCY, Standing.LEFT, "de", world.coach, "Willi Weg")
        uow.people.add_participant(AGENCY, Standing.VISITOR, "de", None)
        return nameless, gone

    return world.do(add)


def test_whom_an_agency_looks_after_and_their_names(world: World) -> None:
    nameless, gone = add_people(world)
    found = world.do(lambda uow: uow.people_view.looked_after(AGENCY))
    assert [(one.id, one.standing, one.coach_id) for one in found] == [
        (world.participant, Standing.ACTIVE, world.coach),
        (nameless, Standing.STOPPED, None),
    ]
    assert world.do(lambda uow: uow.people_view.looked_after(AGENCY + 1)) == []
    everybody = [world.participant, nameless, gone]
    names = world.do(lambda uow: uow.people_view.names(everybody))
    assert names == {world.participant: "Mia Muster", gone: "Willi Weg"}
    assert world.do(lambda uow: uow.people_view.names([])) == {}


def test_what_is_open_and_where_they_can_be_reached(world: World) -> None:
    nameless, _ = add_people(world)

    def settle(uow: UnitOfWork) -> list[int]:
        numbers = [
            uow.concerns.add(world.concern(level=level, state=state))
            for level, state in (
                (Level.R1, State.OPEN),
                (Level.R3, State.CLOSED),
                (Level.R2, State.IN_HAND),
                (Level.R2, State.OPEN),
            )
        ]
        page = uow.people.add_address(AGENCY, "web_chat", "b", participant_id=world.participant)
        uow.people.use_address(page, NOW)
        old = uow.people.add_address(AGENCY, "telegram", "c", participant_id=nameless)
        uow.people.close_address(old)
        return numbers

    one, _, three, four = world.do(settle)
    people = [world.participant, nameless]
    concerns = world.do(lambda uow: uow.people_view.open_concerns(people))
    assert concerns == {world.participant: [(three, Level.R2), (four, Level.R2), (one, Level.R1)]}
    assert world.do(lambda uow: uow.people_view.channels(people)) == {world.participant: "web_chat"}


def test_contacts_appointments_and_programmes(world: World) -> None:
    person, view = world.participant, [world.participant]

    def meet(uow: UnitOfWork, days: int, state: AppointmentState) -> None:
        fields = (0, AGENCY, person, AppointmentKind.COACH, state, NOW + days * DAY, "Europe/Berlin", HOUR)
        uow.appointments.add(Appointment(*fields, f"u{days}", world.coach, NOW, NOW))

    def settle(uow: UnitOfWork) -> int:
        for days, state in (
            (-3, AppointmentState.OVER),
            (1, AppointmentState.CANCELLED),
            (2, AppointmentState.MOVED),
            (3, AppointmentState.AGREED),
        ):
            meet(uow, days, state)
        number = uow.programmes.enrol(Enrolment(0, AGENCY, person, "gecko", 1, NOW - 40 * DAY))
        assert number is not None
        moves = [(Move.BEGIN, ""), (Move.ENTER, "start"), (Move.LEAVE, "start"), (Move.ENTER, "work")]
        events = [PhaseEvent(number, NOW, move, phase, "system", "Grund") for move, phase in moves]
        uow.programmes.add_events(AGENCY, person, events)
        return number

    number = world.do(settle)
    contacts = world.do(lambda uow: uow.people_view.last_contacts(AGENCY, view))
    assert contacts == {person: NOW - 3 * DAY}
    world.post(Kind.RELAY)
    (sending,) = world.do(lambda uow: uow.outbox.claim("telegram", NOW, 9, NOW + HOUR))
    world.do(lambda uow: uow.outbox.settle([(sending.id, SendState.SENT, "1", None)], NOW + HOUR))
    contacts = world.do(lambda uow: uow.people_view.last_contacts(AGENCY, view))
    assert contacts == {person: NOW + HOUR} == world.do(lambda uow: uow.programmes.last_contacts(AGENCY))
    assert world.do(lambda uow: uow.people_view.last_contacts(AGENCY + 1, view)) == {}
    meetings = world.do(lambda uow: uow.people_view.next_meetings(view, NOW))
    assert meetings == {person: Meeting(NOW + 2 * DAY, AppointmentKind.COACH, is_agreed=False)}
    later = world.do(lambda uow: uow.people_view.next_meetings(view, NOW + 3 * DAY))
    assert later == {person: Meeting(NOW + 3 * DAY, AppointmentKind.COACH, is_agreed=True)}
    enrolment = world.do(lambda uow: uow.programmes.enrolment(number))
    assert enrolment is not None
    found = world.do(lambda uow: uow.people_view.participations(view))
    assert found == {person: [Participation(enrolment, {"work": NOW})]}


def test_values_are_the_newest_whose_answers_are_kept(world: World) -> None:
    def settle(uow: UnitOfWork) -> None:
        for number, value in enumerate((3, None, 7, 5, 9)):
            talk = uow.talks.open_conversation(AGENCY, world.participant, "mood", "{}", NOW)
            uow.talks.end_conversation(talk, "{}", "done", NOW)
            if number != 4:
                given = Answer(world.participant, talk, "mood", "a", "mood", "1")
                uow.talks.add_answers(AGENCY, [given, given], NOW + number * HOUR)
            record = ScoreRecord(world.participant, talk, *RULE, NOW, value)
            uow.memory.add_scores(AGENCY, [record])

    world.do(settle)
    people = [world.participant]
    assert world.do(lambda uow: uow.people_view.values(people, RULE, 9)) == {world.participant: [3, 7, 5]}
    assert world.do(lambda uow: uow.people_view.values(people, RULE, 2)) == {world.participant: [7, 5]}
    assert world.do(lambda uow: uow.people_view.values(people, (RULE[0], 2), 9)) == {}
    assert world.do(lambda uow: uow.people_view.last_answers(people)) == {world.participant: NOW + 3 * HOUR}
