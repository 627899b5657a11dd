# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every exception that Lotse raises on purpose. An expected outcome is a result, not one of these."""

from __future__ import annotations


class LotseError(Exception):
    """The root. Its text names no content: no message, answer, name or address."""


class ConfigurationError(LotseError):
    """The configuration cannot be used. `problems` holds one line for each fault, all of them at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def all_problems(faults: BaseExceptionGroup[ConfigurationError]) -> list[str]:
    """The lines of all faults in a group, in their order."""
    found = []
    for fault in faults.exceptions:
        found += all_problems(fault) if isinstance(fault, BaseExceptionGroup) else fault.problems
    return found


class StoreUnavailable(LotseError):
    """The database cannot take the work now: unreachable, read-only or full. Nothing was changed."""


class SealBroken(LotseError):
    """Sealed content cannot be opened: wrong key, or the bytes were changed."""


class NotFound(LotseError):
    """Something that was addressed by its id does not exist for this agency."""


class AlreadyTaken(LotseError):
    """What can belong to one only belongs to somebody else."""


class EntryRefused(LotseError):
    """What somebody wants to keep cannot be kept as it is; the text says why, and what to write."""


class UnknownTransition(LotseError):
    """A state machine was asked for a move that its table does not have."""
