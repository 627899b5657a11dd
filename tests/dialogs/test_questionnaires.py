# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Questionnaires in conversations: asked only when they may be, counted honestly, heard at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dialogs.book import DialogBook
from dialogs.check import check
from dialogs.effects import End, NotOffered, RaiseConcern, Send, StoreScore
from dialogs.engine import Facts, Step, advance, begin
from dialogs.inputs import Input, Pressed, Repeat, TimedOut, Typed
from dialogs.instruments import Duty, NotComputable, Reason, Score
from dialogs.model import AskStep, Choose, Say, Scale, Text
from dialogs.parse import DialogError
from dialogs.scales import DataClass, Level
from dialogs.shipped import shipped_dialogs
from tests.dialogs.probe import dialog

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEPTH = dialog(
    """
  again: {instrument: phq9, timeout: {after: 1 day, repeat: 1}}
  look: {branch: [{when: not again, next: not_asked}, {when: phq9.total is missing, next: unknown}]}
  counted: {end: counted}
  not_asked: {end: not_asked}
  unknown: {end: unknown}
""",
    name="depth",
    head="estimated: 3 minutes\n",
)
#: What is said after the crisis text, if nobody is there to read.
WHEN_READ = [each for each in shipped_dialogs() if each.id == "when_read"]
BOOK = DialogBook([DEPTH, *WHEN_READ])


def duty(at: datetime) -> Duty:
    """Monday to Friday from eight to four."""
    day = at.astimezone(BERLIN).date()
    following = day + timedelta(days=1)
    while following.weekday() > 4:
        following += timedelta(days=1)
    return duty_on(day, following)


def duty_on(day: date, next_workday: date, on_call: bool = True) -> Duty:
    return Duty(
        opening=datetime.combine(day, time(8), BERLIN),
        closing=datetime.combine(day, time(16), BERLIN),
        next_workday=next_workday,
        has_on_call=on_call,
    )


ON = Facts("de", packs_on=frozenset({"phq9", "phq4"}), duty=duty)


def asked(*answers: int | None, facts: Facts = ON, at: datetime = MONDAY, book: DialogBook = BOOK) -> Step:
    """Begin, and answer the first questions; None is skipped."""
    step = begin(book, next(iter(book)).id, facts, at)
    for answer in answers:
        value = "_skip" if answer is None else str(answer)
        step = advance(book, step.session, Pressed(step.session.turn, value), at, facts)
    return step


def scores(step: Step) -> dict[str, Score | NotComputable]:
    return {effect.score.rule: effect.score for effect in step.effects if isinstance(effect, StoreScore)}


def concerns(step: Step) -> list[tuple[Level, str]]:
    return [(e.level, e.reason) for e in step.effects if isinstance(e, RaiseConcern)]


def not_offered(step: Step) -> tuple[str, ...]:
    return next((effect.reasons for effect in step.effects if isinstance(effect, NotOffered)), ())


@pytest.mark.parametrize(
    ("facts", "at", "reason"),
    [
        (Facts("de", duty=duty), MONDAY, "switched_off"),
        (Facts("de", packs_on=frozenset({"phq9"})), MONDAY, "duty_unknown"),
        (ON, datetime(2026, 11, 27, 11, 0, tzinfo=UTC), "friday_afternoon"),
        (ON, datetime(2026, 11, 23, 13, 1, tzinfo=UTC), "closing_soon"),
        (ON, datetime(2026, 11, 23, 5, 0, tzinfo=UTC), "not_yet_open"),
        (ON, datetime(2026, 11, 23, 20, 0, tzinfo=UTC), "closing_soon"),
        (
            msgspec.structs.replace(ON, duty=lambda at: duty_on(at.date(), at.date() + 2 * DAY)),
            MONDAY,
            "holiday_follows",
        ),
        (
            msgspec.structs.replace(ON, duty=lambda at: duty_on(at.date(), at.date() + DAY, False)),
            MONDAY,
            "no_deputy_on_call",
        ),
        (
            msgspec.structs.replace(
                ON, duty=lambda at: Duty(opening=None, closing=None, next_workday=at.date(), has_on_call=True)
            ),
            MONDAY,
            "nobody_reads_today",
        ),
    ],
)  # fmt: skip
def test_it_is_not_asked_when_it_may_not_be(facts: Facts, at: datetime, reason: str) -> None:
    step = begin(BOOK, "depth", facts, at)
    assert reason in not_offered(step)
    assert not [effect for effect in step.effects if isinstance(effect, Send)]
    assert step.session.outcome == "not_asked"


