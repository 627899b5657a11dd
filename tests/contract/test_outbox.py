# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.delivery import CALL, SendState
from bot.domain.messages import Body, Key, Kind, Outgoing
from bot.domain.people import Address
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World

OTHER = AGENCY + 1


def claim(world: World, now: datetime = NOW, limit: int = 10) -> list[Outgoing]:
    return world.do(lambda uow: uow.outbox.claim("telegram", now, limit, now + MINUTE))


def settle(
    world: World, number: int, state: SendState, said: str = "", again: datetime | None = None
) -> None:
    world.do(lambda uow: uow.outbox.settle([(number, state, said, again)], NOW))


def state_of(world: World, number: int) -> SendState:
    found = world.do(lambda uow: uow.outbox.draft_of(number))
    assert found is not None
    return found[1]


def next_due(world: World, now: datetime = NOW) -> datetime | None:
    return world.do(lambda uow: uow.outbox.next_due("telegram", now))


def test_a_message_comes_out_as_it_went_in(world: World) -> None:
    end: dict[str, object] = {
        "not_after": NOW + HOUR,
        "subject": "appointment:17",
        "needs": ("health_checkins", "health_in_messenger"),
    }
    draft = world.draft(Kind.RELAY, edit="55", staff_id=world.coach, dedup="once", **end)
    world.do(lambda uow: uow.outbox.post([draft], NOW))
    (claimed,) = claim(world)
    assert claimed == Outgoing(
        claimed.id,
        world.address,
        "100",
        "telegram",
        Kind.RELAY,
        draft.body,
        0,
        "55",
        "",
        AGENCY,
        "Europe/Berlin",
        world.participant,
        ("health_checkins", "health_in_messenger"),
        "appointment:17",
    )
    assert world.do(lambda uow: uow.outbox.draft_of(claimed.id)) == (draft, SendState.SENDING)
    assert world.do(lambda uow: uow.outbox.draft_of(999)) is None


@pytest.mark.parametrize(
    "body",
    [
        Body(""),
        Body("a" * 100_000),
        Body("🙂\n\x00<b>&", ((Key("ja", "j"), Key("nein", "n")), (Key("", ""),)), "https://x.example", "da"),
    ],
)
def test_any_body_survives(world: World, body: Body) -> None:
    world.post(body=body)
    assert claim(world)[0].body == body


def test_the_most_urgent_goes_first(world: World) -> None:
    addresses = world.neighbours(4)
    for address, kind in zip(addresses, (Kind.REMINDER, Kind.REPLY, Kind.CRISIS, Kind.REPLY), strict=True):
        world.post(kind, address_id=address, participant_id=None)
    claimed = claim(world, limit=3)
    assert [one.kind for one in claimed] == [Kind.CRISIS, Kind.REPLY, Kind.REPLY]
    assert [one.address_id for one in claimed[1:]] == [addresses[1], addresses[3]]
    assert [one.kind for one in claim(world)] == [Kind.REMINDER]


def test_one_message_at_a_time_for_each_address_and_in_order(world: World) -> None:
    bodies = [Body(str(number)) for number in range(3)]
    world.do(lambda uow: uow.outbox.post([world.draft(body=body) for body in bodies], NOW))
    sent = []
    while claimed := claim(world):
        assert len(claimed) == 1
        assert claim(world) == []
        sent.append(claimed[0].body)
        settle(world, claimed[0].id, SendState.SENT, "9")
    assert sent == bodies


def test_a_crisis_text_waits_for_nothing_but_a_running_send(world: World) -> None:
    world.post(Kind.REPLY)
    (reply,) = claim(world)
    world.post(Kind.REPLY)
    world.post(Kind.CRISIS)
    assert claim(world) == []
    settle(world, reply.id, SendState.QUEUED, "limited", NOW + HOUR)
    assert [one.kind for one in claim(world)] == [Kind.CRISIS]


def test_a_later_message_does_not_overtake_one_that_waits_for_another_attempt(world: World) -> None:
    world.post(body=Body("first"))
    (first,) = claim(world)
    settle(world, first.id, SendState.QUEUED, "limited", NOW + MINUTE)
    world.post(body=Body("second"))
    assert claim(world) == []
    assert next_due(world) == NOW + MINUTE
    (again,) = claim(world, NOW + MINUTE)
    assert (again.body.text, again.attempts) == ("first", 1)


