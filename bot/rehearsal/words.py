# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A rehearsal in sentences: what happened, and what an agency should look at before anybody is invited."""

from __future__ import annotations

import math

from babel.numbers import format_decimal

from bot.rehearsal.findings import Findings, Week
from bot.texts import Voice, mark

#: Where a concern came from, by the first word of its source.
SOURCES = {
    "answer": mark("aus Antworten in Gesprächen"),
    "message": mark("aus eigenen Worten"),
    "delivery": mark("weil etwas nicht ankam"),
    "dialog": mark("weil ein Gespräch es so vorsieht"),
    "fault": mark("weil bei Lotse etwas schiefging"),
    "staff": mark("vom Team selbst"),
}
#: What the program asks staff about an enrolment.
TASKS = {
    "limit_near": mark("Das Ende des Programms rückt näher"),
    "limit_reached": mark("Die Monate des Programms sind vorbei"),
    "phase_long": mark("Eine Phase dauert länger als üblich"),
    "phase_proposed": mark("Eine Phase wird vorgeschlagen"),
    "over_key": mark("Mehr Menschen als der Schlüssel"),
}


def number(voice: Voice, value: float) -> str:
    """A number as people write it there, with one decimal place at most."""
    return format_decimal(round(value, 1), format="#,##0.#", locale=voice.language)


def minutes(voice: Voice, value: float) -> str:
    """A time in minutes, from two hours on in hours, from two days on in days."""
    if round(value) == 1:
        return voice.say("1 Minute")
    if value < 120:
        return voice.say("{count} Minuten", count=number(voice, round(value)))
    if value < 2880:
        return voice.say("{count} Stunden", count=number(voice, value / 60))
    return voice.say("{count} Tage", count=number(voice, value / 1440))


def week_name(voice: Voice, week: Week) -> str:
    """The week of the calendar, with its year."""
    year = week.monday.isocalendar().year
    return voice.say("KW {week}/{year}", week=week.number, year=year)


def summary(found: Findings, voice: Voice) -> list[str]:
    """Five sentences, each with what follows from it."""
    return [
        _size(found, voice),
        _speed(found, voice),
        _alone(found, voice),
        _load(found, voice),
        _ways(found, voice),
    ]


def left_out(found: Findings, voice: Voice) -> str:
    """What of the programme was not rehearsed; empty if everything was."""
    if not found.left_out:
        return ""
    return voice.say(
        "Nicht geprobt: {names}. Das braucht eine Lizenz oder muss eigens eingeschaltet sein.",
        names=", ".join(found.left_out),
    )


