# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the forms of a case do, and what they answer when they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.domain.concerns import Concern, Level, Outcome, State
from bot.domain.people import Role
from bot.domain.queue_views import MOST_VIEWS, OPEN_FOR, SavedView, Wanted, Whose
from bot.ports import UnitOfWork
from bot.services import case_acts, case_presence, case_queue, console, saved_views
from bot.services.access import Guard
from bot.services.case_notes import notes_of
from bot.services.staff_sessions import CHANNEL
from tests.services.at_desk import is_away
from tests.services.stage import Actor, Stage

WISH = "Können Sie mich bitte anrufen?"
ACUTE = "Ich will nicht mehr leben"
#: 10:00 on Tuesday, on the clock of the agency.
TUESDAY = "2026-11-24T10:00"


@pytest.fixture
def karl(stage: Stage) -> Actor:
    """A lead, so that every case is theirs to see."""
    return stage.staff("Karl Kollege", Role.LEAD)


def newest(stage: Stage) -> Concern:
    return stage.concerns()[-1]


def does(stage: Stage, actor: Actor, action: str, **fields: str) -> case_acts.Done:
    """A form of the newest case, sent from a browser of the staff member."""
    account = f"browser-{actor.id}"
    number = newest(stage).id

    def use_case(uow: UnitOfWork) -> case_acts.Done | None:
        staff = uow.people.staff(actor.id)
        assert staff is not None
        uow.people.add_address(staff.agency_id, CHANNEL, account, staff_id=staff.id)
        return case_acts.act(uow, stage.rules, account, (number, action, fields), stage.now)

    done = stage.run(use_case)
    assert done is not None
    stage.deliver()
    return done


def takes(stage: Stage, actor: Actor) -> None:
    assert does(stage, actor, "take", step="call").faults == {}


