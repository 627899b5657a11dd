# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What an evaluation gets: only of those who agree, nothing that names anybody, the same for the same day."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pyreadstat
import pytest

from bot.commands.stat_files import as_dta, as_sav
from bot.domain.consent import ConsentRecord
from bot.domain.enrolments import Enrolment
from bot.domain.measuring import WINDOW, MeasuringPoint
from bot.domain.people import Standing
from bot.domain.scores import ScoreRecord
from bot.errors import NotFound
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.house import load_instruments
from bot.ports import Answer, UnitOfWork
from bot.services import assignments, enrolments
from bot.services.evaluation_data import Added, Collected, Pseudonyms, Study, collect, sheets
from bot.services.evaluation_fhir import as_bundle
from bot.services.evaluation_files import MISSING, NO_VALUE, as_csv, codebook_csv, codebook_html, manifest
from bot.services.evaluation_sheets import Sheet, Variable, about_instrument
from bot.services.evaluation_statistics import statistics
from bot.settings import without_environment
from tests.services.stage import MONDAY, Actor, Stage
from tests.services.test_measuring import begins, says
from tests.services.test_programmes import by_staff, install, theirs

UNTIL = date(2026, 12, 31)
STUDY = Study(AGENCY, "gecko", UNTIL)
NAMES = Pseudonyms(bytes(32))


def tables(
    stage: Stage, study: Study = STUDY, names: Pseudonyms = NAMES
) -> tuple[Sheet, Sheet, bytes, Collected]:
    def read(uow: UnitOfWork) -> tuple[Sheet, Sheet, bytes, Collected]:
        found = collect(uow, stage.rules, study, stage.rules.book.packs, stage.now)
        people, points = sheets(uow, stage.rules, found, names)
        return people, points, as_bundle(found, points), found

    return stage.run(read)


def rows(sheet: Sheet) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(as_csv(sheet).decode())))


@pytest.fixture
def mia_answered(stage: Stage, berta: Actor) -> int:
    """Mia, who answered at the start; it is the new year now."""
    mia, person = begins(stage, berta)
    stage.run(lambda uow: uow.people.change_participant(person, name="Mia Muster"))
    stage.pass_time(days=1, hours=4)
    for answer in ("Etwas mehr", "Überspringen", "Etwas mehr", "Etwas mehr", "Etwas mehr"):
        mia.presses(answer)
    stage.pass_time(days=50)
    return person


def test_a_person_in_every_format(stage: Stage, mia_answered: int) -> None:
    people, points, bundle, _ = tables(stage)
    (person,) = rows(people)
    assert person["pseudonym"] == NAMES.of(theirs(stage, mia_answered)[0])
    assert (person["entry"], person["ended"], person["weeks"], person["phase"]) == ("2026-Q4", "0", "", "1")
    (point,) = rows(points)
    wanted = {"point": "1", "who5_days": "1", "who5_version": "1", "who5_who_1": "3", "who5_who_2": ""}
    assert wanted.items() <= point.items()
    assert point["who5_index"] == ""  # with a question skipped there is no score, and no reason either
    files = as_csv(people) + as_csv(points) + bundle + codebook_csv([people, points])
    case = stage.run(lambda uow: uow.people.participants(AGENCY)[0].case_code)
    for secret in ("Mia", "Berta", case, "2026-11", "missing"):
        assert secret.encode() not in files
    book = codebook_html(STUDY, [people, points]).decode()
    for words in ("CC-BY-NC-SA-3.0-IGO", "who5.index, Fassung 1: 4 x (who_1 + who_2", "5 = Die ganze Zeit"):
        assert words in book or words in book.replace("&#x27;", "'")
    told = json.loads(manifest(STUDY, "1.0", [people, points], {"a": b"x"}))
    assert (told["people"], told["until"], told["rows"]) == (1, "2026-12-31", {"people": 1, "points": 1})


