# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Measuring points: asked once each, only with a yes, never beside a check-in that asks the same."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.domain.consent import holding
from bot.domain.measuring import MeasuringPoint
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import Answer, UnitOfWork
from bot.services import assignments, change_plans, change_programmes, enrolments, measuring
from bot.services.consents import answer_consent
from bot.services.enrolments import Step
from bot.services.remembered import record_of
from bot.services.restrict import is_restricted
from bot.services.visit import Visit
from dialogs.effects import RecordConsent
from dialogs.instruments import NotComputable, Reason, Score
from dialogs.shipped import shipped_programmes
from tests.services.stage import Actor, Stage
from tests.services.test_programmes import arrives, by_staff, theirs

HELLO = "ein paar Fragen für die Auswertung"
#: As a site writes it that has a licence for it; what ships asks Lotse's own questions.
WITH_WHO5 = shipped_programmes()["gecko"].replace("instruments: [own_items]", "instruments: [who5]")
ITEMS = ("mood", "sleep", "strength", "work")
#: The dialogs that stand in the way are not what these tests are about.
NO_PLANS = "format: 1\nplans:\n  weekly_checkin:\n    dates: [2026-01-05]\n    at: '10:00'\n"


def says(stage: Stage, person: int, purpose: str, *, granted: bool) -> None:
    def use_case(uow: UnitOfWork) -> None:
        contact = uow.people.contact_of(person)
        assert contact is not None
        visit = Visit(uow, stage.rules, contact, stage.now)
        words = "Text" if granted else ""
        answer_consent(visit, RecordConsent(purpose=purpose, granted=granted, text=words, version="t:1:de"))
        visit.finish()

    stage.run(use_case)


def points(stage: Stage, person: int) -> dict[tuple[int, str], MeasuringPoint]:
    rows = stage.run(lambda uow: uow.casework.measuring.of_participant(person))
    return {(row.enrolment_id, row.point): row for row in rows}


def plans(stage: Stage, source: str) -> None:
    stage.run(lambda uow: change_plans.publish(uow, AGENCY, source, stage.now, set()))


def begins(stage: Stage, berta: Actor, *, agrees: bool = True, source: str = WITH_WHO5) -> tuple[Actor, int]:
    file = (source, "gecko")
    stage.run(lambda uow: change_programmes.install(uow, stage.rules, AGENCY, file, stage.now))
    plans(stage, NO_PLANS)
    mia, person = arrives(stage, berta, "gecko")
    mia.presses("Später")
    mia.writes("weiter")
    mia.presses("Später")
    if agrees:
        says(stage, person, "evaluation", granted=True)
    mia.forgets()
    return mia, person


def fills_in(mia: Actor) -> None:
    for _ in range(5):
        mia.presses("Etwas mehr")
    mia.forgets()


def test_only_the_whole_questionnaire_counts(stage: Stage, berta: Actor) -> None:
    """A check-in that asks one of Lotse's own questions is none; all four are, also with a gap."""
    mia, person = begins(stage, berta, source=shipped_programmes()["gecko"])
    stage.pass_time(days=1, hours=4)
    mia.hears(HELLO, "1 von 4")
    stage.pass_time(days=3, hours=1)

    def counts(uow: UnitOfWork, values: dict[str, int | None]) -> None:
        talk = uow.talks.open_conversation(AGENCY, person, "weekly_checkin", "{}", stage.now)
        uow.talks.add_answers(AGENCY, [Answer(person, talk, "weekly_checkin", "q", "q.mood", "3")], stage.now)
        given = holding(uow.talks.given(person), stage.rules.book.meanings, stage.now)
        for name, value in values.items():
            rule = f"own_items.{name}"
            none = NotComputable(rule=rule, version=2, reason=Reason.MISSING, items=(name,))
            score = none if value is None else Score(rule=rule, version=2, value=value)
            uow.memory.add_scores(AGENCY, [record_of(score, person, talk, stage.now)])
            measuring.answered(uow, stage.rules, (person, given), (talk, score), stage.now)
        uow.talks.end_conversation(talk, "{}", "completed", stage.now)

    (one,) = theirs(stage, person)
    none: tuple[dict[str, int | None], ...]
    none = ({"mood": 3}, dict.fromkeys(ITEMS), {"mood": 3, "sleep": 4, "work": 5})
    for values in none:
        stage.run(partial(counts, values=values))
        assert points(stage, person)[one.id, "start"].run_id is None
    stage.run(partial(counts, values={"mood": 3, "sleep": 4, "strength": 5, "work": None}))
    assert points(stage, person)[one.id, "start"].run_id is not None


