# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every way through the dialogs about appointments, plans, home-coming, pauses and goodbyes.

What is said on each of them is honest (promise P7), whole, and in its right place (promise P5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest

from dialogs.checked_words import health_word_in
from dialogs.effects import Effect, End, RaiseConcern, Send, StoreAnswer
from dialogs.engine import Facts, Step, advance, begin
from dialogs.inputs import Input, Pressed, TimedOut, Typed
from dialogs.model import AskStep, Number, Text
from dialogs.run import Run
from dialogs.scales import DataClass, Level
from dialogs.shipped import shipped_dialogs

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOOK = shipped_dialogs()
DIALOGS = (
    "passed_on",
    "appointment_reminder",
    "appointment_moved",
    "appointment_after",
    "discharge_followup",
    "internship_check",
    "plan_step",
    "pause",
    "pause_over",
    "goodbye",
)
KINDS = ("coach", "official", "medical", "partner", "internship", "group")
SAID = {
    "de": "Gerade sind die Tage lang.",
    "de-x-einfach": "Gerade sind die Tage lang.",
    "en": "The days are long just now.",
}
#: Whatever claims that a person is told. A wish for later ("schreiben Sie mir") is none.
CLAIMS_NOW = re.compile(r"Ich gebe .*(weiter|Bescheid)|I am (passing|letting)")
CLAIMS = re.compile(rf"{CLAIMS_NOW.pattern}|habe ich schon .*weitergegeben|I have already passed on")

APPOINTMENT = {
    "appointment_day_text": "Mittwoch, 25. November",
    "appointment_time": "10 Uhr",
    "appointment_place": "Musterstraße 1",
    "appointment_with": "Praxis Dr. Beispiel",
    "appointment_was": "einen Termin (Mittwoch, 25. November, um 10 Uhr)",
    "accompanied_by": "Bernd Beispiel",
}
Known = dict[str, str | int | bool]

READING: tuple[Known, ...] = (
    {},
    {"read_now": True},
    {"read_now": False, "next_reading_day": "Dienstag, 24. November", "next_reading_time": "8 Uhr"},
)
DATED: list[Known] = [
    {**APPOINTMENT, "appointment_kind": kind, "appointment_on": day}
    for kind in KINDS
    for day in ("2026-11-23", "2026-11-25")
]
STEP: Known = {"step_title": "Unterlagen sortieren"}
#: What its services tell a dialog when they begin it.
TOLD: dict[str, list[Known]] = {
    "appointment_reminder": [
        *DATED,
        *({**known, "appointment_coming": said} for known in DATED for said in ("yes", "no")),
    ],
    "appointment_moved": DATED,
    "appointment_after": DATED,
    "discharge_followup": [
        {"discharged_on": day}
        for day in ("2026-11-22", "2026-11-20", "2026-11-16", "2026-11-09", "2026-10-24")
    ],
    "internship_check": [{"internship_since": day} for day in ("2026-11-22", "2026-11-02")],
    "plan_step": [STEP, {**STEP, "step_due": "2026-11-24", "days_left": 1}],
    "goodbye": [{}, {"next_contact": "Beratungsstelle Muster"}],
}


def worlds(dialog: str) -> Iterator[Known]:
    """What may be known when a dialog begins: nothing, or all that somebody may tell it."""
    yield {}
    for reading in READING:
        for told in TOLD.get(dialog, [{}]):
            yield {"coach": "Frau Beispiel", "programme": "„Muster“", **reading, **told}


def events(question: AskStep, step: Step, facts: Facts) -> Iterator[Input]:
    """Everything sensible that can be done with the open question, but for the wishes to wait or go back."""
    turn = step.session.turn
    asked = [e for e in step.effects if isinstance(e, Send) and e.turn == turn]
    for row in asked[-1].buttons:
        yield from (Pressed(turn, b.value) for b in row if b.value not in ("_back", "_later"))
    match question:
        case Text():
            yield Typed(SAID[facts.language])
        case Number():
            yield Typed(str(int(question.low)))
            yield Typed(str(int(question.high)))
    yield TimedOut(turn)


def ways(dialog: str, facts: Facts) -> Iterator[tuple[Effect, ...]]:
    """The effects of every whole way through a dialog."""
    first = begin(BOOK, dialog, facts, NOW)
    todo = [(first, first.effects)]
    while todo:
        step, effects = todo.pop()
        if step.session.is_over:
            yield effects
            continue
        question = Run(BOOK, facts, NOW, step.session).question
        assert question is not None
        for event in events(question, step, facts):
            after = advance(BOOK, step.session, event, NOW, facts)
            todo.append((after, (*effects, *after.effects)))


@cache
def all_ways(dialog: str, language: str) -> list[tuple[Effect, ...]]:
    """Every way in every world."""
    return [effects for known in worlds(dialog) for effects in ways(dialog, Facts(language, known))]


def said(effects: tuple[Effect, ...]) -> list[Send]:
    return [effect for effect in effects if isinstance(effect, Send)]


def raised(effects: tuple[Effect, ...]) -> set[tuple[Level, str]]:
    return {(effect.level, effect.reason) for effect in effects if isinstance(effect, RaiseConcern)}


@pytest.mark.parametrize("language", ["de", "de-x-einfach", "en"])
@pytest.mark.parametrize("dialog", DIALOGS)
def test_every_way_ends_and_says_only_what_is_so(dialog: str, language: str) -> None:
    for effects in all_ways(dialog, language):
        assert isinstance(effects[-1], End)
        assert effects[-1].outcome in ("completed", "expired")
        # These are only ever started by a dialog that has just told somebody, or told somebody before.
        told = told_now = dialog in ("passed_on", "passed_on_before")
        for effect in effects:
            told_now = isinstance(effect, RaiseConcern) or (told_now and not isinstance(effect, StoreAnswer))
            told = told or told_now
            if isinstance(effect, Send):
                assert told_now or not CLAIMS_NOW.search(effect.text), effect.text
                assert "…" not in effect.text, effect.text
                assert not re.search(r"[{}|#]", effect.text), effect.text
                assert told or not CLAIMS.search(effect.text), effect.text


@pytest.mark.parametrize("dialog", DIALOGS)
def test_nobody_is_told_without_the_person_knowing(dialog: str) -> None:
    for effects in all_ways(dialog, "de"):
        unfinished = isinstance(effects[-1], End) and effects[-1].outcome == "expired"
        for at, effect in enumerate(effects):
            if isinstance(effect, RaiseConcern) and not unfinished:
                assert any(CLAIMS.search(send.text) for send in said(effects[at:]))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("dialog", DIALOGS)
def test_nothing_that_may_go_to_a_messenger_begins_with_health(dialog: str, language: str) -> None:
    for effects in all_ways(dialog, language):
        for send in said(effects):
            if send.data_class is not DataClass.HEALTH and not send.crisis:
                assert not health_word_in(send.text[:40], language), send.text


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-25"])
@pytest.mark.parametrize("kind", [*KINDS, None])
def test_not_coming_to_an_official_appointment_is_for_the_same_day(kind: str | None, day: str) -> None:
    known: Known = {**APPOINTMENT, "appointment_on": day, **({"appointment_kind": kind} if kind else {})}
    step = begin(BOOK, "appointment_reminder", Facts("de", known), NOW)
    after = advance(BOOK, step.session, Pressed(1, "no"), NOW, Facts("de", known))
    official = kind == "official"
    wanted = (Level.R2, "cannot_come_official") if official else (Level.R1, "cannot_come")
    assert raised(after.effects) == {wanted}
    texts = " ".join(send.text for send in said(after.effects))
    assert ("auch ein Anruf zählt" in texts) is official


def test_an_official_reminder_never_looks_like_the_summons_itself() -> None:
    for kind in KINDS:
        known: Known = {**APPOINTMENT, "appointment_kind": kind, "appointment_on": "2026-11-25"}
        first = said(begin(BOOK, "appointment_reminder", Facts("de", known), NOW).effects)[0].text
        assert "Erinnerung" in first[:27]
        assert ("Verbindlich ist allein das Schreiben Ihrer Behörde." in first) is (kind == "official")


def test_of_a_medical_appointment_only_time_and_place_are_said() -> None:
    known: Known = {**APPOINTMENT, "appointment_kind": "medical", "appointment_on": "2026-11-25"}
    for effects in ways("appointment_reminder", Facts("de", known)):
        assert not any("Praxis Dr. Beispiel" in send.text for send in said(effects))


@pytest.mark.parametrize(
    ("days", "question"),
    [
        (-1, "most_needed"), (0, "medicine"), (1, "medicine"), (2, "medicine"),
        (3, "practice"), (5, "practice"), (6, "everyday"), (7, "everyday"), (10, "everyday"),
        (11, "does_good"), (14, "does_good"), (21, "does_good"), (22, "coming_time"), (30, "coming_time"),
        (60, "coming_time"), (61, "most_needed"), (None, "most_needed"),
    ],
)  # fmt: skip
def test_each_day_after_the_hospital_has_its_question(days: int | None, question: str) -> None:
    known: Known = {} if days is None else {"discharged_on": _day_before(days)}
    step = begin(BOOK, "discharge_followup", Facts("de", known), NOW)
    after = advance(BOOK, step.session, Pressed(1, "yes"), NOW, Facts("de", known))
    assert after.session.frames[-1].step == question


@pytest.mark.parametrize(("days", "level"), [(0, "R2"), (14, "R2"), (15, "R1"), (None, "R2"), (-1, "R2")])
def test_that_it_is_hard_is_urgent_in_the_first_two_weeks(days: int | None, level: str) -> None:
    known: Known = {} if days is None else {"discharged_on": _day_before(days)}
    step = begin(BOOK, "discharge_followup", Facts("de", known), NOW)
    after = advance(BOOK, step.session, Pressed(1, "hard"), NOW, Facts("de", known))
    assert raised(after.effects) == {(Level(level), "discharge_hard")}
    assert not any(send.turn for send in said(after.effects))


def test_who_needs_help_now_gets_the_numbers_first_and_no_further_question() -> None:
    for known in worlds("discharge_followup"):
        for language in ("de", "en"):
            facts = Facts(language, known)
            step = begin(BOOK, "discharge_followup", facts, NOW)
            after = advance(BOOK, step.session, Pressed(1, "no"), NOW, facts)
            assert raised(after.effects) == {(Level.R3, "discharge_help_now")}
            sends = said(after.effects)
            assert "112" in sends[0].text
            assert all(send.crisis and send.turn is None for send in sends)
            assert after.session.is_over


def test_a_way_of_silence_stores_no_answer() -> None:
    for dialog in DIALOGS:
        for known in worlds(dialog):
            facts = Facts("de", known)
            step = begin(BOOK, dialog, facts, NOW)
            effects = step.effects
            while not step.session.is_over:
                step = advance(BOOK, step.session, TimedOut(step.session.turn), NOW, facts)
                effects = (*effects, *step.effects)
            assert not any(isinstance(effect, StoreAnswer) for effect in effects)


def _day_before(days: int) -> str:
    return datetime.fromordinal(NOW.toordinal() - days).date().isoformat()
