# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Random people in every shipped dialog: sensible, confused and hostile. Nobody is left without an answer."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.effects import Effect, End, Send, StoreAnswer
from dialogs.engine import Facts, advance, begin
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.model import AskStep, Choose, Scale
from dialogs.session import Session, dump, load
from dialogs.shipped import shipped_dialogs

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
            st.floats(),
        ),
        max_size=4,
    ),
)


def event_from(kind: str, choice: object, session: Session, buttons: list[Pressed], before: Input) -> Input:
    if kind == "press" and buttons and isinstance(choice, int):
        return buttons[choice % len(buttons)]
    if kind == "wait":
        return TimedOut(session.turn)
    if kind == "again" or not isinstance(choice, Typed | Pressed | Attached | TimedOut | Repeat):
        return before
    return choice


def question_of(session: Session) -> AskStep | None:
    frame = session.frames[-1]
    dialog = BOOK.get(frame.dialog, frame.version)
    step = dialog.steps[frame.step] if dialog else None
    return step if isinstance(step, AskStep) else None


def must_be_sound(session: Session, effects: tuple[Effect, ...], before: Session | None) -> None:
    assert load(dump(session)) == session
    sends = [effect for effect in effects if isinstance(effect, Send)]
    assert all(send.text.strip() for send in sends)
    asked = [send for send in sends if send.turn is not None]
    assert len(asked) <= 1
    assert not asked or (sends[-1] is asked[0] and asked[0].turn == session.turn)
    for effect in effects:
        if isinstance(effect, StoreAnswer) and effect.value is not None and before is not None:
            must_be_possible(effect, before)
    if session.is_over:
        assert effects
        assert isinstance(effects[-1], End)
        assert effects[-1].outcome == session.outcome
        assert session.outcome != "broken"
        return
    question = question_of(session)
    assert question is not None
    assert not asked or question.data.rank <= asked[0].data_class.rank


def must_be_possible(answer: StoreAnswer, before: Session) -> None:
    question = question_of(before)
    assert question is not None
    assert question.key == answer.key
    if isinstance(question, Choose):
        assert answer.value in [option.key for option in question.options]
    if isinstance(question, Scale):
        assert isinstance(answer.value, int)
        assert question.low <= answer.value <= question.high


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(d.id for d in BOOK)), facts_known, st.lists(fitting, max_size=25))
def test_no_walk_ends_in_silence(flow: str, facts: Facts, choices: list[tuple[str, object]]) -> None:
    step = begin(BOOK, flow, facts, NOW)
    must_be_sound(step.session, step.effects, None)
    buttons: list[Pressed] = []
    before: Input = Repeat()
    for kind, choice in choices:
        session = step.session
        for send in (effect for effect in step.effects if isinstance(effect, Send)):
            if send.turn is not None:
                buttons = [Pressed(send.turn, button.value) for row in send.buttons for button in row]
        event = event_from(kind, choice, session, buttons, before)
        # A restart between any two messages changes nothing.
        step = advance(BOOK, load(dump(session)), event, NOW, facts)
        if session.is_over:
            assert (step.session, step.effects) == (session, ())
            continue
        must_be_sound(step.session, step.effects, session)
        if not step.effects:
            double_tap = isinstance(event, Pressed) and f"{event.turn}:{event.value}" == session.last_press
            late = isinstance(event, TimedOut) and event.turn != session.turn
            assert double_tap or late
        before = event


@settings(max_examples=60, deadline=None)
@given(facts_known, st.lists(fitting, max_size=15))
def test_the_same_input_always_gives_the_same_result(facts: Facts, choices: list[tuple[str, object]]) -> None:
    session = begin(BOOK, "weekly_checkin", facts, NOW).session
    for kind, choice in choices:
        event = event_from(kind, choice, session, [Pressed(session.turn, "3")], Repeat())
        first, second = (advance(BOOK, session, event, NOW, facts) for _ in range(2))
        assert first == second
        session = first.session