def test_the_bundle_has_what_r4_and_r5_require(stage: Stage, mia_answered: int) -> None:
    del mia_answered
    bundle = json.loads(tables(stage)[2])
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    (entry,) = bundle["entry"]
    assert entry["fullUrl"].startswith("urn:uuid:")
    response = entry["resource"]
    assert response["resourceType"] == "QuestionnaireResponse"
    assert response["status"] == "completed"
    address, _, version = response["questionnaire"].partition("|")
    assert ":" in address
    assert version == "1"
    assert set(response["subject"]) == {"identifier"}
    assert "authored" not in response
    links = [item["linkId"] for item in response["item"]]
    assert len(set(links)) == len(links)
    assert {"point", "days_since_start", "who_1", "who_2", "score.who5.index"} <= set(links)
    for item in response["item"]:
        for answer in item.get("answer", []):
            assert set(answer) <= {"valueInteger", "valueString"}
    assert {"linkId": "who_2"} in response["item"]


def test_spss_and_stata_read_it_back_with_labels(stage: Stage, mia_answered: int, tmp_path: Path) -> None:
    del mia_answered
    _, points, _, _ = tables(stage)
    plain = [{name: value or None for name, value in row.items()} for row in rows(points)]
    for ending, write, read in (
        ("sav", as_sav, pyreadstat.read_sav),
        ("dta", as_dta, pyreadstat.read_dta),
    ):
        content = write(points, UNTIL)
        assert b"31 Dec 20" in content or b"31 Dec 26" in content
        path = tmp_path / f"points.{ending}"
        path.write_bytes(content)
        frame, about = read(path, output_format="polars")
        assert isinstance(frame, pl.DataFrame)
        back = [
            {k: None if v is None else str(v).removesuffix(".0") for k, v in r.items()}
            for r in frame.to_dicts()
        ]
        assert back == plain
        assert about.column_names_to_labels["who5_index"] == "WHO-5: index (0 bis 100)"
        labels = about.variable_value_labels["who5_who_1"]
        assert labels[5] == "Die ganze Zeit"
        assert about.variable_value_labels["point"][2] == "month_6"
        assert about.file_label == "Messpunkte"
        if ending == "sav":
            assert labels[MISSING] == NO_VALUE
            _, about = pyreadstat.read_sav(path, output_format="polars", user_missing=True)
            assert about.missing_ranges["who5_who_1"] == [{"lo": MISSING, "hi": MISSING}]
    empty = msgspec.structs.replace(points, rows=())
    assert as_sav(empty, UNTIL)
    assert as_dta(empty, UNTIL)


def test_the_same_day_gives_the_same_bytes_until_somebody_takes_it_back(
    stage: Stage, berta: Actor, mia_answered: int
) -> None:
    before = tables(stage)
    day = stage.now.date()
    (one,) = theirs(stage, mia_answered)
    by_staff(stage, assignments.end, (one.id, "Zu Ende"), berta)
    stage.pass_time(days=30)
    after = tables(stage)
    assert [as_csv(sheet) for sheet in after[:2]] == [as_csv(sheet) for sheet in before[:2]]
    assert after[2] == before[2]
    assert as_sav(after[1], UNTIL) == as_sav(before[1], UNTIL)
    # A later day knows the end, and how long it lasted.
    (person,) = rows(tables(stage, replace(STUDY, until=day + timedelta(days=1)))[0])
    assert (person["ended"], person["weeks"]) == ("1", "7")
    # Another study has other names.
    assert rows(tables(stage, names=Pseudonyms(bytes([1]) * 32))[0])[0]["pseudonym"] != person["pseudonym"]
    # Before the yes there was nobody.
    assert rows(tables(stage, replace(STUDY, until=MONDAY.date() - timedelta(days=1)))[0]) == []


def test_who_takes_it_back_is_in_no_further_export(stage: Stage, mia_answered: int) -> None:
    says(stage, mia_answered, "evaluation", granted=False)
    people, points, bundle, _ = tables(stage)
    assert (people.rows, points.rows) == ((), ())
    assert json.loads(bundle) == {"resourceType": "Bundle", "type": "collection"}
    # A later yes does not change what was true on a day before it, so that this day stays the same.
    stage.pass_time(days=10)
    says(stage, mia_answered, "evaluation", granted=True)
    assert len(tables(stage)[0].rows) == 1


