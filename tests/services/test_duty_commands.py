# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Absence, deputies, shifts and swaps by command: what is understood, what is kept, who hears of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.duty import Absence, ShiftPattern, Span
from bot.domain.messages import IncomingKind
from bot.domain.people import Role
from bot.services import absences as away_service
from bot.services import duty, rota, staff_appointments
from bot.services.appointment_dates import EntryFault
from bot.services.change_programmes import install
from bot.services.duty_words import find_colleague, read_absence
from dialogs.shipped import shipped_programmes
from tests.services.stage import MONDAY, Actor, Stage

BERLIN = ZoneInfo("Europe/Berlin")
NOW = MONDAY  # a Monday, 23.11.2026, 10:00 in Berlin


def wall(day: int, month: int = 11, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def karl(stage: Stage) -> Actor:
    return stage.staff("Karl Klein")


@pytest.fixture
def lea(stage: Stage) -> Actor:
    return stage.staff("Lea Leitung", Role.LEAD)


def kept(stage: Stage, who: Actor) -> list[Absence]:
    return stage.run(lambda uow: away_service.of_person(uow, 1, who.id, stage.now))


def spans(stage: Stage, who: Actor) -> list[tuple[datetime, datetime | None]]:
    return [(one.since, one.until) for one in kept(stage, who)]


def test_away_in_two_taps_and_back(stage: Stage, berta: Actor, karl: Actor) -> None:
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    berta.writes("/abwesend")
    berta.hears("Wann sind Sie abwesend?")
    berta.presses("Heute")
    (answer,) = berta.hears("Eingetragen: Sie sind abwesend am Montag, 23. November.")
    assert "Meldungen Ihrer Leute gehen an Karl Klein." in answer.text
    karl.hears("Berta Beispiel ist abwesend am Montag, 23. November. Sie vertreten Berta Beispiel")
    assert spans(stage, berta) == [(NOW, wall(24))]
    stage.pass_time(hours=1)
    berta.writes("/da")
    berta.hears("Willkommen zurück.")
    karl.hears("Berta Beispiel ist wieder da.")
    assert kept(stage, berta) == []
    berta.writes("/da")
    berta.hears("Sie waren nicht als abwesend eingetragen.")
    karl.hears_nothing()


@pytest.mark.parametrize(
    ("label", "since", "until"),
    [("Morgen", wall(24), wall(25)), ("Diese Woche", NOW, wall(30)), ("Heute", NOW, wall(24))],
)
def test_days_to_choose_from(
    stage: Stage, berta: Actor, label: str, since: datetime, until: datetime
) -> None:
    berta.writes("/abwesend")
    berta.presses(label)
    assert spans(stage, berta) == [(since, until)]


def test_until_a_day_by_buttons_and_taken_back(stage: Stage, berta: Actor, karl: Actor) -> None:
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    berta.writes("/abwesend")
    berta.presses("Bis Datum")
    berta.presses("Freitag, 27. November")
    assert spans(stage, berta) == [(NOW, wall(28))]
    berta.presses("Zurücknehmen")
    assert kept(stage, berta) == []
    karl.hears("ist abwesend", "Berta Beispiel ist doch nicht abwesend")
    assert "gilt nicht mehr" in berta.presses("Zurücknehmen").toast


def test_what_was_typed_is_shown_before_it_is_kept(stage: Stage, berta: Actor, karl: Actor) -> None:
    berta.writes("/abwesend 3.12.-10.12. karl")
    (shown,) = berta.hears("Sie sind abwesend von Donnerstag, 3. Dezember bis Donnerstag, 10. Dezember.")
    assert "gehen an Karl Klein" in shown.text
    assert kept(stage, berta) == []
    karl.hears_nothing()
    berta.presses("Stimmt so")
    berta.hears("Eingetragen: Sie sind abwesend von Donnerstag, 3. Dezember")
    assert kept(stage, berta)[0].deputy_id == karl.id
    karl.hears("Berta Beispiel ist abwesend von Donnerstag, 3. Dezember")
    berta.presses("Stimmt so")
    assert len(kept(stage, berta)) == 1, "pressing twice keeps it once"


def test_discarded_is_not_kept(stage: Stage, berta: Actor) -> None:
    berta.writes("/abwesend morgen")
    berta.presses("Verwerfen")
    berta.hears("Sie sind abwesend", "Verworfen.")
    assert kept(stage, berta) == []


def test_an_old_button_keeps_nothing_that_is_over(stage: Stage, berta: Actor) -> None:
    berta.writes("/abwesend 24.11.")
    stage.pass_time(days=3)
    assert "schon vorbei" in berta.presses("Stimmt so").toast
    assert kept(stage, berta) == []


@pytest.mark.parametrize(
    "token",
    [
        "d:away:1:2",
        "d:away:x:y:z",
        f"d:away:{'9' * 40}:0:0",
        "d:off:99991231",
        "d:off:",
        "d:",
        "d:nothing:1",
        "d:away:1764716400:1765407600:99",
        "d:deputy:99",
        "d:here:99",
        "d:undo:x",
        "d:swap:1:yes",
        "d:swap:x:yes",
        "d:duty:1",
        "d:shift:w:2026-99-99:9999:9999:1",
        "d:shift:",
        "d:end:1",
    ],
)
def test_buttons_that_somebody_made_up_do_nothing(stage: Stage, lea: Actor, token: str) -> None:
    receipt = lea.does(IncomingKind.PRESS, press=token, message="1")
    assert receipt.toast
    lea.hears_nothing()
    assert kept(stage, lea) == []


def test_absences_that_overlap_become_one(stage: Stage, berta: Actor, karl: Actor, lea: Actor) -> None:
    for typed in ("1.12.-3.12. Karl", "10.12.-12.12.", "3.12.-10.12. Lea", "20.12."):
        berta.writes(f"/abwesend {typed}")
        berta.presses("Stimmt so")
    assert spans(stage, berta) == [(wall(1, 12), wall(13, 12)), (wall(20, 12), wall(21, 12))]
    assert [one.deputy_id for one in kept(stage, berta)] == [lea.id, None], "the deputy named last"


def test_without_a_deputy_it_is_said_who_is_called(stage: Stage, berta: Actor) -> None:
    berta.writes("/abwesend morgen")
    (shown,) = berta.hears("Sie sind abwesend")
    assert "keine Vertretung da. Meldungen gehen dann an die Leitung." in shown.text


def test_an_absent_deputy_is_passed_over(stage: Stage, berta: Actor, karl: Actor, lea: Actor) -> None:
    stage.run(lambda uow: uow.people.change_staff(karl.id, deputy_id=lea.id))
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, karl.id, NOW, None)))
    berta.writes("/abwesend heute Karl")
    (shown,) = berta.hears("Sie sind abwesend")
    assert "Meldungen Ihrer Leute gehen an Lea Leitung." in shown.text


