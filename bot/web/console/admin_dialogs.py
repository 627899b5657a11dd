# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Dialogs: which version is in force, what the checker says about it, and back to an older one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.editions import Edition
from bot.services import publish
from bot.texts import mark
from bot.web.console.admin_programmes import ORIGINS
from bot.web.console.admin_tabs import tabs
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat
from dialogs.check import check
from dialogs.own_words import pick
from dialogs.problems import DialogError
from dialogs.shipped import shipped_files

PATH = "/console/admin/dialogs"
_MUST_MEND = mark("So geht es nicht. Es hat sich nichts geändert.")


def _list(seat: Seat) -> Mapping[str, object]:
    forced = publish.in_force(seat.uow)
    return {
        "tabs": tabs(seat.voice, "dialogs"),
        "rows": [
            (
                name,
                _title(seat, name),
                one.version,
                seat.voice.say(ORIGINS[one.origin]),
                seat.day(one.published_at),
            )
            for name, one in sorted(forced.items())
        ],
    }


def _title(seat: Seat, name: str) -> str:
    dialog = seat.rules.book.latest(name)
    return (pick(dialog.title, seat.voice.language) if dialog else None) or name


def _one(seat: Seat) -> Mapping[str, object] | None:
    editions = _editions(seat)
    if not editions:
        return None
    dialog = seat.rules.book.latest(editions[0].dialog)
    return {
        "tabs": tabs(seat.voice, "dialogs"),
        "name": editions[0].dialog,
        "title": _title(seat, editions[0].dialog),
        "versions": [
            (one, seat.moment(one.published_at), seat.voice.say(ORIGINS[one.origin])) for one in editions
        ],
        "is_readable": dialog is not None,
        "findings": check(dialog, seat.rules.book) if dialog is not None else (),
        "source": editions[0].source,
        "problems": (),
    }


def _editions(seat: Seat) -> list[Edition]:
    """The versions, the one in force first."""
    name = str(seat.whence.path["name"])
    return [one for one in reversed(seat.uow.ledger.published()) if one.dialog == name]


def _roll_back(seat: Seat, form: Form) -> Did | None:
    """An old version once more, as the newest."""
    wanted = form.get("version", "")
    chosen = next((one for one in _editions(seat) if str(one.version) == wanted), None)
    if chosen is None:
        return None
    shipped = frozenset(path.read_text(encoding="utf-8") for path in shipped_files())
    which = chosen.dialog, chosen.version
    try:
        done = publish.roll_back(seat.uow, which, seat.now, seat.rules.book.packs, shipped)
    except DialogError as error:
        return Did(faults={"version": seat.voice.say(_MUST_MEND)}, once={"problems": error.problems})
    if not done.is_new:
        return Did((seat.voice.say("Genau so gilt es schon."),))
    note = f"{done.dialog} {done.version}"
    seat.uow.ledger.note(seat.staff.agency_id, seat.now, seat.actor, "roll_back_dialog", note)
    said = mark("Fassung {version} gilt jetzt. Laufende Gespräche bleiben auf ihrer.")
    return Did((seat.voice.say(said, version=done.version),))


PAGES = (
    Page(PATH, "admin_dialogs.html", ADMIN, _list, needs=Action.MANAGE_TEXTS),
    Page(
        f"{PATH}/{{name}}",
        "admin_dialog.html",
        ADMIN,
        _one,
        needs=Action.MANAGE_TEXTS,
        acts={"back": _roll_back},
    ),
)
