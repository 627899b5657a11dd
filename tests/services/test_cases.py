# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a case besides taking it over: hand over, rest, reopen, note, raise and lower."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.domain.concerns import Concern, Level, Outcome, State
from bot.domain.messages import IncomingKind
from bot.domain.people import Role, Staff
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.case_levels import lower_level, raise_level
from bot.services.case_notes import note, notes_of
from bot.services.case_queue import others, queue
from bot.services.case_words import describe
from bot.services.desk import Desk
from bot.services.hand_over import hand_over, pass_on
from bot.services.handle_concern import close, plan, reopen, snooze, take_over
from bot.services.person_desk import raise_by_staff
from bot.services.whom import reader_of, somebody_reads
from tests.services.at_desk import at_desk, is_away
from tests.services.stage import MONDAY, Actor, Stage

ACUTE = "Ich will nicht mehr leben"
WISH = "Können Sie mich bitte anrufen?"
SECRET = "Wohnt gerade bei der Schwester in Musterstadt"


@pytest.fixture
def dirk(stage: Stage) -> Actor:
    """A colleague who is nobody's deputy."""
    return stage.staff("Dirk Dreher")


@pytest.fixture
def lea(stage: Stage) -> Actor:
    """The lead."""
    return stage.staff("Lea Lind", Role.LEAD)


def member(stage: Stage, actor: Actor) -> Staff:
    found = stage.run(lambda uow: uow.people.staff(actor.id))
    assert found is not None
    return found


def concern(stage: Stage) -> Concern:
    return stage.concerns()[0]


def taken(stage: Stage, berta: Actor, mia: Actor, words: str = WISH) -> int:
    """A concern that Berta has taken over, without a next step yet; its number."""
    mia.writes(words)
    number = concern(stage).id
    at_desk(stage, berta, number, lambda desk, found: take_over(desk, found, None))
    for person in (berta, mia):
        person.forgets()
    return number


# --- take over


def test_whoever_has_said_nothing_gets_no_receipt_for_it(stage: Stage, berta: Actor, mia: Actor) -> None:
    [person] = stage.run(lambda uow: uow.people.participants(DEFAULT_AGENCY))

    def worry(uow: UnitOfWork) -> None:
        found = uow.people.find_staff(berta.channel, berta.address)
        assert found is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        raise_by_staff(desk, person, Level.R2, "Wirkt seit Tagen sehr still")
        desk.finish()

    stage.run(worry)
    at_desk(stage, berta, concern(stage).id, partial(take_over, before=None))
    mia.does(IncomingKind.BLOCKED)
    at_desk(stage, berta, stage.concerns()[1].id, partial(take_over, before=None))
    mia.hears_nothing()


# --- hand over


def test_handing_over_calls_the_colleague_at_once_and_they_have_it_when_they_take_it(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor
) -> None:
    number = taken(stage, berta, mia)
    assert at_desk(stage, berta, number, partial(hand_over, to=member(stage, dirk)))
    dirk.hears("Meldung R1")
    mia.hears_nothing()  # nothing is claimed before somebody has read it
    assert (concern(stage).state, concern(stage).owner_id) == (State.OPEN, dirk.id)
    assert concern(stage).taken_by is None
    dirk.presses("Übernehmen")
    mia.hears("Dirk Dreher hat Ihre Meldung gesehen und übernommen.")
    assert concern(stage).taken_by == dirk.id


def test_what_was_handed_over_and_not_taken_climbs_from_the_colleague_on(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor
) -> None:
    emil = stage.staff("Emil Ersatz", deputy_of=dirk.id)
    number = taken(stage, berta, mia, ACUTE)
    at_desk(stage, berta, number, partial(hand_over, to=member(stage, dirk)))
    dirk.hears("Meldung R3")
    mia.hears_nothing()  # no line about an alert either
    stage.pass_time(minutes=15)
    emil.hears("Meldung R3")