def test_two_hours_before_closing_and_friday_morning_are_early_enough() -> None:
    for at in (datetime(2026, 11, 23, 13, 0, tzinfo=UTC), datetime(2026, 11, 27, 10, 59, tzinfo=UTC)):
        assert not_offered(begin(BOOK, "depth", ON, at)) == ()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"])
def test_the_clock_that_counts_is_that_of_whoever_must_be_there(zone: str) -> None:
    elsewhere = msgspec.structs.replace(ON, values={"zone": zone})
    assert not_offered(begin(BOOK, "depth", elsewhere, MONDAY)) == ()
    friday = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
    assert "friday_afternoon" in not_offered(begin(BOOK, "depth", elsewhere, friday))


@pytest.mark.parametrize("value", [1, 2, 3])
def test_an_answer_about_death_is_a_concern_and_the_crisis_text_comes_before_all_else(value: int) -> None:
    step = asked(*[0] * 8, value)
    assert concerns(step) == [(Level.R3 if value == 3 else Level.R2, "phq9_item_9")]
    sent = [effect for effect in step.effects if isinstance(effect, Send)]
    assert [send.crisis for send in sent] == [True]
    assert "112" in sent[0].text
    total = scores(step)["phq9.total"]
    assert isinstance(total, Score)
    assert (total.value, step.session.outcome) == (value, "counted")


def test_no_answer_about_death_is_neither_a_concern_nor_a_comfort() -> None:
    step = asked(*[3] * 8, 0)
    assert concerns(step) == []
    assert not [effect for effect in step.effects if isinstance(effect, Send)]


def test_the_crisis_text_comes_before_the_next_question() -> None:
    more = dialog(
        "  again: {instrument: phq9}\n  after: {yes_no: {de: Noch etwas?, en: More?}}\n  done: {end: done}\n",
        head="estimated: 3 minutes\n",
    )
    book = DialogBook([more, *WHEN_READ])
    sent = [e for e in asked(*[0] * 8, 1, book=book).effects if isinstance(e, RaiseConcern | Send)]
    assert isinstance(sent[0], RaiseConcern)
    assert [(send.crisis, send.turn) for send in sent[1:] if isinstance(send, Send)] == [
        (True, None),
        (False, 10),
    ]


def at_item_9(at: datetime = MONDAY) -> Step:
    return asked(*[1] * 8, at=at)


def test_the_question_about_death_is_asked_only_if_somebody_is_still_there() -> None:
    before = asked(*[1] * 7).session
    late = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    step = advance(BOOK, before, Pressed(before.turn, "1"), late, ON)
    assert not_offered(step) == ("closing_soon",)
    assert [(n, s.reason) for n, s in scores(step).items() if isinstance(s, NotComputable)] == [
        ("phq9.total", Reason.MISSING)
    ]
    eight = scores(step)["phq9.phq8"]
    assert isinstance(eight, Score)
    assert (eight.value, step.session.outcome) == (8, "unknown")


@pytest.mark.parametrize("event", [TimedOut(9), Repeat()], ids=["reminder", "on another channel"])
def test_the_question_about_death_is_not_asked_again_when_nobody_is_there(event: Input) -> None:
    step = advance(BOOK, at_item_9().session, event, datetime(2026, 11, 27, 13, 0, tzinfo=UTC), ON)
    assert "friday_afternoon" in not_offered(step)
    assert not [effect for effect in step.effects if isinstance(effect, Send)]
    again = advance(BOOK, at_item_9().session, event, MONDAY + timedelta(days=1), ON)
    assert [effect.turn for effect in again.effects if isinstance(effect, Send)] == [9]


