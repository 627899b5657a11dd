# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the use cases need from outside, as protocols. Storage and channels keep these promises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.access_ports import Access, AuditChain
from bot.audit_ports import Soundness
from bot.calendar_ports import Calendars
from bot.concern_ports import Concerns
from bot.console_ports import Console
from bot.delivery_ports import Outbox
from bot.domain.consent import ConsentRecord, Given
from bot.domain.conversations import ConversationState, Underway
from bot.domain.delivery import SendResult
from bot.domain.messages import DataClass, Incoming, Line, Outgoing
from bot.domain.people import Address, Invitation, Participant, Role, Staff, Standing
from bot.domain.pictures import Picture
from bot.duty_ports import Duty
from bot.help_plan_ports import Casework
from bot.invitation_ports import Invitations
from bot.lasting_ports import Ledger, Memory
from bot.mail_ports import MailLinks
from bot.overview_ports import Overview
from bot.page_ports import OwnPage
from bot.people_view_ports import PeopleView
from bot.reply_ports import CannedReplies
from bot.rights_ports import Retention, Rights, Sharing
from bot.sign_in_ports import SignIns
from bot.story_ports import Stories
from bot.time_ports import Appointments, Plans, Programmes, Timers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A stored conversation. `session` is the engine's own text; only the engine reads it.

    `subject` is what it is about beside the person, like `appointment:17`; see `bot.services.subjects`.
    """

    id: int
    session: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A participant as one statement finds them: by address, locked for this unit of work."""

    participant: Participant
    address: Address
    coach_name: str
    conversation: Conversation | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One stored answer; `value` is the engine's value as JSON text, None where it was skipped."""

    participant_id: int
    conversation_id: int
    dialog: str
    step: str
    key: str
    value: str | None


class People(Protocol):
    """Participants, staff, their addresses and invitations. A fresh participant gets a unique case code."""

    def find_contact(self, channel: str, address: str) -> Contact | None: ...
    def contact_of(self, participant_id: int) -> Contact | None:
        """The person with the open address they used last; None if no address is open."""

    def name_of(self, participant_id: int) -> str: ...
    def add_participant(
        self, agency_id: int, standing: Standing, language: str, coach_id: int | None, name: str = ""
    ) -> int: ...
    def change_participant(self, participant_id: int, **changes: Any) -> None:
        """Set columns by the names of `Participant`'s fields (and `name`)."""

    def shred(self, participant_id: int) -> None:
        """Destroy the person's key, when everything of theirs is gone that need not be kept: last of all.

        What is left lies under the installation's key afterwards; copies elsewhere can never be opened again.
        """

    def participants(self, agency_id: int) -> list[Participant]: ...
    def participants_by(self, numbers: Collection[int]) -> Mapping[int, Participant]:
        """Those participants, by number; not locked."""

    def add_address(
        self,
        agency_id: int,
        channel: str,
        value: str,
        *,
        participant_id: int | None = None,
        staff_id: int | None = None,
    ) -> int:
        """Bind an account to a person: a known one is opened again, that of somebody else moves."""

    def use_address(self, address_id: int, now: datetime) -> None: ...
    def close_address(self, address_id: int) -> None: ...
    def move_address(self, address_id: int, value: str) -> None: ...
    def address(self, address_id: int) -> Address | None: ...
    def add_staff(self, agency_id: int, name: str, role: Role, mail: str, language: str) -> int: ...
    def change_staff(self, staff_id: int, **changes: Any) -> None: ...
    def staff(self, staff_id: int) -> Staff | None: ...
    def find_staff(self, channel: str, address: str) -> tuple[Staff, Address] | None: ...
    def all_staff(self, agency_id: int) -> list[Staff]: ...
    def staff_addresses(self, staff_ids: Sequence[int]) -> list[Address]:
        """Open addresses of these staff members."""

    def add_invitation(self, code: str, new: Invitation) -> int:
        """Keep an invitation, whose own `id` is ignored; only a keyed hash of the code is stored."""

    def find_invitation(self, code: str) -> Invitation | None:
        """The invitation of a code, locked for this unit of work, used or not."""

    def use_invitation(self, invitation_id: int, now: datetime) -> None:
        """Somebody came in by it. It is used then, an open door only when as many have as could."""


