# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which passwords are taken, how long strangers wait, and when a session is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sign_in import (
    COMMON,
    SHORTEST,
    WITH_PASSWORD,
    How,
    PasswordFault,
    Session,
    SignInRules,
    Tries,
    as_kept,
    counted_for_pair,
    counted_in_budget,
    device_of,
    login_name,
    network_of,
    password_fault,
    wait_of_budget,
    wait_of_pair,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
RULES = SignInRules()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("elf Zeichen", PasswordFault.SHORT),
        ("", PasswordFault.SHORT),
        ("x" * 300, PasswordFault.LONG),
        ("zwölf ganze Monate", None),
        ("nurkleinebuchstaben", None),
        ("Passwort1234", PasswordFault.COMMON),
        ("passwort-2026", PasswordFault.COMMON),
        ("Pass wort 2026", PasswordFault.COMMON),
        ("aaaaaaaaaaaaaaaa", PasswordFault.COMMON),
        ("121212121212121212", PasswordFault.COMMON),
        ("BertaBeispiel", PasswordFault.COMMON),
        ("Berta.Beispiel!", PasswordFault.COMMON),
        ("Berta mag grüne Boote", None),
    ],
)
def test_a_password_is_long_and_not_the_first_that_comes_to_mind(
    password: str, fault: PasswordFault | None
) -> None:
    assert password_fault(password, ("berta", "Berta", "Beispiel", "Lotse")) is fault


def test_everything_on_the_list_is_refused() -> None:
    taken = [word for word in COMMON if len(word) >= SHORTEST and password_fault(word.upper(), ()) is None]
    assert taken == []


def test_every_keyboard_gives_the_same_password_and_name() -> None:
    assert as_kept("Grüße") == as_kept("Gru\u0308ße") == "Grüße"
    assert login_name("  Berta.Ö ") == login_name("berta.o\u0308") == "berta.ö"


def test_the_wait_grows_and_ends() -> None:
    tries: Tries | None = None
    waits = []
    for _ in range(14):
        waits.append(int(wait_of_pair(tries, RULES, NOW).total_seconds()))
        tries = counted_for_pair(tries, NOW)
    assert waits == [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


@given(count=st.integers(1, 10**6), age=st.timedeltas(timedelta(), 3 * DAY))
def test_nobody_waits_longer_than_a_quarter_of_an_hour_or_into_the_past(count: int, age: timedelta) -> None:
    wait = wait_of_pair(Tries(count, NOW - age, NOW - age), RULES, NOW)
    assert timedelta() <= wait <= 15 * MINUTE
    assert not wait or not wait_of_pair(Tries(count, NOW - age, NOW - age), RULES, NOW + wait)
    assert age < DAY or not wait


def test_tries_of_yesterday_are_forgotten() -> None:
    old = Tries(50, NOW - 2 * DAY, NOW - DAY)
    assert counted_for_pair(old, NOW) == Tries(1, NOW, NOW)
    assert counted_for_pair(replace(old, at=NOW - DAY + SECOND), NOW).count == 51


def test_a_budget_is_for_a_minute_whoever_uses_it() -> None:
    tries: Tries | None = None
    for second in range(20):
        assert not wait_of_budget(tries, 20, NOW + second * SECOND)
        tries = counted_in_budget(tries, NOW + second * SECOND)
    assert wait_of_budget(tries, 20, NOW + 20 * SECOND) == 40 * SECOND
    assert not wait_of_budget(tries, 20, NOW + MINUTE)
    assert counted_in_budget(tries, NOW + MINUTE) == Tries(1, NOW + MINUTE, NOW + MINUTE)


def test_a_session_ends_by_itself() -> None:
    session = Session(
        *(1, 1, 1, 1, How.PASSWORD, "", NOW, NOW, WITH_PASSWORD.idle, NOW + WITH_PASSWORD.whole)
    )
    assert session.is_open(NOW + 30 * MINUTE - SECOND)
    assert not session.is_open(NOW + 30 * MINUTE)
    busy = replace(session, seen_at=NOW + 12 * 60 * MINUTE - SECOND)
    assert busy.is_open(NOW + 12 * 60 * MINUTE - SECOND)
    assert not busy.is_open(NOW + 12 * 60 * MINUTE)
    assert not replace(session, ended_at=NOW).is_open(NOW)


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("Unsinn", "unknown"),
    ],
)
def test_networks(host: str, network: str) -> None:
    assert network_of(host) == network


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_device_is_named_in_our_words(said: str, known: str) -> None:
    assert device_of(said) == known
