# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Being away by command in the staff's messenger: `/abwesend`, `/da`, `/vertretung`, `/probe`.

Two taps are enough: the command and a day. What was typed is shown and kept only after "Stimmt so".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.duty import Absence
from bot.domain.messages import Body, Key
from bot.domain.people import Staff
from bot.services import absences, duty, plan_duty, reachability, staff_rota, staff_shifts
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.duty_desk import (
    colleague,
    colleagues,
    confirm_keys,
    gone,
    refuse,
    today,
)
from bot.services.duty_words import absence_text, find_colleague, read_absence
from bot.services.reachability import CONFIRM, probe, ways_to
from scheduler.local_time import at_wall, zone

MARK = reachability.MARK
_DAY = timedelta(days=1)
_EXAMPLE = "/abwesend 3.12.-10.12. Dirk"
_EXAMPLE_DEPUTY = "/vertretung Karl"
#: So many days are offered as buttons for "until".
_OFFERED = 14
_IN_A_ROW = 2
#: A moment in seconds, or somebody's number; what is longer is none of ours.
_NUMBER = re.compile(r"\d{1,11}")


def go_away(desk: Desk, typed: str) -> None:
    """`/abwesend`: choose a day, or read what was typed and show what was understood."""
    if not typed:
        _offer(desk)
        return
    try:
        since, until, name = read_absence(typed, desk.now, desk.agency.zone)
        deputy = find_colleague(name, colleagues(desk), desk.staff) if name else None
    except EntryFault as fault:
        refuse(desk, fault, _EXAMPLE)
        return
    numbers = (int(since.timestamp()), int(until.timestamp()) if until else 0, deputy.id if deputy else 0)
    new = Absence(0, desk.agency.id, desk.staff.id, since, until, deputy.id if deputy else None)
    text = desk.voice.say("Sie sind abwesend {when}.", when=_when(desk, new))
    lines = [text, *_deputy_lines(desk, new)]
    token = ":".join(str(number) for number in numbers)
    desk.tell(Body("\n".join(lines), confirm_keys(desk, f"away:{token}")))


def come_back(desk: Desk, _: str) -> None:
    """`/da`: the absence is over; later ones can be taken back."""
    was_away = plan_duty.end_absence(desk, desk.staff)
    lines = [
        desk.voice.say("Willkommen zurück. Meldungen kommen wieder zu Ihnen.")
        if was_away
        else desk.voice.say("Sie waren nicht als abwesend eingetragen. Meldungen kommen zu Ihnen.")
    ]
    later = absences.of_person(desk.uow, desk.agency.id, desk.staff.id, desk.now)
    lines += [desk.voice.say("Noch eingetragen: abwesend {when}.", when=_when(desk, one)) for one in later]
    desk.tell(Body("\n".join(lines), tuple(_take_back_key(desk, one) for one in later)))


def stand_in(desk: Desk, typed: str) -> None:
    """`/vertretung`: who stands in, and who shall."""
    if not typed:
        deputy = next((p for p in colleagues(desk) if p.id == desk.staff.deputy_id), None)
        text = (
            desk.voice.say("{name} vertritt Sie, wenn Sie nicht da sind.", name=deputy.name)
            if deputy
            else desk.voice.say("Niemand ist als Ihre Vertretung eingetragen.")
        )
        hint = desk.voice.say("Zum Beispiel: {example}", example=_EXAMPLE_DEPUTY)
        desk.tell(f"{text}\n{hint}")
        return
    try:
        chosen = find_colleague(typed, colleagues(desk), desk.staff)
    except EntryFault as fault:
        refuse(desk, fault, _EXAMPLE_DEPUTY)
        return
    lines = [desk.voice.say("{name} vertritt Sie ab jetzt, wenn Sie nicht da sind.", name=chosen.name)]
    lines += _ring_line(desk, chosen)
    desk.tell(Body("\n".join(lines), confirm_keys(desk, f"deputy:{chosen.id}")))


def try_ways(desk: Desk, _: str) -> None:
    """`/probe`: a test to each of one's own ways, at once."""
    ways = ways_to(desk.uow, [desk.staff])
    text = desk.voice.say(
        "Ich schicke jetzt auf jeden Ihrer Wege eine Probe. Anzahl: {count}.", count=len(ways)
    )
    desk.tell(text)
    desk.drafts += probe(desk.uow, desk.rules, [desk.staff], ways, desk.now)


def press_duty(desk: Desk, token: str, message: str) -> str:
    """A button about duty. Returns what is shown over it."""
    verb, _, rest = token.partition(":")
    act = _PRESSES.get(verb)
    if act is None:
        return gone(desk)
    return act(desk, rest, message)


def _offer(desk: Desk) -> None:
    voice = desk.voice
    keys = (
        (Key(voice.say("Heute"), f"{MARK}:off:0"), Key(voice.say("Morgen"), f"{MARK}:off:1")),
        (Key(voice.say("Diese Woche"), f"{MARK}:off:week"), Key(voice.say("Bis Datum"), f"{MARK}:off:until")),
    )
    question = voice.say("Wann sind Sie abwesend? Sie können es auch schreiben: {example}", example=_EXAMPLE)
    desk.tell(Body(question, keys))


