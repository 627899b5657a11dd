# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Parts of the queue that a staff member keeps under a name, and the one they begin with."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.people import Staff
from bot.domain.queue_views import LONGEST_NAME, MOST_VIEWS, SavedView, Wanted
from bot.ports import UnitOfWork
from bot.texts import Voice


def beginning(views: list[SavedView]) -> Wanted:
    """What somebody sees who has asked for nothing: their own beginning, or everything."""
    return next((one.wanted for one in views if one.is_default), Wanted())


def save(uow: UnitOfWork, staff: Staff, voice: Voice, new: tuple[str, Wanted, bool]) -> str:
    """Keep (name, what is wanted, whether they begin there); one of that name is replaced.

    Returns why not, in one line; empty if it is kept.
    """
    typed, wanted, is_default = new
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME:
        return voice.say("Ein Name hat 1 bis {most} Zeichen.", most=LONGEST_NAME)
    views = uow.console.views(staff.id)
    same = next((one for one in views if one.name.casefold() == name.casefold()), None)
    if same is None and len(views) >= MOST_VIEWS:
        return voice.say("Sie haben schon {most} Ansichten. Bitte löschen Sie erst eine.", most=MOST_VIEWS)
    if is_default:
        _begin_nowhere(uow, views)
    number = same.id if same else 0
    uow.console.put_view(SavedView(number, staff.agency_id, staff.id, name, wanted, is_default))
    return ""


def begin_with(uow: UnitOfWork, staff: Staff, view_id: int) -> bool:
    """Begin with this view from now on; with everything for 0. False if there is no such view."""
    views = uow.console.views(staff.id)
    chosen = next((one for one in views if one.id == view_id), None)
    if chosen is None and view_id:
        return False
    _begin_nowhere(uow, views)
    if chosen is not None:
        uow.console.put_view(replace(chosen, is_default=True))
    return True


def _begin_nowhere(uow: UnitOfWork, views: list[SavedView]) -> None:
    for one in views:
        if one.is_default:
            uow.console.put_view(replace(one, is_default=False))
