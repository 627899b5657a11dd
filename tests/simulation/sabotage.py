# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lotse broken on purpose, once for each thing that could go wrong; `tests.simulation.test_oracle_bites`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
import pytest

from bot.domain.audit import Fault
from bot.domain.concerns import Concern, Level, Outcome, State
from bot.domain.delivery import SendState
from bot.domain.duty import Team
from bot.domain.messages import Draft, Incoming, Kind
from bot.domain.people import Address
from bot.domain.scores import ScoreRecord
from bot.errors import StoreUnavailable
from bot.house import DEFAULT_AGENCY
from bot.ports import Receipt
from bot.services import (
    audit,
    converse,
    crisis,
    deliver,
    due,
    enrol,
    escalate,
    handle_concern,
    presses,
    receive,
    relay_words,
    unwanted,
    visit,
    whose_turn,
)
from bot.services.audit import Seen
from bot.services.inbox import StorageInbox
from bot.services.remembered import record_of
from bot.services.visit import Visit
from bot.storage.concerns import SqlConcerns
from bot.storage.duty import SqlDuty
from bot.storage.outbox import SqlOutbox
from bot.storage.people import SqlPeople
from bot.storage.talks import SqlTalks
from bot.storage.timers import SqlTimers
from dialogs.engine import advance
from scheduler.local_time import QuietHours

Break = Callable[[pytest.MonkeyPatch], None]


def no_crisis_text(patch: pytest.MonkeyPatch) -> None:
    def answer(visit: Visit, reason: str, quote: str) -> None:
        escalate.raise_concern(visit, Level.R3, "message", reason, quote)

    patch.setattr(crisis, "answer", answer)


def nobody_called(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(escalate, "alerts", lambda *_: [])


def no_timer_for_concerns(patch: pytest.MonkeyPatch) -> None:
    original = SqlTimers.set

    def forgetful(self: SqlTimers, agency_id: int, kind: str, *rest: Any) -> None:
        if kind != escalate.TIMER_KIND:
            original(self, agency_id, kind, *rest)

    patch.setattr(SqlTimers, "set", forgetful)


def closed_by_a_machine(patch: pytest.MonkeyPatch) -> None:
    original = SqlConcerns.save

    def tidy(self: SqlConcerns, concern: Any) -> None:
        done = concern.round > 1
        original(self, _closed(concern) if done else concern)

    patch.setattr(SqlConcerns, "save", tidy)


def handled_twice(patch: pytest.MonkeyPatch) -> None:
    original = SqlTalks.record_incoming
    patch.setattr(SqlTalks, "record_incoming", lambda self, *given: original(self, *given) or 1)


def confirmed_too_early(patch: pytest.MonkeyPatch) -> None:
    original = StorageInbox.take

    async def hasty(self: StorageInbox, incoming: Incoming) -> Receipt:
        try:
            return await original(self, incoming)
        except StoreUnavailable:
            return Receipt()

    patch.setattr(StorageInbox, "take", hasty)


def failures_count_as_sent(patch: pytest.MonkeyPatch) -> None:
    original = SqlOutbox.settle

    def rosy(self: SqlOutbox, results: Any, now: datetime) -> None:
        sent = [
            (n, SendState.SENT, w, None) if s is SendState.QUEUED else (n, s, w, a) for n, s, w, a in results
        ]
        original(self, sent, now)

    patch.setattr(SqlOutbox, "settle", rosy)


def rows_thrown_away(patch: pytest.MonkeyPatch) -> None:
    original = SqlOutbox.release

    def careless(self: SqlOutbox, channel: str) -> int:
        self._link.connection.exec_driver_sql("DELETE FROM outgoing WHERE state = 'sending'")
        return original(self, channel)

    patch.setattr(SqlOutbox, "release", careless)


def failures_kept_secret(patch: pytest.MonkeyPatch) -> None:
    def discreet(uow: Any, rules: Any, message: Any, result: Any, now: datetime) -> Receipt:
        uow.outbox.settle([(message.id, SendState.FAILED, result.reason, None)], now)
        return Receipt()

    patch.setattr(deliver, "_failed", discreet)


def no_gate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(visit, "may_send", lambda *_: True)
    patch.setattr(whose_turn, "may_send", lambda *_: True)
    # What waits is asked about again when it is claimed.
    patch.setattr(unwanted, "_is_wanted", lambda *_: True)


def no_quiet_hours(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(QuietHours, "next_allowed", lambda self, at, zone: at)


def stop_that_does_not_stop(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(enrol, "withdraw", lambda *_, **__: True)


def health_everywhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Visit, "carries", lambda self, content: True)
    patch.setattr(Visit, "needs", lambda self, content: ())


def words_shown_to_staff(patch: pytest.MonkeyPatch) -> None:
    original = escalate.tell_holder

    def chatty(visit: Visit, concern: Any, text: str) -> None:
        original(visit, concern, f"{text} {concern.quote}".replace("{", "").replace("}", ""))

    words_draft = relay_words._words_draft

    def chatty_draft(visit: Visit, concern: Concern, address: Address, text: str, kind: str) -> Draft:
        draft = words_draft(visit, concern, address, text, kind)
        return replace(draft, body=replace(draft.body, text=f"{draft.body.text} {text}"))

    patch.setattr(escalate, "tell_holder", chatty)
    patch.setattr(relay_words, "_words_draft", chatty_draft)


def silent_zero(patch: pytest.MonkeyPatch) -> None:
    original = record_of

    def zero(*given: Any) -> ScoreRecord:
        record = original(*given)
        return record if record.value is not None else replace(record, value=0)

    patch.setattr(visit, "record_of", zero)


def said_and_not_done(patch: pytest.MonkeyPatch) -> None:
    def lazy(visit: Visit, raised: Concern | None, found: Any, text: str) -> None:
        person = visit.participant
        never = (0, person.agency_id, person.id, Level.R1, "message", "", State.OPEN, visit.now)
        told = raised or Concern(*never, person.coach_id, None)
        visit.tell(Kind.REPLY, crisis.handed_on(visit, Level(found.level.value), told))

    patch.setattr(receive, "_free_words", lazy)


def told_before_it_arrived(patch: pytest.MonkeyPatch) -> None:
    original = crisis.answer

    def eager(visit: Visit, reason: str, quote: str) -> None:
        original(visit, reason, quote)
        visit.tell(Kind.CRISIS, f"Ich habe Ihre Nachricht gerade an {visit.coach_name} geschickt.")

    patch.setattr(crisis, "answer", eager)


def words_in_the_log(patch: pytest.MonkeyPatch) -> None:
    original = receive._text

    def noisy(visit: Visit, incoming: Incoming) -> None:
        logging.getLogger("bot").info("somebody wrote %s", incoming.text)
        original(visit, incoming)

    patch.setattr(receive, "_text", noisy)


def always_the_newest_version(patch: pytest.MonkeyPatch) -> None:
    original = advance

    def newest(book: Any, session: Any, *rest: Any) -> Any:
        frames = tuple(
            msgspec.structs.replace(frame, version=book.latest(frame.dialog).version)
            for frame in session.frames
        )
        return original(book, msgspec.structs.replace(session, frames=frames), *rest)

    patch.setattr(converse, "advance", newest)


def old_buttons_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(presses, "_old_button", lambda visit: "")


def ladders_that_stop(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(due._HANDLERS, escalate.TIMER_KIND, lambda *_: Receipt())


def no_deputy(patch: pytest.MonkeyPatch) -> None:
    """Bites in very few runs; so `test_watches_bite` sets the scene for it by hand."""
    patch.setattr(Team, "standing_in", lambda *_: None)


def absences_overlooked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SqlDuty, "absences", lambda *_: [])


def snoozed_and_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handle_concern, "snooze", _without_timer(handle_concern.snooze))


def reopened_and_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handle_concern, "reopen", _without_timer(handle_concern.reopen))


