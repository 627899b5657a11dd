# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What leads do about the team in the staff's messenger: `/schicht` for the rota, `/team` to see it whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.access import Action
from bot.domain.duty import Caseload, ReachTest, ShiftPattern, Team
from bot.domain.messages import Body, Key
from bot.domain.people import Staff
from bot.services import duty, rota
from bot.services.appointment_dates import EntryFault, read_last_day, read_time
from bot.services.caseload import caseload, key_of
from bot.services.desk import Desk
from bot.services.duty_desk import colleagues, confirm_keys, gone, hours, refuse, today
from bot.services.duty_forms import near_day
from bot.services.duty_watch import AHEAD, gaps_text, tell_lost_shifts
from bot.services.duty_words import absence_text, channel_name, day_text, find_colleague
from bot.services.reachability import MARK, is_missed, ways_to
from bot.services.staff_notices import notices
from bot.texts import Voice, mark
from scheduler.local_time import at_wall, zone

_DAY = timedelta(days=1)
_EXAMPLE = "/schicht Mo 16:00-20:00 Karl"
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SHIFT = re.compile(r"(?P<day>\S+)\s+(?P<begins>[\d:.]+)\s*[-–—]\s*(?P<ends>[\d:.]+)\s+(?P<name>\S.*)")
_TOKEN = re.compile(r"([wo]):(\d{4}-\d{2}-\d{2}):(\d{4}):(\d{4}):(\d{1,18})")
_KEPT = mark("Eingetragen: {shift}")
_ENDED = mark("Beendet: {shift}")
_ENDED_LATER = mark("Beendet: {shift} Der Dienst, der gerade läuft, geht noch bis zum Ende.")
_ONLY_LEADS = mark("Das ist der Leitung vorbehalten.")
_SHOWN = 40


def set_shift(desk: Desk, typed: str) -> None:
    """`/schicht`: put a weekly or single shift into the rota, or see and end what is there."""
    if not _leads(desk):
        desk.tell(desk.voice.say(_ONLY_LEADS))
        return
    if not typed:
        _list_patterns(desk)
        return
    try:
        pattern, person = _read_shift(desk, typed)
    except EntryFault as fault:
        refuse(desk, fault, _EXAMPLE)
        return
    clock = f"{pattern.begins:%H%M}:{pattern.ends:%H%M}"
    often = "w" if pattern.last_day is None else "o"
    token = f"shift:{often}:{pattern.first_day.isoformat()}:{clock}:{pattern.staff_id}"
    desk.tell(Body(_pattern_text(desk, pattern, person.name), confirm_keys(desk, token)))


def press_shift(desk: Desk, token: str, message: str) -> str:
    """Keep a shift that was shown."""
    found = _TOKEN.fullmatch(token)
    person = next((p for p in colleagues(desk) if found and str(p.id) == found[5]), None)
    if found is None or person is None or not _leads(desk):
        return gone(desk)
    try:
        day = date.fromisoformat(found[2])
        times = [time(int(text[:2]), int(text[2:])) for text in (found[3], found[4])]
    except ValueError:  # a button that somebody made up
        return gone(desk)
    pattern = _pattern(desk, person, day, (times[0], times[1]), is_weekly=found[1] == "w")
    if any(replace(known, id=0) == pattern for known in desk.uow.duty.patterns(desk.agency.id)):
        return desk.voice.say("Das ist schon eingetragen.")
    rota.add_shifts(desk.uow, pattern)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "shift_added", str(person.id))
    kept = desk.voice.say(_KEPT, shift=_pattern_text(desk, pattern, person.name))
    desk.tell(kept, edit=message)
    _tell_whose(desk, person, pattern, _KEPT)
    return ""


