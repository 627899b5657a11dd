# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Watches whose find would always be another watch's first: what they look for is planted by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Details
from bot.domain.audit import Fault
from bot.domain.concerns import Concern, Level, State
from bot.domain.conversations import ConversationState, Underway
from bot.domain.duty import Absence
from bot.domain.messages import Body, DataClass, Draft, Kind
from bot.domain.people import Role, Staff, Standing
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.absences import set_absence
from bot.services.escalate import raise_concern
from bot.services.ladder import Climbed, Ladder
from bot.services.visit import Visit
from bot.simulation.clock import SimulatedClock
from bot.simulation.messenger import Seen, SimulatedMessenger
from bot.storage.inline import InlineDatabase
from tests.services.stage import MONDAY
from tests.simulation.audit_watch import AuditWatch
from tests.simulation.facts import Facts
from tests.simulation.honest_watch import ReceiptsWatch
from tests.simulation.sabotage import no_deputy
from tests.simulation.sight import Sight
from tests.simulation.staff_watch import AppointmentsWatch, CallsWatch, CasesWatch
from tests.simulation.storm import Forecast, Storm
from tests.simulation.town import KEYRING, town

MINUTE = timedelta(minutes=1)


@dataclass
class Scene:
    """A town with one coach and one person in it, and what is found there."""

    database: InlineDatabase
    sight: Sight
    coach: int
    person: int
    found: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def scene() -> Iterator[Scene]:
    database = InlineDatabase(KEYRING, town().image)

    def people(uow: UnitOfWork) -> tuple[int, int]:
        coach = uow.people.add_staff(DEFAULT_AGENCY, "Berta Beispiel", Role.COACH, "", "de")
        return coach, uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", coach)

    coach, person = database.carry_out(people)
    chance = random.Random(1)
    storm = Storm(Forecast.draw(chance), chance, lambda: 0.0)
    sight = Sight(Facts(database.driver, KEYRING), SimulatedClock(MONDAY), storm, {}, lambda *_: None)
    made = Scene(database, sight, coach, person)
    sight.break_ = lambda promise, what: made.found.append((promise, what))
    yield made
    database.close()


def a_concern(scene: Scene, *, uncovered: bool = False) -> int:
    concern = Concern(
        0,
        DEFAULT_AGENCY,
        scene.person,
        Level.R2,
        "message",
        "wrote",
        State.OPEN,
        MONDAY,
        scene.coach,
        next_action_at=MONDAY + MINUTE,
        uncovered=uncovered,
    )
    return scene.database.carry_out(lambda uow: uow.concerns.add(concern))


def call(scene: Scene, concern: int) -> None:
    def alert(uow: UnitOfWork) -> None:
        address = uow.people.add_address(DEFAULT_AGENCY, "telegram_staff", "staff-1", staff_id=scene.coach)
        body = Body("Meldung R2")
        draft = Draft(DEFAULT_AGENCY, address, "telegram_staff", Kind.STAFF_ALERT, body, concern_id=concern)
        uow.outbox.post([draft], MONDAY)

    scene.database.carry_out(alert)


def test_an_open_concern_for_which_nobody_was_ever_called(scene: Scene) -> None:
    number = a_concern(scene)
    CasesWatch(scene.sight).looked()
    assert scene.found == [("P1", f"concern {number} is open, and nobody was ever called")]


def test_one_that_was_called_for_or_is_known_to_reach_nobody_is_sound(scene: Scene) -> None:
    call(scene, a_concern(scene))
    a_concern(scene, uncovered=True)
    CasesWatch(scene.sight).looked()
    assert scene.found == []


def on_leave_with_a_deputy(scene: Scene) -> None:
    """The coach is away, a deputy and a lead are there, and then there is something to call them for."""

    def use_case(uow: UnitOfWork) -> None:
        for name, role in (("Volker Vertretung", Role.COACH), ("Lea Leitung", Role.LEAD)):
            staff = uow.people.add_staff(DEFAULT_AGENCY, name, role, "", "de")
            uow.people.add_address(DEFAULT_AGENCY, "telegram_staff", name, staff_id=staff)
            if role is Role.COACH:
                until = MONDAY + timedelta(days=7)
                set_absence(uow, Absence(0, DEFAULT_AGENCY, scene.coach, MONDAY, until, staff), MONDAY)
        uow.people.add_address(DEFAULT_AGENCY, "telegram", "mia", participant_id=scene.person)
        contact = uow.people.contact_of(scene.person)
        assert contact is not None
        visit = Visit(uow, town().rules, contact, MONDAY)
        raise_concern(visit, Level.R2, "message", "wrote", "")
        visit.finish()

    scene.database.carry_out(use_case)