def test_a_later_absence_taken_back_while_away(stage: Stage, berta: Actor) -> None:
    berta.writes("/abwesend 10.12.-12.12.")
    berta.presses("Stimmt so")
    later = stage.key(berta.channel, berta.address, "Zurücknehmen")
    berta.writes("/abwesend heute")
    berta.presses("Stimmt so")
    berta.forgets()
    berta.does(IncomingKind.PRESS, press=later[0], message=later[1])
    berta.hears("Zurückgenommen: abwesend von Donnerstag, 10. Dezember bis Samstag, 12. Dezember.")
    assert len(kept(stage, berta)) == 1


def test_a_ring_of_deputies_is_allowed_and_said(stage: Stage, berta: Actor, karl: Actor) -> None:
    for who, whom in ((berta, "Karl"), (karl, "Berta")):
        who.forgets()
        who.writes(f"/vertretung {whom}")
        (shown,) = who.hears("vertritt Sie ab jetzt")
        assert ("Wenn Sie beide fehlen" in shown.text) == (who is karl)
        who.presses("Stimmt so")
    berta.forgets()
    both = [stage.run(lambda uow, n=one.id: uow.people.staff(n)) for one in (berta, karl)]
    assert [one.deputy_id for one in both if one] == [karl.id, berta.id]
    berta.writes("/vertretung")
    berta.hears("Karl Klein vertritt Sie, wenn Sie nicht da sind.")


