# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person's rights: what they agreed to, their own plan, copies and access, and who has looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.access import Action
from bot.domain.consent import RESTRICTION, Given, Purpose, holding, standing
from bot.domain.own_page import Factor
from bot.domain.people import Standing
from bot.services import break_glass, export_person, own_page, page_lock, person_view, restrict, share
from bot.services.desk import Desk
from bot.services.export_page import PageMaker
from bot.services.own_copy import CopyForm
from bot.services.person_dates import zone_of
from bot.texts import mark
from bot.web.console import person_words as words
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.navigation import PEOPLE
from bot.web.console.person_head import (
    ACCESS,
    CONSENTS,
    DOCUMENTS,
    PATH,
    SAFETY,
    Opened,
    last_said,
    opened,
    page,
)
from bot.web.console.seat import Did, Download, File, Form, Page, Seat
from bot.web.page.pin import hash_secret, new_pin
from scheduler.local_time import local

EMERGENCY = "/console/people/emergency"
_FIRST_YEAR = 1900
_YOUNGEST = 14
_TYPES = {CopyForm.HTML: "text/html; charset=utf-8", CopyForm.JSON: "application/json"}
_PARTS = {
    "plan_signs": mark("Woran die Person es merkt"),
    "plan_helped": mark("Was ihr hilft"),
    "plan_people": mark("Wen sie anrufen kann"),
    "plan_places": mark("Wo es ihr besser geht"),
}
#: What the audit log says of somebody who looked, beside what `person_words.ACTS` tells.
_LOOKS = {
    "person_shown": mark("Angesehen"),
    "looks_shown": mark("Diese Liste angesehen"),
    "plan_shown": mark("Plan angesehen"),
    "person_noted": mark("Notiz geschrieben"),
    "concern_shown": mark("Meldung angesehen"),
    "concern_taken": mark("Meldung übernommen"),
    "concern_closed": mark("Meldung abgeschlossen"),
    "concern_reopened": mark("Meldung wieder geöffnet"),
    "concern_raised": mark("Meldung angelegt"),
    "concern_noted": mark("Notiz zu einer Meldung"),
    "concern_lowered": mark("Stufe einer Meldung gesenkt"),
    "concern_shared": mark("An eine andere Stelle weitergegeben"),
}


#: Said on this very page and nowhere else: a secret travels in no cookie.
_HERE_ONLY: Mapping[str, object] = {"typed": {}}


def _consents(seat: Seat, found: Opened) -> Mapping[str, object]:
    given = seat.uow.talks.given(found.person.id)
    holds = holding(given, seat.rules.book.meanings, seat.now)
    stands = standing(given)
    keys = [purpose.value for purpose in Purpose if purpose is not Purpose.SHARING]
    keys += [key for key, one in stands.items() if one.object]
    rows = [
        {
            "purpose": words.purpose(seat.voice, key.partition(":")[0], key.partition(":")[2]),
            "told": _told(seat, stands, key, is_held=holds.get(key, False)),
        }
        for key in keys
    ]
    asks = seat.uow.sharing.of_participant(found.person.id) if found.may(Action.ASK_SHARING) else []
    return {
        "rows": rows,
        "asks": [
            {"partner": one.partner, "what": one.what, "why": one.why, "at": seat.day(one.asked_at)}
            for one in reversed(asks)
        ],
        "restricted_since": seat.day(stands[RESTRICTION].at) if RESTRICTION in stands else "",
    }


def _told(seat: Seat, stands: Mapping[str, Given], key: str, *, is_held: bool) -> str:
    record = stands.get(key)
    if record is None:
        return seat.voice.say("Kein Ja")
    if is_held:
        return seat.voice.say("Ja, seit {day}", day=seat.day(record.at))
    if RESTRICTION in stands:
        return seat.voice.say("Das Ja ruht, solange die Daten nur aufbewahrt werden")
    if record.valid_until is not None and record.valid_until <= seat.now:
        return seat.voice.say("Das Ja galt bis {day}", day=seat.day(record.valid_until))
    return seat.voice.say("Das Ja ruht, weil der Text ein anderer geworden ist")


