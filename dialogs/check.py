# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Faults that a well-formed dialog can still have, found before anybody meets them."""

from __future__ import annotations

from dialogs import check_contents, check_length, check_safety, check_ways, check_wording
from dialogs.book import DialogBook
from dialogs.findings import Rule
from dialogs.model import Dialog
from dialogs.problems import Problem

RULES: tuple[Rule, ...] = (
    check_ways.unknown_targets,
    check_ways.unreachable,
    check_ways.dead_ends,
    check_ways.silent_loops,
    check_ways.circles_of_dialogs,
    check_ways.question_after_hand,
    check_contents.missing_translations,
    check_contents.long_texts,
    check_contents.broken_braces,
    check_contents.unfilled_names,
    check_contents.unknown_names,
    check_contents.double_names,
    check_contents.bad_options,
    check_contents.low_classes,
    check_length.long_when_filled,
    check_length.takes_too_long,
    check_safety.silent_acute_answers,
    check_safety.health_questions,
    check_wording.avoided_words,
    check_wording.long_sentences,
    check_wording.passive_sentences,
)


#: Findings that an editor should weigh, but that break nothing: they stop no dialog from being published.
ADVICE = frozenset(
    rule.__name__
    for rule in (
        check_length.takes_too_long,
        check_wording.avoided_words,
        check_wording.long_sentences,
        check_wording.passive_sentences,
    )
)


def check(dialog: Dialog, book: DialogBook) -> list[Problem]:
    """Everything that is wrong with `dialog` among the dialogs of `book`, in the file's order.

    A rule's id (`Problem.rule`) is the name of its function. It is stable: other programs read it.
    """
    found = {finding.problem(dialog, rule.__name__) for rule in RULES for finding in rule(dialog, book)}
    return sorted(found)
