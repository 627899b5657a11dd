# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The auditor's questions to the database, and the two repairs that need no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, or_, select, update

from bot.audit_ports import Broken, Held, Holding
from bot.domain.audit import Fault
from bot.domain.concerns import Level, State
from bot.domain.messages import BEGUN_BY_US, Kind
from bot.storage import soundness_crisis, soundness_messages, soundness_seals, soundness_timers
from bot.storage import soundness_statements as statements
from bot.storage.link import Link
from bot.storage.tables import QUEUED, dialog_version, outgoing

_TOPIC = 2
#: Moments that statements ask about, as seen from now.
_MOMENTS = {
    # No lease is as long: it comes from a clock that was set back since.
    "beyond": timedelta(hours=1),
    # No holidays are longer: by then a human has read what a dialog has called them for.
    "never": timedelta(days=30),
    # No messenger asks for more: it comes from a clock that was set back since.
    "hold": timedelta(days=1),
    # No talk with a human lasts so long without a word, night and weekend included.
    "talk": timedelta(days=2),
    # No dialog waits for longer than that, nor does a pause.
    "sleep": timedelta(days=400),
    # Nothing is entered for a day that is further away, and a little more.
    "years": timedelta(days=3 * 366),
    # As `home_visit_due`: after that nobody is asked any more whether they are back.
    "visited": -timedelta(hours=12),
    # So long is told that a message was given up: by then somebody has seen to it, or never will.
    "lately": -timedelta(days=1),
    # No agency deletes messages sooner.
    "kept": -timedelta(days=28),
    # Longer than all attempts together take for a message that the messenger refuses or puts off.
    "long_ago": -timedelta(hours=6),
}
_FAULTS = statements.FAULTS | soundness_messages.FAULTS | soundness_timers.FAULTS | soundness_crisis.FAULTS
_PARTS = statements.PARTS | soundness_timers.PARTS | soundness_crisis.PARTS
_PARTS[Fault.SEALED] = soundness_seals.PART_END

_MOMENT = outgoing.c.wait_until.type
_which = outgoing.c.id.in_(bindparam("which", expanding=True))
# The same as a speaker does when it claims; here for a way that has none, or a row that no claim finds.
_release = (
    update(outgoing)
    .where(
        _which,
        soundness_messages.IS_HELD_WRONGLY,
    )
    .values(state=case((outgoing.c.revoked, "cancelled"), else_="queued"), wait_until=None)
    .returning(outgoing.c.channel)
)
_withhold = (
    update(outgoing)
    .where(
        and_(
            _which,
            outgoing.c.state == QUEUED,
            outgoing.c.kind != Kind.CRISIS.value,
            or_(outgoing.c.kind.in_(sorted(kind.value for kind in BEGUN_BY_US)), outgoing.c.needs != ""),
        )
    )
    .values(state="cancelled", wait_until=None)
)
_versions = select(dialog_version.c.dialog, dialog_version.c.version)


