# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff write down about a case for each other: in its sealed history, never in a notification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.concerns import Concern
from bot.ports import UnitOfWork
from bot.services.desk import Desk

LONGEST_NOTE = 2000
NOTE = "note"
_STAFF = "staff:"


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a staff member about a case."""

    at: datetime
    staff_id: int
    text: str


def note(desk: Desk, concern: Concern, text: str) -> bool:
    """Keep a note of 1 to 2000 characters, also in a closed case. False, with one clear line, if it is not.

    Participants never see it, and no message carries it; see `case_words.describe` for who reads it where.
    """
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        desk.tell(desk.voice.say("Eine Notiz hat 1 bis 2000 Zeichen. Es wurde nichts gespeichert."))
        return False
    desk.uow.concerns.log(concern.id, desk.now, NOTE, desk.actor, words)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_noted", str(concern.id))
    desk.tell(
        desk.voice.say(
            "Fall {case}: Notiz gespeichert. Nur das Team sieht sie, die Person nicht.",
            case=concern.case_code,
        ),
        concern_id=concern.id,
    )
    return True


def notes_of(uow: UnitOfWork, concern: Concern) -> list[Note]:
    """All notes about a case, the oldest first."""
    return [
        Note(at, int(actor.removeprefix(_STAFF)), text)
        for at, event, actor, text in uow.concerns.history(concern.id)
        if event == NOTE
    ]
