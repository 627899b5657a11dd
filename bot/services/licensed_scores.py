# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Scores by a site's licensed packs: computed when a conversation ends, told to the person first.

No concern, task, timer or order of anything comes from one. Staff see it only while the person shares it, and
may then write beside it what they, as humans, make of it; nothing of it goes into a hand-over pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import msgspec

from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.domain.profiles import SCORE_DIALOG, LicensedScore, SharingEvent, shared_after
from bot.ports import Conversation
from bot.services.profile_talks import tell_shared
from bot.services.profile_words import score_written
from bot.services.visit import Visit
from dialogs.conditions import Value
from dialogs.effects import StoreAnswer
from dialogs.score_packs import Computed, ScorePack, compute

#: What the conversation about a result is about: `licensed_score:<number>`.
SUBJECT = "licensed_score"
#: So long the result waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
_COMPLETED = "completed"


def count(visit: Visit, conversation_id: int, outcome: str) -> None:
    """Compute what the person's programme names from the answers of a conversation that has just ended.

    The result is kept and wants to be told; where none of its questions was asked there is none.
    """
    if not visit.rules.score_packs or outcome != _COMPLETED:
        return
    pack = _pack_of(visit)
    if pack is None:
        return
    answers = _answers(visit, conversation_id)
    if not any(one.question in answers for one in pack.inputs.values()):
        return
    new = _as_kept(visit, conversation_id, pack, answers)
    number = visit.uow.casework.profiles.add_score(new)
    wanted = Underway(
        id=0,
        participant_id=visit.participant.id,
        dialog=SCORE_DIALOG,
        state=ConversationState.WANTED,
        kind=Kind.NOTICE,
        expires_at=visit.now + _KEEP_FOR,
        subject=f"{SUBJECT}:{number}",
    )
    visit.uow.talks.want_conversation(visit.agency.id, wanted, visit.now)


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The result in words, and whether there is a number."""
    score = _score_of(visit, conversation)
    pack = visit.rules.score_packs.get(score.pack) if score is not None else None
    if score is None or pack is None:
        return {}
    told: dict[str, Value] = {
        "score_text": score_written(visit.voice, visit.participant.language, score, pack)
    }
    return told if score.value is None else {**told, "score_computed": "yes"}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the result can still be told: its pack is still there, in its version."""
    score = _score_of(visit, conversation)
    pack = visit.rules.score_packs.get(score.pack) if score is not None else None
    return score is not None and pack is not None and pack.version == score.version


def answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """The person shares the result, or keeps it to themselves."""
    score = _score_of(visit, conversation)
    if score is None or answer.step != "share":
        return
    event = SharingEvent.SHARE if answer.value is True else SharingEvent.TAKE_BACK
    since = shared_after(score.shared_at, event, visit.now)
    if since == score.shared_at:
        return
    visit.uow.casework.profiles.share_score(score.id, since)
    if since is not None:
        tell_shared(visit)


def _pack_of(visit: Visit) -> ScorePack | None:
    """What the person's programme names; nothing without it."""
    for enrolment in visit.uow.programmes.of_participant(visit.participant.id):
        programme = visit.rules.programmes.of(visit.uow, enrolment) if enrolment.is_open else None
        if programme is not None and programme.score_pack in visit.rules.score_packs:
            return visit.rules.score_packs[programme.score_pack]
    return None


def _answers(visit: Visit, conversation_id: int) -> dict[str, Value | None]:
    """The last answer to each question of a conversation, None for one that was skipped."""
    return {
        f"{one.dialog}.{one.key}": None if one.value is None else msgspec.json.decode(one.value)
        for one in visit.uow.talks.answers(visit.participant.id)
        if one.conversation_id == conversation_id
    }


def _as_kept(
    visit: Visit, conversation_id: int, pack: ScorePack, answers: Mapping[str, Value | None]
) -> LicensedScore:
    found = compute(pack, answers)
    new = LicensedScore(
        *(0, visit.agency.id, visit.participant.id, conversation_id), pack.id, pack.version, visit.now
    )
    if isinstance(found, Computed):
        return replace(new, value=float(found.value), band=found.band)
    return replace(new, reason=found.reason.value, items=found.items)


def _score_of(visit: Visit, conversation: Conversation) -> LicensedScore | None:
    number = conversation.subject.partition(":")[2]
    found = visit.uow.casework.profiles.score(int(number)) if number.isdecimal() else None
    return found if found is not None and found.participant_id == visit.participant.id else None