def test_what_is_held_back_holds_nothing_else(world: World) -> None:
    world.post(Kind.REMINDER, body=Body("tomorrow"), not_before=NOW + HOUR)
    world.post(Kind.REMINDER, body=Body("now"))
    assert next_due(world) == NOW
    assert [one.body.text for one in claim(world)] == ["now"]
    world.do(lambda uow: uow.outbox.settle([(2, SendState.SENT, "1", None)], NOW))
    assert next_due(world) == NOW + HOUR
    assert claim(world, NOW + HOUR - MINUTE) == []
    assert [one.body.text for one in claim(world, NOW + HOUR)] == ["tomorrow"]


def test_a_hold_that_is_over_at_once(world: World) -> None:
    world.post(not_before=NOW)
    assert len(claim(world)) == 1


def test_a_lease_that_has_run_out_counts_as_queued(world: World) -> None:
    world.post()
    (first,) = claim(world)
    assert next_due(world) == NOW + MINUTE
    assert claim(world, NOW + MINUTE - MINUTE / 60) == []
    (again,) = claim(world, NOW + MINUTE)
    assert again.id == first.id


def test_a_result_after_the_lease_still_counts_and_a_final_one_stays(world: World) -> None:
    world.post()
    (first,) = claim(world)
    claim(world, NOW + MINUTE)
    settle(world, first.id, SendState.SENT, "77")
    settle(world, first.id, SendState.QUEUED, "limited", NOW)
    assert state_of(world, first.id) is SendState.SENT
    assert claim(world, NOW + HOUR) == []
    assert next_due(world) is None


def test_release_puts_back_what_was_claimed(world: World) -> None:
    world.post()
    (first,) = claim(world)
    assert world.do(lambda uow: uow.outbox.release("web_chat")) == 0
    assert world.do(lambda uow: uow.outbox.release("telegram")) == 1
    assert [one.id for one in claim(world)] == [first.id]


def test_a_second_draft_with_the_same_key_disappears(world: World) -> None:
    for _ in range(2):
        world.do(lambda uow: uow.outbox.post([world.draft(dedup="a"), world.draft(dedup="b")], NOW))
    (first,) = claim(world)
    settle(world, first.id, SendState.SENT, "1")
    world.post(dedup="a")
    assert world.do(lambda uow: uow.outbox.depth()) == {"telegram": 1}


def test_cancelling_spares_kinds_and_others(world: World) -> None:
    neighbour = world.neighbours(1)[0]
    for kind in (Kind.REMINDER, Kind.NOTICE, Kind.CRISIS):
        world.post(kind)
    world.post(Kind.REMINDER, not_before=NOW + HOUR)
    world.post(Kind.REMINDER, address_id=neighbour, participant_id=None)
    assert world.do(lambda uow: uow.outbox.cancel_for(world.participant, [Kind.CRISIS])) == 3
    assert sorted(one.kind for one in claim(world, NOW + 2 * HOUR)) == [Kind.CRISIS, Kind.REMINDER]
    world.post(Kind.REPLY)
    assert world.do(lambda uow: uow.outbox.cancel_for(world.participant, [])) == 1


@pytest.mark.parametrize("way", ["settle", "release", "expire"])
def test_what_is_being_sent_when_it_is_cancelled_gets_no_further_attempt(world: World, way: str) -> None:
    world.post(Kind.REMINDER)
    (sending,) = claim(world)
    world.do(lambda uow: uow.outbox.cancel_for(world.participant, []))
    if way == "settle":
        settle(world, sending.id, SendState.QUEUED, "limited", NOW)
    elif way == "release":
        world.do(lambda uow: uow.outbox.release("telegram"))
    assert claim(world, NOW + HOUR) == []
    assert state_of(world, sending.id) is SendState.CANCELLED


def test_what_was_sent_although_it_was_cancelled_says_so(world: World) -> None:
    world.post(Kind.REMINDER)
    (sending,) = claim(world)
    world.do(lambda uow: uow.outbox.cancel_for(world.participant, []))
    settle(world, sending.id, SendState.SENT, "5")
    assert state_of(world, sending.id) is SendState.SENT


