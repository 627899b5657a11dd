# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promise P3: what could not be delivered goes elsewhere, once, and a human learns, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, SendResult, SendState
from bot.domain.messages import Body, Draft, IncomingKind, Kind, Outgoing
from bot.domain.people import AddressState, Role
from bot.services.absences import leave_team
from bot.services.deliver import MAX_ATTEMPTS, quiet_until
from tests.services.stage import Actor, Stage

BLOCKED = Permanent("blocked", address_dead=True)


def address_of(stage: Stage, actor: Actor) -> int:
    if not actor.id:
        contact = stage.run(lambda uow: uow.people.find_contact(actor.channel, actor.address))
        assert contact is not None
        return contact.address.id
    found = stage.run(lambda uow: uow.people.find_staff(actor.channel, actor.address))
    assert found is not None
    return found[1].id


def draft(stage: Stage, actor: Actor, kind: Kind = Kind.NOTICE, **changes: object) -> Draft:
    """A message to somebody."""
    values: dict[str, object] = {
        "agency_id": 1,
        "address_id": address_of(stage, actor),
        "channel": actor.channel,
        "kind": kind,
        "body": Body("Etwas Erfundenes"),
    }
    values["staff_id" if actor.id else "participant_id"] = actor.id or 1
    return Draft(**(values | changes))  # type: ignore[arg-type]


def post(stage: Stage, *drafts: Draft) -> None:
    stage.run(lambda uow: uow.outbox.post(drafts, stage.now))


def page_of(stage: Stage, name: str = "browser", channel: str = "web_chat") -> Actor:
    """Another way to reach Mia."""
    stage.run(lambda uow: uow.people.add_address(1, channel, name, participant_id=1))
    return Actor(stage, channel, name, 0)


def dead(actor: Actor, tried: list[Outgoing]) -> object:
    """A messenger that says that this account is gone, and notes what was tried."""

    def answer(message: Outgoing) -> SendResult | None:
        if (message.channel, message.address) != (actor.channel, actor.address):
            return None
        tried.append(message)
        return BLOCKED

    return answer


def refused(actor: Actor, tried: list[Outgoing]) -> object:
    """A mail server that refuses each message there and keeps the address, and notes what was tried."""

    def answer(message: Outgoing) -> SendResult | None:
        if (message.channel, message.address) != (actor.channel, actor.address):
            return None
        tried.append(message)
        assert len(tried) < 100, "it calls without end"
        return Permanent("mailbox_full")

    return answer


