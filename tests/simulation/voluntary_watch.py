# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""P4, voluntary, and P5, right place: what reaches whom, when and where."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

import dialogs
from bot.domain.messages import DataClass
from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.facts import moment
from tests.simulation.sayings import Typed
from tests.simulation.sight import Sight, Watch

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
STOP_WORDS = frozenset({"stopp", "stop", "stopp!", "abmelden"})
_BEGUN_BY_US = frozenset({"notice", "consent", "reminder"})
_CLAIMED = """SELECT o.id, p.id, p.standing, p.paused_until, p.zone
    FROM outgoing o JOIN participant p ON p.id = o.participant_id
    WHERE o.state = 'sending' AND o.kind IN ('notice', 'consent', 'reminder')"""
_CONSENT = "SELECT granted FROM consent WHERE participant_id = ? AND purpose = ? ORDER BY id DESC LIMIT 1"


class VoluntaryWatch(Watch):
    """Judges each message that we begin by the moment at which it was claimed, and each STOPP at once."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._verdicts: dict[int, str] = {}
        self._claimed: set[int] = set()

    def committed(self, update: str, changed: int) -> None:
        del changed
        claimed = self.facts.rows(_CLAIMED)
        for number, *person in claimed:
            if number not in self._claimed:
                self._verdicts[number] = self._verdict(*person)
        self._claimed = {row[0] for row in claimed}
        if update:
            self._check_stop(update)

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        if seen.kind.value not in _BEGUN_BY_US:
            return
        verdict = self._verdicts.get(seen.outgoing, "it was never claimed")
        if verdict != "allowed" and self._is_participants(seen.outgoing):
            self.sight.break_("P4", f"outgoing {seen.outgoing} ({seen.kind}) on {messenger.name}: {verdict}")

    def _is_participants(self, number: int) -> bool:
        row = self.facts.one("SELECT participant_id FROM outgoing WHERE id = ?", number)
        return row is not None and row[0] is not None

    def _verdict(self, person: int, standing: str, paused_until: int | None, zone: str) -> str:
        now = self.sight.clock.now()
        consent = self.facts.one(_CONSENT, person, "contact")
        pause = moment(paused_until)
        if consent is None or not consent[0]:
            return "claimed without consent"
        if standing != "active":
            return f"claimed while {standing}"
        if pause is not None and now < pause:
            return "claimed in a pause"
        if _is_quiet(now, zone):
            return "claimed in quiet hours"
        return "allowed"

    def _check_stop(self, update: str) -> None:
        channel, _, delivery = update.partition(":")
        row = self.facts.one(
            "SELECT participant_id, text, kind FROM incoming WHERE channel = ? AND delivery = ?",
            channel,
            delivery,
        )
        if row is None or row[0] is None or row[2] != "text":
            return
        if self.facts.opened(row[1], "incoming.text").casefold() not in STOP_WORDS:
            return
        standing = self.facts.rows("SELECT standing FROM participant WHERE id = ?", row[0])[0][0]
        consent = self.facts.one(_CONSENT, row[0], "contact")
        waiting = self.facts.number(
            "SELECT count(*) FROM outgoing WHERE participant_id = ? AND state = 'queued' AND kind IN"
            " ('notice', 'consent', 'reminder')",
            row[0],
        )
        going = self.facts.number(
            "SELECT count(*) FROM conversation WHERE participant_id = ? AND state <> 'ended'", row[0]
        )
        if standing != "stopped" or waiting or going or (consent is not None and consent[0]):
            self.sight.break_("P4", f"{update} was STOPP and did not end contact")


class RightPlaceWatch(Watch):
    """Knows from the dialog files which words are about health, and looks where they appear."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._health = health_texts()
        self._typed = Typed(12)

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        if messenger.name == "telegram_staff":
            self._check_staff(seen)
        if messenger.data_class.carries(DataClass.HEALTH) or seen.kind.value in ("crisis", "relay"):
            return
        if not any(text in seen.body.text for text in self._health):
            return
        row = self.facts.one("SELECT participant_id FROM outgoing WHERE id = ?", seen.outgoing)
        consent = self.facts.one(_CONSENT, row[0], "health_in_messenger") if row else None
        if consent is None or not consent[0]:
            self.sight.break_("P5", f"outgoing {seen.outgoing} is about health and went to {messenger.name}")

    def _check_staff(self, seen: Seen) -> None:
        names = any(person.name in seen.body.text for person in self.sight.people)
        if names or self._typed.is_in(seen.body.text, self.sight.people):
            self.sight.break_("P5", f"outgoing {seen.outgoing} shows staff what is not for that place")


@cache
def health_texts() -> tuple[str, ...]:
    """The beginnings of all texts that the dialogs mark as being about health, up to what is filled in."""
    house = Path(dialogs.__file__).parent
    found: set[str] = set()
    others: set[str] = set()
    for path in sorted((house / "flows").glob("*.yaml")):
        for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"].values():
            texts = found if step.get("data") == "health" else others
            texts |= {text for value in step.values() for text in _texts(value)}
    for path in sorted((house / "instruments" / "own_items" / "wording").glob("*.yaml")):
        found |= set(yaml.safe_load(path.read_text(encoding="utf-8"))["items"].values())
    starts = {text.split("{")[0].split("\n")[0].strip()[:60] for text in found}
    # "Soll sich Ihr Coach bei Ihnen melden?" is also asked where it is not about health, and "All right. From
    # now on" begins much else.
    elsewhere = "\n".join(others)
    return tuple(
        sorted(
            start
            for start in starts
            if len(start) > 15 and "coach" not in start.casefold() and start not in elsewhere
        )
    )


def _texts(value: Any) -> list[str]:
    both = [value["de"], value["en"]] if isinstance(value, dict) and {"de", "en"} <= value.keys() else []
    return [text for text in both if isinstance(text, str)]


def _is_quiet(now: datetime, zone: str) -> bool:
    wall = now.astimezone(ZoneInfo(zone)).time()
    return wall >= QUIET_FROM or wall < QUIET_UNTIL
