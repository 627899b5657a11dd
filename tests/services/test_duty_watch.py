# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What leads hear by themselves about the team, each thing once, and tests of every way; never by night."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.delivery import Permanent, SendResult
from bot.domain.duty import Absence, ShiftChange, ShiftPattern
from bot.domain.messages import Outgoing
from bot.domain.people import Role, Standing
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import duty, duty_watch, plan_duty, rota
from bot.services.caseload import KEY, caseload
from bot.services.desk import Desk
from bot.services.due import fire
from bot.services.on_call import duty_at
from bot.services.reachability import is_reachable
from scheduler.timers import Timer
from tests.services.stage import MONDAY, Actor, Stage

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def wall(day: int, hour: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def lea(stage: Stage) -> Actor:
    """The lead, whose own ways are confirmed whenever they are tried."""
    return stage.staff("Lea Leitung", Role.LEAD)


@pytest.fixture
def watched(stage: Stage, berta: Actor, lea: Actor) -> Stage:
    """A Sunday evening; the watch begins when the agency opens. Berta and Lea were last tried a week ago."""
    for who in (berta, lea):
        (way,) = stage.run(lambda uow, w=who: uow.people.staff_addresses([w.id]))
        stage.run(lambda uow, w=way: uow.duty.ask(1, w.id, wall(16, 8)))
        stage.run(lambda uow, w=way: uow.duty.confirm(w.id, wall(16, 9)))
    stage.now = wall(22, 20)
    stage.run(lambda uow: duty_watch.ensure_watch(uow, stage.rules, 1, stage.now))
    return stage


def until(stage: Stage, moment: datetime) -> None:
    stage.pass_time(seconds=(moment - stage.now).total_seconds())


def away(stage: Stage, who: Actor, since: datetime, end: datetime | None) -> None:
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, who.id, since, end)))


def only(actor: Actor, *words: str) -> None:
    """Exactly this was heard, tests of the way left out."""
    said = [body.text for body in actor._take() if not body.text.startswith("Probe:")]
    assert len(said) == len(words), said
    assert all(word in text for word, text in zip(words, said, strict=True)), said


def reachable(stage: Stage, who: Actor) -> bool:
    person = stage.run(lambda uow: uow.people.staff(who.id))
    assert person is not None
    return stage.run(lambda uow: is_reachable(uow, person))


def test_every_way_is_tried_once_a_week_and_confirmed_with_a_button(watched: Stage, berta: Actor) -> None:
    until(watched, wall(23, 7))
    berta.hears_nothing()
    until(watched, wall(23, 8))
    berta.hears("Probe: Bitte bestätigen Sie mit dem Knopf, dass Meldungen Sie hier erreichen.")
    berta.presses("Bestätigen")
    berta.hears("Danke, bestätigt.")
    until(watched, wall(30, 7))
    berta.hears_nothing()
    until(watched, wall(30, 8))
    berta.hears("Probe:")


def test_a_new_way_is_tried_after_a_week(watched: Stage) -> None:
    karl = watched.staff("Karl Klein")
    until(watched, wall(30, 7))
    karl.hears_nothing()
    assert reachable(watched, karl)
    until(watched, wall(30, 8))
    karl.hears("Probe:")


def test_a_silence_is_told_to_a_lead_once(watched: Stage, berta: Actor, lea: Actor) -> None:
    until(watched, wall(23, 8))
    lea.presses("Bestätigen")
    lea.forgets()
    until(watched, wall(24, 7))
    lea.hears_nothing()
    assert reachable(watched, berta), "not yet late"
    until(watched, wall(24, 8))
    lea.hears(
        "Eine Probe wurde nicht bestätigt. Meldungen kommen dort vielleicht nicht an:\n- Berta Beispiel:"
    )
    assert not reachable(watched, berta)
    assert reachable(watched, lea)
    berta.forgets()
    until(watched, wall(27, 12))
    only(lea)
    lea.writes("/team")
    (answer,) = lea.hears("Berta Beispiel: da")
    assert "Team-Messenger: nicht bestätigt seit Dienstag, 24. November" in answer.text
    until(watched, wall(30, 9))
    berta.hears("Probe:")
    lea.presses("Bestätigen")
    until(watched, wall(1, 12, 12))
    only(lea, "Danke")
    berta.presses("Bestätigen")
    assert reachable(watched, berta)


