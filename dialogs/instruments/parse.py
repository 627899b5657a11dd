# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From an `instrument.yaml` to a pack, still without wording. All problems at once, each with its line."""

from __future__ import annotations

import re
from enum import StrEnum

from dialogs.fields import NAME, Fields
from dialogs.instruments.model import AnswerScale, Item, Numbers, Options, OwnWords, Pack, Status
from dialogs.instruments.parse_rules import parse_safety, parse_scores, parse_trends
from dialogs.instruments.safety import too_weak
from dialogs.problems import did_you_mean
from dialogs.yaml_source import Listing, Scalar

FORMAT = 1

_LOINC = re.compile(r"\d{1,7}-\d", re.ASCII)
_DAY = 86400


class _Labels(StrEnum):
    EVERY = "every"
    ENDS = "ends"


class _Missing(StrEnum):
    NOT_SAID = ""
    NOT_COMPUTABLE = "not_computable"


def parse_pack(fields: Fields) -> Pack:
    """The pack that a file describes. If the notes of `fields` then hold problems, it must not be used."""
    _check_format(fields)
    scales = _scales(fields)
    items = _items(fields, scales)
    status = fields.one_of("status", Status, Status.UNVERIFIED)
    clinical = fields.scalar("clinical", "Write clinical: yes or clinical: no.")
    fields.one_of(
        "missing", _Missing, _Missing.NOT_SAID, "Write missing: not_computable. No other rule is known."
    )
    rules = parse_scores(fields, items)
    safety, offer = parse_safety(fields, items)
    pack = Pack(
        id=fields.name("instrument", "Write instrument: and the name of the folder."),
        version=_version(fields),
        title=fields.texts("title", "Write title: and below it de: ... and en: ..."),
        status=status,
        is_clinical=fields.flag("clinical") if clinical else True,
        licence=_line(fields, "licence", "Write licence: and its SPDX name, for example EUPL-1.2."),
        credit=_line(fields, "credit", "Write credit: and the line that the rights holder asks for."),
        items=items,
        rules=rules,
        trends=parse_trends(fields, rules),
        safety=safety,
        offer=offer,
        recall_days=fields.seconds("recall") // _DAY,
        loinc=_loinc(fields),
        original=_line(fields, "original"),
        wording_from=_names(fields, "wording_from"),
    )
    fields.finish()
    _check_whole(fields, pack)
    return pack


def _check_format(fields: Fields) -> None:
    if fields.whole("format", 0, 0, 1_000_000) != FORMAT:
        fields.notes.problem(
            fields.tree("format") or fields.mapping, "the format is not known", "Write format: 1."
        )


def _version(fields: Fields) -> int:
    fields.scalar("version", "Write version: 1, and a higher number after every change.")
    return fields.whole("version", 1, 1, 1_000_000)


def _line(fields: Fields, key: str, required: str = "") -> str:
    found = fields.scalar(key, required)
    return found.text.strip() if found else ""


def _loinc(fields: Fields) -> str:
    found = fields.scalar("loinc")
    if found is None or _LOINC.fullmatch(found.text):
        return found.text if found else ""
    fields.notes.problem(found, "this is not a LOINC code", "Write digits, a hyphen and one digit: 44250-9.")
    return ""


def _names(fields: Fields, key: str) -> tuple[str, ...]:
    tree = fields.tree(key)
    if tree is None:
        return ()
    entries = tree.items if isinstance(tree, Listing) else [tree]
    names = [entry.text for entry in entries if isinstance(entry, Scalar) and NAME.fullmatch(entry.text)]
    if len(names) != len(entries) or len(set(names)) != len(names):
        fields.notes.problem(
            tree, f"'{key}' is not a list of different names", "Write for example: [phq9, gad7]."
        )
    return tuple(names)


def _scales(fields: Fields) -> dict[str, AnswerScale]:
    inner = fields.nested("scales", "Write scales: and below it, for example, frequency: {low: 0, high: 3}.")
    found: dict[str, AnswerScale] = {}
    for name in inner.mapping.entries if inner else ():
        scale = inner.nested(name) if inner else None
        if scale is not None:
            found[name] = _scale(scale)
            scale.finish()
    return found


def _scale(fields: Fields) -> AnswerScale:
    if fields.has("text"):
        fields.flag("text")
        return OwnWords()
    if fields.has("options"):
        return Options(_names(fields, "options"))
    for key in ("low", "high"):
        fields.scalar(key, "Write low: and high:, or options:, or text: yes.")
    low, high = fields.whole("low", 0, -1000, 1000), fields.whole("high", 1, -1000, 1000)
    if low >= high:
        fields.notes.problem(fields.mapping, "'low' is not below 'high'", "Write the smaller number as low.")
    return Numbers(low, high, fields.one_of("labels", _Labels, _Labels.EVERY) is _Labels.ENDS)


def _items(fields: Fields, scales: dict[str, AnswerScale]) -> dict[str, Item]:
    inner = fields.nested("items", "Write items: and the items below it.")
    found: dict[str, Item] = {}
    for key, entry in inner.mapping.entries.items() if inner else ():
        if not NAME.fullmatch(key):
            fields.notes.problem(
                entry.key, f"'{key[:80]}' is not a name", "Use small letters a-z, digits and _."
            )
        item = inner.nested(key) if inner else None
        if item is not None:
            found[key] = _item(item, key, scales)
            item.finish()
    if inner and not inner.mapping.entries:
        fields.notes.problem(inner.mapping, "there are no items", "Write the items below it.")
    return found


def _item(fields: Fields, key: str, scales: dict[str, AnswerScale]) -> Item:
    name = fields.scalar("scale", "Write scale: and one of those under scales:.")
    if name is not None and name.text not in scales:
        fields.notes.problem(name, f"there is no scale '{name.text[:80]}'", did_you_mean(name.text, scales))
    return Item(
        key=key,
        scale=name.text if name else "",
        answers=scales.get(name.text, OwnWords()) if name else OwnWords(),
        loinc=_loinc(fields),
        about=fields.texts("about"),
        is_scored=fields.flag("scored") if fields.has("scored") else True,
    )


def _check_whole(fields: Fields, pack: Pack) -> None:
    """What only shows once the whole file is read."""
    weighted = {key for rule in pack.rules.values() for key in rule.weights}
    for key, item in pack.items.items():
        if item.is_scored and key not in weighted:
            _at_item(fields, key, "has no weight in any score", "Give it one, or write scored: no.")
        if not item.is_scored and key in weighted:
            _at_item(fields, key, "is not scored, but has a weight", "Delete scored: no, or the weight.")
        if pack.status is Status.METADATA_ONLY and not item.about:
            _at_item(
                fields, key, "may not ship its wording and says nothing else", "Write about: in own words."
            )
    if pack.status is Status.METADATA_ONLY and not pack.original:
        fields.notes.problem(
            fields.mapping, "it is not said where to get the wording", "Write original: and where."
        )
    at = fields.tree("safety") or fields.mapping
    for what in too_weak(pack):
        fields.notes.problem(at, what, "Under safety: write it as the pack that ships has it, or stricter.")


def _at_item(fields: Fields, key: str, what: str, remedy: str) -> None:
    items = fields.nested("items")
    at = items.mapping.entries[key].key if items else fields.mapping
    fields.notes.problem(at, f"the item '{key[:80]}' {what}", remedy)
