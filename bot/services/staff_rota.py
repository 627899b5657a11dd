# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rota by command in the staff's messenger: `/dienst`, `/tausch`, `/uebernahme`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.duty import Shift, Span, Swap, SwapEvent
from bot.domain.messages import Body, Key
from bot.domain.people import Staff
from bot.services import duty, rota
from bot.services.appointment_dates import EntryFault, read_last_day
from bot.services.desk import Desk
from bot.services.duty_desk import colleagues, confirm_keys, gone, refuse, tell_colleagues, today
from bot.services.duty_words import find_colleague, span_text
from bot.services.reachability import MARK
from bot.services.staff_notices import notices
from bot.texts import Voice, mark

_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
#: How far ahead one's own shifts are listed.
_AHEAD = 4 * _WEEK
_SHOWN = 30
#: What is longer is no swap of ours.
_LONGEST_NUMBER = 18
_EXAMPLE_SWAP = "/tausch 12.12. Karl"
_ASKED = mark(
    "{name} bittet Sie, diesen Dienst zu übernehmen: {when}. Bis Sie zusagen, bleibt er bei {name}."
)
_ACCEPTED = mark("{name} hat zugesagt und hat jetzt diesen Dienst: {when}.")
_DECLINED = mark("{name} kann diesen Dienst nicht übernehmen: {when}. Er bleibt bei Ihnen.")
_WITHDRAWN = mark("{name} hat die Bitte zurückgezogen. Dieser Dienst bleibt bei {name}: {when}.")
_TAKEN = mark("{name} hat den Dienst von Ihnen übernommen: {when}.")


def show_duty(desk: Desk, _: str) -> None:
    """`/dienst`: who has duty now, and in the next seven days."""
    everybody = {person.id: person.name for person in desk.uow.people.all_staff(desk.agency.id)}
    now = duty.on_shift(desk.uow, desk.agency.id, desk.now)
    if now:
        lines = [desk.voice.say("Dienst hat jetzt: {names}.", names=_joined(now))]
    else:
        there = duty.pool(desk.uow, desk.agency.id, desk.now, desk.rules.hours[desk.agency.id])
        lines = [desk.voice.say("Nach Plan hat jetzt niemand Dienst.")]
        if there and desk.rules.is_read_now(desk.agency.id, desk.now):
            lines.append(desk.voice.say("Da sind: {names}.", names=_joined(there)))
    coming = rota.shifts(desk.uow, desk.agency.id, Span(desk.now, desk.now + _WEEK))
    lines += [f"- {_when(desk, s)}: {everybody[s.staff_id]}" for s in coming[:_SHOWN]]
    desk.tell("\n".join(lines))


def propose_swap(desk: Desk, typed: str) -> None:
    """`/tausch`: ask a colleague to take a shift. Until they accept, it stays where it is."""
    day_text, _, name = typed.partition(" ")
    try:
        day = read_last_day(day_text.rstrip(","), today(desk))
        colleague = _named(desk, name)
        ask_to_take(desk, colleague, _mine(desk, day))
    except EntryFault as fault:
        refuse(desk, fault, _EXAMPLE_SWAP)


def ask_to_take(desk: Desk, colleague: Staff, shift: Shift) -> None:
    """Ask a colleague to take this shift of one's own, and say so. Raises `EntryFault` if they cannot."""
    _check_free(desk, colleague, shift)
    new = Swap(0, desk.agency.id, shift.pattern_id or 0, shift.day, desk.staff.id, colleague.id)
    number = desk.uow.duty.propose_swap(new, desk.now)
    _ask_colleague(desk, colleague, shift, number)
    text = desk.voice.say(
        "Ich habe {name} gefragt: {when}. Bis {name} zusagt, haben Sie diesen Dienst.",
        name=colleague.name,
        when=_when(desk, shift),
    )
    keys = ((Key(desk.voice.say("Zurückziehen"), f"{MARK}:swap:{number}:off"),),)
    desk.tell(Body(text, keys))


def take_over(desk: Desk, _: str) -> None:
    """`/uebernahme`: take the duty over at once, after one look."""
    if duty.team(desk.uow, desk.agency.id, desk.now).is_away(desk.staff.id):
        desk.tell(desk.voice.say("Sie sind als abwesend eingetragen. Mit /da sind Sie wieder da."))
        return
    span, before = rota.takeover_span(desk.uow, desk.rules, desk.staff, desk.now)
    lines = [desk.voice.say("Sie haben Dienst: {when}.", when=span_text(desk.voice, span, desk.agency.zone))]
    names = [p.name for p in colleagues(desk) if p.id in before]
    if names:
        lines.append(desk.voice.say("Diesen Dienst hatte bisher: {names}.", names=", ".join(names)))
    token = f"duty:{int(span.until.timestamp())}"
    keys = confirm_keys(desk, token, desk.voice.say("Ich übernehme jetzt"))
    desk.tell(Body("\n".join(lines), keys))


def press_take_over(desk: Desk, shown_until: str, message: str) -> str:
    """The duty is theirs now, if it is still the time that was shown."""
    away = duty.team(desk.uow, desk.agency.id, desk.now).is_away(desk.staff.id)
    span, _ = rota.takeover_span(desk.uow, desk.rules, desk.staff, desk.now)
    if away or shown_until != str(int(span.until.timestamp())):
        return gone(desk)
    span, before = rota.take_over_now(desk.uow, desk.rules, desk.staff, desk.now)
    when = span_text(desk.voice, span, desk.agency.zone)
    desk.tell(desk.voice.say("Sie haben jetzt Dienst: {when}.", when=when), edit=message)
    tell_colleagues(desk, [p for p in colleagues(desk) if p.id in before], _TAKEN, _when_for(desk, span))
    return ""


