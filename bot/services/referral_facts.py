# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's referrals as dialogs may know them, in words to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.domain.referrals import Referral, ReferralState, SendWay
from bot.ports import UnitOfWork
from bot.services.referral_moves import ask_of
from bot.texts import Voice, mark
from dialogs.effects import Value

_STATES: Mapping[ReferralState, str] = {
    ReferralState.PROPOSED: mark("ein Vorschlag. Ohne Ihr Ja geht nichts dorthin"),
    ReferralState.CONSENTED: mark("Sie haben Ja gesagt. Noch ging nichts dorthin"),
    ReferralState.SENT: mark("Ihre Angaben sind weitergegeben"),
    ReferralState.APPOINTMENT_MADE: mark("ein Termin ist eingetragen"),
    ReferralState.FIRST_VISIT: mark("Sie waren dort"),
    ReferralState.RESULT_KNOWN: mark("Es gibt ein Ergebnis. {your_coach} kann es mit Ihnen besprechen"),
}
#: By which way something went, to the person.
WAYS: Mapping[SendWay, str] = {
    SendWay.LOTSE: mark("über Lotse"),
    SendWay.LETTER: mark("mit einem Brief"),
    SendWay.PHONE: mark("am Telefon"),
    SendWay.MAIL: mark("mit einer E-Mail"),
    SendWay.TOGETHER: mark("im gemeinsamen Gespräch"),
}


@dataclass(frozen=True)
class OwnReferrals:
    """The referrals of one person that go on, read when they are asked for."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice
    your_coach: Callable[[], str]

    @cached_property
    def every(self) -> list[Referral]:
        """All that go on, the oldest first."""
        found = self.uow.casework.referrals.of_participant(self.participant_id)
        return [one for one in found if one.is_open]

    @cached_property
    def proposed(self) -> Referral | None:
        """The newest to which the person has not said yes."""
        return next((one for one in reversed(self.every) if one.state is ReferralState.PROPOSED), None)

    def text(self) -> Value | None:
        """All of them, one paragraph each."""
        return "\n\n".join(self._line(one) for one in self.every) or None

    def state(self) -> Value | None:
        """Whether there is a proposal, as a machine word."""
        return self.proposed.state.value if self.proposed else None

    def _line(self, referral: Referral) -> str:
        ask = ask_of(self.uow, referral)
        return self.voice.say(
            "**{number}. {partner}**\nWozu: {why}\nStand: {state}.",
            number=referral.id,
            partner=ask.partner,
            why=ask.why,
            state=self._state(referral.state),
        )

    def _state(self, state: ReferralState) -> str:
        if state is not ReferralState.RESULT_KNOWN:
            return self.voice.say(_STATES[state])
        return self.voice.say(_STATES[state], your_coach=self.your_coach())


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[OwnReferrals], Value | None]] = {
    "referrals": OwnReferrals.text,
    "referral_state": OwnReferrals.state,
}
