# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""P1 where staff are: whoever is there is called, what rests comes back, only people lower or take over."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.facts import micros, moment
from tests.simulation.sight import Sight, Watch

_ZONE = ZoneInfo("Europe/Berlin")
_EVENTS = "SELECT id, concern_id, event, actor, at FROM concern_event WHERE id > ? ORDER BY id"
_CONCERN = "SELECT level, owner_id, rung, next_action_at, policy, raised_at FROM concern WHERE id = ?"
_CALLED = """SELECT DISTINCT a.staff_id FROM outgoing o JOIN address a ON a.id = o.address_id
    WHERE o.concern_id = ? AND o.kind = 'staff_alert' AND o.posted_at = ?"""
_WRONG_TIMER = """SELECT c.id FROM concern c JOIN timer t ON t.dedup = 'concern:' || c.id
    WHERE t.state = 'waiting' AND t.attempts = 0 AND c.state <> 'closed' AND t.due_at <> c.next_action_at"""
#: A rest of fourteen days may end while the agency is closed: Christmas to New Year, and a weekend.
_LONGEST_REST = timedelta(days=14 + 5)
#: No working time in a ladder is longer than a week; holidays may double it.
_LONGEST_WAIT = timedelta(days=21)


class Presence:
    """Who is there, by plain SQL. Somebody with hours of their own may or may not be at work: unsure."""

    def __init__(self, watch: Watch) -> None:
        self._facts = watch.facts

    def is_there(self, staff: int | None, at: int) -> bool:
        """In the team and not on leave."""
        return bool(
            self._facts.number(
                """SELECT count(*) FROM staff s WHERE s.id = ? AND s.left_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM absence a WHERE a.staff_id = s.id AND a.since <= ?
                    AND (a.until IS NULL OR a.until > ?))""",
                staff,
                at,
                at,
            )
        )

    def surely_called(self, staff: int, at: int) -> bool:
        """There at any hour, and with an open way."""
        own_hours = self._facts.number("SELECT count(*) FROM working_day WHERE staff_id = ?", staff)
        way = self._facts.number("SELECT count(*) FROM address WHERE staff_id = ? AND state = 'open'", staff)
        return self.is_there(staff, at) and bool(way) and not own_hours

    def deputies(self, staff: int, at: int) -> list[int]:
        """Who is named for somebody at a moment: for this absence first, then for always."""
        named = self._facts.rows(
            """SELECT deputy_id FROM absence WHERE staff_id = ? AND since <= ?
            AND (until IS NULL OR until > ?)""",
            staff,
            at,
            at,
        ) + self._facts.rows("SELECT deputy_id FROM staff WHERE id = ?", staff)
        return [deputy for (deputy,) in named if deputy is not None]

    def leads(self) -> list[int]:
        """Everybody who leads."""
        return [row[0] for row in self._facts.rows("SELECT id FROM staff WHERE role = 'lead' ORDER BY id")]


