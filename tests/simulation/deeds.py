# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a case besides pressing buttons: snooze, hand over, other levels, notes, reopening."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.concerns import Concern, Event, Level
from bot.ports import UnitOfWork
from bot.services import case_levels, case_notes, hand_over
from bot.services import handle_concern as handle
from bot.services.desk import Desk
from bot.services.rulebook import Rulebook

#: One deed: at a desk, with a concern.
Deed = Callable[[Desk, Concern], object]

_LEVELS = (Level.R1, Level.R2, Level.R3)
#: For how long a case is to rest; None for the next working day. Some are not possible.
_RESTS = (
    None,
    timedelta(hours=-1),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=10),
    timedelta(days=30),
)
_REPLIES = ("Guten Tag, ich habe Ihre Nachricht gelesen.", "Passt es Ihnen am Donnerstag?", "")


def draw(chance: random.Random, colleagues: Sequence[int]) -> Deed:
    """Something to do. All chance is drawn here: a use case may be carried out twice."""
    rest, level, to = chance.choice(_RESTS), chance.choice(_LEVELS), chance.choice(colleagues)
    reply, is_first = chance.choice(_REPLIES), chance.random() < 0.5
    deeds: Sequence[Deed] = (
        lambda desk, concern: _snooze(desk, concern, rest, take_first=is_first),
        lambda desk, concern: _snooze(desk, concern, rest, take_first=True),
        lambda desk, concern: _give(desk, concern, to),
        lambda desk, concern: case_levels.raise_level(desk, concern, level, "Nach dem Anruf"),
        lambda desk, concern: case_levels.lower_level(desk, concern, level, "Es war ein Missverständnis"),
        lambda desk, concern: case_notes.note(desk, concern, "Frau Beispiel weiß Bescheid"),
        handle.reopen,
        lambda desk, concern: handle.reply(desk, concern, reply),
        _pass_on,
    )
    return chance.choice(deeds)


def at_desk(
    uow: UnitOfWork, rules: Rulebook, who: tuple[int, int], deed: Deed, now: datetime
) -> frozenset[str]:
    """Let a staff member do something with a concern; `who` is (staff member, concern).

    Nothing happens for somebody who has no messenger now. Returns the channels that have something to send.
    """
    staff, concern = uow.people.staff(who[0]), uow.concerns.get(who[1])
    addresses = uow.people.staff_addresses([who[0]])
    if staff is None or staff.left_at is not None or concern is None or not addresses:
        return frozenset()
    desk = Desk(uow, rules, (staff, addresses[0]), now)
    deed(desk, concern)
    return desk.finish().wake


def _snooze(desk: Desk, concern: Concern, rest: timedelta | None, *, take_first: bool) -> None:
    if take_first and concern.can(Event.TAKE_OVER):
        concern = handle.take_over(desk, concern, concern.taken_by)
    handle.snooze(desk, concern, desk.now + rest if rest is not None else None)


def _give(desk: Desk, concern: Concern, to: int) -> None:
    colleague = desk.uow.people.staff(to)
    if colleague is not None:
        hand_over.hand_over(desk, concern, colleague)


def _pass_on(desk: Desk, concern: Concern) -> None:
    if concern.can(Event.HAND_OVER):
        hand_over.pass_on(desk, concern)
