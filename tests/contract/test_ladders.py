# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from functools import partial

from bot.domain.editions import Origin
from bot.domain.escalation import LadderEdition
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, NOW, World


def edition(name: str, version: int, agency: int = AGENCY) -> LadderEdition:
    return LadderEdition(
        agency, name, version, f"{name} {version}", "format: 1", Origin.ADMIN, NOW, f"staff:{version}"
    )


def _publish(new: LadderEdition, uow: UnitOfWork) -> None:
    uow.casework.ladders.publish(new)


def test_versions_are_kept_for_each_agency_and_set_by_itself(world: World) -> None:
    assert world.do(lambda uow: uow.casework.ladders.versions_in_force(AGENCY)) == {}
    ours = [edition("standard", 1), edition("gecko", 1), edition("standard", 2)]
    theirs = [edition("gecko", number, AGENCY + 1) for number in (1, 2, 3)]
    for one in (*theirs, *ours):
        world.do(partial(_publish, one))
    assert world.do(lambda uow: uow.casework.ladders.versions_in_force(AGENCY)) == {"standard": 2, "gecko": 1}
    assert world.do(lambda uow: uow.casework.ladders.versions_in_force(AGENCY + 1)) == {"gecko": 3}
    assert world.do(lambda uow: uow.casework.ladders.edition(AGENCY, "standard", 1)) == ours[0]
    assert world.do(lambda uow: uow.casework.ladders.edition(AGENCY, "gecko", 2)) is None
    assert world.do(lambda uow: uow.casework.ladders.editions(AGENCY, "standard")) == [ours[0], ours[2]]
