# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ladders in words: their rungs, what is wrong with one, what another changes, and what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta

from bot.domain.concerns import Level
from bot.domain.escalation import LONGEST, MOST_REPEATS, Draft, Repeat, Rung, Target, Way, Wrong
from bot.services.foresee_ladder import Ahead, Foreseen, foresee
from bot.services.write_ladders import LEVELS as ORDER
from bot.texts import Voice, mark
from bot.web.console.seat import Seat
from bot.web.console.wording import LEVELS
from scheduler.local_time import at_wall, local

TARGETS = {
    Target.OWNER: mark("zuständig"),
    Target.DEPUTY: mark("Vertretung"),
    Target.LEAD: mark("Leitung"),
    Target.DUTY: mark("Dienst"),
    Target.POOL: mark("alle Coaches"),
}
WAYS = {Way.MESSENGER: mark("Messenger"), Way.MAIL: mark("E-Mail"), Way.CONSOLE: mark("Konsole")}
_TOO_LONG = mark("Das ist zu lange: höchstens {limit}.")
WRONG = {
    Wrong.ONLY_COACH: mark(
        "Hier werden nur Coach und Vertretung gerufen. Sind beide weg, kommt niemand. "
        "Bitte nehmen Sie eine Sprosse mit der Leitung dazu."
    ),
    Wrong.NO_LEAD: mark("Die Leitung wird nie gerufen. Bitte nehmen Sie eine Sprosse mit der Leitung dazu."),
    Wrong.HIDDEN_DANGER: mark(
        "Hier reicht die Konsole allein nicht: Vielleicht hat sie niemand offen. "
        "Bitte nehmen Sie Messenger oder E-Mail dazu."
    ),
    Wrong.ALL_HIDDEN: mark(
        "Alle Sprossen rufen nur in der Konsole. Bitte nehmen Sie bei einer Messenger oder E-Mail dazu."
    ),
    Wrong.HIDDEN_LEAD: mark(
        "Die Leitung wird nur in der Konsole gerufen. Bitte nehmen Sie Messenger oder E-Mail dazu."
    ),
    Wrong.FIRST_WAITS: mark("Die erste Sprosse ruft sofort. Bitte schreiben Sie 0."),
    Wrong.NO_WAIT: mark("Diese Sprosse wartet nicht. Wen sie ruft, gehört dann in die Sprosse davor."),
    Wrong.WAITS_TOO_LONG: _TOO_LONG,
    Wrong.NO_GAP: mark(
        "Zwischen zwei Rufen muss etwas Zeit liegen. Bitte schreiben Sie mehr als 0, oder nichts."
    ),
    Wrong.LEAD_TOO_LATE: mark(
        "Die Leitung wird später als nach {limit} gerufen. Bitte rufen Sie sie früher oder warten Sie kürzer."
    ),
    Wrong.ENDS: mark("Die Leiter muss von vorn beginnen. Bitte schreiben Sie mehr als 0."),
    Wrong.AGAIN_TOO_LATE: _TOO_LONG,
    Wrong.STEP_TOO_LATE: _TOO_LONG,
    Wrong.NO_TIME_FOR_STEP: mark(
        "Wer übernimmt, braucht Zeit für den nächsten Schritt. Bitte schreiben Sie mehr als 0."
    ),
    Wrong.TOLD_TOO_LATE: _TOO_LONG,
    Wrong.NEVER_TOLD: mark(
        "Die Person soll erfahren, wenn sich noch niemand gemeldet hat. Zum Beispiel nach 15 Minuten."
    ),
}
_FORESEEN = {
    Foreseen.TELL: mark("Lotse sagt der Person von selbst, dass sich noch niemand gemeldet hat."),
    Foreseen.AGAIN: mark("Es beginnt von vorn. Ab jetzt wird die Leitung jedes Mal mitgerufen."),
}
_MINUTE = timedelta(minutes=1)
_MONDAY, _SATURDAY = 0, 5


def wrong_words(voice: Voice, kind: Wrong, level: Level) -> str:
    """What to mend."""
    return voice.say(WRONG[kind], limit=exact_span(voice, LONGEST[level]))


