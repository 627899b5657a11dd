# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Put other ladders in force: for the concerns that come, never for one that somebody is called for already.

What comes with the installation is the base. What somebody here published counts above it, until they put
the text that comes along in force again. Every version is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.editions import Origin
from bot.domain.escalation import Drafts, LadderEdition
from bot.domain.ledger_chain import COMMAND
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.policies import STANDARD, read_drafts
from bot.services.rulebook import Rulebook
from dialogs.problems import did_you_mean


@dataclass(frozen=True, slots=True)
class Ladders:
    """A set of ladders as it counts now.

    `edition` is the version that was put in force here last, None if nobody ever changed it. `source` is the
    text that counts. `like` names the set whose text that is: another one where this has none of its own.
    """

    name: str
    like: str
    source: str
    edition: LadderEdition | None = None

    @property
    def version(self) -> int:
        """The number of the version in force; 0 if nobody ever changed it."""
        return self.edition.version if self.edition else 0

    @property
    def is_shipped(self) -> bool:
        """Whether it follows what comes with the installation."""
        return self.edition is None or self.edition.origin is Origin.SHIPPED

    @property
    def borrows(self) -> bool:
        """Whether it has no text of its own."""
        return self.like != self.name

    def drafts(self) -> Drafts:
        """What stands in it."""
        return read_drafts(self.source, self.name)


def names(uow: UnitOfWork, rules: Rulebook, agency_id: int) -> list[str]:
    """The sets that can be changed: those that come along, and one for each programme; the standard first."""
    known = {
        *rules.own_policies,
        *uow.programmes.versions_in_force(agency_id),
        *uow.casework.ladders.versions_in_force(agency_id),
    }
    return [STANDARD, *sorted(known - {STANDARD})]


def in_force(uow: UnitOfWork, rules: Rulebook, agency_id: int, name: str) -> Ladders:
    """What counts now under this name. Raises `NotFound` for one that cannot be changed."""
    there = names(uow, rules, agency_id)
    if name not in there:
        raise NotFound(f"there are no ladders '{name[:40]}'. {did_you_mean(name, there)}")
    version = uow.casework.ladders.versions_in_force(agency_id).get(name, 0)
    edition = uow.casework.ladders.edition(agency_id, name, version)
    if edition is not None and name in rules.ladders.own(uow, agency_id):
        return Ladders(name, name, edition.source, edition)
    text = rules.ladder_texts.get(name)
    if text is not None:
        return Ladders(name, name, text, edition)
    standard = in_force(uow, rules, agency_id, STANDARD)
    return Ladders(name, STANDARD, standard.source, edition)


def used_by(uow: UnitOfWork, rules: Rulebook, agency_id: int) -> Mapping[str, list[str]]:
    """Which installed programmes climb which set."""
    own = rules.own_policies.keys() | rules.ladders.own(uow, agency_id).keys()
    found: dict[str, list[str]] = {}
    for programme in sorted(uow.programmes.versions_in_force(agency_id)):
        found.setdefault(programme if programme in own else STANDARD, []).append(programme)
    return found


def publish(
    uow: UnitOfWork,
    rules: Rulebook,
    whose: tuple[int, str],
    source: str,
    now: datetime,
    actor: str = COMMAND,
) -> tuple[int, bool]:
    """Put a text in force under a name: `whose` is (agency, name).

    Returns the version that counts, 0 for what nobody ever changed, and whether it is new. An empty text, or
    the one that comes along, is followed in later versions of the program too. Raises `NotFound`, and
    `DialogError` with line and remedy for whatever could leave somebody without a human.
    """
    uow.ledger.lock_publishing()
    agency_id, name = whose
    forced = in_force(uow, rules, agency_id, name)
    base = rules.ladder_texts.get(name, "")
    origin = Origin.SHIPPED if source in ("", base) else Origin.ADMIN
    if origin is Origin.ADMIN:
        read_drafts(source, name)
    kept = base if origin is Origin.SHIPPED else source
    if forced.is_shipped if origin is Origin.SHIPPED else not forced.is_shipped and forced.source == source:
        return forced.version, False
    version, digest = forced.version + 1, hashlib.sha256(kept.encode()).hexdigest()
    uow.casework.ladders.publish(LadderEdition(agency_id, name, version, digest, kept, origin, now, actor))
    uow.ledger.note(agency_id, now, actor, "ladders_published", f"{name}:{version}")
    return version, True


def source_of(uow: UnitOfWork, agency_id: int, name: str, version: int) -> str:
    """The text of an old version, to put it in force once more. Raises `NotFound`."""
    edition = uow.casework.ladders.edition(agency_id, name, version)
    if edition is None:
        newest = uow.casework.ladders.versions_in_force(agency_id).get(name, 0)
        there = f"There are 1 to {newest}." if newest else "Nobody ever changed them here."
        raise NotFound(f"the ladders '{name[:40]}' have no version {version}. {there}")
    return edition.source
