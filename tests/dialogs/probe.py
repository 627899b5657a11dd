# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One small dialog that has a bit of everything, and how to play it."""

from __future__ import annotations

from datetime import UTC, datetime

from dialogs.book import DialogBook
from dialogs.effects import Effect, Send
from dialogs.engine import Facts, Step, advance, begin
from dialogs.inputs import Input
from dialogs.model import Dialog
from dialogs.parse import parse

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FACTS = Facts("de", {"coach": "Frau Beispiel"})
HEAD = "format: 1\nversion: {version}\ntitle: {{de: Probe, en: Try}}\ndialog: {name}\n"


def dialog(steps: str, name: str = "probe", version: int = 1, head: str = "") -> Dialog:
    return parse(f"{HEAD.format(version=version, name=name)}{head}steps:\n{steps}", f"{name}.yaml")


PROBE = dialog(
    """
  hello: {say: {de: "Hallo, hier grüßt {coach}.", en: "Hello from {coach}."}}
  mood:
    scale: {de: Wie geht es?, en: How are you?}
    data: health
    raise: [{when: value <= 2, level: R1, reason: low_mood}, {when: value = 0, level: R2, reason: very_low}]
    timeout: {after: 1 hour, repeat: 1, next: unanswered}
  note:
    text: {de: "Sie sagten {mood}. Warum?", en: "You said {mood}. Why?"}
    optional: yes
    remember: last_note
    raise: {level: R1, reason: any_note}
  ways: {branch: [{when: mood >= 8, next: good}]}
  agree: {consent: {de: "Darf {coach} das lesen?", en: "May {coach} read it?"}, purpose: reading}
  good: {say: {de: Schön., en: Good.}}
  done: {end: completed}
  unanswered: {raise_concern: {level: R1, reason: silent}, next: done}
""",
    head="facts: {coach: {de: Ihr Coach, en: your coach}}\n",
)
BOOK = DialogBook([PROBE])


def start(book: DialogBook = BOOK, facts: Facts = FACTS, name: str = "probe") -> Step:
    return begin(book, name, facts, NOW)


def play(*events: Input, book: DialogBook = BOOK, facts: Facts = FACTS, name: str = "probe") -> Step:
    """What the last of the events gives."""
    step = start(book, facts, name)
    for event in events:
        step = advance(book, step.session, event, NOW, facts)
    return step


def kinds(step: Step) -> list[type[Effect]]:
    return [type(effect) for effect in step.effects]


def said(step: Step) -> str:
    return "\n".join(effect.text for effect in step.effects if isinstance(effect, Send))
