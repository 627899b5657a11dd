# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The team is managed from the console, but never in secret, and never down to nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from functools import partial

import pytest

from bot.domain.ledger_chain import Note, lengthen
from bot.domain.people import Role, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import audit_chain, manage_staff
from bot.services.manage_staff import Fault, News
from dialogs.programme_edit import with_field
from dialogs.shipped import shipped_programmes
from tests.services.stage import MONDAY, Actor, Stage


def person(stage: Stage, number: int) -> Staff:
    found = stage.run(lambda uow: uow.people.staff(number))
    assert found is not None
    return found


def test_a_new_way_in_is_told_to_its_person_and_to_leads_but_not_to_who_made_it(stage: Stage) -> None:
    """An admin sees no case. With a link for a coach they would see that coach's: so it cannot be secret."""
    berta, lea = stage.staff("Berta Beispiel"), stage.staff("Lea Leitung", Role.LEAD)
    vera = stage.staff("Vera Verwaltung", Role.ADMIN)
    whose, by = person(stage, berta.id), person(stage, vera.id)
    stage.run(lambda uow: manage_staff.tell(uow, stage.rules, whose, News.WAY_IN, by, stage.now))
    stage.deliver()
    for actor in (berta, lea):
        actor.hears("Vera Verwaltung hat gerade für Berta Beispiel einen neuen Zugang zu Lotse gemacht.")
    vera.hears_nothing()


@pytest.mark.parametrize(
    ("whom", "role", "outcome"),
    [
        ("lea", Role.COACH, Fault.ONESELF),
        ("berta", Role.EVALUATOR, Fault.HAS_PEOPLE),
        ("berta", Role.ADMIN, Receipt),
        ("berta", Role.COACH, Receipt),
    ],
)
def test_who_can_have_another_role(stage: Stage, whom: str, role: Role, outcome: object) -> None:
    there = {"berta": stage.staff("Berta Beispiel"), "lea": stage.staff("Lea Leitung", Role.LEAD)}
    stage.participant(there["berta"])
    by, other = person(stage, there["lea"].id), person(stage, there[whom].id)
    done = stage.run(lambda uow: manage_staff.change_role(uow, stage.rules, other, role, by, stage.now))
    assert done == outcome or (outcome is Receipt and isinstance(done, Receipt))
    assert (person(stage, other.id).role is role) == (outcome is Receipt)


def test_who_goes_or_looks_after_nobody_any_more_leaves_a_gap_that_is_told(stage: Stage) -> None:
    berta, karl = stage.staff("Berta Beispiel"), stage.staff("Karl Klein")
    vera = stage.staff("Vera Verwaltung", Role.ADMIN)
    other = stage.staff("Ada Amt", Role.ADMIN)
    stage.run(lambda uow: uow.duty.set_week(1, karl.id, {0: (time(8), time(9))}))
    by, first, second = (person(stage, one.id) for one in (vera, berta, karl))
    other.forgets()
    stage.run(lambda uow: manage_staff.change_role(uow, stage.rules, first, Role.EVALUATOR, by, stage.now))
    stage.deliver()
    assert "Zu diesen Zeiten ist niemand da" in repr(other._take())
    stage.run(lambda uow: manage_staff.let_go(uow, stage.rules, second, by, stage.now))
    stage.deliver()
    assert "Zu diesen Zeiten ist niemand da" in repr(other._take())


def test_the_last_one_who_manages_stays(stage: Stage) -> None:
    lea: Actor = stage.staff("Lea Leitung", Role.LEAD)
    last = person(stage, lea.id)
    stranger = replace(last, id=99)
    change = stage.run(
        lambda uow: manage_staff.change_role(uow, stage.rules, last, Role.COACH, stranger, stage.now)
    )
    leave = stage.run(lambda uow: manage_staff.let_go(uow, stage.rules, last, stranger, stage.now))
    assert (change, leave) == (Fault.LAST, Fault.LAST)


def test_nobody_of_another_agency_is_in_the_team(stage: Stage) -> None:
    lea = stage.staff("Lea Leitung", Role.LEAD)
    assert stage.run(lambda uow: manage_staff.in_team(uow, 1, lea.id)) is not None
    assert stage.run(lambda uow: manage_staff.in_team(uow, 2, lea.id)) is None


def test_the_newest_links_of_the_log_are_checked(stage: Stage) -> None:
    for number in range(7):
        stage.run(partial(_note, at=stage.now, subject=str(number)))
    stage.run(audit_chain.seal)
    whole = stage.run(lambda uow: uow.audit_chain.head(1))
    assert whole is not None
    assert stage.run(lambda uow: audit_chain.verify_newest(uow, 1, 3)) == (3, None)
    assert stage.run(lambda uow: audit_chain.verify_newest(uow, 1, 999)) == (whole.position, None)
    [forged] = lengthen(whole, [Note(10**9, 1, MONDAY, "system", "made_up", "8")])
    stage.run(lambda uow: uow.audit_chain.append([forged]))
    count, broken = stage.run(lambda uow: audit_chain.verify_newest(uow, 1, 3))
    assert count == 3
    assert broken is not None
    assert broken.position == whole.position + 1
    assert stage.run(lambda uow: audit_chain.verify_newest(uow, 2, 3)) == (0, None)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("caseload", "20", "caseload: 20"),
        ("caseload", "", None),
        ("limit", "{months: 30, warnings: [20]}", "limit: {months: 30, warnings: [20]}"),
        ("score_pack", "x", "score_pack: x"),
    ],
)
def test_a_field_is_changed_and_every_other_line_stays(key: str, value: str, expected: str | None) -> None:
    source = shipped_programmes()["gecko"]
    changed = with_field(source, key, value)
    assert changed is not None
    gone = [line for line in source.splitlines() if line not in changed.splitlines()]
    come = [line for line in changed.splitlines() if line not in source.splitlines()]
    assert come == ([expected] if expected else [])
    assert all(line.startswith(f"{key}:") for line in gone)


@pytest.mark.parametrize("source", ["phases:\n  a: {}\n", "a: [", ""])
def test_what_stands_on_several_lines_is_for_a_human(source: str) -> None:
    assert with_field(source, "phases", "x: 1") is None or not source


def _note(uow: UnitOfWork, at: datetime, subject: str) -> None:
    uow.ledger.note(1, at, "system", "made_up", subject)