def test_who_works_two_hours_a_day_has_more_than_these_to_confirm(
    watched: Stage, berta: Actor, lea: Actor
) -> None:
    week = {day: (time(8), time(10)) for day in range(5)}
    watched.run(lambda uow: uow.duty.set_week(1, berta.id, week))
    until(watched, wall(24, 12))
    assert "Berta Beispiel: Team-Messenger" not in repr(lea._take())
    assert reachable(watched, berta)
    until(watched, wall(25, 8))
    assert "Berta Beispiel: Team-Messenger" in repr(lea._take())


def test_who_works_two_hours_a_week_is_missed_after_a_week(watched: Stage, berta: Actor, lea: Actor) -> None:
    watched.run(lambda uow: uow.duty.set_week(1, berta.id, {0: (time(8), time(10))}))
    until(watched, wall(29))
    assert "Berta Beispiel: Team-Messenger" not in repr(lea._take())
    until(watched, wall(30, 8))
    assert "Berta Beispiel: Team-Messenger" in repr(lea._take())


def test_who_was_away_since_the_test_has_time_after_it(watched: Stage, berta: Actor, lea: Actor) -> None:
    away(watched, berta, wall(23, 9), wall(26))
    until(watched, wall(26, 12))
    assert "Berta Beispiel: Team-Messenger" not in repr(lea._take())
    until(watched, wall(27, 8))
    assert "Berta Beispiel: Team-Messenger" in repr(lea._take())


def test_where_nobody_leads_the_admins_hear_of_it(stage: Stage, berta: Actor) -> None:
    ada = stage.staff("Ada Amt", Role.ADMIN)
    stage.run(lambda uow: duty_watch.ensure_watch(uow, stage.rules, 1, stage.now))
    away(stage, berta, wall(25), wall(26))
    until(stage, wall(23, 12))
    ada.hears("Niemand im Team hat die Rolle „Leitung“.", "- Mittwoch, 25. November, 08:00 Uhr bis 16:00 Uhr")


def test_admins_hear_once_that_nobody_leads_and_again_after_somebody_did(watched: Stage, lea: Actor) -> None:
    ada, words = watched.staff("Ada Amt", Role.ADMIN), "Niemand im Team hat die Rolle „Leitung“."
    until(watched, wall(23, 12))
    only(ada)
    for day, role, says in (
        (24, Role.COACH, [words]),
        (25, Role.COACH, []),
        (26, Role.LEAD, []),
        (27, Role.COACH, [words]),
    ):
        watched.run(lambda uow, r=role: uow.people.change_staff(lea.id, role=r))
        until(watched, wall(day, 12))
        heard = [body.text for body in ada._take() if words in body.text]
        assert len(heard) == len(says), day


def test_a_missed_test_closes_nothing(watched: Stage, berta: Actor, lea: Actor) -> None:
    mia = watched.participant(berta)
    until(watched, wall(24, 9))
    assert not reachable(watched, berta)
    berta.forgets()
    mia.writes("Ich will nicht mehr leben")
    assert "Meldung R3" in berta._take()[0].text


def test_friday_is_answered_on_monday(watched: Stage, berta: Actor, lea: Actor) -> None:
    watched.now = wall(27, 7)
    watched.run(lambda uow: duty_watch.ensure_watch(uow, watched.rules, 1, watched.now))
    until(watched, wall(30, 7))
    only(lea)
    until(watched, wall(30, 8))
    only(lea, "Eine Probe wurde nicht bestätigt.")


