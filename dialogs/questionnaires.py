# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A questionnaire in a dialog: one line in the file, and the single questions that it stands for.

Every question can be skipped, and is health. Where an answer is a concern, it is one at once; where somebody
must be there for the answer, it is asked only while somebody is, and the crisis text comes before the next
question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from dialogs.concerns.crisis import crisis_card
from dialogs.condition_syntax import read_condition
from dialogs.conditions import Condition, Value
from dialogs.instruments import Pack, safety_of
from dialogs.instruments.model import Item, Numbers, Options
from dialogs.model import (
    AnyStep,
    AskStep,
    Branch,
    Case,
    Choose,
    ConcernRule,
    Offer,
    Option,
    Say,
    Scale,
    Score,
    Set,
    Start,
    Step,
    Text,
    Texts,
    Timeout,
)
from dialogs.scales import DataClass

WHEN_READ = "when_read"
"""The dialog that says honestly when somebody reads, after words about danger."""


class Questionnaire(Step, frozen=True, kw_only=True, tag="instrument"):
    """The questions of an instrument, all or some, one after the other, and then their scores.

    Afterwards the step's own name says whether it was asked (yes or no), `step.item` holds each answer,
    `instrument.rule` each score and `instrument.trend` whether a trend holds.
    """

    instrument: str
    items: tuple[str, ...] = ()
    timeout: Timeout | None = None


def questions_of(step: Questionnaire, pack: Pack) -> list[AnyStep]:
    """The steps that `step` stands for; their names begin with its own name and a dot."""
    items = [pack.items[key] for key in step.items or pack.items if key in pack.items]
    score, over = f"{step.id}.score", f"{step.id}.over"
    found: list[AnyStep] = [Offer(id=step.id, instrument=pack.id, past=over, asked=step.id)]
    if any(wording.intro for wording in pack.wordings.values()):
        # A sheet without words of its own to begin with begins with its name, not with another language.
        name = {language: pack.title.get(language, pack.id) for language in pack.wordings}
        intro = {language: wording.intro or name[language] for language, wording in pack.wordings.items()}
        found.append(Say(id=f"{step.id}.intro", data=DataClass.HEALTH, text=intro))
    for number, item in enumerate(items, start=1):
        following = f"{step.id}.{items[number].key}" if number < len(items) else score
        found += _block(step, pack, item, following)
    counted = Score(id=score, instrument=pack.id, items=f"{step.id}.")
    return [*found, counted, Set(id=over, values={}, next=step.next)]


def _block(step: Questionnaire, pack: Pack, item: Item, following: str) -> Iterator[AnyStep]:
    """One question; one that needs somebody there with what comes before and after it."""
    name = f"{step.id}.{item.key}"
    grave = [rule.item for rule in pack.safety if rule.item == item.key and rule.crisis_card]
    if not grave:
        yield _question(step, pack, item, name)
        return
    question = msgspec.structs.replace(_question(step, pack, item, f"{name}.asked"), key=name)
    values = [
        value for value in _answers(item) if (rule := safety_of(pack, item.key, value)) and rule.crisis_card
    ]
    helps = _among(name, values)
    if isinstance(question, Scale):
        question = msgspec.structs.replace(question, acute=_among("value", values))
    texts = {language: crisis_card(language).first for language in pack.wordings}
    yield Offer(id=name, instrument=pack.id, past=following, asked="")
    yield question
    yield Branch(id=f"{name}.branch", cases=(Case(helps, f"{name}.help"),), next=following)
    yield Say(id=f"{name}.help", text=texts, crisis=True)
    yield Start(id=f"{name}.read", dialog=WHEN_READ)


def _question(step: Questionnaire, pack: Pack, item: Item, name: str) -> AskStep:
    common: dict[str, Any] = {
        "id": name,
        "key": name,
        "data": DataClass.HEALTH,
        "text": {language: words.question(item.key) for language, words in pack.wordings.items()},
        "optional": True,
        "timeout": step.timeout,
        "concerns": tuple(_concerns(pack, item)),
    }
    match item.answers:
        case Numbers(low=low, high=high, ends_only=True):
            ends = [_label(pack, item, value) for value in (low, high)]
            return Scale(**common, low=low, high=high, low_label=ends[0], high_label=ends[1])
        case Numbers(low=low, high=high):
            return Scale(**common, low=low, high=high, options=_options(pack, item, range(low, high + 1)))
        case Options(keys=keys):
            return Choose(**common, options=_options(pack, item, keys))
        case _:
            return Text(**common)


def _options(pack: Pack, item: Item, values: Iterable[Value]) -> tuple[Option, ...]:
    return tuple(Option(key=str(value), label=_label(pack, item, value)) for value in values)


def _label(pack: Pack, item: Item, value: Value) -> Texts:
    return {language: words.answers[item.scale][str(value)] for language, words in pack.wordings.items()}


def _concerns(pack: Pack, item: Item) -> Iterator[ConcernRule]:
    """For every answer the most urgent rule of the pack, answers of the same level and reason together."""
    found: dict[tuple[str, str], list[Value]] = {}
    for value in _answers(item):
        rule = safety_of(pack, item.key, value)
        if rule is not None:
            found.setdefault((rule.concern.level, rule.concern.reason), []).append(value)
    for rule in pack.safety:
        values = found.pop((rule.concern.level, rule.concern.reason), None)
        if rule.item == item.key and values:
            yield ConcernRule(rule.concern.level, rule.concern.reason, _among("value", values))


def _answers(item: Item) -> Iterable[Value]:
    match item.answers:
        case Numbers(low=low, high=high):
            return range(low, high + 1)
        case Options(keys=keys):
            return keys
        case _:
            return ()


def _among(name: str, values: Iterable[Value]) -> Condition:
    written = ", ".join(str(value) if isinstance(value, int) else f'"{value}"' for value in values)
    return read_condition(f"{name} in ({written})")