def test_nobody_stands_in_for_themselves(stage: Stage, berta: Actor, karl: Actor) -> None:
    for typed in ("/vertretung Berta", "/abwesend morgen Beispiel"):
        berta.writes(typed)
        (answer,) = berta.hears("Das sind Sie selbst.")
        assert "Zum Beispiel: /" in answer.text
    person = stage.run(lambda uow: uow.people.staff(berta.id))
    assert person is not None
    with pytest.raises(ValueError, match="themselves"):
        stage.run(lambda uow: away_service.name_deputy(uow, person, berta.id, NOW))
    with pytest.raises(ValueError, match="themselves"):
        stage.run(lambda uow: away_service.set_absence(uow, Absence(0, 1, 5, NOW, None, 5), NOW))
    with pytest.raises(ValueError, match="over"):
        stage.run(lambda uow: away_service.set_absence(uow, Absence(0, 1, 5, wall(1), NOW), NOW))


@pytest.mark.parametrize(
    ("typed", "since", "until", "rest"),
    [
        ("3.12.-10.12. Dirk", wall(3, 12), wall(11, 12), "Dirk"),
        ("3.12. - 10.12.", wall(3, 12), wall(11, 12), ""),
        ("vom 3.12. bis zum 10.12. Dirk Beispiel", wall(3, 12), wall(11, 12), "Dirk Beispiel"),
        ("3.12.", wall(3, 12), wall(4, 12), ""),
        ("heute", NOW, wall(24), ""),
        ("heute bis 3.12.", NOW, wall(4, 12), ""),
        ("heute-morgen", NOW, wall(25), ""),
        ("23.11.-24.11.", NOW, wall(25), ""),
        ("bis 10.12.", NOW, wall(11, 12), ""),
        ("bis zum 10.12.2026, Karl", NOW, wall(11, 12), "Karl"),
        ("ab 3.12.", wall(3, 12), None, ""),
        ("28.12.-3.1.", wall(28, 12), wall(4, 1, year=2027), ""),
        ("28.12.2026-3.1.2027", wall(28, 12), wall(4, 1, year=2027), ""),
        ("29.2.2028", wall(29, 2, year=2028), wall(1, 3, year=2028), ""),
    ],
)
def test_times_away_that_are_read(typed: str, since: datetime, until: datetime | None, rest: str) -> None:
    assert read_absence(typed, NOW, "Europe/Berlin") == (since, until, rest)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("krank", "Ich finde keine Tage"),
        ("3.12.2026-1.12.2026", "liegt vor dem Anfang"),
        ("10.12.-3.12.", "liegt vor dem Anfang"),
        ("20.11.-25.11.", "ist schon vorbei"),
        ("20.11.2026", "schon vorbei"),
        ("bis 20.11.2026", "schon vorbei"),
        ("29.2.2027", "gibt es nicht"),
        ("31.4.2027-2.5.2027", "gibt es nicht"),
        ("3.12.2029", "mehr als zwei Jahre"),
        ("3.12.-3.12.2035", "mehr als zwei Jahre"),
        ("bis 3.12.-10.12.", "entweder"),
        ("", "Ich finde keine Tage"),
    ],
)
def test_times_away_that_are_not(typed: str, why: str) -> None:
    with pytest.raises(EntryFault) as fault:
        read_absence(typed, NOW, "Europe/Berlin")
    assert why in fault.value.text


def test_a_refused_absence_comes_with_an_example(stage: Stage, berta: Actor) -> None:
    berta.writes("/abwesend 10.12.-3.12.")
    berta.hears("Es wurde nichts eingetragen. Zum Beispiel: /abwesend 3.12.-10.12. Dirk")


