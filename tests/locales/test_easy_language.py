# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Einfache Sprache (de-x-einfach): everything that participants read is there, and keeps to its rules.

A text that is easy in German already needs no other one. That is what the checker decides: it finds long
sentences, the passive, the genitive, "würde" and words to avoid. What it means to a reader, it cannot tell.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.texts import EASY_LANGUAGE, SOURCE_LANGUAGE, Texts
from dialogs import check_wording
from dialogs.check_wording import EASY
from dialogs.concerns.crisis import EASY as EASY_REGISTER
from dialogs.concerns.crisis import crisis_card
from dialogs.coverage import coverage
from dialogs.findings import texts_of
from dialogs.model import Dialog, Finish, Say
from dialogs.own_words import words_for
from dialogs.parse_programme import parse_programme
from dialogs.shipped import shipped_dialogs, shipped_programmes
from tests.architecture.test_catalogues import KEYWORDS, fields

ROOT = Path(__file__).parents[2]
FILE = ROOT / "locales" / "de@einfach" / "LC_MESSAGES" / "participant.po"
RULES = (
    check_wording.long_sentences,
    check_wording.passive_sentences,
    check_wording.genitive_sentences,
    check_wording.subjunctive_sentences,
    check_wording.avoided_words,
)
#: Where all texts are for participants, and where nothing else is said.
THEIRS = (
    *("bot/services/consent_facts.py", "bot/services/floor.py", "bot/services/help_plan_facts.py"),
    *("bot/services/crisis.py", "bot/services/enrol.py", "bot/services/export_page.py"),
    *("bot/services/own_page.py", "bot/services/pauses.py", "bot/services/presses.py"),
    "bot/services/receive.py",
    *("bot/web/bubbles.py", "bot/web/page/**.py", "bot/web/templates/page/**.html"),
    *("bot/web/templates/help.html", "bot/web/templates/message.html", "bot/web/templates/not_kept.html"),
)
#: The standard road, which everybody goes whatever the programme.
ROAD = frozenset(
    (
        *("welcome", "ask_contact", "ask_checkins", "ask_messenger", "ask_sharing", "ask_evaluation"),
        *("ask_safety_plan", "checkin_consent", "consent_again", "my_consents", "my_data", "not_right"),
        *("restrict", "delete_me", "stop", "pause", "pause_over", "help_now", "after_crisis", "language"),
        *("no_emergency_service", "when_read", "passed_on", "goodbye", "open_door", "long_silence"),
        *("appointment_reminder", "appointment_moved", "appointment_news", "appointment_after"),
        *("help_plan", "plan_step", "safety_plan", "talk_about_it", "come_along", "back_again"),
    )
)


def shipped(name: str) -> Dialog:
    found = shipped_dialogs().latest(name)
    assert found is not None
    return found


def faults(text: str) -> list[str]:
    """What the checker says about a text in Einfache Sprache; a {field} counts as one word."""
    said = Say(id="a", text={EASY: re.sub(r"\{\w+\}", "X", text)})
    probe = Dialog(
        id="probe", version=1, title={}, steps={"a": said, "b": Finish(id="b", outcome="completed")}
    )
    return [finding.what for rule in RULES for finding in rule(probe, shipped_dialogs())]


@cache
def read(path: Path) -> dict[str, str]:
    with path.open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source) if one.id}


def catalogue() -> dict[str, str]:
    return read(FILE)


@cache
def texts() -> Texts:
    return Texts.load(ROOT / "locales")


def their_texts() -> set[str]:
    """The German texts that participants read, as they are said in the code."""
    kinds = [(pattern, "jinja2" if pattern.endswith("html") else "python") for pattern in THEIRS]
    found = extract_from_dir(ROOT, kinds, keywords=KEYWORDS, directory_filter=_is_ours)
    return {text if isinstance(text, str) else text[0] for _, _, text, *_ in found}


