# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type about plans: `/plan`, `/entlassung`, `/praktikum`, `/fenster`. People go by case codes."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.access import Action
from bot.domain.consent import Consents, holding
from bot.domain.people import Participant
from bot.domain.plans import Followed
from bot.services import availability
from bot.services.desk import Desk
from bot.services.follow_plans import follow, may_ask, next_moment
from bot.services.person_dates import SAID, WINDOW, person_time, time_for, zone_of
from bot.services.programme_plans import narrowed, plans_of
from bot.services.read_plans import CheckIn, PlanSet
from bot.services.remembered import encode_value
from bot.texts import mark
from dialogs.reading_dates import read_date
from scheduler.local_time import local
from scheduler.occurrences import Obstacle, why_none
from scheduler.person_time import PersonTime

_NONE_WORDS = frozenset({"-", "keine", "keins", "none"})
#: How far away a day may be that somebody types: a wrong year is the likeliest slip.
_LONGEST_AGO, _LONGEST_AHEAD = timedelta(days=366), timedelta(days=3 * 366)
_EXAMPLES = {
    "discharge": mark("/entlassung K7F3M 24.11.2026 (oder „keine“)"),
    "internship": mark("/praktikum K7F3M 1.12.2026 31.1.2027 (oder „keins“)"),
    "window": mark("/fenster K7F3M mo-fr 9-17 (oder „immer“)"),
    "plan": mark("/plan K7F3M"),
}
_OBSTACLES = {
    Obstacle.WAITS_FOR_DATE: mark("wartet auf ein Datum"),
    Obstacle.OVER: mark("ist vorbei"),
    Obstacle.PAUSED: mark("macht Pause"),
    Obstacle.NEVER_FITS: mark("findet keinen passenden Tag"),
}


def set_discharge(desk: Desk, rest: str) -> None:
    """`/entlassung CASE DAY`: from then on the plans after a discharge count."""
    person, words = _read(desk, rest, "discharge", 1)
    if person is None:
        return
    day = "" if words[0].casefold() in _NONE_WORDS else _day(desk, person, words[0])
    if day is None:
        _explain_day(desk, "discharge")
    else:
        keep_facts(desk, person, {SAID["discharge"]: day})


def set_internship(desk: Desk, rest: str) -> None:
    """`/praktikum CASE FIRST [LAST]`: the plans in an internship count from its first day to its last."""
    person, words = _read(desk, rest, "internship", 2)
    if person is None:
        return
    is_none = words[0].casefold() in _NONE_WORDS
    days = [] if is_none else [_day(desk, person, word) for word in words]
    if None in days:
        _explain_day(desk, "internship")
        return
    first, last = (*(day for day in days if day), "", "")[:2]
    if last and last < first:
        desk.tell(desk.voice.say("Der letzte Tag liegt vor dem ersten. Es wurde nichts geändert."))
        return
    keep_facts(desk, person, {SAID["internship_start"]: first, SAID["internship_end"]: last})


def set_window(desk: Desk, rest: str) -> None:
    """`/fenster CASE HOURS`: when the person wants to hear of us."""
    person, words = _read(desk, rest, "window", 9)
    if person is None:
        return
    try:
        window = availability.read_window(" ".join(words))
    except ValueError:
        _help(desk, "window", desk.voice.say("Diese Zeiten verstehe ich nicht. Es wurde nichts geändert."))
        return
    keep_facts(desk, person, {WINDOW: availability.write_window(window)})
    if window:
        desk.tell(
            desk.voice.say("Lotse beginnt nur noch {hours} von sich aus.", hours=desk.voice.week(window))
        )


def show_plan(desk: Desk, rest: str) -> None:
    """`/plan CASE`: what comes next, in words."""
    person, _ = _read(desk, rest, "plan", 0)
    if person is not None:
        desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "plan_shown", person.case_code)
        desk.tell(_described(desk, person))


def _described(desk: Desk, person: Participant) -> str:
    head = desk.voice.say("Fall {case}: Was als Nächstes kommt", case=person.case_code)
    lines = [head]
    if person.paused_until is not None and person.is_paused(desk.now):
        where = zone_of(person, desk.agency).key
        day = desk.voice.day(person.paused_until, where)
        lines.append(desk.voice.say("Pause bis {day}", day=day))
    return "\n".join([*lines, *planned(desk, person)])


