# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A dialog in the terminal: what is typed is the person's side, what comes of it stands below."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from bot.commands.refusals import fail
from dialogs.book import DialogBook
from dialogs.conditions import Value
from dialogs.fields import LANGUAGE, NAME, read_value
from dialogs.instruments import Pack
from dialogs.problems import did_you_mean
from dialogs.run import DEFAULT_ZONE
from dialogs.simulate import Line, Play, UnplayableLineError
from dialogs.transcripts import Transcript, facts_of, write
from scheduler.clock import SystemClock
from scheduler.local_time import at_wall, local, zone

_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
_WIDTH = 8


def read_language(language: str) -> str:
    """A language tag."""
    if not LANGUAGE.fullmatch(language):
        fail("--language is no language; write for example de")
    return language


def read_facts(pairs: list[str]) -> dict[str, Value]:
    """Facts from `name=value`; 7 is a number, yes and no are yes and no."""
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not NAME.fullmatch(name):
            fail("--fact needs name=value, for example coach=Frau Beispiel")
        values[name] = read_value(value)
    return values


def read_scores(pairs: list[str], packs: Mapping[str, Pack]) -> dict[str, list[int]]:
    """Scores of earlier times from `own_items.mood=5,6,4`, oldest first."""
    known = {f"{pack.id}.{name}": rule for pack in packs.values() for name, rule in pack.rules.items()}
    found: dict[str, list[int]] = {}
    for pair in pairs:
        name, _, values = pair.partition("=")
        if name not in known:
            fail(f"--score: there is no score '{name}'. {did_you_mean(name, known)}")
        if not re.fullmatch(r"\d{1,6}(,\d{1,6})*", values, re.ASCII):
            fail(f"--score needs whole numbers, for example {name}=5,6,4")
        found[name] = [int(value) for value in values.split(",")]
        low, high = known[name].low, known[name].high
        if not all(low <= value <= high for value in found[name]):
            fail(f"--score: {name} goes from {low} to {high}")
    return found


def read_packs(names: list[str], packs: Mapping[str, Pack]) -> list[str]:
    """Questionnaires that are switched on."""
    for name in names:
        if name not in packs:
            fail(f"--on: there is no instrument '{name}'. {did_you_mean(name, packs)}")
    return names


def read_moment(text: str, facts: Mapping[str, Value]) -> datetime:
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


def _zone(facts: Mapping[str, Value]) -> ZoneInfo:
    return zone(str(facts.get("zone", DEFAULT_ZONE)))


def play_in_terminal(book: DialogBook, begin: Transcript, save: Path | None) -> None:
    """Play from `begin` on until the dialog is over or the person has enough; keep it, if wanted."""
    play = Play(book, begin.flow, facts_of(begin, book.packs), begin.at)
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
                _say(f"it is {local(play.now, _zone(begin.facts)):%d.%m.%Y %H:%M}")
    finally:
        if save is not None:
            _save(save, msgspec.structs.replace(begin, conversation=play.lines))


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
