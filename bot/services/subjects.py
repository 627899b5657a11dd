# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a conversation is about beside the person: what its dialog may know of it, and what becomes of it.

A subject is written `kind:rest`, for example `appointment:17`. Each kind is a module that says what it does
at which moment of the conversation; a conversation without a subject is about nothing but the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.ports import Conversation
from bot.services import (
    accompaniment_talks,
    application_talks,
    appointment_talks,
    appointment_timers,
    conference_talks,
    consent_talks,
    expectation_talks,
    group_talks,
    handover_pack_moves,
    handover_pack_talks,
    help_plan_talks,
    leaving,
    licensed_scores,
    measuring_talks,
    placement_talks,
    referral_talks,
    repeat_questions,
    sharing_talks,
    support_talks,
)
from bot.services.visit import Visit
from dialogs.effects import RecordConsent, StoreAnswer, Value


def _no_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    del visit, conversation
    return {}


def _nothing(visit: Visit, conversation: Conversation) -> None:
    del visit, conversation


def _no_answer(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    del visit, conversation, answer


def _no_needs(visit: Visit, conversation: Conversation) -> tuple[str, ...]:
    del visit, conversation
    return ()


def _always(visit: Visit, conversation: Conversation) -> bool:
    del visit, conversation
    return True


def _no_consent(visit: Visit, conversation: Conversation, consent: RecordConsent) -> None:
    del visit, conversation, consent


def _no_end(visit: Visit, conversation: Conversation, outcome: str) -> None:
    del visit, conversation, outcome


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """What a kind of subject does; none of it may begin, put by or end a conversation.

    `facts` are what dialogs may know, by name; they go before what is remembered about the person. `needs`
    are consents beside the one to contact, without which nothing of it is sent. `fits` is
    asked just before a dialog begins that has waited: if it does not any more, it is dropped. `begun` is
    called when the dialog has begun, `answered` for each answer in its order (a value of None: skipped),
    `agreed` for each consent that was given,
    `ended` when the conversation is over, with its outcome, and also when it never began (then `expired`
    or `dropped`). Without `keeps_answers` nothing that is said is kept as an answer: only what follows
    from it.
    """

    facts: Callable[[Visit, Conversation], Mapping[str, Value]] = _no_facts
    needs: Callable[[Visit, Conversation], tuple[str, ...]] = _no_needs
    fits: Callable[[Visit, Conversation], bool] = _always
    begun: Callable[[Visit, Conversation], None] = _nothing
    answered: Callable[[Visit, Conversation, StoreAnswer], None] = _no_answer
    agreed: Callable[[Visit, Conversation, RecordConsent], None] = _no_consent
    ended: Callable[[Visit, Conversation, str], None] = _no_end
    keeps_answers: bool = True


# A person may agree to what goes to a partner wherever they are asked, also by their own command.
_NONE = SubjectKind(agreed=referral_talks.agreed)
_KINDS: Mapping[str, SubjectKind] = {
    appointment_timers.SUBJECT: SubjectKind(
        facts=appointment_talks.facts,
        begun=appointment_talks.begun,
        answered=appointment_talks.answered,
        ended=appointment_talks.ended,
    ),
    accompaniment_talks.SUBJECT: SubjectKind(
        facts=accompaniment_talks.facts,
        fits=accompaniment_talks.fits,
        answered=accompaniment_talks.answered,
        ended=accompaniment_talks.ended,
        keeps_answers=False,
    ),
    consent_talks.SUBJECT: SubjectKind(
        facts=consent_talks.facts, fits=consent_talks.fits, begun=consent_talks.begun
    ),
    sharing_talks.SUBJECT: SubjectKind(
        facts=sharing_talks.facts,
        fits=sharing_talks.fits,
        begun=sharing_talks.begun,
        agreed=referral_talks.agreed,
        ended=sharing_talks.ended,
    ),
    help_plan_talks.SUBJECT: SubjectKind(fits=help_plan_talks.fits),
    help_plan_talks.STEP_SUBJECT: SubjectKind(
        facts=help_plan_talks.step_facts,
        fits=help_plan_talks.step_fits,
        answered=help_plan_talks.step_answered,
    ),
    group_talks.SUBJECT: SubjectKind(
        facts=group_talks.facts,
        fits=group_talks.fits,
        begun=group_talks.begun,
        answered=group_talks.answered,
        keeps_answers=False,
    ),
    group_talks.FEEDBACK_SUBJECT: SubjectKind(
        facts=group_talks.feedback_facts,
        fits=group_talks.feedback_fits,
        answered=group_talks.feedback_answered,
        ended=group_talks.feedback_ended,
        keeps_answers=False,
    ),
    support_talks.SUBJECT: SubjectKind(
        facts=support_talks.facts, fits=support_talks.fits, ended=support_talks.ended, keeps_answers=False
    ),
    leaving.SUBJECT: SubjectKind(
        facts=leaving.facts, fits=leaving.fits, begun=leaving.begun, ended=leaving.ended
    ),
    referral_talks.SUBJECT: SubjectKind(
        facts=referral_talks.facts,
        fits=referral_talks.fits,
        agreed=referral_talks.agreed,
        keeps_answers=False,
    ),
    handover_pack_moves.SUBJECT: SubjectKind(fits=handover_pack_talks.fits, keeps_answers=False),
    handover_pack_moves.RECEIVER_SUBJECT: SubjectKind(
        facts=handover_pack_talks.ask_facts,
        fits=handover_pack_talks.ask_fits,
        ended=handover_pack_talks.ask_ended,
    ),
    handover_pack_moves.SENT_SUBJECT: SubjectKind(
        facts=handover_pack_talks.sent_facts, fits=handover_pack_talks.sent_fits, keeps_answers=False
    ),
    application_talks.SUBJECT: SubjectKind(
        facts=application_talks.facts,
        fits=application_talks.fits,
        answered=application_talks.answered,
        keeps_answers=False,
    ),
    placement_talks.SUBJECT: SubjectKind(
        facts=placement_talks.facts, fits=placement_talks.fits, keeps_answers=False
    ),
    expectation_talks.SUBJECT: SubjectKind(
        facts=expectation_talks.facts, fits=expectation_talks.fits, keeps_answers=False
    ),
    expectation_talks.NOTE_SUBJECT: SubjectKind(
        facts=expectation_talks.note_facts,
        fits=expectation_talks.note_fits,
        answered=expectation_talks.note_answered,
        keeps_answers=False,
    ),
    expectation_talks.SHEET_SUBJECT: SubjectKind(
        facts=expectation_talks.sheet_facts,
        fits=expectation_talks.sheet_fits,
        ended=expectation_talks.sheet_ended,
    ),
    conference_talks.SUBJECT: SubjectKind(
        facts=conference_talks.facts, fits=conference_talks.fits, keeps_answers=False
    ),
    measuring_talks.SUBJECT: SubjectKind(needs=measuring_talks.needs, fits=measuring_talks.fits),
    licensed_scores.SUBJECT: SubjectKind(
        facts=licensed_scores.facts, fits=licensed_scores.fits, answered=licensed_scores.answered
    ),
    repeat_questions.SUBJECT: SubjectKind(
        needs=repeat_questions.needs,
        fits=repeat_questions.fits,
        begun=repeat_questions.begun,
        answered=repeat_questions.answered,
        ended=repeat_questions.ended,
    ),
}


def kind_of(conversation: Conversation) -> SubjectKind:
    """What the subject of a conversation does."""
    return _KINDS.get(conversation.subject.partition(":")[0], _NONE)


def rest_of(conversation: Conversation) -> str:
    """The subject without its kind: of `appointment:17` this is `17`."""
    return conversation.subject.partition(":")[2]
