# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Planning who is there, from whichever place, by themselves or by a lead: what is kept and who hears of it.

What a lead plans for somebody else is told to them, in whichever place they can be reached.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.duty import Absence, ShiftChange, Span, Team, Week
from bot.domain.people import Staff
from bot.services import absences, duty
from bot.services.desk import Desk
from bot.services.duty_desk import colleagues, hours, tell_colleagues
from bot.services.duty_watch import tell_holes
from bot.services.duty_words import absence_text, span_text
from bot.services.rota import falls_on, shift_span, unmanned
from bot.services.staff_notices import notices
from bot.texts import Voice, mark

#: So far ahead whoever will be away hears which duty that leaves to nobody.
_FAR = timedelta(days=28)
_SHOWN = 8
_STANDS_IN = mark("{name} ist abwesend {when}. Sie vertreten {name} in dieser Zeit.")
_NOT_AWAY = mark("{name} ist doch nicht abwesend {when}.")
_BACK = mark("{name} ist wieder da.")
_NAMED = mark("Sie vertreten {name} ab jetzt, wenn {name} nicht da ist.")
_ENTERED = mark("{lead} hat für Sie eingetragen: abwesend {when}.")
_TAKEN_BACK = mark("{lead} hat zurückgenommen: abwesend {when}. Meldungen kommen zu Ihnen.")
_STILL_AWAY = mark("{lead} hat zurückgenommen: abwesend {when}. Sie sind weiterhin abwesend {still}.")
_ENDED = mark("{lead} hat Ihre Abwesenheit beendet. Meldungen kommen wieder zu Ihnen.")
_DEPUTY = mark("{lead} hat eingetragen: {when} vertritt Sie, wenn Sie nicht da sind.")
_NO_DEPUTY = mark("{lead} hat eingetragen: Niemand vertritt Sie mehr, wenn Sie nicht da sind.")
_HOURS = mark("{lead} hat Ihre Arbeitszeiten geändert. Sie sehen sie in der Konsole unter „Dienst“.")
_GIVEN = mark("{lead} hat Ihnen diesen Dienst gegeben: {when}.")
_TAKEN_AWAY = mark("{lead} hat diesen Dienst anders vergeben: {when}. Sie haben ihn nicht mehr.")


def keep_absence(desk: Desk, person: Staff, new: Absence) -> Absence:
    """They will be away; whoever stands in hears of it. Raises `ValueError` as `absences.set_absence`."""
    kept = absences.set_absence(desk.uow, new, desk.now, actor=desk.actor)
    deputy = deputy_of(desk, person, kept)
    if deputy is not None:
        tell_colleagues(desk, [deputy], _STANDS_IN, _when(desk, kept), about=person)
    _tell(desk, person, _ENTERED, _when(desk, kept))
    _look_for_holes(desk)
    return kept


def lost_duty(desk: Desk, kept: Absence) -> list[str]:
    """A line about duty in that time which nobody has now; empty if there is none."""
    since = max(kept.since, desk.now)
    until = min(kept.until or since + _FAR, since + _FAR)
    lost = unmanned(desk.uow, desk.rules, desk.agency.id, Span(since, until))
    when = [
        span_text(desk.voice, one.span, desk.agency.zone) for one in lost if one.staff_id == kept.staff_id
    ]
    text = mark("Diesen Dienst hat in dieser Zeit niemand: {when}. Die Leitung kann ihn neu vergeben.")
    lines = [desk.voice.say(text, when="; ".join(when[:_SHOWN]))] if when else []
    more = len(when) - _SHOWN
    return [*lines, desk.voice.say("Und {count} weitere.", count=more)] if more > 0 else lines


def take_back(desk: Desk, person: Staff, absence_id: int) -> Absence | None:
    """It was never set; whoever was to stand in hears of it. None if it is over, or not theirs."""
    theirs = absences.of_person(desk.uow, desk.agency.id, person.id, desk.now)
    kept = next((one for one in theirs if one.id == absence_id), None)
    if kept is None:
        return None
    deputy = deputy_of(desk, person, kept)
    absences.take_back(desk.uow, person, kept.id, desk.now, actor=desk.actor)
    _look_for_holes(desk)
    if deputy is not None:
        tell_colleagues(desk, [deputy], _NOT_AWAY, _when(desk, kept), about=person)
    still = duty.team(desk.uow, desk.agency.id, desk.now).away.get(person.id)
    if still is None:
        _tell(desk, person, _TAKEN_BACK, _when(desk, kept))
    else:
        # It was a later one.
        _tell(desk, person, _STILL_AWAY, _when(desk, kept), _when(desk, still))
    return kept