def _press_off(desk: Desk, choice: str, message: str) -> str:
    first = today(desk)
    if choice == "until":
        days = [first + number * _DAY for number in range(1, _OFFERED + 1)]
        keys = [Key(_day_label(desk, day), f"{MARK}:off:{day:%Y%m%d}") for day in days]
        rows = [tuple(keys[n : n + _IN_A_ROW]) for n in range(0, len(keys), _IN_A_ROW)]
        text = desk.voice.say("Bis zu welchem Tag, diesen eingeschlossen?")
        hint = desk.voice.say(
            "Für später schreiben Sie zum Beispiel: {example}", example="/abwesend bis 31.12."
        )
        desk.tell(Body(f"{text}\n{hint}", tuple(rows)), edit=message)
        return ""
    span = _chosen(choice, first)
    if span is None:
        return gone(desk)
    where = zone(desk.agency.zone)
    begin, end = (at_wall(day, time.min, where) for day in (span[0], span[1] + _DAY))
    _keep(desk, Absence(0, desk.agency.id, desk.staff.id, max(begin, desk.now), end), message)
    return ""


def _chosen(choice: str, first: date) -> tuple[date, date] | None:
    """From which day to which; None for a button that is none of ours."""
    if choice == "week":
        return first, first + (6 - first.weekday()) * _DAY
    if choice in ("0", "1"):
        day = first + int(choice) * _DAY
        return day, day
    offered = [first + number * _DAY for number in range(_OFFERED + 1)]
    return next(((first, day) for day in offered if f"{day:%Y%m%d}" == choice), None)


def _press_away(desk: Desk, token: str, message: str) -> str:
    numbers = [int(part) for part in token.split(":") if _NUMBER.fullmatch(part)]
    if len(numbers) != 3:
        return gone(desk)
    since = max(datetime.fromtimestamp(numbers[0], UTC), desk.now)
    until = datetime.fromtimestamp(numbers[1], UTC) if numbers[1] else None
    if until is not None and until <= since:
        return desk.voice.say("Diese Zeit ist schon vorbei.")
    deputy = colleague(desk, str(numbers[2]))
    if numbers[2] and deputy is None:
        return gone(desk)
    deputy_id = deputy.id if deputy else None
    _keep(desk, Absence(0, desk.agency.id, desk.staff.id, since, until, deputy_id), message)
    return ""


def _keep(desk: Desk, new: Absence, message: str) -> None:
    kept = plan_duty.keep_absence(desk, desk.staff, new)
    lines = [desk.voice.say("Eingetragen: Sie sind abwesend {when}.", when=_when(desk, kept))]
    lines += _deputy_lines(desk, kept)
    lines += plan_duty.lost_duty(desk, kept)
    lines.append(desk.voice.say("Mit /da sind Sie früher zurück."))
    desk.tell(Body("\n".join(lines), (_take_back_key(desk, kept),)), edit=message)


def _press_take_back(desk: Desk, number: str, message: str) -> str:
    is_number = _NUMBER.fullmatch(number) is not None
    was = plan_duty.take_back(desk, desk.staff, int(number)) if is_number else None
    if was is None:
        return gone(desk)
    text = desk.voice.say("Zurückgenommen. Sie sind da.")
    if duty.team(desk.uow, desk.agency.id, desk.now).is_away(desk.staff.id):
        # It was a later one: they still are not here.
        text = desk.voice.say("Zurückgenommen: abwesend {when}.", when=_when(desk, was))
    desk.tell(text, edit=message)
    return ""


def _press_deputy(desk: Desk, number: str, message: str) -> str:
    chosen = colleague(desk, number)
    if chosen is None:
        return gone(desk)
    plan_duty.choose_deputy(desk, desk.staff, chosen)
    desk.tell(desk.voice.say("Eingetragen: {name} vertritt Sie.", name=chosen.name), edit=message)
    return ""


def _press_here(desk: Desk, number: str, message: str) -> str:
    # Only from where it arrived: a button that was passed on proves nothing about this way.
    if number != str(desk.address.id) or not desk.uow.duty.confirm(desk.address.id, desk.now):
        return gone(desk)
    desk.tell(desk.voice.say("Danke, bestätigt. Meldungen erreichen Sie hier."), edit=message)
    return ""


def _press_drop(desk: Desk, _: str, message: str) -> str:
    desk.tell(desk.voice.say("Verworfen. Es wurde nichts eingetragen und nichts gesendet."), edit=message)
    return ""


def _deputy_lines(desk: Desk, absence: Absence) -> list[str]:
    deputy = plan_duty.deputy_of(desk, desk.staff, absence)
    if deputy is None:
        return [desk.voice.say("Zu Beginn ist keine Vertretung da. Meldungen gehen dann an die Leitung.")]
    line = desk.voice.say("Meldungen Ihrer Leute gehen an {name}.", name=deputy.name)
    return [line, *_ring_line(desk, deputy)]


def _ring_line(desk: Desk, deputy: Staff) -> list[str]:
    if not plan_duty.closes_ring(desk, desk.staff, deputy):
        return []
    text = desk.voice.say(
        "Sie vertreten auch {name}. Wenn Sie beide fehlen, gehen Meldungen an die Leitung.", name=deputy.name
    )
    return [text]


def _when(desk: Desk, absence: Absence) -> str:
    return absence_text(desk.voice, absence, desk.agency.zone, desk.now)


def _take_back_key(desk: Desk, absence: Absence) -> tuple[Key, ...]:
    return (Key(desk.voice.say("Zurücknehmen"), f"{MARK}:undo:{absence.id}"),)


def _day_label(desk: Desk, day: date) -> str:
    where = zone(desk.agency.zone)
    return desk.voice.day(at_wall(day, time.min, where), desk.agency.zone)


_PRESSES: Mapping[str, Callable[[Desk, str, str], str]] = {
    "off": _press_off,
    "away": _press_away,
    "undo": _press_take_back,
    "deputy": _press_deputy,
    CONFIRM: _press_here,
    "drop": _press_drop,
    "swap": staff_rota.press_swap,
    "duty": staff_rota.press_take_over,
    "shift": staff_shifts.press_shift,
    "end": staff_shifts.press_end,
}