def test_calls_can_be_found_again(world: World) -> None:
    concern = world.do(lambda uow: uow.concerns.add(world.concern()))
    alert = {
        "address_id": world.coach_address,
        "concern_id": concern,
        "staff_id": world.coach,
    }
    world.post(Kind.STAFF_ALERT, subject=CALL, **alert)
    world.post(Kind.STAFF_ALERT, subject=CALL, edit="41", **alert)
    world.post(Kind.STAFF_ALERT, **alert)
    world.post(Kind.STAFF_ALERT, subject=CALL, **alert)
    for message in ("41", "41", "43"):
        (claimed,) = claim(world)
        settle(world, claimed.id, SendState.SENT, message)
    address = Address(world.coach_address, "telegram_staff", "900", staff_id=world.coach)
    assert world.do(lambda uow: uow.outbox.sent_message(concern)) == [(address, "41")]
    assert world.do(lambda uow: uow.outbox.concern_of(world.coach_address, "41")) == concern
    assert world.do(lambda uow: uow.outbox.concern_of(world.coach_address, "42")) is None
    assert world.do(lambda uow: uow.outbox.concern_of(world.address, "41")) is None


def test_the_newest_case_in_a_chat_is_that_of_the_last_message_that_is_there(world: World) -> None:
    def newest() -> int | None:
        return world.do(lambda uow: uow.outbox.newest_case(world.coach_address))

    def post(concern: int | None, edit: str = "") -> None:
        where = {"address_id": world.coach_address, "staff_id": world.coach}
        world.post(Kind.STAFF_ALERT, concern_id=concern, edit=edit, **where)

    first, second = (world.do(lambda uow: uow.concerns.add(world.concern())) for _ in range(2))
    assert newest() is None
    post(first)
    assert newest() is None  # not on its way yet
    (claimed,) = claim(world)
    assert newest() == first
    settle(world, claimed.id, SendState.SENT, "41")
    assert newest() == first
    for concern, edit in ((second, "41"), (None, "")):
        post(concern, edit)
        (claimed,) = claim(world)
        settle(world, claimed.id, SendState.SENT, "42")
        assert newest() == first
    post(second)
    (claimed,) = claim(world)
    settle(world, claimed.id, SendState.FAILED, "blocked")
    assert newest() == first
    post(second)
    (claimed,) = claim(world)
    settle(world, claimed.id, SendState.SENT, "43")
    assert newest() == second
    assert world.do(lambda uow: uow.outbox.newest_case(world.address)) is None


def test_settling_many_and_none(world: World) -> None:
    addresses = world.neighbours(3)
    for address in addresses:
        world.post(address_id=address)
    claimed = claim(world)
    states = [SendState.SENT, SendState.FAILED, SendState.QUEUED]
    results = [(one.id, state, "1", None) for one, state in zip(claimed, states, strict=True)]
    world.do(lambda uow: uow.outbox.settle(results, NOW))
    world.do(lambda uow: uow.outbox.settle([], NOW))
    assert [state_of(world, one.id) for one in claimed] == states
    assert world.do(lambda uow: uow.outbox.depth()) == {"telegram": 1}


def fill_two_agencies(world: World, many: int, few: int) -> None:
    """The first agency posts many, then the second a few, each to an address of its own."""
    world.do(lambda uow: uow.ledger.ensure_agency(OTHER, "Andere Agentur", NOW))
    addresses = world.neighbours(many + few)
    for agency, part in ((AGENCY, addresses[:many]), (OTHER, addresses[many:])):
        drafts = [world.draft(Kind.REMINDER, agency_id=agency, address_id=one) for one in part]
        world.do(lambda uow, drafts=drafts: uow.outbox.post(drafts, NOW))  # type: ignore[misc]


def test_agencies_get_equal_shares_of_what_is_equally_urgent(world: World) -> None:
    fill_two_agencies(world, 30, 6)
    shares = [Counter(one.agency_id for one in claim(world, limit=4)) for _ in range(4)]
    assert shares == [{AGENCY: 2, OTHER: 2}] * 3 + [{AGENCY: 4}]


def test_a_share_that_does_not_come_out_even_goes_round(world: World) -> None:
    fill_two_agencies(world, 10, 10)
    served = []
    after = 0
    for _ in range(6):
        (one,) = world.do(
            lambda uow, after=after: uow.outbox.claim(  # type: ignore[misc]
                "telegram", NOW, 1, NOW + MINUTE, after_agency=after
            )
        )
        served.append(after := one.agency_id)
    assert served == [AGENCY, OTHER] * 3


