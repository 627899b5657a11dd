# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person writes while a human talks with them: to whom it goes, and what is said if nobody reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.concerns import Concern, Event, Level, State
from bot.domain.messages import Body, DataClass, Draft, Key, Kind
from bot.domain.people import Address
from bot.services import crisis, human_talks, relay
from bot.services.access import Guard
from bot.services.escalate import note_origin, staff_draft, take_back
from bot.services.page_lock import MAYBE_NOT_THEIRS
from bot.services.person_dates import zone_of
from bot.services.visit import Visit
from bot.services.whom import Roster, somebody_reads, ways_to
from bot.texts import mark
from scheduler.local_time import local

#: Whoever wrote so recently is there, whatever the hours are.
_IS_THERE = timedelta(minutes=30)
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


def hear(visit: Visit, text: str, attachment: str = "") -> bool:
    """Give the person's words to whoever talks with them. False if there is nobody to give them to.

    Of an `attachment`, with or without words, they hear only that there was one.
    """
    talk = _talk(visit)
    if talk is None:
        return False
    if not _pass_on(visit, talk, text, attachment) and not _call_others(visit, talk.concern):
        return False
    if talk.staff_id:
        _say_when_read(visit, talk)
    return True


def overhear(visit: Visit, text: str, attachment: str = "") -> None:
    """Like `hear`, for words of danger: the person was told already who is called, and who reads when."""
    talk = _talk(visit)
    if talk is not None:
        _pass_on(visit, talk, text, attachment)


def _pass_on(visit: Visit, talk: human_talks.Talk, text: str, attachment: str) -> bool:
    """Whether anybody hears it who is there."""
    roster = Roster(visit.uow, visit.rules, visit.agency.id, visit.now)
    ways = _ways(visit, talk, roster)
    for address in ways:
        visit.send_to(_words_draft(visit, talk.concern, address, text, attachment))
    if not ways:
        return False
    visit.uow.concerns.log(talk.concern.id, visit.now, "message", "participant", "")
    note_origin(visit, talk.concern)
    if talk.staff_id:
        until = min(visit.now + relay.HUMAN_TALKS_FOR, talk.last_words + relay.LONGEST_UNANSWERED)
        relay.keep_quiet(visit, talk.concern, max(until, visit.now))
    writes = talk.staff_id if visit.now - talk.last_words < _IS_THERE else 0
    return any(one.staff_id == writes or not roster.is_away(one.staff_id or 0) for one in ways)


def _talk(visit: Visit) -> human_talks.Talk | None:
    """The conversation that goes on; without one, whoever has a concern of the person in hand hears of it."""
    talk = human_talks.newest_talk(visit.uow, visit.participant.id)
    if talk is not None:
        return talk
    concerns = visit.uow.concerns.of_participant(visit.participant.id)
    held = [concern for concern in concerns if concern.state is not State.OPEN]
    return human_talks.Talk(held[0], 0, visit.now) if held else None


def _ways(visit: Visit, talk: human_talks.Talk, roster: Roster) -> list[Address]:
    """Where the words go: to who talks, and to whoever has the concern now, or else owns it.

    For somebody who is not there whoever stands in hears it as well.
    """
    concern = talk.concern
    holders = {concern.taken_by or concern.owner_id, _talker(visit, talk)}
    found = set[int]()
    for holder in filter(None, holders):
        person = visit.uow.people.staff(holder)
        if person is not None and person.left_at is None:
            found.add(holder)
        stand_in = None if roster.is_present(holder) else roster.stand_in(holder)
        if stand_in is not None:
            found.add(stand_in.id)
    return ways_to(visit.uow, [one for one in sorted(found) if _may_read(visit, concern, one)])


def _talker(visit: Visit, talk: human_talks.Talk) -> int:
    """Who talks; 0 if a colleague has taken it over since their last words."""
    if talk.concern.taken_by not in (None, talk.staff_id):
        for _, event, *_ in reversed(visit.uow.concerns.history(talk.concern.id)):
            if event == Event.TAKE_OVER.value:
                return 0
            if event == human_talks.REPLIED:
                break
    return talk.staff_id


def _may_read(visit: Visit, concern: Concern, staff_id: int) -> bool:
    """Whoever talked while it was theirs, or with a broken glass, hears no more when it is not any more."""
    person = visit.uow.people.staff(staff_id)
    if person is None:
        return False
    return Guard(visit.uow, visit.rules, person, visit.now).looks(concern).is_allowed


def _call_others(visit: Visit, concern: Concern) -> bool:
    """Whoever has the case is away, or cannot be told: it does not rest with them until its step is due."""
    if concern.state is State.OPEN:
        return False
    called, calls = take_back(visit.uow, visit.rules, concern, visit.now)
    for call in calls:
        visit.send_to(call)
    crisis.say_in_vain(visit, called)
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
    if visit.is_from_shut_page:
        lines.append(voice.say(MAYBE_NOT_THEIRS))
    kind = Kind.STAFF_ALERT if concern.level is Level.R3 else Kind.STAFF_NOTICE
    if shows or not text:
        words = [f"„{text}“"] if text else []
        return staff_draft(concern, address, kind, Body("\n".join([*lines, *words]), keys))
    link = f"{visit.rules.public_url}/console/{concern.id}" if visit.rules.public_url else ""
    body = Body("\n".join(lines), keys, link, voice.say("Ansehen") if link else "")
    return staff_draft(concern, address, kind, body)


def _say_when_read(visit: Visit, talk: human_talks.Talk) -> None:
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