def test_who_has_blocked_the_bot_is_not_written_to_again_and_the_coach_hears_once(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    page = page_of(stage)
    tried: list[Outgoing] = []
    stage.refuse = dead(mia, tried)  # type: ignore[assignment]
    texts = [f"Nummer {number}" for number in range(5)]
    post(stage, *(draft(stage, mia, body=Body(text), dedup=text) for text in texts))
    stage.deliver()
    assert [one.body.text for one in tried] == ["Nummer 0"]
    page.hears(*texts)
    berta.hears("Meldung R1")
    (concern,) = stage.concerns()
    assert (concern.source, concern.reason) == ("delivery", "not_delivered")


def test_a_second_failure_of_the_same_kind_calls_nobody_twice(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: Permanent("bad_request") if m.address == mia.address else None
    for _ in range(3):
        post(stage, draft(stage, mia))
        stage.deliver()
    berta.hears("Meldung R1")
    assert len(stage.concerns()) == 1


def test_what_is_held_until_morning_is_held_elsewhere_too(stage: Stage, berta: Actor, mia: Actor) -> None:
    page = page_of(stage)
    stage.refuse = dead(mia, [])  # type: ignore[assignment]
    later = stage.now + timedelta(hours=3)
    post(stage, draft(stage, mia, Kind.REMINDER, body=Body("morgen"), not_before=later))
    post(stage, draft(stage, mia, body=Body("jetzt")))
    stage.deliver()
    page.hears("jetzt")
    stage.pass_time(hours=2, minutes=59)
    page.hears_nothing()
    stage.pass_time(minutes=1)
    page.hears("morgen")


def test_nothing_goes_to_a_channel_that_may_carry_less(stage: Stage, berta: Actor, mia: Actor) -> None:
    page = page_of(stage)
    stage.refuse = lambda m: Permanent("gone") if m.channel == "web_chat" else None
    mia.forgets()
    post(stage, draft(stage, page), draft(stage, page, Kind.CRISIS, body=Body("Hilfe")))
    stage.deliver()
    # The page carries health, the messenger does not: only the numbers that help go there.
    mia.hears("Hilfe")
    berta.hears("Meldung R1")


def test_a_limit_costs_no_attempt(stage: Stage, berta: Actor, mia: Actor) -> None:
    answers: list[SendResult] = [*[RetryAfter(60)] * (2 * MAX_ATTEMPTS), RetryAfter(1, reason="network")]
    stage.refuse = lambda m: answers.pop(0) if answers and m.address == mia.address else None
    mia.writes("danke")
    stage.pass_time(hours=2)
    mia.hears("Gern.")
    assert stage.concerns() == []


def test_an_address_that_never_stops_moving_is_given_up(stage: Stage, berta: Actor, mia: Actor) -> None:
    moves = iter(range(1000))
    stage.refuse = lambda m: AddressChanged(f"elsewhere {next(moves)}") if m.channel == "telegram" else None
    post(stage, draft(stage, mia))
    stage.deliver()
    assert next(moves) == MAX_ATTEMPTS
    berta.hears("Meldung R1")


def test_an_address_that_has_changed_is_followed(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: AddressChanged("-100") if m.address == mia.address else None
    post(stage, draft(stage, mia))
    stage.deliver()
    Actor(stage, "telegram", "-100", 0).hears("Etwas Erfundenes")


class TestStaff:
    """A coach's own messenger is gone."""

    @pytest.fixture
    def lead(self, stage: Stage) -> Actor:
        return stage.staff("Lena Leitung", Role.LEAD)

    def test_the_lead_learns_it_once(self, stage: Stage, lead: Actor, berta: Actor, mia: Actor) -> None:
        tried: list[Outgoing] = []
        stage.refuse = dead(berta, tried)  # type: ignore[assignment]
        post(stage, *(draft(stage, berta, Kind.STAFF_NOTICE) for _ in range(3)))
        stage.deliver()
        assert len(tried) == 1
        lead.hears("Im Messenger kommt bei Berta Beispiel nichts mehr an")
        found = stage.run(lambda uow: uow.people.find_staff(berta.channel, berta.address))
        assert found is None or found[1].state is AddressState.CLOSED
        post(stage, draft(stage, lead, Kind.STAFF_NOTICE, body=Body("weiter")))
        stage.deliver()
        lead.hears("weiter")

    def test_where_every_call_is_refused_the_ladder_stands_still_and_the_person_knows(
        self, stage: Stage, berta: Actor, mia: Actor
    ) -> None:
        tried: list[Outgoing] = []
        stage.refuse = refused(berta, tried)  # type: ignore[assignment]
        mia.writes("Ich will nicht mehr leben")
        rungs = len(tried)
        assert rungs < 10
        mia.hears("Wenn Sie in Gefahr sind", "**Im Moment kann ich hier niemanden erreichen.**")
        assert stage.concerns()[0].uncovered
        stage.pass_time(hours=2)
        assert rungs < len(tried) < 50
        mia.hears("Es hat sich noch niemand gemeldet")

    def test_a_way_that_refuses_makes_no_noise_on_the_others(
        self, stage: Stage, lead: Actor, berta: Actor, mia: Actor
    ) -> None:
        stage.run(lambda uow: uow.people.add_address(1, "telegram_staff", "second", staff_id=berta.id))
        tried: list[Outgoing] = []
        stage.refuse = refused(berta, tried)  # type: ignore[assignment]
        mia.writes("Mir geht es sehr schlecht, ich halte das nicht mehr aus")
        Actor(stage, "telegram_staff", "second", berta.id).hears("Meldung R2")
        assert len(tried) == 1
        lead.hears_nothing()
        assert not stage.concerns()[0].uncovered

    def test_two_ways_that_refuse_do_not_play_ball_with_a_message(
        self, stage: Stage, berta: Actor, mia: Actor
    ) -> None:
        stage.run(lambda uow: uow.people.add_address(1, "telegram_staff", "second", staff_id=berta.id))
        tried: list[str] = []

        def refuses(message: Outgoing) -> SendResult:
            tried.append(message.address)
            assert len(tried) < 10, "it goes to and fro without end"
            return Permanent("refused")

        stage.refuse = refuses  # type: ignore[assignment]
        post(stage, draft(stage, berta, Kind.STAFF_NOTICE))
        stage.deliver()
        assert tried == [berta.address, "second"]

    def test_the_lead_learns_it_when_she_blocks_the_bot_before_anything_is_sent(
        self, stage: Stage, lead: Actor, berta: Actor, mia: Actor
    ) -> None:
        for _ in range(2):
            berta.does(IncomingKind.BLOCKED)
        lead.hears("Im Messenger kommt bei Berta Beispiel nichts mehr an")

    def test_of_two_telephones_one_is_left_and_that_is_what_the_lead_hears(
        self, stage: Stage, lead: Actor, berta: Actor, mia: Actor
    ) -> None:
        stage.run(lambda uow: uow.people.add_address(1, "telegram_staff", "second", staff_id=berta.id))
        berta.does(IncomingKind.BLOCKED)
        lead.hears("Einer der Messenger-Zugänge von Berta Beispiel ist zu. Ein anderer ist noch offen.")
        mia.writes("Ich will nicht mehr leben")
        Actor(stage, "telegram_staff", "second", berta.id).hears("Meldung R3")

    def test_an_admin_learns_it_where_the_lead_has_left(
        self, stage: Stage, lead: Actor, berta: Actor
    ) -> None:
        admin = stage.staff("Ada Amt", Role.ADMIN)
        stage.run(lambda uow: leave_team(uow, lead.id, stage.now))
        berta.does(IncomingKind.BLOCKED)
        admin.hears("Im Messenger kommt bei Berta Beispiel nichts mehr an")
        lead.hears_nothing()

    def test_what_waited_when_she_blocked_the_bot_climbs_at_once(
        self, stage: Stage, lead: Actor, berta: Actor, mia: Actor
    ) -> None:
        stage.refuse = lambda m: RetryAfter(60, reason="network") if m.address == berta.address else None
        mia.writes("Ich will nicht mehr leben")
        lead.hears_nothing()
        berta.does(IncomingKind.BLOCKED)
        lead.hears("Meldung R3", "Im Messenger kommt bei Berta Beispiel nichts mehr an")

    def test_whoever_writes_is_called_again(self, stage: Stage, berta: Actor, mia: Actor) -> None:
        stage.refuse = dead(berta, [])  # type: ignore[assignment]
        post(stage, draft(stage, berta, Kind.STAFF_NOTICE))
        stage.deliver()
        stage.refuse = lambda _: None
        berta.starts()
        berta.hears("Sie sind angemeldet. Meldungen kommen hierher.")
        mia.writes("Ich will nicht mehr leben")
        berta.hears("Meldung R3")

    def test_her_next_channel_gets_what_went_nowhere_else(
        self, stage: Stage, lead: Actor, berta: Actor
    ) -> None:
        stage.run(lambda uow: uow.people.add_address(1, "console", "browser", staff_id=berta.id))
        console = Actor(stage, "console", "browser", berta.id)
        stage.refuse = dead(berta, [])  # type: ignore[assignment]
        only = draft(stage, berta, Kind.STAFF_NOTICE, body=Body("nur hier"))
        both = draft(stage, berta, Kind.STAFF_NOTICE, body=Body("überall"))
        post(stage, only)
        stage.now += timedelta(seconds=1)
        post(stage, both, draft(stage, console, Kind.STAFF_NOTICE, body=Body("überall")))
        stage.deliver()
        assert sorted(body.text for body in console.hears(*[""] * 2)) == ["nur hier", "überall"]

    def test_an_alert_climbs_at_once(self, stage: Stage, lead: Actor, berta: Actor, mia: Actor) -> None:
        stage.refuse = dead(berta, [])  # type: ignore[assignment]
        mia.writes("Ich will nicht mehr leben")
        heard = {body.text.split(" · ")[0] for body in lead.hears("", "")}
        assert "Meldung R3" in heard

    def test_without_a_lead_it_is_in_the_audit_log(self, stage: Stage, berta: Actor) -> None:
        stage.refuse = dead(berta, [])  # type: ignore[assignment]
        post(stage, draft(stage, berta, Kind.STAFF_NOTICE))
        stage.deliver()
        assert _state(stage, 1) is not None


def _state(stage: Stage, number: int) -> SendState | None:
    found = stage.run(partial(lambda uow, n: uow.outbox.draft_of(n), n=number))
    return found[1] if found else None


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "zone", "at", "until"),
    [
        (Kind.REMINDER, "Europe/Berlin", (21, 30), (8, 0)),
        (Kind.NOTICE, "Europe/Berlin", (3, 0), (8, 0)),
        (Kind.REMINDER, "Europe/Berlin", (12, 0), None),
        (Kind.REPLY, "Europe/Berlin", (3, 0), None),
        (Kind.CRISIS, "Europe/Berlin", (3, 0), None),
        (Kind.RELAY, "Europe/Berlin", (3, 0), None),
        (Kind.STAFF_NOTICE, "", (3, 0), None),
    ],
)
def test_at_night_what_can_wait_waits(
    stage: Stage, kind: Kind, zone: str, at: tuple[int, int], until: tuple[int, int] | None
) -> None:
    now = datetime(2026, 10, 24, *at, tzinfo=BERLIN).astimezone(UTC)
    message = Outgoing(1, 1, "mia", "telegram", kind, Body(""), zone=zone)
    found = quiet_until(stage.rules, message, now)
    wall = found.astimezone(BERLIN) if found else None
    assert (wall and (wall.hour, wall.minute)) == until
