# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications with carriers: staff keep the list, the coach is asked to look in time, the person sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.applications import (
    LONGEST_LINE,
    MOST_OPEN,
    Application,
    ApplicationContent,
    ApplicationEvent,
    ApplicationState,
    Benefit,
    CarrierDecision,
    CarrierKind,
    Coming,
    Turn,
)
from bot.services import applications
from bot.services.applications import Happened
from bot.services.appointment_dates import EntryFault
from tests.services.stage import Actor, Stage
from tests.services.test_help_plans import at_work

CARRIER = "Träger Kanarienvogel"
CONTENT = ApplicationContent(
    carrier=CarrierKind.PENSION, benefit=Benefit.MEDICAL, place=CARRIER, what="Reha in Musterstadt"
)
TODAY = date(2026, 11, 23)
SOON = Coming(date(2026, 12, 10), Turn.PERSON)


@pytest.fixture
def code(stage: Stage, mia: Actor) -> str:
    """Mia's case code; it is given after she has enrolled."""
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return person.case_code


def add(
    stage: Stage, berta: Actor, coming: Coming = SOON, content: ApplicationContent = CONTENT
) -> Application:
    return at_work(stage, berta, lambda desk, person: applications.add(desk, person, content, coming))


def note(stage: Stage, berta: Actor, what: Happened, number: int = 1) -> Application:
    return at_work(stage, berta, lambda desk, person: applications.happened(desk, person, number, what))


def events(stage: Stage) -> list[str]:
    return [one.event.value for one in stage.run(lambda uow: uow.casework.applications.history(1))]


def heard(stage: Stage, actor: Actor) -> list[str]:
    return [body.text for body in stage.ears.pop((actor.channel, actor.address), [])]


def test_from_plan_to_objection_with_a_day_to_look_each_time(stage: Stage, mia: Actor, berta: Actor) -> None:
    now = add(stage, berta)
    for what, state, due_on, turn in (
        (Happened(ApplicationEvent.FILE, TODAY), "filed", date(2026, 12, 7), Turn.CARRIER),
        (
            Happened(
                ApplicationEvent.FORWARD,
                date(2026, 11, 20),
                "Brief von heute",
                detail=CarrierKind.HEALTH,
                place="Krankenkasse Muster",
            ),
            *("filed", date(2026, 12, 11), Turn.CARRIER),
        ),
        (
            Happened(ApplicationEvent.WANT_PAPERS, TODAY, next_step="Befund"),
            "papers_wanted",
            None,
            Turn.PERSON,
        ),
        (Happened(ApplicationEvent.HAND_IN, TODAY), "received", date(2026, 12, 14), Turn.CARRIER),
        (
            Happened(ApplicationEvent.DECIDE, TODAY, detail=CarrierDecision.NOT_GRANTED),
            *("decided", date(2026, 12, 23), Turn.PERSON),
        ),
        (
            Happened(ApplicationEvent.OBJECT, TODAY, due_on=date(2027, 1, 4)),
            *("objected", date(2027, 1, 4), Turn.CARRIER),
        ),
    ):
        now = note(stage, berta, what)
        assert (now.state.value, now.due_on, now.turn) == (state, due_on, turn)
        assert now.content.next_step == what.next_step
    assert (now.content.carrier, now.content.place) == (CarrierKind.HEALTH, "Krankenkasse Muster")
    assert now.content.decision is CarrierDecision.NOT_GRANTED
    kept = stage.run(lambda uow: uow.casework.applications.history(1))[2]
    assert (kept.day, kept.note.detail, kept.note.words) == (
        date(2026, 11, 20),
        "health_insurance",
        "Brief von heute",
    )
    at_work(stage, berta, lambda desk, person: applications.close(desk, person, 1, "Die Reha beginnt."))
    assert events(stage)[-1] == "close"


def turned_away(stage: Stage, tries: Iterable[tuple[Callable[[], object], str]]) -> None:
    for attempt, line in tries:
        with pytest.raises(EntryFault) as fault:
            attempt()
        assert line in fault.value.say(stage.rules.voice("de"))


