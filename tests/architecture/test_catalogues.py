# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every text that Lotse says by itself exists in every language, with the same fields."""

from __future__ import annotations

import ast
import string
import tomllib
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "locales").glob("*/LC_MESSAGES/lotse.po"))

#: `voice.say("...")` speaks; `mark("...")` names a text that is spoken elsewhere, in a table for example.
KEYWORDS = {"say": None, "mark": None}


@cache
def sources() -> set[str]:
    """The German texts in the code, as `make messages` collects them."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"][
        "mappings"
    ]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    found = extract_from_dir(ROOT, methods, keywords=KEYWORDS, directory_filter=_is_ours)
    return {text if isinstance(text, str) else text[0] for _, _, text, *_ in found}


def _is_ours(folder: str | bytes) -> bool:
    return "bot" in Path(str(folder)).relative_to(ROOT).parts


@cache
def spoken() -> set[str]:
    """The texts of every `say("...")` in the code, also inside f-strings, where the extraction is blind."""
    calls = (
        node
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and _name(node.func) in KEYWORDS
    )
    first = [call.args[0] for call in calls]
    return {one.value for one in first if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def messages(path: Path) -> dict[str, Message]:
    with path.open("rb") as source:
        catalogue: Catalog = read_po(source, locale=path.parts[-3])
    return {str(message.id): message for message in catalogue if message.id}


def test_the_extraction_finds_every_text() -> None:
    assert spoken() - sources() == set(), "not inside f-strings, please"


def test_english_is_there() -> None:
    assert "en" in {path.parts[-3] for path in CATALOGUES}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_is_complete(path: Path) -> None:
    present = messages(path)
    assert sources() - set(present) == set(), "missing: run `make messages`"
    assert set(present) - sources() == set(), "no longer said by anybody: run `make messages`"
    assert [text for text, message in present.items() if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_keep_the_fields(path: Path) -> None:
    changed = [
        text for text, message in messages(path).items() if fields(text) != fields(str(message.string))
    ]
    assert changed == []
