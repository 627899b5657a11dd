# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One staff member at work within one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property

from bot.domain.access import Action, Why
from bot.domain.concerns import Concern
from bot.domain.messages import Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services.access import Guard, needed_for, refusal
from bot.services.escalate import staff_draft
from bot.services.rulebook import Rulebook
from bot.services.whom import ways_to
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

    @cached_property
    def guard(self) -> Guard:
        """What this staff member may do now."""
        return Guard(self.uow, self.rules, self.staff, self.now)

    def why_not(self, action: Action) -> str:
        """A kind line if they may not do this in their agency; empty if they may."""
        decision = self.guard.here(action)
        return "" if decision.is_allowed else refusal(self.voice, decision.why)

    def why_not_case(self, concern: Concern, button: str) -> str:
        """The same for a button of a case, or the words it asks for; noted under a broken glass."""
        decision = self.guard.looks(concern, needed_for(button))
        if decision.why is Why.OTHER_AGENCY:
            # For whoever is not of the agency, its cases do not exist.
            return self.voice.say("Dieser Knopf gilt nicht mehr.")
        return "" if decision.is_allowed else refusal(self.voice, decision.why)

    def case_refusal(self, code: str, why: Why | None) -> str:
        """The kind line for whoever typed the whole code of a case that is not theirs."""
        line = refusal(self.voice, why)
        if not self.guard.here(Action.BREAK_GLASS).is_allowed:
            return line
        hint = self.voice.say("In einem Notfall: /notfall {case} und dahinter der Grund.", case=code)
        return f"{line}\n{hint}"

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

    def tell_others(
        self,
        concern: Concern,
        people: Iterable[int],
        say: Callable[[Voice], Body | str],
        kind: Kind = Kind.STAFF_NOTICE,
    ) -> None:
        """A line about a concern to these staff members, each way and in their language; not to oneself."""
        for address in ways_to(self.uow, set(people) - {self.staff.id}):
            person = self.uow.people.staff(address.staff_id or 0)
            said = say(self.rules.voice(person.language if person else "de"))
            body = Body(said) if isinstance(said, str) else said
            self.drafts.append(staff_draft(concern, address, kind, body))

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