def test_a_deputy_who_was_passed_over(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    no_deputy(monkeypatch)
    on_leave_with_a_deputy(scene)
    CallsWatch(scene.sight).committed("", 1)
    assert scene.found == [("P1", "concern 1: the owner is away, and the deputy was not called")]


def test_a_deputy_who_was_called_is_sound(scene: Scene) -> None:
    on_leave_with_a_deputy(scene)
    CallsWatch(scene.sight).committed("", 1)
    assert scene.found == []


@pytest.mark.parametrize(("step", "found"), [(1, 0), (2, 1)])
def test_a_rung_that_was_skipped(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, step: int, found: int
) -> None:
    climb = Ladder.climb

    def hasty(self: Ladder, first: Staff | None = None) -> Climbed:
        at = climb(self, first)
        return replace(at, rung=at.rung + step - 1)

    monkeypatch.setattr(Ladder, "climb", hasty)

    def use_case(uow: UnitOfWork) -> None:
        uow.people.add_address(DEFAULT_AGENCY, "telegram_staff", "berta", staff_id=scene.coach)
        uow.people.add_address(DEFAULT_AGENCY, "telegram", "mia", participant_id=scene.person)
        contact = uow.people.contact_of(scene.person)
        assert contact is not None
        visit = Visit(uow, town().rules, contact, MONDAY)
        raise_concern(visit, Level.R2, "message", "wrote", "")
        visit.finish()

    scene.database.carry_out(use_case)
    CallsWatch(scene.sight).committed("", 1)
    skipped = [("P1", "concern 1: a rung was skipped on which somebody is there")]
    assert scene.found == skipped * found


@pytest.mark.parametrize("is_there", [True, False])
def test_the_auditor_called_again_though_the_holder_is_there(scene: Scene, *, is_there: bool) -> None:
    number = a_concern(scene)
    call(scene, number)

    def repaired(uow: UnitOfWork) -> None:
        uow.concerns.log(number, MONDAY, "repaired", "auditor")
        action = f"repaired_{Fault.NOBODY.value}"
        uow.ledger.note(DEFAULT_AGENCY, MONDAY, "auditor", action, str(number))
        if not is_there:
            set_absence(uow, Absence(0, DEFAULT_AGENCY, scene.coach, MONDAY, None, None), MONDAY)

    scene.database.carry_out(repaired)
    assert AuditWatch(scene.sight)._is_excused(Fault.NOBODY) is not is_there


def a_reminder(scene: Scene, *, cancelled_after: timedelta) -> int:
    """A reminder that began at noon for an appointment that was cancelled so long after noon."""
    noon = MONDAY

    def use_case(uow: UnitOfWork) -> int:
        new = Appointment(
            0,
            DEFAULT_AGENCY,
            scene.person,
            AppointmentKind.OFFICIAL,
            AppointmentState.AGREED,
            noon + timedelta(days=1),
            "Europe/Berlin",
            timedelta(minutes=45),
            "abc",
            scene.coach,
            noon,
            noon,
            Details("", "", "", "", ""),
        )
        number = uow.appointments.add(new)
        assert number is not None
        cancelled = replace(
            new, id=number, state=AppointmentState.CANCELLED, changed_at=noon + cancelled_after
        )
        uow.appointments.save(cancelled)
        wanted = Underway(
            0,
            scene.person,
            "appointment_reminder",
            ConversationState.WANTED,
            kind=Kind.REMINDER,
            subject=f"appointment:{number}",
        )
        return uow.talks.want_conversation(DEFAULT_AGENCY, wanted, noon)

    return scene.database.carry_out(use_case)


def test_a_reminder_of_what_was_cancelled_before(scene: Scene) -> None:
    number = a_reminder(scene, cancelled_after=-MINUTE)
    AppointmentsWatch(scene.sight).looked()
    assert scene.found == [("P4", f"conversation {number} reminds of 1, which is cancelled")]


def test_a_reminder_that_began_before_it_was_cancelled_is_sound(scene: Scene) -> None:
    a_reminder(scene, cancelled_after=MINUTE)
    AppointmentsWatch(scene.sight).looked()
    assert scene.found == []


@dataclass
class Living:
    is_over: bool = False


def told(scene: Scene, text: str, *, raised_before: timedelta | None) -> list[tuple[str, str]]:
    """What is found when the person is told this, so long after a concern was raised or without any."""
    messenger = SimulatedMessenger("telegram", DataClass.HEALTH, lambda: MONDAY)
    body = Body(text)

    def use_case(uow: UnitOfWork) -> None:
        address = uow.people.add_address(DEFAULT_AGENCY, "telegram", "mia", participant_id=scene.person)
        if raised_before is not None:
            contact = uow.people.contact_of(scene.person)
            assert contact is not None
            visit = Visit(uow, town().rules, contact, MONDAY - raised_before)
            raise_concern(visit, Level.R1, "answer", "wish_for_contact", "")
            visit.finish()
        draft = Draft(DEFAULT_AGENCY, address, "telegram", Kind.REPLY, body, participant_id=scene.person)
        uow.outbox.post([draft], MONDAY)

    scene.database.carry_out(use_case)
    number = scene.sight.facts.number("SELECT max(id) FROM outgoing")
    seen = Seen(number, "1", MONDAY, Kind.REPLY, body, "mia", edit=False, told=True, sender=Living())
    ReceiptsWatch(scene.sight).arrived(messenger, seen)
    return [(promise, what.partition(": ")[2]) for promise, what in scene.found]


NOW = "Ich gebe das jetzt an Berta Beispiel weiter."
BEFORE = "In Ordnung. Ihre Antwort habe ich schon an Berta Beispiel weitergegeben."


@pytest.mark.parametrize(
    ("text", "raised_before", "found"),
    [
        (NOW, timedelta(0), []),
        (NOW, timedelta(minutes=8), [("P7", "nothing was passed on")]),
        (NOW, None, [("P7", "nothing was passed on")]),
        (BEFORE, timedelta(0), []),
        (BEFORE, timedelta(days=1), []),
        (BEFORE, timedelta(days=4), [("P7", "nothing was passed on before")]),
        (BEFORE, None, [("P7", "nothing was passed on before")]),
    ],
)
def test_what_is_said_of_passing_on_is_so(
    scene: Scene, text: str, raised_before: timedelta | None, found: list[tuple[str, str]]
) -> None:
    assert told(scene, text, raised_before=raised_before) == found
