# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whatever comes along has a licence that was thought about, and stands in the bill of materials."""

from __future__ import annotations

import re

import pytest

from tests.privacy.sbom import ROOT, canonical, declared, installed, licence_of, trimmed, vendored

#: Each with its reason. What is under another licence needs a decision before it comes in.
ALLOWED = {
    "MIT": "permissive",
    "MIT-0": "permissive",
    "ISC": "permissive",
    "BSD-2-Clause": "permissive",
    "BSD-3-Clause": "permissive",
    "Apache-2.0": "permissive, with a patent grant",
    "PSF-2.0": "permissive",
    "MPL-2.0": "copyleft for its own files alone, which stay as they are; in the appendix of the EUPL",
    "LGPL-3.0-only": "a library that stays as it is and can be replaced; in the appendix of the EUPL",
    "OFL-1.1": "fonts: may be shipped with anything, not sold alone",
    "EUPL-1.2": "our own",
    "0BSD": "permissive",
}
COMING = installed()
_ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def parts(expression: str) -> set[str]:
    return set(re.split(r"\s+(?:AND|OR|WITH)\s+", expression.strip("()")))


@pytest.mark.parametrize("name", sorted(COMING))
def test_everything_that_comes_along_has_an_allowed_licence(name: str) -> None:
    assert parts(licence_of(name)) <= set(ALLOWED), licence_of(name) or "says no licence"


def test_what_the_browser_gets_has_an_allowed_licence() -> None:
    found = {one["name"]: one["licenses"][0]["expression"] for one in vendored()}
    assert found
    assert {name: one for name, one in found.items() if not parts(one) <= set(ALLOWED)} == {}


def test_the_page_of_dependencies_says_the_same() -> None:
    page = dict(_ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")))
    said = {canonical(name): licence.strip() for name, licence in page.items()}
    ours = {canonical(one.name) for one in declared()}
    assert {name: parts(said[name]) for name in ours} == {name: parts(licence_of(name)) for name in ours}


def test_the_bill_has_all_of_it_and_no_more() -> None:
    """On a small bill as the tool writes it; `make sbom` does it with the real one."""
    names = ["Jinja2", "MarkupSafe", "pytest"]
    bom = {
        "metadata": {"component": {"bom-ref": "root-component"}},
        "components": [{"bom-ref": name, "name": name, "licenses": []} for name in names],
        "dependencies": [
            {"ref": "root-component", "dependsOn": ["Jinja2", "pytest"]},
            {"ref": "Jinja2", "dependsOn": ["MarkupSafe"]},
            {"ref": "pytest"},
        ],
    }
    found = trimmed(bom, set(COMING))
    kept = {one["name"]: one["licenses"] for one in found["components"]}
    assert kept["Jinja2"] == kept["MarkupSafe"] == [{"expression": "BSD-3-Clause"}]
    assert "pytest" not in kept
    assert {one["name"] for one in vendored()} <= set(kept)
    graph = {one["ref"]: one["dependsOn"] for one in found["dependencies"]}
    assert graph["root-component"] == ["Jinja2"]
    assert graph["Jinja2"] == ["MarkupSafe"]
    assert "pytest" not in graph


def test_the_runtime_brings_no_test_tool() -> None:
    assert {"pytest", "mypy", "hypothesis", "reuse", "cyclonedx-bom"}.isdisjoint(COMING)
    assert {"sqlalchemy", "cryptography", "aiogram", "markupsafe"} <= set(COMING)
