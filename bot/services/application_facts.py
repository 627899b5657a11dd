# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's applications as dialogs may know them, in words to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.domain.applications import Application, ApplicationState, CarrierDecision
from bot.ports import UnitOfWork
from bot.services.application_words import next_text, state_text, title
from bot.texts import Voice
from dialogs.effects import Value


@dataclass(frozen=True)
class OwnApplications:
    """The applications of one person that go on, read when they are asked for."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice

    @cached_property
    def every(self) -> list[Application]:
        """All that go on, the oldest first."""
        found = self.uow.casework.applications.of_participant(self.participant_id)
        return [one for one in found if one.is_open]

    def text(self) -> Value | None:
        """All of them, one paragraph each."""
        return "\n\n".join(self._lines(one) for one in self.every) or None

    def _lines(self, one: Application) -> str:
        say = self.voice.say
        lines = [say("**{number}. {title}**", number=one.id, title=title(self.voice, one))]
        if one.content.what:
            lines.append(say("Wofür: {what}", what=one.content.what))
        lines.append(say("Stand: {state}", state=state_text(self.voice, one)))
        lines.append(say("Als Nächstes: {next}", next=next_text(self.voice, one, is_own=True)))
        is_disputable = one.content.decision in (CarrierDecision.PARTLY, CarrierDecision.NOT_GRANTED)
        if one.state is ApplicationState.DECIDED and is_disputable:
            lines.append(
                say(
                    "Gegen eine Entscheidung kann man Widerspruch einlegen. Bis wann, steht im Bescheid. "
                    "Bitte sprechen Sie bald mit Ihrem Team oder einer Beratungsstelle."
                )
            )
        return "\n".join(lines)


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[OwnApplications], Value | None]] = {"applications": OwnApplications.text}
