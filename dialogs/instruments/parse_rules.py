# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The parts of an `instrument.yaml` that compute: scores with bands and cut-offs, trends, safety."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs.fields import NAME, Fields
from dialogs.instruments.model import (
    Band,
    Change,
    Citation,
    Cutoff,
    Drop,
    Item,
    LowRow,
    Numbers,
    Offer,
    SafetyRule,
    ScoringRule,
    TrendRule,
)
from dialogs.model import ConcernRule
from dialogs.problems import did_you_mean
from dialogs.scales import Level
from dialogs.yaml_source import Listing, Scalar

_LIMIT = 1_000_000
_LEVEL = "Write level: R1, R2 or R3."
_REASON = "Write reason: and a short name for it."


def parse_scores(fields: Fields, items: Mapping[str, Item]) -> dict[str, ScoringRule]:
    """`scores:`, by name. There may be none: then nothing is ever computed."""
    return {name: _score(inner, name, items) for name, inner in _named(fields, "scores")}


def parse_trends(fields: Fields, rules: Mapping[str, ScoringRule]) -> dict[str, TrendRule]:
    """`trends:`, by name."""
    return {name: _trend(inner, name, rules) for name, inner in _named(fields, "trends")}


def parse_safety(fields: Fields, items: Mapping[str, Item]) -> tuple[tuple[SafetyRule, ...], Offer | None]:
    """`safety:`, its rules and when the pack may be offered."""
    inner = fields.nested("safety")
    if inner is None:
        return (), None
    rules = tuple(_safety_rule(rule, items) for rule in inner.many("rules"))
    if not rules:
        inner.notes.problem(
            inner.mapping, "there are no safety rules", "Write rules: and the rules below it."
        )
    conditions = inner.nested("offer")
    inner.finish()
    return rules, _offer(conditions) if conditions else None


def _named(fields: Fields, key: str) -> Iterator[tuple[str, Fields]]:
    """A map of names, each with fields of its own."""
    outer = fields.nested(key)
    for name, entry in outer.mapping.entries.items() if outer else ():
        if not NAME.fullmatch(name):
            fields.notes.problem(
                entry.key, f"'{name[:80]}' is not a name", "Use small letters a-z, digits and _."
            )
        inner = outer.nested(name) if outer else None
        if inner is not None:
            yield name, inner


def _needed(fields: Fields, key: str, low: int = -_LIMIT, high: int = _LIMIT) -> int:
    """A whole number that has to be there; what has no number is never taken for 0 but reported."""
    if fields.scalar(key, f"Write {key}: and a whole number.") is None:
        return low
    return fields.whole(key, low, low, high)


def _known(fields: Fields, key: str, known: Mapping[str, object]) -> str:
    name = fields.name(key, f"Write {key}: and its name.")
    tree = fields.tree(key)
    if name and tree and name not in known:
        fields.notes.problem(tree, f"there is no {key} '{name}'", did_you_mean(name, known, "None is there."))
    return name


def _citation(fields: Fields) -> Citation:
    source = fields.scalar("source", "Write source: and where this was published.")
    return Citation(source.text.strip() if source else "", fields.flag("checked"))


def _score(fields: Fields, name: str, items: Mapping[str, Item]) -> ScoringRule:
    weights = _weights(fields, items)
    times = fields.whole("times", 1, 1, 1000)
    low, high = _range(weights, times, items)
    bands, bands_from = _bands(fields, low, high)
    rule = ScoringRule(
        id=name,
        weights=weights,
        low=low,
        high=high,
        reversed=_reversed(fields, weights),
        times=times,
        bands=bands,
        bands_from=bands_from,
        cutoffs=tuple(_cutoff(cutoff, low, high) for cutoff in fields.many("cutoffs")),
        changes=tuple(_change(change) for change in fields.many("changes")),
    )
    fields.finish()
    return rule


def _weights(fields: Fields, items: Mapping[str, Item]) -> dict[str, int]:
    inner = fields.nested("weights", "Write weights: {item: 1, ...} with every item that counts.")
    found: dict[str, int] = {}
    for key, entry in inner.mapping.entries.items() if inner else ():
        if inner is None or key not in items:
            fields.notes.problem(entry.key, f"there is no item '{key[:80]}'", did_you_mean(key, items))
            continue
        if not isinstance(items[key].answers, Numbers):
            fields.notes.problem(entry.key, f"'{key[:80]}' has no numbers to weigh", "Delete the weight.")
        found[key] = _needed(inner, key)
        if found[key] == 0:
            fields.notes.problem(
                entry.key, f"'{key[:80]}' weighs nothing", "Write another weight, or delete it."
            )
    if inner is not None:
        inner.finish()
        if not inner.mapping.entries:
            fields.notes.problem(inner.mapping, "there are no weights", "Write {item: 1, ...}.")
    return found


