# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person agreed to, in words that a dialog can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.consent import RESTRICTION, RESTS, Consents, Given, Purpose, standing
from bot.domain.sharing import SharingAsk
from bot.texts import Voice
from dialogs.effects import Value
from dialogs.own_words import words_for
from dialogs.rendering import spoken_date
from scheduler.local_time import local


@dataclass(frozen=True, slots=True)
class Agreed:
    """The records of one person, what of them holds, and how dates are said to them."""

    given: Sequence[Given]
    consents: Consents
    voice: Voice
    zone: ZoneInfo

    def told(self, purpose: str) -> str:
        """Whether it holds and since when, in words."""
        record = standing(self.given).get(purpose)
        if record is None:
            return self.voice.say("Nein")
        if self.consents.get(purpose, False):
            return self.voice.say("Ja, seit {day}", day=self._day(record.at))
        if RESTRICTION in standing(self.given) and record.purpose in RESTS:
            return self.voice.say("Ihr Ja ruht, solange Ihre Daten nur aufbewahrt werden")
        if record.valid_until is not None:
            return self.voice.say("Ihr Ja galt bis {day}", day=self._day(record.valid_until))
        return self.voice.say("Ihr Ja ruht, weil der Text ein anderer geworden ist")

    def partner(self) -> str | None:
        """The partner with whom something may be shared that was named last."""
        stands = standing(self.given)
        named = (one for one in reversed(self.given) if one.purpose == Purpose.SHARING)
        return next((one.object for one in named if stands.get(one.key) is one), None)

    def newest_ask(self, asks: Sequence[SharingAsk]) -> SharingAsk | None:
        """What was asked last about that partner."""
        partner = self.partner()
        return next((one for one in reversed(asks) if one.partner == partner), None) if partner else None

    def _day(self, at: datetime) -> str:
        return spoken_date(local(at, self.zone).date(), words_for(self.voice.language))


def _told(purpose: Purpose) -> Callable[[Agreed], Value | None]:
    return lambda agreed: agreed.told(purpose)


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[Agreed], Value | None]] = {
    "consent_contact": _told(Purpose.CONTACT),
    "consent_checkins": _told(Purpose.HEALTH_CHECKINS),
    "consent_messenger": _told(Purpose.HEALTH_IN_MESSENGER),
    "consent_safety_plan": _told(Purpose.SAFETY_PLAN),
    "consent_evaluation": _told(Purpose.EVALUATION),
    "may_evaluate": lambda agreed: agreed.consents.get(Purpose.EVALUATION, False),
    "may_ask_health": lambda agreed: agreed.consents.get(Purpose.HEALTH_CHECKINS, False),
    "restricted": lambda agreed: "yes" if RESTRICTION in standing(agreed.given) else None,
    "sharing_with": lambda agreed: agreed.partner(),
}
