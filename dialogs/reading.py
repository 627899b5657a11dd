# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a typed message means as an answer to the open question: an answer, a wish, or unclear."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache

import msgspec

from dialogs.asking import BACK, HELP, LATER, SKIP
from dialogs.effects import Value
from dialogs.model import AskStep, Choose, Consent, Date, Number, Option, Scale, Text, YesNo
from dialogs.own_words import all_words
from dialogs.plain import SHORT, clean, closest, has_words, plain, plain_word
from dialogs.reading_dates import read_date
from dialogs.reading_numbers import read_number

_YES_NO_WORDS = 8
_LONGEST = 320
_MOST_WORDS = 12


class Why(StrEnum):
    """Why a message is no answer."""

    UNREADABLE = "unreadable"
    OUT_OF_RANGE = "out_of_range"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"


class Answer(msgspec.Struct, frozen=True):
    """A valid answer; `said` is what the person wrote or chose."""

    value: Value
    said: str


class Wish(msgspec.Struct, frozen=True):
    """Back, skip, later or help instead of an answer."""

    control: str


class Unclear(msgspec.Struct, frozen=True):
    """No answer."""

    why: Why


Reading = Answer | Wish | Unclear


def read_typed(step: AskStep, text: str, today: date) -> Reading:
    """Read what was typed. The exact name of an answer comes before a wish, a wish before any guess."""
    if isinstance(step, Text):
        return _read_text(step, text)
    if len(text) > _LONGEST:
        return Unclear(Why.UNREADABLE)
    typed = plain(text)
    exact = _exact_option(step, typed)
    if exact is not None:
        return _chosen(step, exact, text)
    control = _control(typed)
    if control is not None:
        return Wish(control)
    found = _loosely(step, text, typed, today)
    if isinstance(found, Answer) or isinstance(step, Consent):
        return found
    near = closest(typed, _control_words()) if len(typed) <= SHORT else None
    return Wish(near) if near else found


def read_pressed(step: AskStep, value: str, today: date) -> Reading:
    """Read a button of the open question; a value that no button had is unclear."""
    if value in (BACK, SKIP, LATER, HELP):
        return Wish(value)
    if isinstance(step, Choose | YesNo | Consent):
        options = [option for option in step.options if option.key == value]
        return _chosen(step, options[0], value) if options else Unclear(Why.UNREADABLE)
    if isinstance(step, Scale) and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        return _in_scale(step, float(value), value)
    if isinstance(step, Date) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return _read_date(step, value, today)
    return Unclear(Why.UNREADABLE)


def _read_text(step: Text, text: str) -> Reading:
    if len(text) > 2 * step.longest:
        return Unclear(Why.TOO_LONG)
    control = _control(plain(text)) if len(text) <= SHORT else None
    if control is not None:
        return Wish(control)
    kept = clean(text)
    if not has_words(kept):
        return Unclear(Why.NO_WORDS)
    return Unclear(Why.TOO_LONG) if len(kept) > step.longest else Answer(kept, kept)


def _exact_option(step: AskStep, typed: str) -> Option | None:
    """The option whose label, key, word or place in the list was typed, in any language."""
    if not isinstance(step, Choose | YesNo | Consent | Scale):
        return None
    for option in step.options:
        if typed in _names(step, option):
            return option
    # Only then the place: a label may itself be a number. On a scale a digit could be a place or a value.
    is_place = re.fullmatch(r"\d{1,3}", typed, re.ASCII) and not isinstance(step, Scale)
    if is_place and 1 <= int(typed) <= len(step.options):
        return step.options[int(typed) - 1]
    return None


def _names(step: AskStep, option: Option) -> list[str]:
    """All that names an option, in comparable form; for yes and no also our own words for them."""
    names = [*map(plain_word, option.label.values()), *map(plain_word, option.words)]
    if isinstance(step, Scale):
        return names
    if isinstance(step, Choose):
        return [*names, plain_word(option.key)]
    return [*names, *_yes_no(option.key, loose=isinstance(step, YesNo))]


def _loosely(step: AskStep, text: str, typed: str, today: date) -> Reading:
    match step:
        case Choose() | Scale() if step.options:
            option = _by_words(step, typed) or _by_typo(step, typed)
            return _chosen(step, option, text) if option else Unclear(_why(text))
        case YesNo():
            option = _by_first_word(step, typed) or _by_typo(step, typed)
            return _chosen(step, option, text) if option else Unclear(_why(text))
        case Scale():
            return _read_scale(step, text, typed)
        case Number():
            return _read_number(step, text)
        case Date():
            return _read_date(step, text, today)
        case _:
            return Unclear(_why(text))