def test_later_and_back_lead_to_the_question_about_death_only_when_somebody_is_there() -> None:
    asleep = advance(BOOK, at_item_9().session, Typed("später"), MONDAY, ON).session
    evening = MONDAY + timedelta(hours=8)
    assert not_offered(advance(BOOK, asleep, TimedOut(9), evening, ON)) == ("closing_soon",)
    more = dialog(
        "  again: {instrument: phq9, items: [phq_9, phq_1]}\n  done: {end: done}\n",
        head="estimated: 3 minutes\n",
    )
    book = DialogBook([more, *WHEN_READ])
    session = asked(1, book=book).session
    back = advance(book, session, Typed("zurück"), evening, ON)
    assert not_offered(back) == ("closing_soon",)
    (sent,) = [effect.text for effect in back.effects if isinstance(effect, Send)]
    assert "Wenig Interesse" in sent
    in_time = advance(book, session, Typed("zurück"), MONDAY, ON)
    (sent,) = [effect.text for effect in in_time.effects if isinstance(effect, Send)]
    assert "lieber tot" in sent


def test_whoever_goes_back_is_counted_anew_in_the_same_place() -> None:
    more = dialog(
        "  again: {instrument: phq4}\n  after: {yes_no: {de: Noch etwas?, en: More?}}\n  done: {end: done}\n"
    )
    book = DialogBook([more])
    step = asked(0, 0, 0, 1, book=book)
    back = advance(book, step.session, Typed("zurück"), MONDAY, ON)
    assert scores(back) == {}
    anew = advance(book, back.session, Typed("Beinahe jeden Tag"), MONDAY, ON)
    counted = [effect for effect in anew.effects if isinstance(effect, StoreScore)]
    assert all(effect.again for effect in counted)
    found = {each.score.rule: each.score.value for each in counted if isinstance(each.score, Score)}
    assert found == {"phq4.total": 3, "phq4.anxiety": 0, "phq4.depression": 3}


def test_an_answer_that_comes_when_nobody_is_there_is_heard_all_the_same() -> None:
    step = advance(BOOK, at_item_9().session, Pressed(9, "2"), MONDAY + timedelta(hours=12), ON)
    assert concerns(step) == [(Level.R2, "phq9_item_9")]
    assert any(isinstance(effect, Send) and effect.crisis for effect in step.effects)


def test_skipping_makes_it_not_computable_never_less() -> None:
    step = asked(1, None, *[1] * 7)
    total = scores(step)["phq9.total"]
    assert isinstance(total, NotComputable)
    assert (total.reason, total.items) == (Reason.MISSING, ("phq_2",))
    assert step.session.outcome == "unknown"


def test_expiry_in_the_middle_is_not_computable_and_marked_as_part() -> None:
    step = asked(1, 1)
    for _ in range(2):
        step = advance(BOOK, step.session, TimedOut(step.session.turn), MONDAY, ON)
    assert step.effects[-1] == End("expired", partial=True)
    total, two = scores(step)["phq9.total"], scores(step)["phq9.phq2"]
    assert isinstance(total, NotComputable)
    assert isinstance(two, Score)
    assert (len(total.items), two.value) == (7, 2)


def test_nothing_answered_is_nothing_counted() -> None:
    step = asked()
    for _ in range(2):
        step = advance(BOOK, step.session, TimedOut(step.session.turn), MONDAY, ON)
    assert step.effects == (End("expired"),)


def test_what_cannot_be_computed_now_is_not_what_it_was_last_time() -> None:
    """An old score must not stand for a missing one: a branch would take it for today's."""
    last = {"phq9.total": [Score(rule="phq9.total", version=1, value=4)]}
    facts = msgspec.structs.replace(ON, history=last)
    assert asked(1, None, *[1] * 7, facts=facts).session.outcome == "unknown"
    assert asked(*[1] * 9, facts=facts).session.outcome == "counted"


def test_every_question_can_be_skipped_put_off_and_is_health() -> None:
    questions = [step for step in DEPTH.steps.values() if isinstance(step, AskStep)]
    assert len(questions) == 9
    assert all(question.optional and question.data is DataClass.HEALTH for question in questions)
    assert {question.timeout.seconds for question in questions if question.timeout} == {86_400}
    assert [question.key for question in questions][::8] == ["again.phq_1", "again.phq_9"]
    for question in questions:
        assert isinstance(question, Scale)
        assert [option.label["de"] for option in question.options][::3] == [
            "Überhaupt nicht",
            "Beinahe jeden Tag",
        ]


