# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What one staff member may do at one moment: gathers the facts for `bot.domain.access.may`.

Every command, button and page asks here, again at the moment at which it does something: who stood in this
morning may be nobody by the afternoon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from bot.domain.access import Action, Actor, BrokenGlass, Decision, Party, Relation, Subject, Why, may
from bot.domain.concerns import Event, QueueRow, State
from bot.domain.duty import Team
from bot.domain.people import Participant, Staff
from bot.domain.sharing import SharingAsk
from bot.ports import UnitOfWork
from bot.services import duty
from bot.services.rulebook import Rulebook
from bot.texts import Voice

Row = TypeVar("Row", bound=QueueRow)

#: For so long a closed case can be opened again, and whoever had it in hand can look at it.
REOPEN_WITHIN = timedelta(days=14)
#: What a button of a case needs; all others act on the concern.
_BUTTONS: Mapping[str, Action] = {
    "show": Action.SEE_CONTENT,
    "reply": Action.REPLY,
    "canned": Action.REPLY,
    "say": Action.REPLY,
    "end": Action.REPLY,
    "note": Action.WRITE_NOTE,
}


def needed_for(button: str) -> Action:
    """What somebody must be allowed to press this button of a case, or to say the words that it asks for."""
    return _BUTTONS.get(button, Action.ACT_ON_CONCERN)


def closed_at(uow: UnitOfWork, concern: QueueRow) -> datetime | None:
    """When it was closed last; None if it never was."""
    moments = [at for at, event, *_ in uow.concerns.history(concern.id) if event == Event.CLOSE.value]
    return moments[-1] if moments else None


def refusal(voice: Voice, why: Why | None) -> str:
    """A kind line for whoever may not. It names no person and no case."""
    if why is Why.NOT_YOUR_CASE:
        return voice.say("Um diesen Fall kümmert sich jemand anderes im Team. Es hat sich nichts geändert.")
    return voice.say("Das gehört nicht zu Ihren Aufgaben bei Lotse. Es hat sich nichts geändert.")