class Talks(Protocol):
    """Conversations, answers, consents, and messages that came in."""

    def record_incoming(
        self, incoming: Incoming, agency_id: int, participant_id: int | None, now: datetime
    ) -> int | None:
        """Keep what came in. None if this delivery was already recorded: then nothing may take effect."""

    def open_conversation(
        self, agency_id: int, participant_id: int, dialog: str, session: str, now: datetime
    ) -> int: ...
    def save_conversation(self, conversation_id: int, session: str, now: datetime) -> None: ...
    def want_conversation(self, agency_id: int, wanted: Underway, now: datetime) -> int: ...
    def begin_wanted(self, conversation_id: int, session: str, now: datetime) -> None: ...
    def move_conversation(
        self, conversation_id: int, state: ConversationState, session: str, now: datetime
    ) -> None:
        """Give it the floor again, or take the floor from it. Raises `NotFound` for any other move."""

    def end_conversation(
        self, conversation_id: int, session: str, outcome: str, now: datetime, partial: bool = False
    ) -> None: ...
    def conversation(self, conversation_id: int) -> Underway | None:
        """The conversation, if it has not ended; its participant is locked."""

    def under_way(self, participant_id: int) -> list[Underway]:
        """What has not ended, in the order in which it came to stand as it stands."""

    def add_answers(self, agency_id: int, answers: Iterable[Answer], now: datetime) -> None: ...
    def answers(self, participant_id: int) -> list[Answer]: ...
    def said_since(self, participant_id: int, since: datetime) -> list[str]: ...
    def said_by_stranger(self, address_id: int, since: datetime) -> list[str]: ...
    def add_consent(self, agency_id: int, record: ConsentRecord) -> None:
        """Keep an agreement or a withdrawal; earlier ones stay."""

    def given(self, participant_id: int) -> list[Given]:
        """What decides about a person's consents, the oldest first; see `bot.domain.consent.holding`."""

    def given_by(self, people: Collection[int]) -> Mapping[int, list[Given]]:
        """The same of several people; whoever has none is not there."""

    def consent_records(self, participant_id: int) -> list[ConsentRecord]:
        """All records of a person with their texts, the oldest first."""

    def timeline(self, participant_id: int, limit: int = 200) -> list[Line]:
        """The last lines in both directions, oldest first."""


class UnitOfWork(Protocol):
    """One transaction. Nothing in it can await or send; the storage commits it, not the use case."""

    def serve(self, agency_id: int) -> None:
        """From here on this is about one agency alone; on PostgreSQL others' rows are not there any more."""

    @property
    def people(self) -> People: ...
    @property
    def talks(self) -> Talks: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def concerns(self) -> Concerns: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def programmes(self) -> Programmes: ...
    @property
    def appointments(self) -> Appointments: ...
    @property
    def duty(self) -> Duty: ...
    @property
    def mail_links(self) -> MailLinks: ...
    @property
    def canned_replies(self) -> CannedReplies: ...
    @property
    def soundness(self) -> Soundness: ...
    @property
    def access(self) -> Access: ...
    @property
    def sign_ins(self) -> SignIns: ...
    @property
    def own_page(self) -> OwnPage: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def people_view(self) -> PeopleView: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def audit_chain(self) -> AuditChain: ...
    @property
    def rights(self) -> Rights: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def sharing(self) -> Sharing: ...
    @property
    def calendars(self) -> Calendars: ...
    @property
    def console(self) -> Console: ...
    @property
    def casework(self) -> Casework: ...
    @property
    def overview(self) -> Overview: ...


class Storage(Protocol):
    """Runs use cases, several at once if it can, each whole or not at all."""

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run `use_case` and return its result after the commit.

        Raises what the use case raised (then nothing of it is kept), or `StoreUnavailable`.
        """

    async def healthy(self) -> str:
        """Empty if the database answers and has the right schema, else one line that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel may tell at once about something it handed over; everything else goes by the outbox.

    `toast` is shown over a pressed button, without content. `wake` names the channels that have something to
    send now, `changed` whose timeline or concerns are not as before; `is_danger`: what came in means danger.
    """

    toast: str = ""
    wake: frozenset[str] = frozenset()
    changed: frozenset[int] = frozenset()
    is_danger: bool = False


class Inbox(Protocol):
    """Where channels hand over what came in."""

    async def take(self, incoming: Incoming) -> Receipt:
        """Returns only after everything that follows is committed. The same delivery twice has one effect.

        Raises `StoreUnavailable` when it could not be: without a confirmation the messenger delivers again.
        """


class Pictures(Protocol):
    """The pictures that dialogs may show, all checked when the program started."""

    def find(self, name: str) -> Picture | None:
        """The picture of that name; None if there is none."""

    def read(self, picture: Picture) -> bytes | None:
        """Its content, from a disk; None if the file is gone or is not the one that was checked."""


class Channel(Protocol):
    """One messenger, outgoing side."""

    @property
    def name(self) -> str: ...
    @property
    def default_class(self) -> DataClass: ...
    async def send(self, message: Outgoing) -> SendResult:
        """Send, or edit when `message.edit` is set. Raises nothing: every failure is a result."""
