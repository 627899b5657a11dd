# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A licensed score: told to the person first, shared by their tap, and nothing comes of it by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.profiles import LicensedScore
from bot.ports import UnitOfWork
from bot.services import change_programmes, floor
from bot.services.converse import TIMEOUT_KIND
from bot.services.invite import invite
from bot.services.publish import open_book, publish
from bot.services.visit import Visit
from dialogs.score_packs import load_score_packs
from dialogs.score_packs.model import FIXED_SENTENCE
from tests.services.stage import Actor, Stage

PACKS = Path(__file__).parents[2] / "docs" / "examples" / "score_packs"
QUESTIONS = (PACKS / "demo_score" / "demo_questions.yaml").read_text(encoding="utf-8")
PROGRAMME = """
format: 1
programme: demo
title: {de: Vorführung, en: Demonstration}
register: Sie
languages: [de, en]
contact: 28 days
consents: [contact]
score_pack: demo_score
phases:
  all_of_it:
    title: {de: Alles, en: All of it}
    entry: start
    usual: 8 weeks
    dialogs: [talk_about_it]
"""


@pytest.fixture
def page(stage: Stage, berta: Actor) -> Actor:
    """Mia in a programme with the demonstration's score, on her own page."""
    stage.rules = replace(stage.rules, score_packs=load_score_packs(PACKS))
    stage.run(lambda uow: change_programmes.install(uow, stage.rules, 1, (PROGRAMME, "demo"), stage.now))
    stage.run(lambda uow: publish(uow, {"demo_questions.yaml": QUESTIONS}, stage.now))
    stage.rules = replace(stage.rules, book=stage.run(open_book))
    mia = stage.person("mia")
    mia.starts(stage.run(lambda uow: invite(uow, stage.rules, berta.id, "demo", "de", stage.now)))
    for _ in range(3):
        mia.presses("Ja")
    for _ in range(2):
        mia.presses("Später")
        mia.writes("weiter")
    berta.forgets()
    stage.run(lambda uow: uow.people.add_address(1, "web_chat", "mia-page", participant_id=1))
    return stage.person("mia-page", "web_chat")


def asked(stage: Stage) -> None:
    """The questions begin as if staff or a plan had begun them."""

    def want(uow: UnitOfWork) -> None:
        contact = uow.people.find_contact("web_chat", "mia-page")
        assert contact is not None
        visit = Visit(uow, stage.rules, contact, stage.now)
        floor.start(visit, "demo_questions")
        visit.finish()

    stage.run(want)
    stage.deliver()


def answers(page: Actor, *labels: str) -> None:
    """Each question with this button; whatever came before does not matter."""
    for label in labels:
        page.forgets()
        page.presses(label)


def kept(stage: Stage, *, only_shared: bool = False) -> list[LicensedScore]:
    """The scores of Mia, the oldest first."""
    return stage.run(lambda uow: uow.casework.profiles.scores(1, 50, only_shared=only_shared))


def what_waits(stage: Stage) -> tuple[object, ...]:
    """Everything that could make somebody do something: concerns, tasks, timers."""

    def read(uow: UnitOfWork) -> tuple[object, ...]:
        tasks = [(task.kind, task.mark) for task in uow.programmes.tasks(1)]
        timers = uow.timers.claim(stage.now + timedelta(days=400), 500, stage.now)
        kinds = sorted((one.kind, one.subject) for one in timers if one.kind != TIMEOUT_KIND)
        return uow.concerns.of_agency(1, open_only=False), tasks, kinds

    return stage.run(read)


def test_told_to_the_person_first_with_the_fixed_sentence(stage: Stage, page: Actor, berta: Actor) -> None:
    asked(stage)
    answers(page, "3", "4", "Ja")
    told, share = page.hears("Ihr Ergebnis: 53 (möglich ist 0 bis 100). Das heißt hier: Stufe 2", "zeigen?")
    assert FIXED_SENTENCE["de"] in told.text
    assert "erfunden" in told.text
    assert share.keys
    [score] = kept(stage)
    assert (score.pack, score.version, score.value, score.band) == ("demo_score", 1, 53.0, "second")
    assert kept(stage, only_shared=True) == []
    page.presses("Nein")
    berta.hears_nothing()


def test_a_skipped_answer_gives_no_number_and_nothing_to_share(stage: Stage, page: Actor) -> None:
    asked(stage)
    answers(page, "3", "Überspringen", "Ja")
    page.hears("Hier lässt sich keine Zahl ausrechnen.")
    [score] = kept(stage)
    assert (score.value, score.band, score.reason, score.items) == (None, "", "no_answer", ("clouds",))


def test_shared_by_the_tap_and_taken_back_with_everything(stage: Stage, page: Actor, berta: Actor) -> None:
    asked(stage)
    answers(page, "10", "10", "Ja")
    page.presses("Ja")
    berta.hears("möchte Ihnen etwas zeigen")
    assert len(kept(stage, only_shared=True)) == 1
    page.writes("/profil")
    page.presses("Nicht mehr teilen")
    assert kept(stage, only_shared=True) == []


def test_nothing_comes_of_the_highest_band_by_itself(stage: Stage, page: Actor, berta: Actor) -> None:
    asked(stage)
    answers(page, "10", "10")
    before = what_waits(stage)
    answers(page, "Ja")
    page.presses("Ja")
    assert kept(stage)[0].value == 100
    assert what_waits(stage) == before


def test_without_the_programme_naming_it_nothing_is_computed(stage: Stage, page: Actor) -> None:
    stage.rules = replace(stage.rules, score_packs={})
    asked(stage)
    answers(page, "3", "4", "Ja")
    assert kept(stage) == []
