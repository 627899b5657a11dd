# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What dialogs may know of a person's own profile."""

from __future__ import annotations

from bot.domain.profiles import Profile, Sharing
from bot.ports import UnitOfWork
from dialogs.effects import Value


def newest(uow: UnitOfWork, participant_id: int) -> Profile | None:
    """The person's last profile, shared or not."""
    kept = uow.casework.profiles.of_participant(participant_id, 1)
    return kept[0] if kept else None


def state(uow: UnitOfWork, participant_id: int) -> Value | None:
    """Whether any profile or score is shared, as a machine word; None where there is none at all."""
    profiles = uow.casework.profiles
    if profiles.of_participant(participant_id, 1, only_shared=True) or profiles.scores(
        participant_id, 1, only_shared=True
    ):
        return Sharing.SHARED.value
    is_there = newest(uow, participant_id) is not None or bool(profiles.scores(participant_id, 1))
    return Sharing.OWN.value if is_there else None