def end_absence(desk: Desk, person: Staff) -> bool:
    """They are here again; whoever stood in hears of it. False if they were not away."""
    stood_in = duty.standing_in(desk.uow, person.id, desk.now, hours(desk))
    was_away = absences.come_back(desk.uow, person, desk.now, actor=desk.actor)
    _look_for_holes(desk)
    if was_away and stood_in is not None:
        tell_colleagues(desk, [stood_in], _BACK, about=person)
    if was_away:
        _tell(desk, person, _ENDED)
    return was_away


def choose_deputy(desk: Desk, person: Staff, deputy: Staff | None) -> None:
    """Who stands in whenever they are not there; they hear of it. Raises `ValueError` for the person."""
    absences.name_deputy(desk.uow, person, deputy.id if deputy else None, desk.now, actor=desk.actor)
    if deputy is None:
        _tell(desk, person, _NO_DEPUTY)
        return
    tell_colleagues(desk, [deputy], _NAMED, about=person)
    _tell(desk, person, _DEPUTY, lambda _: deputy.name)


def set_hours(desk: Desk, person: Staff, week: Week) -> None:
    """Own working hours. Raises `ValueError` as `absences.set_working_hours`."""
    absences.set_working_hours(desk.uow, person, week, desk.now, actor=desk.actor)
    _tell(desk, person, _HOURS)
    _look_for_holes(desk)


def give_shift(desk: Desk, pattern_id: int, day: date, person: Staff | None) -> Span | None:
    """A lead gives the shift of one day to somebody, or to nobody. Whoever had it and has it now hear of it.

    None if there is no such shift, it has begun, or it is theirs already. An open question about it is over:
    whoever was asked could not take it any more.
    """
    known = {one.id: one for one in desk.uow.duty.patterns(desk.agency.id)}
    pattern = known.get(pattern_id)
    span = shift_span(pattern, day) if pattern and falls_on(pattern, day) else None
    if pattern is None or span is None or span.since <= desk.now:
        return None
    changes = desk.uow.duty.changes(desk.agency.id, day, day)
    had = next((one.staff_id for one in changes if one.pattern_id == pattern_id), pattern.staff_id)
    has = person.id if person else None
    if had == has:
        return None
    desk.uow.duty.set_change(desk.agency.id, ShiftChange(pattern_id, day, has))
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "shift_given", f"{pattern_id}:{has or ''}")
    _look_for_holes(desk)
    team = {one.id: one for one in colleagues(desk)}
    for number, text in ((had, _TAKEN_AWAY), (has, _GIVEN)):
        if number in team:
            _tell(desk, team[number], text, lambda voice: span_text(voice, span, desk.agency.zone))
    return span


def deputy_of(desk: Desk, person: Staff, absence: Absence) -> Staff | None:
    """Who stands in at its beginning, as if it were kept already."""
    at = max(absence.since, desk.now)
    everybody = duty.team(desk.uow, desk.agency.id, at, hours(desk))
    away = {**everybody.away, person.id: absence}
    return Team(everybody.members, away, everybody.off).standing_in(person.id)


def closes_ring(desk: Desk, person: Staff, deputy: Staff) -> bool:
    """Whether both stand in for each other, so that nobody does when both are away."""
    return duty.team(desk.uow, desk.agency.id, desk.now).closes_ring(person.id, deputy.id)


def _look_for_holes(desk: Desk) -> None:
    """Leads hear of what tears open; of what is filled they can hear again."""
    desk.drafts += tell_holes(desk.uow, desk.rules, desk.agency.id, desk.now)


def _tell(
    desk: Desk,
    person: Staff,
    text: str,
    when: Callable[[Voice], str] | None = None,
    still: Callable[[Voice], str] | None = None,
) -> None:
    """To the person, where a lead did it; what they do themselves they know."""
    if person.id == desk.staff.id:
        return

    def say(voice: Voice) -> str:
        fields = {"when": when(voice) if when else "", "still": still(voice) if still else ""}
        return voice.say(text, lead=desk.staff.name, **fields)

    desk.drafts += notices(desk.uow, desk.rules, [person], say, desk.now)


def _when(desk: Desk, absence: Absence) -> Callable[[Voice], str]:
    return lambda voice: absence_text(voice, absence, desk.agency.zone, desk.now)
