# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation in which a consent is asked again because its text means something else by now."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.consent import Purpose, to_ask_again
from bot.ports import Conversation
from bot.services.remembered import decode_value
from bot.services.visit import Visit
from dialogs.effects import Value

DIALOG = "consent_again"
#: What it is about: `consent:<purpose>`.
SUBJECT = "consent"
#: What the dialog asks, in this order. Sharing is asked for each partner: see `sharing_talks`.
ASKED = (
    Purpose.CONTACT,
    Purpose.HEALTH_CHECKINS,
    Purpose.HEALTH_IN_MESSENGER,
    Purpose.SAFETY_PLAN,
    Purpose.EVALUATION,
)


def subject_of(purpose: Purpose) -> str:
    """The subject of a conversation about `purpose`."""
    return f"{SUBJECT}:{purpose.value}"


def still_to_ask(visit: Visit) -> list[Purpose]:
    """What the person has to be asked again and was not asked yet, in the order of asking."""
    due = to_ask_again(visit.uow.talks.given(visit.participant.id), visit.rules.book.meanings, visit.now)
    if not due:
        return []
    known = visit.uow.memory.facts(visit.participant.id)
    asked = {p: decode_value(known[_fact(p)]) for p in ASKED if _fact(p) in known}
    return [purpose for purpose in ASKED if purpose in due and asked.get(purpose) != due[purpose]]


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """What the dialog may know: which consent it asks for."""
    del visit
    return {"asked_again": _purpose(conversation)}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still to be asked when the floor is free."""
    return _purpose(conversation) in still_to_ask(visit)


def begun(visit: Visit, conversation: Conversation) -> None:
    """It is asked once: remember for which meaning, so that silence is left in peace."""
    purpose = _purpose(conversation)
    visit.remember(_fact(purpose), visit.rules.book.meanings.get(purpose, 1))


def _purpose(conversation: Conversation) -> str:
    return conversation.subject.partition(":")[2]


def _fact(purpose: str) -> str:
    # With a dot, so that no dialog can remember anything under the same name.
    return f"asked_again.{purpose}"