def _range(weights: Mapping[str, int], times: int, items: Mapping[str, Item]) -> tuple[int, int]:
    """The lowest and the highest value. Reversing an item leaves its range as it is."""
    ends = [
        sorted((times * weight * scale.low, times * weight * scale.high))
        for key, weight in weights.items()
        if isinstance(scale := items[key].answers, Numbers)
    ]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def _reversed(fields: Fields, weights: Mapping[str, int]) -> frozenset[str]:
    tree = fields.tree("reversed")
    if tree is None:
        return frozenset()
    entries = tree.items if isinstance(tree, Listing) else [tree]
    found = {entry.text for entry in entries if isinstance(entry, Scalar) and entry.text in weights}
    if len(found) != len(entries):
        what = "'reversed' is not a list of different items that have a weight"
        fields.notes.problem(tree, what, f"Possible here: {', '.join(weights)}.")
    return frozenset(found)


def _bands(fields: Fields, low: int, high: int) -> tuple[tuple[Band, ...], Citation | None]:
    """Bands cover every value that can come out, once."""
    inner = fields.nested("bands")
    if inner is None:
        return (), None
    citation = _citation(inner)
    bands: list[Band] = []
    begin = low
    for one in inner.many("list"):
        band = Band(one.name("name", "Write name:"), _needed(one, "from"), _needed(one, "to"))
        one.finish()
        if band.low != begin or band.high < band.low:
            what = f"the band '{band.name}' does not begin at {begin}, or ends before it begins"
            one.notes.problem(one.mapping, what, "Bands follow one another without overlap or gap.")
        begin = band.high + 1
        bands.append(band)
    inner.finish()
    if begin != high + 1:
        what = f"the bands end at {begin - 1}, but the highest score is {high}"
        inner.notes.problem(inner.mapping, what, f"Let the last band end at {high}.")
    if len({band.name for band in bands}) != len(bands):
        inner.notes.problem(inner.mapping, "two bands have the same name", "Give each a name of its own.")
    return tuple(bands), citation


def _cutoff(fields: Fields, low: int, high: int) -> Cutoff:
    sides = [key for key in ("at_least", "at_most") if fields.has(key)]
    if len(sides) != 1:
        fields.notes.problem(fields.mapping, "a cut-off has one side", "Write at_least: or at_most:.")
    points = {key: _needed(fields, key, low, high) for key in sides[:1]}
    cutoff = Cutoff(
        name=fields.name("name", "Write name: and a neutral name, for example at_least_3."),
        citation=_citation(fields),
        at_least=points.get("at_least"),
        at_most=points.get("at_most"),
    )
    fields.finish()
    return cutoff


def _change(fields: Fields) -> Change:
    name = fields.name("name", "Write name: and what the change means.")
    change = Change(name, _needed(fields, "points", 1), _citation(fields))
    fields.finish()
    return change


def _trend(fields: Fields, name: str, rules: Mapping[str, ScoringRule]) -> TrendRule:
    score = _known(fields, "score", rules)
    level = fields.one_of("level", Level, Level.R0, _LEVEL)
    trend: TrendRule
    if fields.has("drop"):
        of_last = fields.whole("of_last", 3, 1, 99)
        if of_last % 2 == 0:
            what = "the median of an even number of scores may lie between two of them"
            fields.notes.problem(fields.mapping, what, "Write an odd number for of_last, for example 3.")
        trend = Drop(id=name, score=score, level=level, points=_needed(fields, "drop", 1), of_last=of_last)
    else:
        limit, times = _needed(fields, "at_most"), fields.whole("in_a_row", 2, 1, 99)
        trend = LowRow(id=name, score=score, level=level, at_most=limit, in_a_row=times)
    fields.finish()
    return trend


def _safety_rule(fields: Fields, items: Mapping[str, Item]) -> SafetyRule:
    item = _known(fields, "item", items)
    when = fields.condition("when", "Write when: and a condition on value, for example value >= 1.")
    tree = fields.tree("when")
    if when and tree and not when.names() <= {"value"}:
        fields.notes.problem(
            tree, "the condition looks at more than 'value'", "Only the answer itself counts."
        )
    level = fields.one_of("level", Level, Level.R0, _LEVEL)
    rule = SafetyRule(
        item, ConcernRule(level, fields.name("reason", _REASON), when), fields.flag("crisis_card")
    )
    fields.finish()
    return rule


def _offer(fields: Fields) -> Offer:
    for key in ("before_holidays", "on_call_deputy"):
        fields.scalar(key, f"Write {key}: yes or no.")
    offer = Offer(
        hours_before_closing=_needed(fields, "hours_before_closing", 0, 24),
        friday_until=_needed(fields, "friday_until", 0, 24),
        before_holidays=fields.flag("before_holidays"),
        on_call_deputy=fields.flag("on_call_deputy"),
    )
    fields.finish()
    return offer