class Guard:
    """Answers for one staff member within one unit of work; what it looks up, it looks up once."""

    def __init__(self, uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> None:
        self._uow, self._rules, self._staff, self._now = uow, rules, staff, now
        self._coaches: dict[int, int | None] = {}
        self._closed: dict[int, datetime] = {}
        party = Party(staff.role.value)
        self.actor = Actor(party, staff.id, staff.agency_id, staff.left_at is not None)

    def here(self, action: Action) -> Decision:
        """About the agency: the own desk, the team, texts, numbers."""
        return may(self.actor, action, Subject(self._staff.agency_id))

    def concern(self, concern: QueueRow, action: Action) -> Decision:
        """About one concern. Writes nothing down; see `looks`."""
        return may(self.actor, action, self._about(concern))

    def person(self, person: Participant, action: Action) -> Decision:
        """About a person, whichever concern of theirs it is about, or none."""
        return may(self.actor, action, self._of_person(person))

    def allowed(self, person: Participant) -> frozenset[Action]:
        """Everything that they may do with a person now."""
        subject = self._of_person(person)
        return frozenset(action for action in Action if may(self.actor, action, subject).is_allowed)

    def people(self, people: Iterable[Participant], action: Action) -> list[Participant]:
        """Those of these people with whom it may be done because of who looks after them.

        No concern of theirs and no broken glass counts, so nothing is read for each of them.
        """
        by_coach: dict[int | None, bool] = {}
        found = []
        for person in people:
            if person.coach_id not in by_coach:
                owners = frozenset((person.coach_id,)) if person.coach_id else frozenset[int]()
                about = Subject(
                    person.agency_id,
                    owners=owners,
                    deputies=self._standing_in(owners),
                    is_pooled=person.coach_id is None,
                )
                by_coach[person.coach_id] = may(self.actor, action, about).is_allowed
            if by_coach[person.coach_id] and person.agency_id == self.actor.agency_id:
                found.append(person)
        return found

    def shared(self, ask: SharingAsk) -> Decision:
        """About what a person agreed to share: for its contact, and only while that consent holds."""
        return self._agreed(ask, ask.contact_id, Action.SEE_SHARED)

    def placement(self, ask: SharingAsk, contact_id: int | None) -> Decision:
        """About an internship: for the contact at the firm, and only while the person agrees to it."""
        return self._agreed(ask, contact_id, Action.SEE_PLACEMENT)

    def _agreed(self, ask: SharingAsk, contact_id: int | None, action: Action) -> Decision:
        given = self._uow.talks.given(ask.participant_id)
        holds = ask.is_held(given, self._rules.book.meanings, self._now)
        consented = frozenset((contact_id,)) if holds and contact_id else frozenset[int]()
        subject = Subject(ask.agency_id, ask.participant_id, consented=consented)
        return may(self.actor, action, subject)

    def looks(self, concern: QueueRow, action: Action = Action.SEE_CONTENT) -> Decision:
        """As `concern`, for what is shown or done at once: under a broken glass it is written down."""
        decision = self.concern(concern, action)
        if decision.by is Relation.GLASS:
            glass = self._glasses[concern.participant_id]
            self._note_glass(action, f"{glass.id}:{concern.id}")
        return decision

    def looks_at(self, person: Participant, action: Action) -> Decision:
        """As `person`, for what is shown or done at once: under a broken glass it is written down."""
        decision = self.person(person, action)
        if decision.by is Relation.GLASS:
            glass = self._glasses[person.id]
            self._note_glass(action, f"{glass.id}:{person.case_code}")
        return decision

    def own(self, concerns: Iterable[Row], action: Action = Action.SEE_QUEUE_ROW) -> list[Row]:
        """Those of these concerns with which it may be done, a broken glass not counted."""
        self._coaches.update(self._everybodys_coach)
        found = [(concern, self.concern(concern, action).by) for concern in concerns]
        return [concern for concern, by in found if by not in (None, Relation.GLASS)]

    def know_closed(self, closed: Mapping[int, datetime]) -> None:
        """When these closed concerns were closed: they need not be asked for one by one."""
        self._closed.update(closed)

    def forget_glasses(self) -> None:
        """One was broken in this very unit of work."""
        self.__dict__.pop("_glasses", None)

    def _note_glass(self, action: Action, about: str) -> None:
        actor = f"staff:{self._staff.id}"
        self._uow.ledger.note(self._staff.agency_id, self._now, actor, f"glass_{action.value}", about)

    def _of_person(self, person: Participant) -> Subject:
        held = self._uow.concerns.of_participant(person.id)
        owners = frozenset(filter(None, [person.coach_id, *(one for each in held for one in _holders(each))]))
        return Subject(
            person.agency_id,
            person.id,
            owners=owners,
            deputies=self._standing_in(owners),
            called=self._me_if(any(concern.id in self._called for concern in held)),
            glasses=self._me_if(person.id in self._glasses),
            is_pooled=person.coach_id is None,
        )

    def _about(self, concern: QueueRow) -> Subject:
        lasting = _holders(concern) if concern.is_open or self._is_recent(concern) else set()
        owners = frozenset(filter(None, {self._coach(concern.participant_id), *lasting}))
        return Subject(
            concern.agency_id,
            concern.participant_id,
            owners=owners,
            deputies=self._standing_in(owners),
            called=self._me_if(concern.id in self._called),
            glasses=self._me_if(concern.participant_id in self._glasses),
            is_pooled=concern.owner_id is None and concern.state is State.OPEN,
        )

    def _standing_in(self, owners: Iterable[int]) -> frozenset[int]:
        """The staff member, if they stand in for one of these who is not there now."""
        return self._me_if(
            any(
                not self.team.is_present(owner) and self._is_me(self.team.standing_in(owner))
                for owner in owners
                if owner != self._staff.id
            )
        )

    def _is_me(self, person: Staff | None) -> bool:
        return person is not None and person.id == self._staff.id

    def _me_if(self, is_so: bool) -> frozenset[int]:
        return frozenset((self._staff.id,)) if is_so else frozenset()

    def _is_recent(self, concern: QueueRow) -> bool:
        closed = self._closed.get(concern.id) or closed_at(self._uow, concern)
        return closed is not None and self._now - closed <= REOPEN_WITHIN

    def _coach(self, participant_id: int) -> int | None:
        if participant_id not in self._coaches:
            self._coaches[participant_id] = self._uow.access.coach_of(participant_id)
        return self._coaches[participant_id]

    @cached_property
    def team(self) -> Team:
        """Who is there at this moment."""
        agency_id = self._staff.agency_id
        return duty.team(self._uow, agency_id, self._now, self._rules.hours[agency_id])

    @cached_property
    def _everybodys_coach(self) -> Mapping[int, int | None]:
        return self._uow.access.coaches(self._staff.agency_id)

    @cached_property
    def _called(self) -> frozenset[int]:
        return self._uow.access.called(self._staff.agency_id, self._staff.id)

    @cached_property
    def _glasses(self) -> dict[int, BrokenGlass]:
        found = self._uow.access.glasses(self._staff.id, self._now)
        return {glass.participant_id: glass for glass in found}


def _holders(concern: QueueRow) -> set[int | None]:
    """Who owns it, and who has it in hand."""
    return {concern.owner_id, concern.taken_by if concern.state is not State.OPEN else None}
