# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is expected of whom, as dialogs may know it, in words to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.ports import UnitOfWork
from bot.services.expectation_words import to_person
from bot.texts import Voice
from dialogs.effects import Value


@dataclass(frozen=True)
class OwnExpectations:
    """The topics of one person, read when they are asked for."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice

    def text(self) -> Value | None:
        """All of them, one paragraph each, in the order in which they came up."""
        kept = self.uow.casework.expectations
        topics = kept.of_participant(self.participant_id)
        sides = kept.sides([one.id for one in topics]) if topics else {}
        return "\n\n".join(to_person(self.voice, one, sides.get(one.id, ())) for one in topics) or None


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[OwnExpectations], Value | None]] = {"expectations": OwnExpectations.text}
