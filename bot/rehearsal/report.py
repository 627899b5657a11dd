# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The report of a rehearsal: one page that needs nothing else, with the words beside every picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.rehearsal.findings import Findings
from bot.rehearsal.pictures import Columns, draw
from bot.rehearsal.words import SOURCES, TASKS, differences, left_out, minutes, number, summary, week_name
from bot.texts import Voice

_TEMPLATE = "report.html"
_NO_PICTURE = Markup()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report: words, a picture where there is one, and a table with its headings."""

    title: str
    words: str
    picture: Markup = _NO_PICTURE
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def write_report(found: Sequence[tuple[str, Findings]], titles: Mapping[str, str], voice: Voice) -> str:
    """The page for one rehearsal, or for two of them side by side: each with its heading.

    `titles` are the names of the phases, by id.
    """
    parts = [
        {
            "heading": heading,
            "left_out": left_out(one, voice),
            "summary": summary(one, voice),
            "sections": sections(one, titles, voice),
        }
        for heading, one in found
    ]
    changed = differences(found[0][1], found[1][1], voice) if len(found) == 2 else []
    first = found[0][1]
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template(_TEMPLATE).render(
        language=voice.language,
        title=voice.say("Probelauf: {programme}", programme=first.programme),
        about=voice.say(
            "Erfundene Menschen, ein erfundenes Team, das wirkliche Programm. Eingeladene: {people}. "
            "Monate: {months}. Beginn: {day}. Zufall: {seed}. Das ist keine Vorhersage. Am meisten sagt der "
            "Vergleich.",
            people=first.participants,
            months=first.months,
            day=first.begins.isoformat(),
            seed=first.seed,
        ),
        in_short=voice.say("In Kürze"),
        difference=voice.say("Was anders ist"),
        same=voice.say("Beide Probeläufe gleichen sich in allem, was hier gezählt wird."),
        is_comparison=len(found) == 2,
        changed=changed,
        parts=parts,
    )


def sections(found: Findings, titles: Mapping[str, str], voice: Voice) -> list[Section]:
    """The parts in their order."""
    return [
        _messages(found, voice),
        _closed_days(found, voice),
        _acknowledged(found, voice),
        _sources(found, voice),
        _alone(found, voice),
        _load(found, voice),
        _phases(found, titles, voice),
        _tasks(found, voice),
    ]


def _labels(found: Findings) -> list[str]:
    return [str(week.number) for week in found.weeks]


def _messages(found: Findings, voice: Voice) -> Section:
    words = voice.say(
        "Jede Säule ist eine Kalenderwoche: dunkel, was die Hälfte der Menschen höchstens bekam, hell neun "
        "von zehn. Nachrichten insgesamt: {all}, davon von Lotse begonnen: {unasked}, davon in den "
        "Ruhezeiten: {quiet} (es muss 0 sein). Bis zum Morgen gewartet: {held}.",
        all=number(voice, found.messages),
        unasked=number(voice, found.unasked),
        quiet=found.quiet,
        held=found.held,
    )
    picture = Columns([w.many for w in found.weeks], _labels(found), [w.usual for w in found.weeks])
    return Section(voice.say("Nachrichten an einen Menschen je Woche"), words, draw(picture, words))


def _closed_days(found: Findings, voice: Voice) -> Section:
    counts = [one.weekend + one.holiday for one in found.closed_days]
    words = voice.say(
        "So viele Nachrichten hat Lotse begonnen, als die Stelle zu hatte: {count}. Ob ein Plan am "
        "Wochenende oder am Feiertag etwas beginnt, steht im Plan. Daran hält sich auch eine Frage, die "
        "offen blieb, und was auf ein anderes Gespräch warten musste.",
        count=sum(counts),
    )
    rows = [
        [one.dialog or voice.say("anderes"), str(one.weekend), str(one.holiday)] for one in found.closed_days
    ]
    heads = (voice.say("Dialog"), voice.say("am Wochenende"), voice.say("am Feiertag"))
    return Section(voice.say("Als die Stelle zu hatte"), words, heads=heads, rows=rows)


def _acknowledged(found: Findings, voice: Voice) -> Section:
    names = [week_name(voice, found.weeks[number]) for number in found.late_weeks]
    words = voice.say(
        "Jede Säule ist eine Kalenderwoche: hell alle Meldungen, dunkel die, die später bei einem Menschen "
        "waren als vorgesehen. Die Zeiten darunter sind Arbeitszeit der Stelle."
    )
    words += " " + (
        voice.say("Engpässe: {weeks}.", weeks=", ".join(names))
        if names
        else voice.say("Engpässe gab es keine.")
    )
    picture = Columns([w.concerns for w in found.weeks], _labels(found), [w.late for w in found.weeks])
    rows = [
        [
            one.level,
            str(one.concerns),
            minutes(voice, one.aim),
            *(minutes(voice, value) for value in (one.p50, one.p90, one.p99)),
            str(one.late),
            str(one.never),
        ]
        for one in found.acknowledged
        if one.concerns
    ]
    heads = (
        voice.say("Stufe"),
        voice.say("Meldungen"),
        voice.say("vorgesehen"),
        voice.say("die Hälfte in"),
        voice.say("9 von 10 in"),
        voice.say("99 von 100 in"),
        voice.say("zu spät"),
        voice.say("noch bei niemandem"),
    )
    return Section(voice.say("Bis ein Mensch es übernommen hat"), words, draw(picture, words), heads, rows)


def _sources(found: Findings, voice: Voice) -> Section:
    levels = ("R3", "R2", "R1")
    rows = [
        [voice.say(SOURCES[name]) if name in SOURCES else name, *(str(counts[level]) for level in levels)]
        for name, counts in found.sources.items()
    ]
    words = voice.say("Woher die Meldungen kamen, nach Stufe.")
    return Section(voice.say("Meldungen"), words, heads=(voice.say("Woher"), *levels), rows=rows)


def _alone(found: Findings, voice: Voice) -> Section:
    alone = found.alone
    words = voice.say(
        "Jede Säule ist eine Stunde des Tages: so viele Meldungen kamen, als niemand im Dienst war, zusammen "
        "{count}. Bis ein Mensch sie hatte, dauerte es bei der Hälfte höchstens {usual}, längstens "
        "{longest}. Wer von Gefahr schreibt, bekommt die Notrufnummern sofort, zu jeder Stunde. Einen "
        "Dienst für Nächte und geschlossene Tage hat dieses erfundene Team nicht.",
        count=alone.concerns,
        usual=minutes(voice, alone.usual * 60),
        longest=minutes(voice, alone.longest * 60),
    )
    picture = Columns(alone.by_hour, [str(hour) for hour in range(24)])
    return Section(voice.say("Als niemand da war"), words, draw(picture, words))


def _load(found: Findings, voice: Voice) -> Section:
    words = voice.say(
        "Jede Säule ist eine Kalenderwoche: so viele Menschen begleitete der Coach, der die meisten hatte. "
        "Die Linie ist der Schlüssel, {key}. Die Stunden darunter sind Gespräche und Meldungen, ohne Akten.",
        key=found.key,
    )
    picture = Columns([w.heaviest for w in found.weeks], _labels(found), line=float(found.key))
    heads = (
        voice.say("Name"),
        voice.say("Menschen, höchstens"),
        voice.say("Meldungen übernommen"),
        voice.say("Stunden je Woche"),
        voice.say("höchstens"),
    )
    rows = [
        [
            one.name,
            str(one.people),
            str(one.taken),
            number(voice, one.hours_usual),
            number(voice, one.hours_most),
        ]
        for one in found.coaches
    ]
    return Section(voice.say("Wie viel beim Team lag"), words, draw(picture, words), heads, rows)


def _phases(found: Findings, titles: Mapping[str, str], voice: Voice) -> Section:
    reached = ", ".join(
        voice.say("Monat {month}: {people}", month=month, people=people)
        for month, people in found.reached.items()
    )
    words = voice.say(
        "So viele erreichten im Programm {reached}. Verabschiedet: {ended}. Beim Abschied geantwortet: "
        "{goodbyes}.",
        reached=reached,
        ended=found.ended,
        goodbyes=found.goodbyes,
    )
    heads = (
        voice.say("Phase"),
        voice.say("begonnen"),
        voice.say("noch darin"),
        voice.say("Tage (Hälfte)"),
        voice.say("kürzeste"),
        voice.say("längste"),
    )
    rows = [
        [
            titles.get(one.id, one.id),
            str(one.entered),
            str(one.inside),
            *(number(voice, value) for value in (one.usual, one.shortest, one.longest)),
        ]
        for one in found.phases
    ]
    return Section(voice.say("Phasen"), words, heads=heads, rows=rows)


def _tasks(found: Findings, voice: Voice) -> Section:
    words = voice.say(
        "Jede Säule ist eine Kalenderwoche: so viele Fragen des Programms warteten an ihrem Montag auf eine "
        "Entscheidung. Von selbst wechselt und endet nichts."
    )
    picture = Columns([week.tasks for week in found.weeks], _labels(found))
    heads = (
        voice.say("Frage"),
        voice.say("gestellt"),
        voice.say("wartet am Ende"),
        voice.say("älteste, in Tagen"),
    )
    rows = [
        [
            voice.say(TASKS[one.kind]) if one.kind in TASKS else one.kind,
            *map(str, (one.asked, one.waiting, one.oldest_days)),
        ]
        for one in found.asked
    ]
    return Section(voice.say("Fragen an das Team"), words, draw(picture, words), heads, rows)