def planned(desk: Desk, person: Participant) -> list[str]:
    """What the person is asked by itself and when it comes next, or why it does not; a line each."""
    in_force = desk.rules.plans.in_force(desk.uow, desk.agency.id)
    plans = narrowed(in_force, plans_of(desk.uow, desk.rules.programmes, person.id))
    rows = desk.uow.plans.followed(person.id)
    consents = holding(desk.uow.talks.given(person.id), desk.rules.book.meanings, desk.now)
    time = person_time(desk.uow, desk.rules, person, desk.now)
    found = [
        _described_plan(desk, (person, consents), (plans, name), time, rows.get(name))
        for name in plans.check_ins
    ]
    return list(filter(None, found))


def _described_plan(
    desk: Desk,
    who: tuple[Participant, Consents],
    which: tuple[PlanSet, str],
    time: PersonTime,
    row: Followed | None,
) -> str:
    plans, name = which
    check_in = plans.check_ins[name]
    title = _title(desk, check_in)
    is_theirs = row is not None and may_ask(check_in, *who)
    at = next_moment(plans, name, time, row, desk.now) if row is not None and is_theirs else None
    if at is not None:
        where = time.zone.key
        moment = {"day": desk.voice.day(at, where), "time": desk.voice.clock(at, where)}
        return desk.voice.say("{title}: {day}, {time}", title=title or desk.voice.say("Check-in"), **moment)
    if not title:
        return ""
    if not is_theirs:
        return desk.voice.say("{title}: keine Zustimmung", title=title)
    reason = why_none(check_in.plan, time_for(check_in, time), desk.now)
    words = desk.voice.say(_OBSTACLES[reason or Obstacle.OVER])
    return desk.voice.say("{title}: {reason}", title=title, reason=words)


def _title(desk: Desk, check_in: CheckIn) -> str:
    """What the dialog is called, where the name says nothing about health or the channel may carry that."""
    dialog = desk.rules.book.latest(check_in.dialog)
    if dialog is None or (dialog.asks_about_health and not desk.may_show_content):
        return ""
    return dialog.title.get(desk.voice.language) or dialog.title.get("de") or check_in.dialog


def _read(desk: Desk, rest: str, what: str, most: int) -> tuple[Participant | None, list[str]]:
    """The person that is meant, and the words after the case code; without a person the help was told."""
    code, *words = rest.split() or [""]
    person = desk.uow.plans.by_case_code(desk.agency.id, code.upper()) if code else None
    action = Action.SEE_PLAN if what == "plan" else Action.CHANGE_PLAN
    decision = desk.guard.person(person, action) if person is not None else None
    if decision is not None and not decision.is_allowed:
        desk.tell(desk.case_refusal(code.upper(), decision.why))
        return None, words
    if code and person is None:
        _help(
            desk,
            what,
            desk.voice.say("Einen Fall mit diesem Code kenne ich nicht. Es wurde nichts geändert."),
        )
    elif person is None or len(words) > most or (most and not words):
        _help(desk, what, desk.voice.say("So kann ich das nicht lesen. Es wurde nichts geändert."))
        return None, words
    return person, words


def _help(desk: Desk, what: str, line: str) -> None:
    example = desk.voice.say(_EXAMPLES[what])
    desk.tell(line + "\n" + desk.voice.say("Schreiben Sie zum Beispiel: {example}", example=example))


def _explain_day(desk: Desk, what: str) -> None:
    _help(desk, what, desk.voice.say("Diesen Tag verstehe ich nicht. Es wurde nichts geändert."))


def _day(desk: Desk, person: Participant, typed: str) -> str | None:
    """The day that is meant, as an ISO date; None if it cannot be read or is too far away."""
    today = local(desk.now, zone_of(person, desk.agency)).date()
    found = read_date(typed, today, -_LONGEST_AGO.days, _LONGEST_AHEAD.days)
    if found is None or not _is_near(found, today):
        return None
    return found.isoformat()


def may_be_meant(desk: Desk, person: Participant, day: date) -> bool:
    """Whether a day is near enough: a wrong year is the likeliest slip."""
    return _is_near(day, local(desk.now, zone_of(person, desk.agency)).date())


def _is_near(day: date, today: date) -> bool:
    return today - _LONGEST_AGO <= day <= today + _LONGEST_AHEAD


def keep_facts(desk: Desk, person: Participant, facts: dict[str, str]) -> None:
    """Remember what plans count from, by name; empty takes it away. The person's timers follow at once."""
    for name, value in facts.items():
        desk.uow.memory.set_fact(desk.agency.id, person.id, name, encode_value(value), desk.now)
        subject = f"{person.case_code} {name}"
        desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "fact_set", subject)
    follow(desk.uow, desk.rules, person, desk.now)
    desk.changed.add(person.id)
    noted = desk.voice.say("Fall {case}: notiert.", case=person.case_code)
    desk.tell(noted + "\n\n" + _described(desk, person))
