# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The day at a glance, when the agency opens: what is open for a staff member, who is away, for whom they
stand in. Case codes and levels only; whoever has nothing to hear of hears nothing.

One timer for each linked coach or lead; switched off, there is none.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.concerns import Level, QueueRow
from bot.domain.duty import Span, Team
from bot.domain.escalation import Way
from bot.domain.messages import Body, DataClass, Draft, Kind
from bot.domain.people import Address, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import calendar_view, duty
from bot.services.case_queue import queue
from bot.services.desk import Desk
from bot.services.hand_over import RECEIVERS
from bot.services.rulebook import Rulebook
from bot.services.whom import ways_to
from bot.texts import Voice
from scheduler.local_time import ReadingHours, at_wall, local
from scheduler.timers import Timer

TIMER_KIND = "digest"
_DAY = timedelta(days=1)
_SHOWN = 10
#: More appointments than anybody has on a day.
_MOST = 50
#: What could not be sent in the morning is no news in the afternoon.
_KEPT_FOR = timedelta(hours=5)
_LEVELS = (Level.R3, Level.R2, Level.R1)


def timer_key(staff_id: int) -> str:
    """The one timer of a staff member's digest."""
    return f"digest:{staff_id}"


def switch_on(uow: UnitOfWork, rules: Rulebook, person: Staff, now: datetime) -> None:
    """From the next working day on; for whoever has no cases nothing happens."""
    if person.role in RECEIVERS:
        _set(uow, person.agency_id, person.id, _next_day(rules.hours[person.agency_id], now))


def switch(desk: Desk, typed: str) -> None:
    """`/tagesblick an` or `aus`."""
    words = typed.casefold()
    if words == "an":
        switch_on(desk.uow, desk.rules, desk.staff, desk.now)
        text = desk.voice.say("Der Tagesblick ist an. Er kommt morgens, wenn es etwas zu sagen gibt.")
    elif words == "aus":
        desk.uow.timers.cancel(timer_key(desk.staff.id))
        text = desk.voice.say("Der Tagesblick ist aus. Meldungen kommen wie bisher.")
    else:
        text = desk.voice.say(
            "Der Tagesblick zeigt morgens, was für Sie ansteht. Einschalten: /tagesblick an. "
            "Ausschalten: /tagesblick aus."
        )
    desk.tell(text)


def digest_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer take effect, and set it for the next working day. By night it waits for the morning."""
    hours = rules.hours[timer.agency_id]
    person = uow.people.staff(timer.subject)
    if person is None or person.left_at is not None:
        return Receipt()
    if not hours.is_open(now):
        _set(uow, person.agency_id, person.id, hours.next_open(now))
        return Receipt()
    _set(uow, person.agency_id, person.id, _next_day(hours, now))
    team = duty.team(uow, person.agency_id, now, hours)
    if not team.is_present(person.id):
        begins = duty.begins_later(uow.duty.weeks(person.agency_id), person.id, hours, now)
        if begins and not team.is_away(person.id):
            # Their day begins later than the agency's.
            _set(uow, person.agency_id, person.id, begins)
        return Receipt()
    drafts = [
        _draft(person, address, text, now)
        for address in ways_to(uow, [person.id], (Way.MESSENGER,))
        if (text := _text(uow, rules, (person, address), team, now))
    ]
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def _text(uow: UnitOfWork, rules: Rulebook, who: tuple[Staff, Address], team: Team, now: datetime) -> str:
    """What is to be said; empty if nothing is."""
    person, address = who
    voice, agency, hours = rules.voice(person.language), rules.agencies[person.agency_id], rules.hours
    concerns = queue(uow, person.agency_id, person.id, now, hours[person.agency_id])
    carries = agency.class_of(address.channel).carries(DataClass.APPOINTMENT)
    meetings = _meetings(uow, rules, person, team, now)
    # Whoever has left, or has another role by now, may still have an absence that was entered before.
    missing = [one for one in sorted(team.away) if team.is_in_team(one)]
    covered = [team.members[one].name for one in missing if team.standing_in(one) == person]
    away = [one for one in missing if one != person.id]
    zone = hours[person.agency_id].zone
    today = local(now, zone).date()
    begins = [one for one in away if local(team.away[one].since, zone).date() == today]
    # That a colleague is still away is no news: it is only said with something else.
    if not (concerns or meetings or covered or begins):
        return ""
    lines = [voice.say("**Ihr Tag**")]
    lines += _concern_lines(voice, concerns, now)
    if meetings:
        lines.append(voice.say("Termine heute: {count} (/termine)", count=len(meetings)))
    if meetings and carries:
        lines += [f"- {voice.clock(at, agency.zone)} · {code}" for at, code in meetings[:_SHOWN]]
    if away:
        names = ", ".join(team.members[one].name for one in away)
        lines.append(voice.say("Nicht da: {names}", names=names))
    if covered:
        lines.append(voice.say("Sie vertreten: {names}", names=", ".join(covered)))
    return "\n".join(lines)


def _concern_lines(voice: Voice, concerns: list[QueueRow], now: datetime) -> list[str]:
    if not concerns:
        return []
    counts = [(level, sum(one.level is level for one in concerns)) for level in _LEVELS]
    levels = ", ".join(f"{number} × {level.value}" for level, number in counts if number)
    late = sum(one.is_overdue(now) for one in concerns)
    lines = [voice.say("Offene Meldungen: {levels} (/meldungen)", levels=levels)]
    return [*lines, voice.say("Davon überfällig: {count}", count=late)] if late else lines


def _meetings(
    uow: UnitOfWork, rules: Rulebook, person: Staff, team: Team, now: datetime
) -> list[tuple[datetime, str]]:
    """Today's appointments that are theirs, or of whom they stand in for, and still to come; with the case
    code. Whoever only begins later has their own themselves, from then on.
    """
    hours = rules.hours[person.agency_id]
    ends = at_wall(local(now, hours.zone).date() + _DAY, time.min, hours.zone)
    found = calendar_view.still_open(uow, rules, person, Span(now, ends), _MOST)
    weeks = uow.duty.weeks(person.agency_id) if found else {}
    whose = {one.id: one for one in uow.people.participants(person.agency_id)} if found else {}

    def is_here_then(coach_id: int, at: datetime) -> bool:
        begins = duty.begins_later(weeks, coach_id, hours, now)
        return coach_id != person.id and not team.is_away(coach_id) and begins is not None and begins <= at

    people = [(one.starts_at, whose[one.participant_id]) for one in found if one.participant_id in whose]
    return [(at, one.case_code) for at, one in people if not is_here_then(one.coach_id or 0, at)]


def _draft(person: Staff, address: Address, text: str, now: datetime) -> Draft:
    return Draft(
        person.agency_id,
        address.id,
        address.channel,
        Kind.STAFF_NOTICE,
        Body(text),
        staff_id=person.id,
        not_after=now + _KEPT_FOR,
    )


def _next_day(hours: ReadingHours, now: datetime) -> datetime:
    """When the agency opens on another day than this."""
    tomorrow = local(now, hours.zone).date() + _DAY
    return hours.next_open(at_wall(tomorrow, time.min, hours.zone))


def _set(uow: UnitOfWork, agency_id: int, staff_id: int, at: datetime) -> None:
    uow.timers.set(agency_id, TIMER_KIND, staff_id, at, timer_key(staff_id))
