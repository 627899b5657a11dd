# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Programmes: those that ship fit together, and every fault has its line and a remedy."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import msgspec
import pytest
import yaml
from jsonschema import Draft7Validator

from bot.commands.programme_files import FOLDER, known_shipped
from dialogs.check_programme import check_programme, not_asked
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError, Problem
from dialogs.programme_changes import changes
from dialogs.programme_model import Entry, Length, Programme
from dialogs.schema import programme_schema
from dialogs.shipped import shipped_programmes

KNOWN = known_shipped()
COMMITTED = FOLDER / "programme.schema.json"

GOOD = """format: 1
programme: muster
title: {de: Muster, en: Sample}
languages: [de, en]
limit: {months: 12, warnings: [9, 11]}
caseload: 25
contact: 14 days
consents: [contact, evaluation]
plans: [weekly_checkin]
phases:
  first:
    title: {de: Anfang, en: Beginning}
    entry: start
    usual: 4 weeks
    dialogs: [welcome]
  second:
    title: {de: Mitte, en: Middle}
    after: [first]
    usual: 6 months
    plans: [monthly_check]
help_plans:
  small:
    title: {de: Klein, en: Small}
    review: 8 weeks
    goals:
      - title: {de: Ziel, en: Goal}
        steps:
          - {title: {de: Schritt, en: Step}, due: 2 weeks}
evaluation:
  consent: evaluation
  points:
    - {id: start, at: start}
    - {id: end, at: end}
"""


def shipped(name: str) -> Programme:
    return parse_programme(shipped_programmes()[name], name)


def faults(source: str) -> list[Problem]:
    try:
        return check_programme(parse_programme(source, "p.yaml"), KNOWN)
    except DialogError as error:
        return list(error.problems)


def test_the_five_that_ship_are_clean() -> None:
    assert set(shipped_programmes()) == {"kopra", "g-a-l", "pro-aktiv", "gecko", "kopf22"}
    validator = Draft7Validator(programme_schema())
    for name, source in shipped_programmes().items():
        assert check_programme(shipped(name), KNOWN) == []
        assert list(validator.iter_errors(yaml.safe_load(source))) == []
    assert faults(GOOD) == []


