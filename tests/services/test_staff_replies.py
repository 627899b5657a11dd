# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts kept ready: shown in German and in the person's language, and sent only when that was confirmed."""

from __future__ import annotations

import pytest

from bot.domain.canned_replies import ReplyText, on_shelf
from bot.errors import EntryRefused, NotFound
from bot.house import DEFAULT_AGENCY
from bot.services.canned_replies import keep_reply, remove_reply, replies, reply_name, restore_reply
from bot.services.shipped_replies import SHIPPED, shipped_replies
from bot.services.staff_replies import send
from tests.services.at_desk import at_desk
from tests.services.stage import Actor, Stage

GERMAN, UKRAINIAN = "Wann darf ich Sie anrufen?", "Коли можна Вам зателефонувати?"
READ = SHIPPED["gelesen"]
DONE = "Dieser Knopf gilt nicht mehr."


def keep(stage: Stage, name: str, text: str, language: str = "de") -> None:
    new = ReplyText(name, language, text)
    stage.run(lambda uow: keep_reply(uow, stage.rules, DEFAULT_AGENCY, new, stage.now))


def remove(stage: Stage, name: str, language: str = "") -> None:
    stage.run(lambda uow: remove_reply(uow, stage.rules, DEFAULT_AGENCY, name, language, stage.now))


def speaks(stage: Stage, language: str) -> None:
    stage.run(lambda uow: uow.people.change_participant(1, language=language))


def shelf(stage: Stage) -> dict[str, dict[str, str]]:
    found = stage.run(lambda uow: replies(uow, stage.rules, DEFAULT_AGENCY))
    return {name: dict(each.texts) for name, each in found.items()}


@pytest.fixture
def answering(stage: Stage, berta: Actor, mia: Actor) -> Actor:
    """Berta has taken Mia's wish over and pressed "Antworten"."""
    mia.writes("Können Sie mich bitte anrufen?")
    berta.presses("Übernehmen")
    berta.presses("Antworten")
    berta.forgets()
    mia.forgets()
    return berta


def test_a_text_is_chosen_read_and_sent(stage: Stage, answering: Actor, mia: Actor) -> None:
    answering.presses("Vorlagen")
    [listed] = answering.hears("Welche Vorlage?")
    assert "**gelesen** – Danke, dass Sie mir geschrieben haben." in listed.text
    answering.presses("gelesen")
    [shown] = answering.hears("Das ginge hinaus:")
    assert READ in shown.text
    mia.hears_nothing()
    answering.presses("Senden")
    mia.hears(f"Berta Beispiel: {READ}")
    answering.hears("ist unterwegs", "Vorlage „gelesen“")


def test_by_command_with_the_beginning_of_its_name(stage: Stage, answering: Actor, mia: Actor) -> None:
    answering.writes("/vorlage Gele")
    answering.hears("Das ginge hinaus:")
    answering.writes("/vorlage xyz")
    answering.hears("Eine Vorlage „xyz“ gibt es nicht.")
    answering.writes("/vorlage n")
    answering.hears("Eine Vorlage „n“ gibt es nicht.")
    answering.writes("/vorlage")
    answering.hears("Welche Vorlage?")
    mia.hears_nothing()


def test_both_languages_are_shown_and_the_persons_own_goes_out(
    stage: Stage, answering: Actor, mia: Actor
) -> None:
    keep(stage, "rueckruf", GERMAN)
    keep(stage, "rueckruf", UKRAINIAN, "uk")
    speaks(stage, "uk-UA")
    answering.writes("/vorlage Rückruf")
    [shown] = answering.hears("Das ginge hinaus, auf Ukrainisch:")
    assert shown.text.index(UKRAINIAN) < shown.text.index("Auf Deutsch heißt das:") < shown.text.index(GERMAN)
    answering.presses("Senden")
    mia.hears(f"Berta Beispiel: {UKRAINIAN}")


def test_a_missing_language_is_named_and_the_german_text_offered(
    stage: Stage, answering: Actor, mia: Actor
) -> None:
    keep(stage, "rueckruf", GERMAN)
    speaks(stage, "fa")
    answering.writes("/vorlage rueckruf")
    [shown] = answering.hears("Diese Vorlage fehlt auf Persisch.")
    assert GERMAN in shown.text
    assert [key.label for key in shown.keys[0]] == ["Auf Deutsch senden"]
    answering.presses("Auf Deutsch senden")
    mia.hears(f"Berta Beispiel: {GERMAN}")


def test_two_taps_send_once(stage: Stage, answering: Actor, mia: Actor) -> None:
    answering.writes("/vorlage gelesen")
    answering.presses("Senden")
    assert answering.presses("Senden").toast == DONE
    mia.hears("Berta Beispiel")


def test_own_words_in_between_are_an_answer_and_the_text_is_not_sent(
    stage: Stage, answering: Actor, mia: Actor
) -> None:
    answering.writes("/vorlage gelesen")
    answering.writes("Guten Tag, ich schreibe lieber selbst.")
    mia.hears("ich schreibe lieber selbst")
    assert answering.presses("Senden").toast == DONE
    mia.hears_nothing()


