# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A human talks with a person through the bot: their words go both ways, and the bot keeps quiet.

It ends when the staff member says so, when they close the case, or after a silence. The person is told, once,
and what waited comes afterwards. The check for danger runs all the time; see `bot.services.receive`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.concerns import Concern, Level, State
from bot.domain.messages import Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address, Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.escalate import staff_draft, take_back
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.services.whom import Roster, somebody_reads, ways_to
from scheduler.local_time import local
from scheduler.timers import Timer

TIMER_KIND = "relay_silent"
#: A conversation with a human ends when nobody has written for so long.
HUMAN_TALKS_FOR = timedelta(hours=2)
#: Nobody waits for an answer in silence for longer than this: then the bot speaks again.
_LONGEST_UNANSWERED = 2 * HUMAN_TALKS_FOR
#: The bot keeps quiet a little longer, so that the end is said before a question that waited is asked.
_SPARE = timedelta(hours=1)
#: Whoever wrote so recently is there, whatever the hours are.
_IS_THERE = timedelta(minutes=30)
REPLIED, ENDED = "replied", "talk_ended"
_STAFF = "staff:"


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks with the person about a concern, and when they wrote last."""

    concern: Concern
    staff_id: int
    last_words: datetime


def timer_key(participant_id: int) -> str:
    """The one timer that ends a silent conversation."""
    return f"relay:{participant_id}"


def go_on(visit: Visit, concern: Concern) -> None:
    """A staff member has written to the person about this concern: from now on the bot keeps quiet."""
    _keep_quiet(visit, concern, visit.now + HUMAN_TALKS_FOR)


def hear(visit: Visit, text: str) -> bool:
    """Give the person's words to whoever talks with them. False if there is nobody to give them to."""
    talk = _talk(visit)
    if talk is None:
        return False
    ways = _ways(visit, talk)
    for address in ways:
        visit.send_to(_words_draft(visit, talk.concern, address, text))
    if not ways:
        return _call_others(visit, talk.concern)
    visit.uow.concerns.log(talk.concern.id, visit.now, "message", "participant", "")
    if talk.staff_id:
        until = min(visit.now + HUMAN_TALKS_FOR, talk.last_words + _LONGEST_UNANSWERED)
        _keep_quiet(visit, talk.concern, max(until, visit.now))
        _say_when_read(visit, talk)
    return True


