# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Once a day, when the agency opens: what leads must know about who will be there, and tests of every way.

One timer an agency. What was told is not told again: a gap two weeks ahead and once more two days before, a
way that is not confirmed, a coach with too many people, people without a coach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from bot.domain.duty import Caseload, Shift, ShiftPattern, Span, without_coach
from bot.domain.ledger_chain import COMMAND
from bot.domain.messages import Draft
from bot.domain.people import Role, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import duty, reachability
from bot.services.absences import KEPT_FOR, leave_team
from bot.services.caseload import key_of, newly_above
from bot.services.duty_words import channel_name, span_text
from bot.services.long_stopped import tell_long_stopped
from bot.services.not_reached import words_to_givers
from bot.services.rota import gaps, handed_on, shifts, unmanned
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice, mark
from scheduler.local_time import ReadingHours, at_wall, local
from scheduler.timers import Timer

TIMER_KIND = "duty_day"
AHEAD = timedelta(days=14)
SOON = timedelta(days=2)
#: Of whoever leaves, leads hear the duty of so long.
_AHEAD_OF_LEAVING = timedelta(days=28)
#: In one message, at most; what is left out counts as told all the same.
SHOWN = 15
_DAY = timedelta(days=1)
_NO_LEAD = "no_lead"
_GOES = mark("{name} ist nicht mehr im Team. Dieser Dienst fällt weg: {when}.")
_GOES_TOO = mark("Dienst von {name}, den andere übernommen hatten, fällt auch weg: {when}.")


def end_watch(uow: UnitOfWork, agency_id: int) -> None:
    """No watch any more: there is no such agency now."""
    uow.timers.cancel(_dedup(agency_id))