@pytest.mark.parametrize(
    ("case", "line"),
    [
        ("away", "Dirk Dreher ist gerade nicht da."),
        ("unlinked", "Ole Offline ist gerade nicht zu erreichen."),
        ("oneself", "Das sind Sie selbst."),
        ("admin", "An diese Person kann ich keinen Fall geben."),
        ("closed", "Dieser Fall ist schon abgeschlossen."),
    ],
)
def test_handing_over_to_nobody_changes_nothing_and_says_why(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor, case: str, line: str
) -> None:
    number = taken(stage, berta, mia)
    to = member(stage, dirk)
    if case == "away":
        is_away(stage, dirk)
    elif case == "unlinked":
        hired = stage.hire("Ole Offline")
        to = member(stage, Actor(stage, "telegram_staff", "ole", hired.id))
    elif case == "oneself":
        to = member(stage, berta)
    elif case == "admin":
        to = member(stage, stage.staff("Ada Amt", Role.ADMIN))
    else:
        at_desk(stage, berta, number, lambda desk, found: close(desk, found, Outcome.REACHED))
    before = concern(stage)
    berta.forgets()
    assert not at_desk(stage, berta, number, partial(hand_over, to=to))
    berta.hears(line)
    assert concern(stage) == before


def test_passing_on_without_a_name_never_goes_to_somebody_on_leave_or_without_cases(
    stage: Stage, berta: Actor, mia: Actor, lea: Actor
) -> None:
    stage.staff("Ada Amt", Role.ADMIN)
    number = taken(stage, berta, mia)
    is_away(stage, lea)
    before = concern(stage)
    assert not at_desk(stage, berta, number, pass_on)
    lea.hears_nothing()
    assert concern(stage) == before


# --- rest


def test_resting_asks_again_at_that_moment(stage: Stage, berta: Actor, mia: Actor) -> None:
    number = taken(stage, berta, mia)
    until = MONDAY + timedelta(days=1, hours=1)
    assert at_desk(stage, berta, number, partial(snooze, until=until))
    berta.hears("Ich frage am Dienstag, 24. November um 11:00 Uhr wieder nach.")
    assert (concern(stage).state, concern(stage).next_action_at) == (State.IN_HAND, until)
    stage.pass_time(days=1, minutes=59)
    assert concern(stage).state is State.IN_HAND
    stage.pass_time(minutes=1)
    assert concern(stage).state is State.OPEN
    assert "Meldung R1" in stage.ears[berta.channel, berta.address][-1].text


def test_resting_without_a_moment_means_the_next_opening(stage: Stage, berta: Actor, mia: Actor) -> None:
    number = taken(stage, berta, mia)
    assert at_desk(stage, berta, number, snooze)
    assert concern(stage).next_action_at == MONDAY + timedelta(hours=22)  # Tuesday, 8:00 in Berlin
    assert at_desk(stage, berta, number, partial(snooze, until=MONDAY + timedelta(hours=15)))
    assert concern(stage).next_action_at == MONDAY + timedelta(hours=22)  # nobody is there at midnight


@pytest.mark.parametrize(
    ("words", "hours", "line"),
    [
        (WISH, 0, "schon vorbei"),
        (WISH, -1, "schon vorbei"),
        (WISH, 14 * 24 + 1, "höchstens 14 Tage"),
        (ACUTE, 15, "nur bis heute Abend"),
        (ACUTE, None, "nur bis heute Abend"),
    ],
)
def test_resting_too_long_is_refused(
    stage: Stage, berta: Actor, mia: Actor, words: str, hours: int | None, line: str
) -> None:
    number = taken(stage, berta, mia, words)
    until = None if hours is None else MONDAY + timedelta(hours=hours)
    before = concern(stage)
    assert not at_desk(stage, berta, number, partial(snooze, until=until))
    berta.hears(line)
    assert concern(stage) == before


