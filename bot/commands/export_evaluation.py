# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse export evaluation` and `lotse export statistics`: what researchers and leads get."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import house
from bot.agencies import Office, office_named
from bot.commands.console_io import (
    AgencyOption,
    errors,
    fail,
    in_storage,
    kind_failures,
    put,
    read_settings,
)
from bot.domain.channels import DEFAULT_KEY
from bot.domain.small_cells import LEAST
from bot.ports import UnitOfWork
from bot.services.evaluation_data import Collected, Pseudonyms, Study, collect, sheets
from bot.services.evaluation_fhir import as_bundle
from bot.services.evaluation_files import as_csv, codebook_csv, codebook_html, manifest
from bot.services.evaluation_sheets import Sheet
from bot.services.evaluation_statistics import LEAST_FOR_MEDIAN, Statistics, statistics
from bot.services.outcome_markers import for_evaluation
from bot.services.publish import open_book
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock
from scheduler.local_time import local, zone

_KEYS = "evaluation-keys"
_EXPORTED = "evaluation_exported"
_SECRET_BYTES = 32


class Format(StrEnum):
    """What researchers' programs read."""

    CSV = "csv"
    SAV = "sav"
    DTA = "dta"
    FHIR = "fhir"


def evaluation(  # noqa: PLR0913, PLR0917  (one for each option)
    programme: Annotated[str, typer.Option(help="Its name, like gecko.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day that counts, like 2026-12-31.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder; only you can read what is in it.")],
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Once for each; csv if left out.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="The study's key file; made if there is none. Never hand it on.")
    ] = None,
    agency: AgencyOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write what an evaluation may know, pseudonymous, of all who agree to it. One day, the same files."""
    settings, now = read_settings(), SystemClock().now()
    with kind_failures():
        office = office_named(settings, agency)
    last_day = _day(until, office, now)
    wanted = sorted(set(formats or [Format.CSV]))
    writers = {one: _writer(one, last_day) for one in wanted}
    _check_folder(out)
    secret = _secret(key or settings.data_dir / _KEYS / _key_name(office, programme), out)
    packs = house.load_instruments(settings)

    def gather(uow: UnitOfWork, rules: Rulebook) -> dict[str, bytes]:
        rules = replace(rules, book=open_book(uow, packs))
        study = Study(rules.home, programme, last_day)
        found = collect(uow, rules, study, packs, now)
        tables = sheets(uow, rules, found, Pseudonyms(secret()), (for_evaluation,))
        uow.ledger.note(study.agency_id, now, "command", _EXPORTED, f"{programme} {study.until.isoformat()}")
        files = _files(writers, found, tables)
        return files | {"manifest.json": manifest(study, version("lotse"), tables, files)}

    files = in_storage(settings, gather, agency=agency)
    _write_all(out, files)
    put(
        [{"file": name, "bytes": len(content)} for name, content in files.items()],
        as_json=as_json,
        title=f"{programme} until {last_day}",
    )
    errors.print(f"{out}: pseudonymous data. The key file stays with you, apart from it.", markup=False)


def figures(
    agency: AgencyOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the figures of all evaluations, as of yesterday; no figure is about fewer than five people."""
    settings, now = read_settings(), SystemClock().now()
    packs = house.load_instruments(settings)

    def read(uow: UnitOfWork, rules: Rulebook) -> list[Statistics]:
        return statistics(uow, replace(rules, book=open_book(uow, packs)), rules.home, now)

    rows = [row for one in in_storage(settings, read, agency=agency) for row in _rows(one)]
    if not rows:
        fail("no programme with an evaluation is installed: lotse programme install NAME")
    put(rows, as_json=as_json, title="Statistics")


