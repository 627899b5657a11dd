# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ladders in YAML: what is read, and what is refused because it could leave somebody without a human."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.concerns import Level
from bot.domain.escalation import Rung, Target, Way
from bot.ports import UnitOfWork
from bot.services.escalate import raise_concern
from bot.services.invite import invite
from bot.services.ladder import Ladder, policy_of, snapshot
from bot.services.policies import read_folder, read_policies
from bot.services.visit import Visit
from dialogs.problems import DialogError
from tests.services.stage import Actor, Stage

MINUTES = {number: timedelta(minutes=number) for number in (5, 10, 15, 30)}
HOUR = timedelta(hours=1)

GRAVE = """\
format: 1
policies:
  R3:
    rungs:
      - {after: 0 minutes, call: [owner]}
      - {after: 30 minutes, call: [lead]}
    again_after: 30 minutes
    choose_step_within: 15 minutes
    tell_after: 15 minutes
"""
REST = """\
  R2:
    rungs:
      - {after: 0 minutes, call: [owner]}
      - {after: 4 hours, call: [lead]}
    again_after: 4 hours
    choose_step_within: 1 hour
  R1:
    rungs:
      - {after: 0 minutes, call: [owner]}
      - {after: 8 hours, call: [lead]}
    again_after: 8 hours
    choose_step_within: 4 hours
"""
SOUND = GRAVE + REST