def press_end(desk: Desk, number: str, message: str) -> str:
    """A pattern has no more shifts from today on; one that runs already goes on to its end."""
    pattern = next((one for one in _running(desk) if str(one.id) == number and _can_end(desk, one)), None)
    if pattern is None or not _leads(desk):
        return gone(desk)
    last_day = rota.last_begun(pattern, today(desk), desk.now)
    desk.drafts += tell_lost_shifts(desk.uow, desk.rules, [pattern], last_day, desk.now)
    desk.uow.duty.end_pattern(pattern.id, last_day)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "shift_ended", number)
    person = next((one for one in colleagues(desk) if one.id == pattern.staff_id), None)
    shift = _pattern_text(desk, pattern, person.name if person else "")
    text = _ENDED_LATER if _runs_now(desk, pattern) else _ENDED
    desk.tell(desk.voice.say(text, shift=shift), edit=message)
    if person is not None:
        _tell_whose(desk, person, pattern, text)
    return ""


def _can_end(desk: Desk, pattern: ShiftPattern) -> bool:
    return pattern.last_day is None or pattern.last_day > rota.last_begun(pattern, today(desk), desk.now)


def _runs_now(desk: Desk, pattern: ShiftPattern) -> bool:
    # One that began last night may still run.
    days = [day for day in (today(desk) - _DAY, today(desk)) if rota.falls_on(pattern, day)]
    spans = [rota.shift_span(pattern, day) for day in days]
    return any(span is not None and span.contains(desk.now) for span in spans)


def _tell_whose(desk: Desk, person: Staff, pattern: ShiftPattern, text: str) -> None:
    """Whoever has duty now, or has it no more, hears of it; a lead's own shift they know."""

    def say(voice: Voice) -> str:
        return voice.say(text, shift=pattern_text(voice, pattern, person.name, desk.now))

    others = [person] if person.id != desk.staff.id else []
    desk.drafts += notices(desk.uow, desk.rules, others, say, desk.now)


def show_team(desk: Desk, _: str) -> None:
    """`/team`: who is there, which ways are not confirmed, who looks after how many, when nobody will be."""
    if not _leads(desk):
        desk.tell(desk.voice.say(_ONLY_LEADS))
        return
    everybody = duty.team(desk.uow, desk.agency.id, desk.now, hours(desk))
    load = {one.coach_id: one for one in caseload(desk.uow, desk.agency.id)}
    tests = desk.uow.duty.reach_tests(desk.agency.id)
    lines = []
    for person in colleagues(desk):
        lines.append(f"{person.name}: {_state_text(desk, everybody, person)}")
        lines += _load_lines(desk, load.get(person.id))
        lines += _way_lines(desk, person, tests)
    codes = desk.uow.duty.without_coach(desk.agency.id)
    if codes:
        lines.append(desk.voice.say("Fall-Codes ohne Coach: {codes}", codes=", ".join(codes)))
    found = rota.gaps(desk.uow, desk.rules, desk.agency.id, desk.now, desk.now + AHEAD)
    gaps = gaps_text(desk.voice, found, desk.agency.zone) if found else ""
    lines.append(gaps or desk.voice.say("In den nächsten zwei Wochen ist immer jemand da."))
    desk.tell("\n".join(lines))


def _leads(desk: Desk) -> bool:
    return desk.guard.here(Action.MANAGE_ROTA).is_allowed


def _state_text(desk: Desk, everybody: Team, person: Staff) -> str:
    absence = everybody.away.get(person.id)
    if absence is None:
        is_off = person.id in everybody.off
        return desk.voice.say("frei") if is_off else desk.voice.say("da")
    when = absence_text(desk.voice, absence, desk.agency.zone, desk.now)
    deputy = everybody.standing_in(person.id)
    if deputy is None:
        return desk.voice.say("abwesend {when}, ohne Vertretung", when=when)
    return desk.voice.say("abwesend {when}, Vertretung: {name}", when=when, name=deputy.name)


def _load_lines(desk: Desk, load: Caseload | None) -> list[str]:
    if load is None:
        return []
    text = desk.voice.say(
        "begleitet {people} von höchstens {key} Menschen, offene Meldungen: {concerns}",
        people=load.people,
        key=key_of(desk.uow, desk.rules, desk.agency.id),
        concerns=load.open_concerns,
    )
    return [f"  {text}"]


