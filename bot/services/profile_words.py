# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A conversation profile and a licensed score in words. Numbers are only told, never judged or added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from bot.domain.profiles import HIGHEST, Area, LicensedScore, Profile
from bot.texts import Voice, mark
from dialogs.own_words import pick
from dialogs.score_packs.model import FIXED_SENTENCE, Missing, ScorePack

AREAS: Mapping[Area, str] = {
    Area.HEALTH: mark("Gesundheit"),
    Area.SLEEP: mark("Schlaf"),
    Area.EVERYDAY: mark("Alltag"),
    Area.PEOPLE: mark("Familie und Kontakte"),
    Area.HOME: mark("Wohnen und Geld"),
    Area.WORK: mark("Arbeit"),
    Area.HOPE: mark("Zuversicht"),
}
_FILLED, _EMPTY = "▰", "▱"
_WHY: Mapping[str, str] = {
    Missing.ANSWER: mark("Eine Antwort fehlt. Das ist in Ordnung: Jede Frage darf übersprungen werden."),
    Missing.NOT_VALID: mark("Eine Antwort passt nicht zu der Regel, nach der gerechnet wird."),
    Missing.OUTSIDE: mark("Die Regel kennt für diese Antworten kein Ergebnis."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One area in words. `value` and `before` are None where there is none."""

    area: Area
    label: str
    value: int | None
    before: int | None
    told: str
    change: str


def rows(voice: Voice, profile: Profile, before: Profile | None) -> list[Row]:
    """Every area, also those that were left out; `before` is the profile before."""
    found = []
    for area, label in AREAS.items():
        value = profile.values.get(area)
        earlier = before.values.get(area) if before is not None else None
        told = (
            voice.say("{value} von {most}", value=value, most=HIGHEST)
            if value is not None
            else voice.say("nicht ausgefüllt")
        )
        found.append(
            Row(area, voice.say(label), value, earlier, told, _change(voice, profile.change(area, before)))
        )
    return found


def written(voice: Voice, profile: Profile, before: Profile | None) -> str:
    """The whole profile for the person, one line an area."""
    lines = [voice.say("**Ihr Gesprächsprofil**")]
    for row in rows(voice, profile, before):
        line = voice.say("{area}: {told}", area=row.label, told=row.told)
        if row.value is not None:
            line = f"{line} {_FILLED * row.value}{_EMPTY * (HIGHEST - row.value)}"
        if row.before is not None:
            earlier = voice.say("beim letzten Mal {value}", value=row.before)
            line = f"{line} ({earlier})"
        lines.append(line)
    if profile.first is not None:
        lines.append(voice.say("Anfangen möchten Sie hier: {area}", area=voice.say(AREAS[profile.first])))
    return "\n".join(lines)


def score_value(score: LicensedScore, language: str) -> str:
    """The number, as it is written in a language; empty where there is none."""
    return "" if score.value is None else str(format_decimal(score.value, locale=language.partition("-")[0]))


def band_of(score: LicensedScore, pack: ScorePack | None, language: str) -> str:
    """What the band is called; its key where the pack of that version is not there any more."""
    if pack is None or pack.version != score.version or score.band not in pack.bands:
        return score.band
    return pick(pack.bands[score.band].name, language) or score.band


def why_not(score: LicensedScore, voice: Voice) -> str:
    """Why there is no number."""
    return voice.say(_WHY.get(score.reason, _WHY[Missing.OUTSIDE]))


def fixed_sentence(language: str) -> str:
    """What stands beside every score."""
    return pick(FIXED_SENTENCE, language) or FIXED_SENTENCE["de"]


def score_written(voice: Voice, language: str, score: LicensedScore, pack: ScorePack) -> str:
    """A score for the person: the number, where it is from, what it is good for, and the fixed sentence."""
    title = pick(pack.title, language) or pack.id
    lines = [f"**{title}**"]
    if pack.is_demonstration:
        lines.append(voice.say("Das ist eine Vorführung. Fragen und Rechnung sind erfunden."))
    if score.value is None:
        lines += [voice.say("Hier lässt sich keine Zahl ausrechnen."), why_not(score, voice)]
    else:
        lines.append(
            voice.say(
                "Ihr Ergebnis: {value} (möglich ist {low} bis {high}). Das heißt hier: {band}.",
                value=score_value(score, language),
                low=f"{float(pack.low):g}",
                high=f"{float(pack.high):g}",
                band=band_of(score, pack, language),
            )
        )
        lines.append(fixed_sentence(language))
        lines.append(pick(pack.validity, language) or "")
    lines.append(
        voice.say("Gerechnet nach: {source}, Fassung {version}", source=pack.source, version=pack.version)
    )
    return "\n".join(lines)


def _change(voice: Voice, change: int | None) -> str:
    match change:
        case None:
            return ""
        case 0:
            return voice.say("wie beim letzten Mal")
        case _ if change > 0:
            return voice.say("{number} mehr als beim letzten Mal", number=change)
        case _:
            return voice.say("{number} weniger als beim letzten Mal", number=-change)
