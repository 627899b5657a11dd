# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Plain data, as it comes out of YAML, made into one type."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class Shape(Generic[T]):
    """What plain data must look like. Built at module level, it may be used by any number of threads.

    msgspec looks at a type when it first meets it and lets other threads see what it has found so far: two
    threads that meet the same type at the same moment end the process (ADR 42). So it meets this one here.
    """

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        msgspec.json.Decoder(kind)

    def of(self, raw: Any, *, strict: bool = True) -> T:
        """The data as this type. Raises `msgspec.ValidationError`. Unless `strict`, text may be numbers."""
        return msgspec.convert(raw, self._kind, strict=strict)
