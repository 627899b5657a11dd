# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments in advanced time: what is said when, to whom, and that nothing else is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import house
from bot.domain.appointments import Appointment, AppointmentState, Coming
from bot.domain.concerns import Level
from bot.domain.delivery import Permanent, SendResult
from bot.domain.messages import Outgoing
from bot.ports import UnitOfWork
from bot.services.appointment_series import AHEAD
from bot.services.calendar_files import calendar_for_person, calendar_for_staff
from tests.services.stage import Actor, Stage

BERLIN = ZoneInfo("Europe/Berlin")


#: Nothing but appointments is said: the only plan is over.
NO_PLANS = """format: 1
plans:
  long_over:
    dialog: weekly_checkin
    dates: [2026-01-05]
    at: "10:00"
"""


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Office hours on a Monday, without check-ins."""
    monkeypatch.setattr(house, "plans_source", lambda: NO_PLANS)
    built = Stage()
    yield built
    built.close()


@pytest.fixture
def mia(stage: Stage, berta: Actor) -> Actor:
    """A participant of Berta's; nobody has anything left to hear."""
    actor = stage.participant(berta)
    berta.forgets()
    return actor


def case(stage: Stage) -> str:
    return stage.run(lambda uow: uow.people.participants(1))[0].case_code


def kept(stage: Stage, number: int = 1) -> Appointment:
    found = stage.run(lambda uow: uow.appointments.get(number))
    assert found is not None
    return found


def sets(stage: Stage, berta: Actor, words: str) -> None:
    """The coach sets an appointment and confirms it."""
    berta.writes(f"/termin {case(stage)} {words}")
    berta.presses("Stimmt so")
    berta.hears("Habe ich das richtig verstanden?", "ist eingetragen.")


def until(stage: Stage, wall: str) -> None:
    """Let time go by until the clock on the wall shows `4.12.2026 08:00`."""
    at = datetime.strptime(wall, "%d.%m.%Y %H:%M").replace(tzinfo=BERLIN).astimezone(UTC)
    assert at >= stage.now
    stage.pass_time(seconds=(at - stage.now).total_seconds())


def reminded(mia: Actor, *words: str) -> None:
    """She hears one reminder: what it is, then the question."""
    mia.hears(*words, "Können Sie kommen?")


def said_already(mia: Actor, *words: str) -> None:
    """She has said that she is coming: what it is, and no question."""
    for body in mia.hears(*words, "Sie haben gesagt, dass Sie kommen."):
        assert not body.keys


