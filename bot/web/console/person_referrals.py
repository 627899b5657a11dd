# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Referrals: of one person with every step, and the open ones of all one's people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot.domain.access import Action
from bot.domain.appointments import Appointment
from bot.domain.partners import Partner, PartnerKind, Wanted, matching
from bot.domain.referrals import (
    Need,
    Outcome,
    Referral,
    ReferralEvent,
    ReferralParty,
    ReferralResult,
    ReferralState,
    SendWay,
)
from bot.services import referrals, share, support
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import KINDS as APPOINTMENT_KINDS
from bot.services.appointment_words import number_of
from bot.services.desk import Desk
from bot.services.people_view import Whose
from bot.services.referral_moves import ask_of
from bot.services.referral_words import NEEDS, OUTCOMES, STATES, WAYS, checked, sentence
from bot.services.referrals_view import OWN, waiting
from bot.texts import mark
from bot.web.console.at_desk import desk_of
from bot.web.console.navigation import PEOPLE
from bot.web.console.partners import KINDS
from bot.web.console.people import HOME
from bot.web.console.person_head import REFERRALS, Opened, page, title_of
from bot.web.console.seat import Did, Form, Page, Seat

PATH = f"{HOME}/referrals"
_MOST_SHOWN = 200
_TEAM = "team"
Word = TypeVar("Word", SendWay, Need, Outcome)
_CHOOSE = mark("Bitte wählen Sie etwas aus der Liste.")


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    desk = desk_of(seat)
    every = seat.uow.casework.referrals.of_participant(found.person.id)
    names = {f"staff:{one.id}": one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    coming = seat.uow.appointments.of_participant(found.person.id, seat.now)
    shown = partial(_shown, seat, desk, names)
    return {
        "open_list": [shown(one) for one in every if one.is_open],
        "closed_list": [shown(one) for one in reversed(every) if not one.is_open],
        "appointments": [_appointment(seat, one) for one in coming if one.is_open],
        "new_path": f"/console/calendar/new?person={found.person.id}",
        "needs": [(one.value, seat.voice.say(text)) for one, text in NEEDS.items()],
        "outcomes": [(one.value, seat.voice.say(text)) for one, text in OUTCOMES.items()],
        "catalogue": [(str(one.id), _partner(seat, one)) for one in support.catalogue(desk)] if desk else [],
        **_directory(seat),
    }


def _shown(seat: Seat, desk: Desk | None, names: Mapping[str, str], one: Referral) -> dict[str, object]:
    voice, ask = seat.voice, ask_of(seat.uow, one)
    is_connected = desk is not None and share.reachable_contact(desk, ask) is not None
    ways = [way for way in SendWay if way is not SendWay.LOTSE or is_connected]
    history = seat.uow.casework.referrals.history(one.id)
    return {
        "id": one.id,
        "partner": ask.partner,
        "what": ask.what,
        "why": ask.why,
        "state": voice.say(STATES[one.state]),
        "since": seat.day(one.changed_at),
        "is_waiting_for_yes": one.state is ReferralState.PROPOSED,
        "holds": desk is not None and one.state is not ReferralState.PROPOSED and share.holds(desk, ask),
        "result": one.result,
        "checked": checked(voice, one.result) if one.result is not None else "",
        "can": {event.value: one.can(event, ReferralParty.STAFF) for event in ReferralEvent},
        "ways": [(way.value, voice.say(WAYS[way])) for way in ways],
        "history": [
            (seat.moment(entry.at), sentence(voice, entry, names.get(entry.actor, voice.say("Lotse"))))
            for entry in history
        ],
    }


def _appointment(seat: Seat, one: Appointment) -> tuple[str, str]:
    kind = seat.voice.say(APPOINTMENT_KINDS[one.kind])
    return str(one.id), f"{one.id}: {kind}, {seat.moment(one.starts_at)}"


def _directory(seat: Seat) -> dict[str, object]:
    """The partners that fit what the address asks for, the shortest wait first."""
    query, voice = seat.whence.query, seat.voice
    every = seat.uow.casework.partners.of_agency(seat.staff.agency_id)
    kind = query.get("kind", "")
    wanted = Wanted(
        PartnerKind(kind) if kind in set(PartnerKind) else None,
        query.get("district", "").strip(),
        query.get("language", ""),
    )
    spoken = sorted({tag for one in every for tag in one.languages})
    return {
        "partners": [(str(one.id), _partner(seat, one)) for one in matching(every, wanted)],
        "has_directory": bool(every),
        "wanted": wanted,
        "kinds": [(one.value, voice.say(KINDS[one])) for one in sorted({one.kind for one in every})],
        "languages": [(tag, voice.language_name(tag) or tag) for tag in spoken],
        "is_narrowed": wanted != Wanted(),
    }


def _partner(seat: Seat, one: Partner) -> str:
    voice = seat.voice
    parts = [one.name, voice.say(KINDS[one.kind]), one.district]
    if one.waiting_weeks is not None:
        parts.append(voice.say("Wartezeit {weeks} Wochen", weeks=one.waiting_weeks))
    return " · ".join(part for part in parts if part)


def _propose(desk: Desk, found: Opened, form: Form) -> Did:
    chosen = number_of(form.get("partner", ""))
    known = desk.uow.casework.partners.get(chosen) if chosen else None
    if known is not None and known.agency_id != desk.agency.id:
        known = None
    place = known.name if known is not None else " ".join(form.get("place", "").split())
    wish = share.Wish(place, *(" ".join(form.get(name, "").split()) for name in ("what", "why")))
    try:
        proposal = referrals.Proposal(wish, known.id if known is not None else None)
        _, telling = referrals.propose(desk, found.person, proposal)
    except EntryFault as fault:
        return Did(faults={"propose": fault.say(desk.voice)})
    said = desk.voice.say("Die Vermittlung ist vorgeschlagen. Bis die Person Ja sagt, geht nichts dorthin.")
    return Did((said, desk.voice.say(telling.value)))


def _suggest(desk: Desk, found: Opened, form: Form) -> Did:
    try:
        telling = support.suggest(desk, found.person, number_of(form.get("offer", "")))
    except EntryFault as fault:
        return Did(faults={"offer": fault.say(desk.voice)})
    return Did((desk.voice.say("Der Vorschlag geht hinaus."), desk.voice.say(telling.value)))


def _again(desk: Desk, found: Opened, number: int, _: Form) -> Sequence[str]:
    telling = referrals.propose_again(desk, found.person, number)
    return (desk.voice.say(telling.value),)


def _send(desk: Desk, found: Opened, number: int, form: Form) -> Sequence[str]:
    way = _one_of(SendWay, form.get("way", ""))
    _, telling = referrals.send(desk, found.person, number, way, form.get("words", ""))
    return desk.voice.say("Die Weitergabe ist eingetragen."), desk.voice.say(telling.value)


def _meet(desk: Desk, found: Opened, number: int, form: Form) -> Sequence[str]:
    referrals.make_appointment(desk, found.person, number, number_of(form.get("appointment", "")))
    return (desk.voice.say("Der Termin gehört jetzt zur Vermittlung. Lotse erinnert daran."),)


def _visit(desk: Desk, found: Opened, number: int, _: Form) -> Sequence[str]:
    referrals.visited(desk, found.person, number)
    return (desk.voice.say("Gespeichert."),)


def _result(desk: Desk, found: Opened, number: int, form: Form) -> Sequence[str]:
    prevention, rehab, motivation = (
        _one_of(Need, form.get(name, "")) for name in ("prevention", "rehab", "motivation")
    )
    words = form.get("words", "").strip()
    result = ReferralResult(prevention=prevention, rehab=rehab, motivation=motivation, words=words)
    referrals.enter_result(desk, found.person, number, result)
    return (desk.voice.say("Gespeichert."),)


def _close(desk: Desk, found: Opened, number: int, form: Form) -> Sequence[str]:
    outcome = _one_of(Outcome, form.get("outcome", ""))
    referrals.close(desk, found.person, number, outcome, form.get("words", ""))
    return (desk.voice.say("Die Vermittlung ist abgeschlossen."),)


def _one_of(words: type[Word], typed: str) -> Word:
    if typed not in set(words):
        raise EntryFault(_CHOOSE)
    return words(typed)


def _acting(
    name: str, act: Callable[[Desk, Opened, int, Form], Sequence[str]]
) -> Callable[[Desk, Opened, Form], Did]:
    def carry_out(desk: Desk, found: Opened, form: Form) -> Did:
        try:
            return Did(tuple(act(desk, found, number_of(form.get("number", "")), form)))
        except EntryFault as fault:
            return Did(faults={name: fault.say(desk.voice)})

    return carry_out


def _list(seat: Seat) -> Mapping[str, object] | None:
    """What is open among one's people, what waits longest first; no place stands there."""
    is_team = seat.whence.query.get("of") == _TEAM
    sees_team = seat.may(Action.CHANGE_PLAN)
    if is_team and not sees_team:
        return None
    found = waiting(seat.uow, seat.rules, seat.staff, seat.now, (Whose.TEAM,) if is_team else OWN)
    shown = found[:_MOST_SHOWN]
    named = seat.guard.people([one.person for one in shown], Action.SEE_NAME)
    names = seat.uow.people_view.names([one.id for one in named])
    return {
        "rows": [
            {
                "path": f"{HOME}/{one.person.id}/{REFERRALS}",
                "who": title_of(seat.voice, one.person, names.get(one.person.id, "")),
                "code": one.person.case_code,
                "number": one.referral.id,
                "state": seat.voice.say(STATES[one.referral.state]),
                "since": seat.day(one.referral.changed_at),
                "days": (seat.now - one.referral.changed_at) // timedelta(days=1),
            }
            for one in shown
        ],
        "more": len(found) - len(shown),
        "tabs": [
            (PATH, seat.voice.say("Meine und in Vertretung"), not is_team),
            *([(f"{PATH}?of={_TEAM}", seat.voice.say("Ganzes Team"), is_team)] if sees_team else []),
        ],
    }


_ASK = Action.ASK_SHARING
PAGES = (
    Page(PATH, "referrals.html", PEOPLE, _list),
    page(
        REFERRALS,
        "referrals.html",
        _read,
        {
            "propose": (_ASK, _propose),
            "suggest": (Action.CHANGE_PLAN, _suggest),
            "again": (_ASK, _acting("again", _again)),
            "send": (_ASK, _acting("send", _send)),
            "meet": (_ASK, _acting("meet", _meet)),
            "visit": (_ASK, _acting("visit", _visit)),
            "result": (_ASK, _acting("result", _result)),
            "close": (_ASK, _acting("close", _close)),
        },
    ),
)
