# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts as the person sees them: the right language, values filled in, and how sensitive that made them."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from dialogs.conditions import number_of
from dialogs.effects import Value
from dialogs.model import AskStep, Choose, Date, Dialog, FactKind, Option, Texts
from dialogs.own_words import Words, pick
from dialogs.plurals import FORM, category, forms
from dialogs.run import Run
from dialogs.scales import DataClass

_NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?"
PLACEHOLDER = re.compile(rf"\{{({_NAME})\}}")
#: What stands before the first word of a sentence.
_BEFORE_SENTENCE = re.compile(r"(?:\A|[.!?]\s+|\n)\Z")
_FILLED = re.compile(rf"\{{(?P<name>{_NAME})\}}|{FORM.pattern}")


class Rendered(msgspec.Struct, frozen=True):
    """A text and the highest data class of anything in it."""

    text: str
    data_class: DataClass


def translate(texts: Texts, language: str) -> str:
    """The text in `language`, else its base, else German, else whatever there is."""
    return pick(texts, language) or ""


def render(run: Run, texts: Texts, data_class: DataClass) -> Rendered:
    """Fill in values. One pass: what a person wrote is never searched for placeholders itself."""
    text = translate(texts, run.session.language)
    if "{" not in text:
        return Rendered(text, data_class)
    # The text may be in another language than the person's, and has the plural forms of its own.
    language = pick({tag: tag for tag in texts}, run.session.language) or ""
    highest = [data_class]

    def fill(match: re.Match[str]) -> str:
        name, plural = match["name"] or match["counted"], match["forms"]
        # What is only a value, as the name of a partner, is no sentence.
        begins = match[0] != text and _BEFORE_SENTENCE.search(text[: match.start()]) is not None
        shown = _shown(run, name, begins)
        highest.append(shown.data_class)
        return _counted(language, plural, run.lookup(name), shown.text) if plural else shown.text

    filled = _FILLED.sub(fill, text)
    return Rendered(filled, max(highest, key=lambda item: item.rank))


def _counted(language: str, plural: str, value: Value | None, shown: str) -> str:
    """The plural form for a number; what is no number takes the last form, which is the general one."""
    by_category = forms(plural)
    number = number_of(value) if value is not None else None
    name = "other" if number is None else category(language, number)
    return by_category.get(name, list(by_category.values())[-1]).replace("#", shown)


def option_label(option: Option, words: Words, language: str) -> str:
    """The option's own label, or Lotse's Yes and No."""
    if option.label:
        return translate(option.label, language)
    return words.buttons.yes if option.key == "yes" else words.buttons.no


def spoken_number(value: float, words: Words) -> str:
    """12.5 as 12,5 in German; whole numbers without a point."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return str(value).replace(".", words.decimal)


def spoken_date(day: date, words: Words) -> str:
    """4. Mai 2027."""
    return words.date.format(day=day.day, month=words.months[day.month - 1], year=day.year)


def _shown(run: Run, name: str, begins: bool) -> Rendered:
    here = run.here
    dialog = here.route.dialog if here else None
    value = run.lookup(name)
    if value is None:
        phrase = _unknown(dialog, name, run.session.language)
        # One phrase serves every sentence of a dialog, also those that begin with it.
        return Rendered(phrase[:1].upper() + phrase[1:] if begins else phrase, DataClass.NEUTRAL)
    step = here.route.questions.get(name) if here else None
    fact = dialog.facts.get(name) if dialog else None
    if fact is not None and fact.kind is FactKind.DATE and step is None:
        return Rendered(_spoken_day(str(value), run.words), fact.data)
    return Rendered(spoken(step, value, run), _class_of(dialog, step, name))


def _unknown(dialog: Dialog | None, name: str, language: str) -> str:
    fact = dialog.facts.get(name) if dialog else None
    return (translate(fact.unknown, language) if fact else "") or "…"


def _class_of(dialog: Dialog | None, step: AskStep | None, name: str) -> DataClass:
    if step is not None:
        return step.data
    if dialog is None or "." in name:
        # An answer from another dialog: nothing here says how sensitive it is, so the safe side.
        return DataClass.HEALTH
    fact = dialog.facts.get(name)
    return fact.data if fact else dialog.data


def spoken(step: AskStep | None, value: Value, run: Run) -> str:
    """An answer as one would say it: the option's label, the day with its month, yes and no."""
    words = run.words
    if isinstance(value, bool):
        return words.buttons.yes if value else words.buttons.no
    if isinstance(value, int | float):
        return spoken_number(value, words)
    if isinstance(step, Choose):
        labels = [option_label(o, words, run.session.language) for o in step.options if o.key == value]
        return labels[0] if labels else value
    return _spoken_day(value, words) if isinstance(step, Date) else value


def _spoken_day(value: str, words: Words) -> str:
    """An ISO date as one would say it; anything else stays as it is."""
    try:
        return spoken_date(date.fromisoformat(value), words)
    except ValueError:
        return value
