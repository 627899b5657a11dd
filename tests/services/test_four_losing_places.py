# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The four places in which other systems lose a concern (promise P1). Ours has none of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.concerns import State
from bot.domain.messages import IncomingKind
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.services.case_queue import queue
from tests.services.at_desk import has_duty, is_away
from tests.services.stage import MONDAY, Actor, Stage

ACUTE = "Ich will nicht mehr leben"
WISH = "Können Sie mich bitte anrufen?"


def next_action(stage: Stage) -> datetime:
    concern = stage.concerns()[0]
    assert concern.next_action_at is not None
    return concern.next_action_at


# --- nobody on duty


def test_nobody_on_duty_the_person_hears_it_the_lead_too_and_it_is_first_in_the_morning(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    early = stage.participant(berta, "ben")
    early.writes(WISH)
    for person in (berta, lea):
        is_away(stage, person)
        person.forgets()
    mia.writes(ACUTE)
    mia.hears("Im Moment kann ich hier niemanden erreichen.")
    lea.hears("Meldung R3")  # nobody is there: then whoever leads is called although away
    berta.hears_nothing()
    [wish, grave] = stage.concerns()
    assert grave.uncovered
    assert grave.next_action_at is not None
    assert not wish.uncovered
    for staff_id in (None, lea.id):
        found = stage.run(lambda uow, s=staff_id: queue(uow, DEFAULT_AGENCY, s, stage.now))  # type: ignore[misc]
        assert found[0].id == grave.id


def test_nobody_on_duty_is_not_so_while_any_coach_is_there(stage: Stage, berta: Actor, mia: Actor) -> None:
    lea, dirk = stage.staff("Lea Lind", Role.LEAD), stage.staff("Dirk Dreher")
    for person in (berta, lea):
        is_away(stage, person)
    mia.writes(WISH)  # its ladder ends with the lead
    lea.hears("Meldung R1")
    dirk.hears("Meldung R1")
    assert not stage.concerns()[0].uncovered


def test_nobody_on_duty_calls_the_only_one_on_their_day_off(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.run(lambda uow: uow.duty.set_week(DEFAULT_AGENCY, berta.id, {1: (time(8), time(12))}))
    mia.writes(ACUTE)
    berta.hears("Meldung R3")
    assert stage.concerns()[0].uncovered
    mia.hears("Im Moment kann ich hier niemanden erreichen.")


def test_nobody_on_duty_ends_when_somebody_comes_back(stage: Stage, berta: Actor, mia: Actor) -> None:
    is_away(stage, berta, until=MONDAY + timedelta(hours=2))
    mia.writes(ACUTE)
    assert stage.concerns()[0].uncovered
    berta.hears_nothing()
    stage.pass_time(hours=2, minutes=30)
    assert "Meldung R3" in stage.ears[berta.channel, berta.address][0].text
    assert not stage.concerns()[0].uncovered


def test_nobody_on_duty_at_night_is_not_so_where_there_is_a_rota(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    nora = stage.staff("Nora Nacht")
    has_duty(stage, nora, time(18, 0), time(8, 0))
    stage.now = MONDAY + timedelta(hours=12)
    mia.writes(ACUTE)
    berta.hears("Meldung R3")
    nora.hears("Meldung R3")
    assert next_action(stage) == stage.now + timedelta(minutes=15)  # somebody is at work: by the clock
    stage.pass_time(minutes=15)
    nora.hears("Noch hat niemand übernommen.")


def test_nobody_on_duty_an_owner_who_is_away_costs_no_time(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    is_away(stage, berta)
    mia.writes(ACUTE)
    dirk.hears("Meldung R3")
    berta.hears_nothing()
    assert not stage.concerns()[0].uncovered


def test_nobody_on_duty_for_a_person_without_a_coach_means_the_pool(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher")
    lea = stage.staff("Lea Lind", Role.LEAD)
    stranger = stage.person("wer")
    stranger.writes(ACUTE)
    for coach in (berta, dirk):
        coach.hears("Meldung R3")
    lea.hears_nothing()


def test_nobody_on_duty_and_no_coach_at_all_means_the_lead(stage: Stage) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    stage.person("wer").writes(ACUTE)
    lea.hears("Meldung R3")


def test_nobody_on_duty_and_nobody_who_leads_means_the_admin(stage: Stage) -> None:
    ada = stage.staff("Ada Amt", Role.ADMIN)
    stage.person("wer").writes(ACUTE)
    ada.hears("Meldung R3")


def test_who_has_left_the_team_is_never_called(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia = stage.participant(berta)
    for person in (berta, lea):
        stage.run(lambda uow, p=person: uow.people.change_staff(p.id, left_at=stage.now))  # type: ignore[misc]
    mia.writes(ACUTE)
    dirk.hears("Meldung R3")
    stage.pass_time(days=1)
    berta.hears_nothing()
    lea.hears_nothing()


# --- the ladder ends


def test_the_ladder_ends_never_and_the_lead_is_told_each_time(stage: Stage, berta: Actor, mia: Actor) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia.writes(WISH)
    rounds = set()
    for _ in range(30):
        stage.now = next_action(stage)
        stage.pass_time()
        concern = stage.concerns()[0]
        assert concern.state is State.OPEN
        assert next_action(stage) > stage.now
        if concern.round:
            case = f"Fall {concern.case_code}\nNoch hat niemand übernommen."
            assert any(case in body.text for body in stage.ears[lea.channel, lea.address])
        lea.forgets()
        rounds.add(concern.round)
    assert len(rounds) > 5
    assert stage.run(lambda uow: uow.concerns.without_next_action(stage.now)) == 0


# --- acknowledged and forgotten


def test_acknowledged_and_forgotten_without_a_step(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.forgets()
    stage.pass_time(minutes=15)
    berta.hears("Meldung R3")
    assert stage.concerns()[0].state is State.OPEN


def test_of_what_somebody_had_it_is_not_said_that_nobody_took_it(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.forgets()
    stage.pass_time(hours=2)
    called = [body.text for body in (*berta._take(), *lea._take())]
    assert len(called) > 2
    assert not any("Noch hat niemand übernommen" in text for text in called)


def test_acknowledged_and_forgotten_with_a_step_by_somebody_who_is_ill_now(
    stage: Stage, berta: Actor
) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    mia.writes(WISH)
    berta.presses("Übernehmen")
    berta.presses("Ich rufe heute an")
    is_away(stage, berta)
    berta.forgets()
    stage.pass_time(days=2)
    assert "Meldung R1" in stage.ears[dirk.channel, dirk.address][0].text
    berta.hears_nothing()


def test_acknowledged_and_forgotten_the_lead_hears_nothing_untrue(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia.writes(WISH)
    stage.pass_time(days=10)
    assert stage.concerns()[0].round > 0
    berta.presses("Übernehmen")
    berta.presses("Ich rufe heute an")
    due = next_action(stage)
    stage.ears.clear()
    stage.pass_time(seconds=(due - stage.now).total_seconds())
    [call] = berta.hears("Meldung R1")
    assert "Noch hat niemand übernommen" not in call.text
    lea.hears_nothing()  # somebody had it: the ladder begins anew


# --- crash in mid-send


def test_crash_in_mid_send_of_an_alert_sends_it_again(stage: Stage, berta: Actor, mia: Actor) -> None:
    def crash(message: object) -> None:
        del message
        raise KeyboardInterrupt

    stage.refuse = crash  # claimed, perhaps sent, and never written down
    try:
        mia.writes(ACUTE)
    except KeyboardInterrupt:
        stage.refuse = lambda message: None
    berta.hears_nothing()
    stage.pass_time(minutes=2)
    assert "Meldung R3" in stage.ears[berta.channel, berta.address][0].text
    assert "Ich bin ein Programm" in stage.ears[mia.channel, mia.address][0].text


def test_crash_in_mid_climb_leaves_the_timer_for_the_next_process(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(ACUTE)
    berta.forgets()
    stage.now = next_action(stage)
    claimed = stage.run(lambda uow: uow.timers.claim(stage.now, 50, stage.now + timedelta(minutes=1)))
    assert claimed  # and then the process dies
    stage.pass_time(minutes=20)
    assert "Meldung R3" in stage.ears[berta.channel, berta.address][0].text


# --- nothing but a human ends it


def test_not_meant_that_way_closes_nothing_and_lowers_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(ACUTE)
    [before] = stage.concerns()
    for words in ("War nicht so gemeint", "Das war nur Spaß, alles gut", "Vergessen Sie es"):
        mia.writes(words)
    [after, *_] = stage.concerns()
    assert (after.id, after.level, after.state) == (before.id, before.level, State.OPEN)
    assert after.next_action_at == before.next_action_at
    stage.pass_time(minutes=15)
    assert stage.concerns()[0].state is State.OPEN
    mia.does(IncomingKind.BLOCKED)
    assert stage.concerns()[0].state is State.OPEN
