# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Random people in every shipped dialog, and in dialogs that nobody wrote: sensible, confused and hostile.

Nobody is left without an answer, whatever is switched on, whoever is on duty and however long it takes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.book import DialogBook
from dialogs.effects import End, Send, SetTimeout, StoreAnswer
from dialogs.engine import Facts, Step, advance, begin
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.instruments import NotComputable, Reason, Score
from dialogs.model import Choose, Dialog, Scale, Wait
from dialogs.own_words import words_for
from dialogs.session import Session, Sleep, dump, load
from dialogs.shipped import shipped_dialogs
from dialogs.transcripts import office_hours
from tests.dialogs.playing import question_of
from tests.dialogs.synthetic import KINDS, built, faults, synthetic

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOOK = shipped_dialogs()

sayings = st.sampled_from(
    [
        "ja", "nein", "Ja, gern", "zurück", "überspringen", "später", "Hilfe", "7", "3 von 10", "so 6",
        "heute", "skip",
        "1", "2", "back", "later", "weiß nicht", "ok", "👍", "🙂", "", " ", "12", "-1", "diese woche",
        "1 Woche", "14",
        "{coach}", "{mood}", "\x00", "\ud800", "9" * 5000, "a" * 100_000, "٣", "³", "½", "keine pause",
        "morgen", "../etc",
        "<b>", "ja nein", "J\u0430", "\u202eja", "null", "31.2.2027", "1.1.0000", "\n\n", "ﷺ" * 400,
        "ß" * 4001,
    ]
)  # fmt: skip
values = st.one_of(
    st.integers(-2, 12).map(str),
    st.sampled_from(
        ["yes", "no", "today", "this_week", "none", "_back", "_skip", "_later", "_help", "1", "28", "\ud800"]
    ),
    st.text(max_size=70),
)
events: st.SearchStrategy[Input] = st.one_of(
    st.builds(Typed, st.one_of(sayings, st.text(max_size=200))),
    st.builds(Pressed, st.integers(-1, 12), values),
    st.builds(Attached, st.sampled_from(["sticker", "voice", "photo", ""])),
    st.builds(TimedOut, st.integers(0, 12)),
    st.just(Repeat()),
)
scored = st.one_of(
    st.builds(lambda value: Score(rule="own_items.mood", version=2, value=value), st.integers(0, 10)),
    st.just(NotComputable(rule="own_items.mood", version=2, reason=Reason.MISSING, items=("mood",))),
)
# Presses and waiting times that fit the open question get far; the others are met on the way.
fitting = st.one_of(
    st.tuples(st.just("press"), st.integers(0, 30)),
    st.tuples(st.just("wait"), st.just(0)),
    st.tuples(st.just("again"), st.just(0)),
    st.tuples(st.just("event"), events),
)
facts_known = st.builds(
    Facts,
    st.sampled_from(["de", "en", "de-x-einfach", "uk", "", "EN-gb"]),
    st.dictionaries(
        st.sampled_from(
            ["coach", "channel_kind", "read_now", "reply_by", "zone", "crisis_text", "reading_hours"]
        ),
        st.one_of(
            st.sampled_from(["messenger", "Frau Beispiel", "Europe/Kyiv", "../../x", "{coach}"]),
            st.booleans(),
            # Sessions are kept as JSON, which has no infinity; nor does anything that is known of people.
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=4,
    ),
    st.fixed_dictionaries({"own_items.mood": st.lists(scored, max_size=5)}),
    st.frozensets(st.sampled_from(["phq9", "phq4", "gad7"])),
    st.sampled_from([lambda at: None, office_hours]),
)
moments = st.builds(lambda minutes: NOW + timedelta(minutes=minutes), st.integers(-4_000, 17_000))


def event_from(kind: str, choice: object, session: Session, buttons: list[Pressed], before: Input) -> Input:
    if kind == "press" and buttons and isinstance(choice, int):
        return buttons[choice % len(buttons)]
    if kind == "wait":
        return TimedOut(session.turn)
    if kind == "again" or not isinstance(choice, Typed | Pressed | Attached | TimedOut | Repeat):
        return before
    return choice


def must_be_sound(book: DialogBook, step: Step, before: Session | None) -> None:
    session, effects = step.session, step.effects
    assert load(dump(session)) == session
    sends = [effect for effect in effects if isinstance(effect, Send)]
    assert all(send.text.strip() for send in sends)
    asked = [send for send in sends if send.turn is not None]
    assert len(asked) <= 1
    assert not asked or (sends[-1] is asked[0] and asked[0].turn == session.turn)
    for effect in effects:
        if isinstance(effect, StoreAnswer) and effect.value is not None and before is not None:
            must_be_possible(book, effect, before)
    if session.is_over:
        assert effects
        assert isinstance(effects[-1], End)
        assert effects[-1].outcome == session.outcome
        assert session.outcome != "broken"
        return
    if session.sleep is Sleep.WAIT:
        must_wake(book, step)
        return
    question = question_of(book, session)
    assert question is not None
    assert not asked or question.data.rank <= asked[0].data_class.rank


def must_wake(book: DialogBook, step: Step) -> None:
    """Nothing is open, so a waiting time is set; or somebody was told that nothing is open."""
    frame = step.session.frames[-1]
    dialog = book.get(frame.dialog, frame.version)
    assert dialog is not None
    assert isinstance(dialog.steps[frame.step], Wait)
    if step.effects:
        last = step.effects[-1]
        nothing_open = Send(words_for(step.session.language).lines.nothing_open)
        assert last == nothing_open or (isinstance(last, SetTimeout) and last.turn == step.session.turn)


def must_be_possible(book: DialogBook, answer: StoreAnswer, before: Session) -> None:
    question = question_of(book, before)
    assert question is not None
    assert question.key == answer.key
    if isinstance(question, Choose):
        assert answer.value in [option.key for option in question.options]
    if isinstance(question, Scale):
        assert isinstance(answer.value, int)
        assert question.low <= answer.value <= question.high


def walk(book: DialogBook, flow: str, facts: Facts, at: datetime, choices: list[tuple[str, object]]) -> Step:
    """Play `choices`, an hour or so between them, and look at each step."""
    step = begin(book, flow, facts, at)
    must_be_sound(book, step, None)
    buttons: list[Pressed] = []
    before: Input = Repeat()
    for kind, choice in choices:
        session, at = step.session, at + timedelta(minutes=67)
        for send in (effect for effect in step.effects if isinstance(effect, Send)):
            if send.turn is not None:
                buttons = [Pressed(send.turn, button.value) for row in send.buttons for button in row]
        event = event_from(kind, choice, session, buttons, before)
        # A restart between any two messages changes nothing.
        step = advance(book, load(dump(session)), event, at, facts)
        if session.is_over:
            assert (step.session, step.effects) == (session, ())
            continue
        must_be_sound(book, step, session)
        if not step.effects:
            must_be_silent_for_a_reason(book, session, event)
        before = event
    return step


def must_be_silent_for_a_reason(book: DialogBook, session: Session, event: Input) -> None:
    """A double tap; a waiting time of an older question, or one that the open question does not have."""
    if isinstance(event, Pressed):
        assert f"{event.turn}:{event.value}" == session.last_press
        return
    assert isinstance(event, TimedOut)
    question = question_of(book, session)
    untimed = question is not None and question.timeout is None and session.sleep is Sleep.AWAKE
    assert event.turn != session.turn or untimed


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(d.id for d in BOOK)), facts_known, moments, st.lists(fitting, max_size=25))
def test_no_walk_ends_in_silence(
    flow: str, facts: Facts, at: datetime, choices: list[tuple[str, object]]
) -> None:
    walk(BOOK, flow, facts, at, choices)


