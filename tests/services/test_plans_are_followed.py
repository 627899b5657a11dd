# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Weeks and months of plans, in advanced time: everybody is asked what the plan says, and nothing more."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.concerns import Level
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.delivery import Permanent
from bot.domain.messages import IncomingKind
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services import change_plans
from bot.services.desk import Desk
from bot.services.follow_plans import TIMER_KIND, fact_changed
from bot.services.person_desk import raise_by_staff
from bot.services.remembered import encode_value
from bot.services.visit import Visit
from bot.storage.tables import audit, timer
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.services.stage import MONDAY, Actor, Stage

BERLIN = ZoneInfo("Europe/Berlin")
#: The plan of these tests begins this dialog: it asks nothing a second time by itself, so each is the plan's.
HELLO = "Willkommen zurück! Ihre Pause ist vorbei."
BRIEF = "Im Moment liest hier niemand mit."
MOOD = "Wie geht es Ihnen heute?"
#: Of the ten minutes over which a moment of many people is spread, the first person's.
SHARE = timedelta(minutes=6, seconds=10)
SILENCE = "Wir haben länger nichts von Ihnen gehört."


def plans(**fields: str) -> str:
    """A file with one plan, on Wednesdays at ten if nothing else is said; "" leaves a field out."""
    given = {"dialog": "pause_over", "weekdays": "[wed]", "at": '"10:00"'} | fields
    lines = [f"    {name}: {value}" for name, value in given.items() if value]
    return "format: 1\nplans:\n  hello:\n" + "\n".join(lines) + "\n"


def put_in_force(stage: Stage, source: str) -> None:
    stage.run(partial(change_plans.publish, agency_id=1, source=source, now=stage.now))
    stage.pass_time(seconds=1)


def heard(stage: Stage, person: Actor, words: str = HELLO, **span: float) -> list[datetime]:
    """When a message with these words came, to the hour, on the wall; each one counts."""
    found: list[datetime] = []
    end = stage.now + timedelta(**span)
    while stage.now < end:
        stage.pass_time(hours=1)
        said = [body.text for body in stage.ears.pop((person.channel, person.address), [])]
        found += [stage.now.astimezone(BERLIN) for text in said if words in text]
    return found


def after_discharge(numbers: str) -> str:
    """In the evening, when nobody reads, this dialog is one line and over."""
    after = f"{{date: discharge, days: {numbers}}}"
    return plans(dialog="when_read", weekdays="", after=after, at='"20:00"')


def days(moments: list[datetime]) -> list[date]:
    return [moment.date() for moment in moments]


def wednesdays(first: date, number: int) -> list[date]:
    return [first + timedelta(days=7 * week) for week in range(number)]


def person_id(stage: Stage) -> int:
    return stage.run(lambda uow: uow.people.participants(1))[0].id


def case_code(stage: Stage) -> str:
    return stage.run(lambda uow: uow.people.participants(1))[0].case_code


def noted(stage: Stage, action: str) -> int:
    def count(uow: UnitOfWork) -> int:
        assert isinstance(uow, SqlUnitOfWork)
        return sum(1 for row in uow.connection.execute(audit.select()) if row.action == action)

    return stage.run(count)


def plan_timers(stage: Stage) -> dict[str, datetime]:
    def read(uow: UnitOfWork) -> dict[str, datetime]:
        assert isinstance(uow, SqlUnitOfWork)
        rows = uow.connection.execute(timer.select().where(timer.c.kind == TIMER_KIND))
        return {row.payload: row.due_at for row in rows}

    return stage.run(read)


@pytest.fixture
def hello(stage: Stage) -> None:
    """One plan is in force, and no other."""
    put_in_force(stage, plans())


# ------------------------------------------------------------------------------------- weeks


@pytest.mark.parametrize("monday", [date(2026, 10, 5), date(2027, 3, 1)])
def test_twelve_weeks_at_the_same_time_on_the_wall(stage: Stage, berta: Actor, monday: date) -> None:
    stage.now = datetime.combine(monday, time(9), tzinfo=UTC)
    mia = stage.participant(berta)
    put_in_force(stage, plans())
    found = heard(stage, mia, weeks=12)
    assert days(found) == wednesdays(monday + timedelta(days=2), 12)
    assert {moment.hour for moment in found} <= {10, 11}