def test_start_months_and_end_are_asked_once_each(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta)
    (one,) = theirs(stage, person)
    assert points(stage, person) == {}
    stage.pass_time(days=1, hours=4)
    mia.hears(HELLO, "letzten zwei Wochen", "1 von 5")
    fills_in(mia)
    start = points(stage, person)[one.id, "start"]
    assert start.run_id is not None
    assert start.closes_at - start.opens_at == timedelta(weeks=4)
    stage.pass_time(days=150)
    mia.hears_nothing()
    stage.pass_time(days=35)
    # Nobody answers month 6: there is no value, and nothing says why.
    assert next(body.text for body in mia._take()).startswith("Heute")
    sixth = points(stage, person)[one.id, "month_6"]
    assert (sixth.run_id, sixth.answered_at) == (None, None)
    stage.pass_time(days=30)
    mia.forgets()
    # A check-in of another kind is no answer, and after the window none counts any more.
    mia.hears_nothing()
    assert points(stage, person)[one.id, "month_6"].run_id is None


def test_without_a_yes_nothing_and_a_later_yes_only_for_what_is_ahead(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta, agrees=False)
    stage.pass_time(days=60)
    mia.hears_nothing()
    says(stage, person, "evaluation", granted=True)
    stage.pass_time(days=60)
    mia.hears_nothing()
    assert points(stage, person) == {}
    stage.pass_time(days=65)
    assert mia.hears(HELLO, "letzten zwei Wochen", "1 von 5")
    says(stage, person, "evaluation", granted=False)
    stage.pass_time(days=400)
    assert {point for _, point in points(stage, person)} == {"month_6"}
    mia.hears_nothing()


def test_a_yes_within_the_window_is_in_time(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta, agrees=False)
    stage.pass_time(days=10)
    says(stage, person, "evaluation", granted=True)
    stage.pass_time(minutes=1)
    mia.hears(HELLO, "letzten zwei Wochen", "1 von 5")
    # Who does not want to be asked how they are is not asked for the evaluation either.
    other, number = arrives(stage, berta, "gecko", "bernd")
    says(stage, number, "evaluation", granted=True)
    says(stage, number, "health_checkins", granted=False)
    other.forgets()
    stage.pass_time(days=30)
    assert HELLO not in " ".join(body.text for body in other._take())
    assert stage.run(lambda uow: not is_restricted(uow, number))


def test_a_check_in_with_the_same_questions_counts_and_goes_first(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta)
    (one,) = theirs(stage, person)
    source = (
        "format: 1\nplans:\n  weekly_checkin:\n    dialog: measuring_who5\n    consent: health_checkins\n"
        "    every: 7 days\n    at: '11:00'\n    start: 3 days after enrolment\n"
    )
    plans(stage, source)
    stage.pass_time(minutes=1)
    stage.run(lambda uow: change_plans.go_on(uow, stage.rules, AGENCY, 0, stage.now))
    stage.pass_time(days=2)
    mia.hears_nothing()
    stage.pass_time(days=1, hours=4)
    mia.hears(HELLO, "letzten zwei Wochen", "1 von 5")
    assert points(stage, person)[one.id, "start"].asked_at is None
    fills_in(mia)
    assert points(stage, person)[one.id, "start"].run_id is not None


def test_the_last_weeks_count_for_the_end_and_a_new_enrolment_begins_anew(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta)
    (one,) = theirs(stage, person)
    stage.pass_time(days=1, hours=4)
    mia.forgets()
    fills_in(mia)
    stage.pass_time(days=7)
    by_staff(stage, assignments.end, (one.id, "Zu Ende"), berta)
    stage.pass_time(minutes=1)
    last = points(stage, person)[one.id, "end"]
    assert last.run_id == points(stage, person)[one.id, "start"].run_id
    stage.pass_time(days=200)
    assert {point for _, point in points(stage, person)} == {"start", "end"}
    mia.forgets()


def test_the_goodbye_opens_the_last_point(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta)
    (one,) = theirs(stage, person)
    stage.pass_time(days=1, hours=4)
    fills_in(mia)
    stage.pass_time(days=60)
    mia.forgets()
    step = Step(one.id, "handover", "Abschied", is_confirmed=True)
    by_staff(stage, enrolments.enter, step, berta)
    stage.pass_time(days=55)
    mia.forgets()
    stage.pass_time(days=10)
    assert (one.id, "end") in points(stage, person)
    assert HELLO in " ".join(body.text for body in mia._take())


def test_a_pause_moves_the_question_and_an_all_skipped_one_is_no_answer(stage: Stage, berta: Actor) -> None:
    mia, person = begins(stage, berta)
    (one,) = theirs(stage, person)
    until = stage.now + timedelta(days=7)
    stage.run(lambda uow: uow.people.change_participant(person, paused_until=until))
    stage.pass_time(days=6)
    mia.hears_nothing()
    stage.pass_time(days=2)
    assert mia.hears(HELLO, "letzten zwei Wochen", "1 von 5")
    for _ in range(5):
        mia.presses("Überspringen")
    assert points(stage, person)[one.id, "start"].run_id is None
