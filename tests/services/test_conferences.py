# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A conference about a case: nobody is named without a yes, the person is told, tasks come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import pytest

from bot.domain.conferences import AgeBand, Agenda, Conference, ConferenceCase, Decision, Sheet
from bot.domain.consent import ConsentRecord
from bot.domain.people import Participant, Role
from bot.ports import UnitOfWork
from bot.services import conference_tasks, conferences
from bot.services.access import Guard
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling
from bot.services.conference_sheet import is_named, traces
from bot.services.conference_view import Seen, find, in_calendar, listed
from bot.services.conferences import Wish
from bot.services.desk import Desk
from bot.services.erase_person import Reason, erase
from tests.services.stage import Actor, Stage
from tests.services.test_help_plans import at_work

T = TypeVar("T")
AGENDA = Agenda(topic="Wege aus der Sackgasse", place="Raum 3", items=("Lage", "Ideen"))


@pytest.fixture
def karl(stage: Stage) -> Actor:
    return stage.staff("Karl Kollege")


@pytest.fixture
def paula(stage: Stage) -> Actor:
    return stage.staff("Paula Partnerin", Role.PARTNER)


@pytest.fixture(autouse=True)
def named(stage: Stage, mia: Actor) -> None:
    stage.run(lambda uow: uow.people.change_participant(1, name="Mia Muster"))


def wish(stage: Stage, *guests: Actor, days: int = 20) -> Wish:
    who = frozenset(one.id for one in guests)
    return Wish(stage.now + timedelta(days=days), timedelta(hours=1), AGENDA, who)


def work(stage: Stage, actor: Actor, act: Callable[[Desk], T]) -> T:
    return at_work(stage, actor, lambda desk, _: act(desk))


def call(stage: Stage, berta: Actor, wanted: Wish) -> tuple[Conference, Telling | None]:
    return at_work(stage, berta, lambda desk, person: conferences.call(desk, person, wanted))


def case_of(stage: Stage) -> ConferenceCase:
    (case,) = stage.run(lambda uow: uow.casework.conferences.of_participant(1))
    return case


def seen_by(stage: Stage, actor: Actor) -> Seen | None:
    def look(uow: UnitOfWork) -> Seen | None:
        staff = uow.people.staff(actor.id)
        assert staff is not None
        return find(uow, Guard(uow, stage.rules, staff, stage.now), staff, 1)

    return stage.run(look)


def sheet(stage: Stage, berta: Actor, questions: str = "Was hilft jetzt?") -> None:
    work(
        stage,
        berta,
        lambda desk: conferences.write_sheet(desk, 1, AgeBand.FROM_36, ("Wieder schlafen",), questions),
    )


def release(stage: Stage, berta: Actor, *, is_checked: bool = False) -> None:
    version = case_of(stage).version
    work(stage, berta, lambda desk: conferences.release_sheet(desk, 1, version, is_checked=is_checked))


def held(stage: Stage, berta: Actor, days: int = 21) -> None:
    stage.pass_time(days=days)
    berta.forgets()
    work(stage, berta, lambda desk: conferences.hold(desk, 1))


def test_called_told_decided_and_told_again(stage: Stage, mia: Actor, berta: Actor, karl: Actor) -> None:
    _, telling = call(stage, berta, wish(stage, karl))
    assert telling is Telling.ON_ITS_WAY
    (told, _) = mia.hears("Berta Beispiel möchte sich Rat holen", "Möchten Sie etwas dazu")
    assert "Ihr Name wird dabei nicht genannt" in told.text
    (invited,) = karl.hears("Sie sind zur Fachkonferenz 1 eingeladen")
    assert "Sackgasse" not in invited.text
    mia.presses("Ich möchte das nicht")
    assert [one.reason for one in stage.concerns()] == ["conference_unwanted"]
    mia.forgets()
    karl.forgets()
    held(stage, berta)
    with pytest.raises(EntryFault):
        work(stage, berta, lambda desk: conferences.close(desk, 1, " "))
    mia.forgets()
    work(stage, berta, lambda desk: conferences.close(desk, 1, "Berta sucht mit Ihnen eine Kur."))
    bodies = stage.ears.pop((mia.channel, mia.address), [])
    stage.pass_time(days=1)
    bodies += stage.ears.pop((mia.channel, mia.address), [])
    assert any("Berta sucht mit Ihnen eine Kur." in one.text for one in bodies)


