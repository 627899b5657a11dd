# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's groups in their copy: the columns that are shown, with their names."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.groups import SeatState
from bot.texts import mark

_GROUP = mark("Nummer der Gruppe")
#: By table and column, in this order.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "group_seat": {"group_id": _GROUP, "state": mark("Stand"), "since": mark("Seit wann")},
    "group_visit": {"group_id": _GROUP, "day": mark("Sie waren da am")},
}
#: Machine words as people say them.
STATES: Mapping[str, str] = {
    SeatState.WAITS.value: mark("wartet auf einen Platz"),
    SeatState.HELD.value: mark("ein Platz ist frei gehalten"),
    SeatState.COMES.value: mark("kommt"),
}
