# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages in and out, and what may go where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class DataClass(StrEnum):
    """How sensitive a text is, and how much a channel may carry (design, section 5)."""

    NEUTRAL = "neutral"
    APPOINTMENT = "appointment"
    HEALTH = "health"

    @property
    def rank(self) -> int:
        """0 for neutral up to 2 for health."""
        return _RANKS[self]

    def carries(self, content: DataClass) -> bool:
        """Whether a channel of this class may carry `content`."""
        return content.rank <= self.rank


_RANKS = {DataClass.NEUTRAL: 0, DataClass.APPOINTMENT: 1, DataClass.HEALTH: 2}


class IncomingKind(StrEnum):
    """What a channel can bring."""

    TEXT = "text"
    PRESS = "press"
    ATTACHMENT = "attachment"
    START = "start"  # /start with or without a code
    BLOCKED = "blocked"  # the person closed the chat for the bot
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that reached a channel.

    `delivery` is the messenger's own id of it; together with `channel` it makes a second delivery
    recognisable. `text` is the typed text, a caption, the code after /start, or what stands on an attachment
    (a poll's question, a file's name). `press` is the token of the pressed button; `message` the messenger's
    id of the message it sits under or that is replied to.
    `edited` says that the text replaces one that was delivered before. `written` is the messenger's second
    (since 1970) in which it was written; 0 where it does not say so. `own` are the words below a quote from
    another chat, with which `text` begins then; None where nothing is quoted.
    """

    channel: str
    delivery: str
    address: str
    kind: IncomingKind
    text: str = ""
    press: str = ""
    attachment: str = ""
    message: str = ""
    language: str = ""
    edited: bool = False
    own: str | None = None
    written: int = field(default=0, compare=False)

    def said_at(self, now: datetime) -> datetime:
        """When it was said: by the messenger's word where it comes late, as after an outage, else now."""
        late = int(now.timestamp()) - self.written
        return now - timedelta(seconds=late) if _ON_TIME < late <= _LATEST else now


#: In seconds. The messenger's clock is not ours, and it keeps what could not be delivered for a day.
_ON_TIME, _LATEST = 30, 86_400


class Kind(StrEnum):
    """Why a message goes out. The order below is the order of urgency."""

    CRISIS = "crisis"
    STAFF_ALERT = "staff_alert"
    RELAY = "relay"  # a human's own words, in either direction
    REPLY = "reply"  # the direct answer to something the person just did
    STAFF_NOTICE = "staff_notice"
    NOTICE = "notice"  # we begin: receipts, answers of timers
    CONSENT = "consent"  # we ask anew what was agreed to, because its text means something else by now
    REMINDER = "reminder"

    @property
    def priority(self) -> int:
        """0 is the most urgent. Fixed numbers, because they are stored."""
        return _PRIORITIES[self]


_PRIORITIES = {
    Kind.CRISIS: 0,
    Kind.STAFF_ALERT: 10,
    Kind.RELAY: 20,
    Kind.REPLY: 30,
    Kind.STAFF_NOTICE: 40,
    Kind.NOTICE: 50,
    Kind.CONSENT: 55,
    Kind.REMINDER: 60,
}

#: Up to this priority nothing waits behind what is not urgent, on any way.
URGENT = Kind.STAFF_ALERT.priority
LEAST_URGENT = max(_PRIORITIES.values())

#: What we begin ourselves, towards a person: the gate looks at it once more just before it is sent.
BEGUN_BY_US = frozenset({Kind.NOTICE, Kind.CONSENT, Kind.REMINDER})
#: What a person gets even when paused, stopped or at night: answers to their own doing, and help.
ALWAYS_ALLOWED = frozenset({Kind.CRISIS, Kind.REPLY, Kind.RELAY})


@dataclass(frozen=True, slots=True)
class Key:
    """A button: what it says, and the token that comes back (at most 64 bytes)."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says, free of any messenger's markup. `link` is shown as a button of its own.

    `picture` is a file's name, see `bot.ports.Pictures`; `alt` says in the person's language what is to be
    seen there, and `picture_label` is the word "picture" in it.
    """

    text: str
    keys: tuple[tuple[Key, ...], ...] = ()
    link: str = ""
    link_label: str = ""
    picture: str = ""
    alt: str = ""
    picture_label: str = ""

    @property
    def picture_in_words(self) -> str:
        """A line for whoever cannot see the picture: `[Bild: Ein Leuchtturm]`; empty without words for it."""
        return f"[{self.picture_label}: {self.alt}]" if self.picture and self.alt else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent: it becomes an `Outgoing` when it is committed.

    `edit` is the messenger's id of a message of ours that this one replaces.
    `not_before` holds it back; `dedup` makes a second draft with the same key disappear. `not_after` is its
    end: from then on it is not sent but cancelled. `subject` is what it is about beside a person, as of a
    conversation (`appointment:17`), for whoever has to learn that it was too late. `needs` names what the
    person must agree to for it, beside contact: without one of these it is not sent. `own`: it belongs to
    what the person has not shared, and staff do not see it.
    """

    agency_id: int
    address_id: int
    channel: str
    kind: Kind
    body: Body
    participant_id: int | None = None
    concern_id: int | None = None
    staff_id: int | None = None
    edit: str = ""
    not_before: datetime | None = None
    dedup: str | None = None
    not_after: datetime | None = None
    subject: str = ""
    needs: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message on its way to a channel. `cause` is what it goes back to, as logs name it.

    `zone` is the time zone of the participant whom it is about; empty if it is about nobody. `needs` and
    `subject`: see `Draft`.
    """

    id: int
    address_id: int
    address: str
    channel: str
    kind: Kind
    body: Body
    attempts: int = 0
    edit: str = ""
    cause: str = ""
    agency_id: int = 0
    zone: str = ""
    participant_id: int | None = None
    needs: tuple[str, ...] = ()
    subject: str = ""


class Direction(StrEnum):
    """Which way a line of the timeline went."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a person's timeline, for those who may see it."""

    id: int
    direction: Direction
    at: datetime
    text: str
    kind: str
    staff_id: int | None = None
    state: str = ""
    keys: tuple[tuple[Key, ...], ...] = field(default=())
    link: str = ""
    link_label: str = ""
    picture: str = ""
    alt: str = ""