def test_a_day_away_on_the_night_on_which_clocks_change() -> None:
    since, until, _ = read_absence("28.3.2027", NOW, "Europe/Berlin")
    assert until is not None
    assert until - since == timedelta(hours=23)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("karl klein", 1),
        ("KARL K", 1),
        ("Klein", 1),
        ("Karla", 2),
        ("karl kl", 1),
        ("Dirk", "kenne ich nicht"),
        ("Karl", "Wen meinen Sie"),
        ("Berta", "Sie selbst"),
        ("  Karla  ", 2),
    ],
)
def test_colleagues_by_name(stage: Stage, berta: Actor, typed: str, found: int | str) -> None:
    stage.staff("Karl Klein")
    stage.staff("Karla Kurz")
    left = stage.staff("Karlo Gegangen")
    stage.run(lambda uow: uow.people.change_staff(left.id, left_at=NOW))
    team = stage.run(lambda uow: uow.people.all_staff(1))
    if isinstance(found, int):
        assert find_colleague(typed, team, team[0]) == team[found]
        return
    with pytest.raises(EntryFault) as fault:
        find_colleague(typed, team, team[0])
    assert found in fault.value.text


def test_alone_in_the_team(stage: Stage, berta: Actor) -> None:
    berta.writes("/vertretung Karl")
    berta.hears("Im Team ist außer Ihnen noch niemand.")


def duty_of(stage: Stage, who: Actor, day: date, begins: int = 8, ends: int = 16) -> None:
    new = ShiftPattern(0, 1, who.id, "FREQ=DAILY", day, time(begins), time(ends), "Europe/Berlin", day)
    stage.run(lambda uow: rota.add_shifts(uow, new))


def holder(stage: Stage, at: datetime) -> list[int]:
    return [one.id for one in stage.run(lambda uow: duty.on_shift(uow, 1, at))]


DAY = date(2026, 12, 12)
ON_IT = wall(12, 12, 10)


def test_a_swap_is_both_peoples(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, berta, DAY)
    berta.writes("/tausch 12.12. Karl")
    berta.hears("Ich habe Karl Klein gefragt: Samstag, 12. Dezember, 08:00 Uhr bis 16:00 Uhr.")
    karl.hears("Berta Beispiel bittet Sie, diesen Dienst zu übernehmen: Samstag, 12. Dezember")
    assert holder(stage, ON_IT) == [berta.id], "until it is accepted, the old one has duty"
    karl.presses("Ich übernehme ihn")
    karl.hears("Danke. Sie haben jetzt diesen Dienst")
    berta.hears("Karl Klein hat zugesagt und hat jetzt diesen Dienst")
    assert holder(stage, ON_IT) == [karl.id]
    assert "schon entschieden" in karl.presses("Das geht nicht").toast
    assert "schon entschieden" in berta.presses("Zurückziehen").toast
    assert holder(stage, ON_IT) == [karl.id]


def test_who_is_away_for_the_end_of_a_night_cannot_take_it(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, berta, DAY, 20, 8)
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, karl.id, wall(13, 12), wall(14, 12))))
    berta.writes("/tausch 12.12. Karl")
    berta.hears("Karl Klein ist an diesem Tag abwesend.")
    karl.hears_nothing()


def test_who_goes_away_with_a_shift_hears_that_nobody_has_it_and_so_do_leads(
    stage: Stage, berta: Actor, karl: Actor, lea: Actor
) -> None:
    duty_of(stage, berta, date(2026, 11, 28))
    berta.writes("/tausch 28.11. Karl")
    karl.presses("Ich übernehme ihn")
    for actor in (berta, karl):
        actor.forgets()
    karl.writes("/abwesend 26.11.-30.11.")
    karl.presses("Stimmt so")
    when = "Samstag, 28. November, 08:00 Uhr bis 16:00 Uhr"
    assert f"Diesen Dienst hat in dieser Zeit niemand: {when}." in karl._take()[-1].text
    lea.hears(f"abwesend oder nicht im Team:\n- {when}: Karl Klein")


def test_of_many_shifts_that_nobody_has_it_is_said_how_many_are_not_named(
    stage: Stage, karl: Actor, lea: Actor
) -> None:
    night = ShiftPattern(0, 1, karl.id, "FREQ=DAILY", date(2026, 11, 25), time(20), time(6), "Europe/Berlin")
    stage.run(lambda uow: rota.add_shifts(uow, night))
    karl.writes("/abwesend 26.11.-5.12.")
    karl.presses("Stimmt so")
    text = karl._take()[-1].text
    assert text.count("06:00 Uhr") == 8, text
    assert "Und 3 weitere." in text, text


