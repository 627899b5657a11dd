# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One participant within one unit of work: who they are, what is open, and what will be said to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.agency import Agency
from bot.domain.consent import Consents, class_for, may_send
from bot.domain.messages import ALWAYS_ALLOWED, Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address, Participant
from bot.ports import Contact, Conversation, UnitOfWork
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from dialogs.engine import Facts
from scheduler.local_time import zone

#: Channels that belong to a messenger company; all others are pages and screens of our own.
MESSENGERS = frozenset({"telegram"})


class Visit:
    """Collects what is to be said and posts it in one go; everything else is written at once."""

    def __init__(self, uow: UnitOfWork, rules: Rulebook, contact: Contact, now: datetime) -> None:
        self.uow = uow
        self.rules = rules
        self.now = now
        self.participant: Participant = contact.participant
        self.address: Address = contact.address
        self.coach_name = contact.coach_name
        self.conversation: Conversation | None = contact.conversation
        self.agency: Agency = rules.agencies[contact.participant.agency_id]
        self.woken: set[str] = set()
        self._drafts: list[Draft] = []
        self._consents: Consents | None = None

    @property
    def voice(self) -> Voice:
        """Our texts in the person's language."""
        return self.rules.voice(self.participant.language)

    @property
    def coach(self) -> str:
        """The coach's name, or a plain word where nobody is assigned."""
        return self.coach_name or self.voice.say("Ihr Team")

    @property
    def consents(self) -> Consents:
        """What the person has agreed to, read once."""
        if self._consents is None:
            self._consents = self.uow.talks.consents(self.participant.id)
        return self._consents

    def forget_consents(self) -> None:
        """Read consents anew, because one was just recorded."""
        self._consents = None

    def change(self, **changes: object) -> None:
        """Change the participant, here and in storage."""
        self.participant = replace(self.participant, **changes)  # type: ignore[arg-type]
        self.uow.people.change_participant(self.participant.id, **changes)

    def carries(self, content: DataClass) -> bool:
        """Whether the channel of this visit may carry `content` for this person (promise P5)."""
        own = self.agency.class_of(self.address.channel)
        if own.carries(content):
            return True
        return class_for(own, self.consents, self.agency.health_in_messenger).carries(content)

    def tell(
        self,
        kind: Kind,
        text: str,
        keys: tuple[tuple[Key, ...], ...] = (),
        *,
        concern_id: int | None = None,
        link: tuple[str, str] = ("", ""),
        dedup: str | None = None,
    ) -> bool:
        """Say something to the person, if the gate lets it through (promise P4). False if it does not."""
        if not self._may(kind):
            return False
        self.send_to(
            Draft(
                agency_id=self.agency.id,
                address_id=self.address.id,
                channel=self.address.channel,
                kind=kind,
                body=Body(text, keys, link[0], link[1]),
                participant_id=self.participant.id,
                concern_id=concern_id,
                dedup=dedup,
                not_before=self._not_before(kind),
            )
        )
        return True

    def send_to(self, draft: Draft) -> None:
        """Post a draft to anybody, together with everything else of this visit."""
        self._drafts.append(draft)
        self.woken.add(draft.channel)

    def finish(self) -> None:
        """Write down what is to be sent. Called once, at the end of the use case."""
        if self._drafts:
            self.uow.outbox.post(self._drafts, self.now)
            self._drafts = []

    def facts(self) -> Facts:
        """What dialogs may know about the person and the place."""
        return Facts(
            language=self.participant.language,
            values={
                "coach": self.coach,
                "programme": self.agency.name,
                "channel_kind": "messenger" if self.address.channel in MESSENGERS else "own",
                "zone": self.participant.zone,
                **self.rules.hours_facts(self.agency, self.voice, self.now),
            },
        )

    def _not_before(self, kind: Kind) -> datetime | None:
        if kind in ALWAYS_ALLOWED or self.rules.quiet is None:
            return None
        allowed = self.rules.quiet.next_allowed(self.now, zone(self.participant.zone))
        return allowed if allowed > self.now else None

    def _may(self, kind: Kind) -> bool:
        # The consents are only read where the kind of message needs them: most are direct replies.
        if may_send(kind, self.participant, {}, self.now):
            return True
        return may_send(kind, self.participant, self.consents, self.now)