def _rows(one: Statistics) -> list[dict[str, object]]:
    few = f"below {LEAST}, or hidden with them"

    def row(what: str, value: float | str | None, hidden: str = few) -> dict[str, object]:
        return {"programme": one.programme, "what": what, "value": hidden if value is None else value}

    found = [row("participations", one.by_phase.total)]
    names = (*one.phases, "in no phase, or over")
    found += [row(f"phase: {name}", cell) for name, cell in zip(names, one.by_phase.cells, strict=True)]
    for point in one.points:
        words = ("with a value", "without a value", "not yet come to it")
        found += [row(f"{point.point}: {w}", c) for w, c in zip(words, point.shown.cells, strict=True)]
    for change in one.changes:
        quartiles = change.middle or (None, None, None)
        for word, value in zip(("lower quartile", "median", "upper quartile"), quartiles, strict=True):
            what = f"{change.point}: change of {change.score} since the start, {word}"
            found.append(row(what, value, f"below {LEAST_FOR_MEDIAN}"))
    return found


def _key_name(office: Office, programme: str) -> str:
    """Each agency has a key of its own: of another one's pseudonyms it tells nothing."""
    return f"{programme}.key" if office.key == DEFAULT_KEY else f"{office.key}.{programme}.key"


def _day(text: str, office: Office, now: datetime) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        fail(f"--until: '{text}' is no date; write it like 2026-12-31")
    today = local(now, zone(office.part.zone)).date()
    if day >= today:
        yesterday = today - timedelta(days=1)
        fail(f"--until: {day} is not over yet; the last day that can be exported is {yesterday}")
    return day


Writer = Callable[[Collected, tuple[Sheet, Sheet]], dict[str, bytes]]


def _writer(wanted: Format, until: date) -> Writer:
    """What writes one format. Libraries are only there for whoever needs them."""
    if wanted is Format.CSV:
        return lambda found, tables: {f"{one.name}.csv": as_csv(one) for one in tables}
    if wanted is Format.FHIR:
        return lambda found, tables: {"responses.fhir.json": as_bundle(found, tables[1])}
    try:
        from bot.commands.stat_files import as_dta, as_sav
    except ModuleNotFoundError as missing:
        _needs(wanted, missing)
    write = as_sav if wanted is Format.SAV else as_dta
    return lambda found, tables: {f"{one.name}.{wanted}": write(one, until) for one in tables}


def _needs(wanted: Format, missing: ModuleNotFoundError) -> NoReturn:
    fail(f"--format {wanted}: needs {missing.name}: pip install 'lotse[evaluation]'")


def _files(
    writers: Mapping[Format, Writer], found: Collected, tables: tuple[Sheet, Sheet]
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for write in writers.values():
        files |= write(found, tables)
    codebooks = {
        "codebook.csv": codebook_csv(tables),
        "codebook.html": codebook_html(found.study, tables),
    }
    return dict(sorted((files | codebooks).items()))


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        fail(f"{out}: is no folder")
    if out.is_dir() and any(out.iterdir()):
        fail(f"{out}: is not empty; name a new folder")


def _secret(path: Path, out: Path) -> Callable[[], bytes]:
    """The study's secret: that of the file, or a new one, which is kept when it is first needed."""
    if path.resolve().is_relative_to(out.resolve()):
        fail(f"--key: {path} lies in the folder that is handed on; keep it elsewhere")
    if not path.exists():
        # Once: whoever reads the database may have to begin anew.
        return cache(lambda: _new_secret(path))
    try:
        known = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        fail(f"--key: {path} cannot be read ({error.strerror})")
    except ValueError:
        known = b""
    if len(known) != _SECRET_BYTES:
        fail(f"--key: {path} is no key of an evaluation")
    return lambda: known


def _new_secret(path: Path) -> bytes:
    made = secrets.token_bytes(_SECRET_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, made.hex().encode() + b"\n")
    except OSError as error:
        fail(f"--key: {path} cannot be written ({error.strerror})")
    return made


def _write_all(out: Path, files: Mapping[str, bytes]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in files.items():
            _write(out / name, content)
    except OSError as error:
        fail(f"{out}: cannot be written ({error.strerror})")


def _write(path: Path, content: bytes) -> None:
    # Never over another file, and readable by nobody else from its first byte.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
