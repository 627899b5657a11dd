# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""People in programmes: from the yes to the end that a human says, with nothing that moves by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.concerns import Level
from bot.domain.enrolments import Enrolment, Move, TaskKind, current
from bot.domain.people import Participant, Role, Staff, Standing
from bot.errors import NotFound
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import UnitOfWork
from bot.services import assignments, change_programmes, enrolments
from bot.services.assignments import Assigned
from bot.services.due import fire
from bot.services.enrolments import Outcome, Step
from bot.services.escalate import raise_concern
from bot.services.follow_plans import follow
from bot.services.invite import invite
from bot.services.last_contact import contact_ages
from bot.services.person_dates import person_time
from bot.services.programme_tasks import questions
from bot.services.visit import Visit
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError
from dialogs.shipped import shipped_programmes
from scheduler.occurrences import occurrences_between
from tests.services.stage import MONDAY, Actor, Stage

DAY = timedelta(days=1)


def install(stage: Stage, name: str) -> None:
    file = (shipped_programmes()[name], name)
    stage.run(lambda uow: change_programmes.install(uow, stage.rules, AGENCY, file, stage.now))


def arrives(stage: Stage, coach: Actor, programme: str, name: str = "mia") -> tuple[Actor, int]:
    """Somebody opens an invitation and says yes: they, and their number."""
    code = stage.run(lambda uow: invite(uow, stage.rules, coach.id, programme, "de", stage.now))
    actor = stage.person(name)
    actor.starts(code)
    for _ in range(3):
        actor.presses("Ja")
    actor.forgets()
    return actor, max(person.id for person in people(stage))


def people(stage: Stage) -> list[Participant]:
    return stage.run(lambda uow: uow.people.participants(AGENCY))


def theirs(stage: Stage, person: int) -> list[Enrolment]:
    return stage.run(lambda uow: uow.programmes.of_participant(person))


def phases(stage: Stage, enrolment: Enrolment) -> list[str]:
    return list(current(stage.run(lambda uow: uow.programmes.history([enrolment.id]))[enrolment.id]))


def tasks(stage: Stage) -> list[tuple[TaskKind, str]]:
    return [(task.kind, task.mark) for task in stage.run(lambda uow: uow.programmes.tasks(AGENCY))]


def staff(stage: Stage, actor: Actor) -> Staff:
    found = stage.run(lambda uow: uow.people.staff(actor.id))
    assert found is not None
    return found


def by_staff(stage: Stage, act: Callable[..., Any], what: Any, actor: Actor, **more: Any) -> Any:
    who = staff(stage, actor)
    result = stage.run(lambda uow: act(uow, stage.rules, what, who, stage.now, **more))
    stage.deliver()
    return result


def plans_on(stage: Stage, person: int) -> set[str]:
    rows = stage.run(lambda uow: uow.plans.followed(person))
    return {name for name, row in rows.items() if row.is_on}


def moves_to(stage: Stage, to: datetime) -> None:
    """Time passes without the days between: only what an enrolment waits for is looked at."""
    stage.now = to
    timers = stage.run(lambda uow: uow.timers.claim(to, 500, to + timedelta(minutes=1)))
    for timer in timers:
        if timer.kind == "enrolment":
            stage.run(partial(fire, rules=stage.rules, timer=timer, now=to))
    stage.deliver()


def test_a_programme_begins_with_the_yes_and_only_staff_move_anybody(stage: Stage, berta: Actor) -> None:
    install(stage, "g-a-l")
    _, person = arrives(stage, berta, "g-a-l")
    (one,) = theirs(stage, person)
    assert (one.programme, one.version, one.began_at, phases(stage, one)) == ("g-a-l", 1, MONDAY, ["ward"])
    assert "discharge_followup" not in plans_on(stage, person)
    stranger = stage.staff("Karla Kollegin")
    wish = Step(one.id, "discharge", "Entlassen", date(2026, 11, 20))
    assert by_staff(stage, enrolments.enter, wish, stranger) is Outcome.NOT_ALLOWED
    refused = {
        Step(one.id, "discharge", " "): Outcome.NO_REASON,
        Step(one.id, "moon", "x"): Outcome.UNKNOWN_PHASE,
        Step(one.id, "ward", "x"): Outcome.THERE_ALREADY,
        Step(one.id, "working_life", "x"): Outcome.OUT_OF_ORDER,
    }
    for step, outcome in refused.items():
        assert by_staff(stage, enrolments.enter, step, berta) is outcome
    assert by_staff(stage, enrolments.leave, Step(one.id, "internship", "x"), berta) is Outcome.NOT_THERE
    assert phases(stage, one) == ["ward"]
    assert by_staff(stage, enrolments.enter, wish, berta) is Outcome.DONE
    assert phases(stage, one) == ["discharge"]
    assert "discharge_followup" in plans_on(stage, person)
    # An internship runs beside what there is, and its end is a date of the person.
    step = Step(one.id, "internship", "Praktikum", date(2026, 11, 25))
    assert by_staff(stage, enrolments.enter, step, berta) is Outcome.DONE
    assert phases(stage, one) == ["discharge", "internship"]
    assert "internship_check" in plans_on(stage, person)
    step = Step(one.id, "internship", "Zu Ende", date(2027, 1, 15))
    assert by_staff(stage, enrolments.leave, step, berta) is Outcome.DONE
    facts = stage.run(lambda uow: uow.memory.facts(person))
    assert facts["internship_since"] == '"2026-11-25"'
    assert facts["internship_until"] == '"2027-01-15"'
    assert "internship_check" not in plans_on(stage, person)
    with pytest.raises(NotFound):
        by_staff(stage, enrolments.enter, Step(999, "ward", "x"), berta)


