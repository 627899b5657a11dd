# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Core statements that are compiled once and then given straight to the driver.

For a small statement SQLAlchemy's execution costs several times what the database does. The statements of the
road, which run for every message, are still written in Core, and their values still go through the types of
the columns; only what happens at each execution is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler

#: What can be prepared. Lists as parameters (`IN`) cannot.
Statement = Select[Any] | Insert | Update | Delete
_Convert = Callable[[Any], Any]


class Prepared:
    """One statement in the words of one dialect, for one set of parameters.

    Raises `ValueError` for a statement whose words depend on the values.
    """

    __slots__ = ("_constants", "_is_positional", "_parameters", "_results", "sql")

    def __init__(self, statement: Statement, dialect: Dialect, given: Iterable[str], *, many: bool) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(given), for_executemany=many)
        assert isinstance(compiled, SQLCompiler)
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise ValueError("a statement with lists or literals among its parameters cannot be prepared")
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        self._is_positional = compiled.positional
        self._constants = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        self._parameters: list[tuple[str, _Convert | None]] = [
            (name, binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in (compiled.positiontup or binds)
        ]
        readers = [
            c.type.dialect_impl(dialect).result_processor(dialect, None) for c in statement.exported_columns
        ]
        self._results = [(place, reader) for place, reader in enumerate(readers) if reader is not None]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them. Raises `KeyError` for one that is missing."""
        if self._constants:
            values = {**self._constants, **values}
        if self._is_positional:
            return [convert(values[name]) if convert else values[name] for name, convert in self._parameters]
        return {
            name: convert(values[name]) if convert else values[name] for name, convert in self._parameters
        }

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row of the driver's as the types of its columns understand it."""
        if not self._results:
            return row
        values = list(row)
        for place, convert in self._results:
            values[place] = convert(values[place])
        return values
