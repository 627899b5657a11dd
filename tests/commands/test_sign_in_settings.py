# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How staff sign in: bounds of the limits, and one clear line for each fault of the house's settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.sign_in import SignInRules
from bot.sign_in_parts import OidcPart, SignInPart

WHOLE = {"issuer": "https://haus.example/realms/amt", "client_id": "lotse", "client_secret": "geheim"} | {
    "label": "Hauskonto"
}


def test_the_defaults_are_those_of_the_domain() -> None:
    assert SignInPart().rules == SignInRules()


def test_what_is_set_arrives() -> None:
    part = SignInPart(idle_minutes=60, session_hours=8, link_session_days=7, shortest_password=15)
    rules = part.rules
    assert (rules.comes_back.idle, rules.comes_back.whole) == (timedelta(hours=1), timedelta(hours=8))
    assert rules.needs_links.whole == timedelta(days=7)
    assert rules.shortest_password == 15


@pytest.mark.parametrize("name", sorted(SignInPart.model_fields))
@pytest.mark.parametrize("value", [0, 1_000_000])
def test_nothing_opens_or_locks_the_door(name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        SignInPart(**{name: value})


def test_one_network_cannot_use_up_the_budget_of_all() -> None:
    [fault] = SignInPart(network_tries=100, all_tries=50).faults()
    assert fault.startswith("sign_in: all_tries is less than network_tries")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issuer": "haus.example"}, "must be the https:// address"),
        ({"issuer": "https://haus.example/?x"}, "must be the https:// address"),
        ({"issuer": "http://haus.example"}, "must begin with https://"),
        ({"issuer": "https://häuser.example"}, "in plain ASCII"),
        ({"label": "x" * 41}, "at most 40 characters"),
        ({"label": "Haus\nkonto"}, "one line"),
        ({"acr": 'gold "fein"'}, "plain ASCII"),
        ({"amr": "zwei faktoren"}, "plain ASCII"),
        ({"ca_file": "/nirgends.pem"}, "there is no such file"),
    ],
)
def test_a_setting_that_cannot_be_used(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        OidcPart(**(WHOLE | changes))
    [fault] = caught.value.errors(include_input=False, include_context=False)
    assert words in fault["msg"]
    assert "geheim" not in fault["msg"]


@pytest.mark.parametrize(
    ("given", "public_url", "faults"),
    [
        ({}, "", []),
        (WHOLE, "https://lotse.example", []),
        (WHOLE, "", ["oidc: public_url is missing"]),
        ({"client_id": "lotse"}, "", ["oidc: issuer is missing"]),
        (
            {"issuer": "http://localhost:9000"},
            "https://x",
            ["oidc: client_id", "oidc: client_secret", "oidc: label"],
        ),
    ],
)
def test_what_does_not_fit_together(given: dict[str, Any], public_url: str, faults: list[str]) -> None:
    found = OidcPart(**given).faults(public_url)
    assert [line.startswith(words) for line, words in zip(found, faults, strict=True)] == [True] * len(faults)


def test_lists_are_written_with_commas_or_as_json() -> None:
    for text in ("gold,silver", " gold, silver ", '["gold", "silver"]'):
        assert OidcPart(acr=text).acr == ("gold", "silver")  # type: ignore[arg-type]
    assert "geheim" not in repr(OidcPart(**WHOLE))
