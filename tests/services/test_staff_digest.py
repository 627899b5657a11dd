# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The day at a glance: once a working day, for whoever has anything to hear of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.duty import Absence
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services.manage_staff import change_role
from tests.services.at_desk import is_away
from tests.services.stage import Actor, Stage

WISH = "Können Sie mich bitte anrufen?"
TUESDAY_EARLY = datetime(2026, 11, 24, 6, 59, tzinfo=UTC)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """As everywhere, but the day at a glance comes."""
    built = Stage()
    built.has_digests = True
    yield built
    built.close()


def until_early(stage: Stage) -> None:
    """A minute before the agency opens on Tuesday."""
    stage.pass_time(seconds=(TUESDAY_EARLY - stage.now).total_seconds())


def digests(stage: Stage, actor: Actor) -> list[str]:
    """Of what came since the last look, the digests."""
    found = [body.text for body in stage.ears.pop((actor.channel, actor.address), [])]
    return [text for text in found if "Ihr Tag" in text]


def test_nothing_to_tell_no_message(stage: Stage, berta: Actor) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    stage.pass_time(days=5)
    assert not digests(stage, berta)
    assert not digests(stage, lea)


def test_what_is_open_once_a_working_day(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    berta.presses("Übernehmen")
    berta.presses("Termin in den nächsten Tagen")
    until_early(stage)
    assert not digests(stage, berta)
    stage.pass_time(minutes=1)
    assert digests(stage, berta) == ["**Ihr Tag**\nOffene Meldungen: 1 × R1 (/meldungen)"]
    stage.pass_time(hours=12)
    assert not digests(stage, berta)
    stage.pass_time(days=1)
    assert len(digests(stage, berta)) == 1
    stage.pass_time(days=2)  # Thursday and Friday evening
    digests(stage, berta)
    stage.pass_time(days=2)
    assert not digests(stage, berta)  # nobody works at the weekend


def test_whose_day_begins_later_hears_it_then(stage: Stage, berta: Actor, mia: Actor) -> None:
    afternoons = {day: (time(12), time(16)) for day in range(5)}
    stage.run(lambda uow: uow.duty.set_week(1, berta.id, afternoons))
    mia.writes(WISH)
    until_early(stage)
    stage.pass_time(hours=4)
    assert not digests(stage, berta)
    stage.pass_time(minutes=1)
    assert len(digests(stage, berta)) == 1
    stage.pass_time(hours=12)
    assert not digests(stage, berta)


def test_who_is_away_and_whom_one_stands_in_for(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    lea = stage.staff("Lea Lind", Role.LEAD)
    is_away(stage, berta, stage.now + timedelta(days=4))
    until_early(stage)
    digests(stage, dirk)
    stage.pass_time(minutes=2)
    assert digests(stage, dirk) == ["**Ihr Tag**\nNicht da: Berta Beispiel\nSie vertreten: Berta Beispiel"]
    assert not digests(stage, lea)  # that somebody is still away is no news
    assert not digests(stage, berta)


@pytest.mark.parametrize("change", ["left", "role"])
def test_for_whoever_is_not_in_the_team_nobody_stands_in(stage: Stage, berta: Actor, change: str) -> None:
    dirk = stage.staff("Dirk Dreher")
    absence = Absence(0, 1, berta.id, stage.now, None, dirk.id)
    stage.run(lambda uow: uow.duty.put_absence(absence))
    changes = {"left_at": stage.now} if change == "left" else {"role": Role.EVALUATOR}
    stage.run(lambda uow: uow.people.change_staff(berta.id, **changes))
    until_early(stage)
    stage.pass_time(minutes=2)
    assert not digests(stage, dirk)


def test_it_can_be_switched_off_and_on(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    berta.forgets()
    berta.writes("/tagesblick")
    berta.hears("/tagesblick aus")
    berta.writes("/tagesblick aus")
    berta.hears("Der Tagesblick ist aus.")
    stage.pass_time(days=2)
    assert not digests(stage, berta)
    berta.writes("/tagesblick AN")
    berta.hears("Der Tagesblick ist an.")
    stage.pass_time(days=1)
    assert len(digests(stage, berta)) == 1


def test_whoever_has_left_hears_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    stage.run(lambda uow: uow.people.change_staff(berta.id, left_at=stage.now))
    stage.pass_time(days=2)
    assert not digests(stage, berta)


def test_who_becomes_a_coach_later_has_a_day_at_a_glance_too(stage: Stage, berta: Actor) -> None:
    vera, lea = stage.staff("Vera Vogt", Role.ADMIN), stage.staff("Lea Lind", Role.LEAD)

    def take_role(uow: UnitOfWork, who: Actor, role: Role) -> None:
        person, by = uow.people.staff(who.id), uow.people.staff(lea.id)
        assert person
        assert by
        change_role(uow, stage.rules, person, role, by, stage.now)

    berta.writes("/tagesblick aus")
    stage.run(lambda uow: take_role(uow, vera, Role.COACH))
    stage.run(lambda uow: take_role(uow, berta, Role.LEAD))
    stage.participant(vera).writes(WISH)
    until_early(stage)
    stage.pass_time(minutes=2)
    assert digests(stage, vera) == ["**Ihr Tag**\nOffene Meldungen: 1 × R1 (/meldungen)"]
    assert not digests(stage, berta)  # has switched it off


def test_todays_appointments_with_case_codes(stage: Stage, berta: Actor, mia: Actor) -> None:
    code = stage.run(lambda uow: uow.people.participants(1))[0].case_code
    for day in ("24.11.", "25.11."):
        berta.writes(f"/termin {code} {day}2026 10:30 coach")
        berta.presses("Stimmt so")
    until_early(stage)
    berta.forgets()
    stage.pass_time(minutes=1)
    assert digests(stage, berta) == [f"**Ihr Tag**\nTermine heute: 1 (/termine)\n- 10:30 Uhr · {code}"]


def test_appointments_of_whom_one_stands_in_for_are_seen(stage: Stage, berta: Actor, mia: Actor) -> None:
    dirk, karl = stage.staff("Dirk Dreher", deputy_of=berta.id), stage.staff("Karl Klein")
    code = stage.run(lambda uow: uow.people.participants(1))[0].case_code
    berta.writes(f"/termin {code} 24.11.2026 10:30 coach")
    berta.presses("Stimmt so")
    dirk.writes("/termine")
    dirk.hears("Es ist kein Termin eingetragen.")
    is_away(stage, berta, stage.now + timedelta(days=4))
    dirk.writes("/termine")
    assert code in dirk.hears("10:30 Uhr")[0].text
    karl.writes("/termine")
    karl.hears("Es ist kein Termin eingetragen.")
    until_early(stage)
    digests(stage, dirk)
    stage.pass_time(minutes=1)
    [text] = digests(stage, dirk)
    assert f"Termine heute: 1 (/termine)\n- 10:30 Uhr · {code}" in text
    assert not digests(stage, karl)


def test_appointments_of_a_colleague_who_only_begins_later_are_not_ones_own(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    """What takes place before they begin is."""
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    code = stage.run(lambda uow: uow.people.participants(1))[0].case_code
    for at in ("24.11.2026 09:30", "24.11.2026 14:30", "25.11.2026 14:30"):
        berta.writes(f"/termin {code} {at} coach")
        berta.presses("Stimmt so")
    afternoons = {day: (time(12), time(16)) for day in range(5)}
    stage.run(lambda uow: uow.duty.set_week(1, berta.id, afternoons))
    until_early(stage)
    digests(stage, dirk)
    stage.pass_time(minutes=1)
    assert digests(stage, dirk) == [f"**Ihr Tag**\nTermine heute: 1 (/termine)\n- 09:30 Uhr · {code}"]
    is_away(stage, berta)
    stage.pass_time(days=1)
    assert any(f"- 14:30 Uhr · {code}" in text for text in digests(stage, dirk))
