# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations: made, listed, printed and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import segno
from markupsafe import Markup

from bot.domain.invitations import LONGEST, LONGEST_NOTE, MOST_CARDS, MOST_PEOPLE, Card, CardState
from bot.services import invitation_cards
from bot.services.invitation_cards import Fault, Wish
from bot.texts import Voice, mark
from bot.web.console.navigation import INVITATIONS
from bot.web.console.seat import Did, Form, Page, Seat
from bot.web.rendering import direction

PATH = "/console/invitations"
SHEET = f"{PATH}/sheet"
_CARD = "card-"
_DAYS, _PEOPLE = 30, 20
_ONE, _DOOR = "one", "door"
_STATES = {
    CardState.OPEN: mark("offen bis {day}"),
    CardState.USED: mark("benutzt"),
    CardState.OVER: mark("abgelaufen am {day}"),
    CardState.WITHDRAWN: mark("zurückgezogen am {day}"),
}
_FAULTS = {
    Fault.COACH: mark("Für diese Person können Sie nicht einladen. Bitte wählen Sie jemanden aus."),
    Fault.LANGUAGE: mark("Diese Sprache gibt es hier nicht. Bitte wählen Sie eine aus."),
    Fault.PROGRAMME: mark("Dieses Programm gibt es hier nicht. Bitte wählen Sie eines aus."),
    Fault.COUNT: mark("Bitte eine Zahl von 1 bis {most}."),
    Fault.MOST: mark("Bitte eine Zahl von 1 bis {most}."),
    Fault.DAYS: mark("Bitte eine Zahl von 1 bis {most}."),
    Fault.NOTE: mark("Das ist zu lang. Es passen {most} Zeichen."),
}
_LIMITS = {
    Fault.COUNT: MOST_CARDS,
    Fault.MOST: MOST_PEOPLE,
    Fault.DAYS: LONGEST.days,
    Fault.NOTE: LONGEST_NOTE,
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One card in the list."""

    id: int
    title: str
    note: str
    details: str
    state: str
    count: str
    made: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Code:
    """One way in: where it leads, how it is typed, and its picture."""

    label: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class _Print:
    """One card on paper, in the language of whoever is invited. `place` and `way` are the address to type."""

    say: object
    language: str
    direction: str
    coach: str
    agency: str
    place: str
    way: str
    until: str
    codes: tuple[_Code, ...]


def _list(seat: Seat) -> Mapping[str, object]:
    cards = invitation_cards.listed(seat.uow, seat.guard, seat.staff)
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    coaches = invitation_cards.coaches(seat.uow, seat.guard, seat.staff)
    titles = _titles(seat)
    return {
        "rows": [_row(seat, card, (names, titles)) for card in cards],
        "open_count": sum(card.state(seat.now) is CardState.OPEN for card in cards),
        "coaches": [(str(one.id), one.name) for one in coaches],
        "own_id": str(seat.staff.id),
        "languages": [(tag, seat.voice.language_name(tag) or tag) for tag in seat.rules.texts.languages],
        "programmes": list(titles.items()),
        "days": _DAYS,
        "people": _PEOPLE,
        "most_cards": MOST_CARDS,
        "most_people": MOST_PEOPLE,
        "most_days": LONGEST.days,
        "longest_note": LONGEST_NOTE,
    }


def _row(seat: Seat, card: Card, known: tuple[Mapping[int, str], Mapping[str, str]]) -> _Row:
    voice, (names, titles) = seat.voice, known
    state = card.state(seat.now)
    day = seat.day(card.withdrawn_at or card.expires_at)
    kind = voice.say("Offene Tür") if card.is_door else voice.say("Für eine Person")
    language = voice.language_name(card.language) or card.language
    words = (names.get(card.coach_id, ""), titles.get(card.programme, card.programme), language)
    return _Row(
        id=card.id,
        title=kind,
        note=card.note,
        details=" · ".join(word for word in words if word),
        state=voice.say(_STATES[state], day=day),
        count=voice.say("{opened} von {most}", opened=card.opened, most=card.most),
        made=seat.day(card.made_at),
        is_open=state is CardState.OPEN,
    )


def _make(kind: str, seat: Seat, form: Form) -> Did:
    number = partial(_number, form)
    wish = Wish(
        coach_id=number("coach", 0),
        language=form.get("language", ""),
        programme=form.get("programme", ""),
        note=form.get("note", "").strip(),
        days=number("days", _DAYS),
        count=number("count", 1) if kind == _ONE else 1,
        most=number("most", 0) if kind == _DOOR else 1,
    )
    if kind == _DOOR and wish.most == 1:
        # A door for one is an invitation for one person; the list would say something else than the form.
        said = seat.voice.say("Bitte mindestens 2. Für eine Person gibt es das andere Formular.")
        return Did(faults={f"{_DOOR}-most": said})
    made = invitation_cards.make(seat.uow, seat.rules, (seat.guard, seat.staff), wish, seat.now)
    cards = [card for card in made if isinstance(card, Card)]
    if not cards:
        faults = [fault for fault in made if isinstance(fault, Fault)]
        say = seat.voice.say
        return Did(
            faults={
                f"{kind}-{fault.value}": say(_FAULTS[fault], most=_LIMITS.get(fault, 0)) for fault in faults
            }
        )
    return Did((_made(seat.voice, len(cards)),), _sheet_of(cards))


def _made(voice: Voice, count: int) -> str:
    if count == 1:
        return voice.say("Die Einladung ist fertig. So sieht sie gedruckt aus.")
    return voice.say("{count} Einladungen sind fertig. So sehen sie gedruckt aus.", count=count)


def _withdraw(seat: Seat, form: Form) -> Did | None:
    number = _number(form, "card", 0)
    card = invitation_cards.withdraw(seat.uow, seat.guard, seat.staff, number, seat.now)
    if card is None:
        return None
    say = seat.voice.say
    match card.state(seat.now):
        case CardState.OPEN:
            return Did((say("Die Einladung ist zurückgezogen. Niemand kommt mehr damit herein."),))
        case CardState.WITHDRAWN:
            return Did((say("Diese Einladung war schon zurückgezogen."),))
        case _:
            return Did((say("Diese Einladung gilt schon nicht mehr."),))


def _sheet(seat: Seat) -> Mapping[str, object] | None:
    wanted = [name.removeprefix(_CARD) for name in seat.whence.query if name.startswith(_CARD)]
    numbers = [int(one) for one in wanted[:MOST_CARDS] if one.isascii() and one.isdecimal() and len(one) < 18]
    cards = invitation_cards.some(seat.uow, seat.guard, seat.staff, numbers, seat.now)
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)} if cards else {}
    return {"cards": [_print(seat, card, names.get(card.coach_id, "")) for card in cards], "back": PATH}


def _print(seat: Seat, card: Card, coach: str) -> _Print:
    voice, links = seat.rules.voice(card.language), invitation_cards.links(seat.uow, seat.rules, card)
    way = f"p/{card.code}"
    codes = [_Code(voice.say("Im Browser"), _picture(links.page))]
    if links.messenger:
        codes.append(_Code(voice.say("Mit Telegram"), _picture(links.messenger)))
    return _Print(
        say=voice.say,
        language=voice.language,
        direction=direction(voice.language),
        coach=coach,
        agency=seat.rules.agencies[seat.staff.agency_id].name,
        place=links.page.removesuffix(way).removeprefix("https://"),
        way=way,
        until=voice.day(card.expires_at, seat.zone),
        codes=tuple(codes),
    )


def _picture(link: str) -> Markup:
    # Its own output: numbers and colours. White around it, so that cameras read it on dark screens too.
    drawn = segno.make(link, error="m", micro=False).svg_inline(
        scale=4, border=2, light="#fff", omitsize=True
    )
    return Markup(drawn)  # noqa: S704


def _sheet_of(cards: list[Card]) -> str:
    return f"{SHEET}?{urlencode({f'{_CARD}{card.id}': 'on' for card in cards})}"


def _titles(seat: Seat) -> Mapping[str, str]:
    return invitation_cards.programmes(seat.uow, seat.rules, seat.staff.agency_id, seat.voice.language)


def _number(form: Form, name: str, otherwise: int) -> int:
    """What was typed as a number; -1, which nothing allows, for anything else."""
    typed = form.get(name, str(otherwise)).strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else -1


PAGES = (
    Page(
        PATH,
        "invitations.html",
        INVITATIONS,
        _list,
        acts={_ONE: partial(_make, _ONE), _DOOR: partial(_make, _DOOR), "withdraw": _withdraw},
    ),
    Page(SHEET, "invitation_sheet.html", INVITATIONS, _sheet),
)
