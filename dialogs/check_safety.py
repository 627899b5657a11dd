# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about safety: an acute answer reaches a human, and what is asked about health stays in its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs.book import DialogBook
from dialogs.check_loops import leading_to_an_end
from dialogs.checked_words import health_word_in
from dialogs.conditions import Value
from dialogs.findings import Finding, graph, kind_of, options_of, options_path
from dialogs.model import (
    AskStep,
    Branch,
    Choose,
    Concern,
    Consent,
    Dialog,
    Finish,
    Option,
    Scale,
    Score,
    Start,
)
from dialogs.scales import DataClass, Level

LOWEST = Level.R2


def silent_acute_answers(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Every answer that is marked acute raises a concern of R2 or R3 before anything else is asked."""
    del book
    after = dict(zip(dialog.steps, [*list(dialog.steps)[1:], ""], strict=True))
    for step in dialog.steps.values():
        if not isinstance(step, AskStep):
            continue
        for path, value, option in _acute(step):
            begin = (option.next if option else "") or step.next or after[step.id]
            if not _raised_at_once(step, value, option) and _silent(dialog, after, begin, {step.key: value}):
                shown = option.key if option else value
                what = f"the acute answer '{shown}' raises no concern of {LOWEST} or above"
                remedy = f"Write below 'raise': level: {LOWEST} and a reason, or lead it to 'raise_concern'."
                yield Finding(path, what, remedy)


def is_acute(step: AskStep) -> bool:
    """True if some answer to the question is marked acute."""
    return any(True for _ in _acute(step))


def _acute(step: AskStep) -> Iterator[tuple[str, Value, Option | None]]:
    """Answers that are marked acute: where, the answer, and its option."""
    for option in options_of(step):
        if option.acute:
            value: Value = option.key if isinstance(step, Choose) else option.key == "yes"
            yield f"{options_path(step)}.{option.key}", value, option
    if isinstance(step, Scale) and step.acute:
        for number in range(step.low, min(step.high, step.low + 100) + 1):
            if step.acute.holds({"value": number}.get):
                yield f"steps.{step.id}.acute", number, None


def _raised_at_once(step: AskStep, value: Value, option: Option | None) -> bool:
    rules = [*step.concerns, *([option.concern] if option and option.concern else [])]
    known = {"value": value, step.key: value}
    return any(
        rule.level.rank >= LOWEST.rank and (rule.when is None or rule.when.holds(known.get)) for rule in rules
    )


def _silent(dialog: Dialog, after: dict[str, str], begin: str, known: dict[str, Value]) -> bool:
    """True if a way from `begin` meets a question or an end before it raises a concern."""
    seen: set[str] = set()
    todo = [begin]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        step = dialog.steps.get(name)
        if step is None or isinstance(step, AskStep | Finish | Start):
            return True
        if isinstance(step, Concern) and step.level.rank >= LOWEST.rank:
            continue
        todo += cases_taken(step, known) if isinstance(step, Branch) else []
        if not isinstance(step, Branch) or not is_decided(step, known):
            todo.append(step.next or after[name])
    return False


def cases_taken(step: Branch, known: Mapping[str, Value | None]) -> list[str]:
    """Cases that may be taken with this answer; nothing is assumed about other names."""
    found: list[str] = []
    for case in step.cases:
        certain = case.when.names() <= known.keys()
        if not certain or case.when.holds(known.get):
            found.append(case.next)
        if certain and case.when.holds(known.get):
            break
    return found


def is_decided(step: Branch, known: Mapping[str, Value | None]) -> bool:
    """True if one case surely holds, so that the branch's own `next` is never taken."""
    return any(case.when.names() <= known.keys() and case.when.holds(known.get) for case in step.cases)


def uncounted_answers(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Where answers are counted, no way leads around it: a trend that is not judged is a concern not raised.

    Silence is no way around: when a dialog expires, what it has is counted.
    """
    ways = graph(dialog)
    counting = [step for step in dialog.steps.values() if isinstance(step, Score)]
    for pack_id, items in dict.fromkeys((step.instrument, step.items) for step in counting):
        pack = book.packs.get(pack_id)
        counts = {step.id for step in counting if (step.instrument, step.items) == (pack_id, items)}
        around = leading_to_an_end(
            dialog,
            {
                name: [jump for jump in jumps if jump.target not in counts and not jump.by_silence]
                for name, jumps in ways.items()
                if name not in counts
            },
        )
        keys = {f"{items}{key}" for rule in pack.rules.values() for key in rule.weights} if pack else set()
        for step in dialog.steps.values():
            if isinstance(step, AskStep) and step.key in keys and step.id in around:
                what = f"after '{step.id}' a way leads around '{min(counts)}', which counts the answer"
                yield Finding(f"steps.{step.id}", what, f"Let every way go through '{min(counts)}'.")


def health_questions(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A question about health, or with an acute answer, has the class health."""
    del book
    for step in dialog.steps.values():
        if not isinstance(step, AskStep) or isinstance(step, Consent) or step.data is DataClass.HEALTH:
            continue
        words = (health_word_in(text, language) for language, text in step.text.items())
        word = next((word for word in words if word), "")
        remedy = "Add 'data: health' to the step."
        if word:
            what = f"'{word}' asks about health, but the step is '{step.data}'"
            yield Finding(f"steps.{step.id}.{kind_of(step)}", what, remedy)
        elif is_acute(step):
            yield Finding(f"steps.{step.id}", f"an answer is acute, but the step is '{step.data}'", remedy)