class CallsWatch(Watch):
    """Watches each call of a ladder: it reaches somebody who is there, first the owner or the deputy."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._last = 0
        self._presence = Presence(self)
        self._rungs: dict[int, tuple[int, int]] = {}

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        calls: dict[int, list[int]] = {}
        for number, concern, event, actor, at in self.facts.rows(_EVENTS, self._last):
            self._last = number
            calls.setdefault(concern, [])
            if event == "called":
                calls[concern].append(at)
                self._check_called(concern, at)
            elif event == "nobody_reachable":
                self._check_nobody(concern, at)
            elif event == "snooze":
                self._check_rest(concern, at)
            if actor.startswith("staff:"):
                self._check_actor(concern, event, int(actor.partition(":")[2]), at)
        for concern, moments in calls.items():
            self._check_rungs(concern, moments)

    def _check_rungs(self, concern: int, moments: list[int]) -> None:
        """A ladder climbs past a rung only where nobody on it is there."""
        rung, round_ = self.facts.rows("SELECT rung, round FROM concern WHERE id = ?", concern)[0]
        before, round_before = self._rungs.get(concern, (0, 0))
        self._rungs[concern] = (rung, round_)
        if not moments or round_ != round_before or rung - before <= len(moments):
            return
        _, owner, _, _, policy, _ = self.facts.rows(_CONCERN, concern)[0]
        for passed in json.loads(policy)["rungs"][before : rung - len(moments)]:
            on_it = [owner] if "owner" in passed["targets"] and owner is not None else []
            on_it += self._presence.leads() if "lead" in passed["targets"] else []
            if not passed.get("where") and any(self._presence.surely_called(s, moments[0]) for s in on_it):
                self.sight.break_("P1", f"concern {concern}: a rung was skipped on which somebody is there")

    def _check_called(self, concern: int, at: int) -> None:
        called = [row[0] for row in self.facts.rows(_CALLED, concern, at)]
        if not any(self._presence.is_there(staff, at) for staff in called):
            self.sight.break_("P1", f"concern {concern} counts as called, and nobody who is there was")
        _, owner, rung, _, policy, raised_at = self.facts.rows(_CONCERN, concern)[0]
        # A ladder that reaches nobody on its first rung climbs on at once.
        is_first = rung == 1 or (rung > 1 and at == raised_at)
        # Where the first rung calls others, the deputy has a rung of their own.
        calls_owner = json.loads(policy)["rungs"][0]["targets"][0] == "owner"
        if not is_first or owner is None or not calls_owner or self._presence.is_there(owner, at):
            return
        wanted = next((d for d in self._presence.deputies(owner, at) if self._presence.is_there(d, at)), None)
        if wanted is not None and self._presence.surely_called(wanted, at) and wanted not in called:
            self.sight.break_("P1", f"concern {concern}: the owner is away, and the deputy was not called")

    def _check_nobody(self, concern: int, at: int) -> None:
        _, owner, *_ = self.facts.rows(_CONCERN, concern)[0]
        near = [owner, *self._presence.deputies(owner, at)] if owner is not None else []
        for staff in [*near, *self._presence.leads()]:
            if self._presence.surely_called(staff, at):
                self.sight.break_("P1", f"concern {concern} called nobody, and staff member {staff} is there")

    def _check_rest(self, concern: int, at: int) -> None:
        level, _, _, due, *_ = self.facts.rows(_CONCERN, concern)[0]
        since = moment(at)
        if since is None or due is None:
            return
        if level == "R3" and due > micros(_midnight_after(since)):
            self.sight.break_("P1", f"concern {concern} is danger and rests longer than this day")
        if due > micros(since + _LONGEST_REST):
            self.sight.break_("P1", f"concern {concern} rests for weeks")

    def _check_actor(self, concern: int, event: str, staff: int, at: int) -> None:
        left = self.facts.one("SELECT left_at FROM staff WHERE id = ?", staff)
        if left is None or (left[0] is not None and left[0] < at):
            self.sight.break_("P1", f"concern {concern}: {event} by somebody who has left the team")


class CasesWatch(Watch):
    """Watches that each open concern has its timer at its moment, a holder or a ladder, and its level."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._levels: dict[int, str] = {}

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        for (number,) in self.facts.rows(_WRONG_TIMER):
            self.sight.break_("P1", f"the timer of concern {number} is not at its next action")
        latest = micros(self.sight.clock.now() + _LONGEST_WAIT)
        for number, level, state, taken_by, due in self.facts.rows(
            "SELECT id, level, state, taken_by, next_action_at FROM concern WHERE state <> 'closed'"
        ):
            if (state == "open") != (taken_by is None):
                self.sight.break_("P1", f"concern {number} is {state} and in the hand of {taken_by}")
            if due is not None and due > latest and not self._clock_was_wrong():
                self.sight.break_("P1", f"concern {number} waits for more than three weeks")
            if level < self._levels.get(number, level):
                self._check_lowered(number)
            self._levels[number] = level

    def looked(self) -> None:
        """Whoever is called is there: not at each commit, for it asks about everybody."""
        for number, is_uncovered in self.facts.rows("SELECT id, uncovered FROM concern WHERE state = 'open'"):
            calls = self.facts.number(
                "SELECT count(*) FROM outgoing WHERE concern_id = ? AND kind = 'staff_alert'", number
            )
            if not calls and not is_uncovered:
                self.sight.break_("P1", f"concern {number} is open, and nobody was ever called")

    def _check_lowered(self, number: int) -> None:
        last = self.facts.one(
            "SELECT actor FROM concern_event WHERE concern_id = ? AND event = 'lower' ORDER BY id DESC",
            number,
        )
        if last is None or not last[0].startswith("staff:"):
            self.sight.break_("P1", f"the level of concern {number} sank, and no human lowered it")

    def _clock_was_wrong(self) -> bool:
        return self.sight.storm.set_wrong_at > 0


class LeaversWatch(Watch):
    """Watches that nothing more arrives at somebody who has left the team."""

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        if messenger.name != "telegram_staff":
            return
        row = self.facts.one(
            """SELECT s.id, o.kind FROM outgoing o JOIN address a ON a.id = o.address_id JOIN staff s
            ON s.id = a.staff_id WHERE o.id = ? AND s.left_at < o.posted_at AND o.kind <> 'reply'""",
            seen.outgoing,
        )
        if row is not None:
            self.sight.break_("P5", f"outgoing {seen.outgoing} ({row[1]}) went to {row[0]}, who has left")


class AppointmentsWatch(Watch):
    """Watches that nobody is reminded of an appointment that was cancelled before."""

    def looked(self) -> None:
        for number, appointment in self.facts.rows(
            """SELECT c.id, a.id FROM conversation c JOIN appointment a ON c.subject = 'appointment:' || a.id
            WHERE c.dialog = 'appointment_reminder' AND a.state = 'cancelled' AND c.started_at > a.changed_at
            AND c.state <> 'ended'"""
        ):
            self.sight.break_("P4", f"conversation {number} reminds of {appointment}, which is cancelled")


def _midnight_after(at: datetime) -> datetime:
    day = at.astimezone(_ZONE).date() + timedelta(days=1)
    return datetime.combine(day, time(), _ZONE)
