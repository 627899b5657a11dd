# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sheets as files of SPSS (.sav) and Stata (.dta): the only module that knows pyreadstat and polars."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from bot.services.evaluation_files import MISSING, NO_VALUE
from bot.services.evaluation_sheets import Kind, Sheet

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Versions of Stata: 14 reads it and everything newer, also the smaller editions.
_STATA = 14
#: Where an SPSS file says when it was written: nine letters of a date, then eight of a time.
_SAV_DATE = slice(92, 109)
#: What stands before it in a Stata file, with the length of what follows.
_DTA_DATE = b"<timestamp>\x11"


def as_sav(sheet: Sheet, day: date) -> bytes:
    """An SPSS file. What has no value is -9 there, declared as missing. `day` is the date that it bears."""
    numbers = [one.name for one in sheet.variables if one.kind is Kind.NUMBER]
    labels: dict[str, dict[int | float, str]] = {name: {MISSING: NO_VALUE} for name in numbers}
    for one in sheet.variables:
        if one.kind is Kind.NUMBER:
            labels[one.name].update(one.values.items())

    def write(path: Path) -> None:
        pyreadstat.write_sav(
            _frame(sheet, MISSING),
            path,
            file_label=sheet.title,
            column_labels=_labels(sheet),
            variable_value_labels=labels,
            missing_ranges={name: [MISSING] for name in numbers},
            variable_format=dict.fromkeys(numbers, "F8.0"),
            variable_measure={
                one.name: "scale" if one.kind is Kind.NUMBER and not one.values else "nominal"
                for one in sheet.variables
            },
        )

    written = bytearray(_written(write, ".sav"))
    written[_SAV_DATE] = f"{day.day:02} {_MONTHS[day.month - 1]} {day.year % 100:02}00:00:00".encode()
    return bytes(written)


def as_dta(sheet: Sheet, day: date) -> bytes:
    """A Stata file (from Stata 14 on). What has no value is a dot there. `day` is the date that it bears."""

    labels: dict[str, dict[int | float, str]] = {
        one.name: dict(one.values.items()) for one in sheet.variables if one.values
    }

    def write(path: Path) -> None:
        pyreadstat.write_dta(
            _frame(sheet, None),
            path,
            file_label=sheet.title,
            version=_STATA,
            column_labels=_labels(sheet, 80),
            variable_value_labels=labels,
        )

    written = bytearray(_written(write, ".dta"))
    stamp = f"{day.day:02} {_MONTHS[day.month - 1]} {day.year} 00:00".encode()
    begin = written.index(_DTA_DATE) + len(_DTA_DATE)
    written[begin : begin + len(stamp)] = stamp
    return bytes(written)


def _frame(sheet: Sheet, missing: int | None) -> pl.DataFrame:
    schema: dict[str, Any] = {
        one.name: pl.String if one.kind is Kind.TEXT else pl.Int32 for one in sheet.variables
    }
    rows = [[missing if cell is None else cell for cell in row] for row in sheet.rows]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _labels(sheet: Sheet, most: int = 256) -> list[str | None]:
    return [one.label[:most] for one in sheet.variables]


def _written(write: Callable[[Path], None], ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{ending}"
        write(path)
        return path.read_bytes()
