# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The card of a case in the staff's messenger: what it says, and what can be done from where it stands."""

from __future__ import annotations

from datetime import datetime

from bot.domain.concerns import Concern, Event, Level, State
from bot.domain.messages import Body, Key
from bot.ports import UnitOfWork
from bot.services import human_talks
from bot.services.access import REOPEN_WITHIN, closed_at, needed_for
from bot.services.case_queue import others
from bot.services.case_words import describe
from bot.services.desk import Desk
from bot.services.next_words import turn_to
from bot.texts import mark

_IN_A_ROW = 2
_SHOWN_BESIDE = 4
_LEVELS = (Level.R1, Level.R2, Level.R3)


def show(desk: Desk, concern: Concern, edit: str = "") -> None:
    """The case as it is now, with its buttons; in place of the message `edit`, if given.

    Only for whoever may see it: see `Desk.why_not_case`.
    """
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_shown", str(concern.id))
    turn_to(desk, concern)
    link = ("", "")
    if not desk.may_show_content and desk.rules.public_url:
        link = (f"{desk.rules.public_url}/console/{concern.id}", desk.voice.say("Ansehen"))
    body = Body(describe(desk, concern), keys(desk, concern), *link)
    desk.tell(body, concern_id=concern.id, edit=edit)


def keys(desk: Desk, concern: Concern) -> tuple[tuple[Key, ...], ...]:
    """What this staff member can do with it now; and a button for each other open concern of the person."""
    found = [desk.key(concern.id, label, action) for label, action in _allowed(desk, concern)]
    beside = [
        Key(desk.voice.say("Meldung {level} ansehen", level=other.level.value), f"s:{other.id}:show")
        for other in desk.guard.own(others(desk.uow, concern))[:_SHOWN_BESIDE]
    ]
    return tuple(tuple(row) for every in (found, beside) for row in in_rows(every))


def in_rows(every: list[Key]) -> list[list[Key]]:
    """Buttons two by two."""
    return [every[n : n + _IN_A_ROW] for n in range(0, len(every), _IN_A_ROW)]


def may_reopen(desk: Desk, concern: Concern) -> bool:
    """Whether it was closed not longer than 14 days ago."""
    return is_recent(desk.uow, concern, desk.now)


def is_recent(uow: UnitOfWork, concern: Concern, now: datetime) -> bool:
    """Whether it was closed not longer than 14 days ago, so that it can be opened again."""
    closed = closed_at(uow, concern)
    return concern.can(Event.REOPEN) and closed is not None and now - closed <= REOPEN_WITHIN


def levels_beside(concern: Concern) -> tuple[list[Level], list[Level]]:
    """The levels above the present one, and those below it."""
    above = [level for level in _LEVELS if level > concern.level]
    return above, [level for level in _LEVELS if level < concern.level]


def _allowed(desk: Desk, concern: Concern) -> list[tuple[str, str]]:
    return [
        (label, action)
        for label, action in _actions(desk, concern)
        if desk.guard.concern(concern, needed_for(action.partition(":")[0])).is_allowed
    ]


def _actions(desk: Desk, concern: Concern) -> list[tuple[str, str]]:
    talks = [(mark("Gespräch beenden"), "end")] if human_talks.talk_about(desk.uow, concern) else []
    if concern.state is State.CLOSED:
        again = [(mark("Wieder öffnen"), "reopen")] if may_reopen(desk, concern) else []
        return [*again, *talks, (mark("Notiz"), "note")]
    answer = (mark("Antworten"), "reply")
    common = [(mark("Weitergeben"), "pass"), (mark("Stufe ändern"), "level"), (mark("Notiz"), "note")]
    if concern.state is State.OPEN:
        return [(mark("Übernehmen"), "take"), answer, *talks, *common]
    if concern.taken_by != desk.staff.id:
        return [(mark("Selbst übernehmen"), f"take:over:{concern.taken_by}"), answer, *talks, *common]
    mine = [(mark("Nächster Schritt"), "steps"), (mark("Später"), "later")]
    return [answer, *talks, *mine, *common, (mark("Erledigt"), "done")]
