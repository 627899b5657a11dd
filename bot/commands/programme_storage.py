# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What `lotse programme` does in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot import house
from bot.agencies import office_named
from bot.commands.console_io import in_storage, kind_failures, open_house, read_settings
from bot.domain.channels import DEFAULT_KEY
from bot.domain.enrolments import ProgrammeEdition
from bot.domain.plans import PlanEdition
from bot.ports import UnitOfWork
from bot.services import change_plans, change_programmes
from bot.services.publish import in_force, publish_shipped
from bot.services.read_plans import PlanSet
from bot.services.rulebook import Rulebook
from dialogs.check_programme import not_asked
from dialogs.instruments import Pack
from dialogs.parse_programme import parse_programme
from scheduler.clock import SystemClock

T = TypeVar("T")


def in_house(use_case: Callable[[UnitOfWork, Rulebook], T], agency: str = "") -> T:
    """Run one use case against the configured database, about one agency."""
    return in_storage(read_settings(), use_case, agency=agency)


def editions_of(uow: UnitOfWork, rules: Rulebook) -> list[PlanEdition]:
    """All versions, the oldest first."""
    return uow.plans.editions(rules.home)


def dialogs_and_plans(uow: UnitOfWork, rules: Rulebook) -> list[str]:
    """The dialogs that plans may begin; none in a new database."""
    del rules
    return list(in_force(uow))


def explain_to_all(
    uow: UnitOfWork, rules: Rulebook, new: PlanSet, ahead: timedelta
) -> list[change_plans.Change]:
    """What would become of everybody's coming days."""
    return list(change_plans.explain(uow, rules, rules.home, new, SystemClock().now(), ahead))


def publish_source(source: str, uow: UnitOfWork, agency_id: int) -> tuple[PlanEdition, bool]:
    """Put a file in force."""
    return change_plans.publish(uow, agency_id, source, SystemClock().now(), {house.plans_source()})


def roll_back_to(version: int, uow: UnitOfWork, agency_id: int) -> tuple[PlanEdition, bool]:
    """Put an old version in force."""
    return change_plans.roll_back(uow, agency_id, version, SystemClock().now(), {house.plans_source()})


#: Puts plans in force in an agency. Returns them, and whether they are new.
PutIn = Callable[[UnitOfWork, int], tuple[PlanEdition, bool]]


def apply_to_all(change: PutIn, agency: str = "") -> tuple[PlanEdition, bool, int]:
    """Put plans in force, then bring everybody in line, batch by batch.

    Whoever is left when this is killed in between is brought in line by the worker. Returns what is in force,
    whether it is new, and to how many people it was applied.
    """
    settings = read_settings()
    with kind_failures(), open_house(settings, agency) as (storage, rules):
        put_in = partial(_change, rules=rules, packs=house.load_instruments(settings), change=change)
        edition, is_new = storage.run_sync(put_in)
        people, last = 0, 0 if is_new else None
        while last is not None:
            now = SystemClock().now()
            batch = partial(change_plans.go_on, rules=rules, agency_id=rules.home, after=last, now=now)
            number, last = storage.run_sync(batch)
            people += number
    return edition, is_new, people


def _change(
    uow: UnitOfWork,
    rules: Rulebook,
    packs: Mapping[str, Pack],
    change: PutIn,
) -> tuple[PlanEdition, bool]:
    put_shipped(uow, rules, packs)
    edition, is_new = change(uow, rules.home)
    if is_new:
        uow.ledger.note(rules.home, SystemClock().now(), "command", "publish_plans", str(edition.version))
    return edition, is_new


def put_shipped(uow: UnitOfWork, rules: Rulebook, packs: Mapping[str, Pack]) -> None:
    """In a new database first what ships, as at a start: a plan begins a dialog, and version 1 is ours."""
    now = SystemClock().now()
    publish_shipped(uow, house.dialog_sources(), now, packs)
    change_plans.publish_shipped(uow, rules.home, house.plans_source(), now)


def programmes_here(uow: UnitOfWork, rules: Rulebook) -> tuple[list[ProgrammeEdition], dict[str, int]]:
    """All versions, and how many people are in each programme."""
    counted = Counter(one.programme for one in uow.programmes.open_in(rules.home))
    return uow.programmes.editions(rules.home), dict(counted)


def install_programme(source: str, filename: str, agency: str) -> tuple[ProgrammeEdition, bool, list[str]]:
    """Install it. The third are lines for the operator: what works, but may be a slip."""
    config = read_settings()
    packs = house.load_instruments(config)

    def act(uow: UnitOfWork, rules: Rulebook) -> tuple[ProgrammeEdition, bool, list[str]]:
        put_shipped(uow, rules, packs)
        done = change_programmes.install(uow, rules, rules.home, (source, filename), SystemClock().now())
        known = change_programmes.known(uow, rules, rules.home)
        return (*done, [str(one) for one in not_asked(parse_programme(source, filename), known)])

    edition, is_new, lines = in_storage(config, act, agency=agency)
    office = office_named(config, agency)
    wanted, there = parse_programme(source, filename).holidays, office.part.holidays
    setting = "LOTSE_AGENCY__HOLIDAYS" if office.key == DEFAULT_KEY else f"{office.section} holidays"
    if wanted and wanted != there:
        line = f"the programme's public holidays are those of {wanted}, the agency's those of {there}"
        lines.append(f"{line}: see {setting}")
    return edition, is_new, lines


def explain_programme(source: str, filename: str, agency: str) -> change_programmes.Explained:
    """What another version would change."""
    return in_house(
        lambda uow, rules: change_programmes.explain(uow, rules, rules.home, (source, filename)), agency
    )


def upgrade_programme(source: str, filename: str, agency: str) -> tuple[ProgrammeEdition, bool]:
    """Put another version in force."""

    def act(uow: UnitOfWork, rules: Rulebook) -> tuple[ProgrammeEdition, bool]:
        return change_programmes.upgrade(uow, rules, rules.home, (source, filename), SystemClock().now())

    return in_house(act, agency)