def _ask(desk: Desk, found: Opened, form: Form) -> Did:
    parts = (" ".join(form.get(name, "").split()) for name in ("partner", "what", "why"))
    if not share.ask(desk, found.person, share.Wish(*parts)):
        return Did(faults={"partner": last_said(desk)})
    return Did()


def _lift(desk: Desk, found: Opened, form: Form) -> Did:
    if not restrict.lift(desk, found.person, form.get("reason", "")):
        return Did(faults={"reason": last_said(desk)})
    return Did()


def _safety(seat: Seat, found: Opened) -> Mapping[str, object]:
    plan = person_view.own_plan(seat.uow, seat.rules, found.person, seat.now)
    told = [(seat.voice.say(_PARTS[name]), text) for name, text in (plan or {}).items()]
    return {"plan_parts": told, "is_there": plan is not None}


def _documents(seat: Seat, found: Opened) -> Mapping[str, object]:
    sessions = seat.uow.own_page.sessions(found.person.id)
    return {
        "factor": seat.rules.page.factor.value,
        "has_page": bool(seat.rules.public_url),
        "open_browsers": [seat.moment(one.seen_at) for one in sessions],
        "is_gone": found.person.standing is Standing.LEFT,
    }


def _link(desk: Desk, found: Opened, _: Form) -> Did:
    made = own_page.make_link(desk.uow, desk.rules, found.person, desk.now)
    _note(desk, found, "own_page_link")
    until = desk.now + desk.rules.page.link_lives
    told = desk.voice.say(
        "Der Link gilt einmal, bis {day}, {time}. Bitte geben Sie ihn der Person selbst:",
        day=desk.voice.day(until, desk.agency.zone),
        time=desk.voice.clock(until, desk.agency.zone),
    )
    return Did((told, made), once=_HERE_ONLY)


def _pin(desk: Desk, found: Opened, _: Form) -> Did | None:
    if desk.rules.page.factor is not Factor.PIN:
        return None
    made = new_pin()
    page_lock.set_secret(desk.uow, found.person, Factor.PIN, hash_secret(made), desk.actor, desk.now)
    _note(desk, found, "own_page_pin")
    told = desk.voice.say("Die neue PIN ist {pin}. Sie steht nur jetzt hier.", pin=made)
    return Did((told,), once=_HERE_ONLY)


def _year(desk: Desk, found: Opened, form: Form) -> Did | None:
    if desk.rules.page.factor is not Factor.BIRTH_YEAR:
        return None
    typed, this_year = form.get("year", "").strip(), local(desk.now, zone_of(found.person, desk.agency)).year
    is_year = typed.isascii() and typed.isdecimal() and len(typed) == 4
    if not is_year or not _FIRST_YEAR <= int(typed) <= this_year - _YOUNGEST:
        return Did(faults={"year": desk.voice.say("Bitte nennen Sie das Geburtsjahr mit vier Ziffern.")})
    secret = hash_secret(typed)
    page_lock.set_secret(desk.uow, found.person, Factor.BIRTH_YEAR, secret, desk.actor, desk.now)
    return Did((desk.voice.say("Gespeichert."),))


def _sign_out(desk: Desk, found: Opened, _: Form) -> Did:
    ended = page_lock.leave_everywhere(desk.uow, found.person, desk.actor, desk.now)
    return Did((desk.voice.say("Abgemeldete Geräte: {count}.", count=ended),))


def _note(desk: Desk, found: Opened, action: str) -> None:
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, found.person.case_code)


