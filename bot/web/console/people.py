# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The people whom one looks after, at a glance: in words, and nothing in them rates anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from markupsafe import Markup

from bot.domain.access import Action
from bot.domain.channels import kind_of
from bot.domain.enrolments import whole_months
from bot.domain.people import Standing
from bot.services import people_view
from bot.services.appointment_words import KINDS
from bot.services.own_programme import coach_label
from bot.services.people_view import Listing, Order, Row, Whose, Wish
from bot.texts import mark
from bot.web.console import deciding, wording
from bot.web.console.navigation import PEOPLE
from bot.web.console.seat import Page, Seat
from bot.web.trend import Trend, spark
from dialogs.own_words import pick
from scheduler.local_time import local, zone

HOME = "/console/people"
_WHOSE = {
    Whose.MINE: mark("Meine"),
    Whose.STANDING_IN: mark("In Vertretung"),
    Whose.POOL: mark("Ohne Coach"),
    Whose.TEAM: mark("Ganzes Team"),
}
_ORDERS = {
    Order.CONTACT: mark("am längsten ohne Kontakt"),
    Order.CONCERNS: mark("dringendste Meldung"),
    Order.APPOINTMENT: mark("nächster Termin"),
    Order.MONTH: mark("am längsten im Programm"),
    Order.NAME: mark("Name"),
}
_EMPTY = {
    Whose.MINE: mark(
        "Hier stehen die Menschen, die Sie begleiten. Wer Ihre Einladung annimmt, erscheint von selbst."
    ),
    Whose.STANDING_IN: mark(
        "Hier stehen die Menschen einer Kollegin oder eines Kollegen, solange Sie die Vertretung haben."
    ),
    Whose.POOL: mark("Niemand ist ohne Coach. Wer keinen mehr hat, erscheint hier."),
    Whose.TEAM: mark("Hier stehen alle Menschen, die Ihr Team begleitet. Noch ist niemand dabei."),
}
_CHANNELS = {"telegram": "Telegram", "web_chat": mark("Lotse-Seite"), "terminal": "Terminal"}
_STANDINGS = {
    Standing.INVITED: mark("hat die Einladung geöffnet"),
    Standing.STOPPED: mark("möchte keinen Kontakt über Lotse"),
}
#: For so many days without a human contact a list can be asked.
QUIET = (7, 14, 28)
PHASE, COACH = "phase", "coach"
_GROUPS = {"": mark("nicht gruppieren"), PHASE: mark("nach Phase"), COACH: mark("nach Zuständigkeit")}
#: Fewer values have no usual one.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One person in words. `late` says what the programme's rhythm of contact is, when that has passed."""

    id: int
    who: str
    code: str
    coach: str
    notes: Sequence[str]
    contact: str
    late: str
    concerns: Sequence[tuple[int, str, int]]
    meeting: str
    meeting_kind: str
    picture: Markup
    course: str
    answered: str
    phase: str
    month: str


def _read(seat: Seat) -> Mapping[str, object] | None:
    wish, by = _wish(seat.whence.query), seat.whence.query.get("by", "")
    if wish.whose is Whose.TEAM and not seat.may(Action.CHANGE_PLAN):
        return None
    found = people_view.listing(seat.uow, seat.rules, seat.staff, wish, seat.now, again=seat.is_refresh)
    voice = seat.voice
    by = by if by in _GROUPS else ""
    return {
        **deciding.waiting(seat),
        "coach_label": coach_label(seat.uow, seat.rules, seat.staff.agency_id, voice),
        "wish": wish,
        "by": by,
        "found": found,
        "groups": _groups(seat, [_line(seat, one) for one in found.rows], by),
        "shows_coach": wish.whose in (Whose.TEAM, Whose.STANDING_IN),
        "tabs": _tabs(seat, wish, found),
        "columns": [(one.value, _address(replace(wish, order=one, page=1), by)) for one in Order],
        "orders": [(one.value, voice.say(text)) for one, text in _ORDERS.items()],
        "grouped": [(one, voice.say(text)) for one, text in _GROUPS.items()],
        "languages": [(tag, voice.language_name(tag) or tag) for tag in found.languages],
        "quiet": QUIET,
        "pages": [(one, _address(replace(wish, page=one), by)) for one in range(1, found.pages + 1)],
        "empty": voice.say(_EMPTY[wish.whose]),
        "is_narrowed": bool(wish.words or wish.language or wish.quiet_days or wish.is_paused),
        "bare": _address(Wish(wish.whose, wish.coach_id), ""),
    }