def test_a_text_that_changed_meanwhile_is_shown_again(stage: Stage, answering: Actor, mia: Actor) -> None:
    answering.writes("/vorlage gelesen")
    keep(stage, "gelesen", GERMAN)
    assert "inzwischen geändert" in answering.presses("Senden").toast
    mia.hears_nothing()
    answering.presses("Senden")
    mia.hears(f"Berta Beispiel: {GERMAN}")


def test_a_text_that_was_taken_away_is_not_sent(stage: Stage, answering: Actor, mia: Actor) -> None:
    answering.writes("/vorlage gelesen")
    remove(stage, "gelesen")
    assert answering.presses("Senden").toast == "Diese Vorlage gibt es nicht mehr."
    answering.presses("Andere Vorlage")
    [listed] = answering.hears("Das ginge hinaus", "Welche Vorlage?")[1:]
    assert "gelesen" not in {key.label for row in listed.keys for key in row}
    mia.hears_nothing()


def test_to_nobody_without_a_case_and_to_nobody_who_has_stopped(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    berta.writes("/vorlagen")
    [listed] = berta.hears("drücken Sie bei der Meldung auf „Antworten“")
    assert not listed.keys
    berta.writes("/vorlage gelesen")
    berta.hears("Ich weiß nicht, für wen das ist.")
    mia.writes("Können Sie mich bitte anrufen?")
    berta.presses("Anzeigen")
    berta.presses("Antworten")
    mia.writes("STOPP")
    berta.forgets()
    mia.forgets()
    berta.writes("/vorlage gelesen")
    berta.hears("hat den Kontakt beendet")
    mia.hears_nothing()


@pytest.mark.parametrize("argument", ["", "gelesen", "gelesen:de", "gelesen:zz:1", "::", "x" * 64])
def test_any_button_gets_a_kind_answer(stage: Stage, answering: Actor, mia: Actor, argument: str) -> None:
    answering.writes("/vorlage gelesen")
    [concern] = stage.concerns()
    assert at_desk(stage, answering, concern.id, lambda desk, one: send(desk, one, argument, ""))
    mia.hears_nothing()


def test_own_texts_come_before_those_that_ship(stage: Stage) -> None:
    keep(stage, "gelesen", UKRAINIAN, "uk")
    assert (shelf(stage)["gelesen"]["de"], shelf(stage)["gelesen"]["uk"]) == (READ, UKRAINIAN)
    keep(stage, "gelesen", GERMAN)
    assert shelf(stage)["gelesen"] == {"de": GERMAN, "uk": UKRAINIAN}
    remove(stage, "gelesen", "uk")
    assert shelf(stage)["gelesen"] == {"de": GERMAN}
    remove(stage, "gelesen")
    assert "gelesen" not in shelf(stage)
    stage.run(lambda uow: restore_reply(uow, stage.rules, DEFAULT_AGENCY, "gelesen", stage.now))
    assert shelf(stage)["gelesen"]["de"] == READ


def test_every_reply_has_a_german_text_as_long_as_it_is_there(stage: Stage) -> None:
    keep(stage, "rueckruf", GERMAN)
    keep(stage, "rueckruf", UKRAINIAN, "uk")
    with pytest.raises(EntryRefused, match="only with the whole reply"):
        remove(stage, "rueckruf", "de")
    remove(stage, "rueckruf")
    with pytest.raises(EntryRefused, match="no German text yet"):
        keep(stage, "rueckruf", UKRAINIAN, "uk")
    with pytest.raises(NotFound):
        remove(stage, "rueckruf")
    with pytest.raises(EntryRefused, match="no text of your own"):
        remove(stage, "gelesen", "uk")
    with pytest.raises(EntryRefused, match="is no language"):
        keep(stage, "gelesen", UKRAINIAN, "qq")


def test_translations_of_what_ships_do_not_stand_under_another_german_text() -> None:
    shipped = {"a": {"de": "Eins", "en": "One"}, "b": {"de": "Zwei"}}
    own = [ReplyText("a", "de", "Anders"), ReplyText("b", "de", ""), ReplyText("c", "en", "Only English")]
    found = on_shelf(shipped, own)
    assert {name: dict(each.texts) for name, each in found.items()} == {"a": {"de": "Anders"}}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Rückruf heute", "rueckruf-heute"),
        ("Größe", "groesse"),
        ("a", ""),
        ("!?", ""),
        ("x" * 21, ""),
        ("Ж" * 5, ""),
    ],
)
def test_names(typed: str, name: str) -> None:
    assert reply_name(typed) == name


def test_what_ships_can_be_named_and_fits(stage: Stage) -> None:
    assert all(reply_name(name) == name for name in SHIPPED)
    found = shipped_replies(stage.rules.texts)
    longest = max(len(name) + len(text) for texts in found.values() for name, text in texts.items())
    assert longest < 400
