# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One participant within one unit of work: who they are, what is open, and what will be said to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain

from bot.domain.agency import Agency
from bot.domain.channels import kind_of
from bot.domain.consent import Consents, Purpose, class_for, holding, may_send
from bot.domain.messages import ALWAYS_ALLOWED, Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address, Participant
from bot.domain.sharing import SharingAsk
from bot.ports import Contact, Conversation, UnitOfWork
from bot.services import case_facts, consent_facts, contact_news, own_programme, profile_facts, signs_of_life
from bot.services.on_call import duty_at
from bot.services.person_dates import zone_of
from bot.services.publish import with_versions
from bot.services.remembered import NOTHING, KnownFacts, ScoreHistory, deletion_of, encode_value, record_of
from bot.services.rulebook import Rulebook
from bot.services.whom import next_reader
from bot.texts import Voice
from dialogs.effects import NotOffered, StoreScore, Value
from dialogs.engine import Facts
from dialogs.instruments import Duty
from dialogs.session import Session
from scheduler.local_time import local

#: Kinds of channels that belong to a messenger company; all others are pages and screens of our own.
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
        #: Whether what is said now belongs to what the person has not shared, and what they said last.
        self.is_own = False
        self.heard_own: bool | None = None
        self.has_raised = False
        #: Why the person's own words count for more than they say (`concern_context`); empty if they do not.
        self.context = self.evidence = ""
        #: Whether the words come from a page that has shut by itself: somebody else may have typed them.
        self.is_from_shut_page = False
        self.drafts: list[Draft] = []
        self._needed: tuple[str, ...] = ()
        self._consents: Consents | None = None
        self._known: KnownFacts | None = None
        self._history: ScoreHistory | None = None

    @property
    def voice(self) -> Voice:
        """Our texts in the person's language."""
        return self.rules.voice(self.participant.language)

    @property
    def consents(self) -> Consents:
        """What the person has agreed to and what of it holds, read once."""
        if self._consents is None:
            given = self.uow.talks.given(self.participant.id)
            self._consents = holding(given, self.rules.book.meanings, self.now)
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

    def needs(self, content: DataClass) -> tuple[str, ...]:
        """What the person must go on agreeing to, for `content` to be sent to this channel."""
        is_carried = self.agency.class_of(self.address.channel).carries(content)
        return () if is_carried else (Purpose.HEALTH_IN_MESSENGER,)

    @contextmanager
    def needing(self, needs: tuple[str, ...]) -> Iterator[None]:
        """Whatever is said meanwhile needs the person to go on agreeing to these, beside contact."""
        before, self._needed = self._needed, needs
        try:
            yield
        finally:
            self._needed = before

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
        body = Body(text, keys, link[0], link[1])
        return self.show(kind, body, concern_id=concern_id, dedup=dedup)

    def show(
        self,
        kind: Kind,
        body: Body,
        *,
        concern_id: int | None = None,
        dedup: str | None = None,
        until: datetime | None = None,
        subject: str = "",
    ) -> bool:
        """Like `tell`, for a body that is more than words. `until` and `subject`: see `Draft`."""
        if not self._may(kind):
            return False
        self.send_to(
            Draft(
                agency_id=self.agency.id,
                address_id=self.address.id,
                channel=self.address.channel,
                kind=kind,
                body=body,
                participant_id=self.participant.id,
                concern_id=concern_id,
                dedup=dedup,
                not_before=self._not_before(kind),
                not_after=until,
                subject=subject,
                needs=() if kind is Kind.CRISIS else self._needed,
                own=self.is_own and kind is not Kind.CRISIS,
            )
        )
        return True

    def send_to(self, draft: Draft) -> None:
        """Post a draft to anybody, together with everything else of this visit."""
        self.drafts.append(draft)
        self.woken.add(draft.channel)

    def finish(self) -> None:
        """Write down what is to be sent. Called once, at the end of the use case."""
        if self.drafts:
            self.uow.outbox.post(self.drafts, self.now)
            self.drafts = []

    def know(self, session: Session) -> None:
        """Make sure that the book has the versions on which a conversation runs (promise P9).

        Another process may have noticed a new version before this one, and begun on it.
        """
        frames = chain(session.frames, *(past.frames for past in session.history))
        wanted = {(frame.dialog, frame.version) for frame in frames}
        if any(self.rules.book.route(*each) is None for each in wanted):
            self.rules = replace(self.rules, book=with_versions(self.uow, self.rules.book, wanted))

    def facts(self, subject: Mapping[str, Value] = NOTHING) -> Facts:
        """What dialogs may know about the person and the place. Nothing is read before one asks for it.

        `subject` is what a conversation is about; it goes before everything else.
        """
        person = self.participant.id
        if self._known is None:
            self._known = KnownFacts(self._own_fact, self._remembered)
        if self._history is None:
            packs = self.rules.book.packs
            self._history = ScoreHistory(packs, partial(self.uow.memory.scores, person))
        return Facts(
            language=self.participant.language,
            values=KnownFacts(self._own_fact, self._remembered, subject) if subject else self._known,
            history=self._history,
            packs_on=self.rules.packs_on,
            duty=self._duty,
        )

    def remember(self, name: str, value: Value) -> None:
        """Keep a fact about the person beyond this conversation."""
        self.uow.memory.set_fact(self.agency.id, self.participant.id, name, encode_value(value), self.now)
        self._known = None

    def keep_score(self, conversation_id: int, counted: StoreScore) -> None:
        """Keep what was made of the answers of a conversation."""
        record = record_of(counted.score, self.participant.id, conversation_id, self.now)
        if counted.again:
            self.uow.memory.drop_score(record)
        self.uow.memory.add_scores(self.agency.id, [record])
        self._history = None

    def note_not_offered(self, left_out: NotOffered) -> None:
        """Write down that a questionnaire was not asked, and why."""
        subject = f"{self.participant.case_code} {left_out.instrument}: {', '.join(left_out.reasons)}"
        self.uow.ledger.note(self.agency.id, self.now, "system", "not_offered", subject)

    def _remembered(self) -> Mapping[str, str]:
        return self.uow.memory.facts(self.participant.id)

    def _own_fact(self, name: str) -> Value | None:
        own = _OWN_FACTS.get(name)
        if own is not None:
            return own(self)
        if name in consent_facts.FACTS:
            return consent_facts.FACTS[name](self._agreed)
        if name in case_facts.NAMES:
            whose = (self.uow, self.participant.id, self.voice, self.now, lambda: self.consents)
            called = partial(own_programme.your_coach, self.uow, self.rules, self.participant)
            return case_facts.look_up(name, case_facts.Whose(*whose, called))
        return self.rules.hours_facts(self.agency, self.voice, self.now).get(name)

    @property
    def _agreed(self) -> consent_facts.Agreed:
        given = self.uow.talks.given(self.participant.id)
        where = zone_of(self.participant, self.agency)
        return consent_facts.Agreed(given, self.consents, self.voice, where)

    @property
    def quiet_until_day(self) -> str | None:
        """The day on which a pause ends, as an ISO date in the person's zone; None outside a pause."""
        return self._day(self.participant.paused_until) if self.participant.is_paused(self.now) else None

    @property
    def first_agreed_on(self) -> str | None:
        """The day of the first consent to contact, as an ISO date in the person's zone."""
        return self._day(self.uow.memory.first_consent_at(self.participant.id, Purpose.CONTACT))

    @property
    def last_answered_on(self) -> str | None:
        """The day of the last answer, as an ISO date in the person's zone."""
        return self._day(self.uow.memory.last_answer_at(self.participant.id))

    @property
    def shared(self) -> SharingAsk | None:
        """What may go to the partner who was named last."""
        return self._agreed.newest_ask(self.uow.sharing.of_participant(self.participant.id))

    def _day(self, at: datetime | None) -> str | None:
        """The person's calendar day of a moment, as an ISO date."""
        return None if at is None else local(at, zone_of(self.participant, self.agency)).date().isoformat()

    def _duty(self, at: datetime) -> Duty:
        return duty_at(self.uow, self.rules.hours[self.agency.id], self.participant.coach_id, at)

    def _not_before(self, kind: Kind) -> datetime | None:
        quiet = self.rules.quiet_of(self.agency.id)
        if kind in ALWAYS_ALLOWED or quiet is None:
            return None
        allowed = quiet.next_allowed(self.now, zone_of(self.participant, self.agency))
        return allowed if allowed > self.now else None

    def _may(self, kind: Kind) -> bool:
        # The consents are only read where the kind of message needs them: most are direct replies.
        if may_send(kind, self.participant, {}, self.now):
            return True
        return may_send(kind, self.participant, self.consents, self.now)


