# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""/stimmtnicht: what people change alone holds at once, all else is owned until they hear of it."""

from __future__ import annotations

from bot.domain.concerns import Level, Outcome, State
from tests.services.stage import Actor, Stage


def says(mia: Actor, berta: Actor) -> None:
    """An appointment is wrong, and Berta has taken it over."""
    mia.writes("Das stimmt nicht")
    mia.presses("Ein Termin")
    mia.writes("Der Termin am Montag ist um 11 Uhr.")
    mia.hears("Was stimmt nicht?", "wie ist es richtig?", "Ich sage Ihnen, was daraus geworden ist.")
    berta.hears("Meldung R1")
    berta.presses("Übernehmen")
    mia.hears("hat Ihre Meldung gesehen")


def test_it_is_a_concern_and_its_outcome_is_told(stage: Stage, mia: Actor, berta: Actor) -> None:
    says(mia, berta)
    (concern,) = stage.concerns()
    assert (concern.level, concern.reason, concern.quote) == (Level.R1, "not_right", "Ein Termin")
    berta.forgets()
    berta.writes(f"/fall {concern.case_code}")
    berta.presses("Erledigt")
    question = berta.hears("", "Was ist das Ergebnis?")[1]
    assert [key.label for row in question.keys for key in row] == ["Berichtigt", "Bleibt, wie es ist"]
    berta.presses("Berichtigt")
    mia.hears("Wir haben es jetzt berichtigt.")
    (concern,) = stage.concerns()
    assert (concern.state, concern.outcome) == (State.CLOSED, Outcome.CORRECTED)


def test_whoever_leaves_it_says_why_first(stage: Stage, mia: Actor, berta: Actor) -> None:
    says(mia, berta)
    (concern,) = stage.concerns()
    berta.writes(f"/fall {concern.case_code}")
    berta.presses("Erledigt")
    berta.forgets()
    berta.presses("Bleibt, wie")
    berta.hears("warum es so bleibt")
    assert stage.concerns()[0].is_open
    berta.presses("Antworten")
    berta.writes("Der Termin ist laut Praxis um 10 Uhr.")
    mia.hears("laut Praxis um 10 Uhr")
    berta.presses("Bleibt, wie")
    mia.hears("es bleibt, wie es ist", "Gespräch")
    assert stage.concerns()[0].outcome is Outcome.STAYS


def test_after_stopp_nobody_is_written_to_and_the_coach_is_told(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    says(mia, berta)
    mia.writes("STOPP")
    mia.forgets()
    berta.writes(f"/fall {stage.concerns()[0].case_code}")
    berta.presses("Erledigt")
    berta.forgets()
    berta.presses("Bleibt, wie")
    berta.hears("auf einem anderen Weg", "ist abgeschlossen")
    mia.hears_nothing()


def test_only_the_choice_is_enough_to_be_a_task(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("/stimmtnicht")
    mia.presses("Etwas anderes")
    berta.hears("Meldung R1")
    stage.pass_time(days=2)
    assert [one.reason for one in stage.concerns()] == ["not_right"]


def test_name_language_and_time_hold_at_once(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("/stimmtnicht")
    mia.presses("Mein Name")
    mia.writes("  Mia   Muster ")
    mia.hears("Was stimmt nicht?", "Wie sollen wir Sie nennen?", "Ab jetzt steht dieser Name bei uns.")
    assert stage.run(lambda uow: uow.people.name_of(1)) == "Mia Muster"
    mia.writes("/stimmtnicht")
    mia.presses("Meine Uhrzeit")
    mia.presses("Ukraine")
    mia.forgets()
    mia.writes("/stimmtnicht")
    mia.presses("Meine Sprache")
    mia.presses("English")
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    assert (person.zone, person.language) == ("Europe/Kyiv", "en")
    assert not {"own_name", "own_zone"} & stage.run(lambda uow: uow.memory.facts(1)).keys()
    assert stage.concerns() == []
    berta.hears_nothing()


def test_the_copy_is_on_the_own_page_and_the_way_there_is_a_link(stage: Stage, mia: Actor) -> None:
    mia.writes("/meinedaten")
    mia.presses("Eine Kopie")
    said = mia.hears(
        "Das speichere ich", "Ich speichere das", "Was möchten Sie?", "Hier geht es weiter", "Mein Bereich"
    )
    assert said[3].link.startswith("https://lotse.example/p/")
    assert stage.concerns() == [], "nobody has to fetch it for them"
