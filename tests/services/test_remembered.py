# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What Lotse knows about a person beyond one conversation, and that nothing is looked up unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from bot.domain.messages import IncomingKind, Kind
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services import (
    application_facts,
    expectation_facts,
    group_facts,
    handover_pack_facts,
    help_plan_facts,
    referral_facts,
)
from bot.services.converse import begin_dialog
from bot.services.on_call import duty_at, without_deputy
from bot.services.publish import open_book, publish
from bot.services.remembered import (
    NOT_FOR_DIALOGS,
    OWN_FACTS,
    KnownFacts,
    decode_value,
    encode_value,
    known,
    record_of,
)
from bot.services.visit import Visit
from bot.storage.tables import audit
from bot.storage.unit_of_work import SqlUnitOfWork
from dialogs.effects import StoreScore, Value
from dialogs.instruments import NotComputable, Reason, Score, may_offer, shipped_packs
from scheduler.local_time import local, zone
from tests.services.stage import MONDAY, Actor, Stage

T = TypeVar("T")

VALUES = st.one_of(
    st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
WHO = """format: 1
dialog: who
version: 1
title: {de: Wer, en: Who}
facts: {nickname: {de: Sie, en: you}}
steps:
  hello:
    text: {de: Wie darf ich Sie nennen?, en: What may I call you?}
    key: called
    remember: nickname
    timeout: {after: 1 day}
  done:
    end: completed
"""


PLAIN = """format: 1
dialog: plain
version: 1
title: {de: Schlicht, en: Plain}
facts: {coach: {de: Ihr Coach, en: your coach}, reading_hours: {de: im Büro, en: in the office}}
steps:
  hello: {say: {de: "Guten Tag! {coach} liest {reading_hours}", en: "Hello! {coach} reads {reading_hours}"}}
  tea: {yes_no: {de: Trinken Sie Tee?, en: Do you drink tea?}, timeout: {after: 1 day}}
  which:
    branch: [{when: tea, next: thanks}]
  thanks: {say: {de: Danke, en: Thank you}}
  done: {end: completed}
"""
GREETING = """greet:
    say: {de: "Guten Tag, {nickname}", en: "Hello, {nickname}"}
  hello:"""
ASK = """format: 1
dialog: ask
version: 1
title: {de: Fragen, en: Questions}
estimated: 5 minutes
steps:
  questions:
    instrument: PACK
    timeout: {after: 1 day}
  thanks:
    say: {de: Danke, en: Thank you}
  done:
    end: completed
"""


def visited(stage: Stage, person: Actor, look: Callable[[Visit], T]) -> T:
    """What a visit of this person sees."""

    def use_case(uow: UnitOfWork) -> T:
        contact = uow.people.find_contact(person.channel, person.address)
        assert contact is not None
        return look(Visit(uow, stage.rules, contact, stage.now))

    return stage.run(use_case)


def fact(stage: Stage, person: Actor, name: str) -> Value | None:
    return visited(stage, person, lambda visit: visit.facts().values.get(name))


def test_what_we_know_ourselves(stage: Stage, mia: Actor) -> None:
    found = visited(stage, mia, lambda visit: dict(visit.facts().values))
    unknown = {"deletion", "open_concern", "restricted", "shared_what", "shared_why"}
    assert found.keys() == OWN_FACTS - {
        "next_appointment",
        "next_appointment_official",
        "last_answer_on",
        "crisis_text",
        "paused_until",
        "sharing_with",
        "coach_told",
        "coach_hears_return",
        *unknown,
        *handover_pack_facts.FACTS,
        "profile_state",
        *expectation_facts.FACTS,
        *group_facts.FACTS,
        *help_plan_facts.FACTS,
        *referral_facts.FACTS,
        *application_facts.FACTS,
    }
    assert found["coach"] == "Berta Beispiel"
    assert found["channel_kind"] == "messenger"
    assert found["zone"] == "Europe/Berlin"
    assert found["read_now"] is True
    assert found["enrolled_on"] == "2026-11-23"


def test_dates_are_those_of_the_persons_own_calendar(stage: Stage, berta: Actor) -> None:
    stage.now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    mia = stage.participant(berta)
    assert fact(stage, mia, "enrolled_on") == "2026-11-24"
    visited(stage, mia, lambda visit: visit.change(zone="America/Lima"))
    assert fact(stage, mia, "enrolled_on") == "2026-11-23"


def test_the_last_answer_and_the_first_consent(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    assert fact(stage, mia, "enrolled_on") is None
    for _ in range(3):
        mia.presses("Ja")
    stage.pass_time(hours=20)
    mia.presses("7")
    assert fact(stage, mia, "last_answer_on") == "2026-11-24"
    mia.writes("STOPP")
    stage.pass_time(days=3)
    assert fact(stage, mia, "enrolled_on") == "2026-11-23"
    assert fact(stage, mia, "last_answer_on") == "2026-11-24"


def test_the_agencys_own_crisis_text(stage: Stage, mia: Actor) -> None:
    text = "Rufen Sie 112 an. Krisendienst Musterkreis: 0000 000000."
    stage.rules = replace(stage.rules, crisis_texts={"de": text})
    assert fact(stage, mia, "crisis_text") == text
    visited(stage, mia, lambda visit: visit.change(language="en"))
    assert fact(stage, mia, "crisis_text") is None, "better the shipped text than one in another language"


def test_what_is_remembered_is_there_at_once_and_next_week(stage: Stage, mia: Actor) -> None:
    def learn(visit: Visit) -> list[Value | None]:
        before = visit.facts().values.get("shoe_size")
        visit.remember("shoe_size", 41)
        return [before, visit.facts().values.get("shoe_size")]

    assert visited(stage, mia, learn) == [None, 41]
    stage.pass_time(days=7)
    assert fact(stage, mia, "shoe_size") == 41


@pytest.mark.parametrize("name", sorted(NOT_FOR_DIALOGS | {"language"}))
def test_nothing_remembered_stands_in_for_what_we_know(stage: Stage, mia: Actor, name: str) -> None:
    before = fact(stage, mia, name)
    visited(stage, mia, lambda visit: visit.remember(name, "untrue"))
    assert fact(stage, mia, name) == before
    assert before != "untrue"


NAMES = st.sampled_from(sorted(NOT_FOR_DIALOGS | {"language", "phq4.total"})) | st.text()


@given(own=st.dictionaries(st.sampled_from(sorted(OWN_FACTS)), VALUES), kept=st.dictionaries(NAMES, VALUES))
def test_a_mapping_as_any_other(own: dict[str, Value], kept: dict[str, Value]) -> None:
    facts = KnownFacts(own.get, lambda: {name: encode_value(value) for name, value in kept.items()})
    told = {name: value for name, value in kept.items() if name not in NOT_FOR_DIALOGS}
    told = {name: value for name, value in told.items() if name != "language" and "." not in name}
    assert {name: facts.get(name) for name in {*own, *kept}} == {
        name: own.get(name, told.get(name)) for name in {*own, *kept}
    }
    assert dict(facts) == told | own
    assert len(facts) == len(told | own)


@given(VALUES)
def test_values_keep_their_kind(value: Value) -> None:
    found = decode_value(encode_value(value))
    assert (found, type(found)) == (value, type(value))


SCORES = st.builds(
    Score,
    rule=st.just("phq4.total"),
    version=st.integers(1, 9),
    value=st.integers(-50, 200),
    band=st.sampled_from(["", "mild"]),
    cutoffs=st.lists(st.text(min_size=1), max_size=2).map(tuple),
)
FAILED = st.builds(
    NotComputable,
    rule=st.just("phq4.total"),
    version=st.integers(1, 9),
    reason=st.sampled_from(Reason),
    items=st.lists(st.text(min_size=1), max_size=2).map(tuple),
)


@given(SCORES | FAILED)
def test_a_score_comes_back_as_it_was(score: Score | NotComputable) -> None:
    assert known(record_of(score, 1, 2, MONDAY)) == score


def talk_of(visit: Visit) -> int:
    """A conversation with an answer, so that its scores count."""
    assert visit.conversation is not None
    return visit.conversation.id


def test_a_messenger_in_another_language_makes_lotse_ask_for_it_first(stage: Stage) -> None:
    coach = stage.staff("Berta Beispiel")
    zoe = stage.person("zoe")
    zoe.does(IncomingKind.START, text=stage.invitation(coach), language="en-GB")
    zoe.hears("Welche Sprache passt für Sie?")
    zoe.presses("English")
    zoe.hears("We write to each other in English.", "I am a program", "not an emergency", "May I write")


def test_a_messenger_in_the_language_of_the_invitation_asks_nothing_more(stage: Stage) -> None:
    coach = stage.staff("Berta Beispiel")
    zoe = stage.person("zoe")
    zoe.does(IncomingKind.START, text=stage.invitation(coach), language="de-AT")
    zoe.hears("Ich bin ein Programm", "kein Notruf", "Darf ich Ihnen hier schreiben?")


def test_a_history_is_that_of_the_packs_present_version(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    for label in ("Ja", "Ja", "Ja", "7"):
        mia.presses(label)
    now = shipped_packs()["own_items"].version
    mood = Score(rule="own_items.mood", version=now, value=7)
    missing = NotComputable(rule="own_items.mood", version=now, reason=Reason.MISSING, items=("mood",))
    older = Score(rule="own_items.mood", version=now + 1, value=1)
    other = Score(rule="own_items.sleep", version=now, value=2)
    kept: list[Score | NotComputable] = [mood, older, missing, other]

    def keep(visit: Visit) -> object:
        before = visit.facts().history.get("own_items.mood", ())
        for score in kept:
            visit.keep_score(talk_of(visit), StoreScore(score))
        return before, visit.facts().history.get("own_items.mood")

    assert visited(stage, mia, keep) == ([], [mood, missing])
    histories = visited(stage, mia, lambda visit: dict(visit.facts().history))
    assert histories["own_items.sleep"] == [other]
    assert visited(stage, mia, lambda visit: visit.facts().history.get("no_such.rule")) is None


#: Parts of the statements of the memory.
OF_MEMORY = ("participant_fact", "FROM score", "consent.at", "answer.at")


@contextmanager
def listening(stage: Stage) -> Iterator[list[str]]:
    """Every statement that asks for what is remembered."""
    asked: list[str] = []

    def hear(*said: object) -> None:
        asked.extend(part for part in OF_MEMORY if part in str(said[2]))

    event.listen(stage.storage.engine, "before_cursor_execute", hear)
    yield asked
    event.remove(stage.storage.engine, "before_cursor_execute", hear)


def test_what_is_needed_is_asked_for_once(stage: Stage, mia: Actor) -> None:
    def look(visit: Visit) -> None:
        for _ in range(3):
            for name in ("shoe_size", "nickname", "language", "phq4.total", "coach", "read_now"):
                visit.facts().values.get(name)
            visit.facts().history.get("phq4.total")

    with listening(stage) as asked:
        visited(stage, mia, look)
    assert asked == ["participant_fact", "FROM score"]


def begins(stage: Stage, person: Actor, text: str) -> None:
    """Publish a dialog and begin it."""
    (done,) = stage.run(lambda uow: publish(uow, {"own.yaml": text}, stage.now))
    book = stage.run(open_book)
    stage.rules = replace(stage.rules, book=book)

    def begin(visit: Visit) -> None:
        begin_dialog(visit, done.dialog, Kind.REPLY)
        visit.finish()

    visited(stage, person, begin)
    stage.deliver()


def test_a_message_that_needs_none_of_it_asks_for_nothing(stage: Stage, mia: Actor) -> None:
    with listening(stage) as asked:
        begins(stage, mia, PLAIN)
        mia.hears("Guten Tag! Berta Beispiel liest Montag bis Freitag", "Trinken Sie Tee?")
        mia.presses("Nein")
        mia.hears("Danke")
    assert asked == []


def notes(stage: Stage, action: str) -> list[str]:
    """What the audit log says about an action."""

    def read(uow: UnitOfWork) -> list[str]:
        assert isinstance(uow, SqlUnitOfWork)
        return list(uow.connection.execute(select(audit.c.subject).where(audit.c.action == action)).scalars())

    return stage.run(read)


def test_a_dialog_remembers(stage: Stage, mia: Actor) -> None:
    begins(stage, mia, WHO)
    mia.hears("Wie darf ich Sie nennen?")
    mia.writes("Mimi")
    assert fact(stage, mia, "nickname") == "Mimi"
    begins(stage, mia, WHO.replace("hello:", GREETING))
    mia.hears("Guten Tag, Mimi", "Wie darf ich Sie nennen?")


def test_a_score_of_a_questionnaire_is_kept(stage: Stage, mia: Actor) -> None:
    stage.rules = replace(stage.rules, packs_on=frozenset({"phq4"}))
    newest: Score | NotComputable | None = None
    all_four = ("Überhaupt nicht", "An einzelnen", "An mehr als", "Beinahe jeden Tag")
    for answers, kept in ((all_four, 6), ((*all_four[:3], "Überspringen"), None)):
        begins(stage, mia, ASK.replace("PACK", "phq4"))
        for answer in answers:
            mia.presses(answer)
        history = visited(stage, mia, lambda visit: visit.facts().history.get("phq4.total", ()))
        newest = history[-1]
        assert (newest.value if isinstance(newest, Score) else None) == kept
    assert isinstance(newest, NotComputable)
    assert newest.reason is Reason.MISSING
    assert len(newest.items) == 1
    assert notes(stage, "not_offered") == []


def test_a_clinical_questionnaire_is_off_until_somebody_switches_it_on(stage: Stage, mia: Actor) -> None:
    begins(stage, mia, ASK.replace("PACK", "phq4"))
    mia.hears("Danke")
    (note,) = notes(stage, "not_offered")
    assert note.endswith(" phq4: switched_off")


@pytest.mark.parametrize(
    ("deputy", "at", "reason"),
    [
        (True, MONDAY, ""),
        (False, MONDAY, "no_deputy_on_call"),
        (True, MONDAY + timedelta(hours=5), "closing_soon"),
        (True, MONDAY - timedelta(days=1), "nobody_reads_today"),
    ],
)
def test_a_grave_questionnaire_needs_somebody_there(
    stage: Stage, berta: Actor, deputy: bool, at: datetime, reason: str
) -> None:
    if deputy:
        stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    stage.rules = replace(stage.rules, packs_on=frozenset({"phq9"}))
    stage.now = at
    begins(stage, mia, ASK.replace("PACK", "phq9"))
    mia.hears(*(["Danke"] if reason else ["Wie oft", "Wenig Interesse"]))
    assert [note.partition(": ")[2] for note in notes(stage, "not_offered")] == ([reason] if reason else [])


def test_a_deputy_who_cannot_be_written_to_is_not_there(stage: Stage, berta: Actor) -> None:
    stage.hire("Dirk Dreher", Role.COACH, deputy_of=berta.id)
    hours = stage.rules.hours[1]
    assert not stage.run(lambda uow: duty_at(uow, hours, berta.id, MONDAY)).has_on_call
    assert not stage.run(lambda uow: duty_at(uow, hours, None, MONDAY)).has_on_call


def test_the_day_as_the_agencys_clock_shows_it(stage: Stage, berta: Actor) -> None:
    berlin, hours = zone("Europe/Berlin"), stage.rules.hours[1]

    def day(at: datetime) -> tuple[str, str, str]:
        duty = stage.run(lambda uow: duty_at(uow, hours, berta.id, at))
        assert may_offer(shipped_packs()["phq9"], local(at, berlin), duty)
        shown = [f"{each:%d.%m. %H:%M}" if each else "" for each in (duty.opening, duty.closing)]
        return shown[0], shown[1], f"{duty.next_workday:%d.%m.}"

    assert day(datetime(2026, 11, 23, 3, tzinfo=UTC)) == ("23.11. 08:00", "23.11. 16:00", "24.11.")
    # A Friday late in the evening; then that night, which is Saturday there and still Friday in UTC.
    assert day(datetime(2026, 11, 27, 22, tzinfo=UTC)) == ("27.11. 08:00", "27.11. 16:00", "30.11.")
    assert day(datetime(2026, 11, 27, 23, tzinfo=UTC)) == ("", "", "30.11.")
    # The day before Christmas Eve, which is no public holiday; then what follows it.
    assert day(datetime(2026, 12, 24, 9, tzinfo=UTC)) == ("24.12. 08:00", "24.12. 16:00", "28.12.")
    # The Sunday on which an hour comes twice, and the Monday after it.
    assert day(datetime(2026, 10, 25, 9, tzinfo=UTC)) == ("", "", "26.10.")
    assert day(datetime(2026, 10, 26, 9, tzinfo=UTC)) == ("26.10. 08:00", "26.10. 16:00", "27.10.")


def test_which_packs_nobody_could_answer_to(stage: Stage, berta: Actor) -> None:
    packs = [shipped_packs()[name] for name in ("phq4", "phq9", "gad7")]
    assert stage.run(lambda uow: without_deputy(uow, 1, packs)) == ["phq9"]
    assert stage.run(lambda uow: without_deputy(uow, 1, packs[:1])) == []
    stage.hire("Lea Lind", Role.LEAD)
    assert stage.run(lambda uow: without_deputy(uow, 1, packs)) == ["phq9"]
    stage.hire("Dirk Dreher", deputy_of=berta.id)
    assert stage.run(lambda uow: without_deputy(uow, 1, packs)) == []
