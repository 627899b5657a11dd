# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a locked phone shows, 40 characters of each message, says nothing of health, office or programme.

The canary story (`test_canaries.py`) looks at every push of a whole life; here it is every shipped text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.domain.messages import DataClass
from bot.house import DEFAULT_AGENCY
from dialogs.checked_words import health_word_in
from dialogs.model import AskStep, Say
from dialogs.parse_programme import parse_programme
from dialogs.shipped import shipped_dialogs, shipped_programmes
from tests.privacy.overheard import PREVIEW
from tests.services.stage import Actor, Stage

ROOT = Path(__file__).parents[2]
#: Who somebody has to do with, and in what kind of programme, is nobody else's business (docs/quiet.md).
OFFICE = re.compile(
    r"jobcenter|job cent|arbeitsagentur|agentur für arbeit|sozialamt|grundsicherung|bürgergeld|\bamt\b"
    r"|behörde|\bleistungen\b|benefits|\breha|\bsgb\b|employment agency|authority|welfare",
    re.IGNORECASE,
)
#: Facts that may stand in a preview: a colleague's name is no more than any name, what a programme calls them
#: has no word of health in it (`dialogs.check_your_coach`) and no office (below), a moment is no content;
#: numbers of help may be seen everywhere. Which appointment it was never says whose (`appointment_talks`).
QUIET_FACTS = {
    "your_coach",
    *(
        "coach",
        "who_hears",
        "reading_hours",
        "crisis_text",
        "next_contact",
        "paused_until",
        "how_long",
        "until_when",
    ),
    *("appointment_day_text", "appointment_time", "appointment_on", "appointment_before", "appointment_was"),
    "appointment_short",
}
_TAPPED = "the direct answer to the person's own tap under a reminder: the chat is open"
_ASKED = "the person has just asked what they agreed to: the chat is open"
_BARELY = "the name begins at the 37th character"
KEPT: Mapping[str, str] = {
    "appointment_after.call_them": _TAPPED,
    "appointment_reminder.tell_the_authority": _TAPPED,
    "ask_sharing.agreed": _BARELY,
    "ask_sharing.may_go": _TAPPED,
    "group_invitation.overview": _ASKED,
    "group_invitation.your_turn": _ASKED,
    "my_consents.shared": _ASKED,
    "my_consents.sharing": _ASKED,
}
#: Lines that stand before what is not to be shown; they must fill the preview.
NEUTRAL = (
    "Jemand aus Ihrem Team hat Ihnen geschrieben.",
    "Hier ist eine Nachricht von Lotse für Sie.",
)
#: The blank line after it, or the mark that opens a quotation, is seen as well.
_AFTER = 2


def shipped() -> Iterator[tuple[str, DataClass, str, str]]:
    for dialog in shipped_dialogs():
        for name, step in dialog.steps.items():
            if isinstance(step, Say | AskStep) and not getattr(step, "crisis", False):
                for language, text in step.text.items():
                    yield f"{dialog.id}.{name}", DataClass(step.data.value), language, text[:PREVIEW]


def catalogues() -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted((ROOT / "locales").glob("*/LC_MESSAGES/lotse.po")):
        with path.open("rb") as source:
            yield path.parts[-3], {str(one.id): str(one.string) for one in read_po(source) if one.string}


TEXTS = list(shipped())


def test_everything_is_looked_at() -> None:
    assert len(TEXTS) > 200
    assert set(KEPT) <= {where for where, *_ in TEXTS}


def test_no_preview_speaks_of_health() -> None:
    """What is of class health goes to the own page, or has a neutral line first (see below)."""
    said = [
        (where, language, health_word_in(seen, language))
        for where, data, language, seen in TEXTS
        if data is not DataClass.HEALTH and where not in KEPT
    ]
    assert [one for one in said if one[2]] == []


def test_no_preview_names_an_office_or_a_programme() -> None:
    assert [(w, s) for w, _, _, s in TEXTS if w not in KEPT and OFFICE.search(s)] == []


def test_what_programmes_call_the_coach_names_no_office() -> None:
    called = [
        text
        for name, source in shipped_programmes().items()
        for text in parse_programme(source, name).your_coach.values()
    ]
    assert len(called) == 15
    assert [text for text in called if OFFICE.search(text)] == []


def test_no_preview_has_a_fact_in_it_that_is_somebodys_own() -> None:
    found = {
        (where, name)
        for where, data, _, seen in TEXTS
        if data is not DataClass.HEALTH
        for name in re.findall(r"\{(\w+)\}", seen)
        if name not in QUIET_FACTS
    }
    assert {one for one in found if one[0] not in KEPT} == set()


@pytest.mark.parametrize("line", NEUTRAL)
def test_neutral_lines_fill_the_preview_in_every_language(line: str) -> None:
    used = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "services").glob("*.py"))
    assert line in used
    translations = [line, *(known[line] for _, known in catalogues() if line in known)]
    assert [one for one in translations if len(one) + _AFTER < PREVIEW] == []
    assert [one for one in translations if ": " in one or "\n" in one] == [], "see relay.read_told"


def test_a_check_in_begins_without_a_word_about_health(stage: Stage, mia: Actor) -> None:
    """Also for whoever has agreed to answer in the messenger itself."""
    stage.pass_time(days=8)
    begun = [body.text for body in stage.ears.get((mia.channel, mia.address), [])]
    assert any("Wie geht es Ihnen heute?" in text for text in begun)
    assert [text for text in begun if health_word_in(text[:PREVIEW], "de")] == []


def test_a_humans_words_come_after_the_preview(stage: Stage, mia: Actor, berta: Actor) -> None:
    agency = stage.rules.agencies[DEFAULT_AGENCY]
    classes = {**agency.channel_classes, "telegram_staff": DataClass.HEALTH}
    stage.rules = replace(stage.rules, agencies={DEFAULT_AGENCY: replace(agency, channel_classes=classes)})
    mia.writes("Ich habe keine Hoffnung mehr")
    mia.forgets()
    berta.forgets()
    berta.presses("Übernehmen")
    berta.presses("Ich schreibe")
    mia.forgets()
    berta.forgets()
    berta.writes("Klinik?")
    (told,) = mia.hears("Berta Beispiel: Klinik?")
    assert "Klinik" not in told.text[:PREVIEW]
    assert "Berta" not in told.text[:PREVIEW]
    # Within a minute it would be read together with what she wrote before, as danger.
    stage.pass_time(minutes=2)
    berta.forgets()
    mia.writes("Tabletten")
    (news,) = berta.hears("Tabletten")
    assert "Tabl" not in news.text[:PREVIEW]
