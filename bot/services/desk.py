# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One staff member at work within one unit of work."""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services.rulebook import Rulebook
from bot.texts import Voice


class Desk:
    """Collects what is answered to the staff member and what goes to others, and posts it in one go."""

    def __init__(self, uow: UnitOfWork, rules: Rulebook, who: tuple[Staff, Address], now: datetime) -> None:
        self.uow, self.rules, self.now = uow, rules, now
        self.staff, self.address = who
        self.agency = rules.agencies[self.staff.agency_id]
        self.answers: list[Draft] = []
        self.drafts: list[Draft] = []
        self.changed: set[int] = set()
        self.woken: set[str] = set()

    @property
    def voice(self) -> Voice:
        """Our texts in the staff member's language."""
        return self.rules.voice(self.staff.language)

    @property
    def actor(self) -> str:
        """How the history and the audit log name this staff member."""
        return f"staff:{self.staff.id}"

    @property
    def may_show_content(self) -> bool:
        """Whether this channel may carry what participants wrote (promise P5)."""
        return self.agency.class_of(self.address.channel).carries(DataClass.HEALTH)

    def tell(self, body: Body | str, *, concern_id: int | None = None, edit: str = "") -> None:
        """Answer the staff member, or replace the message `edit`."""
        draft = Draft(
            agency_id=self.agency.id,
            address_id=self.address.id,
            channel=self.address.channel,
            kind=Kind.REPLY,
            body=Body(body) if isinstance(body, str) else body,
            staff_id=self.staff.id,
            concern_id=concern_id,
            edit=edit,
        )
        self.answers.append(draft)

    def key(self, concern_id: int, label: str, action: str) -> Key:
        """A button about a concern; `label` is a source text."""
        return Key(self.voice.say(label), f"s:{concern_id}:{action}")

    def focus(self, on: str) -> None:
        """Remember what the next typed words are for, like `reply:17`; empty for nothing."""
        if self.staff.focus != on:
            self.uow.people.change_staff(self.staff.id, focus=on)

    def finish(self, toast: str = "") -> Receipt:
        """Post answers and messages to others. Called once, at the end of the use case."""
        drafts = [*self.answers, *self.drafts]
        if drafts:
            self.uow.outbox.post(drafts, self.now)
        self.woken |= {draft.channel for draft in drafts}
        return Receipt(toast, frozenset(self.woken), frozenset(self.changed))
