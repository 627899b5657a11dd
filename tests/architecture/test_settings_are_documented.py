# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whoever runs Lotse finds every setting in the documentation, under the name they have to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def variables(model: type[BaseModel], prefix: str = "LOTSE_") -> Iterator[str]:
    """Every environment variable that a settings model reads, nested models with `__`."""
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        nested = [kind for kind in (field.annotation, *get_args(field.annotation)) if _is_model(kind)]
        if nested:
            yield from variables(nested[0], f"{variable}__")
        else:
            yield variable


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def test_every_setting_is_documented() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert [name for name in variables(Settings) if f"`{name}`" not in text] == []


def test_nothing_invented_is_documented() -> None:
    """The names that tools outside rely on are all there."""
    relied_on = {"LOTSE_DATABASE_URL", "LOTSE_DATA_DIR", "LOTSE_HTTP__PORT", "LOTSE_TELEGRAM__TOKEN"}
    assert relied_on <= set(variables(Settings))