@pytest.mark.parametrize(("who", "label"), [("karl", "Das geht nicht"), ("berta", "Zurückziehen")])
def test_a_swap_that_does_not_come_about(
    stage: Stage, berta: Actor, karl: Actor, who: str, label: str
) -> None:
    duty_of(stage, berta, DAY)
    berta.writes("/tausch 12.12. Karl")
    one, other = (karl, berta) if who == "karl" else (berta, karl)
    berta.forgets()
    karl.forgets()
    one.presses(label)
    one.hears("bleibt" if who == "karl" else "Sie behalten diesen Dienst")
    other.hears("kann diesen Dienst nicht übernehmen" if who == "karl" else "hat die Bitte zurückgezogen")
    assert holder(stage, ON_IT) == [berta.id]
    assert "schon entschieden" in karl.presses("Ich übernehme ihn").toast


def test_who_is_away_by_then_cannot_accept(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, berta, date(2026, 12, 12))
    berta.writes("/tausch 12.12. Karl")
    karl.writes("/abwesend 10.12.-14.12.")
    karl.presses("Stimmt so")
    assert "an diesem Tag abwesend" in karl.presses("Ich übernehme ihn").toast
    assert holder(stage, ON_IT) == [berta.id]
    karl.presses("Zurücknehmen")
    karl.presses("Ich übernehme ihn")
    assert holder(stage, ON_IT) == [karl.id]


def test_only_who_was_asked_can_accept(stage: Stage, berta: Actor, karl: Actor, lea: Actor) -> None:
    duty_of(stage, berta, DAY)
    berta.writes("/tausch 12.12. Karl")
    for who in (berta, lea):
        assert "gilt nicht mehr" in who.does(IncomingKind.PRESS, press="d:swap:1:yes", message="1").toast
    assert "gilt nicht mehr" in lea.does(IncomingKind.PRESS, press="d:swap:1:off", message="1").toast
    assert holder(stage, ON_IT) == [berta.id]


def test_a_swap_accepted_too_late(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, berta, date(2026, 11, 24))
    berta.writes("/tausch 24.11. Karl")
    karl.forgets()
    stage.pass_time(days=1)
    karl.presses("Ich übernehme ihn")
    karl.hears("hat schon begonnen oder ist anders vergeben")
    assert holder(stage, stage.now) == [berta.id]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("12.12. Karl", "Am 12.12.2026 haben Sie keinen Dienst, und auch sonst"),
        ("Karl", "Ich finde keinen Tag"),
        ("", "Ich finde keinen Tag"),
        ("12.12.", "Mit wem möchten Sie tauschen?"),
        ("12.12. Berta", "Das sind Sie selbst"),
        ("31.2.2027 Karl", "gibt es nicht"),
    ],
)
def test_swaps_that_cannot_be(stage: Stage, berta: Actor, karl: Actor, typed: str, why: str) -> None:
    berta.writes(f"/tausch {typed}")
    (answer,) = berta.hears(why)
    assert "Zum Beispiel: /tausch 12.12. Karl" in answer.text
    karl.hears_nothing()


def test_a_shift_that_is_not_mine_or_not_for_them(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, karl, DAY)
    duty_of(stage, berta, date(2026, 12, 14))
    duty_of(stage, berta, date(2026, 11, 23))
    berta.writes("/tausch 12.12. Karl")
    berta.hears("Am 12.12.2026 haben Sie keinen Dienst. Ihre Dienste: Montag, 23. November, 10:00 Uhr")
    berta.writes("/tausch 23.11. Karl")
    berta.hears("Dieser Dienst hat schon begonnen.")
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, karl.id, wall(14, 12), None)))
    berta.writes("/tausch 14.12. Karl")
    berta.hears("Karl Klein ist an diesem Tag abwesend.")
    unlinked = stage.hire("Nina Neu")
    assert unlinked.id
    berta.writes("/tausch 14.12. Nina")
    berta.hears("Nina Neu ist mit Lotse noch nicht verbunden.")
    karl.hears_nothing()


