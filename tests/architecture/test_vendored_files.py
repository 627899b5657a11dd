# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Third-party files for the browser are exactly those that vendor.toml names."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parents[2] / "bot" / "web" / "static" / "vendor"


def entries() -> list[dict[str, Any]]:
    """`[[file]]` tables: path, name, version, licence, source, sha256."""
    listing = VENDOR / "vendor.toml"
    return tomllib.loads(listing.read_text(encoding="utf-8"))["file"] if listing.exists() else []


def test_vendored_files_are_unchanged() -> None:
    actual = {e["path"]: hashlib.sha256((VENDOR / e["path"]).read_bytes()).hexdigest() for e in entries()}
    assert actual == {e["path"]: e["sha256"] for e in entries()}


def test_nothing_else_lies_there() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"vendor.toml"} - {path for path in present if path.endswith(".license")} == {
        e["path"] for e in entries()
    }


def test_every_vendored_file_has_its_licence_here() -> None:
    licences = {path.stem for path in (VENDOR.parents[3] / "LICENSES").iterdir()}
    assert {e["licence"] for e in entries()} <= licences
    assert [
        e["path"] for e in entries() if not (e.get("name") and e.get("version") and e.get("source"))
    ] == []
