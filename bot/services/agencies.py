# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which number an agency has in the database, for good: its key word decides, so that a name may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from bot.domain.agency import DEFAULT_AGENCY
from bot.domain.channels import DEFAULT_KEY
from bot.ports import UnitOfWork
from bot.services import duty_watch, retention

_NUMBERS = msgspec.json.Decoder(dict[str, int])

_FACT = "agencies"


def number_agencies(uow: UnitOfWork, names: Mapping[str, str], now: datetime) -> dict[str, int]:
    """The numbers of the agencies with these names, by key word; a new one gets a number nobody ever had."""
    known = _known(uow)
    if names.keys() - known.keys():
        # Two processes begin at the same moment, and each would number what is new to it.
        uow.ledger.lock_publishing()
        known = _known(uow)
        for key in sorted(names.keys() - known.keys()):
            known[key] = max(known.values()) + 1
        uow.ledger.set_fact(_FACT, msgspec.json.encode(known).decode())
    for key, name in names.items():
        uow.ledger.ensure_agency(known[key], name, now)
    return {key: known[key] for key in names}


def numbers_of(uow: UnitOfWork) -> list[int]:
    """All agencies that ever were here, the default one first."""
    return sorted(_known(uow).values())


def left_out(uow: UnitOfWork, keys: Mapping[str, int]) -> list[str]:
    """The key words of agencies that have people here, and are not among `keys`.

    Nothing is planned any more for one that has none.
    """
    found = []
    for key, number in _known(uow).items():
        if key in keys:
            continue
        if uow.people.all_staff(number) or uow.people.participants(number):
            found.append(key)
        else:
            duty_watch.end_watch(uow, number)
            retention.end_retention(uow, number)
    return found


def _known(uow: UnitOfWork) -> dict[str, int]:
    kept = uow.ledger.fact(_FACT)
    return _NUMBERS.decode(kept) if kept else {DEFAULT_KEY: DEFAULT_AGENCY}
