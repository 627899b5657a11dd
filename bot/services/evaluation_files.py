# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The files of an evaluation that need no library: CSV, codebook, manifest. Same sheets, same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

import msgspec

from bot.services.evaluation_data import Study
from bot.services.evaluation_sheets import Sheet, Variable

#: Stands in SPSS files where there is no value, and is declared as missing there.
MISSING = -9
NO_VALUE = "keine Angabe"
_COLUMNS = ("Tabelle", "Variable", "Bedeutung", "Werte", "Fehlend", "Quelle", "Berechnung", "Lizenz")
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:70rem;margin:0 auto;padding:1rem;color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}"
)
_NOTES = (
    "Enthalten ist nur, wer der Auswertung zugestimmt hat: am Stichtag und am Tag der Ausgabe.",
    "Ein leeres Feld heißt: Es gibt keinen Wert. Warum, ist nirgends festgehalten.",
    f"In SPSS-Dateien steht dafür {MISSING} (als fehlend erklärt), in Stata-Dateien der Punkt.",
    "Tage zählen vom Beginn der Teilnahme an. Kalendertage sind nicht enthalten.",
    "Nicht enthalten sind auch Namen, freie Worte, Angaben zum Team und zu Meldungen.",
    "Ein Messpunkt darf vier Wochen lang beantwortet werden; es zählt die erste Antwort in dieser Zeit.",
    "Eine Altersgruppe fehlt, weil Lotse das Alter nicht kennt.",
)


def as_csv(sheet: Sheet) -> bytes:
    """A sheet with one line of names; comma, UTF-8, empty cells where there is no value."""
    return _csv([[one.name for one in sheet.variables], *([_cell(v) for v in row] for row in sheet.rows)])


def codebook_csv(sheets: Sequence[Sheet]) -> bytes:
    """What every variable means, for programs."""
    return _csv([_COLUMNS, *_lines(sheets)])


def codebook_html(study: Study, sheets: Sequence[Sheet]) -> bytes:
    """What every variable means, to read."""
    title = f"Codebuch {study.programme}, Stichtag {study.until.isoformat()}"
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in line) + "</tr>" for line in _lines(sheets)
    )
    notes = "\n".join(f"<li>{escape(note)}</li>" for note in _NOTES)
    return (
        f'<!doctype html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n<ul>\n{notes}\n</ul>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</body>\n</html>\n"
    ).encode()


def manifest(study: Study, version: str, sheets: Sequence[Sheet], files: Mapping[str, bytes]) -> bytes:
    """What belongs to an export: by which program, for which day, how many rows, and each file's digest."""
    content = {
        "format": "lotse-evaluation",
        "lotse": version,
        "programme": study.programme,
        "until": study.until.isoformat(),
        "people": len({row[0] for row in sheets[0].rows}),
        "rows": {sheet.name: len(sheet.rows) for sheet in sheets},
        "sha256": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _lines(sheets: Sequence[Sheet]) -> Iterator[list[str]]:
    for sheet in sheets:
        for one in sheet.variables:
            parts = (sheet.title, one.name, one.label, _values(one), NO_VALUE)
            yield [*parts, one.source, one.scoring, one.licence]


def _values(variable: Variable) -> str:
    return "; ".join(f"{number} = {label}" for number, label in variable.values.items())


def _cell(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
