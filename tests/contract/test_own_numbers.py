# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Profiles, licensed scores and what belongs to the person's own conversation, on every store."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Body, Draft, Kind
from bot.domain.profiles import Area, Judgement, LicensedScore, Profile
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World, heard


def _talk(world: World) -> int:
    wanted = Underway(
        0, world.participant, "conversation_profile", ConversationState.WANTED, "", 1, Kind.NOTICE, None, ""
    )
    return world.do(lambda uow: uow.talks.want_conversation(AGENCY, wanted, NOW))


def _keep(one: Profile, uow: UnitOfWork) -> None:
    uow.casework.profiles.keep(one)


def _add_score(one: LicensedScore, uow: UnitOfWork) -> int:
    return uow.casework.profiles.add_score(one)


def _post(one: Draft, uow: UnitOfWork) -> None:
    uow.outbox.post([one], NOW)


def test_a_profile_is_one_a_conversation_and_shared_by_itself(world: World) -> None:
    person, first, second = world.participant, _talk(world), _talk(world)
    old = Profile(0, AGENCY, person, first, NOW, {Area.SLEEP: 0, Area.HOPE: 10})
    new = Profile(0, AGENCY, person, second, NOW + HOUR, {Area.SLEEP: 4}, Area.SLEEP)
    for one in (old, replace(new, values={Area.WORK: 1}, first=None), new):
        world.do(partial(_keep, one))
    kept = world.do(lambda uow: uow.casework.profiles.of_participant(person, 9))
    assert [replace(one, id=0) for one in kept] == [old, new]
    world.do(lambda uow: uow.casework.profiles.share(kept[0].id, NOW + HOUR))
    seen = world.do(lambda uow: uow.casework.profiles.of_participant(person, 9, only_shared=True))
    assert seen == [replace(kept[0], shared_at=NOW + HOUR)]
    assert world.do(lambda uow: uow.casework.profiles.of_participant(person, 1)) == kept[1:]
    world.do(lambda uow: uow.casework.profiles.share(kept[0].id, None))
    assert world.do(lambda uow: uow.casework.profiles.of_participant(person, 9, only_shared=True)) == []
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.profiles.share(999, NOW))


def test_a_score_says_its_version_or_why_there_is_none(world: World) -> None:
    person, talk = world.participant, _talk(world)
    counted = LicensedScore(0, AGENCY, person, talk, "demo_score", 2, NOW, 52.5, "second")
    none = replace(counted, value=None, band="", reason="no_answer", items=("clouds",))
    numbers = [world.do(partial(_add_score, one)) for one in (counted, none)]
    kept = [replace(one, id=number) for one, number in zip((counted, none), numbers, strict=True)]
    assert world.do(lambda uow: uow.casework.profiles.scores(person, 9)) == kept
    assert world.do(lambda uow: uow.casework.profiles.score(numbers[1])) == kept[1]
    assert world.do(lambda uow: uow.casework.profiles.score(999)) is None
    world.do(lambda uow: uow.casework.profiles.share_score(numbers[0], NOW))
    [seen] = world.do(lambda uow: uow.casework.profiles.scores(person, 9, only_shared=True))
    assert seen == replace(kept[0], shared_at=NOW)
    words = Judgement(0, AGENCY, person, numbers[0], world.coach, NOW, "Wir sprechen darüber.")
    world.do(lambda uow: uow.casework.profiles.add_judgement(words))
    [written] = world.do(lambda uow: uow.casework.profiles.judgements(person))
    assert replace(written, id=0) == words
    assert "sprechen" not in repr(written)
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.profiles.share_score(999, None))


def test_what_is_the_persons_own_is_not_in_what_staff_see(world: World) -> None:
    person = world.participant
    number = world.do(lambda uow: uow.talks.record_incoming(heard("own", text="7"), AGENCY, person, NOW))
    world.do(lambda uow: uow.talks.record_incoming(heard("other", text="Hallo"), AGENCY, person, NOW))
    assert number is not None
    world.do(lambda uow: uow.casework.profiles.keep_back(number))
    said = Draft(AGENCY, world.address, "telegram", Kind.REPLY, Body("Schlaf?"), person)
    for one in (replace(said, own=True), replace(said, body=Body("Guten Tag"))):
        world.do(partial(_post, one))
    seen = world.do(lambda uow: uow.stories.lines(person, NOW + HOUR, 9))
    assert sorted(line.text for line in seen) == ["Guten Tag", "Hallo"]
    whole = world.do(lambda uow: uow.talks.timeline(person))
    assert sorted(line.text for line in whole) == ["7", "Guten Tag", "Hallo", "Schlaf?"]