def test_duty_is_taken_over_at_once(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, karl, date(2026, 11, 23))
    berta.writes("/dienst")
    berta.hears("Dienst hat jetzt: Karl Klein.")
    berta.writes("/uebernahme")
    (shown,) = berta.hears("Sie haben Dienst: Montag, 23. November, 10:00 Uhr bis 16:00 Uhr.")
    assert "Diesen Dienst hatte bisher: Karl Klein." in shown.text
    assert holder(stage, stage.now) == [karl.id]
    berta.presses("Ich übernehme jetzt")
    berta.hears("Sie haben jetzt Dienst")
    karl.hears("Berta Beispiel hat den Dienst von Ihnen übernommen: Montag, 23. November, 10:00 Uhr")
    assert holder(stage, stage.now) == [berta.id]
    stage.pass_time(hours=7)
    assert holder(stage, stage.now) == []
    assert "gilt nicht mehr" in berta.presses("Ich übernehme jetzt").toast
    assert holder(stage, stage.now) == []


def test_who_is_away_takes_nothing_over(stage: Stage, berta: Actor) -> None:
    berta.writes("/abwesend")
    berta.presses("Heute")
    berta.forgets()
    berta.writes("/uebernahme")
    berta.hears("Sie sind als abwesend eingetragen. Mit /da sind Sie wieder da.")


def test_a_lead_makes_the_rota(stage: Stage, lea: Actor, karl: Actor) -> None:
    lea.writes("/schicht")
    lea.hears("Es ist kein Dienst eingetragen.")
    lea.writes("/schicht Mo 16:00-8:00 Karl")
    lea.hears("Karl Klein hat jede Woche Dienst ab Montag, 23. November, 16:00 bis 08:00 Uhr.")
    assert holder(stage, wall(23, hour=20)) == []
    lea.presses("Stimmt so")
    lea.hears("Eingetragen: Karl Klein hat jede Woche Dienst")
    karl.hears("Eingetragen: Karl Klein hat jede Woche Dienst ab Montag, 23. November, 16:00 bis 08:00 Uhr.")
    assert "schon eingetragen" in lea.presses("Stimmt so").toast
    assert holder(stage, wall(23, hour=20)) == [karl.id]
    assert holder(stage, wall(1, 12, hour=7)) == [karl.id]
    lea.writes("/schicht 12.12. 8:00-16:00 lea")
    lea.presses("Stimmt so")
    lea.hears("Lea Leitung hat Dienst am Samstag, 12. Dezember", "Eingetragen")
    assert holder(stage, ON_IT) == [lea.id]
    lea.writes("/schicht")
    lea.presses("1. beenden")
    lea.hears("1. Karl Klein hat jede Woche", "Beendet: Karl Klein")
    karl.hears("Beendet: Karl Klein hat jede Woche Dienst")
    assert holder(stage, wall(23, hour=20)) == []
    assert "gilt nicht mehr" in lea.presses("1. beenden").toast


def test_a_shift_that_runs_goes_on_to_its_end_when_the_rota_ends(
    stage: Stage, lea: Actor, karl: Actor
) -> None:
    lea.writes("/schicht Mo 8:00-16:00 Karl")
    lea.presses("Stimmt so")
    lea.writes("/schicht")
    for who in (lea, karl):
        who.forgets()
    lea.presses("1. beenden")
    for who in (lea, karl):
        (told,) = who.hears("Beendet: Karl Klein hat jede Woche Dienst")
        assert told.text.endswith("16:00 Uhr. Der Dienst, der gerade läuft, geht noch bis zum Ende.")
    assert holder(stage, stage.now) == [karl.id]
    assert holder(stage, wall(30, hour=10)) == []
    assert "gilt nicht mehr" in lea.presses("1. beenden").toast
    lea.writes("/schicht")
    (shown,) = lea.hears("1. Karl Klein")
    assert not shown.keys, "it ends by itself"
    karl.hears_nothing()