def _size(found: Findings, voice: Voice) -> str:
    usual = sorted(week.usual for week in found.weeks if week.usual)
    middle = usual[len(usual) // 2] if usual else 0.0
    return voice.say(
        "Ja gesagt: {people} von {invited} Eingeladenen. Nachrichten an einen Menschen in einer gewöhnlichen "
        "Woche: {usual}, ungefragt in den Ruhezeiten: {quiet}.",
        people=found.enrolled,
        invited=found.participants,
        usual=number(voice, middle),
        quiet=found.quiet,
    )


def _speed(found: Findings, voice: Voice) -> str:
    late, concerns = sum(one.late for one in found.acknowledged), sum(week.concerns for week in found.weeks)
    if not late:
        return voice.say(
            "Meldungen: {count}. Keine kam später zu einem Menschen, als die Leitern es vorsehen.",
            count=concerns,
        )
    worst = max(found.weeks, key=lambda week: (week.late, week.concerns))
    if not worst.away:
        return voice.say(
            "Meldungen: {count}. Später übernommen, als die Leitern es vorsehen: {late}, davon in {week}: "
            "{most}. Da waren alle im Dienst, es war also zu viel auf einmal.",
            count=concerns,
            late=late,
            week=week_name(voice, worst),
            most=worst.late,
        )
    return voice.say(
        "Meldungen: {count}. Später übernommen, als die Leitern es vorsehen: {late}, davon in {week} (nicht "
        "da: {away}): {most}. Planen Sie für solche Wochen eine zweite Vertretung.",
        count=concerns,
        late=late,
        week=week_name(voice, worst),
        most=worst.late,
        away=", ".join(worst.away),
    )


def _alone(found: Findings, voice: Voice) -> str:
    alone = found.alone
    if not alone.concerns:
        return voice.say("Keine Meldung kam, als niemand im Dienst war.")
    hour = max(range(24), key=lambda one: alone.by_hour[one])
    return voice.say(
        "Meldungen, als niemand im Dienst war: {count} (davon Stufe R3: {grave}), vor allem zwischen {hour} "
        "und {next} Uhr. Bis ein Mensch da war, dauerte es längstens {longest}: Prüfen Sie, ob für diese "
        "Stunden jemand Dienst haben soll.",
        count=alone.concerns,
        grave=alone.grave,
        hour=hour,
        next=hour + 1,
        longest=minutes(voice, alone.longest * 60),
    )


def _load(found: Findings, voice: Voice) -> str:
    most = max((week.heaviest for week in found.weeks), default=0)
    if not found.heavy_weeks:
        return voice.say(
            "Menschen bei einem Coach, höchstens: {most}. Der Schlüssel ist {key}.",
            most=most,
            key=found.key,
        )
    people = max(week.people for week in found.weeks)
    return voice.say(
        "Ab {week} begleitete ein Coach bis zu {most} Menschen, der Schlüssel ist {key}: Mit {needed} "
        "Coaches bliebe jeder darunter.",
        week=week_name(voice, found.weeks[found.heavy_weeks[0]]),
        most=most,
        key=found.key,
        needed=math.ceil(people / found.key),
    )


def _ways(found: Findings, voice: Voice) -> str:
    waiting = sum(one.waiting for one in found.asked)
    if not waiting:
        return voice.say(
            "Am Ende wartete keine Frage des Programms auf eine Entscheidung. Verabschiedet: {ended}.",
            ended=found.ended,
        )
    return voice.say(
        "Fragen des Programms, die am Ende auf eine Entscheidung warteten: {waiting}. Tage, seit denen die "
        "älteste wartet: {days}. Legen Sie fest, wer sie jede Woche durchgeht.",
        waiting=waiting,
        days=max(one.oldest_days for one in found.asked),
    )


def differences(first: Findings, second: Findings, voice: Voice) -> list[str]:
    """What is otherwise in the second of two rehearsals, in sentences; what is the same is left out."""
    pairs = (
        (mark("Meldungen, die später übernommen wurden als vorgesehen"), _late(first), _late(second)),
        (mark("Meldungen, als niemand im Dienst war"), first.alone.concerns, second.alone.concerns),
        (mark("Stunden, bis dann ein Mensch da war (Hälfte)"), first.alone.usual, second.alone.usual),
        (mark("Menschen bei einem Coach, höchstens"), _most(first), _most(second)),
        (mark("Nachrichten insgesamt"), first.messages, second.messages),
        (mark("Nachrichten, die Lotse begonnen hat"), first.unasked, second.unasked),
        (mark("Ungefragt in den Ruhezeiten"), first.quiet, second.quiet),
        (mark("Fragen des Programms, die am Ende warteten"), _waiting(first), _waiting(second)),
        (mark("Verabschiedet"), first.ended, second.ended),
    )
    return [
        f"{voice.say(what)}: {number(voice, before)} → {number(voice, after)}"
        for what, before, after in pairs
        if before != after
    ]


def _late(found: Findings) -> int:
    return sum(one.late for one in found.acknowledged)


def _most(found: Findings) -> int:
    return max((week.heaviest for week in found.weeks), default=0)


def _waiting(found: Findings) -> int:
    return sum(one.waiting for one in found.asked)