def test_nobody_can_lead_past_the_check_to_the_question_about_death() -> None:
    for target in ("again.phq_9.asked", "again.phq_9"):
        with pytest.raises(DialogError, match="is not a name"):
            dialog(f"  a: {{say: {{de: A, en: A}}, next: {target}}}\n  again: {{instrument: phq9}}\n")


OWN = dialog(
    """
  questions: {instrument: own_items, items: [mood, sleep, achieved, contact]}
  look:
    branch:
      - {when: questions.contact = "today" and own_items.sleep >= 8, next: today}
      - {when: own_items.mood <= 2, next: low}
  done: {end: completed}
  today: {end: today}
  low: {end: low}
""",
    name="own",
)


def test_single_items_are_asked_in_the_order_of_the_file_and_counted_alone() -> None:
    book = DialogBook([OWN])
    assert [type(s) for s in OWN.steps.values() if isinstance(s, AskStep)] == [Scale, Scale, Text, Choose]
    step = asked(2, facts=Facts("de"), book=book)
    assert concerns(step) == [(Level.R1, "low_mood")]
    for event in (Pressed(2, "9"), Typed("Aufgeräumt."), Pressed(4, "today")):
        step = advance(book, step.session, event, MONDAY, Facts("de"))
    assert concerns(step) == [(Level.R2, "contact_today")]
    found = {name: score.value for name, score in scores(step).items() if isinstance(score, Score)}
    assert found == {"own_items.mood": 2, "own_items.sleep": 9}
    assert step.session.outcome == "today"


def test_a_step_counts_the_answers_of_its_own_dialog() -> None:
    counting = dialog(
        """
  mood: {scale: {de: Wie geht es?, en: How are you?}, data: health, optional: yes}
  counted: {score: own_items}
  look: {branch: {when: own_items.mood_drop, next: drop}}
  same: {end: same}
  drop: {end: drop}
""",
        name="counting",
    )
    book = DialogBook([counting])
    pack = book.packs["own_items"]
    drops = [name for name, trend in pack.trends.items() if trend.score == "mood"]
    before = [Score(rule="own_items.mood", version=pack.version, value=value) for value in (8, 8, 8)]
    facts = Facts("de", history={"own_items.mood": before})
    fallen = asked(3, facts=facts, book=book)
    assert scores(fallen)["own_items.mood"] == Score(rule="own_items.mood", version=pack.version, value=3)
    assert [name for _, name in concerns(fallen)] == [f"own_items_{name}" for name in drops if "drop" in name]
    assert fallen.session.outcome == "drop"
    skipped = asked(None, facts=facts, book=book)
    assert isinstance(scores(skipped)["own_items.mood"], NotComputable)
    assert skipped.session.outcome == "same"


def test_a_sheet_without_an_english_beginning_does_not_begin_in_german() -> None:
    well = dialog("  w: {instrument: who5}\n  done: {end: completed}\n", head="estimated: 2 minutes\n")
    intro = well.steps["w.intro"]
    assert isinstance(intro, Say)
    assert intro.text["en"] == "WHO-5"
    assert check(well, DialogBook([well])) == []


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{instrument: phq10}", "there is no instrument 'phq10'. Did you mean 'phq"),
        ("{instrument: spe}", "the instrument 'spe' has no wording that may ship. Put licensed wording"),
        ("{instrument: phq9, items: [phq_10]}", "'phq9' has no question 'phq_10'. Did you mean 'phq_1'?"),
        ("{score: own_item}", "there is no instrument 'own_item'. Did you mean 'own_items'?"),
        ("{instrument: }", "'instrument' is empty"),
        ("{instrument: phq9, items: []}", "'items' is not a list of names"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_line(step: str, message: str) -> None:
    with pytest.raises(DialogError) as caught:
        dialog(f"  a: {step}\n  done: {{end: completed}}\n")
    assert any(str(each).startswith(f"probe.yaml:6: {message}") for each in caught.value.problems)
