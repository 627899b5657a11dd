# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Browsers of 2016 know neither logical properties nor new functions: pages stay usable without."""

from __future__ import annotations

import re

import pytest

from bot.web.rendering import HERE, STATIC

CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "lotse.css").read_text(encoding="utf-8"), flags=re.DOTALL)
SCRIPT = (STATIC / "lotse.js").read_text(encoding="utf-8")
#: What a browser of 2016 does not understand: it leaves out the whole declaration.
NEW = re.compile(r"\b(?:min|max|clamp|oklch)\(|\d(?:dvh|svh|lvh)\b")
#: What a person would miss: without it text is hidden, covered or cannot be reached.
VITAL = frozenset({"height", "display", "position", "overflow", "font", "color", "background"})


def rules() -> list[tuple[str, str]]:
    return [(s.strip(), body) for s, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS) if "@" not in s]


def test_what_an_old_browser_leaves_out_has_something_before_it_that_it_understands() -> None:
    bare = []
    for selector, body in rules():
        known: set[str] = set()
        for name, _, value in (part.strip().partition(":") for part in body.split(";") if part.strip()):
            if NEW.search(value) and name in VITAL and name not in known:
                bare.append(f"{selector}: {name}")
            if not NEW.search(value):
                known.add(name)
    assert bare == []


def test_nothing_is_hidden_until_a_script_shows_it() -> None:
    hiding = [
        selector for selector, body in rules() if re.search(r"display:\s*none|visibility:\s*hidden", body)
    ]
    # Staff have new browsers; what only works with a script may wait for it there.
    shown = [page for folder in ("templates", "templates/page") for page in (HERE / folder).glob("*.html")]
    templates = "".join(page.read_text(encoding="utf-8") for page in shown)
    assert [selector for selector in hiding if re.search(r"\.(?:chat|me|single)\b|#", selector)] == []
    assert not re.search(r"<[a-z]+[^>]*\shidden[\s>]", templates)
    assert "onclick" not in templates


@pytest.mark.parametrize(
    "name", ["page/chat", "page/area", "enter", "page/link_over", "help", "message", "not_kept"]
)
def test_every_page_of_a_person_has_a_neutral_title_help_and_a_way_out(name: str) -> None:
    page = (HERE / "templates" / f"{name}.html").read_text(encoding="utf-8")
    assert "block title" not in page
    assert "parts.top(" in page or ("parts.exit(" in page and 'class="button help"' in page)
    assert not re.search(r"document\.title", SCRIPT)
