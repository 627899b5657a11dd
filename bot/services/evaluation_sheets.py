# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sheets of an evaluation: variables with their labels, and rows. Every format is written from these.

Labels are German: they are for researchers in Germany and stand in files, not on anybody's screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from dialogs.instruments.model import Numbers, Options, Pack
from dialogs.programme_model import Programme

Value = str | int | None
"""What stands in a cell. None: there is no value, and nothing says why."""


class Kind(StrEnum):
    """What a variable holds."""

    TEXT = "text"
    NUMBER = "number"


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """One column. `values` says what its numbers mean; what follows is for the codebook.

    `name` fits every program: small letters, digits and _, at most 32 of them.
    """

    name: str
    label: str
    kind: Kind = Kind.NUMBER
    values: Mapping[int, str] = {}
    source: str = ""
    scoring: str = ""
    licence: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One table. Rows have a value for each variable, in their order."""

    name: str
    title: str
    variables: tuple[Variable, ...]
    rows: tuple[tuple[Value, ...], ...]


class Asked(msgspec.Struct, frozen=True):
    """A variable of an instrument and where its value comes from: an item, or a rule for a score."""

    variable: Variable
    item: str = ""
    rule: str = ""


WHO = (
    Variable(name="pseudonym", label="Pseudonym der Person in dieser Auswertung", kind=Kind.TEXT),
    Variable(name="participation", label="Wievielte Teilnahme der Person am Programm"),
)
YES_NO = {0: "nein", 1: "ja"}
_OWN = "Lotse"


def coded(names: Mapping[str, str]) -> dict[str, int]:
    """The number of each name: from 1, in their order."""
    return {name: number for number, name in enumerate(names, start=1)}


def phases_of(programme: Programme, gone: tuple[str, ...] = ()) -> dict[str, str]:
    """Phases by id with their German titles; those of earlier versions come last."""
    found = {phase.id: phase.title.get("de", phase.id) for phase in programme.phases.values()}
    return found | {name: name for name in gone if name not in found}


def about_people(phases: Mapping[str, str]) -> tuple[Variable, ...]:
    """What is said about each participation."""
    return (
        *WHO,
        Variable(name="programme", label="Programm", kind=Kind.TEXT, source=_OWN),
        Variable(name="entry", label="Eintritt, Jahr und Quartal", kind=Kind.TEXT, source=_OWN),
        _phase("Phase am Stichtag (die zuletzt begonnene)", phases),
        Variable(name="ended", label="Teilnahme bis zum Stichtag beendet", values=YES_NO, source=_OWN),
        Variable(name="weeks", label="Ganze Wochen im Programm (nur bei beendeter Teilnahme)", source=_OWN),
    )


def about_points(points: tuple[str, ...], phases: Mapping[str, str]) -> tuple[Variable, ...]:
    """What is said about each measuring point, before its questionnaires."""
    names = dict(enumerate(points, start=1))
    return (
        *WHO,
        Variable(name="point", label="Messpunkt", values=names, source=_OWN),
        _phase("Phase beim Messpunkt (die zuletzt begonnene)", phases),
    )


def about_instrument(pack: Pack) -> tuple[tuple[Variable, Variable], tuple[Asked, ...]]:
    """When and in which version it was answered, then its items and scores. Own words are never in it."""
    own = pack.title.get("de", pack.id)
    licence, source = pack.licence, " ".join(pack.credit.split())
    days = Variable(name=f"{pack.id}_days", label=f"{own}: Tage seit Beginn der Teilnahme", source=_OWN)
    version = Variable(
        name=f"{pack.id}_version", label=f"{own}: Fassung des Fragebogens bei Lotse", source=_OWN
    )
    return (days, version), tuple(_asked(pack, own, source, licence))


def _asked(pack: Pack, own: str, source: str, licence: str) -> Iterator[Asked]:
    wording, own_names = pack.wordings.get("de"), {item.key for item in pack.items.values()}
    for number, item in enumerate(pack.items.values(), start=1):
        about = item.about.get("de") or f"Frage {number}"
        labels = wording.answers.get(item.scale, {}) if wording is not None else {}
        match item.answers:
            case Numbers():
                values = {int(key): text for key, text in labels.items()}
            case Options(keys=keys):
                values = {place: labels.get(key, key) for place, key in enumerate(keys, start=1)}
            case _:
                continue
        variable = Variable(
            name=f"{pack.id}_{item.key}",
            label=f"{own}: {about}",
            values=values,
            source=source,
            licence=licence,
        )
        yield Asked(variable, item=item.key)
    # A score that only repeats one item, under its name, is that column already.
    for rule in (one for one in pack.rules.values() if one.id not in own_names):
        parts = " + ".join(
            f"{weight if weight != 1 else ''}{'(umgepolt) ' if key in rule.reversed else ''}{key}"
            for key, weight in rule.weights.items()
        )
        times = f"{rule.times} x " if rule.times != 1 else ""
        variable = Variable(
            name=f"{pack.id}_{rule.id}",
            label=f"{own}: {rule.id} ({rule.low} bis {rule.high})",
            source=source,
            scoring=f"{pack.id}.{rule.id}, Fassung {pack.version}: {times}({parts})",
            licence=licence,
        )
        yield Asked(variable, rule=f"{pack.id}.{rule.id}")


def _phase(label: str, phases: Mapping[str, str]) -> Variable:
    values = {number: phases[name] for name, number in coded(phases).items()}
    return Variable(name="phase", label=label, values=values, source=_OWN)
