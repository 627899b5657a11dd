# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's copy and their end, on every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.concerns import Level, State
from bot.domain.people import Standing
from bot.services.erase_person import Reason, erase
from tests.storage.rich_world import enrich
from tests.storage.stores import AGENCY, NOW, World


def test_a_copy_and_then_the_end(world: World) -> None:
    person = enrich(world)
    who = world.do(lambda uow: uow.people.participants_by([person])[person])
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    world.do(
        lambda uow: uow.ledger.note(AGENCY, NOW, f"staff:{world.coach}", "concern_shown", str(concern.id))
    )
    world.do(lambda uow: uow.concerns.save(replace(concern, level=Level.R3, state=State.CLOSED)))
    stored = world.do(lambda uow: uow.rights.stored(person))
    counted = world.do(lambda uow: uow.rights.counts(person))
    # What staff wrote about the person, and one message to staff, are no part of the copy.
    handed = {name: len(rows) for name, rows in stored.items()}
    handed |= {name: handed[name] + 1 for name in ("incoming", "outgoing")}
    assert handed == {
        name: count for name, count in counted.items() if name not in ("person_key", "mail_link")
    }
    assert [(look.role, look.action) for look in world.do(lambda uow: uow.rights.looks(who))] == [
        ("coach", "concern_shown")
    ]
    world.do(lambda uow: erase(uow, who, "command", Reason.WISH, NOW))
    left = world.do(lambda uow: uow.rights.counts(person))
    assert set(left) == {"participant", "consent", "concern", "concern_event", "person_key"}
    (kept,) = world.do(lambda uow: uow.concerns.of_participant(person, open_only=False))
    assert kept.quote
    blank = world.do(lambda uow: uow.people.participants_by([person])[person])
    assert (blank.case_code, blank.standing, blank.coach_id) == (who.case_code, Standing.LEFT, None)
    assert world.do(lambda uow: uow.people.contact_of(person)) is None


def test_what_was_kept_long_enough_goes(world: World) -> None:
    person, later = enrich(world), NOW + timedelta(days=1)
    assert world.do(lambda uow: uow.retention.drop_messages(AGENCY, NOW, 100)) == 0
    assert world.do(lambda uow: uow.retention.drop_messages(AGENCY, later, 2)) == 2
    assert world.do(lambda uow: uow.retention.drop_messages(AGENCY, later, 100)) == 3
    assert world.do(lambda uow: uow.retention.drop_messages(AGENCY, later, 100)) == 0
    # The broken glass alone: its concern is open.
    assert world.do(lambda uow: uow.retention.drop_concerns(AGENCY, later, 100)) == 1
    assert world.do(lambda uow: uow.retention.drop_technical(AGENCY, later, 100)) == 0
    world.do(lambda uow: uow.people.change_participant(person, left_at=NOW))
    assert world.do(lambda uow: uow.retention.ended(AGENCY, later, 100)) == []
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    world.do(lambda uow: uow.concerns.save(replace(concern, state=State.CLOSED)))
    assert world.do(lambda uow: uow.retention.ended(AGENCY, NOW, 100)) == []
    assert world.do(lambda uow: uow.retention.ended(AGENCY, later, 100)) == [person]
    assert world.do(lambda uow: uow.retention.forget(AGENCY, later, 100)) == 0
    who = world.do(lambda uow: uow.people.participants_by([person])[person])
    world.do(lambda uow: erase(uow, who, "command", Reason.ENDED, NOW))
    assert world.do(lambda uow: uow.retention.ended(AGENCY, later, 100)) == []
    assert world.do(lambda uow: uow.retention.forget(AGENCY, later, 100)) == 1
    assert world.do(lambda uow: uow.rights.counts(person)) == {}