def test_day_14_after_the_discharge_is_asked_and_day_15_is_not(stage: Stage, berta: Actor) -> None:
    install(stage, "g-a-l")
    _, person = arrives(stage, berta, "g-a-l")
    (one,) = theirs(stage, person)
    by_staff(stage, enrolments.enter, Step(one.id, "discharge", "Entlassen", date(2026, 11, 23)), berta)

    def days(uow: UnitOfWork) -> set[int]:
        who = uow.plans.lock(person)
        assert who is not None
        plan = stage.rules.plans.in_force(uow, AGENCY).check_ins["discharge_followup"].plan
        time = person_time(uow, stage.rules, who, stage.now)
        found = occurrences_between(plan, time, stage.now, stage.now + 60 * DAY)
        return {(occurrence.planned - date(2026, 11, 23)).days for occurrence in found}

    assert stage.run(days) == {1, 3, 7, 14, 30}


def test_months_18_21_23_and_24(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    lead = stage.staff("Lea Leitung", Role.LEAD)
    _, person = arrives(stage, berta, "gecko")
    (one,) = theirs(stage, person)

    def worry(uow: UnitOfWork) -> None:
        contact = uow.people.contact_of(person)
        assert contact is not None
        visit = Visit(uow, stage.rules, contact, stage.now)
        raise_concern(visit, Level.R1, "text", "unread")
        visit.finish()

    moves_to(stage, datetime(2028, 5, 22, 12, tzinfo=UTC))
    # All that is asked before month 18 is whether it is time for another phase.
    assert {kind for kind, _ in tasks(stage)} == {TaskKind.PHASE_LONG}
    berta.forgets()
    moves_to(stage, datetime(2028, 5, 23, 12, tzinfo=UTC))
    assert (TaskKind.LIMIT_NEAR, "limit:18") in tasks(stage)
    berta.hears("Monat 18")
    lead.hears_nothing()
    moves_to(stage, datetime(2028, 8, 23, 12, tzinfo=UTC))
    berta.hears("Vielleicht ist es Zeit", "Monat 21")
    moves_to(stage, datetime(2028, 10, 22, 12, tzinfo=UTC))
    berta.hears_nothing()
    moves_to(stage, datetime(2028, 10, 23, 12, tzinfo=UTC))
    berta.hears("Monat 23")
    stage.run(worry)
    stage.deliver()
    berta.forgets()
    moves_to(stage, datetime(2028, 11, 22, 12, tzinfo=UTC))
    assert (TaskKind.LIMIT_REACHED, "limit:24") not in tasks(stage)
    moves_to(stage, datetime(2028, 11, 23, 12, tzinfo=UTC))
    berta.hears("Die 24 Monate des Programms sind vorbei. Offene Meldungen: 1.")
    lead.hears("Von selbst endet nichts")
    # Nothing is dropped: the enrolment goes on with its phases, and so does the concern.
    assert theirs(stage, person) == [one]
    assert phases(stage, one) == ["referral_in"]
    assert len(stage.run(lambda uow: uow.concerns.of_participant(person))) == 1
    assert by_staff(stage, assignments.end, (one.id, "Zwei Jahre sind um"), berta) is Outcome.DONE
    assert by_staff(stage, assignments.end, (one.id, "noch einmal"), berta) is Outcome.IS_OVER
    assert tasks(stage) == []
    (gone,) = [each for each in people(stage) if each.id == person]
    assert gone.standing is Standing.LEFT
    assert len(stage.run(lambda uow: uow.concerns.of_participant(person))) == 1


def test_a_question_comes_again_when_staff_want_it_to(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    arrives(stage, berta, "gecko")
    berta.forgets()
    moves_to(stage, MONDAY + 29 * DAY)
    assert tasks(stage) == [(TaskKind.PHASE_LONG, "long:referral_in:2026-11-23")]
    berta.hears("Vielleicht ist es Zeit für die nächste Phase")
    assert berta.presses("In 4 Wochen wieder").toast == "Ich frage in 4 Wochen noch einmal."
    assert berta.presses("Erledigt").toast.startswith("Das ist schon entschieden")
    assert tasks(stage) == []
    later = stage.now + 29 * DAY
    timers = stage.run(lambda uow: uow.timers.claim(later, 500, later + DAY))
    (again,) = [timer for timer in timers if timer.kind == "programme_task"]
    stage.now = later
    stage.run(partial(fire, rules=stage.rules, timer=again, now=later))
    stage.deliver()
    assert [(kind, mark.split(":", 2)[2]) for kind, mark in tasks(stage)] == [
        (TaskKind.PHASE_LONG, "long:referral_in:2026-11-23")
    ]
    berta.hears("Vielleicht ist es Zeit für die nächste Phase")
    assert berta.presses("Erledigt").toast == "Notiert: Das ist entschieden."
    assert tasks(stage) == []


def test_reminders_come_when_the_agency_is_open(stage: Stage) -> None:
    programme = parse_programme(shipped_programmes()["gecko"], "gecko")
    one = Enrolment(1, AGENCY, 1, "gecko", 1, datetime(2024, 2, 29, 9, tzinfo=UTC))
    found = {each.mark: each.at for each in questions(programme, one, [], stage.rules.hours[AGENCY])}
    # 29 November 2025 and 28 February 2026 are Saturdays: asked when the agency opens again.
    assert [found[mark].date() for mark in ("limit:18", "limit:21", "limit:24")] == [
        date(2025, 8, 29),
        date(2025, 12, 1),
        date(2026, 3, 2),
    ]


def test_case_25_and_case_26(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    lead, karl = stage.staff("Lea Leitung", Role.LEAD), stage.staff("Karl Kollege")

    def fill(uow: UnitOfWork) -> None:
        for _ in range(24):
            uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", berta.id)

    stage.run(fill)
    (case_25,) = theirs(stage, arrives(stage, berta, "gecko", "nummer-25")[1])
    assert (case_25.is_over_key, tasks(stage)) == (False, [])
    lead.hears_nothing()
    _, person = arrives(stage, berta, "gecko", "nummer-26")
    (case_26,) = theirs(stage, person)
    assert case_26.awaits_lead
    assert [kind for kind, _ in tasks(stage)] == [TaskKind.OVER_KEY]
    lead.hears("Berta Beispiel begleitet damit 26 Menschen, vorgesehen sind 25.")
    for actor, outcome in ((berta, False), (lead, True), (lead, False)):
        who = staff(stage, actor)
        done = stage.run(lambda uow, w=who: assignments.confirm(uow, case_26.id, w, stage.now))
        assert done is outcome
    (kept,) = theirs(stage, person)
    assert (kept.is_over_key, kept.awaits_lead, kept.confirmed_by) == (True, False, lead.id)
    assert tasks(stage) == []
    assert by_staff(stage, assignments.assign, (person, karl.id), berta) is Assigned.DONE
    assert not theirs(stage, person)[0].is_over_key
    # Back to 25 others: the coach alone cannot, and the lead only on purpose.
    stage.run(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", berta.id))
    assert by_staff(stage, assignments.assign, (person, berta.id), karl) is Assigned.NEEDS_LEAD
    again = (person, berta.id)
    assert by_staff(stage, assignments.assign, again, karl, is_confirmed=True) is Assigned.NEEDS_LEAD
    assert by_staff(stage, assignments.assign, again, lead) is Assigned.NEEDS_LEAD
    assert by_staff(stage, assignments.assign, again, lead, is_confirmed=True) is Assigned.DONE
    assert theirs(stage, person)[0].confirmed_by == lead.id


def test_back_after_leaving_and_in_two_programmes(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    install(stage, "kopra")
    mia, person = arrives(stage, berta, "gecko")
    (first,) = theirs(stage, person)
    # A second invitation is a second enrolment; the coach and the ladders stay those of the first.
    code = stage.run(lambda uow: invite(uow, stage.rules, berta.id, "kopra", "de", stage.now))
    mia.starts(code)
    mia.hears("Schön, Sie sind jetzt auch dort dabei.")
    _, second = theirs(stage, person)
    assert (second.programme, phases(stage, second)) == ("kopra", ["first_contact"])
    assert people(stage)[0].programme == "gecko"
    assert {"weekly_checkin", "wellbeing_fortnightly"} <= plans_on(stage, person)
    assert by_staff(stage, assignments.end, (first.id, "Umzug"), berta) is Outcome.DONE
    assert (people(stage)[0].programme, people(stage)[0].standing) == ("kopra", Standing.ACTIVE)
    assert "wellbeing_fortnightly" not in plans_on(stage, person)
    by_staff(stage, assignments.end, (second.id, "Fertig"), berta)
    assert people(stage)[0].standing is Standing.LEFT
    stage.now += 30 * DAY
    back = stage.run(lambda uow: invite(uow, stage.rules, berta.id, "gecko", "de", stage.now))
    mia.starts(back)
    mia.presses("Ja, gern")
    old, _, new = theirs(stage, person)
    assert (old.id, old.ended_at, new.began_at) == (first.id, MONDAY, stage.now)
    assert new.is_open
    # Nothing of hers is deleted because she had left once.
    ended = stage.run(lambda uow: uow.retention.ended(AGENCY, stage.now + 999 * DAY, 9))
    assert ended == []
    with pytest.raises(NotFound, match="'gecko'"):
        stage.run(lambda uow: invite(uow, stage.rules, berta.id, "geko", "de", stage.now))


def test_the_last_human_contact_against_the_rhythm(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    _, person = arrives(stage, berta, "gecko")
    (one,) = theirs(stage, person)

    def age(at: datetime) -> tuple[int, int, bool]:
        (found,) = stage.run(lambda uow: contact_ages(uow, stage.rules, AGENCY, at))
        return found.rhythm, found.days, found.is_late

    assert age(MONDAY + 7 * DAY) == (7, 7, False)
    assert age(MONDAY + 7 * DAY + timedelta(seconds=1)) == (7, 7, True)
    by_staff(stage, enrolments.enter, Step(one.id, "support", "Los", is_confirmed=True), berta)
    assert age(MONDAY + 14 * DAY) == (14, 14, False)
    assert age(MONDAY + 15 * DAY) == (14, 15, True)


def test_an_upgrade_is_explained_and_nobody_loses_their_phase(stage: Stage, berta: Actor) -> None:
    install(stage, "gecko")
    _, person = arrives(stage, berta, "gecko")
    (one,) = theirs(stage, person)
    by_staff(stage, enrolments.enter, Step(one.id, "situation", "Analyse"), berta)
    old = shipped_programmes()["gecko"]
    gone = old.replace("  situation:\n", "  needs:\n").replace("[situation", "[needs")

    def explained(source: str) -> change_programmes.Explained:
        file = (source, "g.yaml")
        return stage.run(lambda uow: change_programmes.explain(uow, stage.rules, AGENCY, file))

    def upgraded(source: str) -> tuple[int, bool]:
        file = (source, "g.yaml")
        edition, is_new = stage.run(
            lambda uow: change_programmes.upgrade(uow, stage.rules, AGENCY, file, stage.now)
        )
        return edition.version, is_new

    told = explained(gone)
    assert [problem.what for problem in told.stuck] == [
        "the phase 'situation' is gone, and 1 people are in it"
    ]
    assert "situation: referral_in" in told.stuck[0].remedy
    with pytest.raises(DialogError):
        upgraded(gone)
    assert theirs(stage, person) == [one]
    mended = gone.replace("phases:\n", "moved: {situation: needs}\nphases:\n", 1)
    mended = mended.replace(
        "    dialogs: [safety_plan]\n", "    dialogs: [safety_plan]\n    plans: [internship_check]\n"
    )
    told = explained(mended)
    code = people(stage)[0].case_code
    assert told.stuck == ()
    assert {each.change.what: each.people for each in told.changes}["phases.situation"] == (code,)
    assert [(each.case_code, each.comes, each.goes) for each in told.plans] == [
        (code, ("internship_check",), ())
    ]
    assert upgraded(mended) == (2, True)
    assert upgraded(mended) == (2, False)
    (kept,) = theirs(stage, person)
    assert (kept.version, kept.began_at, phases(stage, kept)) == (2, one.began_at, ["needs"])
    lived = stage.run(lambda uow: uow.programmes.history([one.id]))[one.id]
    assert [(event.move, event.phase) for event in lived][-3:] == [
        (Move.UPGRADE, ""),
        (Move.LEAVE, "situation"),
        (Move.ENTER, "needs"),
    ]
    with pytest.raises(NotFound, match="not installed here"):
        explained(shipped_programmes()["kopf22"])


def test_without_an_installed_programme_everything_is_as_before(stage: Stage, berta: Actor) -> None:
    _, person = arrives(stage, berta, "gecko")
    assert theirs(stage, person) == []
    found = next(each for each in people(stage) if each.id == person)
    stage.run(lambda uow: follow(uow, stage.rules, found, stage.now))
    assert "internship_check" in plans_on(stage, person)