def test_public_holidays_of_the_agencys_state(stage: Stage, berta: Actor) -> None:
    # In Brandenburg 31 October is a holiday, in 2028 a Tuesday; so are Christmas Day and Boxing Day.
    stage.now = datetime(2028, 10, 16, 9, tzinfo=UTC)
    mia = stage.participant(berta)
    put_in_force(stage, plans(weekdays="[tue]", holidays="next working day"))
    found = heard(stage, mia, weeks=11)
    expected = [date(2028, 10, 17) + timedelta(days=7 * week) for week in range(11)]
    expected[2], expected[10] = date(2028, 11, 1), date(2028, 12, 27)
    assert days(found) == expected[:11]


def test_a_pause_of_two_weeks_and_nothing_is_caught_up_on(stage: Stage, mia: Actor, hello: None) -> None:
    assert len(heard(stage, mia, days=3)) == 1
    mia.writes("Pause")
    mia.presses("2 Wochen")
    mia.forgets()
    # Paused from Thursday 26 November to Thursday 10 December.
    assert days(heard(stage, mia, weeks=4)) == wednesdays(date(2026, 12, 16), 2)


def test_the_shipped_plans_say_welcome_back_when_the_pause_is_over(stage: Stage, mia: Actor) -> None:
    stage.pass_time(hours=5)
    mia.writes("Pause")
    mia.presses("1 Woche")
    mia.forgets()
    found = heard(stage, mia, HELLO, weeks=1, hours=2)
    assert [(moment.date(), moment.hour) for moment in found] == [(date(2026, 11, 30), 15)]
    mia.presses("Weiter wie bisher")
    mia.hears("Schön. Dann schreibe ich")
    # The check-in of that morning belonged to the pause, and is not caught up on.
    assert heard(stage, mia, words="", days=2) == []


def test_a_pause_that_is_called_off(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause")
    mia.presses("4 Wochen")
    mia.writes("Pause")
    mia.presses("Eine andere Zeit")
    mia.presses("1 Tag")
    mia.forgets()
    assert days(heard(stage, mia, HELLO, weeks=5)) == [date(2026, 11, 24)]


def test_stop_and_start_again(stage: Stage, mia: Actor, hello: None) -> None:
    assert len(heard(stage, mia, days=7)) == 1
    mia.writes("STOPP")
    mia.forgets()
    assert plan_timers(stage) == {}
    assert heard(stage, mia, words="", weeks=3) == []
    mia.writes("START")
    mia.presses("Ja, gern")
    mia.writes("nein")
    mia.writes("nein")
    mia.forgets()
    assert days(heard(stage, mia, weeks=2)) == wednesdays(date(2026, 12, 23), 2)


def test_what_was_due_between_stop_and_start_is_not_caught_up_on(
    stage: Stage, mia: Actor, hello: None
) -> None:
    mia.writes("STOPP")
    stage.pass_time(days=2, hours=2)
    mia.writes("START")
    mia.presses("Ja, gern")
    mia.writes("nein")
    mia.writes("nein")
    mia.forgets()
    assert days(heard(stage, mia, days=8)) == [date(2026, 12, 2)]


def test_without_the_consent_a_plan_needs_it_asks_nothing(stage: Stage, mia: Actor) -> None:
    assert {"weekly_checkin", "long_silence"} <= plan_timers(stage).keys()
    number = person_id(stage)
    record = ConsentRecord(number, Purpose.HEALTH_CHECKINS, False, "", "", "de", "telegram", stage.now)
    # Behind the plans' back: what is due looks for itself.
    stage.run(lambda uow: uow.talks.add_consent(1, record))
    assert heard(stage, mia, words="", days=8) == []
    assert "weekly_checkin" not in plan_timers(stage)
    assert "long_silence" in plan_timers(stage)


# ------------------------------------------------------------------------- what goes wrong


def test_two_weeks_of_outage_are_one_question(stage: Stage, mia: Actor, hello: None) -> None:
    stage.now = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)  # the third Wednesday, in the afternoon
    assert days(heard(stage, mia, weeks=2)) == wednesdays(date(2026, 12, 9), 3)