def _copy(form: CopyForm, seat: Seat) -> File | None:
    found = opened(seat, Action.EXPORT_PERSON)
    if found is None:
        return None
    person = found.person
    copy = export_person.copy_person(seat.uow, person, seat.actor, seat.now)
    if form is CopyForm.JSON:
        body = export_person.as_json(copy)
    else:
        zone = zone_of(person, seat.rules.agencies[person.agency_id])
        maker = PageMaker(seat.rules.voice(person.language), zone, seat.rules.book)
        body = maker.page(copy).encode()
    return File(body, _TYPES[form], f"daten.{form.value}")


def _copy_html(seat: Seat) -> File | None:
    return _copy(CopyForm.HTML, seat)


def _copy_json(seat: Seat) -> File | None:
    return _copy(CopyForm.JSON, seat)


def _access(seat: Seat, found: Opened) -> Mapping[str, object]:
    glasses = seat.uow.access.glasses(seat.staff.id, seat.now)
    mine = next((one for one in glasses if one.participant_id == found.person.id), None)
    may_see = found.may(Action.EXPORT_PERSON)
    is_again = seat.is_refresh
    looks = person_view.looks(seat.uow, seat.staff, found.person, seat.now, again=is_again) if may_see else []
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)} if may_see else {}
    return {
        "may_see_looks": may_see,
        "glass_until": seat.voice.clock(mine.until, seat.zone) if mine else "",
        "looks": [_look(seat, names, one) for one in looks],
    }


def _look(seat: Seat, names: Mapping[int, str], one: tuple[datetime, str, str]) -> dict[str, str]:
    at, actor, action = one
    kind, _, number = actor.partition(":")
    who = names.get(int(number), "") if kind == "staff" and number.isdecimal() else ""
    if kind == "participant":
        who = seat.voice.say("die Person selbst")
    known = _LOOKS.get(action) or words.ACTS.get(action)
    return {"at": seat.moment(at), "who": who or "Lotse", "what": seat.voice.say(known) if known else action}


def _emergency(seat: Seat) -> Mapping[str, object]:
    return {"longest": break_glass.LONGEST_REASON}


def _break(seat: Seat, form: Form) -> Did | None:
    desk = desk_of(seat)
    if desk is None:
        return None
    code, why = form.get("code", "").strip().upper(), form.get("reason", "").strip()
    person = seat.uow.plans.by_case_code(seat.staff.agency_id, code) if code else None
    faults = {}
    if person is None:
        text = seat.voice.say("Einen Fall mit dem Code {case} gibt es hier nicht.", case=code[:20] or "?")
        faults["code"] = text
    if not break_glass.SHORTEST_REASON <= len(why) <= break_glass.LONGEST_REASON:
        faults["reason"] = seat.voice.say("Bitte schreiben Sie den Grund dazu, in 10 bis 500 Zeichen.")
    if person is None or faults:
        return Did(faults=faults)
    path = f"/console/people/{person.id}"
    if seat.may(Action.SEE_CONTENT, person):
        return Did((seat.voice.say("Diesen Fall sehen Sie ohnehin."),), path)
    if not break_glass.break_the_glass(desk, person, why):
        return Did(faults={"reason": last_said(desk)})
    return settled(desk, to=path)


PAGES = (
    page(
        CONSENTS,
        "consents.html",
        _consents,
        {"ask": (Action.ASK_SHARING, _ask), "lift": (Action.LIFT_RESTRICTION, _lift)},
    ),
    page(SAFETY, "safety.html", _safety),
    page(
        DOCUMENTS,
        "documents.html",
        _documents,
        {
            "link": (Action.CHANGE_PLAN, _link),
            "pin": (Action.CHANGE_PLAN, _pin),
            "year": (Action.CHANGE_PLAN, _year),
            "sign_out": (Action.CHANGE_PLAN, _sign_out),
        },
    ),
    page(ACCESS, "access.html", _access),
    Page(EMERGENCY, "person/emergency.html", PEOPLE, _emergency, Action.BREAK_GLASS, {"break": _break}),
    Download(f"{PATH}/copy.html", _copy_html),
    Download(f"{PATH}/copy.json", _copy_json),
)
