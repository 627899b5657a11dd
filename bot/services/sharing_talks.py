# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation in which a person is asked whether something may go to one partner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.consent import Purpose, standing, to_ask_again
from bot.domain.people import Role
from bot.domain.sharing import SharingAsk
from bot.ports import Conversation, UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import Value

DIALOG = "ask_sharing"
#: What it is about: `sharing:<number of the ask>`. The partner's name is sealed there.
SUBJECT = "sharing"


def subject_of(ask: SharingAsk) -> str:
    """The subject of a conversation about `ask`."""
    return f"{SUBJECT}:{ask.id}"


def is_held(uow: UnitOfWork, rules: Rulebook, given: SharingAsk, now: datetime) -> bool:
    """Whether the person agrees to it now."""
    return given.is_held(uow.talks.given(given.participant_id), rules.book.meanings, now)


def still_to_ask(visit: Visit) -> list[SharingAsk]:
    """What the person agreed to under another meaning and was not asked again yet, the oldest first."""
    due = to_ask_again(visit.uow.talks.given(visit.participant.id), visit.rules.book.meanings, visit.now)
    if not any(key.startswith(f"{Purpose.SHARING}:") for key in due):
        return []
    newest = {one.consent: one for one in visit.uow.sharing.of_participant(visit.participant.id)}
    known = visit.uow.memory.facts(visit.participant.id)
    return [ask for key, ask in newest.items() if key in due and known.get(_fact(ask)) != str(due[key])]


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """Who the partner is, what goes there and what for; whether it had been agreed to before."""
    ask = _ask(visit, conversation)
    if ask is None:
        return {}
    found: dict[str, Value] = {"partner": ask.partner, "shared_what": ask.what, "shared_why": ask.why}
    if ask.consent in standing(visit.uow.talks.given(visit.participant.id)):
        found["shared_before"] = True
    return found


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still to be asked when the floor is free."""
    ask = _ask(visit, conversation)
    return ask is not None and not visit.consents.get(ask.consent, False)


def begun(visit: Visit, conversation: Conversation) -> None:
    """It is asked once for each meaning: silence is left in peace."""
    ask = _ask(visit, conversation)
    if ask is not None:
        visit.remember(_fact(ask), visit.rules.book.meanings.get(Purpose.SHARING, 1))


def ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """Whoever asked hears of a yes, without content. Of anything else nothing is said (promise P4)."""
    del outcome
    ask = _ask(visit, conversation)
    if ask is None or not visit.consents.get(ask.consent, False):
        return
    asker = visit.uow.people.staff(ask.asked_by)
    told = [asker] if asker is not None and asker.left_at is None else []
    case = visit.participant.case_code
    for draft in notices(
        visit.uow,
        visit.rules,
        told,
        lambda voice: voice.say(
            "Fall {case}: Die Person hat einer Weitergabe zugestimmt. Mehr zeigt /weitergabe {case}.",
            case=case,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def contact_of(uow: UnitOfWork, agency_id: int, partner: str) -> int | None:
    """The staff member with the role of a partner who has exactly this name, if the place is connected."""
    everybody = uow.people.all_staff(agency_id)
    wanted = (one for one in everybody if one.role is Role.PARTNER and one.left_at is None)
    return next((one.id for one in wanted if one.name.casefold() == partner.casefold()), None)


def _ask(visit: Visit, conversation: Conversation) -> SharingAsk | None:
    number = conversation.subject.partition(":")[2]
    found = visit.uow.sharing.get(int(number)) if number.isdecimal() else None
    return found if found is not None and found.participant_id == visit.participant.id else None


def _fact(ask: SharingAsk) -> str:
    # With a dot, so that no dialog can remember anything under the same name.
    return f"asked_again.sharing.{ask.id}"
