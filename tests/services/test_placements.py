# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An internship from its entry to its end: the person says what fits, the firm sees days and hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import msgspec
import pytest

from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.people import Role
from bot.domain.placements import EarlyEnd, Placement, PlacementStage, PlacementTerms
from bot.ports import UnitOfWork
from bot.services import at_firm, placements
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling
from bot.services.desk import Desk
from bot.services.person_dates import SAID
from bot.services.placement_facts import placement_of
from tests.services.stage import Actor, Stage
from tests.services.test_help_plans import at_work

T = TypeVar("T")

FIRM = "Tischlerei Muster"
TERMS = PlacementTerms(
    employer=FIRM,
    district="Musterstadt",
    shown_as="Mia",
    first_day=date(2026, 12, 1),
    last_day=date(2027, 1, 31),
    minutes=1200,
    times="Mo–Do 8–13 Uhr",
    contact="Frau Beispiel, 0123 456",
)
DAYS = {"internship_since": '"2026-12-01"', "internship_until": '"2027-01-31"'}


@pytest.fixture
def emil(stage: Stage, mia: Actor) -> Actor:
    """The contact at the firm."""
    return stage.staff("Emil Beispiel", Role.EMPLOYER_CONTACT)


def add(stage: Stage, berta: Actor, contact: Actor | None = None, terms: PlacementTerms = TERMS) -> Telling:
    number = contact.id if contact else None
    _, telling = at_work(stage, berta, lambda desk, person: placements.add(desk, person, terms, number))
    return telling


def change(stage: Stage, berta: Actor, terms: PlacementTerms, contact: Actor | None) -> Placement:
    number = contact.id if contact else None
    kept, _ = at_work(stage, berta, lambda desk, person: placements.change(desk, person, 1, terms, number))
    return kept


def end(stage: Stage, berta: Actor, day: date, reason: str = "") -> Placement:
    ending = EarlyEnd(day=day, reason=reason)
    ended, _ = at_work(stage, berta, lambda desk, person: placements.end_early(desk, person, 1, ending))
    return ended


def at_firms(stage: Stage, actor: Actor, act: Callable[[Desk], T]) -> T:
    return at_work(stage, actor, lambda desk, _: act(desk))


def kept(stage: Stage) -> Placement:
    return stage.run(lambda uow: uow.casework.placements.of_participant(1))[-1]


def days(stage: Stage) -> dict[str, str]:
    facts = stage.run(lambda uow: uow.memory.facts(1))
    return {name: facts[name] for name in DAYS if name in facts}


def fault_of(act: Callable[[], object], stage: Stage) -> str:
    with pytest.raises(EntryFault) as fault:
        act()
    return fault.value.say(stage.rules.voice("de"))


def agree(mia: Actor) -> None:
    mia.presses("Ja, das passt")
    mia.presses("Ja, gern")
    mia.forgets()


def test_entered_told_and_seen_by_the_firm_only_after_a_yes(
    stage: Stage, mia: Actor, berta: Actor, emil: Actor
) -> None:
    assert add(stage, berta, emil) is Telling.ON_ITS_WAY
    assert days(stage) == DAYS
    (told,) = mia.hears("Berta")
    for words in (f"Wo: {FIRM}, Musterstadt", "1. Dezember 2026 bis 31. Januar 2027", "20 Stunden", "Mo–Do"):
        assert words in told.text
    assert "0123" not in told.text
    assert at_firms(stage, emil, at_firm.seen_here) == []
    mia.presses("Ja, das passt")
    _, question = mia.hears("Dann noch eine Frage", "Darf ich etwas weitergeben?")
    for words in (f"An wen: {FIRM}\n", "„Mia“", "Tage, Zeiten und Stunden"):
        assert words in question.text
    assert at_firms(stage, emil, at_firm.seen_here) == []
    mia.presses("Ja, gern")
    (seen,) = at_firms(stage, emil, at_firm.seen_here)
    assert seen == at_firm.AtFirm(
        1, "Mia", TERMS.first_day, TERMS.last_day, 1200, "Mo–Do 8–13 Uhr", open_weeks=(), worked=()
    )
    # Nothing else could be there: no person, no case, no firm's own words, no reason.
    assert {one.name for one in fields(at_firm.AtFirm)} == {
        *("number", "shown_as", "first_day", "last_day", "minutes", "times", "open_weeks", "worked"),
    }
    assert stage.concerns() == []