def test_the_schema_is_the_committed_one() -> None:
    expected = json.dumps(programme_schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == expected, "run: lotse programme schema > " + str(
        COMMITTED
    )


def test_the_facts_of_the_five_stand_in_their_files() -> None:
    """What the programmes' own descriptions say, and what they do not."""
    gecko, gal, proaktiv = shipped("gecko"), shipped("g-a-l"), shipped("pro-aktiv")
    assert gecko.limit is not None
    assert (gecko.limit.months, gecko.limit.warnings, gecko.caseload) == (24, (18, 21, 23), 25)
    assert gecko.phases["handover"].proposed_at == 21
    assert [len(shipped(name).phases) for name in ("gecko", "g-a-l", "kopf22", "kopra")] == [4, 5, 5, 5]
    assert gal.phases["discharge"].entry_date == "discharge"
    assert "discharge_followup" in gal.plans_in(frozenset({"discharge"}))
    assert gal.phases["internship"].overlaps
    assert proaktiv.evaluation is not None
    assert [point.month for point in proaktiv.evaluation.points] == [0, 6, 12, None]
    assert proaktiv.phases["placement"].entry is Entry.STAFF
    others = [shipped(name) for name in ("kopra", "g-a-l", "pro-aktiv", "kopf22")]
    assert [(one.limit, one.caseload) for one in others] == [(None, 0)] * 4
    lands = {name: shipped(name).holidays for name in shipped_programmes()}
    assert lands == {"kopra": "SN", "g-a-l": "BB", "pro-aktiv": "NW", "gecko": "BB", "kopf22": "HE"}
    assert all(one.score_pack == "" and "contact" in one.consents for one in (gecko, *others))


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "remedy"),
    [
        ("format: 1", "format: 2", 1, "the format '2' is not known", "Write 'format: 1'."),
        ("programme: muster", "programme: Muster!", 2, "is not a name", "Use small letters"),
        ("de: Muster, en: Sample", "en: Sample", 3, "no text in the language 'de'", "Write a line 'de: ...'"),
        ("languages: [de, en]", "languages: [en]", 4, "German is missing", "Write: languages: [de, en]."),
        ("languages: [de, en]", "languages: de", 4, "not a list of languages", "Write: languages"),
        ("months: 12", "months: 121", 5, "'months' is not a number from 1 to 120", "Write digits only"),
        ("[9, 11]", "[11, 9]", 5, "not in order", "earlier ones first"),
        ("[9, 11]", "[9, 12]", 5, "month 12 comes when the programme is over", "Warn before month 12."),
        ("[9, 11]", "[9, x]", 5, "not a list of months", "Write: warnings: [18, 21, 23]."),
        ("caseload: 25", "caseload: 0", 6, "not a number from 1", "Write digits"),
        ("caseload: 25", "key: 25", 6, "unknown field 'key'", "Possible here"),
        ("14 days", "36 hours", 7, "not in whole days", "Write for example: 14 days."),
        ("[contact, evaluation]", "[contact, evalution]", 8, "no consent 'evalution'", "Did you mean"),
        ("[contact, evaluation]", "[contact]", 30, "never asks for the consent", "Add it to 'consents'."),
        ("[weekly_checkin]", "[weekly]", 9, "there is no plan 'weekly'", "Did you mean 'weekly_checkin'?"),
        ("caseload: 25", "policies: own", 6, "no file of ladders 'own'", "standard"),
        ("caseload: 25", "score_pack: wai", 6, "no score pack 'wai'", "LOTSE_INSTRUMENTS__SCORES_DIR"),
        *(
            ("caseload: 25", f"your_coach: {{de: {text}, en: your coach}}", 6, "does not fit", "nominative")
            for text in (
                "Coach",
                "Ihr",
                "Der Coach",
                "Ihrem Lotsen",
                "Ihre Lotsin und Ihr Lotse",
                "Ihre Lotsin oder Ihrem Lotsen",
                "Ihr Coach.",
                "Ihr*e Lots*in",
                '"Ihr {coach}"',
                "Ihr Eingliederungsmanagement im Landkreis Muster",
            )
        ),
        ("caseload: 25", "your_coach: {de: Ihr Coach, en: Your coach}", 6, "in 'en'", "like: your coach"),
        ("caseload: 25", "your_coach: {de: Ihr Coach}", 6, "no text in the language 'en'", "'en: ...'"),
        ("caseload: 25", "your_coach: {de: Ihre Therapie, en: your x}", 6, "locked phone", "Ihr Coach"),
        ("caseload: 25", "holidays: XX", 6, "'XX' is not possible", "Possible here"),
        ("caseload: 25", 'working_hours: {mon: "9 to 5"}', 6, "are no hours", '"8:00 to 16:00"'),
        ("    entry: start\n", "", 10, "nobody ever begins", "Write 'entry: start'"),
        ("usual: 4 weeks", "usual: 4 moons", 14, "not a length of time", "6 weeks"),
        ("dialogs: [welcome]", "dialogs: [welcom]", 15, "no dialog 'welcom'", "'welcome'?"),
        ("    dialogs: [welcome]\n", "", 11, "nothing is said or asked", "Name a dialog"),
        ("after: [first]", "after: [frist]", 18, "no phase 'frist'", "'first'?"),
        ("after: [first]", "after: [second]", 18, "nobody ever comes into 'second'", "Name a phase"),
        ("usual: 6 months", "usual: 12 months", 19, "take about 13 months", "Shorten a phase"),
        ("[monthly_check]", "[weekly_checkin]", 20, "runs the whole time already", "one of the two places"),
        ("usual: 6 months", "proposed_at: 12", 19, "proposed when the programme is over", "before month 12"),
        ("usual: 6 months", "leaving: no_such", 19, "no dialog 'no_such'", "Possible here"),
        ("usual: 6 months", "entry_date: birthday", 19, "no date of a person 'birthday'", "discharge"),
        ("review: 8 weeks", "review: 13 months", 24, "again when the programme is over", "before month 12"),
        ("due: 2 weeks", "due: 13 months", 28, "is due when the programme is over", "before month 12"),
        ("at: start}", "at: 13 months}", 32, "comes when the programme is over", "Write 'at: end'."),
        ("at: start}", "at: 3 weeks}", 32, "is no measuring point", "at: 6 months"),
        ("id: end", "id: start", 33, "'start' is there twice", "Rename"),
        ("caseload: 25", "moved: {second: first}", 6, "'second' is still there", "Delete the line"),
        ("caseload: 25", "moved: {old: fist}", 6, "there is no phase 'fist'", "'first'?"),
        (GOOD[GOOD.index("phases:") :], "", 1, "the field 'phases' is missing", "one entry for each phase"),
        ("  first:", "  First:", 11, "not the name of a phase", "Use small letters"),
    ],
)
def test_every_fault_has_its_line_and_a_remedy(old: str, new: str, line: int, what: str, remedy: str) -> None:
    assert old in GOOD
    found = [(one.line, what in one.what, remedy in one.remedy) for one in faults(GOOD.replace(old, new, 1))]
    assert (line, True, True) in found, faults(GOOD.replace(old, new, 1))


def test_a_questionnaire_that_nothing_asks_is_said_and_is_no_fault() -> None:
    source = GOOD.replace("  points:", "  instruments: [phq4, own_items]\n  points:")
    programme = parse_programme(source, "p.yaml")
    assert check_programme(programme, KNOWN) == []
    (one,) = not_asked(programme, KNOWN)
    assert (one.line, one.rule) == (31, "not_asked")
    assert "no dialog 'measuring_phq4'" in one.what
    assert "lotse dialogs publish measuring_phq4.yaml" in one.remedy


def test_the_five_can_be_installed_with_what_is_in_the_package() -> None:
    """WHO-5 has a licence of its own and is not in it."""
    left_out = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    paths = [Path(one) for one in left_out["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]]
    assert {path.parent.name for path in paths} == {"instruments", "flows"}
    in_package = msgspec.structs.replace(
        KNOWN,
        instruments=KNOWN.instruments - {path.name for path in paths},
        dialogs=KNOWN.dialogs - {path.stem for path in paths},
    )
    assert len(in_package.instruments) < len(KNOWN.instruments)
    for name in shipped_programmes():
        assert check_programme(shipped(name), in_package) == []
        assert not_asked(shipped(name), in_package) == []


def test_changes_are_told_with_whom_they_concern() -> None:
    old = parse_programme(GOOD, "old")
    source = GOOD.replace("caseload: 25", "moved: {second: last}").replace("  second:", "  last:")
    found = {
        (one.phase, one.what, one.before, one.after) for one in changes(old, parse_programme(source, "new"))
    }
    assert found == {
        ("", "caseload", "25", "-"),
        ("second", "phases.second", "there", "gone, people go on in last"),
        ("last", "phases.last", "-", "new"),
    }
    longer = parse_programme(GOOD.replace("usual: 6 months", "usual: 7 months"), "new")
    (only,) = changes(old, longer)
    assert (only.phase, only.what, only.before, only.after) == (
        *("second", "phases.second.usual"),
        *("6 months", "7 months"),
    )
    assert longer.phases["second"].usual == Length(months=7)