def rests_for_weeks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(handle_concern, "why_not_until", lambda *_: "")


def lowered_by_a_machine(patch: pytest.MonkeyPatch) -> None:
    original = SqlConcerns.save

    def calm(self: SqlConcerns, concern: Any) -> None:
        is_late = concern.round > 0 and concern.level is not Level.R1
        original(self, replace(concern, level=Level.R1) if is_late else concern)

    patch.setattr(SqlConcerns, "save", calm)


def given_away_and_held(patch: pytest.MonkeyPatch) -> None:
    original = SqlConcerns.save

    def sticky(self: SqlConcerns, concern: Any) -> None:
        holder = concern.taken_by or concern.owner_id
        original(self, replace(concern, taken_by=holder))

    patch.setattr(SqlConcerns, "save", sticky)


def leavers_stay(patch: pytest.MonkeyPatch) -> None:
    original = SqlPeople.staff

    def loyal(self: SqlPeople, staff_id: int) -> Any:
        found = original(self, staff_id)
        return replace(found, left_at=None) if found else None

    patch.setattr(SqlPeople, "staff", loyal)


def cries_wolf(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(audit.CHECKS, Fault.CLOSED_BY_NOBODY, lambda *_: Seen(((DEFAULT_AGENCY, 1),)))


def _without_timer(act: Callable[..., Any]) -> Callable[..., Any]:
    def forgetful(*given: Any) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SqlTimers, "set", lambda *_: None)
            return act(*given)

    return forgetful


def _closed(concern: Any) -> Any:
    return replace(concern, state=State.CLOSED, outcome=Outcome.NO_NEED, next_action_at=None)


BREAKS: list[tuple[Break, str]] = [
    (no_crisis_text, "P1"),
    (nobody_called, "P1"),
    (no_timer_for_concerns, "P1"),
    (closed_by_a_machine, "P1"),
    (ladders_that_stop, "P1"),
    (absences_overlooked, "P1"),
    (snoozed_and_forgotten, "P1"),
    (reopened_and_forgotten, "P1"),
    (rests_for_weeks, "P1"),
    (lowered_by_a_machine, "P1"),
    (given_away_and_held, "P1"),
    (handled_twice, "P2"),
    (confirmed_too_early, "P2"),
    (failures_count_as_sent, "P3"),
    (rows_thrown_away, "P3"),
    (failures_kept_secret, "P3"),
    (no_gate, "P4"),
    (no_quiet_hours, "P4"),
    (stop_that_does_not_stop, "P4"),
    (health_everywhere, "P5"),
    (words_shown_to_staff, "P5"),
    (leavers_stay, "P5"),
    (silent_zero, "P6"),
    (said_and_not_done, "P7"),
    (told_before_it_arrived, "P7"),
    (words_in_the_log, "P8"),
    (always_the_newest_version, "P9"),
    (old_buttons_ignored, "P9"),
    (cries_wolf, "audit"),
]