def test_a_no_and_silence_leave_nothing_behind_and_the_firm_sees_nothing(
    stage: Stage, mia: Actor, berta: Actor, emil: Actor
) -> None:
    add(stage, berta, emil)
    mia.presses("Ja, das passt")
    mia.presses("Nein, danke")
    assert at_firms(stage, emil, at_firm.seen_here) == []
    assert kept(stage).terms == TERMS
    assert days(stage) == DAYS


def test_what_does_not_fit_goes_to_the_coach_in_the_persons_words(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    add(stage, berta)
    mia.presses("Etwas passt nicht")
    mia.writes("Donnerstags habe ich Therapie.")
    concerns = stage.concerns()
    assert {one.reason for one in concerns} == {"internship_talk"}
    # Whoever helps reads where and when, on the card of the case and in the console alike.
    found = stage.run(lambda uow: placement_of(uow, stage.rules, concerns[-1], stage.now))
    assert found is not None
    assert found[0].terms.employer == FIRM
    other = replace(concerns[-1], reason="silence")
    assert stage.run(lambda uow: placement_of(uow, stage.rules, other, stage.now)) is None


def enter(stage: Stage, actor: Actor, week: date, minutes: int) -> None:
    at_firms(stage, actor, lambda desk: at_firm.enter_hours(desk, 1, week, minutes))


def test_hours_are_entered_by_the_week_and_taken_back_with_the_yes(
    stage: Stage, mia: Actor, berta: Actor, emil: Actor
) -> None:
    add(stage, berta, emil)
    agree(mia)
    stage.now += timedelta(days=14)  # Monday, 7 December
    weeks = (date(2026, 12, 7), date(2026, 11, 30))
    (seen,) = at_firms(stage, emil, at_firm.seen_here)
    assert seen.open_weeks == weeks
    for minutes in (900, 1110):
        enter(stage, emil, weeks[1], minutes)
    (seen,) = at_firms(stage, emil, at_firm.seen_here)
    assert [(one.week, one.minutes) for one in seen.worked] == [(weeks[1], 1110)]
    for week in (date(2026, 12, 14), date(2026, 11, 23), date(2026, 12, 1)):
        assert "Für diese Woche" in fault_of(partial(enter, stage, emil, week, 60), stage)
    nobody = stage.staff("Erna Beispiel", Role.EMPLOYER_CONTACT)
    for actor in (nobody, berta):
        assert at_firms(stage, actor, at_firm.seen_here) == []
        assert "nicht mehr zu sehen" in fault_of(partial(enter, stage, actor, weeks[0], 60), stage)
    stage.run(lambda uow: take_back(uow, stage))
    assert at_firms(stage, emil, at_firm.seen_here) == []


def take_back(uow: UnitOfWork, stage: Stage) -> None:
    record = ConsentRecord(1, Purpose.SHARING, False, "", "", "de", "telegram", stage.now, object=FIRM)
    uow.talks.add_consent(1, record)


def test_another_firm_or_name_is_asked_for_anew(stage: Stage, mia: Actor, berta: Actor, emil: Actor) -> None:
    add(stage, berta, emil)
    agree(mia)
    stage.now += timedelta(hours=1)
    later = msgspec.structs.replace(TERMS, last_day=date(2027, 2, 14))
    change(stage, berta, later, emil)
    assert days(stage)["internship_until"] == '"2027-02-14"'
    assert "14. Februar 2027" in mia.hears("Berta")[0].text
    assert len(at_firms(stage, emil, at_firm.seen_here)) == 1
    change(stage, berta, msgspec.structs.replace(later, shown_as="Mia Muster"), emil)
    assert at_firms(stage, emil, at_firm.seen_here) == []
    mia.forgets()
    agree(mia)
    assert [one.shown_as for one in at_firms(stage, emil, at_firm.seen_here)] == ["Mia Muster"]


def test_an_early_end_takes_its_dates_along_and_its_reason_stays_here(
    stage: Stage, mia: Actor, berta: Actor, emil: Actor
) -> None:
    add(stage, berta, emil)
    agree(mia)
    stage.now += timedelta(days=14)
    ended = end(stage, berta, date(2026, 12, 7), "Der Weg war zu weit.")
    assert ended.stage(date(2026, 12, 7)) is PlacementStage.ENDED_EARLY
    assert days(stage)["internship_until"] == '"2026-12-06"'
    # The person hears it at once, neutral on a locked phone, and nothing of a reason.
    (told,) = mia.hears("Es endet früher als geplant.\nLetzter Tag: 6. Dezember 2026")
    assert "Praktikum" not in told.text[:40]
    assert "Weg" not in told.text
    (seen,) = at_firms(stage, emil, at_firm.seen_here)
    assert (seen.last_day, seen.open_weeks) == (date(2026, 12, 6), (date(2026, 11, 30),))
    assert "Weg" not in repr(seen)
    assert "schon zu Ende" in fault_of(lambda: end(stage, berta, date(2026, 12, 8)), stage)
    # Now there is room for another one; and the firm sees the old one for four weeks only.
    add(stage, berta, None, msgspec.structs.replace(TERMS, employer="Gärtnerei Muster"))
    stage.now += timedelta(days=28)
    assert at_firms(stage, emil, at_firm.seen_here) == []


def test_one_that_did_not_begin_leaves_no_dates(stage: Stage, mia: Actor, berta: Actor) -> None:
    add(stage, berta)
    mia.forgets()
    end(stage, berta, date(2026, 11, 24))
    mia.hears("Es findet nicht statt.")
    assert set(days(stage).values()) <= {'""'}
    assert SAID["internship_start"] in DAYS
    mia.presses("Ja, das passt")
    assert stage.concerns() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"employer": " "}, "den Betrieb"),
        ({"shown_as": "x" * 81}, "den Namen"),
        ({"times": "x\ny"}, "eine Zeile"),
        ({"last_day": date(2026, 11, 30)}, "vor dem ersten"),
        ({"last_day": date(2062, 1, 1)}, "zu weit weg"),
        ({"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 22)}, "schon vorbei"),
        ({"minutes": 0}, "mehr als 0"),
    ],
)
def test_what_cannot_be_is_said_kindly_and_nothing_is_kept(
    stage: Stage, mia: Actor, berta: Actor, wrong: dict[str, object], words: str
) -> None:
    terms = msgspec.structs.replace(TERMS, **wrong)
    assert words in fault_of(lambda: add(stage, berta, None, terms), stage)
    assert stage.run(lambda uow: uow.casework.placements.of_participant(1)) == []