def test_what_is_more_urgent_goes_first_whoever_waits(world: World) -> None:
    fill_two_agencies(world, 10, 0)
    world.post(Kind.REPLY, agency_id=OTHER)
    assert [one.agency_id for one in claim(world, limit=3)] == [OTHER, AGENCY, AGENCY]


def test_the_urgent_reserve_is_for_urgent_ones_only(world: World) -> None:
    fill_two_agencies(world, 10, 10)
    crisis, alert, *_ = world.neighbours(2)
    world.post(Kind.CRISIS, address_id=crisis)
    world.post(Kind.STAFF_ALERT, address_id=alert, agency_id=OTHER)

    def take(limit: int, urgent: int) -> list[Kind]:
        claimed = world.do(lambda uow: uow.outbox.claim("telegram", NOW, limit, NOW + MINUTE, urgent=urgent))
        return [one.kind for one in claimed]

    assert take(0, 1) == [Kind.CRISIS]
    assert take(0, 9) == [Kind.STAFF_ALERT]
    assert take(0, 9) == []
    assert take(2, 9) == [Kind.REMINDER] * 2


def test_urgent_ones_take_room_from_the_others_and_not_the_other_way_round(world: World) -> None:
    fill_two_agencies(world, 10, 0)
    for address in world.neighbours(3):
        world.post(Kind.CRISIS, address_id=address)
    kinds = [
        one.kind for one in world.do(lambda uow: uow.outbox.claim("telegram", NOW, 4, NOW + MINUTE, urgent=2))
    ]
    assert kinds == [Kind.CRISIS] * 3 + [Kind.REMINDER]


def test_after_an_outage_holds_end_in_portions_and_urgent_ones_all_at_once(world: World) -> None:
    addresses = world.neighbours(700)
    drafts = [world.draft(Kind.REMINDER, address_id=one, not_before=NOW) for one in addresses[:-1]]
    late = world.draft(Kind.CRISIS, address_id=addresses[-1], not_before=NOW + MINUTE)
    world.do(lambda uow: uow.outbox.post([*drafts, late], NOW - HOUR))
    then = NOW + 2 * MINUTE
    (urgent,) = world.do(lambda uow: uow.outbox.claim("telegram", then, 0, then + HOUR, urgent=5))
    assert urgent.kind is Kind.CRISIS
    assert next_due(world, then) == then
    seen = 0
    while claimed := claim(world, then, limit=400):
        seen += len(claimed)
    assert seen == 699


def test_a_limit_is_no_attempt_but_keeps_the_place(world: World) -> None:
    world.post(body=Body("first"))
    for said, attempts in (("limited", 0), ("limited", 1), ("quiet", 1), ("network", 1), ("limited", 2)):
        (first,) = claim(world)
        assert first.attempts == attempts
        settle(world, first.id, SendState.QUEUED, said, NOW)
    world.post(body=Body("second"))
    assert [one.body.text for one in claim(world)] == ["first"]


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("body = :value", b"broken"),
        ("kind = :value", "of tomorrow"),
        ("reason = '', body = :value", b""),
        # What was put in by hand; SQLite takes whatever is given.
        ("body = :value", '{"text": "Hallo"}'),
    ],
)
def test_a_message_that_cannot_be_read_is_given_up_and_holds_up_no_other(
    world: World, change: str, value: object
) -> None:
    others = world.neighbours(3)
    for where in (world.address, *others):
        world.post(address_id=where)
    first = world.do(lambda uow: uow.outbox.claim("telegram", NOW, 1, NOW + HOUR))[0]

    def spoil(uow: Any) -> None:
        uow.connection.execute(
            text(f"UPDATE outgoing SET {change} WHERE address_id = :at"), {"value": value, "at": others[0]}
        )

    world.do(spoil)
    claimed = claim(world)
    assert [message.address_id for message in (first, *claimed)] == [world.address, others[1], others[2]]
    state = world.do(lambda uow: _states(uow, others[0]))
    assert state == [("failed", "unreadable")]
    assert next_due(world) == NOW + MINUTE


def _states(uow: Any, address_id: int) -> list[tuple[str, str]]:
    found = uow.connection.execute(
        text("SELECT state, reason FROM outgoing WHERE address_id = :at"), {"at": address_id}
    )
    return [tuple(row) for row in found]