def ensure_watch(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> None:
    """Let the watch begin at the next opening. Safe at every start: there is one timer an agency."""
    _set(uow, agency_id, rules.hours[agency_id].next_open(now))


def duty_day(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the daily timer take effect, and set it for the next opening. Late, by night, it waits for it."""
    agency_id, hours = timer.agency_id, rules.hours[timer.agency_id]
    if not hours.is_open(now):
        _set(uow, agency_id, hours.next_open(now))
        return Receipt()
    _set(uow, agency_id, _opening_after(hours, now))
    uow.duty.forget_absences(agency_id, now - KEPT_FOR)
    drafts = [
        *_tell_leads(uow, rules, agency_id, now),
        *reachability.probe_due(uow, rules, duty.team(uow, agency_id, now, hours), agency_id, now),
    ]
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def tell_without_coach(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> list[Draft]:
    """Leads hear which people have no coach; of each once."""
    leads = _leads(uow, rules, agency_id, now)
    if not leads:
        return []
    codes = [
        code
        for code in uow.duty.without_coach(agency_id)
        if uow.duty.first_time(agency_id, without_coach(code), now)
    ]
    return notices(uow, rules, leads, lambda voice: _codes_text(voice, codes), now) if codes else []


def tell_holes(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> list[Draft]:
    """Leads hear at once of hours in which nobody will be there, and of duty that nobody has any more."""
    leads = _leads(uow, rules, agency_id, now)
    return _tell_gaps(uow, rules, leads, now) if leads else []


def leave_and_tell(
    uow: UnitOfWork, rules: Rulebook, staff_id: int, now: datetime, actor: str = COMMAND
) -> int:
    """The staff member has left the team, and leads hear of it. Returns how many people lose their coach.

    Whoever gave a partner's contact something of which these have not heard yet hears so.
    Raises `NotFound`.
    """
    person = uow.people.staff(staff_id)
    rota = uow.duty.patterns(person.agency_id) if person is not None else []
    theirs = [pattern for pattern in rota if pattern.staff_id == staff_id]
    drafts = tell_lost_shifts(uow, rules, theirs, now.date(), now)
    is_here = person is not None and person.left_at is None
    going = _duty_of(uow, person, theirs, now) if person is not None and is_here else {}
    held = [one for way in uow.people.staff_addresses([staff_id]) for one in uow.outbox.waiting_for(way.id)]
    lost = leave_team(uow, staff_id, now, actor)
    drafts += words_to_givers(uow, rules, held, now)
    if person is not None:
        drafts += _tell_duty_of_leaver(uow, rules, person, going, now) if any(going.values()) else []
        drafts += tell_without_coach(uow, rules, person.agency_id, now) if lost else []
        drafts += tell_holes(uow, rules, person.agency_id, now) if is_here else []
    uow.outbox.post(drafts, now)
    return lost


def _duty_of(
    uow: UnitOfWork, person: Staff, theirs: Sequence[ShiftPattern], now: datetime
) -> dict[str, list[Span]]:
    """By how it is said: duty that they have, and duty of their patterns that colleagues have by now."""
    ahead = Span(now, now + _AHEAD_OF_LEAVING)
    found = shifts(uow, person.agency_id, ahead, clip=False)
    handed = chain.from_iterable(handed_on(uow, pattern, now.date()) for pattern in theirs)
    return {
        _GOES: [one.span for one in found if one.staff_id == person.id],
        _GOES_TOO: sorted(one.span for one in handed if one.span.since < ahead.until),
    }


def _tell_duty_of_leaver(
    uow: UnitOfWork, rules: Rulebook, person: Staff, going: Mapping[str, Sequence[Span]], now: datetime
) -> list[Draft]:
    zone_name = rules.agencies[person.agency_id].zone

    def say(voice: Voice) -> str:
        lines = []
        for text, spans in going.items():
            when = "; ".join(span_text(voice, span, zone_name) for span in spans[:SHOWN])
            lines += [voice.say(text, name=person.name, when=when)] if spans else []
        return "\n".join(lines)

    return notices(uow, rules, _leads(uow, rules, person.agency_id, now), say, now)


def tell_lost_shifts(
    uow: UnitOfWork, rules: Rulebook, ending: Sequence[ShiftPattern], last_day: date, now: datetime
) -> list[Draft]:
    """For colleagues who have taken shifts of patterns that are about to end with this day: these go too."""
    shifts = [shift for pattern in ending for shift in handed_on(uow, pattern, last_day)]
    team = {person.id: person for person in uow.people.all_staff(ending[0].agency_id)} if shifts else {}
    drafts = []
    for number in dict.fromkeys(shift.staff_id for shift in shifts):
        if number in team:
            spans = sorted(shift.span for shift in shifts if shift.staff_id == number)
            say = partial(_lost_text, spans=spans, zone_name=rules.agencies[team[number].agency_id].zone)
            drafts += notices(uow, rules, [team[number]], say, now)
    return drafts


def _lost_text(voice: Voice, spans: Sequence[Span], zone_name: str) -> str:
    when = "; ".join(span_text(voice, span, zone_name) for span in spans)
    return voice.say("Ihr Dienst fällt weg: {when}.", when=when)


def _tell_leads(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> list[Draft]:
    leads = _leads(uow, rules, agency_id, now)
    if not leads:
        return []
    drafts = [*_tell_no_lead(uow, rules, leads, now), *_tell_gaps(uow, rules, leads, now)]
    drafts += _tell_missed(uow, rules, leads, now)
    key = key_of(uow, rules, agency_id)
    above = newly_above(uow, agency_id, now, key)
    names = {person.id: person.name for person in uow.people.all_staff(agency_id)} if above else {}
    for one in above:
        say = partial(_caseload_text, one=one, name=names[one.coach_id], key=key)
        drafts += notices(uow, rules, leads, say, now)
    drafts += tell_without_coach(uow, rules, agency_id, now)
    return drafts + tell_long_stopped(uow, rules, leads, now)


def _tell_no_lead(uow: UnitOfWork, rules: Rulebook, hearers: Sequence[Staff], now: datetime) -> list[Draft]:
    """Admins hear once that nobody leads, or no way to a lead is open; again if one was in between."""
    agency_id = hearers[0].agency_id
    if hearers[0].role is Role.LEAD:
        uow.duty.forget_told(agency_id, _NO_LEAD)
        return []
    text = mark(
        "Niemand im Team hat die Rolle „Leitung“. Antwortet auf eine Meldung niemand, erfährt es dann keine "
        "Leitung, sondern die Verwaltung. Bitte geben Sie jemandem diese Rolle."
    )
    if duty.leads(uow, agency_id, now):
        text = mark(
            "Zu keiner Leitung ist ein Weg offen. Antwortet auf eine Meldung niemand, erfährt es dann keine "
            "Leitung. Hinweise zu Dienst und Abwesenheiten bekommt bis dahin die Verwaltung. Bitte sorgen "
            "Sie für einen Zugang."
        )
    is_news = uow.duty.first_time(agency_id, _NO_LEAD, now)
    return notices(uow, rules, hearers, lambda voice: voice.say(text), now) if is_news else []


def _tell_gaps(uow: UnitOfWork, rules: Rulebook, leads: Sequence[Staff], now: datetime) -> list[Draft]:
    agency_id = leads[0].agency_id
    hours, zone_name = rules.hours[agency_id], rules.agencies[agency_id].zone
    day, soon = (local(at, hours.zone).date() for at in (now, hours.next_open(now + SOON)))
    # Whole days: of what is told in part, the rest would count as told. Over a weekend "soon" is further.
    today, near, last = (at_wall(one, time.min, hours.zone) for one in (day, soon + _DAY, day + AHEAD + _DAY))

    def is_news(kind: str, span: Span) -> bool:
        early, late = _subjects(kind, span)
        # Both are written down, so that what is near when it is found is told once and not twice.
        subjects = [early, late] if span.since < near else [early]
        news = [uow.duty.first_time(agency_id, subject, now) for subject in subjects]
        return any(news) and span.until > now

    holes = [("gap", gap) for gap in gaps(uow, rules, agency_id, today, last)]
    without = [(f"shift:{one.staff_id}", one) for one in unmanned(uow, rules, agency_id, Span(today, last))]
    # What was told and is filled by now is news if it tears open again.
    for beginning, spans in (("gap", holes), ("shift:", [(kind, one.span) for kind, one in without])):
        open_now = chain.from_iterable(_subjects(kind, span) for kind, span in spans)
        uow.duty.forget_all_told_but(agency_id, beginning, list(open_now))
    found = [gap for kind, gap in holes if is_news(kind, gap)]
    lost = [one for kind, one in without if is_news(kind, one.span)]
    names = {person.id: person.name for person in uow.people.all_staff(agency_id)} if lost else {}
    drafts = notices(uow, rules, leads, lambda v: gaps_text(v, found, zone_name), now) if found else []
    say = partial(_unmanned_text, lost=lost, names=names, zone_name=zone_name)
    return drafts + (notices(uow, rules, leads, say, now) if lost else [])


def _subjects(kind: str, span: Span) -> tuple[str, str]:
    """What is remembered of a hole that was told two weeks ahead, and shortly before."""
    return f"{kind}:{span.since.isoformat()}", f"{kind}_soon:{span.since.isoformat()}"


def _tell_missed(uow: UnitOfWork, rules: Rulebook, leads: Sequence[Staff], now: datetime) -> list[Draft]:
    agency_id = leads[0].agency_id
    everybody = duty.team(uow, agency_id, now, rules.hours[agency_id])
    late = reachability.missed(uow, rules, everybody, agency_id, now)
    uow.duty.miss([address.id for _, address in late], now)
    hearers = {one.id: one for one in leads}
    if not any(reachability.is_reachable(uow, one) for one in leads):
        # Over a way that fails, nobody hears that it fails.
        hearers |= {one.id: one for one in duty.admins(uow, agency_id)}

    def say(voice: Voice) -> str:
        head = voice.say("Eine Probe wurde nicht bestätigt. Meldungen kommen dort vielleicht nicht an:")
        lines = [f"- {person.name}: {channel_name(voice, address.channel)}" for person, address in late]
        return "\n".join([head, *lines[:SHOWN]])

    return notices(uow, rules, hearers.values(), say, now) if late else []


def gaps_text(voice: Voice, found: Sequence[Span], zone: str) -> str:
    """When nobody will be there, in words."""
    head = voice.say("Zu diesen Zeiten ist niemand da und niemand hat Dienst:")
    lines = [f"- {span_text(voice, gap, zone)}" for gap in found[:SHOWN]]
    more = [voice.say("Und {count} weitere.", count=len(found) - SHOWN)] if len(found) > SHOWN else []
    return "\n".join([head, *lines, *more, voice.say("Bitte sorgen Sie für Vertretung oder Dienst.")])


def _unmanned_text(voice: Voice, lost: Sequence[Shift], names: Mapping[int, str], zone_name: str) -> str:
    head = voice.say("Diesen Dienst hat niemand, denn wer eingetragen ist, ist abwesend oder nicht im Team:")
    whose = [(span_text(voice, one.span, zone_name), names.get(one.staff_id, "")) for one in lost[:SHOWN]]
    lines = [f"- {when}: {name}" for when, name in whose]
    more = [voice.say("Und {count} weitere.", count=len(lost) - SHOWN)] if len(lost) > SHOWN else []
    return "\n".join([head, *lines, *more, voice.say("Bitte sorgen Sie für Vertretung oder Dienst.")])


def _caseload_text(voice: Voice, one: Caseload, name: str, key: int) -> str:
    return voice.say(
        "{name} begleitet jetzt {people} Menschen. Vorgesehen sind höchstens {key}.",
        name=name,
        people=one.people,
        key=key,
    )


def _codes_text(voice: Voice, codes: Sequence[str]) -> str:
    return voice.say("Fall-Codes ohne Coach: {codes}", codes=", ".join(codes))


def _leads(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> list[Staff]:
    """Those who can hear of it, admins where no lead can; empty if nobody can: nothing is told then."""
    return duty.hearers(uow, agency_id, now, rules.hours[agency_id])


def _opening_after(hours: ReadingHours, now: datetime) -> datetime:
    """When the agency next opens, the opening of this moment left out."""
    day = local(now, hours.zone).date()
    return hours.next_open(at_wall(day, hours.weekly[day.weekday()][1], hours.zone))


def _set(uow: UnitOfWork, agency_id: int, at: datetime) -> None:
    uow.timers.set(agency_id, TIMER_KIND, agency_id, at, _dedup(agency_id))


def _dedup(agency_id: int) -> str:
    return f"{TIMER_KIND}:{agency_id}"