def test_a_step_with_a_date_waits_until_then(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    does(stage, berta, "take", step="other", words="  Mit der\n Ärztin sprechen ", until=TUESDAY)
    found = newest(stage)
    assert (found.state, found.next_step) == (State.IN_HAND, "Mit der Ärztin sprechen")
    assert found.next_action_at is not None
    assert found.next_action_at.isoformat() == "2026-11-24T09:00:00+00:00"


REFUSED: Mapping[str, tuple[str, dict[str, str], str]] = {
    "no step": ("step", {}, "step"),
    "no own words": ("step", {"step": "other", "words": "  "}, "step"),
    "a step until the past": ("step", {"step": "call", "until": "2020-01-01T10:00"}, "until"),
    "a step until next year": ("step", {"step": "call", "until": "2027-11-24T10:00"}, "until"),
    "no moment": ("later", {}, "until"),
    "an unknown moment": ("later", {"moment": "never"}, "until"),
    "no date": ("later", {"until": "bald"}, "until"),
    "nobody there": ("pass", {}, "to"),
    "an unknown colleague": ("pass", {"to": "999"}, "to"),
    "the same level": ("level", {"level": "R1"}, "level"),
    "no such level": ("level", {"level": "R9"}, "level"),
    "an empty note": ("note", {"note": " "}, "note"),
    "an endless note": ("note", {"note": "x" * 2001}, "note"),
    "an empty answer": ("reply", {"text": " "}, "text"),
    "no canned text": ("reply", {"insert": "yes", "canned": "nowhere"}, "canned"),
    "no outcome": ("close", {}, "outcome"),
    "an outcome of another kind": ("close", {"outcome": "corrected"}, "outcome"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_changes_nothing_and_says_where(
    stage: Stage, berta: Actor, mia: Actor, case: str
) -> None:
    action, fields, name = REFUSED[case]
    mia.writes(WISH)
    takes(stage, berta)
    before = newest(stage), stage.run(lambda uow: uow.concerns.history(newest_id(uow)))
    done = does(stage, berta, action, **fields)
    assert list(done.faults) == [name]
    assert done.faults[name]
    assert (newest(stage), stage.run(lambda uow: uow.concerns.history(newest_id(uow)))) == before


def newest_id(uow: UnitOfWork) -> int:
    return uow.concerns.of_agency(1)[-1].id


def test_whoever_comes_second_hears_who_was_faster(
    stage: Stage, berta: Actor, karl: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    takes(stage, berta)
    assert does(stage, karl, "take", step="call", over="").said == ("Das hat gerade Berta Beispiel getan.",)
    assert newest(stage).taken_by == berta.id
    does(stage, karl, "take", step="call", over=str(berta.id))
    assert newest(stage).taken_by == karl.id


def test_a_page_from_before_a_colleague_took_over_changes_nothing(
    stage: Stage, berta: Actor, karl: Actor, mia: Actor
) -> None:
    dirk = stage.staff("Dirk Dreher")
    mia.writes(WISH)
    takes(stage, berta)
    does(stage, karl, "take", step="call", over=str(berta.id))
    before = newest(stage)
    for action, fields in (
        ("step", {"step": "write"}),
        ("later", {"moment": "hour"}),
        ("close", {"outcome": "no_need"}),
        ("pass", {"to": str(dirk.id), "over": ""}),
    ):
        assert does(stage, berta, action, **fields).said == ("Diesen Fall hat schon Karl Kollege.",)
    assert newest(stage) == before


def test_what_was_closed_meanwhile_is_said_with_its_name(
    stage: Stage, berta: Actor, karl: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    takes(stage, berta)
    number = newest(stage).id
    does(stage, berta, "close", outcome="reached")
    account = f"browser-{karl.id}"

    def late(uow: UnitOfWork) -> case_acts.Done | None:
        uow.people.add_address(1, CHANNEL, account, staff_id=karl.id)
        return case_acts.act(uow, stage.rules, account, (number, "later", {"moment": "hour"}), stage.now)

    done = stage.run(late)
    assert done is not None
    assert done.said == ("Diesen Fall hat inzwischen Berta Beispiel abgeschlossen.",)
    found = stage.run(lambda uow: uow.concerns.get(number))
    assert found is not None
    assert (found.state, found.outcome) == (State.CLOSED, Outcome.REACHED)


def test_level_note_pass_and_rest_do_what_the_buttons_do(
    stage: Stage, berta: Actor, karl: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    takes(stage, berta)
    assert does(stage, berta, "later", moment="hour").faults == {}
    assert newest(stage).next_step == ""
    does(stage, berta, "note", note="Ruft lieber nachmittags an")
    found = newest(stage)
    notes = stage.run(lambda uow: notes_of(uow, found))
    assert [one.text for one in notes] == ["Ruft lieber nachmittags an"]
    does(stage, berta, "level", level="R2", reason="klingt ernster")
    assert newest(stage).level is Level.R2
    assert list(does(stage, berta, "level", level="R1").faults) == ["reason"]
    does(stage, berta, "level", level="R1", reason="hat sich geklärt")
    assert newest(stage).level is Level.R1
    does(stage, berta, "pass", to=str(karl.id))
    assert (newest(stage).owner_id, newest(stage).state) == (karl.id, State.OPEN)


def test_a_page_from_before_it_became_danger_does_not_take_the_danger_back(
    stage: Stage, berta: Actor, karl: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    takes(stage, berta)
    does(stage, karl, "level", level="R2", **{"from": "R1"})
    assert newest(stage).level is Level.R2
    does(stage, karl, "level", level="R3", **{"from": "R1"})  # raising is never in doubt
    assert newest(stage).level is Level.R3
    done = does(stage, berta, "level", level="R2", reason="klingt ernster als gedacht", **{"from": "R1"})
    assert done.faults == {"level": "Der Fall hat inzwischen eine andere Stufe."}
    assert newest(stage).level is Level.R3
    does(stage, berta, "level", level="R2", reason="hat sich beruhigt", **{"from": "R3"})
    assert newest(stage).level is Level.R2


def test_who_has_a_case_open_is_seen_for_two_minutes(
    stage: Stage, berta: Actor, karl: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    found = newest(stage)

    def look(actor: Actor) -> list[int]:
        def use_case(uow: UnitOfWork) -> list[int]:
            staff = uow.people.staff(actor.id)
            assert staff is not None
            return case_presence.look(uow, found, staff, stage.now)

        return stage.run(use_case)

    assert look(berta) == []
    assert look(karl) == [berta.id]
    assert look(berta) == [karl.id]
    stage.now += OPEN_FOR + timedelta(seconds=1)
    assert look(berta) == []


def test_whose_cases_are_told_apart(stage: Stage, berta: Actor, karl: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    found = newest(stage)

    def whose(actor: Actor) -> set[Whose]:
        def use_case(uow: UnitOfWork) -> set[Whose]:
            staff = uow.people.staff(actor.id)
            assert staff is not None
            guard = Guard(uow, stage.rules, staff, stage.now)
            return set(case_queue.whose(found, staff, guard.team))

        return stage.run(use_case)

    assert whose(berta) == {Whose.ALL, Whose.MINE}
    assert whose(karl) == {Whose.ALL}
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    is_away(stage, berta)
    assert whose(karl) == {Whose.ALL, Whose.STOOD_IN}


def test_what_is_wanted_survives_an_address_and_nonsense_does_not() -> None:
    whole = Wanted(Whose.NOBODYS, Level.R3, State.IN_HAND, "uk")
    assert Wanted.parse(whole.query) == whole
    assert Wanted().query == ""
    assert Wanted.read({"whose": "x", "level": "R9", "state": "?", "language": "y" * 99}).language == "y" * 16


def test_a_view_is_kept_by_name_and_one_is_where_somebody_begins(stage: Stage, berta: Actor) -> None:
    late, calm = Wanted(level=Level.R3), Wanted(Whose.MINE)

    def save(name: str, wanted: Wanted, begins: bool = False) -> str:
        def use_case(uow: UnitOfWork) -> str:
            staff = uow.people.staff(berta.id)
            assert staff is not None
            return saved_views.save(uow, staff, stage.rules.voice("de"), (name, wanted, begins))

        return stage.run(use_case)

    def views() -> list[SavedView]:
        return stage.run(lambda uow: uow.console.views(berta.id))

    assert save("Dringend", late, True) == ""
    assert save(" dringend ", calm) == ""
    assert [(one.name, one.wanted, one.is_default) for one in views()] == [("dringend", calm, False)]
    assert save("Ruhig", calm, True) == ""
    assert saved_views.beginning(views()) == calm
    assert save(" ", calm)
    assert save("x" * 41, calm)
    for number in range(MOST_VIEWS - 2):
        assert save(f"Nr. {number}", late) == ""
    assert save("Eine zu viel", late)


def test_the_person_is_said_to_know_only_what_went_out(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    number = newest(stage).id

    def opened() -> console.Opened:
        def use_case(uow: UnitOfWork) -> console.Opened | None:
            staff = uow.people.staff(berta.id)
            assert staff is not None
            guard = Guard(uow, stage.rules, staff, stage.now)
            return console.case(uow, guard, staff, number, stage.now)

        found = stage.run(use_case)
        assert found is not None
        return found

    assert opened().told is None
    takes(stage, berta)
    assert opened().told == "sent"
    assert opened().talks is False
    does(stage, berta, "reply", text="Ich bin da.")
    assert opened().talks is True
    does(stage, berta, "end")
    assert opened().talks is False