def test_a_guest_sees_the_released_sheet_from_a_week_before_until_it_is_closed(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor, paula: Actor
) -> None:
    call(stage, berta, wish(stage, paula))
    sheet(stage, berta)
    assert seen_by(stage, karl) is None  # neither invited nor theirs
    guest = seen_by(stage, paula)
    assert guest is not None
    assert not guest.is_host
    stage.now += timedelta(days=14)
    assert not _shown(stage, paula)
    release(stage, berta)
    assert _shown(stage, paula)
    stage.now -= timedelta(days=2)
    assert not _shown(stage, paula)
    stage.now += timedelta(days=2)
    sheet(stage, berta, "Neue Frage?")
    assert not _shown(stage, paula)  # written anew, so it is let go anew
    release(stage, berta)
    held(stage, berta)
    assert _shown(stage, paula)
    work(stage, berta, lambda desk: conferences.close(desk, 1, "Es geht weiter."))
    assert not _shown(stage, paula)
    with pytest.raises(EntryFault):
        work(stage, paula, lambda desk: conferences.call_off(desk, 1))


def _shown(stage: Stage, actor: Actor) -> bool:
    seen = seen_by(stage, actor)
    return seen is not None and seen.shows_sheet(stage.now)


def test_what_may_tell_who_it_is_is_found(stage: Stage, mia: Actor, berta: Actor) -> None:
    person = case_of_person(stage)
    code = person.case_code
    words = f"Mias Mutter, Frau muster, ruft unter 0151 234567 an, geboren 4.5.1980, Fall {code}. Mia."
    found = work(stage, berta, lambda desk: traces(desk.uow, person, (words,), stage.now))
    assert found == ("Mias", "muster", "0151 234567", "4.5.1980", code, "Mia")
    clean = ("Miami und Mustermann, 3 Kinder, 40 Stunden.",)
    assert work(stage, berta, lambda desk: traces(desk.uow, person, clean, stage.now)) == ()
    call(stage, berta, wish(stage))
    sheet(stage, berta, "Was braucht Frau Muster?")
    with pytest.raises(EntryFault) as fault:
        release(stage, berta)
    assert "Muster" in fault.value.say(stage.rules.voice("de"))
    assert case_of(stage).released_at is None
    release(stage, berta, is_checked=True)
    assert case_of(stage).released_at is not None
    with pytest.raises(EntryFault):
        call(stage, berta, replace(wish(stage), agenda=Agenda(topic="Mia Muster")))


def case_of_person(stage: Stage) -> Participant:
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return person


def test_named_only_while_the_person_agrees(stage: Stage, mia: Actor, berta: Actor, karl: Actor) -> None:
    call(stage, berta, wish(stage, karl))
    mia.presses("Nein, danke")
    mia.forgets()
    assert not _named(stage)
    work(stage, berta, lambda desk: conferences.ask_to_name(desk, 1))
    (asked,) = mia.hears("Darf ich etwas weitergeben?")
    assert "Ihren Namen, an: Karl Kollege" in asked.text
    assert not _named(stage)
    mia.presses("Ja, gern")
    assert _named(stage)
    stage.now += timedelta(minutes=1)
    ask = stage.run(lambda uow: uow.sharing.of_participant(1))[-1]
    back = ConsentRecord(
        1, "sharing", False, "Zurückgenommen", "1", "de", "telegram", stage.now, object=ask.partner
    )
    stage.run(lambda uow: uow.talks.add_consent(1, back))
    assert not _named(stage)
    # They agreed to those who were invited then: with others it is asked anew.
    work(stage, berta, lambda desk: conferences.change(desk, 1, replace(wish(stage), guests=frozenset())))
    assert case_of(stage).ask_id is None


def _named(stage: Stage) -> bool:
    case = case_of(stage)
    return stage.run(lambda uow: is_named(uow, stage.rules, case, stage.now))