def test_what_waits_for_an_address_can_be_given_up(world: World) -> None:
    neighbour = world.neighbours(1)[0]
    world.post(body=Body("being sent"))
    claim(world)
    world.post(Kind.REMINDER, body=Body("tomorrow"), not_before=NOW + HOUR, dedup="once")
    world.post(Kind.REPLY, body=Body("now"))
    world.post(address_id=neighbour)
    lost = world.do(lambda uow: uow.outbox.fail_for(world.address, "blocked", NOW))
    assert [(number, draft.body.text, draft.not_before) for number, draft in lost] == [
        (3, "now", None),
        (2, "tomorrow", NOW + HOUR),
    ]
    assert [state_of(world, number) for number in (1, 2, 3, 4)] == [
        SendState.SENDING,
        SendState.FAILED,
        SendState.FAILED,
        SendState.QUEUED,
    ]
    assert world.do(lambda uow: uow.outbox.fail_for(world.address, "blocked", NOW)) == []
    assert [one.address_id for one in claim(world, NOW + HOUR)] == [world.address, neighbour]


def test_it_is_known_where_the_same_was_said_at_the_same_time(world: World) -> None:
    console = world.do(lambda uow: uow.people.add_address(AGENCY, "console", "c", staff_id=world.coach))
    alert = {"staff_id": world.coach, "channel": "telegram_staff", "participant_id": None}
    drafts = [
        world.draft(Kind.STAFF_NOTICE, address_id=one, **alert) for one in (world.coach_address, console)
    ]
    world.do(lambda uow: uow.outbox.post(drafts, NOW))
    world.post(Kind.STAFF_NOTICE, NOW + MINUTE, address_id=console, **alert)
    both = {world.coach_address, console}
    found = [world.do(lambda uow, n=n: uow.outbox.posted_with(n)) for n in (1, 2, 3, 99)]  # type: ignore[misc]
    assert found == [both, both, {console}, set()]


def test_it_is_known_whether_a_call_arrived_elsewhere_or_may(world: World) -> None:
    console = world.do(lambda uow: uow.people.add_address(AGENCY, "console", "c", staff_id=world.coach))
    hers, other = (world.do(lambda uow: uow.concerns.add(world.concern())) for _ in range(2))

    def calls(concern: int, *addresses: int) -> None:
        alert = {"staff_id": world.coach, "channel": "telegram_staff", "participant_id": None}
        drafts = [
            world.draft(Kind.STAFF_ALERT, address_id=one, concern_id=concern, **alert) for one in addresses
        ]
        world.do(lambda uow: uow.outbox.post(drafts, NOW))

    def elsewhere(number: int) -> bool:
        return world.do(lambda uow: uow.outbox.is_called_elsewhere(number))

    calls(hers, world.coach_address, console)
    calls(other, world.coach_address)
    assert [elsewhere(number) for number in (1, 2, 3, 99)] == [True, True, False, False]
    world.do(lambda uow: uow.outbox.claim("telegram_staff", NOW, 10, NOW + MINUTE))
    settle(world, 1, SendState.FAILED)
    assert elsewhere(1)
    settle(world, 2, SendState.SENT, "m2")
    assert (elsewhere(1), elsewhere(2)) == (True, False)


def test_what_was_said_in_two_places_is_lost_only_once_it_has_come_to_neither(world: World) -> None:
    console = world.do(lambda uow: uow.people.add_address(AGENCY, "console", "c", staff_id=world.coach))
    alert = {"staff_id": world.coach, "channel": "telegram_staff", "participant_id": None}
    drafts = [
        world.draft(Kind.STAFF_NOTICE, address_id=one, **alert) for one in (world.coach_address, console)
    ]
    world.do(lambda uow: uow.outbox.post(drafts, NOW))
    assert world.do(lambda uow: uow.outbox.waiting_for(console)) == [(2, drafts[1])]
    for number, is_lost in ((1, False), (2, True)):
        settle(world, number, SendState.FAILED, "refused")
        assert world.do(lambda uow: uow.outbox.is_lost(1)) is is_lost
    assert world.do(lambda uow: uow.outbox.waiting_for(console)) == []


def expire(world: World, now: datetime, limit: int = 10) -> list[str]:
    lost = world.do(lambda uow: uow.outbox.expire("telegram", now, limit))
    return [draft.subject for _, draft in lost]


