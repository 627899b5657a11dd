# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""/loeschen: said plainly, taken back for a day, never during an open concern, and then nothing is left."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.concerns import Outcome, State
from bot.domain.messages import IncomingKind
from bot.domain.people import Standing
from tests.services.stage import Actor, Stage

GONE = "Die Daten der Person sind gelöscht"


def case_code(stage: Stage) -> str:
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return person.case_code


def counts(stage: Stage) -> set[str]:
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return set(stage.run(lambda uow: uow.rights.counts(person.id)))


def asks(mia: Actor, berta: Actor) -> None:
    """She wants everything erased."""
    mia.writes("/loeschen")
    mia.hears("Gelöscht wird", "Soll ich alles löschen?")
    mia.presses("Ja, alles")
    mia.hears("In 24 Stunden lösche ich")
    berta.hears("Lotse löscht in 24 Stunden")


def test_a_day_later_nothing_is_left_but_the_proof(stage: Stage, mia: Actor, berta: Actor) -> None:
    asks(mia, berta)
    stage.pass_time(hours=23)
    mia.hears_nothing()
    assert "address" in counts(stage)
    stage.pass_time(hours=1)
    # At nine in the morning nobody is woken.
    berta.hears(GONE)
    mia.hears_nothing()
    assert counts(stage) == {"participant", "consent", "person_key"}
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    assert (person.standing, person.coach_id) == (Standing.LEFT, None)
    assert stage.run(lambda uow: uow.people.name_of(person.id)) == ""
    # Whoever writes again is somebody whom nobody knows.
    mia.writes("hallo")
    assert "Einladung" in mia.hears("")[0].text
    stage.pass_time(days=8)
    mia.hears_nothing()


def test_a_case_that_is_kept_as_proof_stays_closed(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("Ich will nicht mehr leben")
    (danger,) = stage.concerns()
    for press in ("take", "close:reached"):
        berta.does(IncomingKind.PRESS, press=f"s:{danger.id}:{press}")
    for person in (mia, berta):
        person.forgets()
    asks(mia, berta)
    stage.pass_time(hours=24)
    berta.hears(GONE)
    berta.does(IncomingKind.PRESS, press=f"s:{danger.id}:reopen")
    berta.hears("Die Daten dieser Person sind gelöscht. Der Fall bleibt zu.")
    (kept,) = stage.run(lambda uow: uow.concerns.of_agency(1, open_only=False))
    assert kept.state is State.CLOSED
    stage.pass_time(days=1)
    berta.hears_nothing()


def test_contact_ends_at_once(stage: Stage, mia: Actor, berta: Actor) -> None:
    asks(mia, berta)
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    assert person.standing is Standing.STOPPED
    followed = stage.run(lambda uow: uow.plans.followed(person.id))
    assert followed
    assert not any(one.is_on for one in followed.values())


def test_it_can_be_taken_back_by_a_word(stage: Stage, mia: Actor, berta: Actor) -> None:
    asks(mia, berta)
    mia.writes("behalten")
    mia.hears("doch behalten?")
    mia.presses("Ja, behalten")
    mia.hears("Es wird nichts gelöscht")
    berta.hears("doch nichts gelöscht")
    stage.pass_time(days=3)
    assert "answer" in counts(stage) or "address" in counts(stage)


def test_it_is_taken_back_by_a_new_start(stage: Stage, mia: Actor, berta: Actor) -> None:
    asks(mia, berta)
    mia.starts()
    mia.hears("nun nicht gelöscht", "Schön, dass Sie wieder da sind.", "Darf ich Ihnen hier schreiben?")
    berta.hears("doch nichts gelöscht")
    stage.pass_time(days=2)
    assert "address" in counts(stage)


def test_a_no_changes_nothing(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("alles löschen")
    mia.hears("Gelöscht wird", "Soll ich")
    mia.writes("nein")
    mia.hears("Es wird nichts gelöscht")
    berta.hears_nothing()
    stage.pass_time(days=2)
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    assert person.standing is Standing.ACTIVE


def test_an_open_concern_is_never_dropped(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("Ich will nicht mehr leben")
    mia.forgets()
    berta.forgets()
    mia.writes("/loeschen")
    mia.hears("Gelöscht wird", "Ein Mensch muss sie zuerst abschließen", "Soll ich alles löschen?")
    mia.presses("Ja, alles")
    mia.forgets()
    berta.hears("hat den Kontakt", "noch eine offene Meldung")
    stage.pass_time(hours=30)
    (concern,) = stage.concerns()
    assert concern.is_open
    assert "address" in counts(stage)
    # A human closes it: then it is done, and what was done stays as proof.
    stage.run(lambda uow: uow.concerns.save(replace(concern, state=State.CLOSED, outcome=Outcome.REACHED)))
    stage.pass_time(hours=1)
    assert counts(stage) == {"participant", "consent", "person_key", "concern", "concern_event"}
    (kept,) = stage.concerns()
    assert kept.quote == "Ich will nicht mehr leben"


def test_what_staff_typed_about_a_person_goes_with_them(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("/stimmtnicht")
    mia.presses("Etwas anderes")
    code = case_code(stage)
    before = rows_of(stage)["incoming"]
    berta.presses("Übernehmen")
    berta.presses("Anderer Schritt")
    berta.writes("Mit der Praxis sprechen")
    berta.writes(f"/termin {code.lower()} 5.5.2027 10:30 coach Ort: Musterstraße 1")
    berta.writes("/dienst")
    berta.writes(f"/fall {code}x")
    assert rows_of(stage)["incoming"] == before + 2, "a press and what is about nobody are nobody's"
    said = stage.run(lambda uow: uow.talks.timeline(1))
    assert not any("Praxis" in line.text or "/termin" in line.text for line in said), "they are not hers"
    copy = stage.run(lambda uow: uow.rights.stored(1))
    assert "Praxis" not in str(copy["incoming"])


def rows_of(stage: Stage) -> dict[str, int]:
    """How many rows of each table are about Mia."""
    return dict(stage.run(lambda uow: uow.rights.counts(1)))
