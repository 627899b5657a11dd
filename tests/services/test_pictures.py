# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A picture of a dialog goes where its text goes, and nowhere else."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain.messages import Kind
from bot.ports import UnitOfWork
from bot.services.converse import begin_dialog
from bot.services.publish import publish
from bot.services.visit import Visit
from tests.services.stage import Actor, Stage

DIALOG = """\
format: 1
dialog: harbour
version: 1
title: {de: Am Hafen, en: At the harbour}

steps:
  look:
    say: {de: So sieht es am Hafen aus., en: This is the harbour.}
    data: CLASS
    picture:
      file: pilot_boat.png
      alt: {de: Ein Boot vor einem Leuchtturm, en: A boat and a lighthouse}

  again:
    yes_no: {de: Waren Sie schon einmal dort?, en: Have you been there?}
    data: CLASS
    picture:
      file: pilot_boat.png
      alt: {de: Ein Boot vor einem Leuchtturm, en: A boat and a lighthouse}
    timeout: {after: 1 day, next: done}

  done:
    end: completed
"""


def publish_and_begin(stage: Stage, mia: Actor, data_class: str, language: str = "de") -> None:
    source = {"harbour.yaml": DIALOG.replace("CLASS", data_class)}
    stage.run(partial(publish, sources=source, now=stage.now))
    stage.renew_rules()

    def use_case(uow: UnitOfWork) -> None:
        contact = uow.people.find_contact(mia.channel, mia.address)
        assert contact is not None
        visit = Visit(uow, stage.rules, contact, stage.now)
        visit.change(language=language)
        begin_dialog(visit, "harbour", Kind.REPLY)
        visit.finish()

    stage.run(use_case)
    stage.deliver()


@pytest.mark.parametrize(
    ("language", "line"),
    [("de", "[Bild: Ein Boot vor einem Leuchtturm]"), ("en", "[Picture: A boat and a lighthouse]")],
)
def test_a_picture_goes_out_with_its_words(stage: Stage, mia: Actor, language: str, line: str) -> None:
    publish_and_begin(stage, mia, "appointment", language)
    statement, question = mia.hears("", "")
    assert [body.picture for body in (statement, question)] == ["pilot_boat.png"] * 2
    assert [body.picture_in_words for body in (statement, question)] == [line] * 2
    assert question.keys


def test_a_picture_about_health_stays_out_of_the_messenger(stage: Stage, berta: Actor) -> None:
    noah = stage.person("noah")
    noah.starts(stage.invitation(berta))
    noah.presses("Ja")
    for _ in range(2):
        noah.presses("Nein")
    noah.forgets()
    publish_and_begin(stage, noah, "health")
    (detour,) = noah.hears("")
    assert detour.picture == ""
    assert detour.link