def _wish(query: Mapping[str, str]) -> Wish:
    """What an address asks for; whatever it says wrongly asks for nothing."""
    whose, order = query.get("of", ""), query.get("sort", "")
    return Wish(
        whose=Whose(whose) if whose in set(Whose) else Whose.MINE,
        coach_id=_number(query.get("coach", "")),
        order=Order(order) if order in set(Order) else Order.CONTACT,
        is_paused=query.get("paused") == "1",
        language=query.get("language", "")[:20],
        quiet_days=min(_number(query.get("quiet", "")), 9999),
        words=" ".join(query.get("q", "").split())[:80],
        page=max(1, _number(query.get("page", ""))),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _address(wish: Wish, by: str) -> str:
    said = {
        "of": "" if wish.whose is Whose.MINE else wish.whose.value,
        "coach": wish.coach_id or "",
        "sort": "" if wish.order is Order.CONTACT else wish.order.value,
        "paused": "1" if wish.is_paused else "",
        "language": wish.language,
        "quiet": wish.quiet_days or "",
        "q": wish.words,
        "by": by,
        "page": wish.page if wish.page > 1 else "",
    }
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{HOME}?{query}" if query else HOME


def _tabs(seat: Seat, wish: Wish, found: Listing) -> list[tuple[str, str, int, bool]]:
    may = {Whose.TEAM: seat.may(Action.CHANGE_PLAN)}
    return [
        (_address(Wish(whose), ""), seat.voice.say(label), found.counts[whose], whose is wish.whose)
        for whose, label in _WHOSE.items()
        if may.get(whose, True)
    ]


def _groups(seat: Seat, lines: Sequence[Line], by: str) -> list[tuple[str, list[Line]]]:
    """Each with its heading, which is empty where nothing is grouped."""
    if not by:
        return [("", list(lines))] if lines else []
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.phase if by == PHASE else line.coach, []).append(line)
    none = seat.voice.say(mark("ohne Phase") if by == PHASE else mark("ohne Coach"))
    ordered = sorted(groups.items(), key=lambda one: (one[0] == "", one[0].casefold()))
    return [(heading or none, theirs) for heading, theirs in ordered]


def _line(seat: Seat, row: Row) -> Line:
    voice, person = seat.voice, row.person
    meeting = row.meeting
    late = row.contact is not None and row.contact.is_late
    return Line(
        id=person.id,
        who=row.name or voice.say("Fall {case}", case=person.case_code),
        code=person.case_code,
        coach=row.coach,
        notes=_notes(seat, row),
        contact=_ago(seat, row.met_at) if row.met_at else voice.say("noch keiner"),
        late=voice.say("Rhythmus: {count} Tage", count=row.contact.rhythm) if row.contact and late else "",
        concerns=[
            (number, voice.say(wording.LEVELS[level]), int(level.value[1])) for number, level in row.concerns
        ],
        meeting=f"{_day(seat, meeting.at)}, {voice.clock(meeting.at, seat.zone)}" if meeting else "",
        meeting_kind=_kind(seat, row),
        picture=spark(Trend(row.values)) if len(row.values) >= _FEWEST else Markup(),
        course=_course(seat, row.values),
        answered=_ago(seat, row.answered_at) if row.answered_at else "",
        phase=_phase(seat, row),
        month=_month(seat, row),
    )


def _kind(seat: Seat, row: Row) -> str:
    if row.meeting is None:
        return ""
    kind = seat.voice.say(KINDS[row.meeting.kind])
    return kind if row.meeting.is_agreed else seat.voice.say("{kind}, vorgeschlagen", kind=kind)


def _notes(seat: Seat, row: Row) -> list[str]:
    voice, person = seat.voice, row.person
    way = (
        voice.say(_CHANNELS.get(kind_of(row.channel), row.channel))
        if row.channel
        else voice.say("kein Weg offen")
    )
    found = [voice.language_name(person.language), way]
    if person.is_paused(seat.now) and person.paused_until is not None:
        found.append(voice.say("Pause bis {day}", day=_day(seat, person.paused_until)))
    if person.standing in _STANDINGS:
        found.append(voice.say(_STANDINGS[person.standing]))
    if row.is_restricted:
        found.append(voice.say("Daten werden nur aufbewahrt"))
    return [one for one in found if one]


def _day(seat: Seat, at: datetime) -> str:
    """Short enough for a column: `Mi., 25. Nov.`."""
    day = local(at, zone(seat.zone)).date()
    return format_skeleton("EdMMM", day, locale=seat.voice.language.partition("-")[0])


def _ago(seat: Seat, at: datetime) -> str:
    where = zone(seat.zone)
    days = (local(seat.now, where).date() - local(at, where).date()).days
    if days <= 0:
        return seat.voice.say("heute")
    return seat.voice.say("gestern") if days == 1 else seat.voice.say("vor {count} Tagen", count=days)


def _course(seat: Seat, values: Sequence[int]) -> str:
    if not values:
        return ""
    if len(values) < _FEWEST:
        return seat.voice.say("zuletzt {last}", last=values[-1])
    usual = format_decimal(Trend(values).usual, locale=seat.voice.language.partition("-")[0])
    return seat.voice.say("zuletzt {last}, im Mittel {usual}", last=values[-1], usual=usual)


def _phase(seat: Seat, row: Row) -> str:
    titles = []
    for one in row.programmes:
        programme = seat.rules.programmes.of(seat.uow, one.enrolment)
        known = programme.phases if programme else {}
        titles += [
            pick(known[name].title, seat.voice.language) or name for name in one.phases if name in known
        ]
    return ", ".join(titles)


def _month(seat: Seat, row: Row) -> str:
    if not row.programmes:
        return ""
    first = min(row.programmes, key=lambda one: one.enrolment.began_at)
    programme = seat.rules.programmes.of(seat.uow, first.enrolment)
    where = zone(seat.zone)
    began, today = local(first.enrolment.began_at, where).date(), local(seat.now, where).date()
    number = whole_months(began, today) + 1
    if programme is None or programme.limit is None:
        return seat.voice.say("Monat {count}", count=number)
    return seat.voice.say("Monat {count} von {most}", count=number, most=programme.limit.months)


PAGES = (Page(HOME, "people.html", PEOPLE, _read, acts=deciding.ACTS),)
