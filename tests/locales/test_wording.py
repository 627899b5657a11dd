# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people read, in every language: no word judges or threatens, and every promised word is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.domain import commands
from bot.domain.stop_words import is_stop
from bot.services.staff_commands import COMMANDS
from dialogs.concerns.crisis import crisis_card
from dialogs.findings import texts_of
from dialogs.instruments import shipped_packs
from dialogs.own_words import all_words
from dialogs.shipped import shipped_dialogs

LOCALES = Path(__file__).parents[2] / "locales"
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/lotse.po"))
EASY = LOCALES / "de@einfach" / "LC_MESSAGES" / "participant.po"

#: A means of communication does not diagnose, rate, threaten or blame: these words have no place in it. Words
#: that have another, harmless meaning in one language ("patient" in English) are only looked for as a noun.
FORBIDDEN = {
    "de": (
        *("diagnos", "therap", "patient", "symptom", "störung", "schweregrad", "depress", "psychisch krank"),
        *(
            "risiko",
            "risikogruppe",
            "auffällig",
            r"(?<!se)kunde",
            "kundin",
            "maßnahme",
            "sanktion",
            "leistungskürzung",
        ),
        *(
            "nicht geantwortet",
            "nicht reagiert",
            "versäumt",
            "verpflichtet",
            "mitwirkungspflicht",
            "leichte sprache",
        ),
    ),
    "en": (
        *("diagnos", "therap", r"\bpatients\b", r"\b(?:a|the) patient\b", "symptom", "disorder", "severity"),
        *("depress", "mentally ill", r"\brisk", "customer", "sanction", "benefit cut"),
        *(
            "did not answer",
            "failed to",
            "commit suicide",
            "committed suicide",
            "missed your",
            "obliged",
            "duty to cooperate",
        ),
    ),
}

FORBIDDEN["de-x-einfach"] = FORBIDDEN["de"]


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3] if path.suffix == ".po" else None)


#: The questions of clinical questionnaires keep their verified words, and are only asked where switched on.
VERIFIED = {
    text
    for pack in shipped_packs().values()
    if pack.is_clinical
    for words in pack.wordings.values()
    for text in words.items.values()
}


#: What kind of place it is, in the directory that staff keep: no text to a person.
KINDS_OF_PLACES = {"Therapie"}


def said_in_dialogs() -> Iterator[tuple[str, str, str]]:
    """What dialogs say in our own words."""
    for dialog in shipped_dialogs():
        for path, texts in texts_of(dialog):
            own = {language: text for language, text in texts.items() if text not in VERIFIED}
            yield from ((f"{dialog.file}: {path}", language, text) for language, text in own.items())


def said() -> Iterator[tuple[str, str, str]]:
    """Everything that is said in our own words, as (where, language, text)."""
    yield from said_in_dialogs()
    for language, words in all_words().items():
        for part in (words.buttons, words.lines, words.expected):
            for name, text in msgspec.structs.asdict(part).items():
                yield f"words/{language}.yaml: {name}", language, str(text)
        card = msgspec.structs.asdict(crisis_card(language))
        yield from ((f"crisis/{language}.yaml: {name}", language, str(card[name])) for name in sorted(card))
    for path in CATALOGUES:
        for message in read(path):
            if message.id and message.id not in KINDS_OF_PLACES:
                yield f"{path.parts[-3]}: {str(message.id)[:40]}", "de", str(message.id)
                yield f"{path.parts[-3]}: {str(message.id)[:40]}", path.parts[-3], str(message.string)
    for message in read(EASY):
        if message.id:
            yield f"{EASY.parts[-3]}: {str(message.id)[:40]}", "de-x-einfach", str(message.string)


SAID = sorted(set(said()))


def test_everything_is_looked_at() -> None:
    assert {language for _, language, _ in SAID} == set(FORBIDDEN)
    assert len(SAID) > 300


@pytest.mark.parametrize("language", sorted(FORBIDDEN))
def test_no_word_judges_threatens_or_blames(language: str) -> None:
    forbidden = re.compile("|".join(FORBIDDEN[language]), re.IGNORECASE)
    found = [
        f"{where}: {hit[0]}"
        for where, tag, text in SAID
        if tag == language and (hit := forbidden.search(text))
    ]
    assert found == []


@pytest.mark.parametrize("language", sorted(FORBIDDEN))
def test_every_command_that_a_text_names_is_understood(language: str) -> None:
    named = {hit for _, tag, text in SAID if tag == language for hit in re.findall(r"(?<!\S)/[a-z]+", text)}
    unknown = {word for word in named if commands.dialog_for(word) is None}
    assert {word for word in unknown if word[1:] not in COMMANDS} == set()
    assert named, "at least help is always named"


@pytest.mark.parametrize(
    ("word", "dialog"), [("Hilfe sofort", "help_now"), ("help now", "help_now"), ("PAUSE", "pause")]
)
def test_every_word_that_the_welcome_promises_is_understood(word: str, dialog: str) -> None:
    assert any(
        word.casefold() in text.casefold() for where, _, text in SAID if where.startswith("welcome.yaml")
    )
    assert commands.dialog_for(word) == dialog


@pytest.mark.parametrize("word", ["STOPP", "STOP"])
def test_the_stop_word_that_the_welcome_promises_stops(word: str) -> None:
    assert any(re.search(rf"\b{word}\b", text) for where, _, text in SAID if where.startswith("welcome.yaml"))
    assert is_stop(word)


def test_the_template_names_what_the_catalogues_translate() -> None:
    wanted = {str(message.id) for message in read(LOCALES / "lotse.pot") if message.id}
    assert CATALOGUES
    for path in CATALOGUES:
        assert {str(message.id) for message in read(path) if message.id} == wanted, "run `make messages`"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_sentence_begins_small_where_nobody_is_assigned(path: Path) -> None:
    catalogue = read(path)
    words = {str(message.id): str(message.string) for message in catalogue}
    team = words["Ihr Team"]
    begins = re.compile(r"(?:^|[.!?:]\W+|\n\W*)\{(?:coach|reader)\}")
    assert begins.search("Later. **{coach}** calls.")
    found = [said for said in words.values() if begins.search(said)]
    assert found == [] or team[:1].isupper()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_is_well_formed(path: Path) -> None:
    catalogue = read(path)
    assert catalogue.header_comment.startswith("# SPDX-FileCopyrightText")
    assert [fault for _, faults in catalogue.check() for fault in faults] == []
    messages = [(str(message.id), str(message.string)) for message in catalogue if message.id]
    assert [text for text, other in messages if other != other.strip() or "  " in other] == []
    # What is bold in one language is bold in the other.
    assert [text for text, other in messages if text.count("**") != other.count("**")] == []
