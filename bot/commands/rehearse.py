# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse rehearse`: months of a programme in a minute, before a single person is invited."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import msgspec
import typer

import locales
from bot import logs
from bot.commands.console_io import kind_failures
from bot.commands.programme_files import known_shipped, read_source
from bot.commands.refusals import errors, fail
from bot.rehearsal.course import MOST_MONTHS, MOST_PEOPLE, MOST_STAFF, Plan, rehearse
from bot.rehearsal.findings import Findings
from bot.rehearsal.reckoning import find
from bot.rehearsal.report import write_report
from bot.texts import Texts
from dialogs.check_programme import check_programme
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError, did_you_mean
from dialogs.programme_model import Programme
from dialogs.shipped import shipped_programmes
from scheduler.clock import SystemClock

_FORMAT = 1
_LANGUAGES = ("de", "en")
_MEGABYTE = 1024


def rehearse_programme(  # noqa: PLR0913, PLR0917  (one for each option)
    programme: Annotated[
        str, typer.Argument(metavar="PROGRAMME", help="The name of one that ships, or a programme's file.")
    ],
    participants: Annotated[int, typer.Option(min=1, max=MOST_PEOPLE, help="How many are invited.")] = 60,
    months: Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="How long it goes on.")] = 3,
    staff: Annotated[
        int, typer.Option(min=1, max=MOST_STAFF, help="How many coaches; a lead comes too.")
    ] = 3,
    seed: Annotated[str, typer.Option(help="The same word gives the same rehearsal.")] = "1",
    begins: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="The first day; without it next year's first Monday."
        ),
    ] = None,
    against: Annotated[
        str, typer.Option(metavar="PROGRAMME", help="Rehearse a second one and say what is different.")
    ] = "",
    against_staff: Annotated[
        int,
        typer.Option(min=0, max=MOST_STAFF, help="Rehearse it with so many coaches as well, and compare."),
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Where report.html and report.json go; without it ./rehearsal.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the report: de or en.")] = "de",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print report.json; files only with --out.")
    ] = False,
) -> None:
    """Live through months of a programme with invented people and an invented team; nobody is written to."""
    logs.set_up("error")
    if language not in _LANGUAGES:
        fail(f"--language: there is no '{language}', only {' and '.join(_LANGUAGES)}")
    day = begins.date() if begins else _first_monday()
    plans = [_plan(programme, (participants, months, staff), seed, day)]
    if against or against_staff:
        second = (participants, months, against_staff or staff)
        plans.append(_plan(against or programme, second, seed, day))
    began = time.process_time()
    with kind_failures():
        found = _live_through(plans)
    content = msgspec.json.encode({"format": _FORMAT, "rehearsals": found})
    content = msgspec.json.format(content, indent=2) + b"\n"
    if as_json:
        sys.stdout.buffer.write(content)
    if out is not None or not as_json:
        folder = out or Path("rehearsal")
        _write(folder, content, _page(plans, found, language))
        errors.print(f"lotse: written: {folder / 'report.html'} and {folder / 'report.json'}", markup=False)
    _tell_cost(time.process_time() - began)


def findings_of(plan: Plan) -> Findings:
    """Rehearse a plan in this process, quietly."""
    course = rehearse(plan)
    try:
        return find(course, plan)
    finally:
        course.there.close()


def _live_through(plans: Sequence[Plan]) -> list[Findings]:
    """One here; two beside each other, each in a process of its own."""
    if len(plans) == 1:
        with errors.status("Rehearsing") as line:
            course = rehearse(plans[0], lambda week, of: line.update(f"Rehearsing: week {week} of {of}"))
            try:
                return [find(course, plans[0])]
            finally:
                course.there.close()
    workers = min(len(plans), os.cpu_count() or 1)
    with (
        errors.status("Rehearsing both"),
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
    ):
        return list(pool.map(findings_of, plans))


def _plan(file: str, size: tuple[int, int, int], seed: str, begins: date) -> Plan:
    shipped = shipped_programmes()
    if file not in shipped and not Path(file).exists():
        fail(f"there is no programme and no file '{file}'. {did_you_mean(file, shipped)}")
    source = read_source(file)
    participants, months, staff = size
    return Plan(_read(source.text, source.name), source.text, participants, months, staff, seed, begins)


def _read(text: str, name: str) -> Programme:
    try:
        programme = parse_programme(text, name)
    except DialogError as error:
        fail(*map(str, error.problems))
    # A licensed score lies in an installation, and none is asked: the report says that it is left out.
    known = msgspec.structs.replace(known_shipped(), score_packs=frozenset({programme.score_pack}))
    problems = check_programme(programme, known)
    if problems:
        fail(*map(str, problems))
    return programme


def _first_monday() -> date:
    """Of next year: so that the same call gives the same report for as long as can be."""
    day = date(SystemClock().now().year + 1, 1, 1)
    return day + timedelta(days=-day.weekday() % 7)


def _page(plans: Sequence[Plan], found: Sequence[Findings], language: str) -> str:
    voice = Texts.load(Path(locales.__file__).parent).voice(language)
    titles = {
        name: phase.title.get(language, name)
        for plan in plans
        for name, phase in plan.programme.phases.items()
    }
    headings = [
        voice.say(
            "{programme} (Coaches: {staff})", programme=plan.programme.title.get("de", ""), staff=plan.staff
        )
        for plan in plans
    ]
    return write_report(list(zip(headings, found, strict=True)), titles, voice)


def _write(folder: Path, content: bytes, page: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_bytes(content)
        (folder / "report.html").write_text(page, encoding="utf-8")
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror})")


def _tell_cost(seconds: float) -> None:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds += children.ru_utime + children.ru_stime
    peak = max(own.ru_maxrss, children.ru_maxrss) / _MEGABYTE
    errors.print(f"lotse: {seconds:.1f} s of CPU, {peak:.0f} MB", markup=False)
