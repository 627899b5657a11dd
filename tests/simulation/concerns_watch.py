# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""P1, no lost concern: each has its moment, only a human closes it, danger is answered at once."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.messages import Incoming
from bot.ports import Receipt
from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.facts import micros
from tests.simulation.sight import Sight, Watch

_AT_ONCE_S = 60.0
_LATE_S = 300.0
_OPEN = "SELECT id, state, next_action_at FROM concern WHERE state <> 'closed' ORDER BY id"
_WAITING = """SELECT c.id FROM concern c WHERE c.state <> 'closed' AND NOT EXISTS (
    SELECT 1 FROM timer t WHERE t.dedup = 'concern:' || c.id AND t.state = 'waiting')"""


class ConcernsWatch(Watch):
    """Watches every concern from the first to the last event."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._states: dict[int, str] = {}

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        rows = self.facts.rows(_OPEN)
        now_open = {row[0]: row[1] for row in rows}
        for number, _, next_action in rows:
            if next_action is None:
                self.sight.break_("P1", f"concern {number} is open without a next action")
        for number in sorted(self._states.keys() - now_open.keys()):
            self._check_gone(number)
        self._states = now_open
        for (number,) in self.facts.rows(_WAITING):
            self.sight.break_("P1", f"no timer looks after concern {number}")
        for table in ("concern", "concern_event"):
            gone = self.facts.vanished(table)
            if gone:
                self.sight.break_("P1", f"{table} {gone[:5]} have vanished")

    def told(self, incoming: Incoming, receipt: Receipt, tries: int) -> None:
        del receipt, tries
        grave = {text for person in self.sight.people for text in person.grave}
        if incoming.text not in grave:
            return
        key = f"{incoming.channel}:{incoming.delivery}"
        # A stranger becomes somebody by the answer; what came in was nobody's yet.
        found = self.facts.one(
            """SELECT participant_id FROM outgoing WHERE cause = ? AND participant_id IS NOT NULL
            UNION SELECT participant_id FROM incoming WHERE channel = ? AND delivery = ?
                AND participant_id IS NOT NULL""",
            key,
            incoming.channel,
            incoming.delivery,
        )
        if found is None:
            self.sight.break_("P1", f"nobody knows who wrote {key}, and it was grave")
            return
        self._check_raised(found[0], key)

    def looked(self) -> None:
        if self.sight.calm_for < _LATE_S:
            return
        late = self.sight.clock.now() - timedelta(seconds=_LATE_S)
        for number, kind in self.facts.rows(
            "SELECT id, kind FROM timer WHERE state = 'waiting' AND due_at < ? AND lease_until IS NULL",
            micros(late),
        ):
            self.sight.break_("P1", f"timer {number} ({kind}) is overdue although nothing hinders it")

    def finished(self) -> None:
        for number, kind in self.facts.rows("SELECT id, kind FROM timer WHERE state <> 'waiting'"):
            self.sight.break_("P1", f"timer {number} ({kind}) was parked")

    def _check_closed(self, number: int, outcome: str | None) -> None:
        last = self.facts.one(
            "SELECT event, actor FROM concern_event WHERE concern_id = ? AND event = 'close'"
            " ORDER BY id DESC",
            number,
        )
        if not outcome or last is None or not last[1].startswith("staff:"):
            self.sight.break_("P1", f"concern {number} was not closed by a human with a reason")

    def _check_gone(self, number: int) -> None:
        row = self.facts.one("SELECT state, outcome FROM concern WHERE id = ?", number)
        if row is not None:
            self._check_closed(number, row[1])

    def _check_raised(self, person: int, key: str) -> None:
        raised = self.facts.one(
            """SELECT c.id, c.uncovered FROM concern c JOIN concern_event e ON e.concern_id = c.id
            WHERE c.participant_id = ? AND c.level = 'R3' AND e.event IN ('raised', 'raised_to_R3', 'again')
            ORDER BY e.id DESC""",
            person,
        )
        if raised is None:
            self.sight.break_("P1", f"{key} was grave and raised no concern")
            return
        alerts = self.facts.number(
            "SELECT count(*) FROM outgoing WHERE concern_id = ? AND kind = 'staff_alert'", raised[0]
        )
        if not alerts and not raised[1]:
            self.sight.break_("P1", f"nobody was called for concern {raised[0]}, and it is not marked")
        said = self.facts.rows(
            "SELECT body, address_id FROM outgoing WHERE cause = ? AND kind = 'crisis'", key
        )
        if not any("112" in self.facts.text_of(body) for body, _ in said):
            self.sight.break_("P1", f"{key} was grave and no crisis text was written")


class CrisisWatch(Watch):
    """Watches that a crisis text arrives within a minute where the messenger takes it, and an alert too."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._waiting: dict[int, tuple[float, str]] = {}
        self._last = 0

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        now = self.sight.clock.monotonic()
        for number, kind, address in self.facts.rows(
            "SELECT id, kind, address_id FROM outgoing WHERE id > ? AND kind IN ('crisis', 'staff_alert')",
            self._last,
        ):
            self._waiting[number] = (now, f"{kind} to address {address}")
        self._last = self.facts.number("SELECT max(id) FROM outgoing")

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        del messenger
        self._waiting.pop(seen.outgoing, None)

    def looked(self) -> None:
        now = self.sight.clock.monotonic()
        for number, (since, what) in list(self._waiting.items()):
            state = self.facts.one("SELECT state FROM outgoing WHERE id = ?", number)
            if state is not None and state[0] in ("failed", "cancelled"):
                del self._waiting[number]
            elif now - since > _AT_ONCE_S and self.sight.calm_for > now - since:
                self.sight.break_("P1", f"{what} (outgoing {number}) did not arrive within a minute")
                del self._waiting[number]

    def finished(self) -> None:
        self.looked()
        for number, (_, what) in self._waiting.items():
            self.sight.break_("P1", f"{what} (outgoing {number}) never arrived")