def problems(source: str) -> list[str]:
    with pytest.raises(DialogError) as caught:
        read_policies(source, "test.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("number", ["2", "'zwei'", "[1]"])
def test_a_format_that_is_not_known_is_refused_with_its_line(number: str) -> None:
    [problem] = problems("# Unsere Leitern\n" + SOUND.replace("format: 1", f"format: {number}"))
    assert problem.startswith("test.yaml:2: format '")
    assert problem.endswith("Write 'format: 1'.")


def test_what_ships_is_sound_and_serves_every_programme(stage: Stage) -> None:
    shipped = stage.rules.policies
    assert set(shipped) == {Level.R1, Level.R2, Level.R3}
    for programme in ("", "unknown", "standard"):
        assert stage.run(lambda uow, p=programme: stage.rules.policies_of(uow, 1, p)) == shipped
    called = [rung.targets for rung in shipped[Level.R3].rungs]
    assert called == [(Target.OWNER,), (Target.DEPUTY,), (Target.LEAD,), (Target.DUTY, Target.POOL)]
    waited = sum((rung.after for rung in shipped[Level.R3].rungs), timedelta())
    assert waited == timedelta(minutes=45)
    assert read_policies(SOUND, "test.yaml")[Level.R3].out_of_hours == ()


def test_everything_that_may_be_said_of_a_rung() -> None:
    rung = "      - {after: 30 minutes, clock: wall, call: [lead, duty, lead], where: [mail, messenger]}\n"
    sound = SOUND.replace("      - {after: 30 minutes, call: [lead]}\n", rung)
    sound = sound.replace(
        "    tell_after: 15 minutes\n", "    tell_after: 15 minutes\n    out_of_hours: [duty]\n"
    )
    policy = read_policies(sound, "test.yaml")[Level.R3]
    assert policy.rungs[1] == Rung(
        MINUTES[30], (Target.LEAD, Target.DUTY), working_time=False, where=(Way.MAIL, Way.MESSENGER)
    )
    assert policy.out_of_hours == (Target.DUTY,)


@pytest.mark.parametrize(
    ("first", "last", "gaps", "again"),
    [
        ("", "", [0, 30], 30),
        (", every: 10 minutes", "", [0, 10, 10, 10], 30),
        (", every: 10 minutes, repeat: 1", "", [0, 10, 20], 30),
        (", every: 30 minutes", "", [0, 30], 30),  # the next rung comes then anyway
        (", every: 15 minutes, repeat: 9", ", every: 20 minutes", [0, 15, 15, 20], 10),
    ],
)
def test_a_repeated_call_never_keeps_the_next_rung_waiting(
    first: str, last: str, gaps: list[int], again: int
) -> None:
    sound = SOUND.replace("{after: 0 minutes, call: [owner]", "{after: 0 minutes, call: [owner]" + first, 1)
    sound = sound.replace("{after: 30 minutes, call: [lead]", "{after: 30 minutes, call: [lead]" + last)
    policy = read_policies(sound, "test.yaml")[Level.R3]
    assert [rung.after // timedelta(minutes=1) for rung in policy.rungs] == gaps
    assert policy.again_after == timedelta(minutes=again)
    lead_at = sum((rung.after for rung in policy.rungs if Target.LEAD in rung.targets), timedelta())
    assert lead_at >= policy.rungs[-1].after


REFUSED = [
    ("call: [lead]", "call: [deputy]", 4, "only the coach and the deputy are called"),
    ("call: [lead]", "call: [pool]", 4, "the ladder ends without the lead"),
    ("call: [lead]", "call: [lead], where: [console]", 6, "danger is shown only in the console"),
    ("after: 30 minutes", "after: 61 minutes", 4, "the lead is called later than after 60 minutes"),
    ("after: 30 minutes", "after: 61 minutes", 6, "this rung waits longer than 60 minutes"),
    ("after: 30 minutes", "after: 0 minutes", 6, "this rung does not wait"),
    ("after: 0 minutes", "after: 1 minute", 5, "the first rung waits"),
    ("again_after: 30 minutes", "again_after: 0 minutes", 4, "the ladder ends"),
    ("again_after: 30 minutes", "again_after: 1 day", 4, "'again_after' is longer than 60 minutes"),
    ("within: 15 minutes", "within: 2 hours", 4, "'choose_step_within' is longer than 60 minutes"),
    ("within: 15 minutes", "within: 0 minutes", 4, "'choose_step_within' leaves no time"),
    ("    tell_after: 15 minutes\n", "", 4, "the person is never told"),
    ("    again_after: 30 minutes\n", "", 4, "'again_after' is not a time"),
    ("call: [owner]", "call: [boss]", 5, "'boss' is not possible in 'call'"),
    ("call: [owner]", "call: []", 5, "'call' is empty"),
    (", call: [owner]", "", 5, "this rung calls nobody"),
    ("call: [owner]", "call: [owner], where: [fax]", 5, "'fax' is not possible in 'where'"),
    ("call: [owner]", "call: [owner], clock: moon", 5, "'moon' is not possible for 'clock'"),
    ("call: [owner]", "call: [owner], repeat: 3", 5, "'repeat' does not say how often"),
    ("call: [owner]", "call: [owner], repeat: 99, every: 5 minutes", 5, "'99' is not possible for 'repeat'"),
    ("call: [owner]", "call: [owner], every: soon", 5, "'every' is not a time"),
    ("call: [owner]", "call: [owner], every: 0 minutes", 5, "'every' is no time at all"),
    ("call: [owner]", "call: [owner], every: 0 hours, repeat: 2", 5, "'every' is no time at all"),
    ("call: [owner]", "call: [owner], who: [lead]", 5, "unknown field 'who'"),
    ("  R3:", "  R9:", 3, "'R9' is not a level"),
]


@pytest.mark.parametrize(("old", "new", "line", "what"), REFUSED)
def test_a_ladder_that_could_leave_somebody_alone_is_refused(
    old: str, new: str, line: int, what: str
) -> None:
    assert old in GRAVE
    found = problems(GRAVE.replace(old, new, 1) + REST)
    matching = [text for text in found if text.startswith(f"test.yaml:{line}: ") and what in text]
    assert len(matching) == 1, found
    assert matching[0].count(". ") >= 1  # what is wrong, and what to do


def test_the_console_alone_is_not_enough_at_any_level() -> None:
    mute = REST.replace("[owner]}", "[owner], where: [console]}").replace(
        "[lead]}", "[lead], where: [console]}"
    )
    assert [text for text in problems(GRAVE + mute) if "every rung is shown only in the console" in text]
    half = REST.replace("[owner]}", "[owner], where: [console]}")
    assert read_policies(GRAVE + half, "test.yaml")


def test_the_console_alone_is_not_enough_for_the_lead() -> None:
    quiet = REST.replace("[lead]}", "[lead], where: [console]}")
    assert [text for text in problems(GRAVE + quiet) if "the lead is called only in the console" in text]
    late = quiet.replace("    again_after", "      - {after: 39 hours, call: [lead]}\n    again_after")
    assert [text for text in problems(GRAVE + late) if "the lead is called later than" in text]


def test_a_level_without_a_ladder_is_refused() -> None:
    [problem] = problems(GRAVE)
    assert "there is no ladder for R1" in problem or "there is no ladder for R2" in problem


def test_each_programme_has_its_own_file_and_all_faults_come_together(tmp_path: Path) -> None:
    (tmp_path / "standard.yaml").write_text(SOUND)
    (tmp_path / "clinic.yaml").write_text(SOUND.replace("4 hours, call", "2 hours, call"))
    (tmp_path / "standard_plans.yaml").write_text("format: 1\nplans: {}\n")
    found = read_folder(tmp_path)
    assert set(found) == {"standard", "clinic"}
    assert found["clinic"][Level.R2].rungs[1].after == 2 * HOUR
    (tmp_path / "clinic.yaml").write_text("format: 1\n")
    (tmp_path / "other.yaml").write_text("format: 1\n")
    with pytest.raises(DialogError) as caught:
        read_folder(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {"clinic.yaml", "other.yaml"}


def test_a_concern_keeps_the_ladder_of_its_programme_as_it_was(stage: Stage, berta: Actor) -> None:
    own = read_policies(SOUND, "clinic.yaml")
    shipped = stage.rules
    mia = stage.participant(berta)
    stage.run(lambda uow: uow.people.change_participant(1, programme="clinic"))
    stage.rules = replace(shipped, own_policies={"clinic": own})
    mia.writes("Ich will nicht mehr leben")
    [concern] = stage.concerns()
    assert policy_of(concern) == own[Level.R3]
    assert concern.next_action_at == stage.now + MINUTES[30]
    stage.rules = shipped
    stage.pass_time(minutes=30)
    assert policy_of(stage.concerns()[0]) == own[Level.R3]


def test_the_programme_of_the_invitation_is_kept(stage: Stage, berta: Actor) -> None:
    code = stage.run(lambda uow: invite(uow, stage.rules, berta.id, "clinic", "de", stage.now))
    stage.person().starts(code)
    [person] = stage.run(lambda uow: uow.people.participants(1))
    assert person.programme == "clinic"


def test_a_ladder_from_before_this_release_is_still_climbed(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Ich will nicht mehr leben")
    [concern] = stage.concerns()
    old = (
        '{"level":"R3","rungs":[{"after":"PT0S","targets":["owner"],"working_time":true},'
        '{"after":"PT900S","targets":["lead"],"working_time":true}],"again_after":"PT900S",'
        '"choose_step_within":"PT900S","tell_after":"PT900S"}'
    )
    aged = replace(concern, policy=old)
    stage.run(lambda uow: uow.concerns.save(aged))
    berta.forgets()
    stage.pass_time(minutes=30)
    assert "Meldung R3" in stage.ears[berta.channel, berta.address][0].text


def test_a_rung_calls_only_where_it_says(stage: Stage, berta: Actor) -> None:
    stage.run(lambda uow: uow.people.add_address(1, "console", "browser", staff_id=berta.id))
    sound = SOUND.replace("call: [owner]}", "call: [owner], where: [mail, messenger]}", 1)
    stage.rules = replace(stage.rules, policies=read_policies(sound, "test.yaml"), own_policies={})
    mia = stage.participant(berta)
    mia.writes("Ich will nicht mehr leben")
    [concern] = stage.concerns()

    def channels(policy: str) -> set[str]:
        first = replace(concern, policy=policy, rung=0)
        found = stage.run(lambda uow: Ladder(uow, stage.rules, first, stage.now).climb().reached)
        return {address.channel for address in found}

    assert channels(concern.policy) == {"telegram_staff"}
    anywhere = snapshot(read_policies(SOUND, "test.yaml")[Level.R3])
    assert channels(anywhere) == {"telegram_staff", "console"}


def test_who_hears_that_nobody_has_answered_gets_the_numbers_of_which_it_speaks(
    stage: Stage, berta: Actor
) -> None:
    told = SOUND + "    tell_after: 1 hour\n"  # of R1, the last in the file
    stage.rules = replace(stage.rules, policies=read_policies(told, "test.yaml"), own_policies={})
    mia = stage.participant(berta)
    mia.writes("Können Sie mich bitte anrufen?")
    mia.forgets()
    stage.pass_time(hours=1)
    [told_so] = mia.hears("Es hat sich noch niemand gemeldet. Bitte nutzen Sie jetzt die Nummern oben.")
    assert told_so.text.index("0800 1110111") < told_so.text.index("Es hat sich noch niemand gemeldet.")


def test_who_has_said_nothing_is_not_told_that_nobody_has_answered(stage: Stage, berta: Actor) -> None:
    told = SOUND + "    tell_after: 1 hour\n"  # of R1, the last in the file
    stage.rules = replace(stage.rules, policies=read_policies(told, "test.yaml"), own_policies={})
    mia = stage.participant(berta)

    def grows_silent(uow: UnitOfWork) -> None:
        contact = uow.people.contact_of(1)
        assert contact is not None
        raise_concern(Visit(uow, stage.rules, contact, stage.now), Level.R1, "answer:1", "silence")

    stage.run(grows_silent)
    stage.pass_time(hours=2)
    mia.hears_nothing()
