# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Faults that a well-formed dialog can still have, found before anybody meets them."""

from __future__ import annotations

from itertools import islice

from dialogs import (
    check_consents,
    check_contents,
    check_honest,
    check_length,
    check_loops,
    check_names,
    check_options,
    check_safety,
    check_ways,
    check_wording,
)
from dialogs.book import DialogBook
from dialogs.findings import Rule
from dialogs.model import Dialog
from dialogs.problems import Problem

RULES: tuple[Rule, ...] = (
    check_ways.unknown_targets,
    check_ways.unreachable,
    check_ways.dead_ends,
    check_ways.circles_of_dialogs,
    check_ways.question_after_hand,
    check_loops.silent_loops,
    check_loops.pestering_loops,
    check_loops.no_way_to_stop,
    check_loops.too_much_at_once,
    check_contents.missing_translations,
    check_contents.long_texts,
    check_contents.broken_braces,
    check_contents.missing_plurals,
    check_contents.unfilled_names,
    check_contents.unknown_pictures,
    check_contents.low_classes,
    check_names.unknown_names,
    check_names.double_names,
    check_names.reserved_names,
    check_options.bad_options,
    check_options.unanswerable,
    check_length.long_when_filled,
    check_length.takes_too_long,
    check_safety.silent_acute_answers,
    check_safety.uncounted_answers,
    check_safety.health_questions,
    check_honest.nothing_to_pass_on,
    check_honest.nothing_passed_on_before,
    check_consents.two_meanings,
    check_wording.avoided_words,
    check_wording.long_sentences,
    check_wording.passive_sentences,
    check_wording.genitive_sentences,
    check_wording.subjunctive_sentences,
)

MOST_FINDINGS = 50
"""So many findings of one rule are told of one dialog; nobody reads more at a time."""


#: Findings that an editor should weigh, but that break nothing: they stop no dialog from being published.
ADVICE = frozenset(
    rule.__name__
    for rule in (
        check_contents.unknown_pictures,
        check_length.takes_too_long,
        check_wording.avoided_words,
        check_wording.long_sentences,
        check_wording.passive_sentences,
        check_wording.genitive_sentences,
        check_wording.subjunctive_sentences,
    )
)


def check(dialog: Dialog, book: DialogBook) -> list[Problem]:
    """Everything that is wrong with `dialog` among the dialogs of `book`, in the file's order.

    A rule's id (`Problem.rule`) is the name of its function. It is stable: other programs read it.
    """
    found = {
        finding.problem(dialog, rule.__name__)
        for rule in RULES
        for finding in islice(rule(dialog, book), MOST_FINDINGS)
    }
    return sorted(found)
