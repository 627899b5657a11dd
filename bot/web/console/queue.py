# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The queue, one case with its conversation, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bot.services import console
from bot.services.case_words import OUTCOMES
from bot.services.handle_concern import STEPS
from bot.texts import mark
from bot.web.console.navigation import QUEUE
from bot.web.console.reader import Reader
from bot.web.console.seat import Did, Form, Page, Seat

HOME = "/console/"
#: What is said when the case has left one's hands; the other actions say something themselves.
_ENDINGS = {"pass": mark("Der Fall ist weitergegeben."), "close": mark("Der Fall ist abgeschlossen.")}


def _queue(seat: Seat) -> Mapping[str, object]:
    return _shown(seat, None)


def _case(seat: Seat) -> Mapping[str, object] | None:
    case = console.case(seat.uow, seat.rules, seat.staff, int(seat.whence.path["concern"]), seat.now)
    return _shown(seat, case) if case is not None else None


def _shown(seat: Seat, case: console.Case | None) -> Mapping[str, object]:
    reader, voice = Reader(seat.voice, seat.zone, seat.staff), seat.voice
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)} if case else {}
    return {
        "rows": reader.rows(console.queue(seat.uow, seat.rules, seat.staff, seat.now)),
        "sheet": reader.sheet(case, names) if case else None,
        "steps": [(code, voice.say(label)) for code, (label, _) in STEPS.items()],
        "outcomes": [(outcome.value, voice.say(label)) for outcome, label in OUTCOMES.items()],
    }


def _act(action: str, seat: Seat, form: Form) -> Did | None:
    """Do one thing with a case; None if there is no such case for this staff member."""
    concern_id = int(seat.whence.path["concern"])
    if not console.may_act(seat.uow, seat.rules, seat.staff, (concern_id, action), seat.now):
        return None
    order = concern_id, action, _argument(form)
    done = console.act(seat.uow, seat.rules, seat.whence.account, order, seat.now)
    if done is None:
        return None
    if action == "reply" and done.said and not done.receipt.wake:
        # Nobody had to be woken, so nothing was sent: the words stay in the field, beside the reason.
        return Did(faults={"text": " ".join(done.said)}, said=done.said)
    if not done.said and action in _ENDINGS:
        return Did((seat.voice.say(_ENDINGS[action]),), HOME, receipt=done.receipt)
    return Did(done.said, receipt=done.receipt)


def _argument(form: Form) -> str:
    match form.get("action", ""):
        case "take" | "step":
            step = form.get("step", "")
            return form.get("words", "").strip() if step == "other" else step
        case "reply":
            return form.get("text", "")
        case "close":
            return form.get("outcome", "")
        case _:
            return ""


PAGES = (
    Page(HOME, "queue.html", QUEUE, _queue, needs=None),
    Page(
        "/console/{concern:int}",
        "queue.html",
        QUEUE,
        _case,
        needs=None,
        acts={action: partial(_act, action) for action in ("take", "step", "reply", "pass", "close")},
    ),
)