def test_what_is_past_its_end_is_not_sent_and_said_once(world: World) -> None:
    world.post(body=Body("too late"), not_after=NOW + HOUR, subject="appointment:17")
    world.post(body=Body("endless"))
    assert expire(world, NOW + HOUR - MINUTE) == []
    assert next_due(world, NOW + HOUR) == NOW + HOUR
    assert expire(world, NOW + HOUR) == ["appointment:17"]
    assert state_of(world, 1) is SendState.CANCELLED
    assert expire(world, NOW + HOUR) == []
    assert [one.body.text for one in claim(world, NOW + HOUR)] == ["endless"]


def test_a_claim_leaves_what_is_past_its_end(world: World) -> None:
    world.post(not_after=NOW + MINUTE)
    assert claim(world, NOW + MINUTE) == []
    assert next_due(world, NOW + HOUR) == NOW + MINUTE
    assert len(claim(world, NOW)) == 1


def test_neither_a_hold_nor_another_attempt_outlives_the_end(world: World) -> None:
    first, held = world.neighbours(2)
    world.post(address_id=first, not_after=NOW + 2 * MINUTE, subject="tried")
    world.post(address_id=held, not_before=NOW + HOUR, not_after=NOW + 3 * MINUTE, subject="held")
    (tried,) = claim(world)
    settle(world, tried.id, SendState.QUEUED, "network", NOW + HOUR)
    assert next_due(world) == NOW + 2 * MINUTE
    assert expire(world, NOW + 2 * MINUTE) == ["tried"]
    assert next_due(world) == NOW + 3 * MINUTE
    assert expire(world, NOW + HOUR) == ["held"]
    assert claim(world, NOW + 2 * HOUR) == []
    assert next_due(world, NOW + 2 * HOUR) is None


def test_what_is_being_sent_at_its_end_ends_only_when_it_comes_back(world: World) -> None:
    world.post(not_after=NOW + MINUTE / 2, subject="flying")
    (flying,) = claim(world)
    assert expire(world, NOW + MINUTE / 2) == []
    settle(world, flying.id, SendState.SENT, "5")
    assert expire(world, NOW + HOUR) == []
    world.post(not_after=NOW + MINUTE / 2, subject="back again")
    (back,) = claim(world)
    settle(world, back.id, SendState.QUEUED, "network", NOW + MINUTE)
    assert expire(world, NOW + MINUTE) == ["back again"]


def test_ends_come_in_portions_the_oldest_first_and_only_of_the_channel(world: World) -> None:
    for minutes in (3, 1, 2):
        world.post(not_after=NOW + minutes * MINUTE, subject=str(minutes))
    world.post(channel="web_chat", not_after=NOW, subject="page")
    assert expire(world, NOW + HOUR, 2) == ["1", "2"]
    assert expire(world, NOW + HOUR, 2) == ["3"]
    assert world.do(lambda uow: uow.outbox.depth()) == {"web_chat": 1}


def test_depth_counts_by_channel(world: World) -> None:
    assert world.do(lambda uow: uow.outbox.depth()) == {}
    world.post()
    world.post()
    claim(world)
    world.do(lambda uow: uow.people.add_address(AGENCY, "web_chat", "w", participant_id=world.participant))
    world.post(channel="web_chat")
    assert world.do(lambda uow: uow.outbox.depth()) == {"telegram": 2, "web_chat": 1}


async def test_two_claimers_never_get_the_same_message_or_address(world: World) -> None:
    addresses = world.neighbours(10)
    drafts = [world.draft(address_id=address) for address in addresses for _ in range(5)]
    world.do(lambda uow: uow.outbox.post(drafts, NOW))

    taken: list[int] = []
    flying: set[int] = set()

    def take(uow: UnitOfWork) -> list[Outgoing]:
        return uow.outbox.claim("telegram", NOW, 4, NOW + MINUTE)

    async def claimer() -> None:
        while len(taken) < len(drafts):
            for one in await world.storage.run(take):
                assert one.address_id not in flying
                flying.add(one.address_id)
                taken.append(one.id)
            for address in list(flying):
                flying.discard(address)
            done = [(number, SendState.SENT, "1", None) for number in taken]
            await world.storage.run(lambda uow, done=done: uow.outbox.settle(done, NOW))  # type: ignore[misc]

    await asyncio.gather(claimer(), claimer(), claimer())
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 50


