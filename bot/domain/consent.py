# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Consent: what a person agreed to, and what may therefore be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import ALWAYS_ALLOWED, DataClass, Kind
from bot.domain.people import Participant, Standing


class Purpose(StrEnum):
    """What a consent is for. Each is asked, given and withdrawn on its own."""

    CONTACT = "contact"
    HEALTH_CHECKINS = "health_checkins"
    HEALTH_IN_MESSENGER = "health_in_messenger"
    SAFETY_PLAN = "safety_plan"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One answer to one consent question, with the exact text that was shown."""

    participant_id: int
    purpose: str
    granted: bool
    text: str
    version: str
    language: str
    channel: str
    at: datetime


Consents = Mapping[str, bool]


def may_send(kind: Kind, participant: Participant, consents: Consents, now: datetime) -> bool:
    """Whether a message of `kind` may go to the person now (promise P4).

    Direct replies, a human's own words and crisis texts always may; whatever we begin ourselves needs
    an active participant, a consent to contact, and no pause.
    """
    if kind in ALWAYS_ALLOWED:
        return True
    if participant.standing is not Standing.ACTIVE or participant.is_paused(now):
        return False
    return consents.get(Purpose.CONTACT, False)


def class_for(channel: DataClass, consents: Consents, agency_allows: bool) -> DataClass:
    """The highest data class that may go to this person on a channel of class `channel` (promise P5)."""
    if agency_allows and consents.get(Purpose.HEALTH_IN_MESSENGER, False):
        return DataClass.HEALTH
    return channel
