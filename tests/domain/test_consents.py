# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What holds now, over any order of agreements and withdrawals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import ConsentRecord, Given, Purpose, holding, standing, to_ask_again

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHECKINS = Purpose.HEALTH_CHECKINS.value


def yes(purpose: str = CHECKINS, **more: object) -> Given:
    return Given(purpose, True, NOW - DAY, **more)  # type: ignore[arg-type]


def withdrawn(purpose: str = CHECKINS, **more: object) -> Given:
    return Given(purpose, False, NOW - DAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "meanings", "holds", "again"),
    [
        ([], {}, {}, {}),
        ([yes()], {}, {CHECKINS: True}, {}),
        ([yes(), withdrawn()], {}, {}, {}),
        ([yes(), withdrawn(), yes()], {}, {CHECKINS: True}, {}),
        ([withdrawn()], {CHECKINS: 2}, {}, {}),
        ([yes("contact"), yes(), withdrawn()], {}, {"contact": True}, {}),
        ([yes()], {CHECKINS: 2}, {CHECKINS: False}, {CHECKINS: 2}),
        ([yes(), yes(meaning=2)], {CHECKINS: 2}, {CHECKINS: True}, {}),
        ([yes(meaning=3)], {CHECKINS: 2}, {CHECKINS: True}, {}),
        ([yes()], {"contact": 2}, {CHECKINS: True}, {}),
        ([yes(valid_until=NOW + DAY)], {}, {CHECKINS: True}, {}),
        ([yes(valid_until=NOW)], {}, {CHECKINS: False}, {}),
        ([yes(valid_until=NOW)], {CHECKINS: 2}, {CHECKINS: False}, {}),
        (
            [yes("sharing", object="A"), yes("sharing", object="B")],
            {},
            {"sharing:A": True, "sharing:B": True},
            {},
        ),
        (
            [yes("sharing", object="A"), yes("sharing", object="B"), withdrawn("sharing", object="A")],
            {"sharing": 2},
            {"sharing:B": False},
            {"sharing:B": 2},
        ),
    ],
)
def test_what_holds(
    records: list[Given], meanings: dict[str, int], holds: dict[str, bool], again: dict[str, int]
) -> None:
    assert holding(records, meanings, NOW) == holds
    assert to_ask_again(records, meanings, NOW) == again


def moments(days: tuple[int, int] = (-3, 3)) -> st.SearchStrategy[datetime]:
    return st.integers(*days).map(lambda n: NOW + n * DAY)


RECORDS = st.lists(
    st.builds(
        Given,
        st.sampled_from([purpose.value for purpose in Purpose]),
        st.booleans(),
        moments((-9, 0)),
        st.integers(1, 3),
        st.sampled_from(["", "A", "B"]),
        st.none() | moments(),
    ),
    max_size=12,
)
MEANINGS = st.dictionaries(st.sampled_from([purpose.value for purpose in Purpose]), st.integers(1, 3))


@given(RECORDS, MEANINGS)
def test_a_withdrawal_always_wins_over_what_came_before_it(
    records: list[Given], meanings: dict[str, int]
) -> None:
    for record in records:
        last = Given(record.purpose, False, NOW, object=record.object)
        assert record.key not in holding([*records, last], meanings, NOW)
        assert record.key not in to_ask_again([*records, last], meanings, NOW)


@given(RECORDS, MEANINGS)
def test_only_the_newest_record_of_each_decides(records: list[Given], meanings: dict[str, int]) -> None:
    held = holding(records, meanings, NOW)
    for key in {record.key for record in records}:
        alone = [record for record in records if record.key == key]
        assert held.get(key) == holding(alone[-1:], meanings, NOW).get(key)
    assert set(held) == set(standing(records))


@given(RECORDS, MEANINGS)
def test_who_agrees_to_the_present_text_is_not_asked_again(
    records: list[Given], meanings: dict[str, int]
) -> None:
    due = to_ask_again(records, meanings, NOW)
    assert all(not holding(records, meanings, NOW)[key] for key in due)
    answers = [Given(key.partition(":")[0], True, NOW, due[key], key.partition(":")[2]) for key in due]
    assert not to_ask_again([*records, *answers], meanings, NOW)
    assert all(holding([*records, *answers], meanings, NOW)[key] for key in due)


def test_the_hash_is_that_of_the_text_that_was_shown() -> None:
    record = ConsentRecord(1, "contact", True, "Darf ich?", "1", "de", "telegram", NOW)
    assert record.text_hash == "ce92272977e4724ba2dfc6086bbdd26b06d804f0ba382e47e35d5d29a4b7d074"
    assert ConsentRecord(1, "contact", False, "", "1", "de", "telegram", NOW).text_hash == ""
