# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Scores against vectors that were derived by hand and checked by machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dialogs.instruments import NotComputable, Pack, Score, compute_all, shipped_packs

Scores = dict[str, Score]
Read = Callable[[Scores, list[int]], dict[str, Any]]

VECTORS = json.loads((Path(__file__).parent / "instrument_vectors.json").read_text(encoding="utf-8"))


def said(band: str) -> str:
    return band.replace("_", " ")


#: For each instrument of the vectors: the pack, and where in its scores the expected figures stand.
READ: dict[str, tuple[str, Read]] = {
    "WHO5": (
        "who5",
        lambda scores, _: {
            "raw": scores["raw"].value,
            "score": scores["index"].value,
            "le50": "at_most_50" in scores["index"].cutoffs,
            "le28": "at_most_28" in scores["index"].cutoffs,
        },
    ),
    "PHQ9": (
        "phq9",
        lambda scores, answers: {
            "total": scores["total"].value,
            "band": said(scores["total"].band),
            "phq8": scores["phq8"].value,
            "phq2": scores["phq2"].value,
            "item9": answers[8],
        },
    ),
    "GAD7": (
        "gad7",
        lambda scores, _: {
            "total": scores["total"].value,
            "band": said(scores["total"].band),
            "gad2": scores["gad2"].value,
        },
    ),
    "PHQ4": (
        "phq4",
        lambda scores, _: {
            "total": scores["total"].value,
            "band": said(scores["total"].band),
            "anx": scores["anxiety"].value,
            "anx_pos": "at_least_3" in scores["anxiety"].cutoffs,
            "dep": scores["depression"].value,
            "dep_pos": "at_least_3" in scores["depression"].cutoffs,
        },
    ),
    "PSS4": ("pss4", lambda scores, _: {"total": scores["total"].value}),
    "WSAS": ("wsas", lambda scores, _: {"total": scores["total"].value, "band": said(scores["total"].band)}),
    "AUDITC": (
        "auditc",
        lambda scores, _: {
            "total": scores["total"].value,
            **{f"ge{n}": f"at_least_{n}" in scores["total"].cutoffs for n in (3, 4, 5)},
        },
    ),
    "UCLA3": (
        "ucla3",
        lambda scores, _: {
            "total": scores["total"].value,
            "ge6": "at_least_6" in scores["total"].cutoffs,
        },
    ),
    "WAS": ("was", lambda scores, _: {"score": scores["score"].value, "band": scores["score"].band}),
    "WAI": ("wai", lambda scores, _: {"score": scores["index"].value, "band": scores["index"].band}),
}

CASES = [(name, vector) for name, vectors in VECTORS.items() for vector in vectors]


def scored(pack: Pack, answers: list[int]) -> Scores:
    found = compute_all(pack, dict(zip(pack.items, answers, strict=True)))
    assert not [score for score in found.values() if isinstance(score, NotComputable)]
    return {name: score for name, score in found.items() if isinstance(score, Score)}


def test_all_vectors_are_used() -> None:
    assert VECTORS.keys() == READ.keys()
    assert len(CASES) == 58


@pytest.mark.parametrize(("name", "vector"), CASES, ids=lambda one: one if isinstance(one, str) else "")
def test_vector(name: str, vector: dict[str, Any]) -> None:
    pack, read = READ[name]
    answers = vector["answers"] if isinstance(vector["answers"], list) else [vector["answers"]]
    assert read(scored(shipped_packs()[pack], answers), answers) == vector["expected"]


@pytest.mark.parametrize(("short", "item"), [("phq8", "phq_"), ("phq2", "phq_"), ("gad2", "gad_")])
def test_a_short_form_scores_as_the_part_of_the_long_one(short: str, item: str) -> None:
    packs = shipped_packs()
    long = packs["phq9" if item == "phq_" else "gad7"]
    answers: dict[str, str | int | float | bool | None] = {
        key: number % 4 for number, key in enumerate(long.items)
    }
    alone = compute_all(packs[short], {key: answers[key] for key in packs[short].items})["total"]
    part = compute_all(long, answers)[short]
    assert isinstance(alone, Score)
    assert isinstance(part, Score)
    assert alone.value == part.value
