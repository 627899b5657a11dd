# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The checker on names, plural forms, pictures, waits, questionnaires and values given back; and on size."""

from __future__ import annotations

import pytest

from dialogs.book import DialogBook
from dialogs.check import ADVICE, MOST_FINDINGS, RULES, check
from dialogs.check_length import longest_value
from dialogs.model import Dialog
from dialogs.problems import Problem
from tests.dialogs.probe import dialog

ASK = "{yes_no: {de: Ja?, en: Yes?}"
END = "  done: {end: completed}\n"
BOTH = "{de: A, en: A}"
BOAT = "picture: {file: pilot_boat.png, alt: {de: Ein Boot., en: A boat.}}"
SCALE = f"  a: {{scale: {BOTH}, low: 0, high: 2, labels: {{"
SHOWN = "  c: {say: {de: '{copy}', en: x}}\n"
COUNTED = "  c: {score: own_items}\n"
NUMBER = f"  n: {{number: {BOTH}}}\n"


def found(probe: Dialog, *others: Dialog) -> list[Problem]:
    return [each for each in check(probe, DialogBook([*others, probe])) if each.rule not in ADVICE]


def told(steps: str, *others: Dialog, head: str = "") -> list[str]:
    return [f"{each.line} {each.rule}: {each.what}" for each in found(dialog(steps, head=head), *others)]


INNER = dialog("  a: {text: {de: A, en: A}}\n  z: {end: x, return: {wish: '{a}', much: 3}}\n", name="inner")


def quoted(text: str) -> str:
    return f"'{text}'"


def ends(low: str, high: str) -> str:
    return f"low_label: {{de: {low}, en: a}}, high_label: {{de: {high}, en: b}}"


FINE = {
    "built-in names": "  a: {branch: {when: weekday = 'mon' and time < 9:30, next: done}}\n",
    "today in a text": "  a: {say: {de: '{today}', en: '{today}'}}\n",
    "scores and trends": "  a: {branch: {when: phq4.total >= 3 or own_items.mood_drop, next: done}}\n",
    "answers of a questionnaire": "  q: {instrument: own_items}\n"
    "  a: {branch: {when: q and q.mood > 3, next: done}}\n",
    "values given back": "  o: {start: inner}\n  a: {branch: {when: o = 'x' and o.wish = 'a', next: done}}\n",
    "a loop with a wait": "  a: {wait: 1 day}\n  b: {branch: {when: time < 9:00, next: done}, next: a}\n",
    "a clinical questionnaire": "  q: {instrument: phq4}\n",
    "a crisis text in a dialog about health": f"  a: {{say: {BOTH}, crisis: yes, data: neutral}}\n",
    "days": f"  d: {{date: {BOTH}}}\n  a: {{branch: {{when: days since d < 3, next: done}}}}\n",
    "a labelled scale": SCALE.replace("low: 0", "low: -1").replace("high: 2", "high: 1")
    + "-1: {de: a, en: a}, 0: {de: b, en: b}, 1: {de: c, en: c}}}\n",
}


@pytest.mark.parametrize("steps", FINE.values(), ids=FINE)
def test_what_is_right_is_not_reported(steps: str) -> None:
    head = "data: health\n" if "crisis" in steps else ""
    assert told(steps + END, INNER, head=head) == []


