# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every text that Lotse says by itself, through gettext. German is the source and the last fallback.

Catalogues are read from their `.po` files at start: no build step, and nothing that can be stale.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "de"
#: German in short sentences. Its catalogue names only what is said otherwise than in German.
EASY_LANGUAGE = "de-x-einfach"
_VARIANTS = "*@*/LC_MESSAGES/participant.po"
_OCLOCK = {"de": "{} Uhr"}
_DAY_PATTERN = {"de": "EEEE, d. MMMM"}


def mark(text: str) -> str:
    """Mark a text for translation where it is only looked up later; it comes back as it is."""
    return text


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one language."""

    language: str
    catalogue: gettext.NullTranslations

    def say(self, text: str, **fields: object) -> str:
        """`text` (the German source) in this language, with `{fields}` filled in."""
        translated = self.catalogue.gettext(text)
        return translated.format(**fields) if fields else translated

    def language_name(self, tag: str) -> str:
        """A language by its name in this one: `Ukrainisch`; empty for a tag that names none."""
        if tag == EASY_LANGUAGE:
            return self.say("Einfache Sprache")
        try:
            return Locale.parse(_base(tag)).get_language_name(_base(self.language)) or ""
        except (UnknownLocaleError, ValueError):
            return ""

    def clock(self, at: datetime, zone: str) -> str:
        """The time of day as people say it there: `15:30 Uhr`."""
        return _clock(
            at.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0), _base(self.language)
        )

    def day(self, at: datetime, zone: str) -> str:
        """The day with its name: `Montag, 4. Mai`."""
        return _day(at.astimezone(ZoneInfo(zone)).date(), _base(self.language))

    def week(self, weekly: Mapping[int, tuple[time, time]]) -> str:
        """Opening hours of a week (0 is Monday): `Montag bis Freitag von 8:00 bis 16:00 Uhr`."""
        spans: list[tuple[int, int, tuple[time, time]]] = []
        for weekday in sorted(weekly):
            if spans and spans[-1][1] == weekday - 1 and spans[-1][2] == weekly[weekday]:
                spans[-1] = (spans[-1][0], weekday, weekly[weekday])
            else:
                spans.append((weekday, weekday, weekly[weekday]))
        return ", ".join(self._span(*span) for span in spans)

    def _span(self, first: int, last: int, hours: tuple[time, time]) -> str:
        names = get_day_names("wide", locale=_base(self.language))
        fields = {
            "first": names[first],
            "last": names[last],
            "start": _short_clock(hours[0], self.language),
            "end": _short_clock(hours[1], self.language),
        }
        if first == last:
            return self.say("{first} von {start} bis {end} Uhr", **fields)
        return self.say("{first} bis {last} von {start} bis {end} Uhr", **fields)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many texts there are in a language, and the German of those that there are not."""

    translated: int
    missing: tuple[str, ...]


class Texts:
    """All catalogues that are installed."""

    def __init__(
        self,
        catalogues: Mapping[str, gettext.NullTranslations],
        coverage: Mapping[str, Coverage] | None = None,
    ) -> None:
        #: What is translated, by language; not the language of the source, which has everything.
        self.coverage = coverage or {}
        self._voices = {name: Voice(name, catalogue) for name, catalogue in catalogues.items()}
        self._voices.setdefault(SOURCE_LANGUAGE, Voice(SOURCE_LANGUAGE, gettext.NullTranslations()))

    @classmethod
    def load(cls, folder: Path) -> Texts:
        """Read `<language>/LC_MESSAGES/lotse.po` below `folder`.

        `<language>@<variant>/LC_MESSAGES/participant.po` has what is said otherwise in a variant, and nothing
        else: `de@einfach` is the language `de-x-einfach`. What it does not name is said as in the language.
        """
        paths = sorted(folder.glob("*/LC_MESSAGES/lotse.po")) + sorted(folder.glob(_VARIANTS))
        found = {path.parts[-3].replace("@", "-x-"): _read(path, path.stat().st_mtime_ns) for path in paths}
        return cls(
            {name: one for name, (one, _) in found.items()}, {name: one for name, (_, one) in found.items()}
        )

    @property
    def languages(self) -> list[str]:
        """Languages with a catalogue, German first."""
        return [SOURCE_LANGUAGE, *sorted(set(self._voices) - {SOURCE_LANGUAGE})]

    @property
    def staff_languages(self) -> list[str]:
        """Those that staff may have: variants name only what participants read."""
        return [tag for tag in self.languages if "-x-" not in tag]

    def voice(self, language: str) -> Voice:
        """The voice for a language tag: the tag itself, then its first part, then German."""
        return (
            self._voices.get(language)
            or self._voices.get(language.partition("-")[0])
            or self._voices[SOURCE_LANGUAGE]
        )


@lru_cache(maxsize=16)
def _read(path: Path, changed_ns: int) -> tuple[gettext.GNUTranslations, Coverage]:
    # Parsing takes a tenth of a second; a file that has changed since is another key.
    del changed_ns
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    written = [(str(one.id), bool(one.string) and not one.fuzzy) for one in catalogue if one.id]
    missing = tuple(text for text, is_there in written if not is_there)
    return gettext.GNUTranslations(compiled), Coverage(len(written) - len(missing), missing)


def _base(language: str) -> str:
    return language.partition("-")[0]


@lru_cache(maxsize=4096)
def _clock(at: time, language: str) -> str:
    return _OCLOCK.get(language, "{}").format(format_time(at, "HH:mm", locale=language))


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return format_date(day, _DAY_PATTERN.get(language, "EEEE d MMMM"), locale=language)


def _short_clock(at: time, language: str) -> str:
    is_short = not at.minute and _base(language) == "de"
    return str(at.hour) if is_short else f"{at.hour}:{at.minute:02}"