def exact_span(voice: Voice, span: timedelta) -> str:
    """To the minute: `45 Min.`, `150 Min.`, `2 Std.`."""
    minutes = span // _MINUTE
    if minutes < 120 or minutes % 60:
        return voice.say("{count} Min.", count=minutes)
    return voice.say("{count} Std.", count=minutes // 60)


def whom_words(voice: Voice, targets: Iterable[Target]) -> str:
    """Whom a rung calls."""
    return ", ".join(voice.say(TARGETS[target]) for target in targets)


def rung_words(voice: Voice, rung: Rung, repeat: Repeat | None) -> str:
    """One rung in a line."""
    return " · ".join(_rung_parts(voice, rung, repeat))


def _rung_parts(voice: Voice, rung: Rung, repeat: Repeat | None) -> Iterator[str]:
    whom, span = whom_words(voice, rung.targets), exact_span(voice, rung.after)
    if not rung.after:
        yield voice.say("sofort: {whom}", whom=whom)
    elif rung.working_time:
        yield voice.say("nach {span} Arbeitszeit: {whom}", span=span, whom=whom)
    else:
        yield voice.say("nach {span}: {whom}", span=span, whom=whom)
    if rung.where:
        yield _only(voice, rung.where)
    if repeat is not None:
        every = exact_span(voice, repeat.every)
        if repeat.times == MOST_REPEATS:
            yield voice.say("alle {span} noch einmal", span=every)
        else:
            yield voice.say("alle {span} noch einmal, höchstens {count} Mal", span=every, count=repeat.times)


def _only(voice: Voice, where: Iterable[Way]) -> str:
    return voice.say("nur über {ways}", ways=", ".join(voice.say(WAYS[way]) for way in where))


def rungs_words(voice: Voice, drafts: Mapping[Level, Draft]) -> list[tuple[str, list[str]]]:
    """The rungs of every level, the most urgent first."""
    return [(voice.say(LEVELS[level]), _rungs(voice, drafts[level])) for level in ORDER]


def _rungs(voice: Voice, draft: Draft) -> list[str]:
    pairs = zip(draft.policy.rungs, draft.repeats, strict=True)
    return [rung_words(voice, rung, repeat) for rung, repeat in pairs]


def changes(
    voice: Voice, old: Mapping[Level, Draft], new: Mapping[Level, Draft]
) -> list[tuple[str, str, str]]:
    """What would be another: what it is, how it is now, and how it would be."""
    found = []
    for level in ORDER:
        before, after = dict(_lines(voice, old[level])), dict(_lines(voice, new[level]))
        names = [*before, *(name for name in after if name not in before)]
        for name in names:
            if before.get(name) != after.get(name):
                label = f"{voice.say(LEVELS[level])}: {name}"
                found.append((label, before.get(name, "–"), after.get(name, "–")))
    return found


def _lines(voice: Voice, draft: Draft) -> Iterator[tuple[str, str]]:
    policy = draft.policy
    for number, words in enumerate(_rungs(voice, draft), start=1):
        yield voice.say("Sprosse {number}", number=number), words
    yield voice.say("von vorn nach"), exact_span(voice, policy.again_after)
    yield voice.say("nächster Schritt spätestens nach"), exact_span(voice, policy.choose_step_within)
    if policy.tell_after is not None:
        yield voice.say("die Person erfährt es nach"), exact_span(voice, policy.tell_after)
    if policy.out_of_hours:
        yield voice.say("außerhalb der Arbeitszeit auch"), whom_words(voice, policy.out_of_hours)


def previews(
    seat: Seat, drafts: Mapping[Level, Draft]
) -> list[tuple[str, list[tuple[str, list[tuple[str, str]]]]]]:
    """For each level what would happen to a concern: by when it is raised, moments and what is done then."""
    return [(seat.voice.say(LEVELS[level]), _situations(seat, drafts[level])) for level in ORDER]


def _situations(seat: Seat, draft: Draft) -> list[tuple[str, list[tuple[str, str]]]]:
    voice, hours = seat.voice, seat.rules.hours[seat.staff.agency_id]
    monday, night = _coming(seat, _MONDAY, time(10)), _coming(seat, _SATURDAY, time(23))
    wanted = [(voice.say("Meldung am {moment}", moment=seat.moment(monday)), monday, False)]
    label = voice.say("Meldung am {moment}", moment=seat.moment(night))
    if draft.policy.out_of_hours:
        whom = whom_words(voice, draft.policy.out_of_hours)
        there = voice.say("{label}, und von diesen ist jemand da: {whom}", label=label, whom=whom)
        wanted.append((there, night, True))
        label = voice.say("{label}, und niemand davon ist da", label=label)
    wanted.append((label, night, False))
    policy = draft.climbed()
    return [
        (label, list(_told(seat, foresee(policy, hours, since, on_duty=on_duty), since)))
        for label, since, on_duty in wanted
    ]


def _told(seat: Seat, ahead: Iterable[Ahead], since: datetime) -> Iterator[tuple[str, str]]:
    """Moment and words of each; the day only where another begins."""
    day = seat.day(since)
    for one in ahead:
        at = seat.voice.clock(one.at, seat.zone) if seat.day(one.at) == day else seat.moment(one.at)
        day = seat.day(one.at)
        yield at, _what(seat.voice, one)


def _what(voice: Voice, one: Ahead) -> str:
    if one.what is not Foreseen.CALL:
        return voice.say(_FORESEEN[one.what])
    words = voice.say("Lotse ruft: {whom}", whom=whom_words(voice, one.targets))
    return f"{words} · {_only(voice, one.where)}" if one.where else words


def _coming(seat: Seat, weekday: int, at: time) -> datetime:
    """That time on the next such day, not today."""
    zone = seat.rules.hours[seat.staff.agency_id].zone
    today = local(seat.now, zone).date()
    return at_wall(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1), at, zone)
