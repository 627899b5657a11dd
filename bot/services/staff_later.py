# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Let a case rest until a moment, from the messenger: in an hour, this afternoon, tomorrow morning, a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from bot.domain.concerns import Concern, Level, State
from bot.domain.messages import Body
from bot.services import handle_concern as handle
from bot.services.appointment_dates import EntryFault, read_moment
from bot.services.desk import Desk
from bot.texts import mark
from scheduler.local_time import at_wall, local, zone

FOCUS = "later"
_HOUR = timedelta(hours=1)
_AFTERNOON = time(14)
_EXAMPLE = "24.11. 10:30"


def offer(desk: Desk, concern: Concern, _: str, __: str) -> str:
    """Which moments there are to choose from. Returns what is shown over the button."""
    if concern.state is State.OPEN:
        return desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")
    if refusal := handle.why_not_theirs(desk, concern):
        desk.tell(refusal, concern_id=concern.id)
        return ""
    choices = [*moments(desk.now, desk.agency.zone, concern.level), (mark("Anderer Tag"), "day")]
    text = desk.voice.say("Fall {case}: Wann soll ich wieder fragen?", case=concern.case_code)
    keys = tuple((desk.key(concern.id, label, f"until:{code}"),) for label, code in choices)
    desk.tell(Body(text, keys), concern_id=concern.id)
    return ""


def moments(now: datetime, zone_name: str, level: Level) -> list[tuple[str, str]]:
    """The moments that can be chosen for a concern of this level now, as (source text, code)."""
    where = zone(zone_name)
    choices = []
    # Danger rests until midnight at most: what would be refused is not offered.
    if level is not Level.R3 or local(now + _HOUR, where).date() == local(now, where).date():
        choices.append((mark("In 1 Stunde"), "hour"))
    if _afternoon(now, zone_name) - now > _HOUR:
        choices.append((mark("Heute Nachmittag"), "afternoon"))
    if level is not Level.R3:
        choices.append((mark("Morgen früh"), "morning"))
    return choices


def choose(desk: Desk, concern: Concern, code: str, _: str) -> str:
    """One of them was pressed. Returns what is shown over the button."""
    if code == "day":
        desk.focus(f"{FOCUS}:{concern.id}")
        text = desk.voice.say(
            "Fall {case}: Schreiben Sie Tag und Uhrzeit, zum Beispiel: {example}",
            case=concern.case_code,
            example=_EXAMPLE,
        )
        desk.tell(text, concern_id=concern.id)
        return ""
    if code not in _MOMENTS:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    rest(desk, concern, code)
    return ""


def rest(desk: Desk, concern: Concern, code: str) -> bool:
    """Let it rest until the moment of this code (see `moments`). False if it cannot be; why was said."""
    return handle.snooze(desk, concern, _MOMENTS[code](desk))


def typed(desk: Desk, concern: Concern, text: str) -> bool:
    """A day and a time in words. False if it cannot be; why was said."""
    try:
        until = read_moment(text.split(), desk.now, desk.agency.zone)
    except EntryFault as fault:
        example = desk.voice.say("Zum Beispiel: {example}", example=_EXAMPLE)
        desk.tell(f"{fault.say(desk.voice)}\n{example}", concern_id=concern.id)
        return False
    return handle.snooze(desk, concern, until)


def _afternoon(now: datetime, zone_name: str) -> datetime:
    where = zone(zone_name)
    return at_wall(local(now, where).date(), _AFTERNOON, where)


_MOMENTS: Mapping[str, Callable[[Desk], datetime | None]] = {
    "hour": lambda desk: desk.now + _HOUR,
    "afternoon": lambda desk: _afternoon(desk.now, desk.agency.zone),
    "morning": lambda desk: None,
}