def test_what_cannot_be_is_said_kindly_and_changes_nothing(stage: Stage, mia: Actor, berta: Actor) -> None:
    karl = stage.staff("Karl Klause")
    filed = Happened(ApplicationEvent.FILE, TODAY)
    turned_away(
        stage,
        (
            (lambda: add(stage, karl), "Um diesen Fall kümmert sich jemand anderes"),
            (lambda: add(stage, berta, Coming(TODAY - timedelta(days=1), Turn.TEAM)), "einen Tag ab heute"),
            (lambda: add(stage, berta, Coming(date(2036, 1, 1), Turn.TEAM)), "einen Tag ab heute"),
            (lambda: add(stage, berta, content=long_line()), "höchstens 120 Zeichen"),
            (lambda: note(stage, berta, filed, 7), "Einen Antrag mit der Nummer 7"),
        ),
    )
    assert stage.run(lambda uow: uow.casework.applications.of_participant(1)) == []
    for _ in range(MOST_OPEN):
        add(stage, berta)
    turned_away(
        stage,
        (
            (lambda: add(stage, berta), "Es sind schon 10 Anträge offen"),
            (
                lambda: note(stage, berta, replace(filed, event=ApplicationEvent.DECIDE)),
                "beim jetzigen Stand",
            ),
            (lambda: note(stage, berta, replace(filed, day=date(2026, 11, 24))), "bis heute"),
            (lambda: note(stage, berta, replace(filed, day=date(2006, 11, 24))), "bis heute"),
            (lambda: note(stage, berta, replace(filed, words="x" * 1001)), "1000 Zeichen"),
        ),
    )
    note(stage, berta, filed)
    wrong = replace(filed, event=ApplicationEvent.DECIDE, detail="vielleicht")
    turned_away(
        stage,
        (
            (lambda: note(stage, berta, wrong), "aus der Liste"),
            (lambda: note(stage, berta, replace(wrong, event=ApplicationEvent.FORWARD)), "aus der Liste"),
        ),
    )
    assert events(stage) == ["change", "file"]


def long_line() -> ApplicationContent:
    return ApplicationContent(
        carrier=CarrierKind.OTHER, benefit=Benefit.OTHER, next_step="x" * (LONGEST_LINE + 1)
    )