async def test_simultaneous_claims_share_the_rows(world: World) -> None:
    addresses = world.neighbours(40)
    world.do(lambda uow: uow.outbox.post([world.draft(address_id=one) for one in addresses * 2], NOW))

    def take(uow: UnitOfWork) -> list[Outgoing]:
        return uow.outbox.claim("telegram", NOW, 7, NOW + MINUTE)

    claimed = [
        one for part in await asyncio.gather(*(world.storage.run(take) for _ in range(8))) for one in part
    ]
    assert len(claimed) == 40
    assert len({one.id for one in claimed}) == 40
    assert {one.address_id for one in claimed} == set(addresses)


def test_what_needs_a_consent_that_was_taken_back_is_cancelled(world: World) -> None:
    needs: list[tuple[str, ...]] = [(), ("health_checkins",), ("health_in_messenger",), ("health",)]
    drafts = [world.draft(Kind.REPLY, needs=one) for one in needs]
    world.do(lambda uow: uow.outbox.post(drafts, NOW))
    assert world.do(lambda uow: uow.outbox.cancel_needing(world.participant, "health_checkins")) == 1
    assert world.do(lambda uow: uow.outbox.cancel_needing(world.participant, "health_checkins")) == 0
    assert [state_of(world, number) for number in (1, 2, 3, 4)] == [
        SendState.QUEUED,
        SendState.CANCELLED,
        SendState.QUEUED,
        SendState.QUEUED,
    ]


def test_what_is_being_sent_and_is_not_agreed_to_any_more_gets_no_second_attempt(world: World) -> None:
    world.do(lambda uow: uow.outbox.post([world.draft(Kind.REMINDER, needs=("health_checkins",))], NOW))
    (claimed,) = claim(world)
    assert world.do(lambda uow: uow.outbox.cancel_needing(world.participant, "health_checkins")) == 0
    again = [(claimed.id, SendState.QUEUED, "limited", NOW)]
    world.do(lambda uow: uow.outbox.settle(again, NOW))
    assert state_of(world, claimed.id) is SendState.CANCELLED


def test_calls_for_what_somebody_has_now_are_cancelled_and_nothing_else(world: World) -> None:
    number = world.do(lambda uow: uow.concerns.add(world.concern()))
    kinds = [(Kind.STAFF_ALERT, "call"), (Kind.STAFF_ALERT, ""), (Kind.REPLY, "call")]
    drafts = [world.draft(kind, concern_id=number, subject=subject) for kind, subject in kinds]
    world.do(lambda uow: uow.outbox.post(drafts, NOW))
    assert world.do(lambda uow: uow.outbox.cancel_calls(number + 1)) == 0
    assert world.do(lambda uow: uow.outbox.cancel_calls(number)) == 1
    assert [state_of(world, one) for one in (1, 2, 3)] == [
        SendState.CANCELLED,
        SendState.QUEUED,
        SendState.QUEUED,
    ]


def test_what_waits_for_an_address_is_cancelled_and_for_no_other(world: World) -> None:
    here = world.draft(Kind.STAFF_NOTICE)
    there = world.draft(Kind.STAFF_NOTICE, address_id=world.coach_address)
    world.do(lambda uow: uow.outbox.post([here, here, there], NOW))
    claimed = claim(world)
    assert world.do(lambda uow: uow.outbox.cancel_to(here.address_id)) == 1
    for one in claimed:
        settle(world, one.id, SendState.QUEUED, "limited", NOW)
    assert [state_of(world, one) for one in (1, 2, 3)] == [
        SendState.CANCELLED,
        SendState.CANCELLED,
        SendState.QUEUED,
    ]


def test_a_call_that_is_being_sent_gets_no_second_attempt(world: World) -> None:
    number = world.do(lambda uow: uow.concerns.add(world.concern()))
    call = world.draft(Kind.STAFF_ALERT, concern_id=number, subject="call")
    world.do(lambda uow: uow.outbox.post([call], NOW))
    (claimed,) = claim(world)
    assert world.do(lambda uow: uow.outbox.cancel_calls(number)) == 0
    settle(world, claimed.id, SendState.QUEUED, "limited", NOW)
    assert state_of(world, claimed.id) is SendState.CANCELLED
