# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ladders that agencies put in force themselves, read once a version."""

from __future__ import annotations

import logging

from bot.domain.editions import Origin
from bot.domain.escalation import LadderEdition, Policies
from bot.ports import UnitOfWork
from bot.services.policies import read_policies
from dialogs.problems import DialogError

logger = logging.getLogger(__name__)


class LadderShelf:
    """Reads what is published. Shared by all who use a rulebook; a version never changes."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, str, int], Policies | None] = {}

    def own(self, uow: UnitOfWork, agency_id: int) -> dict[str, Policies]:
        """The sets of the agency that count in place of what comes with the installation, by name.

        One that this program can no longer read, or would no longer accept, is left out: what comes along
        counts then, so that nobody is without a ladder.
        """
        newest = uow.casework.ladders.versions_in_force(agency_id)
        found = {name: self._version(uow, agency_id, name, number) for name, number in newest.items()}
        return {name: policies for name, policies in found.items() if policies is not None}

    def _version(self, uow: UnitOfWork, agency_id: int, name: str, number: int) -> Policies | None:
        key = (agency_id, name, number)
        if key not in self._read:
            edition = uow.casework.ladders.edition(agency_id, name, number)
            if edition is None:
                return None
            self._read[key] = _read(edition)
        return self._read[key]


def _read(edition: LadderEdition) -> Policies | None:
    if edition.origin is Origin.SHIPPED:
        return None
    try:
        return read_policies(edition.source, f"{edition.name} version {edition.version}")
    except DialogError as error:
        logger.warning("ladders: version %d has %d faults here", edition.version, len(error.problems))
        return None
