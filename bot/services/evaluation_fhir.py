# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Answered questionnaires as a FHIR Bundle of QuestionnaireResponses, in the parts that R4 and R5 share.

The subject is a pseudonym. There is no `authored`: dates of people do not leave, days since the start do.
Questions have no words in it, because some wordings may not be passed on; the Questionnaire is named by its
canonical address (LOINC's own where the instrument has one).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bot.services.evaluation_data import Collected
from bot.services.evaluation_sheets import Sheet, Value, about_instrument
from dialogs.instruments import Pack

#: Names of our own are made unique below this one.
_OURS = uuid.UUID("6f0c2f5e-6c1c-5b1b-9a55-0b6f5f0b7a11")
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9.-]")
_PSEUDONYM = "urn:lotse:pseudonym"


def canonical(pack: Pack) -> str:
    """The address of an instrument, with its version: LOINC's if it has a code there, else our own."""
    base = f"http://loinc.org/q/{pack.loinc}" if pack.loinc else f"urn:lotse:instrument:{pack.id}"
    return f"{base}|{pack.version}"


def as_bundle(found: Collected, points: Sheet) -> bytes:
    """Everything that was answered, as JSON. `points` is the sheet of measuring points."""
    entries = [_entry(one) for pack in found.packs for one in _responses(pack, points)]
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if entries:  # FHIR has no empty lists
        bundle["entry"] = entries
    return msgspec.json.format(msgspec.json.encode(bundle), indent=1) + b"\n"


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": f"urn:uuid:{uuid.uuid5(_OURS, resource['id'])}", "resource": resource}


def _responses(pack: Pack, points: Sheet) -> Iterator[dict[str, Any]]:
    """One for each point at which the instrument was answered."""
    names = [variable.name for variable in points.variables]
    (days, _), asked = about_instrument(pack)
    labels = next(variable.values for variable in points.variables if variable.name == "point")
    for row in points.rows:
        cells: Mapping[str, Value] = dict(zip(names, row, strict=True))
        if cells[days.name] is None:
            continue
        point = labels[int(cells["point"] or 0)]
        who = f"{cells['pseudonym']}-{cells['participation']}-{point}-{pack.id}"
        items = [
            _item(f"score.{one.rule}" if one.rule else one.item, cells[one.variable.name]) for one in asked
        ]
        yield {
            "resourceType": "QuestionnaireResponse",
            "id": _NOT_IN_IDS.sub("-", who)[:64],
            "questionnaire": canonical(pack),
            "status": "completed",
            "subject": {"identifier": {"system": _PSEUDONYM, "value": cells["pseudonym"]}},
            "item": [
                {"linkId": "point", "answer": [{"valueString": point}]},
                _item("days_since_start", cells[days.name]),
                *items,
            ],
        }


def _item(link: str, value: Value) -> dict[str, Any]:
    """A question without an answer is there without one."""
    return {"linkId": link} if value is None else {"linkId": link, "answer": [{"valueInteger": value}]}