def test_who_had_taken_a_shift_hears_that_it_went_with_its_rota(
    stage: Stage, lea: Actor, karl: Actor, berta: Actor
) -> None:
    lea.writes("/schicht Mo 8:00-16:00 Karl")
    lea.presses("Stimmt so")
    for day in ("30.11.", "7.12."):
        karl.writes(f"/tausch {day} Berta")
        berta.presses("Ich übernehme ihn")
    karl.writes("/tausch 14.12. Berta")
    lea.writes("/schicht")
    for who in (lea, karl, berta):
        who.forgets()
    lea.presses("1. beenden")
    karl.hears("Beendet: Karl Klein hat jede Woche Dienst")
    berta.hears(
        "Ihr Dienst fällt weg: Montag, 30. November, 08:00 Uhr bis 16:00 Uhr; "
        "Montag, 7. Dezember, 08:00 Uhr bis 16:00 Uhr."
    )
    assert holder(stage, wall(30, hour=10)) == []


@pytest.mark.parametrize("typed", ["/schicht", "/schicht Mo 8:00-16:00 Karl", "/team"])
def test_the_rota_is_the_leads(stage: Stage, karl: Actor, typed: str) -> None:
    karl.writes(typed)
    karl.hears("Das ist der Leitung vorbehalten.")
    assert (
        "gilt nicht" in karl.does(IncomingKind.PRESS, press=f"d:shift:w:2026-11-23:0800:1600:{karl.id}").toast
    )
    assert holder(stage, stage.now) == []


@pytest.mark.parametrize(
    "typed",
    [
        "Mo Karl",
        "Mo 8-16 Karl",
        "Mo 25:00-26:00 Karl",
        "31.2.2027 8:00-9:00 Karl",
        "5.12.2062 8:00-9:00 Karl",
        "Mo 8:00-9:00 Dirk",
    ],
)
def test_shifts_that_cannot_be_read(stage: Stage, lea: Actor, karl: Actor, typed: str) -> None:
    lea.writes(f"/schicht {typed}")
    lea.hears("Zum Beispiel: /schicht Mo 16:00-20:00 Karl")


def test_what_is_coming_is_listed(stage: Stage, berta: Actor, karl: Actor) -> None:
    duty_of(stage, karl, date(2026, 11, 27), 20, 8)
    berta.writes("/dienst")
    (answer,) = berta.hears("Nach Plan hat jetzt niemand Dienst.")
    assert "Da sind: Berta Beispiel, Karl Klein." in answer.text
    assert (
        "- Freitag, 27. November, 20:00 Uhr bis Samstag, 28. November, 08:00 Uhr: Karl Klein" in answer.text
    )


def test_a_team_is_seen_whole(stage: Stage, berta: Actor, karl: Actor, lea: Actor) -> None:
    stage.participant(berta)
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, berta.id, NOW, wall(25))))
    stage.run(lambda uow: uow.duty.set_week(1, karl.id, {1: (time(8), time(16))}))
    lea.forgets()
    lea.writes("/team")
    (answer,) = lea.hears("Lea Leitung: da")
    lines = answer.text.splitlines()
    assert lines[0].startswith("Berta Beispiel: abwesend von Montag, 23. November bis Dienstag, 24. November")
    assert "begleitet 1 von höchstens 25 Menschen" in lines[1]
    assert "Karl Klein: frei" in lines
    assert lines[-1] == "In den nächsten zwei Wochen ist immer jemand da."


def test_a_team_is_held_against_the_key_of_its_programme(stage: Stage, berta: Actor, lea: Actor) -> None:
    source = shipped_programmes()["gecko"].replace("caseload: 25", "caseload: 15")
    stage.run(lambda uow: install(uow, stage.rules, 1, (source, "gecko"), stage.now))
    stage.participant(berta)
    lea.forgets()
    lea.writes("/team")
    (answer,) = lea.hears("Berta Beispiel: da")
    assert "begleitet 1 von höchstens 15 Menschen" in answer.text


@pytest.mark.parametrize(
    "press",
    [
        f"d:swap:{'9' * 30}:yes",
        f"{staff_appointments.MARK}:{'9' * 30}:yes",
        "d:away:99999999999:99999999999:0",
    ],
)
def test_a_button_that_somebody_made_up_does_nothing(stage: Stage, berta: Actor, press: str) -> None:
    assert berta.does(IncomingKind.PRESS, press=press, message="1").toast
    berta.hears_nothing()
    assert kept(stage, berta) == []


def test_a_span_in_a_rota_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="must end after"):
        Span(NOW, NOW)