def test_more_can_be_said_about_people(stage: Stage, mia_answered: int) -> None:
    del mia_answered

    def outcome(uow: UnitOfWork, found: Collected) -> Added:
        del uow
        return (Variable(name="work", label="Arbeit"),), [(1,) for _ in found.cases]

    def read(uow: UnitOfWork) -> Sheet:
        found = collect(uow, stage.rules, STUDY, stage.rules.book.packs, stage.now)
        return sheets(uow, stage.rules, found, NAMES, [outcome])[0]

    assert rows(stage.run(read))[0]["work"] == "1"


def test_programmes_without_evaluation(stage: Stage) -> None:
    install(stage, "kopra")
    for name, words in (("kopra", "has no evaluation"), ("moon", "there is no programme 'moon'")):
        with pytest.raises(NotFound, match=words):
            tables(stage, replace(STUDY, programme=name))


def test_figures_hide_few_and_compare_with_ones_own_beginning(stage: Stage, berta: Actor) -> None:
    _, first = begins(stage, berta)
    figures = stage.run(lambda uow: statistics(uow, stage.rules, AGENCY, stage.now + timedelta(days=1)))
    assert [one.by_phase.total for one in figures] == [None]
    people = [first, *(stage.run(partial(_person, f"Person {n}", berta.id)) for n in range(11))]

    def furnish(uow: UnitOfWork) -> None:
        for place, person in enumerate(people):
            if place:
                who = uow.plans.lock(person)
                assert who is not None
                enrolments.begin(uow, stage.rules, who, "gecko", "command", stage.now)
                agreed = ConsentRecord(person, "evaluation", True, "x", "t", "de", "telegram", stage.now)
                uow.talks.add_consent(AGENCY, agreed)
            (one,) = uow.programmes.of_participant(person)
            for point, value in (("start", 40), ("month_6", 40 + place)):
                _answers(uow, one, point, value, stage.now)

    stage.run(furnish)
    (found,) = stage.run(lambda uow: statistics(uow, stage.rules, AGENCY, stage.now + timedelta(days=1)))
    assert found.by_phase.total == 12
    changes = {(one.point, one.score): one.middle for one in found.changes}
    assert changes["month_6", "who5.index"] == (2.75, 5.5, 8.25)
    assert changes["month_12", "who5.index"] is None
    assert [point.shown.total for point in found.points] == [12] * 4


def _person(name: str, coach: int, uow: UnitOfWork) -> int:
    return uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", coach, name)


def _answers(uow: UnitOfWork, one: Enrolment, point: str, value: int, now: datetime) -> None:
    person = one.participant_id
    talk = uow.talks.open_conversation(AGENCY, person, "measuring_who5", "{}", now)
    uow.talks.end_conversation(talk, "{}", "completed", now)
    uow.talks.add_answers(AGENCY, [Answer(person, talk, "measuring_who5", "q", "q.who_1", "3")], now)
    uow.memory.add_scores(AGENCY, [ScoreRecord(person, talk, "who5.index", 1, now, value)])
    row = MeasuringPoint(0, AGENCY, person, one.id, point, "who5", now, now + WINDOW, now)
    number = uow.casework.measuring.add(row)
    assert number is not None
    uow.casework.measuring.save(replace(row, id=number, run_id=talk, answered_at=now))


def test_no_questionnaire_has_two_columns_of_one_name() -> None:
    """SPSS and Stata take no table in which two columns are called alike."""
    packs = load_instruments(without_environment())
    assert "own_items" in packs
    for pack in packs.values():
        when, asked = about_instrument(pack)
        names = [one.name for one in (*when, *(each.variable for each in asked))]
        assert len(names) == len(set(names)), pack.id