def test_who_is_not_there_is_not_tried(watched: Stage, berta: Actor) -> None:
    away(watched, berta, wall(23), wall(25))
    watched.run(lambda uow: uow.duty.set_week(1, berta.id, {3: (time(8), time(16))}))
    until(watched, wall(26, 7))
    berta.hears_nothing()
    until(watched, wall(26, 8))
    berta.hears("Probe:")


def test_who_begins_later_than_the_agency_is_tried_then(watched: Stage, berta: Actor, lea: Actor) -> None:
    afternoons = {day: (time(12), time(16)) for day in range(5)}
    watched.run(lambda uow: uow.duty.set_week(1, berta.id, afternoons))
    until(watched, wall(23, 11))
    berta.hears_nothing()
    lea.presses("Bestätigen")
    lea.forgets()
    until(watched, wall(23, 12))
    berta.hears("Probe:")
    until(watched, wall(24, 7))
    lea.hears_nothing()
    until(watched, wall(24, 8))
    lea.hears("Eine Probe wurde nicht bestätigt.")
    assert not reachable(watched, berta)


def test_a_test_by_hand_at_any_hour(stage: Stage, berta: Actor) -> None:
    stage.now = wall(23, 23)
    berta.writes("/probe")
    berta.hears("Ich schicke jetzt auf jeden Ihrer Wege eine Probe. Anzahl: 1.", "Probe:")
    berta.presses("Bestätigen")
    berta.hears("Danke, bestätigt.")


def test_the_console_calls_nobody_and_is_not_tried(stage: Stage, berta: Actor) -> None:
    stage.run(lambda uow: uow.people.add_address(1, "console", "browser", staff_id=berta.id))
    berta.writes("/probe")
    berta.hears("Anzahl: 1.", "Probe:")


def test_the_button_counts_only_where_it_arrived(stage: Stage, berta: Actor, lea: Actor) -> None:
    berta.writes("/probe")
    token, message = stage.key("telegram_staff", berta.address, "Bestätigen")
    stage._keys[("telegram_staff", lea.address)] = {"Bestätigen": (token, message)}
    assert "gilt nicht mehr" in lea.presses("Bestätigen").toast


def test_a_gap_is_told_two_weeks_ahead_and_two_days_before(watched: Stage, berta: Actor, lea: Actor) -> None:
    away(watched, berta, wall(1, month=12), wall(3, month=12))
    away(watched, lea, wall(1, 12, 12), wall(3, month=12))
    until(watched, wall(23, 8))
    only(
        lea,
        "Zu diesen Zeiten ist niemand da und niemand hat Dienst:\n- Dienstag, 1. Dezember, 12:00 Uhr bis",
    )
    until(watched, wall(27, 12))
    lea.forgets()
    until(watched, wall(30, 12))
    only(
        lea,
        "- Dienstag, 1. Dezember, 12:00 Uhr bis 16:00 Uhr\n- Mittwoch, 2. Dezember, 08:00 Uhr bis 16:00 Uhr",
    )
    until(watched, wall(1, 11, 12))
    lea.forgets()
    until(watched, wall(8, 8, 12))
    assert "Zu diesen Zeiten" not in repr(lea._take())


@pytest.mark.parametrize("hour", [8, 11])
def test_a_gap_in_two_weeks_is_told_whole(watched: Stage, berta: Actor, lea: Actor, hour: int) -> None:
    for who in (berta, lea):
        away(watched, who, wall(7, 0, 12), wall(8, 0, 12))
    watched.now = wall(23, hour)  # at eleven: the program was not running in the morning
    watched.pass_time(hours=6)
    only(lea, "- Montag, 7. Dezember, 08:00 Uhr bis 16:00 Uhr\n")


def test_a_gap_that_is_near_is_told_once(watched: Stage, berta: Actor, lea: Actor) -> None:
    for who in (berta, lea):
        away(watched, who, wall(23, 12), wall(24))
    until(watched, wall(23, 8))
    only(lea, "- Montag, 23. November, 12:00 Uhr bis 16:00 Uhr")
    until(watched, wall(23, 11))
    watched.run(lambda uow: duty_watch.ensure_watch(uow, watched.rules, 1, watched.now))
    until(watched, wall(24, 7))
    only(lea)


