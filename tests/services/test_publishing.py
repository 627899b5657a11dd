# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Publishing dialogs: versions are kept for ever, and nothing gets in that would break a talk (P9)."""

from __future__ import annotations

import pytest

from bot.services.publish import open_book, publish
from dialogs.problems import DialogError
from tests.services.stage import Actor, Stage

SMALL = """format: 1
dialog: small
version: 1
title: {de: Klein, en: Small}
steps:
  hello:
    say:
      de: WORDS
      en: Hello.
  done:
    end: completed
"""


def source(words: str, extra: str = "") -> str:
    return SMALL.replace("WORDS", words) + extra


def test_each_change_is_a_version_of_its_own(stage: Stage) -> None:
    for words in ("Guten Tag.", "Guten Tag.", "Guten Abend.", "Guten Tag."):
        stage.run(lambda uow, w=words: publish(uow, {"small.yaml": source(w)}, stage.now))
    book = stage.run(open_book)
    versions = [dialog.version for dialog in book if dialog.id == "small"]
    assert sorted(versions) == [1, 2, 3]
    latest = book.latest("small")
    assert latest is not None
    assert latest.version == 3


def test_advice_stops_nobody(stage: Stage) -> None:
    words = "Das ist keine Maßnahme."
    stage.run(lambda uow: publish(uow, {"small.yaml": source(words)}, stage.now))
    assert stage.run(open_book).latest("small") is not None


@pytest.mark.parametrize(
    "extra",
    [
        "  lost:\n    end: completed\n",
        "  lost:\n    branch:\n      - when: nobody_knows = 1\n        next: nowhere\n",
    ],
)
def test_what_would_break_is_refused_and_nothing_is_published(stage: Stage, extra: str) -> None:
    before = stage.run(lambda uow: uow.ledger.published())
    with pytest.raises(DialogError) as refused:
        stage.run(lambda uow: publish(uow, {"small.yaml": source("Hallo.", extra)}, stage.now))
    assert all(problem.file == "small.yaml" and problem.remedy for problem in refused.value.problems)
    assert stage.run(lambda uow: uow.ledger.published()) == before


def test_a_fact_that_would_be_forgotten_is_refused(stage: Stage) -> None:
    extra = "  keep:\n    set: {shoe_size: 41}\n    remember: yes\n    next: done\n"
    text = source("Hallo.").replace("  done:", extra + "  done:")
    with pytest.raises(DialogError, match="cannot be remembered"):
        stage.run(lambda uow: publish(uow, {"small.yaml": text}, stage.now))


def test_a_running_conversation_stays_on_its_version(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    for label in ("Ja", "Ja", "Ja"):
        mia.presses(label)
    published = stage.run(lambda uow: uow.ledger.published())
    old = next(text for name, _, text in published if name == "weekly_checkin")
    new = old.replace("Wie haben Sie geschlafen?", "Wie war die Nacht?")
    stage.run(lambda uow: publish(uow, {"weekly_checkin.yaml": new}, stage.now))
    stage.renew_rules()
    mia.forgets()
    mia.presses("7")
    mia.hears("Wie haben Sie geschlafen?")