def test_one_at_a_time_known_contacts_and_ones_own_people(
    stage: Stage, mia: Actor, berta: Actor, emil: Actor
) -> None:
    assert "kennt Lotse nicht" in fault_of(lambda: add(stage, berta, berta), stage)
    karl = stage.staff("Karl Kollege", Role.COACH)
    assert "jemand anderes" in fault_of(lambda: add(stage, karl), stage)
    assert "jemand anderes" in fault_of(lambda: add(stage, emil), stage)
    add(stage, berta)
    assert "schon ein Praktikum" in fault_of(lambda: add(stage, berta), stage)
    assert "mit der Nummer 1" not in fault_of(lambda: add(stage, berta), stage)


def test_in_the_staffs_messenger_it_is_shown_moved_and_ended(stage: Stage, mia: Actor, berta: Actor) -> None:
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    code = person.case_code
    berta.writes(f"/praktikum {code}")
    assert "kein Praktikum eingetragen" in berta.hears("Fall")[0].text
    add(stage, berta)
    berta.forgets()
    berta.writes(f"/praktikum {code}")
    (shown,) = berta.hears(f"Fall {code}, Praktikum 1: geplant.")
    assert "1. Dezember 2026 bis 31. Januar 2027" in shown.text
    assert FIRM not in shown.text
    berta.writes(f"/praktikum {code} 8.12.2026 31.1.2027")
    assert kept(stage).terms.first_day == date(2026, 12, 8)
    assert days(stage)["internship_since"] == '"2026-12-08"'
    for typed in ("8.12.2026", "gestern bald", "ende"):
        berta.writes(f"/praktikum {code} {typed}")
    assert kept(stage).terms.first_day == date(2026, 12, 8)
    assert kept(stage).ending is None
    mia.forgets()
    berta.forgets()
    berta.writes(f"/praktikum {code} ende 24.11.2026 Der Betrieb hat geschlossen.")
    assert Telling.ON_ITS_WAY.value in berta.hears("notiert", "Praktikum 1")[-1].text
    assert "geschlossen" not in mia.hears("Es findet nicht statt.")[0].text
    assert kept(stage).ending == EarlyEnd(day=date(2026, 11, 24), reason="Der Betrieb hat geschlossen.")
    # Without one the command keeps only days, as before.
    stage.now += timedelta(days=1)
    berta.writes(f"/praktikum {code} 1.12.2026 31.1.2027")
    assert days(stage) == DAYS
