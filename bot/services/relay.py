# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A human talks with a person through the bot: their words go both ways, and the bot keeps quiet.

It ends when the staff member says so, when they close the case, or after a silence. The person is told, once,
and what waited comes afterwards. The check for danger runs all the time; see `bot.services.receive`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.concerns import Concern
from bot.domain.messages import Kind
from bot.domain.people import Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.human_talks import ENDED, talk_about, talks_of
from bot.services.next_words import when_over
from bot.services.own_words import may_be_answered
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from scheduler.timers import Timer

TIMER_KIND = "relay_silent"
#: A conversation with a human ends when nobody has written for so long.
HUMAN_TALKS_FOR = timedelta(hours=2)
#: Nobody waits for an answer in silence for longer than this: then the bot speaks again.
LONGEST_UNANSWERED = 2 * HUMAN_TALKS_FOR
#: The bot keeps quiet a little longer, so that the end is said before a question that waited is asked.
SPARE = timedelta(hours=1)
#: What the next words of whoever talks may be for: an answer, or a text kept ready that waits to be sent.
_FOCI = ("reply", "canned")


def timer_key(participant_id: int) -> str:
    """The one timer that ends a silent conversation."""
    return f"relay:{participant_id}"


def told(visit: Visit, name: str, words: str) -> str:
    """A staff member's words as the person gets them: a neutral line first, for that is what a locked phone
    shows, then `Name: words`.
    """
    neutral = visit.voice.say("Jemand aus Ihrem Team hat Ihnen geschrieben.")
    return f"{neutral}\n\n{name}: {words}"


def read_told(text: str) -> tuple[str, str]:
    """The name and the words of what `told` made, or of a text without the neutral line; else "" and all."""
    neutral, _, rest = text.partition("\n\n")
    name, _, words = (text if ": " in neutral else rest).partition(": ")
    return (name, words) if words else ("", text)


def go_on(visit: Visit, concern: Concern) -> None:
    """A staff member has written to the person about this concern: from now on the bot keeps quiet."""
    keep_quiet(visit, concern, visit.now + HUMAN_TALKS_FOR)


def end(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> frozenset[str] | None:
    """The conversation is over: say so, and let come what waited. None if nobody talks about this concern.

    Returns the channels that have something to send.
    """
    talk = talk_about(uow, concern)
    person = uow.plans.lock(concern.participant_id)
    if talk is None or person is None or person.human_until is None:
        return None
    talks = talks_of(uow, person.id)
    if any(other.last_words > talk.last_words for other in talks):
        # Another one has followed: that goes on. This one does not come back with its case.
        uow.concerns.log(concern.id, now, ENDED, "system")
        return None
    # Where the bot speaks again, none goes on.
    for ended in {concern.id, *(other.concern.id for other in talks)}:
        uow.concerns.log(ended, now, ENDED, "system")
    uow.timers.cancel(timer_key(person.id))
    uow.people.change_participant(person.id, human_until=None)
    talker = uow.people.staff(talk.staff_id)
    if talker is not None and talker.focus in {f"{what}:{concern.id}" for what in _FOCI}:
        uow.people.change_staff(talker.id, focus=when_over(uow, talker.id, person.id))
    contact = uow.people.contact_of(person.id)
    if contact is None or not may_be_answered(uow, person, concern):
        return frozenset()
    visit = Visit(uow, rules, contact, now)
    text = visit.voice.say(
        "Das Gespräch mit {coach} ist hier zu Ende. Ich bin wieder das Programm. "
        "Sie können mir jederzeit schreiben.",
        coach=talker.name if talker else visit.coach_name or visit.voice.say("Ihrem Team"),
    )
    visit.tell(Kind.REPLY, text, concern_id=concern.id)
    if person.standing is not Standing.LEFT:
        floor.resume(visit)
    visit.finish()
    return frozenset(visit.woken)


def silent(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Nobody has written for a while: let the timer take effect."""
    concern = uow.concerns.get(int(timer.payload))
    woken = end(uow, rules, concern, now) if concern is not None else None
    return Receipt("", woken or frozenset(), frozenset({timer.subject}))


def keep_quiet(visit: Visit, concern: Concern, until: datetime) -> None:
    """The bot keeps quiet until then, and a little longer where the end would be said in quiet hours."""
    # Nobody is woken to hear that a conversation is over.
    zone = zone_of(visit.participant, visit.agency)
    quiet = visit.rules.quiet_of(visit.agency.id)
    ends = quiet.next_allowed(until, zone) if quiet else until
    person = visit.participant.id
    visit.change(human_until=ends + SPARE)
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, person, ends, timer_key(person), str(concern.id))
