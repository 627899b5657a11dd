# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Hand-over packs and outcome markers on every store."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.domain.handover_packs import Choice, HandoverPack, Line, PackState, Part, Receiver
from bot.domain.outcome_markers import Finding, Marker, MarkerEntry
from bot.domain.referrals import SendWay
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def test_a_pack_its_versions_and_its_places(world: World) -> None:
    person = world.participant
    new = HandoverPack(0, AGENCY, person, PackState.OPEN, None, NOW, NOW)
    number = world.do(lambda uow: uow.casework.handover_packs.add(new))
    assert number is not None
    assert world.do(lambda uow: uow.casework.handover_packs.add(new)) is None
    assert world.do(lambda uow: uow.casework.handover_packs.open_of(person)) == replace(new, id=number)
    line = Line(Part.STEPS, "step:1", "Anrufen")
    choice = Choice(parts=(Part.STEPS,), left_out=("step:2",), strengths="Kochen", shown=(line,))
    pack = replace(new, id=number, state=PackState.CHOSEN, version=1, choice=choice, changed_at=NOW + HOUR)
    world.do(lambda uow: uow.casework.handover_packs.save(pack))
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.handover_packs.content(pack))
    world.do(lambda uow: uow.casework.handover_packs.freeze(pack, "Erste", NOW))
    second = replace(pack, version=2)
    world.do(lambda uow: uow.casework.handover_packs.freeze(second, "Zweite", NOW))
    assert world.do(lambda uow: uow.casework.handover_packs.content(pack)) == "Erste"
    assert world.do(lambda uow: uow.casework.handover_packs.content(second)) == "Zweite"
    place = Receiver(0, AGENCY, person, number, "Reha Musterstadt", "damit es weitergeht", world.coach, NOW)
    known = replace(place, id=world.do(lambda uow: uow.casework.handover_packs.add_receiver(place)))
    sent = replace(known, ask_id=5, version=2, sent_at=NOW + HOUR, way=SendWay.LETTER)
    assert world.do(lambda uow: uow.casework.handover_packs.receiver(known.id)) == known
    world.do(lambda uow: uow.casework.handover_packs.save_receiver(sent))
    assert world.do(lambda uow: uow.casework.handover_packs.receivers(number)) == [sent]
    closed = replace(pack, state=PackState.CLOSED)
    world.do(lambda uow: uow.casework.handover_packs.save(closed))
    assert world.do(lambda uow: uow.casework.handover_packs.open_of(person)) is None
    again = world.do(lambda uow: uow.casework.handover_packs.add(new))
    assert again is not None
    every = world.do(lambda uow: uow.casework.handover_packs.of_participant(person))
    assert every == [closed, replace(new, id=again)]


def test_what_is_not_there(world: World) -> None:
    new = HandoverPack(99, AGENCY, world.participant, PackState.OPEN, None, NOW, NOW)
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.handover_packs.save(new))
    place = Receiver(99, AGENCY, world.participant, 99, "Reha", "Wozu", world.coach, NOW)
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.handover_packs.save_receiver(place))
    assert world.do(lambda uow: uow.casework.handover_packs.receiver(99)) is None


def test_outcome_markers(world: World) -> None:
    person, day = world.participant, NOW.date()
    first = MarkerEntry(0, AGENCY, person, world.coach, NOW, Marker.HOURS, Finding.FROM_3, day, "Arzt")
    second = replace(first, at=NOW + HOUR, finding=Finding.FROM_6, words="")
    for entry in (first, second):
        world.do(partial(_enter, entry))
    kept = world.do(lambda uow: uow.casework.outcome_markers.of([person, 99]))
    assert [replace(one, id=0) for one in kept[person]] == [first, second]
    assert list(kept) == [person]
    assert world.do(lambda uow: uow.casework.outcome_markers.of([])) == {}


def _enter(entry: MarkerEntry, uow: UnitOfWork) -> None:
    uow.casework.outcome_markers.add(entry)