@pytest.mark.parametrize(
    ("outage", "grace", "hours_late", "asked"),
    [
        ("skip", "1 day", 2, 0),
        ("merge", "1 day", 2, 1),
        ("{send: 1 hour}", "1 day", 2, 0),
        ("{send: 3 hours}", "1 day", 2, 1),
        ("merge", "1 hour", 2, 0),
    ],
)
def test_how_late_it_may_be(
    stage: Stage, mia: Actor, outage: str, grace: str, hours_late: int, asked: int
) -> None:
    put_in_force(stage, plans(outage=outage, grace=grace))
    stage.now = datetime(2026, 11, 25, 9 + hours_late, 0, tzinfo=UTC)
    assert len(heard(stage, mia, days=3)) == asked


def test_everything_due_at_once_after_two_weeks_is_one_message_a_plan(stage: Stage, mia: Actor) -> None:
    stage.now = MONDAY + timedelta(days=15, hours=3)
    said = heard(stage, mia, words="", hours=4)
    assert len(said) <= 1
    asked = heard(stage, mia, words=MOOD, days=5)
    assert len(asked) <= 2  # the fortnightly questions on Thursday, and once more a day later


def test_a_clock_that_is_set_back_a_day(stage: Stage, mia: Actor, hello: None) -> None:
    assert len(heard(stage, mia, days=2, hours=2)) == 1
    mia.presses("Weiter wie bisher")
    mia.forgets()
    number = person_id(stage)
    seen = stage.run(lambda uow: uow.plans.followed(number))["hello"].seen_until
    stage.now -= timedelta(days=1)
    stage.run(lambda uow: uow.timers.set(1, TIMER_KIND, number, stage.now, f"plan:{number}:hello", "hello"))
    assert heard(stage, mia, days=6) == []
    assert stage.run(lambda uow: uow.plans.followed(number))["hello"].seen_until == seen
    assert days(heard(stage, mia, days=2)) == [date(2026, 12, 2)]


def test_a_timer_that_fires_twice_asks_once(stage: Stage, mia: Actor, hello: None) -> None:
    assert len(heard(stage, mia, days=2, hours=2)) == 1
    number = person_id(stage)
    for _ in range(3):
        stage.run(
            lambda uow: uow.timers.set(1, TIMER_KIND, number, stage.now, f"plan:{number}:hello", "hello")
        )
        assert heard(stage, mia, hours=2) == []
    assert days(heard(stage, mia, days=7)) == [date(2026, 12, 2)]


def test_an_unknown_zone_is_the_agencys_and_is_noted_once(stage: Stage, mia: Actor, hello: None) -> None:
    number = person_id(stage)
    stage.run(lambda uow: uow.people.change_participant(number, zone="Mars/Olympus"))
    put_in_force(stage, plans(weekdays="[wed, fri]"))
    found = heard(stage, mia, days=12)
    assert days(found)[0] == date(2026, 11, 25)
    assert {moment.hour for moment in found} <= {10, 11}
    assert noted(stage, "zone_unknown") == 1


def test_another_zone_has_its_own_ten_o_clock(stage: Stage, mia: Actor) -> None:
    number = person_id(stage)
    stage.run(lambda uow: uow.people.change_participant(number, zone="Atlantic/Azores"))
    put_in_force(stage, plans())
    [asked] = heard(stage, mia, days=5)
    assert asked.hour in (12, 13)


def test_nobody_without_an_address_is_lost_and_the_coach_is_told_once(
    stage: Stage, berta: Actor, mia: Actor, hello: None
) -> None:
    mia.does(IncomingKind.BLOCKED)
    berta.hears("Meldung R1")
    berta.presses("Übernehmen")
    berta.presses("Termin in den")
    berta.forgets()
    assert heard(stage, mia, words="", days=16) == []
    assert len(stage.concerns()) == 1
    mia.writes("Danke")
    mia.forgets()
    assert days(heard(stage, mia, days=8))[-1] == date(2026, 12, 16)


