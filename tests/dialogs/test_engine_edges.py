# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The engine to the last field: double taps, reminders counted, wishes for help told apart."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from dialogs.asking import BACK, HELP, LATER, SKIP
from dialogs.book import DialogBook
from dialogs.effects import Button, End, RaiseConcern, Send, SetTimeout, StoreAnswer, StoreScore
from dialogs.engine import Facts, Step, UnknownDialogError, advance, begin, close
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.instruments import Duty, NotComputable, Reason
from dialogs.own_words import words_for
from dialogs.scales import DataClass, Level
from tests.dialogs.probe import BOOK, FACTS, NOW, dialog, play

ROUNDS = DialogBook(
    [
        dialog(
            """
  a: {scale: {de: Wie viel?, en: How much?}, optional: yes, timeout: {after: 1 hour, repeat: 2, next: b}}
  ways: {branch: [{when: a > 5, next: a}]}
  b: {date: {de: Wann?, en: When?}, timeout: {after: 2 hours}}
  done: {end: completed}
""",
            name="rounds",
        )
    ]
)


def rounds(*events: Input) -> Step:
    return play(*events, book=ROUNDS, name="rounds")


def again(step: Step, event: Input, book: DialogBook = BOOK) -> Step:
    return advance(book, step.session, event, NOW, FACTS)


def test_an_unknown_dialog_is_named() -> None:
    with pytest.raises(UnknownDialogError, match=r"^nothing$"):
        begin(BOOK, "nothing", FACTS, NOW)


@pytest.mark.parametrize(
    ("before", "press"),
    [
        ((), Pressed(1, "5")),
        ((Typed("5"),), Pressed(2, BACK)),
        ((Typed("5"),), Pressed(2, SKIP)),
    ],
)
def test_a_double_tap_of_any_button_does_nothing(before: tuple[Input, ...], press: Pressed) -> None:
    once = play(*before, press)
    assert once.session.last_press == f"{press.turn}:{press.value}"
    assert again(once, press) == Step(once.session, ())


def test_a_typed_answer_is_nobodys_press() -> None:
    assert play(Pressed(1, "5"), Typed("weil")).session.last_press == ""
    assert play(Typed("5"), Typed("zurück")).session.last_press == ""


def test_it_is_reminded_as_often_as_the_dialog_says_and_each_time_waits_as_long() -> None:
    for times in (1, 2):
        step = rounds(*[TimedOut(1)] * times)
        assert step.effects[-1] == SetTimeout(1, 3600)
        assert step.session.reminders == times
    moved_on = rounds(*[TimedOut(1)] * 3)
    assert moved_on.effects[-1] == SetTimeout(2, 7200)
    assert moved_on.session.reminders == 0


def test_help_is_a_concern_that_says_where_and_once_for_each_question() -> None:
    assert play(Typed("5"), Pressed(2, HELP)).effects[0] == RaiseConcern(
        Level.R1, "asked_for_help", "probe", "note"
    )
    late = rounds(Pressed(1, HELP), *[TimedOut(1)] * 3, Pressed(2, HELP))
    assert late.effects[0] == RaiseConcern(Level.R1, "asked_for_help", "rounds", "b")


def test_skipping_forgets_what_was_answered_the_time_before() -> None:
    skipped = rounds(Typed("7"), Typed("überspringen"))
    assert skipped.session.values == {}
    assert skipped.session.frames[-1].step == "b"


@pytest.mark.parametrize(
    ("answer", "day"), [(Typed("morgen"), "2026-11-24"), (Pressed(2, "2026-11-23"), "2026-11-23")]
)
def test_days_are_counted_from_the_persons_today(answer: Input, day: str) -> None:
    step = rounds(Typed("3"), answer)
    assert step.effects[:1] == (StoreAnswer("rounds", "b", "b", day, DataClass.NEUTRAL),)
    assert step.effects[-1] == End("completed")


def test_the_way_back_to_a_step_that_is_gone_is_told_to_a_human() -> None:
    session = play(Typed("5")).session
    other = dialog("  note: {text: {de: Warum?, en: Why?}}\n  done: {end: completed}\n")
    step = advance(DialogBook([other]), session, Pressed(2, BACK), NOW, FACTS)
    assert step.session.outcome == "broken"
    assert RaiseConcern(Level.R1, "dialog_fault", "probe", "mood") in step.effects


def test_the_question_keeps_its_head_and_its_buttons_in_order() -> None:
    shown = rounds(Typed("3")).effects[-2]
    assert shown == Send(
        "Wann?",
        DataClass.NEUTRAL,
        (
            (Button("Heute", "2026-11-23"), Button("Morgen", "2026-11-24")),
            (Button("Zurück", BACK), Button("Später", "_later")),
        ),
        2,
    )


LINES = words_for("de").lines


def opening(step: Step) -> str:
    """The first message's first paragraph."""
    sent = next(effect for effect in step.effects if isinstance(effect, Send))
    return sent.text.partition("\n\n")[0]


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ((Attached("voice"),), LINES.no_words),
        ((Typed("5"), Typed("x" * 4001)), LINES.too_long.format(longest=4000)),
        ((Typed("hm"), Typed("hm")), LINES.third_try),
        ((Typed("5"), Typed("weil"), Typed("hm"), Typed("hm")), LINES.third_try_plain),
        ((Typed("5"), Typed("weil"), Typed("später")), words_for("de").expected.yes_no),
        ((TimedOut(1),), LINES.reminder),
        ((Typed("überspringen"),), LINES.cannot_skip),
        ((Typed("hilfe"),), LINES.help_noted),
        ((Typed("zurück"),), LINES.no_way_back),
        ((Pressed(0, "5"),), LINES.old_button),
        ((Typed("später"),), LINES.postponed),
        ((Typed("später"), TimedOut(1)), LINES.back_again),
        ((Typed("später"), Typed("später")), LINES.postponed_again),
    ],
)
def test_what_is_said_before_the_question(events: tuple[Input, ...], line: str) -> None:
    assert opening(play(*events)) == line


