# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person: what happened, the conversation, the notes of the team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.access import Action
from bot.domain.canned_replies import BASE_LANGUAGE, CannedReply
from bot.domain.concerns import Level
from bot.domain.messages import Direction, IncomingKind, Line
from bot.domain.people import Participant
from bot.domain.stories import LONGEST_NOTE, Happening
from bot.services import human_talks, person_desk, person_view, staff_cases
from bot.services.canned_replies import replies
from bot.services.desk import Desk
from bot.texts import mark
from bot.web.bubbles import Bubble, Teller
from bot.web.console import person_words as words
from bot.web.console.person_head import NOTES, STORY, TALK, Opened, last_said, page, title_of
from bot.web.console.seat import Did, Form, Seat
from dialogs.concerns.languages import is_unread

_NOTES_SHOWN = 100
_LEVELS = {
    Level.R1: mark("Diese Woche: am nächsten Arbeitstag"),
    Level.R2: mark("Heute: ernst, noch am selben Tag"),
    Level.R3: mark("Sofort: Gefahr"),
}


def _story(seat: Seat, found: Opened) -> Mapping[str, object]:
    before = person_view.moment_of(seat.whence.query.get("before", ""), seat.now)
    told = person_view.story(seat.uow, found.person, before, words.ACTS)
    narrator = _narrator(seat, found)
    lines = [one for one in told.moments if isinstance(one, Line)]
    bubbles = {one.id: one for one in _teller(seat, found.person).tell(reversed(lines))}
    rows = [row for one in told.moments if (row := _row(narrator, one, bubbles)) is not None]
    return {
        "rows": rows,
        "older": told.older,
        "is_first": "before" not in seat.whence.query,
        "levels": [(level.value, seat.voice.say(label)) for level, label in _LEVELS.items()],
    }


def _row(narrator: words.Narrator, one: Happening | Line, bubbles: Mapping[str, Bubble]) -> words.Row | None:
    if isinstance(one, Happening):
        return narrator.happening(one)
    bubble = bubbles.get(f"{one.direction.value}-{one.id}")
    return narrator.line(one, bubble) if bubble is not None else None


def _narrator(seat: Seat, found: Opened) -> words.Narrator:
    values: dict[int, list[str]] = {}
    for scale in person_view.scales(seat.uow, seat.rules, found.person):
        label = words.scale(seat.voice, scale.rule.id)
        for score in scale.scores if label else ():
            values.setdefault(score.conversation_id, []).append(f"{label} {score.value}")
    held = seat.uow.concerns.of_participant(found.person.id, open_only=False)
    return words.Narrator(
        seat.voice,
        seat.zone,
        seat.rules,
        {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)},
        {one.id: one for one in held},
        {number: ", ".join(said) for number, said in values.items()},
        found.path,
    )


def _teller(seat: Seat, person: Participant) -> Teller:
    name = title_of(seat.voice, person, seat.uow.people.name_of(person.id))
    return Teller(seat.voice, seat.zone, name, "", for_staff=True)


def _raise(desk: Desk, found: Opened, form: Form) -> Did:
    level, why = form.get("level", ""), " ".join(form.get("reason", "").split())
    faults = {}
    if level not in {one.value for one in person_desk.LEVELS}:
        faults["level"] = desk.voice.say("Bitte wählen Sie, wie eilig es ist.")
    if not person_desk.SHORTEST_REASON <= len(why) <= person_desk.LONGEST_REASON:
        faults["reason"] = desk.voice.say("Bitte schreiben Sie den Grund dazu, in 3 bis 1000 Zeichen.")
    if faults:
        return Did(faults=faults)
    concern = person_desk.raise_by_staff(desk, found.person, Level(level), why)
    said = desk.voice.say("Die Meldung ist angelegt. Zuständige bekommen jetzt Bescheid.")
    return Did((said,), f"/console/{concern.id}")


def _talk(seat: Seat, found: Opened) -> Mapping[str, object]:
    before = person_view.moment_of(seat.whence.query.get("before", ""), seat.now)
    lines, older = person_view.said(seat.uow, found.person, before)
    bubbles = list(_teller(seat, found.person).tell(lines))
    unread = _unread(lines, found.person)
    # Only while a human talks: each concern's history is read for it.
    is_talking = found.person.talks_with_human(seat.now)
    talk = human_talks.newest_talk(seat.uow, found.person.id) if is_talking else None
    talker = seat.uow.people.staff(talk.staff_id) if talk is not None else None
    canned = replies(seat.uow, seat.rules, seat.staff.agency_id)
    chosen = canned.get(seat.whence.query.get("canned", ""))
    language = found.person.language.partition("-")[0]
    return {
        "bubbles": [_marked(seat, one, unread) for one in bubbles],
        "older": older,
        "is_first": "before" not in seat.whence.query,
        "talker": talker.name if talker else "",
        "canned": list(canned.values()),
        "chosen": chosen,
        "draft": _text_in(chosen, language) if chosen else "",
        "is_translated": chosen is not None and language in chosen.texts,
        "spoken": seat.voice.language_name(language) or language,
        "is_ours": language in seat.rules.texts.languages,
        "is_german": language == BASE_LANGUAGE,
    }


def _unread(lines: Iterable[Line], person: Participant) -> frozenset[str]:
    """What no rule could read: a human has to."""
    return frozenset(
        f"{one.direction.value}-{one.id}"
        for one in lines
        if one.direction is Direction.IN
        and one.kind == IncomingKind.TEXT
        and is_unread(one.text, person.language)
    )


def _marked(seat: Seat, bubble: Bubble, unread: frozenset[str]) -> Bubble:
    if bubble.id not in unread:
        return bubble
    return replace(
        bubble, state=seat.voice.say("Diese Sprache prüft das Programm nicht. Bitte selbst lesen.")
    )


def _text_in(reply: CannedReply, language: str) -> str:
    return reply.texts.get(language, reply.german)


def _write(desk: Desk, found: Opened, form: Form) -> Did:
    if not person_desk.write_to(desk, found.person, form.get("text", "")):
        return Did(faults={"text": last_said(desk)})
    return Did()


def _end(desk: Desk, found: Opened, _: Form) -> Did:
    concern = person_desk.talk_of(desk, found.person)
    said = desk.voice.say("Zu diesem Fall läuft gerade kein Gespräch.")
    if concern is not None:
        said = staff_cases.end_talk(desk, concern)
        desk.changed.add(found.person.id)
    return Did((said,) if said else ())


def _notes(seat: Seat, found: Opened) -> Mapping[str, object]:
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    return {
        "written": [
            {"at": seat.moment(one.at), "who": names.get(one.staff_id, ""), "text": one.text}
            for one in seat.uow.stories.notes(found.person.id, _NOTES_SHOWN)
        ],
        "longest": LONGEST_NOTE,
    }


def _note(desk: Desk, found: Opened, form: Form) -> Did:
    text = form.get("text", "").strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        return Did(faults={"text": desk.voice.say("Eine Notiz hat 1 bis 4000 Zeichen.")})
    person_desk.note_about(desk, found.person, text)
    return Did((desk.voice.say("Notiz gespeichert."),))


PAGES = (
    page(STORY, "story.html", _story, {"raise": (Action.ACT_ON_CONCERN, _raise)}),
    page(TALK, "talk.html", _talk, {"write": (Action.REPLY, _write), "end": (Action.REPLY, _end)}),
    page(NOTES, "notes.html", _notes, {"note": (Action.WRITE_NOTE, _note)}),
)
