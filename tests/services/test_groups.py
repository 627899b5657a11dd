# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A group from the invitation to the day after: a yes is a place, a no leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TypeVar

import pytest

from bot.domain.groups import Dates, Feeling, Group, GroupContent, Seat, SeatState
from bot.domain.messages import IncomingKind
from bot.domain.partners import Partner, PartnerKind
from bot.ports import UnitOfWork
from bot.services import groups, support
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.erase_person import Reason, erase
from bot.services.groups import Invited, Offer
from bot.services.groups_view import felt
from tests.services.stage import Actor, Stage

T = TypeVar("T")

FRIDAY = date(2026, 11, 27)
CONTENT = GroupContent(
    title="Nähtreff",
    what={"de": "Wir nähen zusammen.", "en": "We sew together."},
    dates=Dates(first_day=FRIDAY, at=time(10), zone="Europe/Berlin", minutes=60, rule="FREQ=WEEKLY", count=4),
    place="Haus Muster",
    guided_by="Frau Beispiel",
)


def at_desk(stage: Stage, actor: Actor, act: Callable[[Desk], T]) -> T:
    def use_case(uow: UnitOfWork) -> T:
        found = uow.people.find_staff(actor.channel, actor.address)
        assert found is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        result = act(desk)
        desk.finish()
        return result

    result = stage.run(use_case)
    stage.deliver()
    return result


def offer(stage: Stage, berta: Actor, capacity: int = 1, content: GroupContent = CONTENT) -> Group:
    return at_desk(stage, berta, lambda desk: groups.make(desk, Offer(content, capacity, berta.id)))


def invite(stage: Stage, berta: Actor, group: Group) -> Invited:
    return at_desk(stage, berta, lambda desk: groups.invite(desk, group, desk.uow.people.participants(1)))


def seats(stage: Stage) -> list[Seat]:
    return stage.run(lambda uow: uow.casework.groups.seats(1))


def states(stage: Stage) -> dict[int, SeatState]:
    return {seat.participant_id: seat.state for seat in seats(stage)}


def dates_of(stage: Stage, person: int) -> list[tuple[date, bool]]:
    every = stage.run(lambda uow: uow.appointments.of_participant(person, stage.now))
    return [(one.starts_at.date(), one.is_open) for one in every]


@pytest.fixture
def bernd(stage: Stage, berta: Actor, mia: Actor) -> Actor:
    """A second participant, after Mia."""
    return stage.participant(berta, "bernd")


