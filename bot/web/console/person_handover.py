# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The end of a programme: the pack that a person takes along, who gets it, and how things turned out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.access import Action
from bot.domain.handover_packs import PackState
from bot.domain.outcome_markers import Finding, Marker, MarkerEntry, current
from bot.domain.referrals import SendWay
from bot.services import handover_packs, outcome_markers, restrict
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.desk import Desk
from bot.services.handover_packs import Place
from bot.services.outcome_words import FOUND, MARKERS
from bot.services.referral_words import WAYS
from bot.texts import mark
from bot.web.console.at_desk import desk_of
from bot.web.console.person_head import HANDOVER, Opened, page
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import local

_STATES: Mapping[PackState, str] = {
    PackState.OPEN: mark("Die Person kann ihre Mappe zusammenstellen. Noch ist sie nicht fertig."),
    PackState.CHOSEN: mark("Die Person hat ihre Mappe fertig."),
}
_NEEDED = mark("Bitte wählen Sie etwas aus der Liste.")


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    desk = desk_of(seat)
    if desk is None or restrict.is_restricted(seat.uow, found.person.id):
        return {"pack": None, "places": [], "partners": [], "outcomes": [], "may_enter": False}
    return {**_pack(seat, desk, found), **_outcomes(seat, desk, found)}


def _outcomes(seat: Seat, desk: Desk, found: Opened) -> dict[str, object]:
    """What the coach has entered, with every entry before it; in the order of the list, whatever it says."""
    voice, entries = seat.voice, outcome_markers.history(seat.uow, found.person)
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}

    def told(entry: MarkerEntry) -> dict[str, str]:
        return {
            "found": voice.say(FOUND[entry.finding]),
            "day": entry.day.strftime("%d.%m.%Y"),
            "words": entry.words,
            "by": voice.say("{name}, {day}", name=names.get(entry.set_by, ""), day=seat.day(entry.at)),
        }

    now = current(entries)
    return {
        "outcomes": [
            {
                "label": voice.say(MARKERS[marker]),
                **told(now[marker]),
                "before": [told(one) for one in entries if one.marker is marker][:-1],
            }
            for marker in now
        ],
        "may_enter": outcome_markers.may_enter(desk, found.person),
        "markers": [(one.value, voice.say(MARKERS[one])) for one in Marker],
        "findings": [(one.value, voice.say(FOUND[one])) for one in Finding],
        "latest_day": local(seat.now, seat.rules.hours[seat.staff.agency_id].zone).date().isoformat(),
    }


def _pack(seat: Seat, desk: Desk, found: Opened) -> dict[str, object]:
    seen = handover_packs.overview(desk, found.person)
    partners = sorted({one.name for one in seat.uow.casework.partners.of_agency(seat.staff.agency_id)})
    if seen is None:
        return {"pack": None, "places": [], "partners": partners}
    return {
        "pack": {
            "state": seat.voice.say(_STATES[seen.pack.state]),
            "since": seat.day(seen.pack.changed_at),
            "text": seen.text,
        },
        "places": [_shown(seat, one) for one in seen.places],
        "partners": partners,
    }


def _shown(seat: Seat, one: Place) -> dict[str, object]:
    voice, kept = seat.voice, one.receiver
    if kept.sent_at is not None and kept.way is not None and one.is_sent:
        state = voice.say(
            "am {day} weitergegeben, {way}", day=seat.day(kept.sent_at), way=voice.say(WAYS[kept.way])
        )
    elif one.holds:
        state = voice.say("Die Person möchte, dass diese Stelle die Mappe bekommt")
    else:
        state = voice.say("genannt. Ohne das Ja der Person geht nichts dorthin")
    ways = [way for way in SendWay if way is not SendWay.LOTSE or one.is_connected]
    return {
        "id": kept.id,
        "place": kept.place,
        "why": kept.why,
        "state": state,
        "can_send": one.holds and not one.is_sent,
        "ways": [(way.value, voice.say(WAYS[way])) for way in ways],
    }


def _offer(desk: Desk, found: Opened, form: Form) -> Did:
    del form
    telling = handover_packs.offer(desk, found.person)
    return Did((desk.voice.say(telling.value),))


def _name(desk: Desk, found: Opened, form: Form) -> Did:
    place = form.get("partner", "") or form.get("place", "")
    handover_packs.name_place(desk, found.person, place, form.get("why", ""))
    return Did((desk.voice.say("Die Stelle ist genannt. Ob sie die Mappe bekommt, sagt die Person."),))


def _send(desk: Desk, found: Opened, form: Form) -> Did:
    way = form.get("way", "")
    if way not in set(SendWay):
        raise EntryFault(_NEEDED)
    telling = handover_packs.send(desk, found.person, number_of(form.get("number", "")), SendWay(way))
    return Did((desk.voice.say("Die Weitergabe ist eingetragen."), desk.voice.say(telling.value)))


def _close(desk: Desk, found: Opened, form: Form) -> Did:
    del form
    handover_packs.close(desk, found.person)
    return Did((desk.voice.say("Abgeschlossen. Was weitergegeben ist, bleibt dort."),))


def _kindly(name: str, act: Callable[[Desk, Opened, Form], Did]) -> Callable[[Desk, Opened, Form], Did]:
    def carry_out(desk: Desk, found: Opened, form: Form) -> Did:
        try:
            return act(desk, found, form)
        except EntryFault as fault:
            return Did(faults={name: fault.say(desk.voice)})

    return carry_out


def _enter(desk: Desk, found: Opened, form: Form) -> Did:
    marker, finding = form.get("marker", ""), form.get("finding", "")
    if marker not in set(Marker) or finding not in set(Finding):
        raise EntryFault(_NEEDED)
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        raise EntryFault(mark("Bitte geben Sie einen Tag an.")) from None
    new = outcome_markers.Entered(Marker(marker), Finding(finding), day, form.get("words", ""))
    outcome_markers.enter(desk, found.person, new)
    return Did((desk.voice.say("Gespeichert."),))


_ACTS = {"offer": _offer, "name": _name, "send": _send, "close": _close}
PAGES: tuple[Page, ...] = (
    page(
        HANDOVER,
        "handover.html",
        _read,
        {
            **{name: (Action.ASK_SHARING, _kindly(name, act)) for name, act in _ACTS.items()},
            "enter": (Action.CHANGE_PLAN, _kindly("enter", _enter)),
        },
    ),
)