def end(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> frozenset[str] | None:
    """The conversation is over: say so, and let come what waited. None if nobody talks about this concern.

    Returns the channels that have something to send.
    """
    talk = talk_about(uow, concern)
    person = uow.plans.lock(concern.participant_id)
    if talk is None or person is None or person.human_until is None:
        return None
    uow.concerns.log(concern.id, now, ENDED, "system")
    uow.timers.cancel(timer_key(person.id))
    uow.people.change_participant(person.id, human_until=None)
    talker = uow.people.staff(talk.staff_id)
    if talker is not None and talker.focus == f"reply:{concern.id}":
        uow.people.change_staff(talker.id, focus="")
    contact = uow.people.contact_of(person.id)
    if contact is None or person.standing in (Standing.STOPPED, Standing.LEFT):
        return frozenset()
    visit = Visit(uow, rules, contact, now)
    text = visit.voice.say(
        "Das Gespräch mit {coach} ist hier zu Ende. Ich bin wieder das Programm. "
        "Sie können mir jederzeit schreiben.",
        coach=talker.name if talker else visit.coach,
    )
    visit.tell(Kind.REPLY, text, concern_id=concern.id)
    floor.resume(visit)
    visit.finish()
    return frozenset(visit.woken)


def silent(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Nobody has written for a while: let the timer take effect."""
    concern = uow.concerns.get(int(timer.payload))
    woken = end(uow, rules, concern, now) if concern is not None else None
    return Receipt("", woken or frozenset(), frozenset({timer.subject}))


def talk_about(uow: UnitOfWork, concern: Concern) -> Talk | None:
    """Who talks with the person about this concern; None if nobody does, or not any more."""
    for at, event, actor, _ in reversed(uow.concerns.history(concern.id)):
        if event == ENDED:
            return None
        if event == REPLIED and actor.startswith(_STAFF):
            return Talk(concern, int(actor.removeprefix(_STAFF)), at)
    return None


def _talk(visit: Visit) -> Talk | None:
    """The conversation that goes on; without one, whoever has a concern of the person in hand hears of it."""
    concerns = visit.uow.concerns.of_participant(visit.participant.id)
    talks = [talk for concern in concerns if (talk := talk_about(visit.uow, concern)) is not None]
    if talks:
        return max(talks, key=lambda talk: talk.last_words)
    held = [concern for concern in concerns if concern.state is not State.OPEN]
    return Talk(held[0], 0, visit.now) if held else None


def _ways(visit: Visit, talk: Talk) -> list[Address]:
    """Where the words go: to whoever has the concern now, else to who talked and who owns it.

    For somebody who is not there whoever stands in hears it as well.
    """
    concern = talk.concern
    holders = {concern.taken_by} if concern.taken_by else {talk.staff_id, concern.owner_id}
    roster = Roster(visit.uow, visit.rules, visit.agency.id, visit.now)
    found = set[int]()
    for holder in filter(None, holders):
        person = visit.uow.people.staff(holder)
        if person is not None and person.left_at is None:
            found.add(holder)
        stand_in = None if roster.is_present(holder) else roster.stand_in(holder)
        if stand_in is not None:
            found.add(stand_in.id)
    return ways_to(visit.uow, found)


def _call_others(visit: Visit, concern: Concern) -> bool:
    """Whoever has the case cannot be told any more: it does not rest with them until its next step is due."""
    if concern.state is State.OPEN:
        return False
    _, calls = take_back(visit.uow, visit.rules, concern, visit.now)
    for call in calls:
        visit.send_to(call)
    return True


def _words_draft(visit: Visit, concern: Concern, address: Address, text: str) -> Draft:
    person = visit.uow.people.staff(address.staff_id or 0)
    voice = visit.rules.voice(person.language if person else "de")
    keys = (
        (
            Key(voice.say("Antworten"), f"s:{concern.id}:reply"),
            Key(voice.say("Anzeigen"), f"s:{concern.id}:show"),
        ),
        (Key(voice.say("Gespräch beenden"), f"s:{concern.id}:end"),),
    )
    case = voice.say("Fall {case}", case=concern.case_code)
    news = voice.say("Neue Nachricht")
    head = f"{news} · {case}"
    kind = Kind.STAFF_ALERT if concern.level is Level.R3 else Kind.STAFF_NOTICE
    if visit.agency.class_of(address.channel).carries(DataClass.HEALTH):
        return staff_draft(concern, address, kind, Body(f"{head}\n„{text}“", keys))
    link = f"{visit.rules.public_url}/console/{concern.id}" if visit.rules.public_url else ""
    return staff_draft(concern, address, kind, Body(head, keys, link, voice.say("Ansehen") if link else ""))


def _say_when_read(visit: Visit, talk: Talk) -> None:
    """Out of hours the person should not wait for an answer in the dark; said once a day."""
    agency = visit.agency
    if visit.now - talk.last_words < _IS_THERE or somebody_reads(
        visit.uow, visit.rules, agency.id, visit.now
    ):
        return
    at = visit.rules.next_reading(agency.id, visit.now)
    text = visit.voice.say(
        "Gerade liest hier niemand mit. Gelesen wird wieder am {day} ab {time}. Hilfe sofort: /hilfe",
        day=visit.voice.day(at, agency.zone),
        time=visit.voice.clock(at, agency.zone),
    )
    day = local(visit.now, zone_of(visit.participant, agency)).date()
    visit.tell(Kind.REPLY, text, dedup=f"relay_read:{visit.participant.id}:{day}")


def _keep_quiet(visit: Visit, concern: Concern, until: datetime) -> None:
    # Nobody is woken to hear that a conversation is over.
    zone = zone_of(visit.participant, visit.agency)
    ends = visit.rules.quiet.next_allowed(until, zone) if visit.rules.quiet else until
    person = visit.participant.id
    visit.change(human_until=ends + _SPARE)
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, person, ends, timer_key(person), str(concern.id))
