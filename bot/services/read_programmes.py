# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The programmes of agencies as they were installed, read once a version."""

from __future__ import annotations

import logging

from bot.domain.enrolments import Enrolment, ProgrammeEdition
from bot.ports import UnitOfWork
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError
from dialogs.programme_model import Programme

logger = logging.getLogger(__name__)


class ProgrammeShelf:
    """Reads what is published. Shared by all who use a rulebook; a version never changes."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, str, int], Programme | None] = {}

    def in_force(self, uow: UnitOfWork, agency_id: int) -> dict[str, Programme]:
        """The newest version of each programme of the agency, by name."""
        newest = uow.programmes.versions_in_force(agency_id)
        found = {name: self.version(uow, agency_id, name, number) for name, number in newest.items()}
        return {name: programme for name, programme in found.items() if programme is not None}

    def of(self, uow: UnitOfWork, enrolment: Enrolment) -> Programme | None:
        """The version whose rules hold for an enrolment."""
        return self.version(uow, enrolment.agency_id, enrolment.programme, enrolment.version)

    def version(self, uow: UnitOfWork, agency_id: int, name: str, number: int) -> Programme | None:
        """One version; None if there is none, or if this program cannot read it."""
        key = (agency_id, name, number)
        if key not in self._read:
            edition = uow.programmes.edition(agency_id, name, number)
            if edition is None:
                return None
            self._read[key] = _read(edition)
        return self._read[key]


def _read(edition: ProgrammeEdition) -> Programme | None:
    try:
        return parse_programme(edition.source, f"{edition.name} version {edition.version}")
    except DialogError as error:
        logger.warning("programmes: version %d has %d faults here", edition.version, len(error.problems))
        return None
