# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An agency's partners as a file: one line a place, read whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.partners import LONGEST_TEXT, MOST_WEEKS, Partner, PartnerKind
from bot.errors import ConfigurationError
from bot.ports import UnitOfWork
from dialogs.reading_dates import read_date

#: The columns, in German or English; `name` and `kind` must be there.
COLUMNS: Mapping[str, str] = {
    "art": "kind",
    "kind": "kind",
    "name": "name",
    "bezirk": "district",
    "ort": "district",
    "district": "district",
    "sprachen": "languages",
    "languages": "languages",
    "wartezeit": "weeks",
    "wartezeit_wochen": "weeks",
    "waiting_weeks": "weeks",
    "stand": "as_of",
    "as_of": "as_of",
    "kontakt": "contact",
    "contact": "contact",
    "angebot": "offer",
    "offer": "offer",
}
#: Kinds as German files write them, beside `PartnerKind`'s own words.
KINDS: Mapping[str, PartnerKind] = {
    **{kind.value: kind for kind in PartnerKind},
    "klinik": PartnerKind.CLINIC,
    "arzt": PartnerKind.DOCTOR,
    "ärztin": PartnerKind.DOCTOR,
    "therapie": PartnerKind.THERAPY,
    "reha": PartnerKind.REHAB,
    "träger": PartnerKind.CARRIER,
    "beratung": PartnerKind.COUNSELLING,
    "suchthilfe": PartnerKind.ADDICTION_HELP,
    "arbeitgeberservice": PartnerKind.EMPLOYER_SERVICE,
    "selbsthilfe": PartnerKind.SELF_HELP,
    "sport": PartnerKind.SPORTS,
    "ehrenamt": PartnerKind.VOLUNTEERING,
    "kurs": PartnerKind.COURSE,
    "sonstiges": PartnerKind.OTHER,
}
_NEEDED = ("kind", "name")
_LONGEST_AGO = 3660
_LONGEST_TAG = 12


@dataclass(frozen=True, slots=True)
class Imported:
    """How many places a file has added, changed, and left as they were."""

    added: int
    changed: int
    same: int


class _LineFault(ValueError):
    """What is wrong with one line, for whoever wrote it."""


def import_partners(uow: UnitOfWork, agency_id: int, text: str, actor: str, now: datetime) -> Imported:
    """Take a file into the directory: a place of the same name and district is changed, others are added.

    None is removed; one that was retired is there again. Raises `ConfigurationError` with a line for each
    fault; then nothing is kept.
    """
    known = {one.mark: one for one in uow.casework.partners.of_agency(agency_id)}
    kept: list[Partner] = []
    same = 0
    for one in read_partners(text, agency_id, now.date()):
        before = known.get(one.mark)
        new = replace(one, id=before.id if before else 0)
        if new == before:
            same += 1
        else:
            kept.append(new)
    uow.casework.partners.keep(agency_id, kept, now)
    added = sum(1 for one in kept if one.id == 0)
    uow.ledger.note(agency_id, now, actor, "partners_imported", f"{added}:{len(kept) - added}")
    return Imported(added, len(kept) - added, same)


def read_partners(text: str, agency_id: int, today: date) -> list[Partner]:
    """The places of a file with columns parted by semicolons or commas, as its first line has them.

    Raises `ConfigurationError` with a line for each fault.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    header = [COLUMNS.get(cell.strip().casefold(), "") for cell in next(rows, [])]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise ConfigurationError([f"line 1: there is no column for {', '.join(missing)}"])
    found: dict[tuple[str, str], Partner] = {}
    faults = []
    # A cell may go over several lines; a fault is named by the last.
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        try:
            one = _partner(dict(zip(header, (cell.strip() for cell in row), strict=False)), agency_id, today)
        except _LineFault as fault:
            faults.append(f"line {rows.line_num}: {fault}")
            continue
        if found.setdefault(one.mark, one) is not one:
            faults.append(f"line {rows.line_num}: this place stands in the file twice")
    if faults:
        raise ConfigurationError(faults)
    return list(found.values())


def _partner(cells: Mapping[str, str], agency_id: int, today: date) -> Partner:
    kind = KINDS.get(cells.get("kind", "").casefold())
    if kind is None:
        known = ", ".join(kind.value for kind in PartnerKind)
        raise _LineFault(f"'{cells.get('kind', '')}' is no kind; there is {known}")
    if not cells.get("name"):
        raise _LineFault("the name is missing")
    for name in ("name", "district", "contact", "offer"):
        if len(cells.get(name, "")) > LONGEST_TEXT:
            raise _LineFault(f"{name} is longer than {LONGEST_TEXT} characters")
    weeks, as_of = _waiting(cells.get("weeks", ""), cells.get("as_of", ""), today)
    return Partner(
        *(0, agency_id, kind, cells["name"]),
        district=cells.get("district", ""),
        languages=read_languages(cells.get("languages", "")),
        waiting_weeks=weeks,
        waiting_as_of=as_of,
        contact=cells.get("contact", ""),
        offer=cells.get("offer", ""),
    )


def _waiting(weeks: str, as_of: str, today: date) -> tuple[int | None, date | None]:
    if not weeks:
        return None, None
    if not weeks.isascii() or not weeks.isdecimal() or int(weeks) > MOST_WEEKS:
        raise _LineFault(f"the waiting time is a whole number of weeks from 0 to {MOST_WEEKS}")
    day = read_date(as_of, today, -_LONGEST_AGO, 0) if as_of else today
    if day is None or day > today:
        raise _LineFault(f"'{as_of}' is no day that has been, like 2026-11-30")
    return int(weeks), day


def read_languages(typed: str) -> tuple[str, ...]:
    """Tags like `de uk ar`. Raises `ValueError` for anything else."""
    tags = [tag.casefold() for tag in typed.replace(",", " ").replace("/", " ").split()]
    if any(not tag.replace("-", "").isalpha() or len(tag) > _LONGEST_TAG for tag in tags):
        raise _LineFault("languages are tags like: de uk ar")
    return tuple(dict.fromkeys(tags))