def _chosen(step: AskStep, option: Option, said: str) -> Answer:
    if isinstance(step, Scale):
        return Answer(int(option.key), said)
    return Answer(option.key if isinstance(step, Choose) else option.key == "yes", said)


def _by_words(step: Choose | Scale, typed: str) -> Option | None:
    """The one option that has all the typed words, or all of whose words were typed; typos are mended."""
    labels = {option.key: [set(name.split()) for name in _names(step, option)] for option in step.options}
    known = {word for names in labels.values() for name in names for word in name}
    typed_words = typed.split()
    if len(typed_words) > _MOST_WORDS:
        return None
    names_of = {word: (word,) for word in known}
    words = {word if word in known else closest(word, names_of) or word for word in typed_words}
    words = (words - (_polite() - known)) or words
    found = [option for option in step.options if any(_fits(words, name) for name in labels[option.key])]
    return found[0] if len(found) == 1 else None


def _fits(words: set[str], name: set[str]) -> bool:
    inside = words <= name or (name <= words and len(words) <= len(name) + 3)
    return bool(words and name) and inside and not (words - name) & _negations()


def _by_typo(step: Choose | Scale | YesNo, typed: str) -> Option | None:
    key = closest(typed, {option.key: _names(step, option) for option in step.options})
    return next((option for option in step.options if option.key == key), None)


def _by_first_word(step: YesNo, typed: str) -> Option | None:
    """ "Ja, das wäre schön" is a yes; "ja nein weiß nicht" is not."""
    words = typed.replace(",", " ").split()
    if not 1 < len(words) <= _YES_NO_WORDS:
        return None
    against = {"yes": _yes_no("no", loose=True) | _negations(), "no": _yes_no("yes", loose=True)}
    for option in step.options:
        if words[0] in _yes_no(option.key, loose=False) and not against[option.key] & set(words[1:]):
            return option
    return None


def _read_scale(step: Scale, text: str, typed: str) -> Reading:
    for value, labels in ((step.low, step.low_label), (step.high, step.high_label)):
        if typed in map(plain_word, labels.values()):
            return Answer(value, clean(text))
    number = read_number(text, out_of=step.high)
    return Unclear(_why(text)) if number is None else _in_scale(step, number, text)


def _in_scale(step: Scale, number: float, said: str) -> Reading:
    if not step.low <= number <= step.high or not number.is_integer():
        return Unclear(Why.OUT_OF_RANGE)
    return Answer(int(number), clean(said))


def _read_number(step: Number, text: str) -> Reading:
    number = read_number(text, decimals=step.decimals, units=step.units)
    if number is None:
        return Unclear(_why(text))
    if not step.low <= number <= step.high or not (step.decimals or number.is_integer()):
        return Unclear(Why.OUT_OF_RANGE)
    return Answer(int(number) if number.is_integer() else number, clean(text))


def _read_date(step: Date, text: str, today: date) -> Reading:
    day = read_date(text, today, step.earliest, step.latest)
    if day is None:
        return Unclear(_why(text))
    if not step.earliest <= (day - today).days <= step.latest:
        return Unclear(Why.OUT_OF_RANGE)
    return Answer(day.isoformat(), clean(text))


def _why(text: str) -> Why:
    return Why.UNREADABLE if has_words(text) else Why.NO_WORDS


def _control(typed: str) -> str | None:
    return next((control for control, names in _control_words().items() if typed in names), None)


@cache
def _control_words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {BACK: set(), SKIP: set(), LATER: set(), HELP: set()}
    for words in all_words().values():
        read, labels = words.read, words.buttons
        found[BACK].update(map(plain_word, [*read.back, labels.back]))
        found[SKIP].update(map(plain_word, [*read.skip, labels.skip]))
        found[LATER].update(map(plain_word, [*read.later, labels.later]))
        found[HELP].update(map(plain_word, [*read.help, labels.help]))
    return {control: frozenset(names) for control, names in found.items()}


@cache
def _yes_no(key: str, loose: bool) -> frozenset[str]:
    found: set[str] = set()
    for words in all_words().values():
        read = words.read
        found.update(map(plain_word, read.yes if key == "yes" else read.no))
        if loose:
            found.update(map(plain_word, read.yes_loose if key == "yes" else read.no_loose))
    return frozenset(found)


@cache
def _negations() -> frozenset[str]:
    return frozenset(plain_word(word) for words in all_words().values() for word in words.read.negations)


@cache
def _polite() -> frozenset[str]:
    return frozenset(plain_word(word) for words in all_words().values() for word in words.read.polite)