def test_a_task_comes_back_every_week_and_to_the_leads_after_two(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor
) -> None:
    lea = stage.staff("Lea Leitung", Role.LEAD)
    call(stage, berta, wish(stage, karl, days=3))
    held(stage, berta, days=4)
    karl.forgets()
    day = (stage.now + timedelta(days=3)).date()
    task = decide(stage, berta, karl, day)
    karl.hears("Fachkonferenz 1: Sie haben eine Aufgabe bekommen")
    lea.forgets()
    stage.pass_time(days=4, hours=2)
    (late,) = about(stage, karl)
    assert "Der Tag für eine Ihrer Aufgaben ist vorbei" in late
    assert "Kur" not in late
    assert about(stage, lea) == []
    stage.pass_time(days=7)
    assert len(about(stage, karl)) == 1
    assert about(stage, lea) == []
    stage.pass_time(days=7)
    assert len(about(stage, karl)) == 1
    (told,) = about(stage, lea)
    assert "Eine Aufgabe ist noch offen" in told
    assert "Karl Kollege" in told
    karl.writes("/konferenz")
    karl.hears("Fachkonferenz 1", f"Aufgabe {task.id} aus Fachkonferenz 1")
    karl.presses("Erledigt")
    about(stage, karl)
    stage.pass_time(days=15)
    assert about(stage, karl) == []
    assert stage.run(lambda uow: uow.casework.conferences.open_tasks(karl.id)) == []


def test_a_task_counts_as_told_to_the_leads_only_once_somebody_could_hear(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor
) -> None:
    call(stage, berta, wish(stage, karl, days=3))
    held(stage, berta, days=4)
    task = decide(stage, berta, karl, stage.now.date())
    stage.hire("Lea Leitung", Role.LEAD)
    stage.pass_time(days=17)
    kept = stage.run(lambda uow: uow.casework.conferences.decision(task.id))
    assert kept is not None
    assert kept.lead_told_at is None
    ada = stage.staff("Ada Amt", Role.ADMIN)
    stage.pass_time(days=7)
    (told,) = about(stage, ada)
    assert "Eine Aufgabe ist noch offen" in told
    stage.pass_time(days=7)
    assert about(stage, ada) == []


def about(stage: Stage, actor: Actor) -> list[str]:
    """What they have heard of conferences since the last look."""
    heard = stage.ears.pop((actor.channel, actor.address), [])
    return [body.text for body in heard if "Fachkonferenz" in body.text]


def decide(stage: Stage, berta: Actor, owner: Actor, day: date) -> Decision:
    task = ("Eine Kur beantragen", owner.id, day)
    return work(stage, berta, lambda desk: conference_tasks.decide(desk, 1, task, is_checked=False))


def test_erased_the_sheet_is_gone_and_the_task_is_about_nobody(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor
) -> None:
    call(stage, berta, wish(stage, karl, days=1))
    sheet(stage, berta)
    held(stage, berta, days=2)
    task = decide(stage, berta, karl, stage.now.date())
    person = case_of_person(stage)
    stage.run(lambda uow: erase(uow, person, "operator", Reason.WISH, stage.now))
    kept = stage.run(lambda uow: uow.casework.conferences.decision(task.id))
    assert kept == replace(task, participant_id=None, words="")
    assert stage.run(lambda uow: uow.casework.conferences.open_tasks(karl.id)) == []
    seen = seen_by(stage, berta)
    assert seen is not None
    assert (seen.case, seen.person) == (None, None)
    assert work(stage, berta, lambda desk: conferences.close(desk, 1, "")) is None
    about(stage, karl)
    stage.pass_time(days=10)
    assert about(stage, karl) == []


def test_a_topic_is_nobodys_case(stage: Stage, mia: Actor, berta: Actor, karl: Actor) -> None:
    _, telling = work(stage, berta, lambda desk: conferences.call(desk, None, wish(stage, karl)))
    assert telling is None
    mia.hears_nothing()
    assert seen_by(stage, stage.staff("Nora Neu")) is None

    def theirs(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        staff = uow.people.staff(actor.id)
        assert staff is not None
        guard = Guard(uow, stage.rules, staff, stage.now)
        return len(listed(uow, guard, staff)), len(in_calendar(uow, guard, staff, stage.now))

    assert stage.run(lambda uow: theirs(uow, karl)) == (1, 1)
    work(stage, berta, lambda desk: conferences.call_off(desk, 1))
    assert stage.run(lambda uow: theirs(uow, karl)) == (1, 0)
    with pytest.raises(EntryFault):
        work(stage, berta, lambda desk: conferences.hold(desk, 1))


def test_a_sheet_that_changed_meanwhile_is_not_let_go(stage: Stage, mia: Actor, berta: Actor) -> None:
    call(stage, berta, wish(stage))
    sheet(stage, berta)
    sheet(stage, berta, "Etwas anderes?")
    with pytest.raises(EntryFault):
        work(stage, berta, lambda desk: conferences.release_sheet(desk, 1, 1, is_checked=True))
    assert case_of(stage).sheet == Sheet(
        age=AgeBand.FROM_36, goals=("Wieder schlafen",), questions="Etwas anderes?"
    )