def test_later_promises_to_ask_again_only_where_lotse_may_write_first() -> None:
    silent = Facts("de", {"may_write": False})
    assert opening(play(Typed("später"), facts=silent)) == LINES.postponed_until_you_write
    assert opening(play(Typed("später"), facts=Facts("de", {"may_write": True}))) == LINES.postponed


def test_later_remembers_its_press_and_whoever_is_back_has_as_much_time_as_before() -> None:
    asleep = play(Typed("hm"), Pressed(1, LATER))
    assert (asleep.session.last_press, asleep.session.tries, asleep.session.reminders) == ("1:_later", 0, 0)
    assert again(asleep, Repeat()).effects[0] == SetTimeout(1, 3600)
    assert again(play(TimedOut(1), Typed("später")), Repeat()).session.reminders == 0


CONCERNS = DialogBook(
    [
        dialog(
            """
  drink:
    choose: {de: Was?, en: What?}
    options:
      tea: {label: {de: Tee, en: Tea}, raise: {level: R1, reason: tea}, next: sure}
      water: {label: {de: Wasser, en: Water}}
    raise: {when: value = known, level: R2, reason: as_known}
  sure:
    yes_no: {de: Sicher?, en: Sure?}
    yes: {raise: {level: R1, reason: sure}}
    no: {raise: {level: R2, reason: unsure}}
  done: {end: completed}
""",
            name="drinks",
        )
    ]
)


@pytest.mark.parametrize(
    ("events", "concerns"),
    [
        ((Pressed(1, "tea"),), [RaiseConcern(Level.R1, "tea", "drinks", "drink", "Tee")]),
        ((Typed("tee bitte"),), [RaiseConcern(Level.R1, "tea", "drinks", "drink", "Tee")]),
        ((Pressed(1, "water"),), [RaiseConcern(Level.R2, "as_known", "drinks", "drink", "Wasser")]),
        ((Typed("1"), Pressed(2, "yes")), [RaiseConcern(Level.R1, "sure", "drinks", "sure", "Ja")]),
        ((Typed("1"), Typed("nö")), [RaiseConcern(Level.R2, "unsure", "drinks", "sure", "Nein")]),
    ],
)
def test_a_concern_quotes_the_option_as_the_person_saw_it(
    events: tuple[Input, ...], concerns: list[RaiseConcern]
) -> None:
    facts = Facts("de", {"known": "water"})
    found = play(*events, book=CONCERNS, facts=facts, name="drinks").effects
    assert [effect for effect in found if isinstance(effect, RaiseConcern)] == concerns


def test_nobody_goes_back_over_a_consent_and_otherwise_step_by_step() -> None:
    steps = "".join(f"  {name}: {{text: {{de: {name}?, en: {name}?}}}}\n" for name in "abcd")
    consent = "  agree: {consent: {de: Darf ich?, en: May I?}, purpose: reading}\n"
    book = DialogBook([dialog(f"{steps}{consent}  e: {{text: {{de: e?, en: e?}}}}\n  f: {{end: done}}\n")])
    third = [Typed("eins"), Typed("zwei"), Typed("drei")]
    for back, place in ((1, "c"), (2, "b"), (3, "a")):
        session = play(*third, *[Typed("zurück")] * back, book=book).session
        assert (session.frames[-1].step, len(session.history)) == (place, 3 - back)
    after = play(*third, Typed("vier"), Typed("ja"), book=book).session
    assert (after.frames[-1].step, after.history) == ("e", ())


def test_closing_in_the_middle_of_a_questionnaire_counts_what_there_is() -> None:
    book = DialogBook([dialog("  two: {instrument: phq2}\n  done: {end: completed}\n")])
    facts = Facts("de", packs_on=frozenset({"phq2"}))
    step = advance(book, begin(book, "probe", facts, NOW).session, Pressed(1, "1"), NOW, facts)
    score = NotComputable(rule="phq2.total", version=1, reason=Reason.MISSING, items=("phq_2",))
    assert close(book, step.session, "replaced", NOW, facts).effects == (
        StoreScore(score),
        End("replaced", partial=True),
    )


def test_no_waiting_time_is_set_for_a_question_that_was_passed_by() -> None:
    """Nobody is there any more for the answer: the question is not asked again, the next one is."""
    steps = "  depth: {instrument: phq9, items: [phq_9, phq_1], timeout: {after: 1 day, repeat: 1}}\n"
    book = DialogBook([dialog(f"{steps}  done: {{end: completed}}\n", head="estimated: 3 minutes\n")])
    there = Duty(
        opening=NOW.replace(hour=7),
        closing=NOW.replace(hour=15),
        next_workday=NOW.date() + timedelta(days=1),
        has_on_call=True,
    )
    facts = Facts("de", packs_on=frozenset({"phq9"}), duty=lambda at: there)
    session = begin(book, "probe", facts, NOW).session
    later = advance(book, session, TimedOut(1), NOW, msgspec.structs.replace(facts, duty=lambda at: None))
    assert [effect for effect in later.effects if isinstance(effect, SetTimeout)] == [SetTimeout(2, 86_400)]
