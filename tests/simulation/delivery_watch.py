# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""P2, exactly one effect, and P3, nothing unsent: what the messengers saw against what is written."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from bot.domain.messages import Incoming
from bot.ports import Receipt
from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.facts import micros
from tests.simulation.sight import Sight, Watch

_FINAL = frozenset({"sent", "failed", "cancelled"})
_NIGHT = timedelta(hours=11)


class OneEffectWatch(Watch):
    """Watches that each update changes the database in one commit, and is confirmed only after it."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._effects: dict[str, int] = defaultdict(int)

    def committed(self, update: str, changed: int) -> None:
        if not update or not changed:
            return
        self._effects[update] += 1
        if self._effects[update] > 1:
            self.sight.break_("P2", f"update {update} took effect twice")

    def told(self, incoming: Incoming, receipt: Receipt, tries: int) -> None:
        del receipt, tries
        if not self._effects[f"{incoming.channel}:{incoming.delivery}"]:
            self.sight.break_(
                "P2", f"update {incoming.channel}:{incoming.delivery} was confirmed without effect"
            )

    def finished(self) -> None:
        for messenger in self.sight.messengers.values():
            if messenger.waiting:
                self.sight.break_("P2", f"{messenger.waiting} updates of {messenger.name} were never taken")


class NothingUnsentWatch(Watch):
    """Watches the outbox: no row vanishes, none arrives twice without a reason, all come to an end."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._arrived: dict[int, list[Seen]] = defaultdict(list)

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        gone = self.facts.vanished("outgoing")
        if gone:
            self.sight.break_("P3", f"outgoing {gone[:5]} have vanished from the outbox")

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        row = self.facts.one(
            """SELECT a.channel, o.body, o.state FROM outgoing o JOIN address a ON a.id = o.address_id
            WHERE o.id = ?""",
            seen.outgoing,
        )
        if row is None or row[0] != messenger.name:
            self.sight.break_("P3", f"outgoing {seen.outgoing} arrived and was never committed")
            return
        if self.facts.text_of(row[1]) != seen.body.text:
            self.sight.break_("P3", f"outgoing {seen.outgoing} arrived with other words than were committed")
        if row[2] in _FINAL and row[2] != "cancelled":
            self.sight.break_("P3", f"outgoing {seen.outgoing} was sent again after it was {row[2]}")
        earlier = self._arrived[seen.outgoing]
        excused = [old for old in earlier if not old.told or old.sender.is_over or self._has_jumped(old)]
        if len(excused) < len(earlier):
            self.sight.break_("P3", f"outgoing {seen.outgoing} arrived twice, and nothing excuses it")
        earlier.append(seen)

    def finished(self) -> None:
        # What was written at night waits for the morning, also when the story ends in between.
        night = micros(self.sight.clock.now()), micros(self.sight.clock.now() + _NIGHT)
        for number, state, channel, kind, participant, said in self.facts.rows(
            """SELECT id, state, channel, kind, participant_id, message FROM outgoing
            WHERE NOT (state = 'queued' AND attempts = 0 AND wait_until > ? AND wait_until < ?)""",
            *night,
        ):
            what = f"outgoing {number} ({kind} on {channel})"
            arrived = [seen.number for seen in self._arrived[number]]
            if state not in _FINAL:
                self.sight.break_("P3", f"{what} is still {state}")
            elif state == "sent" and said not in arrived and channel in self.sight.messengers:
                self.sight.break_("P3", f"{what} counts as sent and never arrived")
            elif state == "failed" and participant is not None:
                self._check_told(number, participant, what)

    def _check_told(self, number: int, participant: int, what: str) -> None:
        at, edit = self.facts.rows("SELECT settled_at, edit FROM outgoing WHERE id = ?", number)[0]
        told = self.facts.number(
            """SELECT count(*) FROM concern_event e JOIN concern c ON c.id = e.concern_id
            WHERE c.participant_id = ? AND c.source = 'delivery' AND e.at = ?""",
            participant,
            at,
        )
        if not told and not edit:
            self.sight.break_("P3", f"{what} failed and no human was told")

    def _has_jumped(self, seen: Seen) -> bool:
        # A lease is measured on the clock: one that is set wrong in mid-send ends it.
        return self.sight.storm.set_wrong_at >= self.sight.clock.seconds_at(seen.at) - 60