class SqlSoundness:
    """Implements `audit_ports.Soundness`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def alone(self) -> None:
        """Until the end of the transaction nobody else decides who does the next cycle."""
        self._link.alone(_TOPIC)

    def find(self, fault: Fault, now: datetime, late: datetime, after: int = 0) -> list[Broken]:
        """Rows with this fault. Raises `KeyError`."""
        values = {"now": now, "late": late, "after": after, **_moments(now)}
        return _broken(self._link.execute(_FAULTS[fault], values).all())

    def part_end(self, fault: Fault, after: int) -> int:
        """The last id of the part behind `after`; 0 if the next cycle begins at the front again."""
        if fault not in _PARTS:
            return 0
        statement, whole = _PARTS[fault]
        end, count = self._link.execute(statement, {"after": after}).one()
        return int(end) if count == whole else 0

    def stuck(self, now: datetime, late: datetime) -> list[Broken]:
        """Messages that should be out by now."""
        values = {"now": now, "late": late, **_moments(now)}
        found = dict.fromkeys(_broken(self._link.execute(statements.URGENT_WAITS, values).all()))
        for channel, head in self._link.execute(statements.HEADS, values).all():
            of_channel = values | {"channel": channel}
            if not self._link.execute(statements.MOVES, of_channel | {"head": head}).scalar():
                found |= dict.fromkeys(_broken(self._link.execute(statements.READY, of_channel).all()))
        return list(found)

    def holdings(self) -> list[Holding]:
        """Who has open concerns that are not marked as uncovered."""
        return [
            Holding(agency, holder, bool(is_taken))
            for agency, holder, is_taken in self._link.execute(statements.HOLDINGS)
        ]

    def held(self, holding: Holding) -> list[Held]:
        """The concerns of one holder."""
        return self._held(statements.HELD, holding, {})

    def _held(self, statement: Select[Any], holding: Holding, more: dict[str, Any]) -> list[Held]:
        values = {
            "agency": holding.agency_id,
            "holder": holding.holder_id or 0,
            "taken": holding.is_taken,
        }
        return [
            Held(number, Level(level), State(state), at)
            for number, level, state, at in self._link.execute(statement, values | more)
        ]

    def uncalled(self, holding: Holding, staff_ids: Sequence[int]) -> list[Held]:
        """Those of which no alert has reached, or will reach, any of these staff members."""
        return self._held(statements.UNCALLED, holding, {"staff": list(staff_ids)})

    def ladders(self) -> list[tuple[int, str]]:
        """The agency and the stored ladder of open concerns, each pair once."""
        return [(agency, policy) for agency, policy in self._link.execute(statements.LADDERS)]

    def with_ladder(self, agency_id: int, policy: str) -> list[int]:
        """Open concerns with exactly this stored ladder."""
        values = {"agency": agency_id, "policy": policy}
        return list(self._link.execute(statements.WITH_LADDER, values).scalars())

    def resting(
        self, agency_id: int, until: datetime, level: Level | None = None, state: State | None = None
    ) -> list[Broken]:
        """Open concerns whose next action is later than `until`, of this level and state if named."""
        statement = statements.RESTING if level is None or state is None else statements.RESTING_IN
        more = {"level": level.value, "state": state.value} if level and state else {}
        return _broken(self._link.execute(statement, {"agency": agency_id, "until": until} | more).all())

    def left_waiting(self, agency_id: int, since: datetime, until: datetime) -> list[Broken]:
        """Danger raised after `since` of which the person hears no more by `until`, though nobody answers."""
        values = {"agency": agency_id, "since": since, "until": until}
        return _broken(self._link.execute(soundness_timers.LEFT_WAITING, values).all())

    def sealed(self, after: int) -> list[Broken]:
        """The next open concerns whose words, or person's name, cannot be opened."""
        return soundness_seals.closed_to_all(self._link, after)

    def has_timer(self, kind: str, subject: int, by: datetime) -> bool:
        """Whether a timer is there that is due by then, or was parked."""
        values = {"kind": kind, "subject": subject, "by": by}
        return bool(self._link.execute(soundness_timers.HAS_TIMER, values).scalar())

    def without_plan_timer(self, after: int) -> list[tuple[int, int]]:
        """The next people who follow a plan for which there is no timer."""
        return _broken(self._link.execute(soundness_timers.WITHOUT_PLAN_TIMER, {"after": after}).all())

    def versions(self) -> set[tuple[str, int]]:
        """Every published dialog with every version."""
        return {(dialog, version) for dialog, version in self._link.execute(_versions)}

    def sessions(self, after: int) -> list[tuple[int, int, str | None]]:
        """The next conversations that have not ended; None for a session that cannot be opened."""
        return soundness_seals.sessions(self._link, after)

    def release(self, outgoing_ids: Sequence[int], now: datetime, late: datetime) -> dict[str, int]:
        """Put back messages whose lease ran out; they are signalled like new ones."""
        ahead = {name: now + _MOMENTS[name] for name in ("beyond", "hold")}
        values = {"which": list(outgoing_ids), "late": late, **ahead}
        freed = Counter(self._link.execute(_release, values).scalars())
        for channel in freed:
            self._link.signal_out(channel)
        return dict(freed)

    def withhold(self, outgoing_ids: Sequence[int]) -> int:
        """Cancel messages that we begin ourselves."""
        return self._link.execute(_withhold, {"which": list(outgoing_ids)}).rowcount


def _broken(rows: Sequence[Sequence[Any]]) -> list[Broken]:
    return [(agency_id, number) for agency_id, number in rows]


def _moments(now: datetime) -> dict[str, datetime]:
    return {name: now + away for name, away in _MOMENTS.items()}