def test_a_dead_address_is_told_once(stage: Stage, berta: Actor, mia: Actor, hello: None) -> None:
    stage.refuse = lambda message: (
        Permanent("blocked", address_dead=True) if message.channel == "telegram" else None
    )
    stage.pass_time(days=20)
    assert [concern.reason for concern in stage.concerns()] == ["not_delivered"]


# ----------------------------------------------------------------------- days and hours of a person


def test_the_days_after_a_discharge(stage: Stage, berta: Actor, mia: Actor) -> None:
    put_in_force(stage, after_discharge("[1, 3, 7, 14, 30]"))
    berta.writes(f"/entlassung {case_code(stage)} 24.11.2026")
    berta.hears("notiert")
    found = heard(stage, mia, BRIEF, weeks=8)
    assert days(found) == [date(2026, 11, 24) + timedelta(days=n) for n in (1, 3, 7, 14, 30)]


def test_a_discharge_long_ago_asks_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    put_in_force(stage, plans(weekdays="", after="{date: discharge, days: [1, 3, 7, 14, 30]}"))
    berta.writes(f"/entlassung {case_code(stage)} 1.3.2026")
    assert heard(stage, mia, weeks=4) == []


def test_a_discharge_that_is_corrected(stage: Stage, berta: Actor, mia: Actor) -> None:
    put_in_force(stage, after_discharge("[1, 3]"))
    berta.writes(f"/entlassung {case_code(stage)} 24.11.2026")
    assert days(heard(stage, mia, BRIEF, days=2, hours=12)) == [date(2026, 11, 25)]
    berta.writes(f"/entlassung {case_code(stage)} 25.11.2026")
    assert days(heard(stage, mia, BRIEF, weeks=2)) == [date(2026, 11, 26), date(2026, 11, 28)]
    berta.writes(f"/entlassung {case_code(stage)} keine")
    assert heard(stage, mia, weeks=2) == []


def test_an_internship_until_it_ends(stage: Stage, berta: Actor, mia: Actor) -> None:
    rhythm = {"every": "7 days", "start": "1 day after internship_start", "end": "internship_end"}
    put_in_force(stage, plans(dialog="internship_check", weekdays="", **rhythm))
    berta.writes(f"/praktikum {case_code(stage)} 1.12.2026 31.12.2026")
    berta.hears("notiert")
    found = heard(stage, mia, words="zu Ihrem Praktikum", weeks=8)
    found_first = date(2026, 12, 2)
    assert found_first not in days(found)  # that one has words of its own
    assert days(found) == [date(2026, 12, 9), date(2026, 12, 16), date(2026, 12, 23), date(2026, 12, 30)]


def test_what_a_dialog_remembers_counts_at_once(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(weekdays="", after="{date: discharge, days: [1]}"))
    assert plan_timers(stage) == {}
    number = person_id(stage)

    def remember(uow: UnitOfWork) -> None:
        contact = uow.people.contact_of(number)
        assert contact is not None
        visit = Visit(uow, stage.rules, contact, stage.now)
        visit.remember("discharged_on", "2026-11-24")
        fact_changed(visit, "discharged_on")

    stage.run(remember)
    assert plan_timers(stage) == {"hello": datetime(2026, 11, 25, 9, tzinfo=UTC) + SHARE}


def test_hours_of_the_person(stage: Stage, berta: Actor, mia: Actor, hello: None) -> None:
    berta.writes(f"/fenster {case_code(stage)} mo,do-fr 14-16")
    found = heard(stage, mia, weeks=2)
    assert days(found) == [date(2026, 11, 26), date(2026, 12, 3)]
    assert {moment.hour for moment in found} <= {14, 15}


def test_hours_that_change_after_the_question_ask_nothing_again(
    stage: Stage, berta: Actor, mia: Actor, hello: None
) -> None:
    assert len(heard(stage, mia, days=2, hours=1)) == 1
    mia.presses("Weiter wie bisher")
    mia.forgets()
    for window in ("mo-so 13-17", "do-fr 9-17", "mo-so 15-16", "immer"):
        berta.writes(f"/fenster {case_code(stage)} {window}")
        assert heard(stage, mia, hours=6) == []
    assert days(heard(stage, mia, days=7)) == [date(2026, 12, 2)]


