# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""P6, honest scores, P7, honest about people, and P9, what was asked stays asked."""

from __future__ import annotations

import json
import re

from bot.domain.messages import Incoming, IncomingKind
from bot.ports import Receipt
from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.facts import micros
from tests.simulation.sight import Sight, Watch

_TAKEN = re.compile(r"(.+) hat Ihre Meldung gesehen und übernommen")
_PASSED_ON = re.compile(r"Ich gebe (sie|das|es|das jetzt|es jetzt) (jetzt )?an .+ weiter|gebe .+ Bescheid")
_PASSED_ON_BEFORE = re.compile(r"habe ich schon an .+ weitergegeben")
_LONGEST_TALK_S = 3 * 24 * 3600
_ARRIVED = re.compile(r"Ich habe Ihre Nachricht gerade an .+ geschickt")
_NOT_SAID = re.compile(r"niemandem Bescheid|Soll ich .+ Bescheid geben|gebe weiter, was Sie schreiben")


class ScoresWatch(Watch):
    """Computes each score of Lotse's own questions anew, from the answers of its conversation."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._last = 0

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        for number, conversation, rule, value in self.facts.rows(
            "SELECT id, conversation_id, rule, value FROM score WHERE id > ? ORDER BY id", self._last
        ):
            self._last = number
            self._check(number, conversation, rule, value)

    def _check(self, number: int, conversation: int, rule: str, blob: bytes | None) -> None:
        name = rule.partition(".")[2]
        rows = self.facts.rows(
            "SELECT key, value FROM answer WHERE conversation_id = ? ORDER BY id", conversation
        )
        given = {
            key.rpartition(".")[2]: None if answer is None else self.facts.opened(answer, "answer.value")
            for key, answer in rows
        }
        truth = given.get(name)
        value = None if blob is None else json.loads(self.facts.opened(blob, "score.value"))["value"]
        if (value is None) != (truth is None) or float(value or 0) != float(truth or 0):
            self.sight.break_("P6", f"score {number} ({rule}) is not what was answered")


class ReceiptsWatch(Watch):
    """Reads what people are told about other people, and looks whether it is so."""

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        if messenger.name == "telegram_staff":
            return
        row = self.facts.one(
            "SELECT participant_id, concern_id, posted_at, body FROM outgoing WHERE id = ?", seen.outgoing
        )
        if row is None or row[0] is None:
            return
        text = seen.body.text
        for line in text.splitlines():
            self._check_line(line, seen.outgoing, row)

    def _check_line(self, line: str, number: int, row: tuple[int, int | None, int, bytes]) -> None:
        person, concern, posted, _ = row
        taken = _TAKEN.match(line)
        if taken and not self._was_taken(concern, taken[1]):
            self.sight.break_("P7", f"outgoing {number}: nobody of that name has taken over")
        if _ARRIVED.search(line) and not self._has_arrived(concern):
            self.sight.break_("P7", f"outgoing {number}: no alert has arrived anywhere")
        if _PASSED_ON.search(line) and not _NOT_SAID.search(line) and not self._was_raised(person, posted):
            self.sight.break_("P7", f"outgoing {number}: nothing was passed on")
        before = posted - _LONGEST_TALK_S * 1_000_000
        if _PASSED_ON_BEFORE.search(line) and not self._was_raised(person, posted, since=before):
            self.sight.break_("P7", f"outgoing {number}: nothing was passed on before")

    def _was_taken(self, concern: int | None, name: str) -> bool:
        rows = self.facts.rows(
            "SELECT actor FROM concern_event WHERE concern_id = ? AND event = 'take_over'", concern
        )
        names = {
            self.facts.opened(blob, "staff.name")
            for (actor,) in rows
            for (blob,) in self.facts.rows(
                "SELECT name FROM staff WHERE id = ?", int(actor.partition(":")[2])
            )
        }
        return name in names

    def _has_arrived(self, concern: int | None) -> bool:
        alerts = {
            row[0]
            for row in self.facts.rows(
                "SELECT id FROM outgoing WHERE concern_id = ? AND kind = 'staff_alert'", concern
            )
        }
        chats = self.sight.messengers["telegram_staff"].chats.values()
        return any(seen.outgoing in alerts for chat in chats for seen in chat.seen)

    def _was_raised(self, person: int, posted: int, *, since: int | None = None) -> bool:
        return bool(
            self.facts.number(
                """SELECT count(*) FROM concern_event e JOIN concern c ON c.id = e.concern_id
                WHERE c.participant_id = ? AND e.at BETWEEN ? AND ?
                AND e.event NOT IN ('close', 'plan', 'take_over')""",
                person,
                posted if since is None else since,
                posted,
            )
        )


class StaysAskedWatch(Watch):
    """Watches the versions of running conversations, and that no press stays without an answer."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._frames: dict[int, list[tuple[str, int]]] = {}
        self._changed = 0

    def committed(self, update: str, changed: int) -> None:
        del update, changed
        for number, session in self.facts.rows(
            "SELECT id, session FROM conversation WHERE state <> 'ended' AND changed_at >= ?", self._changed
        ):
            text = self.facts.opened(session, "conversation.session")
            if text:
                self._check(number, json.loads(text))
        self._changed = micros(self.sight.clock.now()) - 5_000_000

    def told(self, incoming: Incoming, receipt: Receipt, tries: int) -> None:
        # A line over the button is not kept: what was said at a try that nobody heard is not said again.
        if incoming.kind is not IncomingKind.PRESS or incoming.channel == "telegram_staff" or tries > 1:
            return
        cause = f"{incoming.channel}:{incoming.delivery}"
        known = self.facts.number(
            "SELECT count(participant_id) FROM incoming WHERE channel = ? AND delivery = ?",
            incoming.channel,
            incoming.delivery,
        )
        answered = self.facts.number("SELECT count(*) FROM outgoing WHERE cause = ?", cause)
        if known and not answered and not receipt.toast and not self._is_double_tap(incoming):
            self.sight.break_("P9", f"press {cause} was not answered")

    def _is_double_tap(self, incoming: Incoming) -> bool:
        """Whether the same button took effect before this press, in whichever order they were confirmed."""
        earlier = self.facts.rows(
            """SELECT e.press FROM incoming i JOIN incoming e
            ON e.participant_id = i.participant_id AND e.kind = 'press' AND e.id < i.id
            WHERE i.channel = ? AND i.delivery = ?""",
            incoming.channel,
            incoming.delivery,
        )
        return any(self.facts.opened(press, "incoming.press") == incoming.press for (press,) in earlier)

    def _check(self, number: int, session: dict[str, object]) -> None:
        frames = [(str(f["dialog"]), int(f["version"])) for f in session["frames"]]  # type: ignore[attr-defined]
        before = self._frames.get(number, frames)
        for old, new in zip(before, frames, strict=False):
            if old[0] != new[0]:
                break
            if old[1] != new[1]:
                self.sight.break_("P9", f"conversation {number} changed its version of {old[0]}")
        self._frames[number] = frames