def test_danger_may_rest_until_this_evening_and_nothing_rests_that_nobody_has(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(ACUTE)
    number = concern(stage).id
    berta.forgets()
    assert not at_desk(stage, berta, number, snooze)
    berta.hears("Bitte übernehmen Sie den Fall zuerst.")
    at_desk(stage, berta, number, lambda desk, found: take_over(desk, found, None))
    assert at_desk(stage, berta, number, partial(snooze, until=MONDAY + timedelta(hours=6)))


@pytest.mark.parametrize("within", [4, 8, 24])
def test_danger_forgotten_on_a_friday_evening_does_not_lie_until_monday(
    stage: Stage, berta: Actor, mia: Actor, within: int
) -> None:
    stage.now = MONDAY + timedelta(days=4, hours=7)  # 17:00 in Berlin, on a Friday
    number = taken(stage, berta, mia, ACUTE)
    assert concern(stage).next_action_at == stage.now + timedelta(minutes=15)
    stage.pass_time(minutes=15)
    assert concern(stage).state is State.OPEN
    stage.now += timedelta(minutes=45)
    at_desk(stage, berta, number, partial(take_over, before=None))
    at_desk(stage, berta, number, partial(plan, step="Anrufen", within=timedelta(hours=within)))
    midnight = MONDAY + timedelta(days=4, hours=14)
    assert concern(stage).next_action_at == min(stage.now + timedelta(hours=within), midnight)


# --- reopen


def test_a_closed_case_is_reopened_by_anybody_and_is_theirs(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor
) -> None:
    number = taken(stage, berta, mia)
    assert not at_desk(stage, dirk, number, reopen)
    dirk.hears("noch offen")
    at_desk(stage, berta, number, lambda desk, found: close(desk, found, Outcome.NO_NEED))
    berta.forgets()
    assert at_desk(stage, dirk, number, reopen)
    dirk.hears("ist wieder offen und bei Ihnen")
    mia.hears_nothing()
    found = concern(stage)
    assert (found.state, found.owner_id, found.taken_by) == (State.TAKEN, dirk.id, dirk.id)
    assert found.outcome is None
    stage.pass_time(hours=4)
    assert "Meldung R1" in stage.ears[dirk.channel, dirk.address][-1].text  # no next step: it asks again


# --- notes


def test_a_note_stays_in_the_team_and_out_of_messages(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor
) -> None:
    number = taken(stage, berta, mia)
    assert at_desk(stage, berta, number, partial(note, text=f"  {SECRET} "))
    at_desk(stage, berta, number, partial(hand_over, to=member(stage, dirk)))
    assert at_desk(stage, dirk, number, lambda desk, found: note(desk, found, "Rückruf vereinbart"))
    stage.pass_time(days=1)
    said = [body.text for person in (berta, dirk, mia) for body in person._take()]
    assert not [text for text in said if "Schwester" in text or "vereinbart" in text]
    kept = at_desk(stage, dirk, number, lambda desk, found: notes_of(desk.uow, found))
    assert [(one.staff_id, one.text) for one in kept] == [(berta.id, SECRET), (dirk.id, "Rückruf vereinbart")]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_note_is_refused(stage: Stage, berta: Actor, mia: Actor, text: str) -> None:
    number = taken(stage, berta, mia)
    assert not at_desk(stage, berta, number, partial(note, text=text))
    berta.hears("1 bis 2000 Zeichen")


def test_notes_are_shown_only_where_content_may_be(
    stage: Stage, berta: Actor, mia: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = taken(stage, berta, mia)
    at_desk(stage, berta, number, partial(note, text=SECRET))
    shown = at_desk(stage, berta, number, describe)
    assert SECRET not in shown
    assert WISH not in shown
    monkeypatch.setattr(Desk, "may_show_content", True)
    shown = at_desk(stage, berta, number, describe)
    assert f"Notiz von Berta Beispiel: {SECRET}" in shown
    assert WISH in shown


def test_a_next_step_that_was_typed_is_shown_only_where_content_may_be(
    stage: Stage, berta: Actor, mia: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = taken(stage, berta, mia)
    at_desk(stage, berta, number, partial(plan, step="Ich rufe heute an", within=timedelta(hours=1)))
    assert "Nächster Schritt: Ich rufe heute an" in at_desk(stage, berta, number, describe)
    at_desk(stage, berta, number, partial(plan, step=SECRET, within=timedelta(hours=1)))
    shown = at_desk(stage, berta, number, describe)
    assert SECRET not in shown
    assert "Wieder am Montag, 23. November, 11:00 Uhr" in shown
    monkeypatch.setattr(Desk, "may_show_content", True)
    assert f"Nächster Schritt: {SECRET}" in at_desk(stage, berta, number, describe)


# --- levels


def test_anybody_may_raise_and_the_new_ladder_begins_at_once(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor
) -> None:
    mia.writes(WISH)
    for person in (berta, mia):
        person.forgets()
    assert at_desk(stage, dirk, concern(stage).id, lambda desk, found: raise_level(desk, found, Level.R3))
    berta.hears("Meldung R3")
    assert concern(stage).next_action_at == MONDAY + timedelta(minutes=15)
    mia.hears_nothing()  # she was promised nothing, so nothing is said about an alert
    stage.pass_time(minutes=30)
    mia.hears_nothing()


def test_raising_what_somebody_has_asks_them_for_a_new_step(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor
) -> None:
    number = taken(stage, berta, mia)
    at_desk(stage, berta, number, lambda desk, found: plan(desk, found, "Anruf", timedelta(hours=8)))
    berta.forgets()
    assert at_desk(
        stage, dirk, number, lambda desk, found: raise_level(desk, found, Level.R3, "Nachbarin rief an")
    )
    berta.hears("jetzt Stufe R3. Bitte wählen Sie den nächsten Schritt neu.")
    found = concern(stage)
    assert (found.state, found.taken_by) == (State.TAKEN, berta.id)
    assert found.next_action_at == MONDAY + timedelta(minutes=15)
    berta.presses("Nächster Schritt")
    stage.pass_time(minutes=15)
    assert concern(stage).state is State.OPEN


def test_raising_what_somebody_on_leave_has_calls_the_others_at_once(
    stage: Stage, berta: Actor, mia: Actor, dirk: Actor, lea: Actor
) -> None:
    number = taken(stage, berta, mia)
    at_desk(stage, berta, number, partial(snooze, until=MONDAY + timedelta(days=10)))
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=dirk.id))
    is_away(stage, berta)
    stage.ears.clear()
    stage.now += timedelta(days=4, hours=11)  # Friday, 21:00 in Berlin
    assert at_desk(stage, lea, number, partial(raise_level, level=Level.R3))
    dirk.hears("Meldung R3")
    berta.hears_nothing()
    assert concern(stage).state is State.OPEN


@pytest.mark.parametrize("level", [Level.R0, Level.R1])
def test_raising_to_what_it_is_or_below_is_refused(
    stage: Stage, berta: Actor, mia: Actor, level: Level
) -> None:
    number = taken(stage, berta, mia)
    assert not at_desk(stage, berta, number, lambda desk, found: raise_level(desk, found, level))
    berta.hears("schon Stufe R1")


def test_lowering_danger_needs_a_reason_and_the_lead_hears_it(
    stage: Stage, berta: Actor, mia: Actor, lea: Actor
) -> None:
    number = taken(stage, berta, mia, ACUTE)
    for reason in ("", "  a ", "x" * 501):
        lower = partial(lower_level, level=Level.R1, reason=reason)
        assert not at_desk(stage, berta, number, lower)
        berta.hears("3 bis 500 Zeichen")
    assert concern(stage).level is Level.R3
    why = "Am Telefon gesprochen, Schwester ist da"
    assert at_desk(stage, berta, number, lambda desk, found: lower_level(desk, found, Level.R2, why))
    [told] = lea.hears("Berta Beispiel hat die Stufe von R3 auf R2 gesenkt.")
    assert "Schwester" not in told.text
    history = stage.run(lambda uow: uow.concerns.history(number))
    assert [(entry[1], entry[3]) for entry in history if entry[1] == "lower"] == [
        ("lower", f"R3 → R2: {why}")
    ]
    assert (concern(stage).level, concern(stage).state) == (Level.R2, State.TAKEN)


def test_lowering_what_nobody_has_begins_the_ladder_of_the_new_level(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(ACUTE)
    number = concern(stage).id
    berta.forgets()
    assert at_desk(stage, berta, number, lambda desk, found: lower_level(desk, found, Level.R2, "Zitat"))
    assert concern(stage).next_action_at == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize("level", [Level.R0, Level.R1, Level.R2])
def test_lowering_below_r1_or_upwards_is_refused(
    stage: Stage, berta: Actor, mia: Actor, level: Level
) -> None:
    number = taken(stage, berta, mia)
    assert not at_desk(stage, berta, number, lambda desk, found: lower_level(desk, found, level, "Grund"))
    berta.hears("schließen Sie den Fall ab")


def test_a_closed_case_has_its_level(stage: Stage, berta: Actor, mia: Actor) -> None:
    number = taken(stage, berta, mia, ACUTE)
    at_desk(stage, berta, number, lambda desk, found: close(desk, found, Outcome.REACHED))
    berta.forgets()
    assert not at_desk(stage, berta, number, lambda desk, found: lower_level(desk, found, Level.R1, "Grund"))
    assert not at_desk(stage, berta, number, lambda desk, found: raise_level(desk, found, Level.R3))
    berta.hears("schon abgeschlossen", "schon abgeschlossen")


# --- several side by side, the queue, and who reads


def test_several_concerns_stand_side_by_side_and_are_shown_together(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    number = taken(stage, berta, mia)
    assert "Noch" not in at_desk(stage, berta, number, describe)
    mia.writes(ACUTE)
    assert "Noch 1 offene Meldung zu diesem Fall: R3" in at_desk(stage, berta, number, describe)
    at_desk(stage, berta, stage.concerns()[1].id, lambda desk, found: take_over(desk, found, None))
    mia.writes("Ich habe gerade Tabletten genommen, ich will sterben")
    assert "Noch 2 offene Meldungen zu diesem Fall: R3, R3" in at_desk(stage, berta, number, describe)
    beside = at_desk(stage, berta, number, lambda desk, found: others(desk.uow, found))
    assert [one.id for one in beside] == [one.id for one in stage.concerns()[1:]]


def test_everybody_finds_their_own_in_the_queue(stage: Stage, berta: Actor, lea: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia, ben = stage.participant(berta, "mia"), stage.participant(dirk, "ben")
    mia.writes(WISH)
    ben.writes(WISH)
    stage.person("wer").writes(ACUTE)
    hers, his, nobodys = (one.id for one in stage.concerns())

    def mine(actor: Actor | None) -> list[int]:
        number = actor.id if actor else None
        found = stage.run(lambda uow: queue(uow, DEFAULT_AGENCY, number, stage.now))
        return [one.id for one in found]

    assert mine(None) == [nobodys, hers, his]
    assert mine(berta) == [nobodys, hers]
    assert mine(dirk) == [nobodys, his]
    is_away(stage, berta)
    assert mine(dirk) == [nobodys, hers, his]
    at_desk(stage, dirk, hers, lambda desk, found: take_over(desk, found, None))
    assert mine(berta) == [nobodys]
    assert mine(lea) == [nobodys]


def test_only_who_can_be_called_is_named(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)

    def reader(coach_id: int | None) -> int:
        found = stage.run(lambda uow: reader_of(uow, stage.rules, coach_id, stage.now))
        return found.id if found else 0

    assert reader(berta.id) == berta.id
    assert reader(None) == 0
    is_away(stage, berta)
    assert reader(berta.id) == dirk.id
    is_away(stage, dirk)
    assert reader(berta.id) == 0
    assert stage.run(lambda uow: somebody_reads(uow, stage.rules, DEFAULT_AGENCY, stage.now))
    night = MONDAY + timedelta(hours=12)
    assert not stage.run(lambda uow: somebody_reads(uow, stage.rules, DEFAULT_AGENCY, night))