def test_leads_hear_of_duty_that_nobody_has_two_weeks_ahead_and_two_days_before(
    watched: Stage, berta: Actor, lea: Actor
) -> None:
    night = ShiftPattern(0, 1, berta.id, "FREQ=DAILY", date(2026, 12, 5), time(20), time(8), "Europe/Berlin")
    watched.run(lambda uow: rota.add_shifts(uow, night))
    away(watched, berta, wall(6, 12, 12), wall(7, month=12))
    head = "abwesend oder nicht im Team:"
    until(watched, wall(23, 8))
    only(lea, head + "\n- Sonntag, 6. Dezember, 20:00 Uhr bis 00:00 Uhr: Berta Beispiel\n")
    until(watched, wall(24, 12))
    lea.forgets()
    until(watched, wall(2, 12, 12))
    assert head not in repr(lea._take())
    until(watched, wall(3, 12, 12))
    only(lea, head)  # on the last two days before it the agency is closed, or it is a Friday
    until(watched, wall(7, 12, 12))
    assert head not in repr(lea._take())


def test_duty_that_a_colleague_has_too_is_not_missing(watched: Stage, berta: Actor, lea: Actor) -> None:
    for who in (berta, lea):
        night = ShiftPattern(
            0, 1, who.id, "FREQ=DAILY", date(2026, 11, 23), time(20), time(8), "Europe/Berlin"
        )
        watched.run(lambda uow, n=night: rota.add_shifts(uow, n))
    away(watched, berta, wall(24, 12), wall(26))
    until(watched, wall(23, 12))
    only(lea)


def test_a_gap_that_was_filled_and_tears_open_again_is_told_again(
    stage: Stage, berta: Actor, lea: Actor
) -> None:
    away(stage, lea, wall(24), wall(25))
    told = "- Dienstag, 24. November, 08:00 Uhr bis 16:00 Uhr"
    for _ in range(2):
        berta.writes("/abwesend morgen")
        berta.presses("Stimmt so")
        lea.hears(told)
        berta.presses("Zurücknehmen")
        lea.hears_nothing()


def test_duty_that_somebody_else_got_and_cannot_have_either_is_told(
    watched: Stage, berta: Actor, lea: Actor
) -> None:
    night = ShiftPattern(0, 1, berta.id, "FREQ=DAILY", date(2026, 12, 5), time(20), time(8), "Europe/Berlin")
    number = watched.run(lambda uow: rota.add_shifts(uow, night))
    away(watched, berta, wall(5, 12, 12), wall(6, month=12))
    told = "5. Dezember, 20:00 Uhr bis 00:00 Uhr: Berta"
    until(watched, wall(23, 8))
    only(lea, told)
    for who in (lea, berta):
        change = ShiftChange(number, date(2026, 12, 5), who.id)
        watched.run(lambda uow, c=change: uow.duty.set_change(1, c))
        until(watched, watched.now + DAY)
    assert told in repr(lea._take())


def test_nothing_counts_as_told_that_nobody_could_hear(stage: Stage, berta: Actor) -> None:
    stage.run(lambda uow: duty_watch.ensure_watch(uow, stage.rules, 1, stage.now))
    away(stage, berta, wall(25), wall(26))
    until(stage, wall(23, 12))
    lea = stage.staff("Lea Leitung", Role.LEAD)
    away(stage, lea, wall(25), wall(26))
    until(stage, wall(24, 8))
    lea.hears("- Mittwoch, 25. November, 08:00 Uhr bis 16:00 Uhr")