def test_a_yes_is_a_place_with_its_dates_and_a_tap_gives_it_back(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    group = offer(stage, berta)
    assert invite(stage, berta, group) == Invited(told=1)
    (asked,) = mia.hears("Nähtreff")
    for words in (
        "Wir nähen zusammen.",
        "Freitag, 27. November, um 10",
        "und danach noch 1 Mal",
        "Haus Muster",
    ):
        assert words in asked.text
    mia.presses("Ja, ich komme")
    mia.hears("Schön, Sie haben einen Platz: Nähtreff")
    assert states(stage) == {1: SeatState.COMES}
    assert dates_of(stage, 1)[0] == (FRIDAY, True)
    assert len(dates_of(stage, 1)) == 4
    # Nothing is kept of what was said, and whoever has a place is not asked again.
    assert [
        one for one in stage.run(lambda uow: uow.talks.answers(1)) if one.dialog.startswith("group")
    ] == []
    assert invite(stage, berta, group) == Invited(there=1)
    mia.writes("/gruppe")
    mia.hears("Sie kommen.")
    mia.presses("Ich komme nicht")
    mia.hears("In Ordnung. Sie stehen dort nicht mehr auf der Liste.")
    assert seats(stage) == []
    assert not any(is_open for _, is_open in dates_of(stage, 1))
    berta.hears_nothing()


def test_a_no_is_nothing(stage: Stage, mia: Actor, berta: Actor) -> None:
    group = offer(stage, berta)
    invite(stage, berta, group)
    mia.presses("Nein, danke")
    mia.hears("", "In Ordnung. Es ändert sich nichts")
    assert seats(stage) == []
    assert [
        one for one in stage.run(lambda uow: uow.talks.answers(1)) if one.dialog.startswith("group")
    ] == []
    berta.hears_nothing()
    mia.writes("Gruppe")
    mia.hears("keine Gruppe für Sie")


def test_nobody_is_invited_while_something_serious_is_open(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("Ich bringe mich heute noch um.")
    mia.forgets()
    invite(stage, berta, offer(stage, berta))
    stage.pass_time(minutes=10)
    mia.hears_nothing()
    for label in ("Übernehmen", "Erledigt", "Gesprochen"):
        berta.presses(label)
    mia.forgets()
    stage.pass_time(hours=2)
    mia.hears("Nähtreff")


def test_a_free_place_is_kept_for_the_next_while_something_serious_is_open(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    group = offer(stage, berta)
    invite(stage, berta, group)
    for person in (mia, bernd):
        person.presses("Ja, ich komme")
    bernd.writes("Mein Mann schlägt mich.")
    bernd.forgets()
    mia.writes("Gruppe")
    mia.presses("Ich komme nicht")
    stage.pass_time(hours=26)
    bernd.hears_nothing()
    assert states(stage) == {2: SeatState.WAITS}


def test_full_is_said_before_and_the_next_is_asked_with_time_to_answer(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    clara = stage.participant(berta, "clara")
    group = offer(stage, berta)
    invite(stage, berta, group)
    mia.presses("Ja, ich komme")
    bernd.presses("Ja, ich komme")  # somebody was faster
    bernd.hears("Nähtreff", "Gerade sind alle Plätze vergeben: Nähtreff. Sie stehen jetzt auf der Warteliste")
    clara.presses("Ja, ich komme")
    clara.forgets()
    assert states(stage) == {1: SeatState.COMES, 2: SeatState.WAITS, 3: SeatState.WAITS}
    clara.writes("Gruppe")
    clara.presses("Mein Platz auf der Liste")
    clara.hears("Warteliste", "Nähtreff: Platz 2 auf der Liste")
    mia.forgets()
    mia.writes("Gruppe")
    mia.presses("Ich komme nicht")
    stage.pass_time(minutes=1)
    (asked,) = bernd.hears("In einer Gruppe ist jetzt ein Platz für Sie frei: Nähtreff")
    assert "bis Dienstag, 24. November, um 10" in asked.text
    clara.hears_nothing()
    # A late newcomer does not get what is kept for somebody.
    dora = stage.participant(berta, "dora")
    at_desk(stage, berta, lambda desk: groups.invite(desk, group, desk.uow.people.participants(1)[3:]))
    dora.hears("Gerade sind alle Plätze vergeben")
    stage.pass_time(hours=24)
    bernd.hears_nothing()
    clara.hears("In einer Gruppe ist jetzt ein Platz für Sie frei")
    assert states(stage)[2] is SeatState.WAITS
    clara.presses("Ja, ich komme")
    clara.hears("Sie haben einen Platz")
    stage.pass_time(hours=30)
    assert states(stage) == {2: SeatState.WAITS, 3: SeatState.COMES}


def test_at_night_nobody_is_asked_and_the_day_begins_in_the_morning(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    invite(stage, berta, offer(stage, berta))
    mia.presses("Ja, ich komme")
    bernd.presses("Ja, ich komme")
    stage.pass_time(hours=13)
    mia.writes("Gruppe")
    mia.presses("Ich komme nicht")
    bernd.forgets()
    stage.pass_time(hours=1)
    bernd.hears_nothing()
    stage.pass_time(hours=10)
    bernd.hears("In einer Gruppe ist jetzt ein Platz für Sie frei")
    held = seats(stage)[0].held_until
    assert held is not None
    assert held - stage.now > timedelta(hours=18)
    bernd.presses("Nein, danke")
    bernd.hears("In Ordnung. Sie stehen dort nicht mehr auf der Liste.")
    assert seats(stage) == []


def test_a_group_that_does_not_take_place_is_told_and_gone(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    group = offer(stage, berta)
    invite(stage, berta, group)
    mia.presses("Ja, ich komme")
    mia.forgets()
    karl = stage.staff("Karl Kollege")
    with pytest.raises(EntryFault):
        at_desk(stage, karl, lambda desk: groups.cancel(desk, group))
    at_desk(stage, berta, lambda desk: groups.cancel(desk, group))
    stage.pass_time(minutes=1)
    mia.hears("Diese Gruppe findet leider nicht mehr statt: Nähtreff")
    assert seats(stage) == []
    assert not any(is_open for _, is_open in dates_of(stage, 1))
    bernd.presses("Ja, ich komme")
    bernd.hears("Nähtreff", "Diese Gruppe trifft sich leider nicht mehr")
    assert seats(stage) == []


def test_who_was_there_is_entered_and_who_was_not_is_nowhere(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    group = offer(stage, berta, capacity=2)
    invite(stage, berta, group)
    mia.presses("Ja, ich komme")
    bernd.presses("Ja, ich komme")
    with pytest.raises(EntryFault):
        at_desk(stage, berta, lambda desk: groups.enter_attendance(desk, group, FRIDAY, [1]))
    stage.pass_time(days=4, hours=3)
    # The one who was there is asked on the next day, and nobody is asked twice how it was.
    assert at_desk(stage, berta, lambda desk: groups.enter_attendance(desk, group, FRIDAY, [1, 99])) == 1
    mia.forgets()
    bernd.forgets()
    berta.forgets()
    stage.pass_time(days=1)
    assert stage.run(lambda uow: uow.casework.groups.visits_of(1)) == [(1, FRIDAY)]
    assert stage.run(lambda uow: uow.casework.groups.visits_of(2)) == []
    bernd.hears_nothing()
    mia.hears("Gestern war ein Treffen von Ihrer Gruppe: Nähtreff")
    mia.presses("Ging so")
    mia.writes("Es war etwas laut.")
    mia.hears("nicht an die Gruppe", "Danke")
    (told,) = berta.hears("Die Person hat etwas zu einem Gruppentreffen geschrieben")
    assert "laut" not in told.text
    (meeting,) = stage.run(lambda uow: uow.casework.groups.meetings(1))
    assert (meeting.came, meeting.feelings[Feeling.MIXED]) == (1, 1)
    assert felt(meeting).total is None
    (kept,) = [one for one in stage.run(lambda uow: uow.talks.answers(1)) if one.dialog == "group_feedback"]
    assert kept.step == "your_words"
    assert felt(replace(meeting, feelings=dict.fromkeys(Feeling, 5))).cells == (5, 5, 5)


def test_whoever_is_erased_leaves_a_place_to_the_next(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    invite(stage, berta, offer(stage, berta))
    mia.presses("Ja, ich komme")
    bernd.presses("Ja, ich komme")
    bernd.forgets()

    def gone(uow: UnitOfWork) -> None:
        erase(uow, uow.people.participants_by([1])[1], "staff:1", Reason.MISTAKE, stage.now)

    stage.run(gone)
    stage.pass_time(minutes=1)
    bernd.hears("In einer Gruppe ist jetzt ein Platz für Sie frei")


def test_what_cannot_be_is_said(stage: Stage, mia: Actor, berta: Actor) -> None:
    past = replace_dates(first_day=date(2026, 11, 20), count=1)
    for content, capacity in ((past, 1), (CONTENT, 0), (CONTENT, 201)):
        with pytest.raises(EntryFault):
            offer(stage, berta, capacity, content)
    group = offer(stage, berta, 2)
    invite(stage, berta, group)
    mia.presses("Ja, ich komme")
    other = Offer(replace_dates(at=time(11)), 2, berta.id)
    with pytest.raises(EntryFault):
        at_desk(stage, berta, lambda desk: groups.change(desk, group, other))
    changed = at_desk(stage, berta, lambda desk: groups.change(desk, group, Offer(CONTENT, 1, berta.id)))
    assert changed.capacity == 1
    karl = stage.staff("Karl Kollege")
    with pytest.raises(EntryFault):
        invite(stage, karl, group)


def replace_dates(**changes: object) -> GroupContent:
    fields = {"first_day": FRIDAY, "at": time(10), "zone": "Europe/Berlin", "minutes": 60, **changes}
    return GroupContent(title="Nähtreff", what={"de": "Wir nähen."}, dates=Dates(**fields))  # type: ignore[arg-type]


def test_a_card_from_the_catalogue_leaves_only_a_contact_wish(stage: Stage, mia: Actor, berta: Actor) -> None:
    club = Partner(
        0, 1, PartnerKind.SPORTS, "Sportverein Beispiel", contact="0123 456", offer="montags um 18 Uhr"
    )
    clinic = Partner(0, 1, PartnerKind.CLINIC, "Klinik Musterstadt")
    stage.run(lambda uow: uow.casework.partners.keep(1, [club, clinic], stage.now))

    def send(desk: Desk, number: int) -> None:
        support.suggest(desk, desk.uow.people.participants(1)[0], number)

    with pytest.raises(EntryFault):
        at_desk(stage, berta, lambda desk: send(desk, 2))
    at_desk(stage, berta, lambda desk: send(desk, 1))
    (card,) = mia.hears("Sportverein Beispiel")
    for words in ("montags um 18 Uhr", "0123 456", "freiwillig"):
        assert words in card.text
    mia.presses("Nein, danke")
    mia.forgets()
    assert stage.concerns() == []
    at_desk(stage, berta, lambda desk: send(desk, 1))
    mia.presses("Interessiert mich")
    (concern,) = stage.concerns()
    assert concern.reason == "support_wished"
    history = stage.run(lambda uow: uow.concerns.history(concern.id))
    assert any("Sportverein Beispiel" in str(row) for row in history)
    assert [one for one in stage.run(lambda uow: uow.talks.answers(1)) if "support" in one.dialog] == []


def test_in_the_staff_bot_who_was_there_takes_two_taps(
    stage: Stage, mia: Actor, bernd: Actor, berta: Actor
) -> None:
    invite(stage, berta, offer(stage, berta, 2))
    mia.presses("Ja, ich komme")
    bernd.presses("Ja, ich komme")
    berta.writes("/gruppen")
    berta.hears("Heute trifft sich keine Ihrer Gruppen")
    stage.pass_time(days=4, hours=1)
    berta.forgets()
    berta.writes("/gruppen")
    (told,) = berta.hears("Gruppe 1, heute um 10")
    code = stage.run(lambda uow: uow.people.participants_by([2])[2].case_code)
    assert code in told.text
    assert "Nähtreff" not in told.text
    berta.presses("Wer war da?")
    berta.presses("Alle waren da")
    berta.hears("0 waren da", "2 waren da")
    berta.presses(f"✓ {code}")
    berta.hears("1 waren da")
    assert stage.run(lambda uow: uow.casework.groups.visited(1, FRIDAY)) == {1}
    karl = stage.staff("Karl Kollege")
    token = stage.key(berta.channel, berta.address, "Alle waren da")[0]
    karl.does(IncomingKind.PRESS, press=token, message="1")
    karl.hears_nothing()
    assert stage.run(lambda uow: uow.casework.groups.visited(1, FRIDAY)) == {1}
    berta.writes("/angebot")
    berta.hears("Welchen Fall meinen Sie?")
    berta.writes(f"/angebot {code}")
    berta.hears("Noch steht kein Angebot im Verzeichnis")
