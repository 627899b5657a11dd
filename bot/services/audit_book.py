# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The auditor's book: whose turn the cycle is, what it found, and when staff hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from bot.domain.audit import AuditRecord, Fault, Finding, Pace, Told
from bot.domain.messages import Draft
from bot.domain.people import Role, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice

_AUDIT_RECORD = msgspec.json.Decoder(AuditRecord)

_FACT = "auditor"
#: A hole between cycles that is longer than so many of them begins a new time of watching.
_HOLE = 4
#: What goes on is told again after this time; new rows of a fault that was told, after the shorter one.
AGAIN = timedelta(days=1)
NEWS = timedelta(minutes=15)
#: What staff hear of in another way, with more about it: `bot.services.parked`.
_TOLD_ELSEWHERE = frozenset({Fault.TIMER_PARKED})
#: The cycle is dead when it has not come to its end for so many of them.
_DEAD = 6


def read(uow: UnitOfWork) -> AuditRecord | None:
    """The last cycle; None before the first, or if its row cannot be read: then all begins anew.

    A newer version may have written it before this one was brought back; nothing must stand still for that.
    """
    text = uow.ledger.fact(_FACT)
    try:
        return _AUDIT_RECORD.decode(text) if text else None
    except msgspec.DecodeError:
        return None


def begin(uow: UnitOfWork, now: datetime, pace: Pace) -> AuditRecord | None:
    """Begin a cycle. None if another process has begun one so short a time ago that this one need not."""
    uow.soundness.alone()
    last = read(uow)
    if last is None:
        record = AuditRecord(begun_at=now, watched_since=now)
    else:
        # A clock that was set back must not silence the auditor until it has caught up.
        if timedelta() <= now - last.begun_at < pace.every / 2:
            return None
        # From the end of the last: however long that took, somebody was watching.
        gap = now - max(last.begun_at, last.finished_at or last.begun_at)
        is_whole = timedelta() <= gap <= pace.every * _HOLE
        since = last.watched_since if is_whole else now
        record = msgspec.structs.replace(last, begun_at=now, watched_since=since)
    _keep(uow, record)
    return record


def conclude(uow: UnitOfWork, cycle: AuditRecord, repaired: Mapping[str, int], now: datetime) -> AuditRecord:
    """Write down how the cycle ended. What another process has repaired or told meanwhile stays written."""
    uow.soundness.alone()
    last = read(uow) or cycle
    totals = dict(last.repaired)
    for fault, count in repaired.items():
        totals[fault] = totals.get(fault, 0) + count
    found = {_key(finding) for finding in cycle.findings}
    told = {key: told for key, told in last.told.items() if key in found}
    ended = msgspec.structs.replace(cycle, finished_at=now, repaired=totals, told=told)
    _keep(uow, ended)
    return ended


def tell(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> Receipt:
    """Tell admins and leads of one agency what only a human can put right."""
    uow.soundness.alone()
    record = read(uow)
    if record is None:
        return Receipt()
    findings = [one for one in record.findings if one.agency_id == agency_id]
    news = [one for one in findings if _is_news(one, record.told.get(_key(one)), now)]
    drafts = _notices(uow, rules, agency_id, news, now)
    if drafts:
        # Only what somebody can hear counts as told.
        told = {_key(one): Told(now, one.ids) for one in news}
        _keep(uow, msgspec.structs.replace(record, told=record.told | told))
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def is_old(record: AuditRecord | None, now: datetime, pace: Pace) -> bool:
    """Whether the last cycle has ended so long ago, or so far ahead, that none comes any more."""
    ended = record.finished_at if record else None
    return ended is not None and abs(now - ended) > pace.every * _DEAD


def problems(uow: UnitOfWork, now: datetime, began_at: datetime, pace: Pace) -> list[str]:
    """What `/readyz` says: each finding, and that no cycle has ended for long.

    Concerns without a next action are counted at once: nobody waits for a cycle to hear of them. `began_at`
    is when the process began that is asked: before its time nobody may have been there to look.
    """
    record = read(uow)
    broken = uow.concerns.without_next_action(now)
    lines = [f"promise P1: {broken} concerns without a next action"] if broken else []
    lines += [finding.line for finding in (record.findings if record else ())]
    ended = record.finished_at if record and record.finished_at else began_at
    # What lies ahead was written by a clock that was set back since: nobody need wait for it.
    age = min(abs(now - ended), abs(now - began_at))
    if age > pace.every * _DEAD:
        lines.append(f"auditor: no cycle has ended for {age.total_seconds():.0f} s")
    if record and record.took > pace.longest:
        longest = pace.longest.total_seconds()
        lines.append(f"auditor: a cycle took {record.took.total_seconds():.0f} s, more than {longest:.0f} s")
    return list(dict.fromkeys(lines))


def _keep(uow: UnitOfWork, record: AuditRecord) -> None:
    uow.ledger.set_fact(_FACT, msgspec.json.encode(record).decode())


def _key(finding: Finding) -> str:
    return f"{finding.agency_id}:{finding.fault.value}"


def _is_news(finding: Finding, before: Told | None, now: datetime) -> bool:
    if finding.fault in _TOLD_ELSEWHERE:
        return False
    if before is None:
        return True
    age = abs(now - before.at)
    return age >= AGAIN or (age >= NEWS and not set(finding.ids) <= set(before.ids))


def _notices(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, news: Sequence[Finding], now: datetime
) -> list[Draft]:
    if not news or agency_id not in rules.agencies:
        return []
    team = [one for one in uow.people.all_staff(agency_id) if one.left_at is None]
    people: list[Staff] = [one for one in team if one.role in (Role.ADMIN, Role.LEAD)]
    count = sum(one.count for one in news)

    def say(voice: Voice) -> str:
        return voice.say(
            "Lotse prüft sich laufend selbst und hat etwas gefunden, das ein Mensch ansehen muss. "
            "Anzahl: {count}. "
            "Bitte schauen Sie in die Warteschlange und geben Sie das an Ihre Technik weiter: "
            "„lotse audit“ zeigt, was es ist.",
            count=count,
        )

    return notices(uow, rules, people, say, now)