@settings(max_examples=200, deadline=None)
@given(synthetic, facts_known, moments, st.lists(fitting, max_size=25))
def test_no_walk_in_any_dialog_without_faults_ends_in_silence(
    made: tuple[DialogBook, Dialog], facts: Facts, at: datetime, choices: list[tuple[str, object]]
) -> None:
    book, probe = made
    assert faults(book, probe) == []
    walk(book, probe.id, facts, at, choices)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_step_can_be_walked_through_alone(kind: str) -> None:
    book, probe = built([kind], progress=True)
    assert faults(book, probe) == []
    on = Facts("de", packs_on=frozenset({"phq9", "phq4"}), duty=office_hours)
    for which in (0, 1):
        ended = walk(book, probe.id, on, NOW, [("press", which), ("event", Typed("7")), ("wait", 0)] * 30)
        assert ended.session.is_over or kind == "loop"


@settings(max_examples=60, deadline=None)
@given(facts_known, st.lists(fitting, max_size=15))
def test_the_same_input_always_gives_the_same_result(facts: Facts, choices: list[tuple[str, object]]) -> None:
    session = begin(BOOK, "weekly_checkin", facts, NOW).session
    for kind, choice in choices:
        event = event_from(kind, choice, session, [Pressed(session.turn, "3")], Repeat())
        first, second = (advance(BOOK, session, event, NOW, facts) for _ in range(2))
        assert first == second
        session = first.session
