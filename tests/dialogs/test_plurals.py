# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Plural forms: the categories of the Unicode CLDR, as Babel has them, and how they stand in texts."""

from __future__ import annotations

import pytest
from babel import Locale

from dialogs.book import DialogBook
from dialogs.engine import Facts
from dialogs.plurals import CATEGORIES, FORM, category, forms, needed
from tests.dialogs.probe import dialog, play, said

LANGUAGES = ("de", "en", "uk", "ru", "pl", "tr", "ar", "fa")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_numbers_have_the_category_that_babel_says(language: str) -> None:
    rule = Locale.parse(language).plural_form
    wrong = [number for number in range(1001) if category(language, number) != rule(number)]
    assert wrong == []
    assert needed(language) == {rule(number) for number in range(1001)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_with_decimals_takes_the_general_form(language: str) -> None:
    assert category(language, 2.5) == "other"
    assert category(language, 2.0) == category(language, 2)


def test_a_language_with_a_region_or_a_register_has_the_rules_of_its_base() -> None:
    assert (category("pl-PL", 22), category("de-x-einfach", 1), category("RU", 21)) == ("few", "one", "one")
    assert category("xx", 1) == "one"
    assert category("de", -1) == "one"


@pytest.mark.parametrize(
    "text", ["{n: one a | other b}", "{a.b: other # Tage}", "{n:one x|few y|many z|other w}"]
)
def test_forms_are_found(text: str) -> None:
    found = FORM.fullmatch(text)
    assert found
    assert set(forms(found["forms"])) <= set(CATEGORIES)


@pytest.mark.parametrize(
    "text",
    ["{n}", "{n: ein Tag}", "{n: one | other b}", "{N: one a}", "{n: one {x} | other b}", "{n: einer a}"],
)
def test_what_is_no_plural_form_is_left_alone(text: str) -> None:
    assert FORM.fullmatch(text) is None


TEXT = (
    "{de: 'Noch {left: one ein Tag | other # Tage}.', en: '{left: one one day | other # days} left.', "
    "pl: '{left: one # dzień | few # dni | many # dni}.'}"
)
BOOK = DialogBook([dialog(f"  a: {{say: {TEXT}}}\n  done: {{end: completed}}\n", head="facts: {left: }\n")])


@pytest.mark.parametrize(
    ("language", "left", "shown"),
    [
        ("de", 1, "Noch ein Tag."), ("de", 2, "Noch 2 Tage."), ("de", 0, "Noch 0 Tage."),
        ("de", "3", "Noch 3 Tage."),
        ("de", 1.5, "Noch 1,5 Tage."), ("de", "bald", "Noch bald Tage."), ("en", 1, "one day left."),
        ("en-GB", 21, "21 days left."), ("pl", 22, "22 dni."), ("pl", 2.5, "2,5 dni."),
    ],
)  # fmt: skip
def test_a_text_takes_the_form_of_its_number(language: str, left: str | float, shown: str) -> None:
    assert said(play(book=BOOK, facts=Facts(language, {"left": left}))) == shown


@pytest.mark.parametrize(
    ("left", "shown"), [(1, "Noch ein Tag."), (21, "Noch 21 Tage."), (2, "Noch 2 Tage.")]
)
def test_a_text_of_another_language_takes_the_forms_of_that_language(left: int, shown: str) -> None:
    """There is no Ukrainian text here: the German one is shown."""
    assert said(play(book=BOOK, facts=Facts("uk", {"left": left}))) == shown


def test_a_number_that_is_not_known_is_told_apart_from_zero() -> None:
    assert said(play(book=BOOK, facts=Facts("de", {}))) == "Noch … Tage."
