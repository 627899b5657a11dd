# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What `lotse check` says about published dialogs and clinical questionnaires. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from bot import house
from bot.domain.editions import Edition
from bot.ports import UnitOfWork
from bot.services.agencies import numbers_of
from bot.services.on_call import without_any_deputy
from bot.services.publish import is_own
from bot.settings import Settings
from bot.storage.database import open_storage
from dialogs.instruments import Pack
from dialogs.parse import parse

#: Asking a clinical questionnaire may make the operator's use of Lotse that of a medical device.
MDR = "clinical: the operator must settle first whether this makes Lotse a medical device (MDR)"


def instruments(packs: Mapping[str, Pack], on: list[str]) -> list[dict[str, str]]:
    """Which clinical questionnaires are on, each with the notice that an admin has to see."""
    rows = [{"what": f"questionnaire {packs[name].id}", "state": f"on, {MDR}"} for name in sorted(on)]
    return rows or [{"what": "questionnaires", "state": "no clinical one is on"}]


def in_database(settings: Settings, packs: Mapping[str, Pack]) -> tuple[list[dict[str, str]], bool]:
    """What is published, and whether anything there keeps Lotse from starting.

    Only for a database with the right schema, and with its keys. Raises `StoreUnavailable`.
    """
    storage = open_storage(settings.database, house.load_keys(settings))
    try:
        editions = storage.run_sync(lambda uow: uow.ledger.published())
        fault = storage.run_sync(lambda uow: _fault(uow, settings, packs))
    finally:
        storage.close()
    forced = {edition.dialog: edition for edition in editions}
    rows = [row for text in house.dialog_sources().values() for row in _differing(text, editions, forced)]
    if fault:
        rows.append({"what": "deputy on call", "state": fault})
    return rows, bool(fault)


def _fault(uow: UnitOfWork, settings: Settings, packs: Mapping[str, Pack]) -> str:
    on = [packs[name] for name in settings.instruments.on]
    return house.deputy_fault(without_any_deputy(uow, numbers_of(uow), on))


def _differing(text: str, editions: list[Edition], forced: Mapping[str, Edition]) -> list[dict[str, str]]:
    dialog = parse(text, "").id
    edition = forced.get(dialog)
    if edition is None or not is_own(edition, text):
        return []
    news = "" if any(old.dialog == dialog and old.source == text for old in editions) else " and is new"
    state = f"your version {edition.version} is in force; the shipped version differs{news}"
    return [{"what": f"dialog {dialog}", "state": state}]
