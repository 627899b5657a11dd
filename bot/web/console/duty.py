# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Duty: gaps ahead, who has it now and next, taking it over, and asking a colleague to take a shift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from bot.domain.access import Action
from bot.domain.duty import Shift, Span, Swap
from bot.services import rota
from bot.services.appointment_dates import EntryFault
from bot.services.duty_view import NEXT, DutyBoard
from bot.services.duty_words import span_text
from bot.services.staff_duty import press_duty
from bot.services.staff_rota import ask_to_take
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.navigation import DUTY
from bot.web.console.seat import Did, Form, Page, Seat

HOME = "/console/duty"
ROTA, ME, TEAM = f"{HOME}/rota", f"{HOME}/me", f"{HOME}/team"


def board_of(seat: Seat) -> DutyBoard:
    """Who is there, in the agency of whoever sits there."""
    return DutyBoard(seat.uow, seat.rules, seat.staff.agency_id, seat.now)


def tabs(seat: Seat, current: str) -> list[tuple[str, str, bool]]:
    """The pages about duty: address, label, whether it is this one."""
    say = seat.voice.say
    found = [(HOME, say("Überblick")), (ROTA, say("Dienstplan")), (ME, say("Meine Zeiten"))]
    if seat.may(Action.MANAGE_ROTA):
        found.append((TEAM, say("Team")))
    return [(path, label, path == current) for path, label in found]


def when(seat: Seat, span: Span) -> str:
    """A time in words, on the agency's clock."""
    return span_text(seat.voice, span, seat.zone)


def shift_token(shift: Shift) -> str:
    """How forms name a shift of the rota."""
    return f"{shift.pattern_id}:{shift.day.isoformat()}"


def read_shift_token(text: str) -> tuple[int, date] | None:
    """Pattern and day of a shift; None for what is no such name."""
    number, _, day = text.partition(":")
    try:
        return (int(number), date.fromisoformat(day)) if number.isascii() and number.isdecimal() else None
    except ValueError:  # a day that no calendar has
        return None


def _show(seat: Seat) -> Mapping[str, object]:
    board, me = board_of(seat), seat.staff
    span, before = rota.takeover_span(seat.uow, seat.rules, me, seat.now)
    is_away = board.team.is_away(me.id)
    has_it = any(one.id == me.id for one in board.on_duty)
    until = seat.now + NEXT
    return {
        "tabs": tabs(seat, HOME),
        "gaps": [when(seat, gap) for gap in board.gaps()],
        "on_duty": [one.name for one in board.on_duty],
        "present": [one.name for one in board.present],
        "is_open": seat.rules.is_read_now(me.agency_id, seat.now),
        "is_away": is_away,
        "take_over": None
        if is_away or has_it
        else {
            "when": when(seat, span),
            "until": int(span.until.timestamp()),
            "from": ", ".join(board.people[one].name for one in before if one in board.people),
        },
        "coming": [
            (when(seat, one.span), board.people[one.staff_id].name, one.staff_id == me.id)
            for one in board.coming
            if one.span.since < until and one.staff_id in board.people
        ],
        "questions": [_question(seat, board, swap, shift) for swap, shift in board.questions(me.id)],
        "own": [(shift_token(one), when(seat, one.span)) for one in board.own_shifts(me.id)],
        "colleagues": [(str(one.id), one.name) for one in board.people.values() if one.id != me.id],
        "may_plan": seat.may(Action.MANAGE_ROTA),
    }


def _question(seat: Seat, board: DutyBoard, swap: Swap, shift: Shift) -> Mapping[str, object]:
    is_mine = swap.from_id == seat.staff.id
    other = board.people.get(swap.to_id if is_mine else swap.from_id)
    return {
        "id": swap.id,
        "when": when(seat, shift.span),
        "name": other.name if other else "",
        "is_mine": is_mine,
    }


def _take_over(seat: Seat, form: Form) -> Did | None:
    return pressed(seat, f"duty:{form.get('until', '')}")


def _answer(choice: str, seat: Seat, form: Form) -> Did | None:
    return pressed(seat, f"swap:{form.get('swap', '')}:{choice}")


def _ask(seat: Seat, form: Form) -> Did | None:
    board, wanted = board_of(seat), form.get("shift", "")
    shift = next((one for one in board.own_shifts(seat.staff.id) if shift_token(one) == wanted), None)
    if shift is None:
        return Did(
            faults={"shift": seat.voice.say("Bitte wählen Sie einen Dienst, der noch nicht begonnen hat.")}
        )
    other = next((one for one in board.people.values() if str(one.id) == form.get("colleague")), None)
    if other is None or other.id == seat.staff.id:
        return Did(faults={"colleague": seat.voice.say("Bitte wählen Sie, wen Sie fragen.")})
    desk = desk_of(seat)
    if desk is None:
        return None
    try:
        ask_to_take(desk, other, shift)
    except EntryFault as fault:
        return Did(faults={"colleague": fault.say(seat.voice)})
    return settled(desk)


def pressed(seat: Seat, token: str) -> Did | None:
    """What a button about duty in the staff's messenger does."""
    desk = desk_of(seat)
    if desk is None:
        return None
    toast = press_duty(desk, token, "")
    return settled(desk, toast)


PAGES = (
    Page(
        HOME,
        "duty.html",
        DUTY,
        _show,
        acts={
            "take_over": _take_over,
            "ask": _ask,
            "accept": partial(_answer, "yes"),
            "decline": partial(_answer, "no"),
            "withdraw": partial(_answer, "off"),
        },
    ),
)