#: What we know ourselves, beside the hours; each is looked up only when a dialog asks for it. Where nobody is
#: the coach, each dialog has a phrase in the case that its sentences need.
_OWN_FACTS: Mapping[str, Callable[[Visit], Value | None]] = {
    "coach": lambda visit: visit.coach_name or None,
    # To say to whom something is passed on: a coach who is away does not get it (promise P7).
    "who_hears": lambda visit: next_reader(visit.uow, visit.rules, visit.participant, visit.now),
    "your_coach": lambda visit: own_programme.your_coach(visit.uow, visit.rules, visit.participant),
    "programme": lambda visit: own_programme.title_of(visit.uow, visit.rules, visit.participant),
    "channel_kind": lambda visit: "messenger" if kind_of(visit.address.channel) in MESSENGERS else "own",
    "zone": lambda visit: visit.participant.zone,
    "paused_until": lambda visit: visit.quiet_until_day,
    "may_write": lambda visit: visit.consents.get(Purpose.CONTACT, False),
    "enrolled_on": lambda visit: visit.first_agreed_on,
    "deletion": lambda visit: deletion_of(visit.uow.memory.facts(visit.participant.id)),
    "coach_told": lambda visit: contact_news.told(visit.participant, visit.drafts),
    "coach_hears_return": lambda visit: contact_news.hears_return(visit.uow, visit.participant),
    "open_concern": lambda visit: "yes" if visit.uow.concerns.of_participant(visit.participant.id) else None,
    "profile_state": lambda visit: profile_facts.state(visit.uow, visit.participant.id),
    "shared_what": lambda visit: visit.shared.what if visit.shared else None,
    "shared_why": lambda visit: visit.shared.why if visit.shared else None,
    "own_page": lambda visit: "yes" if visit.rules.public_url else None,
    "last_answer_on": lambda visit: visit.last_answered_on,
    "well_in_a_row": lambda visit: signs_of_life.well_in_a_row(visit.uow, visit.participant.id),
    "crisis_text": lambda visit: visit.rules.crisis_text(visit.agency.id, visit.participant.language),
}
