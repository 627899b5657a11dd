# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A fault of ours must cost nobody help: what could not be processed is kept, and a human is told.

The fault may lie anywhere, in the rules or in the conversation that was open. So `rescue` comes first, which
reads the words for danger and touches no conversation, and `set_aside` after it, which reads nothing at all.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.concerns import Level
from bot.domain.messages import Incoming, IncomingKind, Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import crisis, enrol
from bot.services.escalate import raise_concern
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.concerns.detect import Detection

#: What a person we do not know yet may have said; the rest is a tap or a link, unless danger was read in it.
_OWN_WORDS = frozenset({IncomingKind.TEXT, IncomingKind.ATTACHMENT})


def rescue(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """Words that mean danger get the numbers at once, whatever else does not work; others: `set_aside`."""
    found = rules.recognise(incoming.text, incoming.language)
    if found.level.value != Level.R3:
        return set_aside(uow, rules, incoming, now)
    return _kept(uow, rules, incoming, now, found)


def set_aside(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """Keep it, tell a human, and say so with the numbers: what nobody has read counts as serious."""
    return _kept(uow, rules, incoming, now, None)


def only_keep(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """What staff typed calls nobody: it is kept, so that it does not come again."""
    uow.talks.record_incoming(incoming, rules.agency_at(incoming.channel), None, now)
    return Receipt()


def _kept(
    uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime, found: Detection | None
) -> Receipt:
    contact = uow.people.find_contact(incoming.channel, incoming.address)
    agency = contact.participant.agency_id if contact else rules.agency_at(incoming.channel)
    number = contact.participant.id if contact else None
    if uow.talks.record_incoming(incoming, agency, number, now) is None:
        return Receipt()
    if contact is not None:
        visit = Visit(uow, rules, contact, now)
    elif found is not None or incoming.kind in _OWN_WORDS:
        visit = enrol.keep_visitor(uow, rules, incoming, agency, now)
    else:
        return Receipt()
    if found is not None:
        crisis.answer(visit, found.hits[0].rule if found.hits else "", incoming.text)
    else:
        _say_it_went_wrong(visit, incoming)
    visit.finish()
    changed = frozenset({visit.participant.id})
    return Receipt("", frozenset(visit.woken), changed, is_danger=found is not None)


def _say_it_went_wrong(visit: Visit, incoming: Incoming) -> None:
    raise_concern(visit, Level.R2, "fault", "not_processed", incoming.text)
    text = visit.voice.say(
        "Bei mir ist etwas schiefgegangen. Ihre Nachricht ist gespeichert, ein Mensch sieht sie sich an."
    )
    visit.tell(Kind.REPLY, f"{text}\n\n{crisis.short_help(visit)}")