WRONG = [
    ("reserved_names: 'weekday' already means", f"  weekday: {ASK}}}\n"),
    ("reserved_names: 'value' already means", f"  a: {ASK}, key: value}}\n"),
    ("reserved_names: 'time' already means", "  a: {set: {time: 3}}\n"),
    (
        "unknown_names: nothing here is called 'phq4.totl'",
        "  a: {branch: {when: phq4.totl > 1, next: done}}\n",
    ),
    (
        "unknown_names: nothing here is called 'o.wihs'",
        "  o: {start: inner}\n  a: {say: {de: '{o.wihs}', en: x}}\n",
    ),
    ("unknown_names: nothing here is called 'n'", "  a: {say: {de: '{n: one a | other b}', en: x}}\n"),
    ("unknown_names: nothing here is called 'm'", f"  a: {ASK}}}\n  d: {{end: x, return: {{a: '{{m}}'}}}}\n"),
    ("double_names: the answer of 'b' would", f"  q: {{instrument: own_items}}\n  b: {ASK}, key: q}}\n"),
    (
        "missing_plurals: for 'n' the plural form 'few'",
        NUMBER + "  a: {say: {de: x, en: x, pl: '{n: one a | many b}'}}\n",
    ),
    ("broken_braces: a brace stands alone", "  a: {say: {de: '{n: ein Tag | # Tage}', en: x}}\n"),
    ("unfilled_names: '{a}' would be shown", f"  a: {ASK}, {BOAT.replace('Ein Boot.', quoted('{a}'))}}}\n"),
    ("missing_translations: the text in 'en'", f"  a: {ASK}, {BOAT.replace(', en: A boat.', '')}}}\n"),
    (
        "long_texts: this text in 'de' has 1020 characters, 1002",
        f"  a: {{say: {{de: {'x' * 1020}, en: x}}, {BOAT}}}\n",
    ),
    ("bad_options: the number 2 has no label", SCALE + "0: {de: a, en: a}, 1: {de: b, en: b}}}\n"),
    (
        "bad_options: the label of '3' belongs to no number",
        SCALE + "0: {de: a, en: a}, 1: {de: b, en: b}, 2: {de: c, en: c}, 3: {de: d, en: d}}}\n",
    ),
    (
        "long_texts: this text in 'de' has 61 characters, 60",
        SCALE + f"0: {{de: {'a' * 61}, en: a}}, 1: {{de: b, en: b}}, 2: {{de: c, en: c}}}}}}\n",
    ),
    ("bad_options: no answer is possible", f"  a: {{number: {BOTH}, low: 0.2, high: 0.8}}\n"),
    ("unanswerable: who types 'Nein' does not", f"  a: {ASK}, yes: {{de: Nein, en: Never}}}}\n"),
    ("unanswerable: who types 'gut' does not", f"  a: {{scale: {BOTH}, {ends('gut', 'gut')}}}\n"),
    ("unanswerable: who types 'Später' does not", f"  a: {{scale: {BOTH}, {ends('Später', 'gut')}}}\n"),
    (
        "unanswerable: '!' has no letter and no digit",
        f"  a: {{choose: {BOTH}, options: {{a: {{de: '!', en: a}}, b: {{de: b, en: b}}}}}}\n",
    ),
    (
        "low_classes: this text shows 'phq4.total', which is 'health'",
        "  a: {say: {de: '{phq4.total}', en: x}}\n",
    ),
    (
        "low_classes: this text shows 'copy', which is 'health'",
        f"  a: {ASK}, data: health}}\n  b: {{set: {{copy: '{{a}}'}}, data: health}}\n{SHOWN}",
    ),
    (
        "uncounted_answers: after 'mood' a way leads around",
        f"  mood: {{scale: {BOTH}, data: health}}\n  a: {ASK}, no: {{next: done}}}}\n{COUNTED}",
    ),
]


@pytest.mark.parametrize(("message", "steps"), WRONG, ids=[row[0][:45] for row in WRONG])
def test_what_is_wrong_is_reported_once_with_its_line(message: str, steps: str) -> None:
    lines = told(steps + END, INNER)
    hits = [line for line in lines if line.partition(" ")[2].startswith(message)]
    assert len(hits) == 1, lines
    assert 6 <= int(hits[0].split()[0]) < 6 + steps.count("\n")


def test_a_fact_may_not_have_a_reserved_name_either() -> None:
    (line,) = told(f"  a: {ASK}}}\n{END}", head="facts: {today: }\n")
    assert line.startswith("5 reserved_names: 'today' already means something in conditions")


