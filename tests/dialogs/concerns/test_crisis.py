# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dialogs.concerns import crisis_card, numbers_older_than
from dialogs.concerns.crisis import EASY, crisis_numbers, printed_numbers


def test_no_printed_number_has_grown_old() -> None:
    """Red means: call or look up each number, then set its `verified_on` in crisis/numbers.yaml."""
    assert not numbers_older_than(180, datetime.now(UTC).date())


def test_numbers_grow_old_after_the_day_they_were_verified() -> None:
    oldest = min(n.verified_on for n in crisis_numbers() if n.number in printed_numbers() and n.verified_on)
    assert not numbers_older_than(180, oldest + timedelta(days=180))
    assert numbers_older_than(180, oldest + timedelta(days=181))


def test_only_verified_numbers_are_printed() -> None:
    printed = [number for number in crisis_numbers() if number.number in printed_numbers()]
    assert {number.number for number in printed} == {"112", "0800 1110111", "116 123"}
    assert all(number.status == "current" and number.verified_on for number in printed)


def test_a_number_is_verified_exactly_if_it_is_current() -> None:
    assert all(
        (number.status == "current") == (number.verified_on is not None) for number in crisis_numbers()
    )
    assert len({number.number for number in crisis_numbers()}) == len(crisis_numbers())


@pytest.mark.parametrize("language", ["de", "en", "de-AT", "EN"])
@pytest.mark.parametrize("register", ["standard", EASY, "no-such"])
def test_every_card_says_what_it_is_and_where_help_is(language: str, register: str) -> None:
    card = crisis_card(language, register)
    assert card.languages == (language[:2].lower(),)
    assert "112" in card.first
    assert "0800 1110111" in card.first
    assert "rogram" in card.first


def test_the_easy_register_is_its_own_text() -> None:
    assert crisis_card("de", EASY).first != crisis_card("de").first
    assert crisis_card("de-x-einfach") == crisis_card("de", EASY)


@pytest.mark.parametrize("language", ["uk", "ru", "tr", "ar", "fa", "pl", "so", ""])
def test_other_languages_get_english_and_german(language: str) -> None:
    card = crisis_card(language)
    assert card.languages == ("en", "de")
    for part in ("first", "nobody_yet"):
        english, german = getattr(card, part).split("\n\n")
        assert (english, german) == (getattr(crisis_card("en"), part), getattr(crisis_card("de"), part))


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_nothing_is_left_to_be_filled_in(language: str) -> None:
    card = crisis_card(language)
    assert "{" not in card.nobody_yet
    assert "{" not in card.first


@pytest.mark.parametrize("word", ["Selbstmord", "Freitod", "erfolgreich"])
def test_no_text_uses_words_that_hurt(word: str) -> None:
    for language in ("de", "en"):
        for register in ("standard", EASY):
            assert word not in "".join(str(part) for part in crisis_card(language, register).first)
