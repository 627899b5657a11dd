# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The checker: the ways in which a dialog can break a rule; and the shipped dialogs break none."""

from __future__ import annotations

import pytest

from dialogs.book import DialogBook
from dialogs.check import RULES, check
from dialogs.model import Dialog
from dialogs.shipped import shipped_dialogs
from tests.dialogs.probe import dialog

SAY = "{say: {de: Ja., en: Yes.}"
ASK = "{yes_no: {de: Ja?, en: Yes?}"
END = "  done: {end: completed}\n"
SAID = f"  a: {SAY}}}\n"
FACT = "facts: {next_visit: {unknown: {de: bald, en: soon}, data: appointment}}\n"

# rule, steps (the first is on line 6), head (one line more), message
BROKEN: list[tuple[str, str, str, str]] = [
    (
        "unknown_targets",
        f"  a: {SAY}, next: dnoe}}\n{END}",
        "",
        "6: there is no step 'dnoe'. Did you mean 'done'?",
    ),
    (
        "unknown_targets",
        f"  a: {{start: weekly}}\n{END}",
        "",
        "6: there is no dialog 'weekly'. Possible here: back, other",
    ),
    ("unknown_targets", f"  a: {ASK}, no: {{next: b}}}}\n{END}", "", "6: there is no step 'b'."),
    (
        "unknown_targets",
        f"  a: {ASK}, timeout: {{after: 1 day, next: b}}}}\n{END}",
        "",
        "6: there is no step 'b'.",
    ),
    (
        "unreachable",
        f"{SAID}  b: {{end: completed}}\n{END}",
        "",
        "8: nothing leads to the step 'done'. Let a 'next'",
    ),
    ("dead_ends", SAID, "", "6: after the step 'a' nothing follows. Add 'next', or"),
    ("dead_ends", f"  a: {ASK}, next: a}}\n", "", "6: from the step 'a' no way leads to an end."),
    (
        "silent_loops",
        f"  w: {{branch: {{when: 1 = 1, next: done}}}}\n{SAID}  b: {SAY}, next: w}}\n{END}",
        "",
        "6: the step 'w' comes back to itself without a question or a wait. Put a question",
    ),
    ("circles_of_dialogs", f"  a: {{start: probe}}\n{END}", "", "6: 'probe' leads back to this dialog"),
    ("circles_of_dialogs", f"  a: {{start: back}}\n{END}", "", "6: 'back' leads back to this dialog"),
    (
        "question_after_hand",
        f"  h: {{hand_to_human: x}}\n  a: {ASK}}}\n{END}",
        "",
        "6: after 'h' a person talks",
    ),
    (
        "missing_translations",
        f"  a: {{say: {{de: Ja.}}}}\n{END}",
        "",
        "6: the text in 'en' is missing. Add a line",
    ),
    ("missing_translations", f"  a: {ASK}, yes: {{en: Go}}}}\n{END}", "", "6: the text in 'de' is missing."),
    ("missing_translations", f"{SAID}{END}", "facts: {x: {de: X}}\n", "5: the text in 'en' is missing."),
    (
        "long_texts",
        f"  a: {{say: {{de: {'x' * 4001}, en: x}}}}\n{END}",
        "",
        "6: this text in 'de' has 4001 characters",
    ),
    (
        "long_texts",
        f"  a: {{yes_no: {{de: {'x' * 3501}, en: x}}}}\n{END}",
        "",
        "6: this text in 'de' has 3501",
    ),
    ("long_texts", f"  a: {ASK}, yes: {{de: {'x' * 61}, en: x}}}}\n{END}", "", "6: this text in 'de' has 61"),
    (
        "broken_braces",
        f"  a: {{say: {{de: 'Ja {{', en: x}}}}\n{END}",
        "",
        "6: a brace stands alone. Write {name}",
    ),
    ("broken_braces", f"  a: {{say: {{de: 'Ja {{A b}}', en: x}}}}\n{END}", "", "6: a brace stands alone."),
    (
        "unknown_names",
        f"  a: {{say: {{de: '{{coahc}}', en: x}}}}\n{END}",
        "",
        "6: nothing here is called 'coahc'.",
    ),
    (
        "unknown_names",
        f"  a: {{branch: {{when: 1 = tomorrow, next: done}}}}\n{END}",
        "",
        "6: nothing here is called 'tomorrow'",
    ),
    (
        "unknown_names",
        f"  a: {ASK}, raise: {{when: b, level: R1, reason: x}}}}\n{END}",
        "",
        "6: nothing here is called",
    ),
    ("unknown_names", f"  a: {{pause: '{{days}}'}}\n{END}", "", "6: nothing here is called 'days'."),
    (
        "double_names",
        f"  a: {ASK}}}\n  b: {ASK}, key: a}}\n{END}",
        "",
        "7: the answer of 'b' would overwrite the answer",
    ),
    (
        "double_names",
        f"  next_visit: {ASK}}}\n{END}",
        FACT,
        "7: the answer of 'next_visit' would overwrite a fact.",
    ),
    (
        "bad_options",
        f"  a: {{choose: {{de: A, en: A}}, options: {{ä: {{de: A, en: A}}, b: {{de: A, en: A}}}}}}\n{END}",
        "",
        "6: the option 'ä' has no usable name. Use at most 32 of",
    ),
    (
        "bad_options",
        f"  a: {{choose: {{de: A, en: A}}, options: {{{'b' * 33}: {{de: A, en: A}}}}}}\n{END}",
        "",
        "6: there is nothing to choose.",
    ),
    (
        "bad_options",
        f"  a: {{scale: {{de: A, en: A}}, high: 50}}\n{END}",
        "",
        "6: a scale from 0 to 50 cannot be shown.",
    ),
    (
        "bad_options",
        f"  a: {{date: {{de: A, en: A}}, latest: 1, earliest: 2}}\n{END}",
        "",
        "6: no answer is possible.",
    ),
    (
        "low_classes",
        f"  a: {ASK}, data: neutral}}\n{END}",
        "data: health\n",
        "7: this step is 'neutral', but the dialog is marked 'health'.",
    ),
    (
        "low_classes",
        f"  a: {ASK}, data: health}}\n  b: {{say: {{de: 'Also {{a}}', en: x}}}}\n{END}",
        "",
        "7: this text shows 'a', which is 'health', but the step is",
    ),
    (
        "low_classes",
        f"  a: {{say: {{de: '{{next_visit}}', en: x}}}}\n{END}",
        FACT,
        "7: this text shows 'next_visit'",
    ),
]


