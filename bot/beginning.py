# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a start does in the database before anybody is let in: agencies, dialogs, plans, what comes daily."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot import house
from bot.agencies import offices, with_agencies
from bot.dialog_watch import DialogWatch
from bot.errors import ConfigurationError
from bot.ports import Storage, UnitOfWork
from bot.services import duty_watch, retention
from bot.services.agencies import left_out, number_agencies
from bot.services.change_plans import publish_shipped as publish_plans
from bot.services.on_call import without_any_deputy
from bot.services.publish import publish_shipped
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from dialogs.instruments import Pack
from dialogs.problems import DialogError

logger = logging.getLogger(__name__)


async def begin(
    storage: Storage, settings: Settings, rules: Rulebook, dialogs: DialogWatch, now: datetime
) -> Rulebook:
    """Number the agencies, publish what ships, and let each agency's daily work begin; returns the rulebook.

    Raises `ConfigurationError` for what an operator must mend, `StoreUnavailable`.
    """
    rules = await storage.run(partial(_with_agencies, rules=rules, settings=settings, now=now))
    packs = dialogs.book.packs
    on = [packs[name] for name in sorted(rules.packs_on)]
    fault = house.deputy_fault(
        await storage.run(partial(without_any_deputy, agencies=list(rules.agencies), packs=on))
    )
    if fault:
        raise ConfigurationError([fault])
    if on:
        logger.warning("instruments: clinical ones are on: %s", ", ".join(pack.id for pack in on))
    await _publish_dialogs(storage, settings, dialogs, packs, now)
    for agency_id in rules.agencies:
        await storage.run(partial(_begin_days, rules=rules, agency_id=agency_id, now=now))
    return replace(rules, book=dialogs.book)


def _with_agencies(uow: UnitOfWork, rules: Rulebook, settings: Settings, now: datetime) -> Rulebook:
    numbers = number_agencies(uow, {key: one.part.name for key, one in offices(settings).items()}, now)
    missing = left_out(uow, numbers)
    if missing:
        sections = ", ".join(f"[agency.{key}]" for key in missing)
        raise ConfigurationError([f"lotse.toml has no {sections}, and there are people in it: put it back"])
    return with_agencies(rules, settings, numbers)


async def _publish_dialogs(
    storage: Storage, settings: Settings, dialogs: DialogWatch, packs: Mapping[str, Pack], now: datetime
) -> None:
    shipped = partial(publish_shipped, sources=house.dialog_sources(), now=now, packs=packs)
    try:
        for dialog in await storage.run(shipped):
            logger.info("dialogs: the agency's own version stays dialog=%s", dialog)
        await asyncio.to_thread(house.load_concern_rules, settings)
        await dialogs.look(storage)
    except DialogError as error:
        raise ConfigurationError([str(problem) for problem in error.problems]) from None


def _begin_days(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> None:
    uow.serve(agency_id)
    if publish_plans(uow, agency_id, house.plans_source(), now):
        logger.info("plans: the agency's own stay agency=%s", rules.agencies[agency_id].key)
    duty_watch.ensure_watch(uow, rules, agency_id, now)
    retention.ensure_retention(uow, rules, agency_id, now)
