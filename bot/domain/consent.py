# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Consent: what a person agreed to, what of it holds now, and what may therefore be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
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
    SHARING = "sharing"  # with one partner, who is the record's object
    EVALUATION = "evaluation"
    SAFETY_PLAN = "safety_plan"


#: Not a consent but among their records: the person wants their data to be only kept (Art. 18 GDPR).
RESTRICTION = "restriction"
#: What they agreed to and what rests meanwhile.
RESTS = frozenset({Purpose.HEALTH_CHECKINS, Purpose.EVALUATION, Purpose.SHARING})


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One agreement with the exact text that was shown, or one withdrawal, which needs no text.

    There is none for a "no" where nothing had been agreed to: nothing is held against anybody. `object` is
    whom the purpose is about: the partner of `sharing`, with the purpose one agreement for each. `meaning`
    counts what the text means, `version` is every wording's own. From `valid_until` on it holds no more.
    """

    participant_id: int
    purpose: str
    granted: bool
    text: str
    version: str
    language: str
    channel: str
    at: datetime
    meaning: int = 1
    object: str = ""
    valid_until: datetime | None = None

    @property
    def text_hash(self) -> str:
        """SHA-256 of the text in hexadecimal; empty for a withdrawal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest() if self.text else ""


@dataclass(frozen=True, slots=True)
class Given:
    """A record as far as it decides what holds: see `ConsentRecord`."""

    purpose: str
    granted: bool
    at: datetime
    meaning: int = 1
    object: str = ""
    valid_until: datetime | None = None

    @property
    def key(self) -> str:
        """What it is an answer about: the purpose, and with an object `sharing:NAME`."""
        return f"{self.purpose}:{self.object}" if self.object else self.purpose


#: By `Given.key`: True if it holds now; False if it was agreed to and never withdrawn, but its time is over
#: or its text means something else by now. What was not agreed to, or was withdrawn, is not there.
Consents = Mapping[str, bool]


def standing(given: Iterable[Given]) -> dict[str, Given]:
    """What was agreed to and not withdrawn, each by the newest record. `given` has the oldest first."""
    newest = {one.key: one for one in given}
    return {key: one for key, one in newest.items() if one.granted}


def holding(given: Iterable[Given], meanings: Mapping[str, int], now: datetime) -> Consents:
    """What holds now. `meanings` says by purpose what the present texts mean (at least 1).

    While data is only kept, what would use it does not hold.
    """
    stands = standing(given)
    resting = RESTS if RESTRICTION in stands else frozenset[Purpose]()
    return {
        key: one.purpose not in resting
        and one.meaning >= meanings.get(one.purpose, 1)
        and not _is_over(one, now)
        for key, one in stands.items()
        if key != RESTRICTION
    }


def to_ask_again(given: Iterable[Given], meanings: Mapping[str, int], now: datetime) -> dict[str, int]:
    """What was agreed to under another meaning, by key, and what the present text means.

    Whose time was over anyway is not asked again, and nothing about what rests because data is only kept.
    """
    stands = standing(given)
    resting = RESTS if RESTRICTION in stands else frozenset[Purpose]()
    return {
        key: meanings[one.purpose]
        for key, one in stands.items()
        if one.purpose not in resting
        and one.meaning < meanings.get(one.purpose, 1)
        and not _is_over(one, now)
    }


def may_send(kind: Kind, participant: Participant, consents: Consents, now: datetime) -> bool:
    """Whether a message of `kind` may go to the person now (promise P4).

    Direct replies, a human's own words and crisis texts always may; whatever we begin ourselves needs
    an active participant, a consent to contact, and no pause. To ask anew what a text means by now, that
    they once agreed to contact is enough.
    """
    if kind in ALWAYS_ALLOWED:
        return True
    if participant.standing is not Standing.ACTIVE or participant.is_paused(now):
        return False
    if kind is Kind.CONSENT:
        return Purpose.CONTACT in consents
    return consents.get(Purpose.CONTACT, False)


def class_for(channel: DataClass, consents: Consents, agency_allows: bool) -> DataClass:
    """The highest data class that may go to this person on a channel of class `channel` (promise P5)."""
    if agency_allows and consents.get(Purpose.HEALTH_IN_MESSENGER, False):
        return DataClass.HEALTH
    return channel


def _is_over(one: Given, now: datetime) -> bool:
    return one.valid_until is not None and one.valid_until <= now