def book_with(probe: Dialog) -> DialogBook:
    others = [dialog(f"{SAID}{END}", "other"), dialog(f"  a: {{start: probe}}\n{END}", "back")]
    return DialogBook([*others, probe])


@pytest.mark.parametrize(("rule", "steps", "head", "message"), BROKEN, ids=[row[0] for row in BROKEN])
def test_each_rule_finds_its_fault(rule: str, steps: str, head: str, message: str) -> None:
    probe = dialog(steps, head=head)
    told = [str(problem) for problem in check(probe, book_with(probe))]
    assert any(line.startswith(f"probe.yaml:{message}") for line in told), told
    found = {each.__name__ for each in RULES if any(True for _ in each(probe, book_with(probe)))}
    assert rule in found


def test_shipped_dialogs_have_no_faults_and_are_found_by_name() -> None:
    book = shipped_dialogs()
    assert {"welcome", "weekly_checkin", "help_now", "pause", "stop", "goodbye"} <= {d.id for d in book}
    for each in book:
        assert check(each, book) == []


def test_a_circle_with_a_question_in_it_is_fine() -> None:
    probe = dialog(f"  a: {SAY}}}\n  b: {ASK}, no: {{next: a}}}}\n{END}")
    assert check(probe, DialogBook([probe])) == []


def test_a_book_keeps_every_version_and_does_not_change() -> None:
    first, second = dialog(f"{SAID}{END}"), dialog(f"{SAID}{END}", version=2)
    book = DialogBook([second])
    both = book.with_dialog(first)
    assert (len(book), len(both)) == (1, 2)
    assert (both.get("probe", 1), both.get("probe", 2), both.latest("probe")) == (first, second, second)
    assert (book.get("probe", 1), book.latest("nothing"), book.route("probe", 9)) == (None, None, None)