def _way_lines(desk: Desk, person: Staff, tests: Mapping[int, ReachTest]) -> list[str]:
    ways = ways_to(desk.uow, [person])
    if not ways:
        text = desk.voice.say("noch mit keinem Weg verbunden")
        return [f"  {text}"]
    lines = []
    for way in ways:
        missed_at = tests[way.id].missed_at if is_missed(tests, way) else None
        if missed_at is not None:
            text = desk.voice.say(
                "{way}: nicht bestätigt seit {day}",
                way=channel_name(desk.voice, way.channel),
                day=day_text(desk.voice, missed_at, desk.agency.zone, desk.now),
            )
            lines.append(f"  {text}")
    return lines


def _read_shift(desk: Desk, typed: str) -> tuple[ShiftPattern, Staff]:
    found = _SHIFT.fullmatch(" ".join(typed.split()))
    if found is None:
        raise EntryFault(
            mark("Schreiben Sie Tag, Zeit und Name: einen Wochentag für jede Woche oder ein Datum.")
        )
    bare = found["day"].casefold().rstrip(".")
    weekday = next((n for n, name in enumerate(_NAMES) if bare in (name, name[:2])), None)
    begins, ends = read_time([found["begins"]]), read_time([found["ends"]])
    me = replace(desk.staff, id=0)  # a lead may enter shifts of their own
    person = find_colleague(found["name"], colleagues(desk), me)
    first = today(desk)
    if weekday is not None:
        first += (weekday - first.weekday()) % 7 * _DAY
    else:
        first = near_day(read_last_day(found["day"], first), first)
    return _pattern(desk, person, first, (begins, ends), is_weekly=weekday is not None), person


def _pattern(
    desk: Desk, person: Staff, first: date, clock: tuple[time, time], *, is_weekly: bool
) -> ShiftPattern:
    rule = f"FREQ=WEEKLY;BYDAY={_CODES[first.weekday()]}" if is_weekly else "FREQ=DAILY"
    last = None if is_weekly else first
    return ShiftPattern(0, desk.agency.id, person.id, rule, first, *clock, desk.agency.zone, last)


def _list_patterns(desk: Desk) -> None:
    names = {person.id: person.name for person in colleagues(desk)}
    running = _running(desk)
    if not running:
        text = desk.voice.say("Es ist kein Dienst eingetragen.")
        hint = desk.voice.say("Zum Beispiel: {example}", example=_EXAMPLE)
        desk.tell(f"{text} {hint}")
        return
    lines = [
        f"{number}. {_pattern_text(desk, pattern, names.get(pattern.staff_id, ''))}"
        for number, pattern in enumerate(running, 1)
    ]
    keys = tuple(
        (Key(desk.voice.say("{number}. beenden", number=number), f"{MARK}:end:{pattern.id}"),)
        for number, pattern in enumerate(running, 1)
        if _can_end(desk, pattern)
    )
    desk.tell(Body("\n".join(lines), keys))


def _running(desk: Desk) -> Sequence[ShiftPattern]:
    first = today(desk)
    known = desk.uow.duty.patterns(desk.agency.id)
    return [one for one in known if one.last_day is None or one.last_day >= first][:_SHOWN]


def _pattern_text(desk: Desk, pattern: ShiftPattern, name: str) -> str:
    return pattern_text(desk.voice, pattern, name, desk.now)


def pattern_text(voice: Voice, pattern: ShiftPattern, name: str, now: datetime) -> str:
    """Who has duty when by this pattern: every week, or on one day. Its own zone is the clock."""
    at = at_wall(pattern.first_day, time(12), zone(pattern.zone))
    fields = {
        "name": name,
        "day": day_text(voice, at, pattern.zone, now),
        "begins": f"{pattern.begins:%H:%M}",
        "ends": f"{pattern.ends:%H:%M}",
    }
    if pattern.last_day is not None and pattern.last_day == pattern.first_day:
        return voice.say("{name} hat Dienst am {day}, {begins} bis {ends} Uhr.", **fields)
    return voice.say("{name} hat jede Woche Dienst ab {day}, {begins} bis {ends} Uhr.", **fields)