def test_silence_is_no_way_around_counting() -> None:
    steps = "  mood: {scale: {de: A, en: A}, data: health, timeout: {after: 1 day, next: done}}\n"
    assert told(f"{steps}  c: {{score: own_items}}\n{END}") == []


def test_a_circle_of_timeouts_with_a_wait_or_a_branch_is_not_endless() -> None:
    ask = f"  a: {ASK}, timeout: {{after: 1 hour, next: b}}, next: done}}\n"
    for pause in ("{wait: 7 days, next: a}", "{branch: [{when: weekday = 'fri', next: done}], next: a}"):
        assert told(f"{ask}  b: {pause}\n{END}") == []
    assert [line.split()[1] for line in told(f"{ask}  b: {{set: {{n: 1}}, next: a}}\n{END}")] == [
        "pestering_loops:"
    ]


def test_a_hundred_steps_without_a_question_are_too_many_for_the_engine() -> None:
    sets = "".join(f"  s{n}: {{set: {{n{n}: 1}}}}\n" for n in range(98))
    assert told(sets + END) == []
    assert [line.split()[1] for line in told(sets + "  t: {set: {t: 1}}\n" + END)] == ["too_much_at_once:"]


def test_plural_forms_and_pictures_count_as_long_as_they_can_get() -> None:
    text = f"{{de: '{'x' * 3970}{{n: one # Tag | other # # Tage}}', en: x}}"
    hits = told(f"  n: {{number: {{de: N, en: N}}}}\n  a: {{say: {text}}}\n{END}")
    assert hits == [
        "7 long_when_filled: with 'n' filled in, this text can have 4016 characters, 4000 are possible"
    ]


def test_values_that_were_given_back_and_scores_have_a_length() -> None:
    probe = dialog(f"  o: {{start: inner}}\n{END}")
    book = DialogBook([INNER, probe])
    lengths = {
        name: longest_value(probe, book, name, "de")
        for name in ("o", "o.wish", "o.much", "phq4.total", "today")
    }
    assert lengths == {"o": 40, "o.wish": 4000, "o.much": 1, "phq4.total": 20, "today": 20}
    assert longest_value(probe, book, "o.nothing", "de") == 0


@pytest.mark.parametrize("length", [1, 2, 5])
def test_circles_of_dialogs_of_any_length_are_found_in_each_of_them(length: int) -> None:
    names = [f"d{number}" for number in range(length)]
    circle = [
        dialog(f"  a: {{start: {names[(number + 1) % length]}}}\n{END}", name=name)
        for number, name in enumerate(names)
    ]
    outside = dialog(f"  a: {{start: d0}}\n{END}", name="outside")
    for each in circle:
        problems = found(each, outside, *circle)
        assert [problem.rule for problem in problems] == ["circles_of_dialogs"]
        assert str(problems[0]).startswith(f"{each.id}.yaml:6: 'd")
    assert found(outside, *circle) == []


LARGE = {
    "nothing to ask": "set: {n: 1}",
    "placeholders": "say: {de: '{s0}', en: '{s0}'}",
    "dead targets": "say: {de: J, en: Y}, next: nowhere",
}


@pytest.mark.parametrize("step", LARGE.values(), ids=LARGE)
def test_ten_thousand_steps_are_read_and_checked(step: str) -> None:
    """It ends, without a recursion error; how fast it is stands in benchmarks/."""
    steps = "".join(f"  s{number}: {{{step}}}\n" for number in range(9_999))
    large = dialog(steps + END)
    problems = check(large, DialogBook([large]))
    assert len(large.steps) == 10_000
    for rule in RULES:
        assert len([each for each in problems if each.rule == rule.__name__]) <= MOST_FINDINGS


def test_advice_stops_nobody_and_is_named_by_rules_that_exist() -> None:
    assert {rule.__name__ for rule in RULES} > ADVICE
    assert "unknown_pictures" in ADVICE
