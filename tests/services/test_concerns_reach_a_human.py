# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promise P1: a concern is never lost and never ends by itself; the person hears only what is true (P7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.concerns import Event, Level, State
from bot.domain.delivery import Permanent, RetryAfter, Sent
from bot.domain.messages import IncomingKind, Kind
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services.escalate import raise_concern
from bot.services.receive import open_visit
from tests.services.floor_dialogs import want
from tests.services.stage import MONDAY, Actor, Stage

ACUTE = "Ich will nicht mehr leben"


def test_an_acute_message_is_answered_with_help_first_and_reaches_the_coach(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(ACUTE)
    berta.hears("Meldung R3")
    crisis, second = mia.hears("Ich bin ein Programm", "gerade an Berta Beispiel geschickt")
    assert "112" in crisis.text
    assert "0800 1110111" in crisis.text
    assert "10:15 Uhr" in second.text
    [concern] = stage.concerns()
    assert (concern.level, concern.state, concern.quote) == (Level.R3, State.OPEN, ACUTE)
    assert concern.next_action_at == MONDAY + timedelta(minutes=15)


def test_strain_in_an_answer_reaches_the_coach_once(stage: Stage, berta: Actor, mia: Actor) -> None:
    """Words in a check-in are words, too; the question goes on."""
    mia.writes("checkin")
    mia.writes("5")
    mia.writes("5")
    mia.forgets()
    mia.writes("Ich bin so einsam")
    mia.hears("Soll sich Ihr Coach bei Ihnen melden?")
    berta.hears("Meldung R1")
    [concern] = stage.concerns()
    assert (concern.level, concern.quote) == (Level.R1, "Ich bin so einsam")


def answers_that_it_is_danger(stage: Stage, mia: Actor) -> None:
    want(stage, "discharge_followup")
    mia.forgets()
    mia.presses("Nein, ich brauche jetzt Hilfe")


def test_danger_in_a_dialog_reaches_the_coach_and_the_person_hears_it(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    answers_that_it_is_danger(stage, mia)
    berta.hears("Meldung R3")
    mia.hears("112", "damit sich ein Mensch meldet", "gerade an Berta Beispiel geschickt")


def test_danger_in_a_dialog_out_of_hours_promises_nothing_that_was_just_denied(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.pass_time(hours=10)
    mia.forgets()
    answers_that_it_is_danger(stage, mia)
    berta.hears("Meldung R3")
    mia.hears("112", "Im Moment liest hier niemand mit.")


def test_danger_in_a_dialog_that_reaches_nobody_says_so(stage: Stage, berta: Actor, mia: Actor) -> None:
    berta.does(IncomingKind.BLOCKED)
    answers_that_it_is_danger(stage, mia)
    mia.hears("112", "damit sich ein Mensch meldet", "Im Moment kann ich hier niemanden erreichen.")


def test_the_alert_names_nobody_and_says_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    [alert] = berta.hears("Meldung R3")
    [concern] = stage.concerns()
    assert alert.text == f"Meldung R3 · Fall {concern.case_code}"
    assert [key.label for row in alert.keys for key in row] == [
        "Übernehmen",
        "Anzeigen",
        "Weitergeben",
        "Erledigt",
    ]
    berta.presses("Anzeigen")
    [shown] = berta.hears("Meldung R3")
    assert ACUTE not in shown.text
    assert shown.link.startswith("https://lotse.example/console/")


def test_at_night_it_is_said_that_nobody_reads(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.now = MONDAY + timedelta(hours=12)
    mia.writes(ACUTE)
    [crisis] = mia.hears("Im Moment liest hier niemand mit.")
    assert "Dienstag, 24. November ab 08:00 Uhr" in crisis.text
    berta.hears("Meldung R3")


def test_without_anybody_to_call_it_is_said_and_marked(stage: Stage) -> None:
    unlinked = stage.hire("Ole Offline")
    mia = stage.participant(Actor(stage, "telegram_staff", "nobody", unlinked.id))
    mia.writes(ACUTE)
    mia.hears("Im Moment kann ich hier niemanden erreichen.")
    [concern] = stage.concerns()
    assert concern.uncovered
    assert concern.next_action_at is not None


def test_whoever_is_linked_later_is_called_then(stage: Stage) -> None:
    hired = stage.hire("Ole Offline")
    ole = Actor(stage, "telegram_staff", "ole", hired.id)
    mia = stage.participant(ole)
    mia.writes(ACUTE)
    ole.starts(hired.messenger_code)
    ole.hears("Willkommen")
    stage.pass_time(minutes=16)
    ole.hears("Meldung R3")
    assert not stage.concerns()[0].uncovered


def test_the_ladder_calls_owner_deputy_lead_and_begins_again(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia = stage.participant(berta)
    mia.writes(ACUTE)
    berta.hears("Meldung R3")
    mia.forgets()
    stage.pass_time(minutes=15)
    dirk.hears("Meldung R3")
    mia.hears("Es hat sich noch niemand gemeldet.")
    stage.pass_time(minutes=15)
    lea.hears("Meldung R3")
    stage.pass_time(minutes=15)
    for coach in (berta, dirk):  # nobody has reacted: everybody who is there
        coach.hears("Noch hat niemand übernommen.")
    lea.hears_nothing()
    stage.pass_time(minutes=15)
    berta.hears("Noch hat niemand übernommen.")
    lea.hears("Noch hat niemand übernommen.")
    dirk.hears_nothing()
    mia.hears_nothing()


def test_nothing_ends_by_itself(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    berta.forgets()
    for _ in range(7):
        stage.pass_time(days=1)
        [concern] = stage.concerns()
        assert concern.state is State.OPEN
        assert concern.next_action_at is not None
        assert concern.next_action_at > stage.now
    assert len(berta.stage.ears[berta.channel, berta.address]) >= 7


def test_taking_over_needs_a_next_step(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.forgets()
    mia.forgets()
    stage.pass_time(minutes=16)
    berta.hears("Meldung R3")
    assert stage.concerns()[0].state is State.OPEN
    mia.hears_nothing()


def test_a_next_step_that_has_passed_asks_again(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.presses("Ich rufe heute an")
    assert stage.concerns()[0].state is State.IN_HAND
    berta.forgets()
    stage.pass_time(hours=6)
    berta.hears_nothing()
    stage.pass_time(days=1)
    assert "Meldung R3" in berta.stage.ears[berta.channel, berta.address][0].text
    assert stage.concerns()[0].state is State.OPEN


def test_the_whole_way_to_the_end(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Können Sie mich bitte anrufen?")
    mia.hears("Ich gebe sie an Berta Beispiel weiter")
    berta.hears("Meldung R1")
    berta.presses("Übernehmen")
    mia.hears("Berta Beispiel hat Ihre Meldung gesehen und übernommen.")
    berta.hears("Übernommen von Ihnen", "nächster Schritt")
    berta.presses("Ich schreibe jetzt")
    berta.hears("notiert", "Schreiben Sie jetzt Ihre Antwort")
    berta.writes("Ich rufe um drei an.")
    mia.hears("Berta Beispiel: Ich rufe um drei an.")
    berta.hears("unterwegs")
    mia.writes("Danke, das passt")
    mia.hears_nothing()
    berta.hears("Neue Nachricht")
    berta.presses("Erledigt")
    berta.hears("Was ist das Ergebnis?")
    berta.presses("Gesprochen")
    berta.hears("abgeschlossen")
    mia.hears("Das Gespräch mit Berta Beispiel ist hier zu Ende. Ich bin wieder das Programm.")
    [concern] = stage.concerns()
    assert concern.state is State.CLOSED
    stage.pass_time(days=3)
    berta.hears_nothing()
    mia.hears_nothing()


def test_nobody_closes_what_nobody_took(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    receipt = berta.presses("Erledigt")
    assert "zuerst" in receipt.toast
    assert stage.concerns()[0].state is State.OPEN


def test_two_taps_take_over_once(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    token, message = stage.key(berta.channel, berta.address, "Übernehmen")
    berta.forgets()
    mia.forgets()
    berta.does(IncomingKind.PRESS, press=token, message=message)
    receipt = berta.does(IncomingKind.PRESS, press=token, message=message)
    assert receipt.toast == "Sie haben diesen Fall schon."
    mia.hears("übernommen")
    berta.hears("Übernommen von Ihnen", "nächster Schritt")


def test_the_others_learn_who_took_over(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    mia.writes(ACUTE)
    stage.pass_time(minutes=15)
    for person in (berta, dirk, mia):
        person.forgets()
    dirk.presses("Übernehmen")
    [notice] = berta.hears("übernommen von Dirk Dreher")
    assert not notice.keys
    dirk.hears("Übernommen von Ihnen", "nächster Schritt")
    mia.hears("Dirk Dreher hat Ihre Meldung gesehen und übernommen.")


def test_passing_on_goes_to_the_deputy(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    mia.writes(ACUTE)
    berta.presses("Weitergeben")
    dirk.hears_nothing()
    berta.presses("Dirk Dreher (Vertretung)")
    dirk.hears("Meldung R3")
    assert stage.concerns()[0].owner_id == dirk.id


def test_passing_on_to_nobody_changes_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    assert "bleibt bei Ihnen" in berta.presses("Weitergeben").toast
    assert stage.concerns()[0].owner_id == berta.id


def test_a_failed_call_does_not_wait_for_the_next_rung(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == berta.address else None
    mia.writes(ACUTE)
    dirk.hears("Meldung R3")
    mia.hears("Ich bin ein Programm", "gerade an")


def test_no_claim_before_the_alert_has_arrived(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: RetryAfter(5, reason="network") if m.kind is Kind.STAFF_ALERT else None
    mia.writes(ACUTE)
    mia.hears("Ich bin ein Programm")
    berta.hears_nothing()
    stage.refuse = lambda m: None
    stage.pass_time(seconds=6)
    berta.hears("Meldung R3")
    mia.hears("gerade an Berta Beispiel geschickt")


def test_an_hour_that_is_promised_anew_is_kept_as_well(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: RetryAfter(60, "busy") if m.address == berta.address else None
    mia.writes("Ich will nicht mehr leben")
    stage.pass_time(minutes=20)
    mia.hears("112", "Es hat sich noch niemand gemeldet.")
    stage.refuse = lambda m: None
    stage.pass_time(minutes=5)
    mia.hears("gerade an Berta Beispiel geschickt. Unser Ziel: Bis 10:36 Uhr")
    stage.pass_time(minutes=10)
    mia.hears_nothing()
    stage.pass_time(minutes=1)
    mia.hears("Es hat sich noch niemand gemeldet.")
    stage.pass_time(hours=2)
    mia.hears_nothing()


def test_the_hour_counts_from_when_it_became_danger(stage: Stage, berta: Actor, mia: Actor) -> None:
    """Out of an answer that was serious, danger came ten minutes later, in the same conversation."""

    def raised(level: Level) -> None:
        def use_case(uow: UnitOfWork) -> None:
            visit = open_visit(uow, stage.rules, 1, stage.now)
            assert visit is not None
            raise_concern(visit, level, "answer:77", "mood")
            visit.finish()

        stage.run(use_case)
        stage.deliver()

    raised(Level.R2)
    stage.pass_time(minutes=10)
    mia.forgets()
    raised(Level.R3)
    mia.hears("Bis 10:25 Uhr meldet sich ein Mensch")
    stage.pass_time(minutes=15)
    mia.hears("Es hat sich noch niemand gemeldet.")


def test_shortly_before_closing_the_day_is_said_with_the_hour(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.now = datetime(2026, 11, 27, 14, 55, tzinfo=UTC)  # Friday, five minutes before the end
    mia.writes("Ich will nicht mehr leben")
    mia.hears("Ich bin ein Programm", "Bis Montag, 30. November, 08:10 Uhr meldet sich ein Mensch")


def test_an_alert_that_arrives_after_hours_promises_no_hour(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: RetryAfter(60, "limit") if m.address == berta.address else None
    mia.writes("Ich will nicht mehr leben")
    mia.hears("Ich bin ein Programm")
    stage.pass_time(hours=9)
    mia.hears("Es hat sich noch niemand gemeldet")
    stage.refuse = lambda m: None
    stage.pass_time(minutes=5)
    [said] = mia.hears("Im Moment liest hier niemand mit")
    assert "Berta Beispiel sieht Ihre Nachricht am Dienstag, 24. November ab 08:00 Uhr." in said.text


def test_reasons_of_one_checkin_make_one_case(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    for label in ("Ja", "Ja", "Ja", "1", "4", "Überspringen", "Ja, heute"):
        mia.presses(label)
    berta.hears("Meldung R1", "Meldung R2")
    [concern] = stage.concerns()
    assert (concern.level, concern.reason) == (Level.R2, "contact_today")
    events = [entry[1] for entry in stage.run(lambda uow: uow.concerns.history(concern.id))]
    assert events == ["raised", "called", "raised_to_R2", "called"]


def test_something_new_after_taking_over_gets_a_ladder_of_its_own(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.presses("Ich rufe heute an")
    mia.writes("Ich habe gerade Tabletten genommen, ich will sterben")
    assert [(c.level, c.state) for c in stage.concerns()] == [
        (Level.R3, State.IN_HAND),
        (Level.R3, State.OPEN),
    ]


@pytest.mark.parametrize("event", list(Event))
def test_every_event_of_a_stranger_concern_id_is_answered_kindly(
    stage: Stage, berta: Actor, event: Event
) -> None:
    receipt = berta.does(IncomingKind.PRESS, press=f"s:999:{event.value}")
    assert receipt.toast == "Dieser Knopf gilt nicht mehr."
    berta.hears_nothing()


def test_an_alert_that_lies_on_a_closed_page_is_not_called_sent(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.refuse = lambda m: Sent("1", reached=False) if m.kind is Kind.STAFF_ALERT else None
    mia.writes(ACUTE)
    mia.hears("Ich bin ein Programm")
    stage.pass_time(minutes=15)
    mia.hears("Es hat sich noch niemand gemeldet.")