def test_many_peoples_moment_is_spread_but_not_over_the_end_of_the_window(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    put_in_force(stage, plans(at='"15:58"', outage="skip"))
    berta.writes(f"/fenster {case_code(stage)} mo-fr 14-16")
    due = plan_timers(stage)["hello"]
    assert datetime(2026, 11, 25, 14, 58, tzinfo=UTC) < due < datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    # Some minutes late is not missed, even where nothing missed is asked.
    assert days(heard(stage, mia, days=4)) == [date(2026, 11, 25)]


def test_late_because_the_program_was_down_waits_for_the_window(
    stage: Stage, berta: Actor, mia: Actor, hello: None
) -> None:
    berta.writes(f"/fenster {case_code(stage)} mo-fr 9-12")
    stage.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    [asked] = heard(stage, mia, days=3)
    assert (asked.date(), asked.hour) in {(date(2026, 11, 26), 9), (date(2026, 11, 26), 10)}


def test_a_long_silence_is_mentioned_twice_and_then_never_again(stage: Stage, mia: Actor) -> None:
    put_in_force(
        stage, plans(dialog="long_silence", weekdays="", after="{date: last_answer, days: [14, 28]}")
    )
    found = heard(stage, mia, words=SILENCE, weeks=5)
    assert days(found) == [date(2026, 12, 7), date(2026, 12, 21)]
    stage.pass_time(weeks=15)
    mia.hears_nothing()


@pytest.mark.parametrize("quiet", [29, 41, 42, 55])
def test_whoever_is_quiet_again_long_after_that_is_noticed_again(
    stage: Stage, mia: Actor, quiet: int
) -> None:
    put_in_force(
        stage, plans(dialog="long_silence", weekdays="", after="{date: last_answer, days: [14, 28]}")
    )
    stage.pass_time(days=quiet)
    mia.writes("Danke")
    mia.forgets()
    stage.pass_time(days=13)
    mia.hears_nothing()
    stage.pass_time(days=2)
    mia.hears(SILENCE)


def test_whoever_is_well_is_asked_three_times_and_then_a_human_knows(stage: Stage, mia: Actor) -> None:
    put_in_force(
        stage,
        plans(
            dialog="long_silence",
            weekdays="",
            after="{date: last_answer, days: [14, 28]}",
            condition="well_in_a_row < 3",
        ),
    )
    for answer in ("Sie können mir jederzeit schreiben.",) * 2 + ("nicht immer wieder",):
        assert stage.concerns() == []
        stage.pass_time(days=14, hours=3)
        mia.hears(SILENCE)
        mia.writes("alles gut")
        [said] = mia.hears("Danke")
        assert answer in said.text
    assert [(one.level, one.reason) for one in stage.concerns()] == [(Level.R1, "silence")]
    stage.pass_time(days=40)
    mia.hears_nothing()
    # Whoever has answered anything else is asked again when it is quiet for long.
    mia.writes("checkin")
    mia.writes("7")
    mia.forgets()
    stage.pass_time(days=14, hours=3)
    mia.hears(SILENCE)


def test_whoever_writes_is_not_silent(stage: Stage, mia: Actor) -> None:
    put_in_force(
        stage, plans(dialog="long_silence", weekdays="", after="{date: last_answer, days: [14, 28]}")
    )
    for _ in range(6):
        assert heard(stage, mia, words=SILENCE, days=10) == []
        mia.writes("Danke")
        mia.forgets()
    assert len(heard(stage, mia, words=SILENCE, days=16)) == 1


def test_nothing_is_asked_by_a_plan_while_something_serious_is_open(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    silence = plans(
        dialog="long_silence", weekdays="", after="{date: last_answer, days: [1]}", grace="3 days"
    )
    put_in_force(stage, silence)
    mia.writes("Ich will nicht mehr leben")
    mia.forgets()
    assert heard(stage, mia, words=SILENCE, hours=36) == []
    for label in ("Übernehmen", "Erledigt", "Gesprochen"):
        berta.presses(label)
    assert len(heard(stage, mia, words=SILENCE, hours=14)) == 1


@pytest.mark.parametrize(
    ("words", "fields"),
    [(MOOD, {"dialog": "weekly_checkin"}), (HELLO, {"reminders": "{number: 1, distance: 1 day}"})],
    ids=["by its dialog", "by its plan"],
)
def test_an_open_question_is_not_repeated_while_a_colleague_is_worried(
    stage: Stage, berta: Actor, mia: Actor, words: str, fields: dict[str, str]
) -> None:
    put_in_force(stage, plans(weekdays="[tue]", **fields))
    assert len(heard(stage, mia, words=words, hours=27)) == 1

    def worry(uow: UnitOfWork) -> None:
        found = uow.people.find_staff(berta.channel, berta.address)
        assert found is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        [person] = uow.people.participants(1)
        raise_by_staff(desk, person, Level.R2, "Wirkt seit Tagen sehr still")
        desk.finish()

    stage.run(worry)
    stage.deliver()
    assert heard(stage, mia, words=words, hours=50) == []
    for label in ("Übernehmen", "Erledigt", "Gesprochen"):
        berta.presses(label)
    assert len(heard(stage, mia, words=words, hours=24)) == 1


def test_a_day_after_something_serious_was_closed(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.pass_time(minutes=1)
    mia.writes("Ich will nicht mehr leben")
    berta.presses("Übernehmen")
    berta.presses("Ich rufe heute an")
    berta.presses("Erledigt")
    berta.presses("Gesprochen")
    mia.forgets()
    found = heard(stage, mia, words="Ich wollte nur da sein", days=3)
    assert days(found) == [date(2026, 11, 24)]


# ----------------------------------------------------------------- looked at just before sending


@pytest.mark.parametrize(("condition", "asked"), [("color is missing", 0), ('color = "blue"', 1)])
def test_the_condition_is_looked_at_just_before(stage: Stage, mia: Actor, condition: str, asked: int) -> None:
    put_in_force(stage, plans(condition=f"'{condition}'"))
    number = person_id(stage)
    stage.run(lambda uow: uow.memory.set_fact(1, number, "color", encode_value("blue"), stage.now))
    assert len(heard(stage, mia, days=5)) == asked


@pytest.mark.parametrize(("color", "asked"), [("red", 0), ("blue", 1)])
def test_the_condition_is_looked_at_again_when_the_floor_is_free(
    stage: Stage, mia: Actor, color: str, asked: int
) -> None:
    put_in_force(stage, plans(condition="'color = \"blue\"'"))
    number = person_id(stage)
    stage.run(lambda uow: uow.memory.set_fact(1, number, "color", encode_value("blue"), stage.now))
    assert heard(stage, mia, days=1, hours=23) == []
    mia.writes("/sprache")
    mia.forgets()
    assert heard(stage, mia, hours=2) == [], "another question is open"
    stage.run(lambda uow: uow.memory.set_fact(1, number, "color", encode_value(color), stage.now))
    mia.writes("Deutsch")
    said = [body.text for body in stage.ears.pop((mia.channel, mia.address), [])]
    assert sum(HELLO in text for text in said) == asked
    assert noted(stage, "dialog_not_begun") == 1 - asked


def test_what_is_being_asked_already_is_not_asked_beside(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(weekdays="", every="1 day", start="enrolment"))
    # The dialog waits three days for an answer; until then nothing is asked on top of it.
    found = heard(stage, mia, days=9)
    assert days(found) == [date(2026, 11, 24), date(2026, 11, 27), date(2026, 11, 30)][: len(found)]
    assert len(found) == 3


def test_what_was_put_off_is_not_asked_beside(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(weekdays="", every="1 day", start="1 day after enrolment"))
    assert len(heard(stage, mia, hours=46)) == 1
    mia.presses("Später")
    mia.forgets()
    # It comes back after three hours; what is due an hour later would be the same question.
    assert heard(stage, mia, hours=2) == []
    assert len(heard(stage, mia, hours=12)) == 1


def test_an_answer_that_comes_late_asks_nothing_on_top(stage: Stage, mia: Actor, hello: None) -> None:
    assert len(heard(stage, mia, days=4)) == 1
    mia.presses("Weiter wie bisher")
    mia.hears("Schön. Dann schreibe ich")
    assert days(heard(stage, mia, days=6)) == [date(2026, 12, 2)]


# ------------------------------------------------------------------------------------ reminders


def test_reminders_repeat_the_open_question(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(reminders="{number: 2, distance: 1 day}"))
    found = heard(stage, mia, days=7)
    assert days(found) == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]


def test_whoever_answers_gets_no_reminder(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(reminders="{number: 2, distance: 1 day}"))
    assert len(heard(stage, mia, days=3, hours=1)) == 2
    mia.presses("Jemand soll sich melden")
    mia.forgets()
    assert heard(stage, mia, words="", days=5) == []


def test_whoever_has_answered_the_first_question_gets_none_for_the_second(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(dialog="internship_check", reminders="{number: 3, distance: 2 hours}"))
    stage.pass_time(days=2, hours=1)
    mia.hears("Zwei kurze Fragen", "Wie ist es für Sie mit der Arbeit?")
    assert len(heard(stage, mia, "Wie ist es für Sie mit der Arbeit?", hours=2)) == 1
    mia.presses("Es ist gut so")
    mia.forgets()
    assert heard(stage, mia, words="", hours=12) == []


def test_no_reminder_in_a_pause_or_after_stopp(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(reminders="{number: 2, distance: 1 day}"))
    assert len(heard(stage, mia, days=2, hours=2)) == 1
    mia.writes("Pause")
    mia.presses("2 Wochen")
    mia.forgets()
    assert heard(stage, mia, words="", days=5) == []
    mia.writes("STOPP")
    mia.forgets()
    assert heard(stage, mia, words="", days=9) == []


# ----------------------------------------------------------------------------- what staff may type


@pytest.mark.parametrize(
    "typed",
    [
        "/plan",
        "/plan ?????",
        "/entlassung",
        "/entlassung {case}",
        "/entlassung {case} 31.2.2027",
        "/entlassung {case} 24.11.1926",
        "/entlassung {case} 1.1.2027 2.1.2027",
        "/praktikum {case} 1.2.2027 1.1.2027",
        "/praktikum {case} gestern bald",
        "/fenster {case} mo-xx 9-17",
        "/fenster {case} mo-fr 17-9",
        "/fenster {case} mo-fr 25-26",
    ],
)
def test_what_cannot_be_read_changes_nothing(stage: Stage, berta: Actor, mia: Actor, typed: str) -> None:
    before = plan_timers(stage)
    berta.writes(typed.format(case=case_code(stage)))
    [said] = berta.hears("")
    assert "Es wurde nichts geändert" in said.text
    assert plan_timers(stage) == before


def test_the_plan_in_words(stage: Stage, berta: Actor, mia: Actor) -> None:
    berta.writes(f"/plan {case_code(stage).lower()}")
    [said] = berta.hears(f"Fall {case_code(stage)}")
    assert "Länger nichts gehört: Montag, 7. Dezember, 11:00 Uhr" in said.text
    # What a health check-in is called is not for a messenger.
    assert "Check-in: Montag, 30. November, 10:00 Uhr" in said.text
    assert "zu Hause" not in said.text
    mia.hears_nothing()


def test_a_lead_of_the_same_agency_may_ask_too(stage: Stage, berta: Actor, mia: Actor) -> None:
    lea = stage.staff("Lea Lind", role=Role.LEAD)
    lea.writes(f"/plan {case_code(stage)}")
    lea.hears("Was als Nächstes kommt")


def test_hours_in_words(stage: Stage, berta: Actor, mia: Actor) -> None:
    berta.writes(f"/fenster {case_code(stage)} mo-fr 9-17")
    berta.hears("notiert", "Montag bis Freitag von 9 bis 17 Uhr")
