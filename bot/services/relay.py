# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A human talks with a person through the bot: their words go both ways, and the bot keeps quiet.

It ends when the staff member says so, when they close the case, or after a silence. The person is told, once,
and what waited comes afterwards. The check for danger runs all the time; see `bot.services.receive`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.concerns import Concern, Level, State
from bot.domain.messages import Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address, Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.access import Guard
from bot.services.escalate import raised_since, staff_draft, take_back
from bot.services.own_words import may_be_answered
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.services.whom import Roster, somebody_reads, ways_to
from bot.texts import mark
from scheduler.local_time import local
from scheduler.timers import Timer

TIMER_KIND = "relay_silent"
#: A conversation with a human ends when nobody has written for so long.
HUMAN_TALKS_FOR = timedelta(hours=2)
#: Nobody waits for an answer in silence for longer than this: then the bot speaks again.
_LONGEST_UNANSWERED = 2 * HUMAN_TALKS_FOR
#: The bot keeps quiet a little longer, so that the end is said before a question that waited is asked.
SPARE = timedelta(hours=1)
#: Whoever wrote so recently is there, whatever the hours are.
_IS_THERE = timedelta(minutes=30)
REPLIED, ENDED = "replied", "talk_ended"
_STAFF = "staff:"
#: What the next words of whoever talks may be for: an answer, or a text kept ready that waits to be sent.
_FOCI = ("reply", "canned")
#: What a person can send beside words, as staff hear of it; any other kind is "something".
_SENT: Mapping[str, str] = {
    "photo": mark("Hat ein Bild geschickt, das hier nicht gezeigt werden kann."),
    "sticker": mark("Hat einen Sticker geschickt, der hier nicht gezeigt werden kann."),
    "voice": mark("Hat eine Sprachnachricht geschickt, die hier nicht abgespielt werden kann."),
    "audio": mark("Hat eine Tonaufnahme geschickt, die hier nicht abgespielt werden kann."),
    "video": mark("Hat ein Video geschickt, das hier nicht gezeigt werden kann."),
    "document": mark("Hat eine Datei geschickt, die hier nicht gezeigt werden kann."),
    "location": mark("Hat einen Standort geschickt, der hier nicht gezeigt werden kann."),
}
_SOMETHING = mark("Hat etwas geschickt, das hier nicht gezeigt werden kann.")
_LIKE = {"video_note": "video", "animation": "video", "paid_media": "photo", "venue": "location"}


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks with the person about a concern, and when they wrote last."""

    concern: Concern
    staff_id: int
    last_words: datetime


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
    _keep_quiet(visit, concern, visit.now + HUMAN_TALKS_FOR)


def hear(visit: Visit, text: str, attachment: str = "") -> bool:
    """Give the person's words to whoever talks with them. False if there is nobody to give them to.

    Of an `attachment`, with or without words, they hear only that there was one.
    """
    talk = _talk(visit)
    if talk is None or not _pass_on(visit, talk, text, attachment):
        return talk is not None and _call_others(visit, talk.concern)
    if talk.staff_id:
        _say_when_read(visit, talk)
    return True


def overhear(visit: Visit, text: str, attachment: str = "") -> None:
    """Like `hear`, for words of danger: the person was told already who is called, and who reads when."""
    talk = _talk(visit)
    if talk is not None:
        _pass_on(visit, talk, text, attachment)


def _pass_on(visit: Visit, talk: Talk, text: str, attachment: str) -> bool:
    ways = _ways(visit, talk)
    for address in ways:
        visit.send_to(_words_draft(visit, talk.concern, address, text, attachment))
    if not ways:
        return False
    visit.uow.concerns.log(talk.concern.id, visit.now, "message", "participant", "")
    if talk.staff_id:
        until = min(visit.now + HUMAN_TALKS_FOR, talk.last_words + _LONGEST_UNANSWERED)
        _keep_quiet(visit, talk.concern, max(until, visit.now))
    return True


def end(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> frozenset[str] | None:
    """The conversation is over: say so, and let come what waited. None if nobody talks about this concern.

    Returns the channels that have something to send.
    """
    talk = talk_about(uow, concern)
    person = uow.plans.lock(concern.participant_id)
    if talk is None or person is None or person.human_until is None:
        return None
    talks = _talks(uow, person.id)
    if any(other.last_words > talk.last_words for other in talks):
        return None  # another one has followed: that goes on
    # Where the bot speaks again, none goes on.
    for ended in {concern.id, *(other.concern.id for other in talks)}:
        uow.concerns.log(ended, now, ENDED, "system")
    uow.timers.cancel(timer_key(person.id))
    uow.people.change_participant(person.id, human_until=None)
    talker = uow.people.staff(talk.staff_id)
    if talker is not None and talker.focus in {f"{what}:{concern.id}" for what in _FOCI}:
        uow.people.change_staff(talker.id, focus="")
    contact = uow.people.contact_of(person.id)
    if contact is None or person.standing is Standing.LEFT or not may_be_answered(uow, person, concern):
        return frozenset()
    visit = Visit(uow, rules, contact, now)
    text = visit.voice.say(
        "Das Gespräch mit {coach} ist hier zu Ende. Ich bin wieder das Programm. "
        "Sie können mir jederzeit schreiben.",
        coach=talker.name if talker else visit.coach_name or visit.voice.say("Ihrem Team"),
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


def newest_talk(uow: UnitOfWork, participant_id: int) -> Talk | None:
    """The conversation with a person that goes on, about whichever open concern; None if there is none."""
    return max(_talks(uow, participant_id), key=lambda talk: talk.last_words, default=None)


def _talks(uow: UnitOfWork, participant_id: int) -> list[Talk]:
    concerns = uow.concerns.of_participant(participant_id)
    return [talk for each in concerns if (talk := talk_about(uow, each)) is not None]


def has_written_since(uow: UnitOfWork, concern: Concern) -> bool:
    """Whether a human has written to the person since this was raised, whichever case they had in hand.

    Then nobody may be told that no human has been in touch, even if nobody has taken this over yet.
    """
    since = raised_since(uow, concern)
    everything = uow.concerns.of_participant(concern.participant_id, open_only=False)
    return any(
        event == REPLIED and at >= since
        for each in everything
        for at, event, _, _ in uow.concerns.history(each.id)
    )


def _talk(visit: Visit) -> Talk | None:
    """The conversation that goes on; without one, whoever has a concern of the person in hand hears of it."""
    talk = newest_talk(visit.uow, visit.participant.id)
    if talk is not None:
        return talk
    concerns = visit.uow.concerns.of_participant(visit.participant.id)
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
    return ways_to(visit.uow, [one for one in sorted(found) if _may_read(visit, concern, one)])


def _may_read(visit: Visit, concern: Concern, staff_id: int) -> bool:
    """Whoever talked while it was theirs, or with a broken glass, hears no more when it is not any more."""
    person = visit.uow.people.staff(staff_id)
    if person is None:
        return False
    return Guard(visit.uow, visit.rules, person, visit.now).looks(concern).is_allowed


def _call_others(visit: Visit, concern: Concern) -> bool:
    """Whoever has the case cannot be told any more: it does not rest with them until its next step is due."""
    if concern.state is State.OPEN:
        return False
    _, calls = take_back(visit.uow, visit.rules, concern, visit.now)
    for call in calls:
        visit.send_to(call)
    return True


def _words_draft(visit: Visit, concern: Concern, address: Address, text: str, attachment: str = "") -> Draft:
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
    shows = bool(text) and visit.agency.class_of(address.channel).carries(DataClass.HEALTH)
    # A locked phone shows the beginning of a message: the words come after it.
    news = voice.say("Neue Nachricht der Person") if shows else voice.say("Neue Nachricht")
    lines = [f"{news} · {case}"]
    if attachment:
        lines.append(voice.say(_SENT.get(_LIKE.get(attachment, attachment), _SOMETHING)))
    kind = Kind.STAFF_ALERT if concern.level is Level.R3 else Kind.STAFF_NOTICE
    if shows or not text:
        words = [f"„{text}“"] if text else []
        return staff_draft(concern, address, kind, Body("\n".join([*lines, *words]), keys))
    link = f"{visit.rules.public_url}/console/{concern.id}" if visit.rules.public_url else ""
    body = Body("\n".join(lines), keys, link, voice.say("Ansehen") if link else "")
    return staff_draft(concern, address, kind, body)


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
    quiet = visit.rules.quiet_of(visit.agency.id)
    ends = quiet.next_allowed(until, zone) if quiet else until
    person = visit.participant.id
    visit.change(human_until=ends + SPARE)
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, person, ends, timer_key(person), str(concern.id))
