# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Published dialogs: kept for ever, so that a running conversation stays on its version (promise P9).

What is in force is the newest version of a dialog. It came with the program, or somebody here published it;
what somebody here published is never replaced by what comes with the program.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.domain.editions import Edition, Origin
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.remembered import NOT_FOR_DIALOGS
from dialogs.book import DialogBook
from dialogs.check import ADVICE, check
from dialogs.findings import Finding
from dialogs.instruments import Pack
from dialogs.model import Dialog, Question, Set
from dialogs.parse import parse
from dialogs.problems import DialogError, Problem, did_you_mean

logger = logging.getLogger(__name__)

Packs = Mapping[str, Pack] | None
Given = list[tuple[Dialog, str]]


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing one dialog: the version in force now, and whether it is a new one."""

    dialog: str
    version: int
    is_new: bool


def publish(
    uow: UnitOfWork,
    sources: Mapping[str, str],
    now: datetime,
    packs: Packs = None,
    shipped: Collection[str] = (),
) -> list[Published]:
    """Publish each source (by file name) that is not in force already, as the newest version of its dialog.

    Dialogs that the sources refer to, and that are not among them, are those in force. A source that is one
    of `shipped` is followed by what comes with later versions of the program. Raises `DialogError` with
    file, line and remedy for whatever an editor has to mend, and then publishes nothing.
    """
    uow.ledger.lock_publishing()
    forced = in_force(uow)
    given = _read(sources, packs)
    others = [_try_to_read(edition, packs) for edition in forced.values()]
    _refuse_faults(given, [dialog for dialog in others if dialog is not None], packs)
    return [
        _keep(uow, forced, dialog.id, text, Origin.SHIPPED if text in shipped else Origin.ADMIN, now)
        for dialog, text in given
    ]


def publish_shipped(
    uow: UnitOfWork, sources: Mapping[str, str], now: datetime, packs: Packs = None
) -> list[str]:
    """Publish what comes with the program, where it has changed, and nobody here has put their own in force.

    Returns the dialogs that stay as somebody here published them, although another text came with the
    program. Raises `DialogError`.
    """
    uow.ledger.lock_publishing()
    forced = in_force(uow)
    given = _read(sources, packs)
    own = [dialog.id for dialog, text in given if is_own(forced.get(dialog.id), text)]
    changed = [
        (dialog, text)
        for dialog, text in given
        if dialog.id not in own and not _is_in_force(forced.get(dialog.id), text)
    ]
    _refuse_faults(changed, [dialog for dialog, _ in given], packs)
    for dialog, text in changed:
        _keep(uow, forced, dialog.id, text, Origin.SHIPPED, now)
    return own


def roll_back(
    uow: UnitOfWork,
    which: tuple[str, int],
    now: datetime,
    packs: Packs = None,
    shipped: Collection[str] = (),
) -> Published:
    """Publish an old version (dialog and number) once more, as the newest.

    Raises `NotFound` with the nearest one that there is, and `DialogError` if it no longer fits the others.
    """
    dialog, version = which
    known = {(edition.dialog, edition.version): edition for edition in uow.ledger.published()}
    if which not in known:
        names = {name for name, _ in known}
        if dialog not in names:
            raise NotFound(f"there is no dialog '{dialog}'. {did_you_mean(dialog, names, _NOTHING)}")
        highest = max(number for name, number in known if name == dialog)
        raise NotFound(f"'{dialog}' has no version {version}. There are 1 to {highest}.")
    source = known[which].source
    (done,) = publish(uow, {f"{dialog} version {version}": source}, now, packs, shipped)
    return done


_NOTHING = "Nothing is published yet."


def in_force(uow: UnitOfWork) -> dict[str, Edition]:
    """The newest version of each dialog."""
    # They come by version, so that later ones take the place of earlier ones.
    return {edition.dialog: edition for edition in uow.ledger.published()}


def is_own(edition: Edition | None, shipped: str) -> bool:
    """Whether somebody here put a text of their own in force instead of the one that came along."""
    return edition is not None and edition.origin is Origin.ADMIN and not _is_in_force(edition, shipped)


def open_book(uow: UnitOfWork, packs: Packs = None) -> DialogBook:
    """Every published version, ready for the engine. See `renewed`."""
    return renewed(DialogBook((), packs), uow.ledger.published())


def renewed(book: DialogBook, editions: Iterable[Edition]) -> DialogBook:
    """The book with these editions added.

    Raises `DialogError` if a newest one cannot be read (any more). An older one is left out and noted: else
    nobody could ever give up a questionnaire that some old version asks.
    """
    found: list[Dialog] = []
    editions = list(editions)
    newest = {edition.dialog: edition.version for edition in editions}
    for edition in editions:
        if edition.version == newest[edition.dialog]:
            found.append(_parsed(edition, book.packs))
            continue
        old = _try_to_read(edition, book.packs)
        if old is None:
            logger.warning("dialogs: left out dialog=%s version=%d", edition.dialog, edition.version)
        else:
            found.append(old)
    return DialogBook([*book, *found], book.packs)


def with_versions(uow: UnitOfWork, book: DialogBook, wanted: Collection[tuple[str, int]]) -> DialogBook:
    """The book, and whichever of these versions (dialog and number) it lacks and can be read."""
    editions = [each for each in uow.ledger.published() if (each.dialog, each.version) in wanted]
    found = [_try_to_read(edition, book.packs) for edition in editions]
    return DialogBook([*book, *(dialog for dialog in found if dialog is not None)], book.packs)


def _read(sources: Mapping[str, str], packs: Packs) -> Given:
    problems: list[Problem] = []
    found: Given = []
    for name, text in sources.items():
        try:
            dialog = parse(text, name, packs)
        except DialogError as error:
            problems += error.problems
            continue
        twin = next((other.file for other, _ in found if other.id == dialog.id), "")
        if twin:
            remedy = "Publish one of them, or give one another name."
            problems.append(Problem(name, 1, 1, f"'{dialog.id}' is also in {twin}", remedy))
        found.append((dialog, text))
    if problems:
        raise DialogError(problems)
    return found


def _refuse_faults(given: Given, others: list[Dialog], packs: Packs) -> None:
    """Raise `DialogError` for faults of the given dialogs, and for those that they cause in others."""
    names = {dialog.id for dialog, _ in given}
    rest = [dialog for dialog in others if dialog.id not in names]
    before, after = DialogBook(others, packs), DialogBook([*rest, *(dialog for dialog, _ in given)], packs)
    found = [problem for dialog, _ in given for problem in [*check(dialog, after), *_not_kept(dialog)]]
    if given:
        found += [each for dialog in rest for each in set(check(dialog, after)) - set(check(dialog, before))]
    problems = [problem for problem in found if problem.rule not in ADVICE]
    if problems:
        raise DialogError(problems)


def _keep(
    uow: UnitOfWork, forced: Mapping[str, Edition], dialog: str, text: str, origin: Origin, now: datetime
) -> Published:
    edition = forced.get(dialog)
    if edition is not None and _is_in_force(edition, text):
        return Published(dialog, edition.version, is_new=False)
    return Published(dialog, uow.ledger.publish(dialog, _digest(text), text, origin, now), is_new=True)


def _is_in_force(edition: Edition | None, text: str) -> bool:
    return edition is not None and edition.digest == _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _not_kept(dialog: Dialog) -> list[Problem]:
    """Names under which a dialog would remember something, and that have a meaning of their own."""
    names: list[tuple[str, str]] = []
    for step in dialog.steps.values():
        if isinstance(step, Set) and step.remember:
            names += [(f"steps.{step.id}.set.{name}", name) for name in step.values]
        elif isinstance(step, Question) and step.remember:
            names.append((f"steps.{step.id}.remember", step.remember))
    remedy = "Remember it under another name."
    return [
        Finding(path, f"'{name}' is what Lotse itself knows", remedy).problem(dialog, "own_facts")
        for path, name in names
        if name in NOT_FOR_DIALOGS
    ]


def _parsed(edition: Edition, packs: Packs) -> Dialog:
    name = f"{edition.dialog} version {edition.version}"
    return msgspec.structs.replace(parse(edition.source, name, packs), version=edition.version)


def _try_to_read(edition: Edition, packs: Packs) -> Dialog | None:
    """The dialog, or None if it cannot be read any more, for example because a questionnaire has gone."""
    try:
        return _parsed(edition, packs)
    except DialogError:
        return None
