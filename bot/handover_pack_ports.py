# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for the packs that people take along at the end. Part of `ports`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.handover_packs import HandoverPack, Receiver


class HandoverPacks(Protocol):
    """Packs with the versions that people found right, and the places that could get them."""

    def add(self, new: HandoverPack) -> int | None:
        """Keep a new one; its own `id` is ignored. None if the person has one that goes on."""

    def open_of(self, participant_id: int) -> HandoverPack | None:
        """The person's pack that goes on, if there is one."""

    def of_participant(self, participant_id: int) -> list[HandoverPack]:
        """All of a person, the oldest first."""

    def save(self, changed: HandoverPack) -> None:
        """Write down what may change. Raises `NotFound`."""

    def freeze(self, pack: HandoverPack, text: str, now: datetime) -> None:
        """Keep its newest version for good, word for word."""

    def content(self, pack: HandoverPack) -> str:
        """Its newest version. Raises `NotFound`."""

    def add_receiver(self, new: Receiver) -> int:
        """Keep a new one; its own `id` is ignored."""

    def receiver(self, receiver_id: int) -> Receiver | None: ...
    def receivers(self, pack_id: int) -> list[Receiver]:
        """All places of a pack, by number."""

    def save_receiver(self, changed: Receiver) -> None:
        """Write down what is asked about it and what went there. Raises `NotFound`."""
