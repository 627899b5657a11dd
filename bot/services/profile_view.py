# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff see of profiles and scores: only what is shared at this moment. And what they do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.people import Participant
from bot.domain.profiles import (
    LONGEST_JUDGEMENT,
    PROFILE_DIALOG,
    SHORTEST_JUDGEMENT,
    Judgement,
    LicensedScore,
    Profile,
)
from bot.ports import UnitOfWork
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, tell_about
from bot.services.desk import Desk
from bot.texts import mark

#: So many are shown, the newest.
_SHOWN = 6
_OFFER = "profile_offer"
_KEEP_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the person shares, each the oldest first; `judgements` by score."""

    profiles: tuple[Profile, ...]
    scores: tuple[LicensedScore, ...]
    judgements: Mapping[int, tuple[Judgement, ...]]


def shared(uow: UnitOfWork, person: Participant) -> Shared:
    """Only with `Action.SEE_CONTENT`. That somebody looks is for the caller to note."""
    profiles = uow.casework.profiles
    scores = profiles.scores(person.id, _SHOWN, only_shared=True)
    written = profiles.judgements(person.id) if scores else []
    return Shared(
        tuple(profiles.of_participant(person.id, _SHOWN, only_shared=True)),
        tuple(scores),
        {one.id: tuple(each for each in written if each.score_id == one.id) for one in scores},
    )


def judge(desk: Desk, person: Participant, score_id: int, words: str) -> None:
    """Keep what a human makes of a shared score, in 3 to 2000 characters. Raises `EntryFault`.

    The person does not see it here, but has it in their copy.
    """
    score = desk.uow.casework.profiles.score(score_id)
    if score is None or score.participant_id != person.id or score.shared_at is None:
        raise EntryFault(mark("Dieses Ergebnis ist nicht mehr zu sehen. Es wurde nichts gespeichert."))
    text = words.strip()
    if not SHORTEST_JUDGEMENT <= len(text) <= LONGEST_JUDGEMENT:
        raise EntryFault(
            mark("Bitte schreiben Sie {least} bis {most} Zeichen."),
            least=SHORTEST_JUDGEMENT,
            most=LONGEST_JUDGEMENT,
        )
    new = Judgement(0, desk.agency.id, person.id, score_id, desk.staff.id, desk.now, text)
    desk.uow.casework.profiles.add_judgement(new)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "person_noted", person.case_code)
    desk.changed.add(person.id)


def offer(desk: Desk, person: Participant) -> Telling:
    """Ask the person whether they would like to fill in a profile. What they do then, only they see."""
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "profile_offered", person.case_code)
    return tell_about(desk, person.id, (PROFILE_DIALOG, f"{_OFFER}:{person.id}"), _KEEP_FOR)