def press_swap(desk: Desk, token: str, message: str) -> str:
    """Accept, decline or withdraw a proposal. Whoever may not, or comes late, is told so."""
    number, _, choice = token.partition(":")
    is_number = number.isdecimal() and len(number) <= _LONGEST_NUMBER
    swap = desk.uow.duty.swap(int(number)) if is_number else None
    event = {"yes": SwapEvent.ACCEPT, "no": SwapEvent.DECLINE, "off": SwapEvent.WITHDRAW}.get(choice)
    mine = swap.from_id if swap and event is SwapEvent.WITHDRAW else swap.to_id if swap else 0
    if swap is None or event is None or mine != desk.staff.id:
        return gone(desk)
    if not swap.can(event):
        return desk.voice.say("Darüber ist schon entschieden.")
    shift = next(
        (
            one
            for one in rota.shift_of(desk.uow, swap.agency_id, swap.from_id, swap.day, desk.agency.zone)
            if one.pattern_id == swap.pattern_id
        ),
        None,
    )
    if shift is None or shift.span.since <= desk.now:
        rota.settle_swap(desk.uow, swap, SwapEvent.WITHDRAW, desk.now)
        desk.tell(desk.voice.say("Dieser Dienst hat schon begonnen oder ist anders vergeben."), edit=message)
        return ""
    try:
        if event is SwapEvent.ACCEPT:
            # They may have become absent since they were asked; then nobody would have this duty.
            _check_free(desk, desk.staff, shift)
    except EntryFault as fault:
        return fault.say(desk.voice)
    rota.settle_swap(desk.uow, swap, event, desk.now)
    _say_settled(desk, swap, event, shift, message)
    return ""


def _say_settled(desk: Desk, swap: Swap, event: SwapEvent, shift: Shift, message: str) -> None:
    when = _when(desk, shift)
    said, theirs = {
        SwapEvent.ACCEPT: (
            desk.voice.say("Danke. Sie haben jetzt diesen Dienst: {when}.", when=when),
            _ACCEPTED,
        ),
        SwapEvent.DECLINE: (desk.voice.say("In Ordnung. Der Dienst bleibt, wo er ist."), _DECLINED),
        SwapEvent.WITHDRAW: (desk.voice.say("Zurückgezogen. Sie behalten diesen Dienst."), _WITHDRAWN),
    }[event]
    desk.tell(said, edit=message)
    other = swap.to_id if event is SwapEvent.WITHDRAW else swap.from_id
    to = [person for person in colleagues(desk) if person.id == other]
    tell_colleagues(desk, to, theirs, _when_for(desk, shift.span))


def _mine(desk: Desk, day: date) -> Shift:
    """The staff member's own shift of this day that has not begun. Raises `EntryFault`."""
    found = rota.shift_of(desk.uow, desk.agency.id, desk.staff.id, day, desk.agency.zone)
    coming = [shift for shift in found if shift.span.since > desk.now]
    if coming:
        return coming[0]
    if found:
        raise EntryFault(
            mark("Dieser Dienst hat schon begonnen. Mit /uebernahme kann ihn jemand sofort übernehmen.")
        )
    ahead = rota.shifts(desk.uow, desk.agency.id, Span(desk.now, desk.now + _AHEAD))
    mine = [_when(desk, shift) for shift in ahead if shift.staff_id == desk.staff.id]
    shown = {"day": f"{day:%d.%m.%Y}", "shifts": "; ".join(mine[:8])}
    if not mine:
        raise EntryFault(
            mark("Am {day} haben Sie keinen Dienst, und auch sonst in nächster Zeit nicht."), **shown
        )
    raise EntryFault(mark("Am {day} haben Sie keinen Dienst. Ihre Dienste: {shifts}."), **shown)


def _named(desk: Desk, name: str) -> Staff:
    if not name.strip():
        raise EntryFault(mark("Mit wem möchten Sie tauschen? Schreiben Sie den Namen hinter den Tag."))
    return find_colleague(name, colleagues(desk), desk.staff)


def _check_free(desk: Desk, colleague: Staff, shift: Shift) -> None:
    if rota.is_away_during(desk.uow, colleague, shift.span):
        raise EntryFault(mark("{name} ist an diesem Tag abwesend."), name=colleague.name)
    if not desk.uow.people.staff_addresses([colleague.id]):
        raise EntryFault(mark("{name} ist mit Lotse noch nicht verbunden."), name=colleague.name)


def _ask_colleague(desk: Desk, colleague: Staff, shift: Shift, number: int) -> None:
    def say(voice: Voice) -> Body:
        when = span_text(voice, shift.span, desk.agency.zone)
        keys = (
            (
                Key(voice.say("Ich übernehme ihn"), f"{MARK}:swap:{number}:yes"),
                Key(voice.say("Das geht nicht"), f"{MARK}:swap:{number}:no"),
            ),
        )
        return Body(voice.say(_ASKED, name=desk.staff.name, when=when), keys)

    desk.drafts += notices(desk.uow, desk.rules, [colleague], say, desk.now)


def _when(desk: Desk, shift: Shift) -> str:
    return span_text(desk.voice, shift.span, desk.agency.zone)


def _when_for(desk: Desk, span: Span) -> Callable[[Voice], str]:
    return lambda voice: span_text(voice, span, desk.agency.zone)


def _joined(people: list[Staff]) -> str:
    return ", ".join(person.name for person in people)