def test_seven_days_two_days_and_the_morning_and_nothing_else(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 amt Ort: Musterstraße 1, Raum 12")
    mia.hears("Für Sie ist ein Termin eingetragen", "Verbindlich ist allein das Schreiben Ihrer Behörde.")
    until(stage, "27.11.2026 09:59")
    mia.hears_nothing()
    until(stage, "27.11.2026 10:00")
    reminded(mia, "Verbindlich ist allein das Schreiben Ihrer Behörde.")
    mia.presses("Ich komme")
    mia.hears("dann weiß ich Bescheid")
    until(stage, "2.12.2026 09:59")
    mia.hears_nothing()
    until(stage, "2.12.2026 10:00")
    said_already(mia, "Musterstraße 1, Raum 12")
    until(stage, "4.12.2026 07:59")
    mia.hears_nothing()
    until(stage, "4.12.2026 08:00")
    said_already(mia, "Freitag, 4. Dezember, um 10:30 Uhr")
    until(stage, "4.12.2026 12:29")
    mia.hears_nothing()
    until(stage, "4.12.2026 12:30")
    mia.hears("Sie hatten einen Termin (Freitag, 4. Dezember, um 10:30 Uhr). Wie ist es")
    assert kept(stage).state is AppointmentState.OVER
    stage.pass_time(days=20)
    mia.hears_nothing()
    berta.hears_nothing()


def test_after_a_yes_of_the_same_day_nothing_more_is_said(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 15:00 coach Erinnerung: 1, morgens")
    mia.forgets()
    until(stage, "3.12.2026 10:00")
    reminded(mia, "Freitag, 4. Dezember")
    until(stage, "4.12.2026 05:30")
    mia.presses("Ich komme")
    mia.hears("dann weiß ich Bescheid")
    until(stage, "4.12.2026 16:59")
    mia.hears_nothing()


def test_who_does_not_know_yet_is_asked_again_on_the_day(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 15:00 coach")
    mia.forgets()
    until(stage, "2.12.2026 10:00")
    reminded(mia, "Freitag, 4. Dezember")
    mia.presses("Ich weiß es noch nicht")
    mia.presses("Nichts davon")
    mia.forgets()
    until(stage, "4.12.2026 08:00")
    mia.hears("um 15:00 Uhr", "Heute ist es so weit.")


def test_a_yes_counts_for_its_own_time_only(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 15:00 coach")
    mia.forgets()
    until(stage, "2.12.2026 10:00")
    mia.presses("Ich komme")
    berta.writes("/verschieben 1 11.12.2026 15:00 abgesprochen")
    berta.presses("Stimmt so")
    mia.forgets()
    until(stage, "9.12.2026 10:00")
    reminded(mia, "Freitag, 11. Dezember")


@pytest.mark.parametrize(
    ("day", "first", "morning"),
    [("3.7.2027", "1.7.2027 10:00", "3.7.2027 08:00"), ("28.3.2027", "26.3.2027 10:00", "28.3.2027 08:00")],
)
def test_wall_time_in_summer_and_on_the_night_of_the_change(
    stage: Stage, berta: Actor, mia: Actor, day: str, first: str, morning: str
) -> None:
    sets(stage, berta, f"{day} 15:00 coach")
    mia.hears("um 15:00 Uhr")
    for moment in (first, morning):
        until(stage, moment)
        assert len(mia._take()) == 2, moment
    until(stage, f"{day} 15:00")
    mia.hears_nothing()


def test_what_is_past_when_it_is_set_is_left_out(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "25.11.2026 15:00 amt")
    mia.hears("Für Sie ist ein Termin eingetragen", "Verbindlich")
    until(stage, "25.11.2026 07:59")
    mia.hears_nothing()
    until(stage, "25.11.2026 08:00")
    reminded(mia, "um 15:00 Uhr")


def test_an_appointment_of_today_is_told_once(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "heute 15:00 coach")
    mia.hears("Für Sie ist ein Termin eingetragen")
    until(stage, "23.11.2026 15:59")
    mia.hears_nothing()


def test_a_cancelled_one_is_told_once_and_never_asked_about(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 partner")
    mia.forgets()
    until(stage, "30.11.2026 12:00")
    reminded(mia, "Eine Erinnerung an Ihren Termin")
    berta.writes("/absagen 1")
    berta.presses("Stimmt so")
    berta.hears("Absagen?", "Termin 1 ist abgesagt.")
    mia.hears("findet nicht statt.")
    stage.pass_time(days=30)
    mia.hears_nothing()
    mia.presses("Ich komme")
    assert kept(stage).coming is Coming.UNKNOWN
    berta.writes("/absagen 1")
    berta.hears("schon abgesagt oder vorbei")


def test_one_that_the_person_never_heard_of_is_cancelled_silently(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes("/pause")
    mia.presses("1 Woche")
    mia.forgets()
    sets_while_paused(stage, berta, "4.12.2026 10:30 coach")
    berta.writes("/absagen 1")
    berta.presses("Stimmt so")
    berta.hears("Absagen?", "wusste von mir noch nichts davon")
    stage.pass_time(days=30)
    assert not [body for body in mia._take() if "Termin" in body.text]


def sets_while_paused(stage: Stage, berta: Actor, words: str) -> None:
    berta.writes(f"/termin {case(stage)} {words}")
    berta.presses("Stimmt so")
    berta.hears("Habe ich das richtig verstanden?", "Bitte sagen Sie es ihr selbst.")


def test_a_pause_holds_back_reminders_and_the_coach_hears_of_it_once(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    sets(stage, berta, "27.11.2026 10:30 coach")
    mia.forgets()
    mia.writes("/pause")
    mia.presses("1 Woche")
    mia.forgets()
    until(stage, "27.11.2026 12:00")
    mia.hears_nothing()
    [notice] = berta.hears("Davon konnte ich der Person vorher nichts schreiben.")
    assert f"Fall {case(stage)}, Termin 1 (Freitag, 27. November, 10:30 Uhr)" in notice.text


def test_a_pause_that_ends_in_time_only_delays(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "2.12.2026 15:00 coach")
    mia.forgets()
    mia.writes("/pause")
    mia.presses("1 Woche")
    mia.forgets()
    until(stage, "30.11.2026 10:05")
    assert [body for body in mia._take() if "Eine Erinnerung an Ihren Termin" in body.text]
    berta.hears_nothing()


def test_after_stop_nothing_goes_out_and_the_coach_knows(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 amt")
    mia.writes("STOPP")
    mia.forgets()
    berta.forgets()
    stage.pass_time(days=20)
    mia.hears_nothing()
    berta.hears("Davon konnte ich der Person vorher nichts schreiben.")


def test_without_an_address_the_coach_knows(stage: Stage, berta: Actor, mia: Actor) -> None:
    def refuse(message: Outgoing) -> SendResult | None:
        return Permanent("blocked", address_dead=True) if message.channel == "telegram" else None

    stage.refuse = refuse
    berta.writes(f"/termin {case(stage)} 4.12.2026 10:30 coach")
    berta.presses("Stimmt so")
    berta.forgets()
    until(stage, "4.12.2026 13:00")
    said = [body.text for body in berta._take() if "Davon konnte ich" in body.text]
    assert len(said) == 1
    mia.hears_nothing()


def test_two_at_once_are_both_reminded_each_by_its_own_place(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach Ort: Haus 1")
    sets(stage, berta, "4.12.2026 10:30 partner Ort: Haus 2 Erinnerung: 2, morgens")
    mia.hears("Haus 1", "Haus 2")
    until(stage, "2.12.2026 10:00")
    mia.hears("Wo: Haus 1", "Haus 1: Können Sie kommen?", "Wo: Haus 2", "Haus 2: Können Sie kommen?")
    mia.presses("Ich schaffe es nicht")
    said = [body.text for body in mia._take()]
    assert "Danke, dass Sie Bescheid sagen" in said[0]
    mia.presses("Nichts davon")
    [_, back] = mia.hears("In Ordnung.", "Nun zurück zu unserer Frage:")
    assert "Haus 1: Können Sie kommen?" in back.text
    mia.presses("Ich komme")
    mia.hears("dann weiß ich Bescheid")
    assert (kept(stage, 1).coming, kept(stage, 2).coming) == (Coming.YES, Coming.NO)
    until(stage, "4.12.2026 08:00")
    mia.hears("Wo: Haus 1", "dass Sie kommen.", "Wo: Haus 2", "dass Sie es nicht schaffen.")
    until(stage, "4.12.2026 12:29")
    assert not [body for body in mia._take() if "zurück" not in body.text]
    person = kept(stage).participant_id
    assert not stage.run(lambda uow: uow.talks.under_way(person)), "both are over"


def test_i_cannot_come_is_a_task_of_the_same_day(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach")
    mia.forgets()
    until(stage, "2.12.2026 10:00")
    mia.forgets()
    mia.writes("ich schaffe es nicht")
    mia.forgets()
    berta.hears("Meldung R1", "Termin 1 (Freitag, 4. Dezember, 10:30 Uhr): Die Person schafft es nicht.")
    [concern] = stage.concerns()
    assert (concern.level, concern.reason, concern.quote) == (Level.R1, "cannot_come", "Ich schaffe es nicht")
    assert concern.next_action_at is not None
    assert concern.next_action_at - stage.now <= timedelta(hours=24)
    mia.presses("Ein anderer Termin")
    mia.writes("lieber am Montag um elf")
    berta.hears("Der Person passt eine andere Zeit besser. Mit „/verschieben 1 Tag Uhrzeit“")
    history = stage.run(lambda uow: uow.concerns.history(concern.id))
    assert ("said", "participant", "lieber am Montag um elf") in [entry[1:] for entry in history]
    assert kept(stage).state is AppointmentState.AGREED, "only a human moves it"
    assert kept(stage).words == "lieber am Montag um elf"
    until(stage, "4.12.2026 08:00")
    assert [body for body in mia._take() if "Hat sich das geändert?" in body.text]
    until(stage, "5.12.2026 12:00")
    assert not [body for body in mia._take() if "Wie ist es gelaufen?" in body.text], (
        "whoever was not there is not asked"
    )
    assert kept(stage).state is AppointmentState.OVER


def test_an_official_one_that_somebody_cannot_make_is_urgent(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 amt")
    until(stage, "27.11.2026 10:00")
    mia.forgets()
    mia.presses("Ich schaffe es nicht")
    assert [body for body in mia._take() if "Ich kann bei Ihrer Behörde nicht für Sie absagen." in body.text]
    assert [concern.level for concern in stage.concerns()] == [Level.R2]


def test_a_new_time_is_proposed_and_agreed(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach Ort: Haus 1")
    mia.forgets()
    berta.writes("/verschieben 1 8.12.2026 11:00")
    berta.presses("Stimmt so")
    berta.hears("Vorschlag: Dienstag, 8. Dezember 2026, 11:00 Uhr", "Für Termin 1 ist vorgeschlagen")
    mia.hears(
        "Ihr Termin am Freitag, 4. Dezember, 10:30 Uhr kann leider nicht so bleiben.", "Passt das für Sie?"
    )
    mia.presses("Ja, das passt")
    mia.hears("dann merke ich mir: Dienstag, 8. Dezember, um 11:00 Uhr")
    berta.hears("Der Vorschlag passt der Person. Der Termin steht.")
    assert kept(stage).state is AppointmentState.AGREED
    until(stage, "6.12.2026 09:59")
    mia.hears_nothing()
    until(stage, "6.12.2026 10:00")
    reminded(mia, "Dienstag, 8. Dezember, um 11:00 Uhr")


def test_proposal_counter_proposal_and_a_new_proposal(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach")
    mia.forgets()
    berta.writes("/verschieben 1 8.12.2026 11:00")
    berta.presses("Stimmt so")
    mia.forgets()
    mia.presses("Lieber eine andere Zeit")
    mia.writes("Mittwoch ab zehn")
    mia.forgets()
    assert (kept(stage).state, kept(stage).words) == (AppointmentState.MOVED, "Mittwoch ab zehn")
    assert [body for body in berta._take() if "passt eine andere Zeit besser" in body.text]
    berta.writes("/verschieben 1 9.12.2026 10:00")
    berta.presses("Stimmt so")
    mia.hears("kann leider nicht so bleiben", "Wann: Mittwoch, 9. Dezember, um 10:00 Uhr")
    mia.presses("Ja, das passt")
    assert kept(stage).state is AppointmentState.AGREED
    assert kept(stage).starts_at == datetime(2026, 12, 9, 9, 0, tzinfo=UTC)


def test_while_a_new_time_is_open_nobody_is_reminded_of_the_old_one(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach")
    mia.forgets()
    berta.writes("/verschieben 1 8.12.2026 11:00")
    berta.presses("Stimmt so")
    berta.forgets()
    mia.forgets()
    until(stage, "30.11.2026 08:00")
    mia.hears("Passt das für Sie?")
    berta.hears("Auf den Vorschlag gibt es noch keine Antwort.")
    until(stage, "10.12.2026 10:00")
    mia.hears_nothing()
    assert kept(stage).state is AppointmentState.OVER


def test_a_settled_time_is_told_and_not_asked(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach")
    mia.forgets()
    berta.writes("/verschieben 1 8.12.2026 11:00 abgesprochen")
    berta.presses("Stimmt so")
    berta.hears("Neue Zeit, schon fest", "Termin 1 ist jetzt: Dienstag, 8. Dezember 2026, 11:00 Uhr")
    mia.hears("Für Ihren Termin gilt jetzt:")


def test_between_two_reminders_it_moves(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 partner")
    mia.forgets()
    until(stage, "27.11.2026 10:00")
    reminded(mia, "4. Dezember")
    berta.writes("/verschieben 1 11.12.2026 10:30 abgesprochen")
    berta.presses("Stimmt so")
    mia.hears("Freitag, 11. Dezember")
    until(stage, "4.12.2026 09:59")
    mia.hears_nothing()
    until(stage, "4.12.2026 10:00")
    reminded(mia, "11. Dezember")


def test_only_the_authority_moves_or_cancels_an_official_one(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 amt")
    mia.forgets()
    for words in (
        "/verschieben 1 8.12.2026 11:00",
        "/absagen 1",
        "/verschieben 1 8.12.2026 11:00 abgesprochen",
    ):
        berta.writes(words)
        [refusal] = berta.hears("Es wurde nichts eingetragen.")
        assert not refusal.keys
    berta.writes("/verschieben 1 8.12.2026 11:00 behörde")
    berta.presses("Stimmt so")
    mia.hears("Für Ihren Termin gilt jetzt:", "Verbindlich ist allein das Schreiben Ihrer Behörde.")
    berta.forgets()
    berta.writes("/absagen 1 behörde")
    berta.presses("Stimmt so")
    mia.hears("findet nicht statt.", "Verbindlich ist allein das Schreiben Ihrer Behörde.")


def test_of_a_medical_one_only_time_and_place_are_said(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 arzt Ort: Musterstraße 5 Mit: Dr. Beispiel")
    until(stage, "4.12.2026 12:30")
    heard = [body.text for body in mia._take()]
    assert not [text for text in heard if "Dr. Beispiel" in text or "mediz" in text.lower()]
    assert "Sie hatten einen Termin (Freitag, 4. Dezember, um 10:30 Uhr)." in heard[-1]


def test_after_two_weeks_of_outage_one_is_asked_nothing_that_is_over(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    sets(stage, berta, "4.12.2026 10:30 partner")
    sets(stage, berta, "9.12.2026 10:30 partner")
    mia.forgets()
    stage.now = datetime(2026, 12, 8, 12, 0, tzinfo=UTC)
    stage.pass_time(minutes=1)
    reminded(mia, "9. Dezember")
    assert kept(stage, 1).state is AppointmentState.OVER
    until(stage, "9.12.2026 07:59")
    mia.hears_nothing()


def test_a_series_is_made_ahead_and_each_lives_by_itself(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "1.3.2027 10:30 gruppe jede Woche 12 mal")
    mia.hears("Montag, 1. März, um 10:30 Uhr", "Das ist der erste von mehreren Terminen.")
    berta.forgets()
    assert len(stage.run(lambda uow: uow.appointments.of_series(1))) == 1
    until(stage, "24.2.2027 12:00")
    made = stage.run(lambda uow: uow.appointments.of_series(1))
    assert made[-1].starts_at - stage.now <= AHEAD + timedelta(days=1)
    assert len(made) >= 7
    assert {f"{one.starts_at.astimezone(BERLIN):%a %H:%M}" for one in made} == {"Mon 10:30"}
    assert len({one.starts_at.time() for one in made}) == 2, "summer and winter"
    berta.writes("/absagen 2")
    berta.presses("Stimmt so")
    mia.hears("Ihr Termin am Montag, 8. März, um 10:30 Uhr, findet nicht statt.")
    berta.writes("/verschieben 3 16.3.2027 9:00 abgesprochen")
    berta.presses("Stimmt so")
    mia.hears("Dienstag, 16. März, um 09:00 Uhr")
    stage.pass_time(days=150)
    after = stage.run(lambda uow: uow.appointments.of_series(1))
    assert len(after) == 12, "none comes twice, and none comes back"
    assert [one.state for one in after].count(AppointmentState.CANCELLED) == 1
    assert after[2].series_day == date(2027, 3, 15)
    stage.pass_time(days=100)
    assert len(stage.run(lambda uow: uow.appointments.of_series(1))) == 12


def test_a_whole_series_is_cancelled_with_one_message(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "1.12.2026 10:30 gruppe jede Woche bis 31.3.2027")
    mia.forgets()
    until(stage, "1.12.2026 09:00")
    mia.forgets()
    berta.writes("/absagen 2 reihe")
    berta.presses("Stimmt so")
    mia.hears(
        "Dienstag, 8. Dezember, um 10:30 Uhr, findet nicht statt.",
        "Auch die weiteren Termine",
        "Dienstag, 1. Dezember, um 10:30 Uhr: Können Sie kommen?",
    )
    until(stage, "1.12.2026 13:00")
    mia.hears("Sie hatten ein Treffen Ihrer Gruppe (Dienstag, 1. Dezember, um 10:30 Uhr).")
    stage.pass_time(days=150)
    mia.hears_nothing()


def test_the_coach_sees_who_comes(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "25.11.2026 15:00 coach Ort: Haus 1")
    until(stage, "25.11.2026 08:00")
    mia.presses("Ich komme")
    berta.writes("/termine")
    [shown] = berta.hears("Termin 1 · Fall")
    assert "Die Person kommt." in shown.text
    assert "Haus 1" in shown.text
    berta.writes(f"/termine {case(stage)}")
    berta.hears("Termin 1 · Fall")
    berta.writes("/termine XXXXX")
    berta.hears("Einen Fall mit dem Code XXXXX gibt es hier nicht.")


def test_how_it_was_waits_for_the_morning(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "25.11.2026 20:00 gruppe")
    mia.forgets()
    until(stage, "26.11.2026 07:59")
    mia.forgets()
    until(stage, "26.11.2026 08:00")
    mia.hears("Sie hatten ein Treffen Ihrer Gruppe (Mittwoch, 25. November, um 20:00 Uhr).")


def test_files_go_to_whom_they_belong(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 coach")
    person = kept(stage).participant_id

    def theirs(uow: UnitOfWork) -> tuple[bytes | None, ...]:
        return (
            calendar_for_person(uow, stage.rules, person, 1),
            calendar_for_person(uow, stage.rules, person + 1, 1),
            calendar_for_staff(uow, stage.rules, berta.id, 1),
            calendar_for_staff(uow, stage.rules, berta.id, 99),
        )

    own, others, staff, unknown = stage.run(theirs)
    assert own is not None
    assert case(stage).encode() not in own
    assert staff is not None
    assert case(stage).encode() in staff
    assert others is None
    assert unknown is None


def test_what_was_typed_is_confirmed_once_or_dropped(stage: Stage, berta: Actor, mia: Actor) -> None:
    berta.writes(f"/termin {case(stage)} 4.12.2026 10:30 coach")
    berta.presses("Verwerfen")
    berta.hears("Habe ich das richtig verstanden?", "Verworfen. Es wurde nichts eingetragen")
    assert berta.presses("Stimmt so").toast == "Dieser Knopf gilt nicht mehr."
    berta.writes(f"/termin {case(stage)} 4.12.2026 10:30")
    [refusal] = berta.hears("Welche Art von Termin ist es?")
    assert "Zum Beispiel: /termin ABCDE 24.11.2026 10:30 coach" in refusal.text
    assert not refusal.keys
    berta.writes("/verschieben 77 4.12.2026 10:30")
    berta.hears("Einen Termin mit der Nummer 77 gibt es hier nicht.")
    mia.hears_nothing()
