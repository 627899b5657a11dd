# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who comes along, in the staff's messenger: `/begleitung` shows and offers it, a colleague answers by a tap.

Names are only written where the channel may carry appointments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.accompaniment import Accompaniment, AccompanimentState
from bot.domain.appointments import Appointment
from bot.domain.messages import DataClass
from bot.services import accompaniment_moves as moves
from bot.services import accompaniments
from bot.services.accompaniments import Promise
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.appointments import Telling
from bot.services.desk import Desk
from bot.texts import Voice, mark

SHOW = "/begleitung 12"
OFFER = "/begleitung 12 ich Treffpunkt: Vor dem Eingang"
ASK = "/begleitung 12 Karl"
CANNOT = "/begleitung 12 nein Wir telefonieren vorher"
_ME = "ich"
_MEET = re.compile(r"(?:^|\s)Treffpunkt:\s*", re.IGNORECASE)
_UNKNOWN = mark("Einen Termin mit der Nummer {number} gibt es hier nicht. Ihre Termine zeigt /termine.")
ASKED = mark("Gefragt. Die Person erfährt davon erst, wenn jemand zugesagt hat.")
#: How it stands, as staff read it. `name` is who comes along.
STATES: Mapping[AccompanimentState, str] = {
    AccompanimentState.WISHED: mark("Begleitung gewünscht. Noch hat niemand zugesagt."),
    AccompanimentState.ASKED: mark("{name} ist gefragt, ob es geht. Die Person weiß noch nichts davon."),
    AccompanimentState.OFFERED: mark("{name} kommt mit, wenn die Person möchte. Sie ist gefragt."),
    AccompanimentState.CONFIRMED: mark("{name} kommt mit. Das ist fest."),
    AccompanimentState.OPEN_AGAIN: mark("Wer mitkommt, ist wieder offen. Bitte klären Sie es neu."),
    AccompanimentState.NOT_POSSIBLE: mark("Niemand kann mitkommen. Die Person bekommt das gesagt."),
    AccompanimentState.NOT_NEEDED: mark("Es wird keine Begleitung gebraucht."),
}


def act(desk: Desk, typed: str) -> None:
    """`/begleitung NUMBER [ich | name | nein ... | wunsch | unnötig] [Treffpunkt: ...]`."""
    number, _, rest = typed.partition(" ")
    try:
        kept = _appointment(desk, number)
        line = _carry_out(desk, kept, rest.strip()) if rest.strip() else ""
    except EntryFault as fault:
        desk.tell(f"{fault.say(desk.voice)}\n" + desk.voice.say("Zum Beispiel: {example}", example=OFFER))
        return
    head = desk.voice.say("Termin {number}", number=kept.id)
    state = state_line(desk.voice, moves.of(desk.uow, kept), shows_names=_shows_names(desk))
    desk.tell("\n".join(part for part in (f"{head}: {state}", line) if part))


def press(desk: Desk, rest: str, message: str) -> str:
    """The button of a colleague who was asked. Returns what is shown over it."""
    number, _, word = rest.partition(":")
    try:
        telling = accompaniments.answer(desk, number_of(number), comes=word == accompaniments.COME)
    except EntryFault as fault:
        return fault.say(desk.voice)
    done = mark("Danke. Sie kommen mit. Jetzt frage ich die Person, ob sie das möchte.")
    if word != accompaniments.COME:
        done = mark("Danke. Ich sage Bescheid, dass es bei Ihnen nicht geht.")
    text = desk.voice.say(done)
    desk.tell(f"{text}\n{desk.voice.say(telling.value)}" if telling else text, edit=message)
    return ""


def state_line(voice: Voice, one: Accompaniment | None, *, shows_names: bool) -> str:
    """How it stands, in one sentence."""
    if one is None:
        return voice.say("Zu Begleitung ist nichts eingetragen.")
    name = one.companion.name if shows_names else voice.say("Jemand")
    return voice.say(STATES[one.state], name=name)


def _carry_out(desk: Desk, kept: Appointment, typed: str) -> str:
    word, _, rest = typed.partition(" ")
    match word.casefold():
        case "nein":
            return desk.voice.say(accompaniments.cannot(desk, kept, rest).value)
        case "unnötig":
            accompaniments.let_go(desk, kept)
            return ""
        case "wunsch":
            accompaniments.wish(desk, kept)
            return ""
    who, *meet = _MEET.split(typed, maxsplit=1)
    telling = accompaniments.offer(desk, kept, _promise(desk, who.strip(), "".join(meet)))
    return desk.voice.say(done_text(telling))


def _promise(desk: Desk, who: str, meet: str) -> Promise:
    """Oneself, the one colleague whose name begins so, or else a partner by that name."""
    if who.casefold() == _ME:
        return Promise(desk.staff.id, meet=meet)
    known = accompaniments.team(desk)
    found = [number for number, name in known.items() if who and name.casefold().startswith(who.casefold())]
    if len(found) > 1:
        raise EntryFault(mark("Diesen Namen gibt es im Team mehrmals. Bitte schreiben Sie ihn ganz."))
    return Promise(found[0], meet=meet) if found else Promise(name=who, meet=meet)


def _appointment(desk: Desk, typed: str) -> Appointment:
    number = number_of(typed)
    kept = desk.uow.appointments.get(number) if number else None
    if kept is None or kept.agency_id != desk.agency.id:
        raise EntryFault(_UNKNOWN, number=typed[:20])
    accompaniments.check_may(desk, kept)
    return kept


def _shows_names(desk: Desk) -> bool:
    return desk.agency.class_of(desk.address.channel).carries(DataClass.APPOINTMENT)


def done_text(telling: Telling | None) -> str:
    """What is said after an offer: a source text."""
    return telling.value if telling else ASKED
