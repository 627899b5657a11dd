# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A dialog in the terminal: what is typed is the person's side, what comes of it stands below."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.commands.refusals import fail
from dialogs.book import DialogBook
from dialogs.fields import LANGUAGE, NAME, read_value
from dialogs.run import DEFAULT_ZONE, Facts
from dialogs.simulate import Line, Play, UnplayableLineError
from dialogs.transcripts import Transcript, write
from scheduler.clock import SystemClock
from scheduler.local_time import at_wall, local, zone

_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
_WIDTH = 8


def read_facts(language: str, pairs: list[str]) -> Facts:
    """Facts from `name=value`; 7 is a number, yes and no are yes and no."""
    if not LANGUAGE.fullmatch(language):
        fail("--language is no language; write for example de")
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not NAME.fullmatch(name):
            fail("--fact needs name=value, for example coach=Frau Beispiel")
        values[name] = read_value(value)
    return Facts(language, values)


def read_moment(text: str, facts: Facts) -> datetime:
    """A moment as the clock on the person's wall shows it, or now, in UTC."""
    try:
        place = _zone(facts)
    except ValueError:
        fail("the fact 'zone' is no time zone; write for example Europe/Berlin")
    if not text:
        return SystemClock().now().replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail("--at is no moment; write for example 2026-11-23T09:00")
    if moment.tzinfo is None:
        return at_wall(moment.date(), moment.time(), place)
    return moment.astimezone(UTC)


def _zone(facts: Facts) -> ZoneInfo:
    return zone(str(facts.values.get("zone", DEFAULT_ZONE)))


def play_in_terminal(book: DialogBook, dialog: str, facts: Facts, begin: datetime, save: Path | None) -> None:
    """Play until the dialog is over or the person has enough; then keep the transcript, if wanted."""
    play = Play(book, dialog, facts, begin)
    _show(play, play.lines)
    try:
        for typed in _typed(play):
            line = _line(play, typed)
            if line is None:
                continue
            try:
                _show(play, play.take(line))
            except UnplayableLineError as error:
                _say(str(error))
            if "waits" in line:
                _say(f"it is {local(play.now, _zone(facts)):%d.%m.%Y %H:%M}")
    finally:
        if save is not None:
            _save(save, Transcript(dialog, facts.language, begin, facts.values, play.lines))


def _typed(play: Play) -> Iterator[str]:
    """What is typed, line by line, without blank ones."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    prompt = "> " if sys.stdin.isatty() else ""
    while not play.is_over:
        try:
            typed = input(prompt).strip()
        except EOFError:
            return
        if typed == ":q":
            return
        if typed:
            yield typed


def _line(play: Play, typed: str) -> Line | None:
    """What somebody at the keyboard means; None if it cannot be done, and that is said."""
    pressed = re.fullmatch(r"#(\d{1,3})", typed, re.ASCII)
    waited = re.fullmatch(r":(\d{1,6})([smhdw])", typed, re.ASCII)
    if pressed:
        labels, number = play.buttons, int(pressed[1])
        if not 1 <= number <= len(labels):
            _say(f"there is no button {number}; there are {len(labels)}")
            return None
        return {"presses": labels[number - 1]}
    if waited:
        many = "" if waited[1] == "1" else "s"
        return {"waits": f"{waited[1]} {_UNITS[waited[2]]}{many}"}
    return {"person": typed}


def _show(play: Play, lines: list[Line]) -> None:
    numbered = "  ".join(f"#{number} [{label}]" for number, label in enumerate(play.buttons, start=1))
    last = max((at for at, line in enumerate(lines) if "buttons" in line), default=-1)
    for at, line in enumerate(lines):
        for who, text in line.items():
            if who in ("lotse", "crisis"):
                first, *more = text.split("\n")
                sys.stdout.write(f"{who + ':':<{_WIDTH}}{first}\n")
                sys.stdout.writelines(f"{'':{_WIDTH}}{each}\n" for each in more)
            elif who == "buttons":
                sys.stdout.write(f"{'':{_WIDTH}}{numbered if at == last else text}\n")
            else:
                _say(f"{who}: {text}")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stdout.write(f"{'':{_WIDTH}}  {text}\n")
    sys.stdout.flush()


def _save(path: Path, transcript: Transcript) -> None:
    try:
        path.write_text(write(transcript), encoding="utf-8")
    except OSError as error:
        fail(f"{path}: the conversation cannot be kept ({error.strerror})")
