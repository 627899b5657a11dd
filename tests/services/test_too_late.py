# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A messenger that is away for too long: what is over by then is not said any more, and the coach knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from bot import house
from bot.domain.appointments import AppointmentState
from bot.domain.conversations import ConversationState
from bot.domain.delivery import RetryAfter, SendResult
from bot.domain.messages import Outgoing
from tests.services.stage import Actor, Stage
from tests.services.test_appointments import BERLIN, NO_PLANS, kept, sets, until
from tests.services.test_plans_are_followed import noted

UNSAID = "Meine Nachricht dazu ging nicht rechtzeitig hinaus."
#: One check-in on Wednesdays, which may still begin two hours later.
CHECK_IN = """format: 1
plans:
  hello:
    dialog: weekly_checkin
    weekdays: [wed]
    at: "10:00"
    grace: 2 hours
"""


@pytest.fixture
def plans() -> str:
    """Nothing but appointments is said."""
    return NO_PLANS


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, plans: str) -> Iterator[Stage]:
    """Office hours on a Monday, with these plans only."""
    monkeypatch.setattr(house, "plans_source", lambda: plans)
    built = Stage()
    yield built
    built.close()


@pytest.fixture
def mia(stage: Stage, berta: Actor) -> Actor:
    """A participant of Berta's; nobody has anything left to hear."""
    actor = stage.participant(berta)
    berta.forgets()
    return actor


def away(stage: Stage, wall: str) -> Callable[[Outgoing], SendResult | None]:
    """The participants' messenger does not answer before this moment."""
    back = datetime.strptime(wall, "%d.%m.%Y %H:%M").replace(tzinfo=BERLIN)

    def refuse(message: Outgoing) -> SendResult | None:
        is_away = message.channel == "telegram" and stage.now < back
        return RetryAfter(30, reason="network") if is_away else None

    return refuse


def texts(actor: Actor) -> list[str]:
    return [body.text for body in actor._take()]


@pytest.mark.parametrize("kind", ["amt", "coach", "arzt"])
def test_no_reminder_comes_after_the_begin_and_the_coach_hears_once(
    stage: Stage, berta: Actor, mia: Actor, kind: str
) -> None:
    sets(stage, berta, f"25.11.2026 09:15 {kind}")
    mia.forgets()
    stage.refuse = away(stage, "25.11.2026 10:00")
    until(stage, "25.11.2026 09:14")
    berta.hears_nothing()
    until(stage, "25.11.2026 09:15")
    [told] = berta.hears(UNSAID)
    assert "Termin 1 (Mittwoch, 25. November, 09:15 Uhr)" in told.text
    until(stage, "25.11.2026 11:14")
    mia.hears_nothing()
    # How it was may be asked all the same: she may have gone there.
    until(stage, "25.11.2026 11:15")
    mia.hears("Wie ist es gelaufen?")
    stage.pass_time(days=3)
    berta.hears_nothing()


def test_a_messenger_that_comes_back_in_time_says_it_and_nobody_else_is_told(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    sets(stage, berta, "25.11.2026 09:15 amt")
    mia.forgets()
    stage.refuse = away(stage, "25.11.2026 09:05")
    until(stage, "25.11.2026 09:14")
    mia.hears("Verbindlich ist allein das Schreiben", "Heute ist es so weit.")
    until(stage, "25.11.2026 11:00")
    berta.hears_nothing()


def test_of_an_appointment_that_was_moved_meanwhile_only_the_new_time_is_said(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    sets(stage, berta, "25.11.2026 09:15 amt")
    mia.forgets()
    stage.refuse = away(stage, "25.11.2026 09:40")
    until(stage, "25.11.2026 08:30")
    berta.writes("/verschieben 1 30.11.2026 11:00 behörde")
    berta.presses("Stimmt so")
    berta.forgets()
    until(stage, "25.11.2026 12:00")
    assert not [text for text in texts(mia) if "25. November" in text]
    berta.hears_nothing()


def test_nobody_was_told_of_a_new_appointment_in_time(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = away(stage, "23.11.2026 13:00")
    sets(stage, berta, "heute 11:00 partner")
    until(stage, "23.11.2026 10:59")
    berta.hears_nothing()
    until(stage, "23.11.2026 12:59")
    berta.hears(UNSAID)
    mia.hears_nothing()


def test_that_it_does_not_take_place_is_said_for_an_hour_more(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "23.11.2026 11:00 partner")
    mia.forgets()
    stage.refuse = away(stage, "23.11.2026 12:30")
    until(stage, "23.11.2026 10:50")
    berta.writes("/absagen 1")
    berta.presses("Stimmt so")
    berta.forgets()
    until(stage, "23.11.2026 11:59")
    berta.hears_nothing()
    until(stage, "23.11.2026 14:00")
    berta.hears(UNSAID)
    mia.hears_nothing()
    assert kept(stage).state is AppointmentState.CANCELLED


def test_a_reply_has_no_end(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, "25.11.2026 09:15 partner")
    until(stage, "25.11.2026 09:00")
    mia.forgets()
    stage.refuse = away(stage, "25.11.2026 09:30")
    mia.presses("Ich komme")
    until(stage, "25.11.2026 10:00")
    mia.hears("dann weiß ich Bescheid")


@pytest.mark.parametrize("plans", [CHECK_IN])
class TestCheckIn:
    """What a plan begins, and its grace."""

    def test_a_question_whose_grace_is_over_is_not_asked_and_the_floor_is_free(
        self, stage: Stage, berta: Actor, mia: Actor
    ) -> None:
        stage.refuse = lambda m: RetryAfter(900) if m.channel == "telegram" and stage.now < back else None
        back = datetime(2026, 11, 25, 12, 30, tzinfo=BERLIN)
        until(stage, "25.11.2026 11:30")
        rows = stage.run(lambda uow: uow.talks.under_way(1))
        assert [row.state for row in rows] == [ConversationState.OPEN]
        until(stage, "25.11.2026 18:00")
        assert stage.run(lambda uow: uow.talks.under_way(1)) == []
        mia.hears_nothing()
        berta.hears_nothing()
        assert noted(stage, "dialog_not_begun") == 1
        until(stage, "2.12.2026 10:30")
        assert "Wie geht es Ihnen heute?" in texts(mia)[-1]

    @pytest.mark.parametrize("words", ["7", "gut"])
    def test_who_has_written_meanwhile_goes_on(
        self, stage: Stage, berta: Actor, mia: Actor, words: str
    ) -> None:
        back = datetime(2026, 11, 25, 12, 30, tzinfo=BERLIN)
        stage.refuse = lambda m: RetryAfter(900) if m.channel == "telegram" and stage.now < back else None
        until(stage, "25.11.2026 11:30")
        mia.writes(words)
        until(stage, "25.11.2026 12:29")
        rows = stage.run(lambda uow: uow.talks.under_way(1))
        assert [row.state for row in rows] == [ConversationState.OPEN]
        until(stage, "25.11.2026 12:50")
        assert not texts(mia)[0].startswith("1 von 4\nWie geht es Ihnen heute?")