def _is_ours(folder: str | bytes) -> bool:
    return "bot" in Path(str(folder)).relative_to(ROOT).parts


def presets() -> set[str]:
    """The dialogs that a programme that ships names."""
    found: set[str] = set()
    for name, source in shipped_programmes().items():
        programme = parse_programme(source, name)
        phases = programme.phases.values()
        named = (
            programme.dialogs,
            programme.plans,
            *(one.dialogs + one.plans + (one.leaving,) for one in phases),
        )
        found |= {dialog for each in named for dialog in each if dialog}
    return found


@pytest.mark.parametrize("dialog", sorted(presets() | ROAD))
def test_what_a_preset_and_everybodys_road_say_is_there_in_all_three_languages(dialog: str) -> None:
    whole, written = coverage([shipped(dialog)])
    assert {written[language] for language in ("de", EASY, "en")} == {whole}
    assert whole


def test_the_checker_sees_what_is_not_easy() -> None:
    assert faults("Ihre Nachrichten werden gelesen.")
    assert faults("Das ist der Brief des Amtes.")
    assert faults("Was würde Ihnen helfen?")
    assert faults("Ihr Coach liest Ihre Nachricht, wenn er wieder da ist, und er antwortet Ihnen dann.")
    assert faults("Die Maßnahme beginnt.")
    assert not faults("Ihr Coach liest das. Was hilft Ihnen?")


def test_whatever_participants_read_is_easy() -> None:
    voice = texts().voice(EASY_LANGUAGE)
    theirs = their_texts()
    assert len(theirs) > 100
    assert {text: faults(voice.say(text)) for text in theirs if faults(voice.say(text))} == {}


def test_all_that_is_written_for_it_is_easy_and_still_said() -> None:
    assert {text: faults(easy) for text, easy in catalogue().items() if faults(easy)} == {}
    said = read(ROOT / "locales" / "lotse.pot").keys()
    assert catalogue().keys() - said == set(), "no longer said by anybody: change or delete it here"
    assert [text for text, easy in catalogue().items() if fields(text) != fields(easy)] == []
    assert [text for text, easy in catalogue().items() if text.count("**") != easy.count("**")] == []
    assert [text for text, easy in catalogue().items() if text == easy] == []


def test_nothing_calls_itself_leichte_sprache() -> None:
    said = [text for dialog in shipped_dialogs() for _, each in texts_of(dialog) for text in each.values()]
    assert [text for text in [*said, *catalogue().values()] if "leichte sprache" in text.casefold()] == []


def test_the_engines_own_words_are_easy_in_german() -> None:
    words = words_for(EASY)
    assert words is words_for("de")
    said = {
        name: text
        for part in (words.lines, words.expected)
        for name, text in msgspec.structs.asdict(part).items()
    }
    assert {name: faults(text) for name, text in said.items() if faults(text)} == {}


@pytest.mark.parametrize("dialog", ["help_now", "after_crisis", "discharge_followup"])
def test_in_danger_the_easy_words_come_word_by_word(dialog: str) -> None:
    unknown = shipped(dialog).facts["crisis_text"].unknown[EASY]
    assert unknown.startswith(crisis_card("de", EASY_REGISTER).first)


def test_it_is_a_language_of_its_own_for_participants_and_none_for_staff() -> None:
    assert texts().languages == [SOURCE_LANGUAGE, EASY_LANGUAGE, "en"]
    assert texts().staff_languages == [SOURCE_LANGUAGE, "en"]
    assert texts().coverage[EASY_LANGUAGE].missing == ()
    assert texts().voice("de").language_name(EASY_LANGUAGE) == "Einfache Sprache"


def test_what_it_does_not_name_is_said_in_german() -> None:
    voice = texts().voice(EASY_LANGUAGE)
    assert voice.language == EASY_LANGUAGE
    assert voice.say("Hilfe sofort") == "Hilfe sofort"
    assert voice.say("wird gesendet") == "ist unterwegs"