def test_the_coach_is_asked_in_time_when_the_agency_is_open(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    stage.now += timedelta(hours=12)
    add(stage, berta, Coming(date(2026, 12, 6), Turn.TEAM))  # a Sunday
    stage.pass_time(days=9)
    assert not [text for text in heard(stage, berta) if "Antrag" in text]
    stage.pass_time(days=14)
    found = [text for text in heard(stage, berta) if "Antrag" in text]
    due = f"Fall {code}: Bei einem Antrag ist etwas vorgesehen bis 6. Dezember 2026."
    assert set(found) == {f"{due} Bitte sehen Sie nach: /antraege {code}."}
    reminded = [
        one for one in stage.run(lambda uow: uow.casework.applications.history(1)) if one.event == "remind"
    ]
    assert [one.at.date() for one in reminded] == [date(2026, 12, day) for day in (3, 7, 14)]
    assert all(one.at == stage.rules.hours[1].next_open(one.at) for one in reminded)
    # Nothing about it goes to the person, who has not asked for that.
    assert not [text for text in heard(stage, mia) if "erinnert" in text]


def test_without_a_day_it_does_not_get_lost(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    add(stage, berta, Coming(None, Turn.TEAM))
    stage.pass_time(days=27)
    assert "remind" not in events(stage)
    stage.pass_time(days=3)
    assert any("seit 28 Tagen auf demselben Stand" in text for text in heard(stage, berta))
    at_work(stage, berta, lambda desk, person: applications.close(desk, person, 1, ""))
    stage.pass_time(days=8)
    assert events(stage)[-1] == "close"


def test_the_person_sees_the_list_and_says_that_a_letter_has_come(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    mia.forgets()
    mia.writes("/antraege")
    mia.presses("Nichts, danke")
    mia.hears("Für Sie steht hier noch kein Antrag", "In Ordnung")
    add(stage, berta)
    mia.writes("/antraege")
    assert "Stand: geplant" in mia.hears("Das sind Ihre Anträge")[0].text
    note(stage, berta, Happened(ApplicationEvent.FILE, TODAY))
    note(stage, berta, Happened(ApplicationEvent.DECIDE, TODAY, detail=CarrierDecision.PARTLY))
    mia.writes("Meine Anträge")
    (seen,) = mia.hears("Das sind Ihre Anträge")
    for line in (
        f"1. Medizinische Reha bei: {CARRIER}",
        "Wofür: Reha in Musterstadt",
        "Stand: Entscheidung ist da (zum Teil bewilligt)",
        "Als Nächstes: bis 23. Dezember 2026 · am Zug: Sie",
        "kann man Widerspruch einlegen. Bis wann, steht im Bescheid",
    ):
        assert line in seen.text
    mia.presses("Ein Brief ist da")
    mia.writes("Von der Krankenkasse")
    assert [(one.reason, one.level.value) for one in stage.concerns()] == [("application_letter", "R1")]


def test_a_reminder_comes_only_if_wished_and_names_nothing_but_the_day(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    add(stage, berta)
    mia.writes("/antraege")
    mia.presses("Erinnerungen")
    mia.presses("Ja")
    mia.forgets()
    stage.pass_time(days=13)
    assert not [text for text in heard(stage, mia) if "Sie wollten erinnert werden" in text]
    stage.pass_time(days=1, hours=6)
    (told,) = [text for text in heard(stage, mia) if "Sie wollten erinnert werden" in text]
    assert "Bis zum 10. Dezember 2026 haben Sie noch etwas vor" in told
    for word in ("Antrag", "Reha", CARRIER, "Träger"):
        assert word not in told
    berta.forgets()
    mia.presses("Ist erledigt")
    (said,) = berta.hears(f"Fall {code}: Die Person hat ihren Teil bei einem Antrag erledigt")
    assert CARRIER not in said.text
    kept = stage.run(lambda uow: uow.casework.applications.get(1))
    assert kept is not None
    assert (kept.turn, kept.state) == (Turn.TEAM, ApplicationState.PLANNED)
    assert "reminder" not in {one.step for one in stage.run(lambda uow: uow.talks.answers(1))}
    # The wish can be taken back, and then no more comes.
    mia.writes("/antraege")
    mia.presses("Erinnerungen")
    mia.presses("Nein")
    coming = Coming(stage.now.date() + timedelta(days=10), Turn.PERSON)
    at_work(stage, berta, lambda desk, person: applications.change(desk, person, 1, CONTENT, coming))
    mia.forgets()
    stage.pass_time(days=9)
    assert events(stage).count("tell") == 1


def test_staff_read_what_is_due_in_their_messenger(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    berta.writes("/antraege")
    berta.writes(f"/antraege {code}")
    berta.hears("Bei Ihren Leuten ist kein Antrag offen", f"Fall {code}: Es ist kein Antrag offen")
    add(stage, berta, Coming(None, Turn.CARRIER))
    add(stage, berta)
    berta.forgets()
    berta.writes("/anträge")
    (listed,) = berta.hears(f"Fall {code}, Antrag 2: geplant. Bis: 10. Dezember 2026.")
    assert f"Fall {code}, Antrag 1: geplant. Bis: offen. Am Zug: Träger." in listed.text
    berta.writes(f"/antraege {code}")
    (shown,) = berta.hears("Fall")
    assert (CARRIER in shown.text) is ("Worum es geht, zeigt die Konsole." not in shown.text)
    karl = stage.staff("Karl Klause")
    karl.writes("/antraege")
    karl.hears("Bei Ihren Leuten ist kein Antrag offen")
    karl.writes(f"/antraege {code}")
    karl.hears("kümmert sich jemand anderes")
