# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""People read their programme's own words, in sentences that are right whatever these are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import UnitOfWork
from bot.services import enrolments
from bot.services.own_programme import coach_label
from dialogs.model import AskStep, Say
from dialogs.parse_programme import parse_programme
from dialogs.shipped import shipped_dialogs, shipped_programmes
from tests.services.stage import Actor, Stage
from tests.services.test_programmes import arrives, install, theirs
from tests.services.test_remembered import fact

PLACE = "{your_coach}"
#: Words behind which another case would be needed, or which bring an article of their own.
BEFORE = frozenset(
    {
        *(
            "an",
            "auf",
            "bei",
            "durch",
            "für",
            "gegen",
            "mit",
            "nach",
            "ohne",
            "seit",
            "um",
            "von",
            "vor",
            "zu",
        ),
        *("zum", "zur", "der", "die", "das", "dem", "den", "des", "ein", "eine", "einem", "einen", "einer"),
        *("ihr", "ihre", "ihrem", "ihren", "ihrer", "ihres", "the", "a", "an", "your"),
    }
)
ROOT = Path(__file__).parents[2]


def sentences() -> Iterator[tuple[str, str, str]]:
    """Where, in which language, and the text: of every text that calls the coach as the programme does."""
    for dialog in shipped_dialogs():
        for name, step in dialog.steps.items():
            for language, text in (step.text if isinstance(step, Say | AskStep) else {}).items():
                if PLACE in text:
                    yield f"{dialog.id}.{name}", language, text
    for path in sorted((ROOT / "locales").glob("*/LC_MESSAGES/lotse.po")):
        with path.open("rb") as source:
            known = [one for one in read_po(source) if PLACE in str(one.id)]
        yield from ((str(one.id), "de", str(one.id)) for one in known)
        yield from ((str(one.id), path.parts[-3], str(one.string)) for one in known if one.string)


@pytest.mark.parametrize("programme", sorted(shipped_programmes()))
def test_no_sentence_can_be_wrong(programme: str) -> None:
    called = parse_programme(shipped_programmes()[programme], programme).your_coach
    assert {"de", "de-x-einfach", "en"} <= called.keys()
    texts = list(sentences())
    assert len(texts) > 12
    for where, language, text in texts:
        for before, after in re.findall(r"(.{0,40})\{your_coach\}(.{0,40})", text):
            words = before.split()
            assert not words or words[-1].lower() not in BEFORE, (where, language)
            assert re.match(r" [^\W\d]", after), (where, language)
            if language.startswith("en"):
                # It begins with a small letter there.
                assert words, where
                assert words[-1][-1] not in ".!?", where


def test_facts_that_are_not_known_are_the_words_of_all() -> None:
    known = [
        dialog.facts["your_coach"].unknown for dialog in shipped_dialogs() if "your_coach" in dialog.facts
    ]
    assert len(known) >= 4
    assert all(one == {"de": "Ihr Coach", "de-x-einfach": "Ihr Coach", "en": "your coach"} for one in known)


def test_a_person_reads_their_programmes_words(stage: Stage, berta: Actor) -> None:
    install(stage, "pro-aktiv")
    install(stage, "gecko")
    mia, person = arrives(stage, berta, "pro-aktiv")
    assert fact(stage, mia, "your_coach") == "Ihre Lotsin oder Ihr Lotse"
    assert fact(stage, mia, "programme") == "PRO AKTIV"
    # In a second one the coach stays who they are.
    stage.run(partial(begins, stage, person, "gecko"))
    assert fact(stage, mia, "your_coach") == "Ihre Lotsin oder Ihr Lotse"
    assert fact(stage, mia, "programme") == "PRO AKTIV / Gecko"
    first, second = theirs(stage, person)
    stage.run(lambda uow: enrolments.close(uow, first, "Besprochen", "command", stage.now))
    stage.run(lambda uow: uow.people.change_participant(person, language="de-x-einfach"))
    assert fact(stage, mia, "your_coach") == "Ihr Fall-Management"
    stage.run(lambda uow: enrolments.close(uow, second, "Besprochen", "command", stage.now))
    assert fact(stage, mia, "your_coach") == "Ihr Coach"
    assert fact(stage, mia, "programme") == "Gecko"


def begins(stage: Stage, person: int, programme: str, uow: UnitOfWork) -> None:
    who = uow.plans.lock(person)
    assert who is not None
    enrolments.begin(uow, stage.rules, who, programme, "command", stage.now)


def test_who_is_in_no_programme_reads_the_words_of_all(stage: Stage, mia: Actor) -> None:
    assert fact(stage, mia, "your_coach") == "Ihr Coach"
    assert fact(stage, mia, "programme") == stage.rules.agencies[AGENCY].name


def test_the_question_about_the_evaluation_names_the_programme(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    mia, _ = arrives(stage, berta, "gecko")
    mia.writes("/einwilligungen")
    mia.forgets()
    mia.presses("Auswertung")
    mia.hears("ob „Gecko“ den Menschen nützt")


def test_pages_call_a_coach_as_all_programmes_of_the_agency_do(stage: Stage) -> None:
    def label() -> str:
        voice = stage.rules.voice("de")
        return stage.run(lambda uow: coach_label(uow, stage.rules, AGENCY, voice))

    assert label() == "Coach"
    install(stage, "kopf22")
    assert label() == "Jobcoach"
    install(stage, "gecko")
    assert label() == "Coach"