def test_where_no_way_to_a_lead_is_open_the_admins_hear(stage: Stage, berta: Actor) -> None:
    ada = stage.staff("Ada Amt", Role.ADMIN)
    stage.hire("Lea Leitung", Role.LEAD)
    stage.run(lambda uow: duty_watch.ensure_watch(uow, stage.rules, 1, stage.now))
    for who in (berta, ada):
        away(stage, who, wall(25), wall(26))
    stage.run(lambda uow: uow.people.add_participant(1, Standing.ACTIVE, "de", None))
    (lea,) = (one for one in stage.run(lambda uow: uow.people.all_staff(1)) if one.role is Role.LEAD)
    stage.run(lambda uow: uow.duty.set_week(1, lea.id, {4: (time(8), time(16))}))
    until(stage, wall(23, 12))
    ada.hears(
        "Zu keiner Leitung ist ein Weg offen.",
        "- Mittwoch, 25. November, 08:00 Uhr bis 16:00 Uhr",
        "Fall-Codes ohne Coach:",
    )
    until(stage, wall(24, 12))
    assert "Zu keiner Leitung" not in repr(ada._take())


def test_a_lead_who_is_there_and_cannot_be_reached_hides_none_who_can(watched: Stage, lea: Actor) -> None:
    watched.hire("Lou Leitung", Role.LEAD)
    away(watched, lea, wall(22), None)
    watched.run(lambda uow: uow.people.add_participant(1, Standing.ACTIVE, "de", None))
    until(watched, wall(23, 12))
    only(lea, "Fall-Codes ohne Coach:")


def test_that_no_lead_can_be_reached_is_not_told_over_the_way_that_fails(
    watched: Stage, berta: Actor, lea: Actor
) -> None:
    ada = watched.staff("Ada Amt", Role.ADMIN)
    until(watched, wall(23, 9))
    berta.presses("Bestätigen")
    ada.forgets()
    until(watched, wall(24, 9))
    only(ada, "Eine Probe wurde nicht bestätigt. Meldungen kommen dort vielleicht nicht an:\n- Lea Leitung:")


def test_while_one_lead_can_be_reached_admins_hear_of_no_test(
    watched: Stage, berta: Actor, lea: Actor
) -> None:
    ada = watched.staff("Ada Amt", Role.ADMIN)
    until(watched, wall(23, 9))
    lea.presses("Bestätigen")
    until(watched, wall(24, 9))
    assert "nicht bestätigt" in repr(lea._take())
    only(ada)


def test_own_hours_that_leave_a_gap_are_told_at_once(stage: Stage, berta: Actor, lea: Actor) -> None:
    stage.run(lambda uow: uow.duty.set_week(1, lea.id, {0: (time(8), time(16))}))

    def cut(uow: UnitOfWork) -> None:
        who = uow.people.find_staff(berta.channel, berta.address)
        assert who is not None
        desk = Desk(uow, stage.rules, who, stage.now)
        plan_duty.set_hours(desk, who[0], {0: (time(8), time(16))})
        desk.finish()

    lea.forgets()
    stage.run(cut)
    stage.deliver()
    assert "Zu diesen Zeiten ist niemand da" in repr(lea._take())


def test_the_twenty_sixth_is_told_once(watched: Stage, berta: Actor, lea: Actor) -> None:
    def add(uow: UnitOfWork, count: int) -> None:
        for _ in range(count):
            uow.people.add_participant(1, Standing.ACTIVE, "de", berta.id)

    watched.run(partial(add, count=KEY))
    until(watched, wall(23, 9))
    only(lea)
    watched.run(partial(add, count=1))
    until(watched, wall(24, 9))
    only(lea, "Eine Probe", "Berta Beispiel begleitet jetzt 26 Menschen. Vorgesehen sind höchstens 25.")
    until(watched, wall(26, 9))
    only(lea)
    person = watched.run(lambda uow: uow.people.participants(1)[0])
    watched.run(lambda uow: uow.people.change_participant(person.id, standing=Standing.LEFT))
    until(watched, wall(27, 9))
    watched.run(partial(add, count=1))
    until(watched, wall(28, 9))
    assert watched.run(lambda uow: caseload(uow, 1))[0].people == 26
    until(watched, wall(30, 8))
    only(lea, "begleitet jetzt 26 Menschen")


