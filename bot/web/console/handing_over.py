# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague stands in for a time, or looks after people from now on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bot.domain.access import Action
from bot.domain.duty import Absence
from bot.domain.people import Staff
from bot.services import caseload_changes as changes
from bot.services import plan_duty
from bot.services.appointment_dates import FURTHEST
from bot.services.caseload_changes import REASONS, Reason, Transfer, Transferred
from bot.services.desk import Desk
from bot.services.duty_words import absence_text
from bot.services.handing_over import NOBODY, Handing, handing
from bot.services.staff_sessions import CHANNEL
from bot.texts import mark
from bot.web.console.navigation import PEOPLE
from bot.web.console.people import HOME
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import at_wall, local, zone

PATH = f"{HOME}/hand-over"
_CASE = "case-"
_DAY = timedelta(days=1)
_NO_DAY = mark("Bitte wählen Sie einen Tag.")


def _read(seat: Seat) -> Mapping[str, object] | None:
    found = _shown(seat)
    if found is None:
        return None
    voice = seat.voice
    today = local(seat.now, zone(seat.zone)).date()
    return {
        "found": found,
        "whose": _whose(seat),
        "is_own": found.coach is not None and found.coach.id == seat.staff.id,
        "colleagues": [
            (
                one.id,
                voice.say(
                    "{name} ({count} von {key} Plätzen)",
                    name=one.name,
                    count=found.loads.get(one.id, 0),
                    key=found.key,
                ),
            )
            for one in found.receivers
            if found.coach is None or one.id != found.coach.id
        ],
        "deputies": [(one.id, one.name) for one in found.receivers if one.id != _whose(seat)],
        "reasons": [(one.value, voice.say(text)) for one, text in REASONS.items()],
        "may_confirm": seat.may(Action.CHANGE_PLAN),
        "earliest": today.isoformat(),
        "furthest": (today + FURTHEST).isoformat(),
    }


def _give(seat: Seat, form: Form) -> Did | None:
    found, desk = _shown(seat), _desk(seat)
    if found is None or desk is None:
        return None
    offered = {one.id for one, _, _ in found.people}
    wanted = [number for name in form if (number := _case(name)) in offered]
    known = {str(one.id): one.id for one in found.receivers}
    to, reason = known.get(form.get("to", "")), form.get("reason", "")
    say = seat.voice.say
    faults = {}
    if not wanted:
        faults["people"] = say("Bitte wählen Sie mindestens eine Person.")
    if to is None:
        faults["to"] = say("Bitte wählen Sie, wer sich ab jetzt kümmert.")
    if reason not in set(Reason):
        faults["reason"] = say("Bitte wählen Sie einen Grund.")
    if faults or to is None:
        return Did(faults=faults)
    wish = Transfer(wanted, to, Reason(reason), is_confirmed=form.get("confirmed") == "1")
    done = changes.hand_to(desk, wish)
    if done.over_key and not done.moved:
        return Did(faults={"to": _over_key(seat, done)})
    return Did(_told(seat, done), _back(seat), receipt=desk.finish())


def _told(seat: Seat, done: Transferred) -> tuple[str, ...]:
    say = seat.voice.say
    lines = []
    if done.moved:
        lines.append(
            say(
                "Übergeben: {cases}.",
                cases=", ".join(done.moved),
            )
        )
        lines.append(
            say(
                "Wer Nachrichten von Lotse bekommt, erfährt es in einer Zeile. "
                "Bitte sagen Sie es ihnen auch selbst."
            )
        )
    if done.waiting:
        cases = ", ".join(done.waiting)
        lines.append(
            say(
                "Diese offenen Meldungen bleiben noch, wo sie sind, weil die neue Zuständigkeit gerade nicht "
                "zu erreichen ist: {cases}",
                cases=cases,
            )
        )
    if done.over_key:
        lines.append(_over_key(seat, done))
    if done.gone:
        lines.append(
            say(
                "Einige Fälle hatte inzwischen schon jemand anderes übernommen. Anzahl: {count}.",
                count=done.gone,
            )
        )
    return tuple(lines)


def _over_key(seat: Seat, done: Transferred) -> str:
    return seat.voice.say(
        "Das wären mehr Menschen, als das Programm für einen Coach vorsieht. "
        "Das bestätigt die Leitung: {cases}",
        cases=", ".join(done.over_key),
    )


def _lend(seat: Seat, form: Form) -> Did | None:
    found, desk = _shown(seat), _desk(seat)
    if found is None or desk is None or found.coach is None:
        return None
    known = {str(one.id): one.id for one in found.receivers if one.id != found.coach.id}
    span, faults = _span(seat, form)
    if form.get("deputy", "") not in ("", *known):
        faults["deputy"] = seat.voice.say("Diese Person ist nicht mehr im Team. Es hat sich nichts geändert.")
    if faults or span is None:
        return Did(faults=faults)
    deputy_id = known.get(form.get("deputy", ""))
    lent = changes.lend(desk, Absence(0, seat.staff.agency_id, found.coach.id, *span, deputy_id))
    if lent is None:
        return None
    said = *_lent(seat, found.coach, *lent), *plan_duty.lost_duty(desk, lent[0])
    return Did(said, _back(seat), receipt=desk.finish())


def _lent(seat: Seat, coach: Staff, absence: Absence, deputy: Staff | None) -> tuple[str, str]:
    say, when = seat.voice.say, absence_text(seat.voice, absence, seat.zone, seat.now)
    if deputy is None:
        who = say("Zu Beginn ist keine Vertretung da. Meldungen gehen dann an die Leitung.")
    else:
        who = say("{name} vertritt in dieser Zeit.", name=deputy.name)
    return say("Eingetragen: {name} ist abwesend {when}.", name=coach.name, when=when), who


def _span(seat: Seat, form: Form) -> tuple[tuple[datetime, datetime] | None, dict[str, str]]:
    """From when until when, or what is wrong with it by field."""
    say, where = seat.voice.say, zone(seat.zone)
    today = local(seat.now, where).date()
    first, last = _day(form.get("since", "")), _day(form.get("until", ""))
    if first is None or last is None:
        missing = {"since": first, "until": last}
        return None, {name: say(_NO_DAY) for name, day in missing.items() if day is None}
    if last < max(first, today):
        return None, {"until": say("Dieser Tag liegt vor dem Beginn oder ist schon vorbei.")}
    if last - today > FURTHEST:
        return None, {"until": say("Das ist mehr als zwei Jahre hin. Ist das Jahr richtig?")}
    return (max(at_wall(first, time.min, where), seat.now), at_wall(last + _DAY, time.min, where)), {}


def _whose(seat: Seat) -> int:
    """Whose people are asked for: one's own unless the address says something else."""
    text = seat.whence.query.get("coach", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else seat.staff.id


def _shown(seat: Seat) -> Handing | None:
    return handing(seat.uow, seat.rules, seat.staff, _whose(seat), seat.now, again=seat.is_refresh)


def _desk(seat: Seat) -> Desk | None:
    who = seat.uow.people.find_staff(CHANNEL, seat.whence.account)
    return Desk(seat.uow, seat.rules, who, seat.now) if who else None


def _back(seat: Seat) -> str:
    whose = _whose(seat)
    return PATH if whose == seat.staff.id else f"{PATH}?coach={whose}"


def _case(name: str) -> int:
    number = name.removeprefix(_CASE)
    return int(number) if name.startswith(_CASE) and number.isascii() and number.isdecimal() else NOBODY


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


PAGES = (Page(PATH, "hand_over.html", PEOPLE, _read, acts={"give": _give, "lend": _lend}),)
