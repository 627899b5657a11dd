# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Published dialogs: kept for ever, so that a running conversation stays on its version (promise P9)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from bot.ports import UnitOfWork
from dialogs.book import DialogBook
from dialogs.check import ADVICE, check
from dialogs.model import Dialog, Question, Set
from dialogs.parse import parse
from dialogs.problems import DialogError, Problem

#: What dialogs may remember about a person beyond the conversation.
KEPT_FACTS = frozenset({"language"})


def publish(uow: UnitOfWork, sources: Mapping[str, str], now: datetime) -> None:
    """Keep each source (by file name) as the newest version of its dialog, if it is not that already.

    Raises `DialogError` with file, line and remedy for whatever an editor has to mend, and then publishes
    nothing.
    """
    dialogs = [(parse(source, name), source) for name, source in sources.items()]
    book = DialogBook([dialog for dialog, _ in dialogs])
    found = [problem for dialog, _ in dialogs for problem in [*check(dialog, book), *_not_kept(dialog)]]
    problems = [problem for problem in found if problem.rule not in ADVICE]
    if problems:
        raise DialogError(problems)
    for dialog, source in dialogs:
        digest = hashlib.sha256(source.encode()).hexdigest()
        uow.ledger.publish(dialog.id, digest, source, now)


def _not_kept(dialog: Dialog) -> list[Problem]:
    """Facts that this version of Lotse would forget: saying so is better than losing them."""
    names: list[str] = []
    for step in dialog.steps.values():
        if isinstance(step, Set) and step.remember:
            names += step.values
        elif isinstance(step, Question) and step.remember:
            names.append(step.remember)
    remedy = f"Known are: {', '.join(sorted(KEPT_FACTS))}. Leave 'remember' out."
    return [
        Problem(dialog.file, 1, 1, f"'{name}' cannot be remembered about a person yet", remedy)
        for name in names
        if name not in KEPT_FACTS
    ]


def open_book(uow: UnitOfWork) -> DialogBook:
    """Every published version, ready for the engine."""
    dialogs = []
    for name, version, source in uow.ledger.published():
        dialogs.append(msgspec.structs.replace(parse(source, f"{name}.yaml"), version=version))
    return DialogBook(dialogs)