def test_a_whole_caseload_that_was_given_away_and_came_back_is_told_again(
    watched: Stage, berta: Actor, lea: Actor
) -> None:
    def give(uow: UnitOfWork, coach_id: int | None) -> None:
        for one in uow.people.participants(1):
            uow.people.change_participant(one.id, coach_id=coach_id)

    for _ in range(KEY + 1):
        watched.run(lambda uow: uow.people.add_participant(1, Standing.ACTIVE, "de", None))
    for day, coach_id in ((23, berta.id), (24, lea.id), (25, berta.id)):
        watched.run(partial(give, coach_id=coach_id))
        until(watched, wall(day, 9))
        assert "begleitet jetzt 26 Menschen" in repr(lea._take()), day


def test_who_leaves_is_called_no_more_and_their_people_are_named(
    stage: Stage, berta: Actor, lea: Actor
) -> None:
    mia = stage.participant(berta)
    code = stage.run(lambda uow: uow.people.participants(1))[0].case_code
    berta.forgets()
    lea.forgets()

    def leave(uow: UnitOfWork) -> int:
        return duty_watch.leave_and_tell(uow, stage.rules, berta.id, stage.now)

    assert stage.run(leave) == 1
    stage.deliver()
    lea.hears(f"Fall-Codes ohne Coach: {code}")
    assert stage.run(leave) == 0
    stage.deliver()
    lea.hears_nothing()
    assert stage.run(lambda uow: duty.pool(uow, 1, stage.now)) == []
    gone = stage.run(lambda uow: uow.people.staff(berta.id))
    assert gone is not None
    assert not stage.run(lambda uow: duty.is_present(uow, gone, stage.now))
    mia.writes("Ich will nicht mehr leben")
    berta.hears_nothing()
    berta.writes("/dienst")
    berta.hears("Ich kenne Sie noch nicht.")
    with pytest.raises(NotFound):
        stage.run(lambda uow: duty_watch.leave_and_tell(uow, stage.rules, 99, stage.now))


def test_who_has_shifts_of_somebody_who_leaves_hears_that_they_go(
    stage: Stage, berta: Actor, lea: Actor
) -> None:
    karl = stage.staff("Karl Klein")
    first = date(2026, 11, 23)
    weekly = ShiftPattern(0, 1, karl.id, "FREQ=WEEKLY", first, time(8), time(16), "Europe/Berlin", None)
    number = stage.run(lambda uow: rota.add_shifts(uow, weekly))
    for weeks, who in ((0, berta), (1, berta), (2, lea), (3, None)):
        change = ShiftChange(number, first + weeks * 7 * DAY, who.id if who else None)
        stage.run(lambda uow, c=change: uow.duty.set_change(1, c))
    for actor in (berta, lea):
        actor.forgets()
    for _ in range(2):
        stage.run(lambda uow: duty_watch.leave_and_tell(uow, stage.rules, karl.id, stage.now))
    stage.deliver()
    berta.hears("Ihr Dienst fällt weg: Montag, 30. November, 08:00 Uhr bis 16:00 Uhr.")
    lea.hears(
        "Ihr Dienst fällt weg: Montag, 7. Dezember, 08:00 Uhr bis 16:00 Uhr.",
        "Karl Klein ist nicht mehr im Team. Dieser Dienst fällt weg: Montag, 21. Dezember, 08:00 Uhr"
        " bis 16:00 Uhr.\nDienst von Karl Klein, den andere übernommen hatten, fällt auch weg: "
        "Montag, 30. November, 08:00 Uhr bis 16:00 Uhr; Montag, 7. Dezember, 08:00 Uhr bis 16:00 Uhr.",
    )
    karl.hears_nothing()


def test_leads_hear_of_the_duty_of_somebody_who_leaves(stage: Stage, berta: Actor, lea: Actor) -> None:
    weekly = ShiftPattern(
        0, 1, berta.id, "FREQ=WEEKLY;BYDAY=SA", date(2026, 11, 28), time(8), time(16), "Europe/Berlin"
    )
    stage.run(lambda uow: rota.add_shifts(uow, weekly))
    lea.forgets()
    for _ in range(2):
        stage.run(lambda uow: duty_watch.leave_and_tell(uow, stage.rules, berta.id, stage.now))
    stage.deliver()
    (heard,) = lea.hears(
        "Berta Beispiel ist nicht mehr im Team. Dieser Dienst fällt weg: Samstag, 28. November"
    )
    assert heard.text.count("Samstag") == 4


def test_a_late_timer_waits_for_the_morning(watched: Stage, berta: Actor) -> None:
    stage = watched
    stage.now = wall(23, 22)
    stage.run(lambda uow: uow.timers.set(1, duty_watch.TIMER_KIND, 1, wall(23, 8), "duty_day:1"))
    until(stage, wall(24, 7))
    berta.hears_nothing()
    until(stage, wall(24, 8))
    berta.hears("Probe:")


def test_notices_wait_for_the_end_of_quiet_hours(stage: Stage, berta: Actor) -> None:
    karl = stage.staff("Karl Klein")
    stage.now = wall(23, 23)
    berta.writes("/abwesend morgen Karl")
    berta.presses("Stimmt so")
    karl.hears_nothing()
    until(stage, wall(24, 8))
    karl.hears("Sie vertreten Berta Beispiel in dieser Zeit.")


def test_absences_that_are_long_over_are_forgotten(watched: Stage, berta: Actor) -> None:
    away(watched, berta, wall(1, month=10), wall(20, month=10))
    away(watched, berta, wall(1), wall(2))
    until(watched, wall(23, 9))
    assert len(watched.run(lambda uow: uow.duty.absences(1, wall(1, month=9)))) == 1


def test_a_deputy_is_on_call_only_while_they_are_there(stage: Stage, berta: Actor) -> None:
    karl = stage.staff("Karl Klein", deputy_of=berta.id)
    hours = stage.rules.hours[1]

    def is_on_call() -> bool:
        return stage.run(lambda uow: duty_at(uow, hours, berta.id, stage.now)).has_on_call

    assert is_on_call()
    karl.writes("/abwesend")
    karl.presses("Heute")
    assert not is_on_call()
    karl.writes("/da")
    assert is_on_call()
    address = stage.run(lambda uow: uow.people.staff_addresses([karl.id]))[0]
    stage.run(lambda uow: uow.duty.ask(1, address.id, MONDAY))
    stage.run(lambda uow: uow.duty.miss([address.id], MONDAY + DAY))
    assert not is_on_call(), "a deputy who may not be reached is none for grave answers"


def test_a_test_that_cannot_be_delivered_is_a_silence(watched: Stage, berta: Actor, lea: Actor) -> None:
    def refuse(message: Outgoing) -> SendResult | None:
        return Permanent("blocked", address_dead=True) if message.address == berta.address else None

    watched.refuse = refuse
    until(watched, wall(23, 8))
    assert not reachable(watched, berta)


def test_the_timer_is_one_an_agency(watched: Stage, berta: Actor) -> None:
    watched.run(lambda uow: duty_watch.ensure_watch(uow, watched.rules, 1, watched.now))

    def claimed(at: datetime) -> list[Timer]:
        found = watched.run(lambda uow: uow.timers.claim(at, 50, at + timedelta(hours=1)))
        return [one for one in found if one.kind == duty_watch.TIMER_KIND]

    (timer,) = claimed(wall(23, 8))
    watched.now = wall(23, 8)
    for _ in range(2):
        watched.run(lambda uow: fire(uow, watched.rules, timer, watched.now))
    watched.deliver()
    berta.hears("Probe:")
    assert claimed(wall(24, 8) - timedelta(seconds=1)) == []
    assert len(claimed(wall(24, 8))) == 1
