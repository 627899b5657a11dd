# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The directory of partners: looked up, kept up to date, and read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.domain.access import Action
from bot.domain.partners import LONGEST_TEXT, MOST_WEEKS, Partner, PartnerKind, Wanted, matching
from bot.errors import ConfigurationError
from bot.services import partner_directory
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.services.partner_files import import_partners, read_languages
from bot.services.sharing_talks import contact_of
from bot.texts import mark
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.navigation import PEOPLE
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import local, zone

HOME = "/console/partners"
_ONE = f"{HOME}/{{partner:int}}"
KINDS: Mapping[PartnerKind, str] = {
    PartnerKind.CLINIC: mark("Klinik"),
    PartnerKind.DOCTOR: mark("Arztpraxis"),
    PartnerKind.THERAPY: mark("Therapie"),
    PartnerKind.REHAB: mark("Reha"),
    PartnerKind.CARRIER: mark("Träger der Reha"),
    PartnerKind.COUNSELLING: mark("Beratung"),
    PartnerKind.ADDICTION_HELP: mark("Suchthilfe"),
    PartnerKind.EMPLOYER_SERVICE: mark("Arbeitgeberservice"),
    PartnerKind.SELF_HELP: mark("Selbsthilfe"),
    PartnerKind.SPORTS: mark("Sport"),
    PartnerKind.VOLUNTEERING: mark("Ehrenamt"),
    PartnerKind.COURSE: mark("Kurs"),
    PartnerKind.OTHER: mark("Sonstiges"),
}
_TEXTS = ("name", "district", "contact", "offer")


def _list(seat: Seat) -> Mapping[str, object]:
    query, voice = seat.whence.query, seat.voice
    kinds = {kind.value: kind for kind in PartnerKind}
    wanted = Wanted(
        kinds.get(query.get("kind", "")),
        query.get("district", "")[:80],
        query.get("language", "")[:12].strip(),
    )
    every = seat.uow.casework.partners.of_agency(seat.staff.agency_id)
    found = matching(every, wanted)
    longest = _weeks(query.get("weeks", ""))
    if longest is not None:
        found = [one for one in found if one.waiting_weeks is not None and one.waiting_weeks <= longest]
    return {
        "rows": [_row(seat, one) for one in found],
        "retired": [_row(seat, one) for one in every if one.is_retired],
        "count": sum(not one.is_retired for one in every),
        "wanted": {"kind": query.get("kind", ""), "district": wanted.district, "language": wanted.language},
        "wanted_weeks": "" if longest is None else str(longest),
        "is_narrow": wanted != Wanted() or longest is not None,
        "kinds": [(kind.value, voice.say(text)) for kind, text in KINDS.items()],
        "languages": sorted(
            {(tag, voice.language_name(tag) or tag) for one in every for tag in one.languages}
        ),
        "may_import": seat.may(Action.MANAGE_TEXTS),
        "most_weeks": MOST_WEEKS,
        "longest": LONGEST_TEXT,
        "import_faults": (),
        "blank": Partner(0, seat.staff.agency_id, PartnerKind.COUNSELLING, ""),
    }


def _row(seat: Seat, one: Partner) -> Mapping[str, object]:
    voice = seat.voice
    return {
        "one": one,
        "kind": voice.say(KINDS[one.kind]),
        "languages": ", ".join(voice.language_name(tag) or tag for tag in one.languages),
        "waits": "" if one.waiting_weeks is None else voice.say("{count} Wochen", count=one.waiting_weeks),
        "as_of": day_of(voice, one.waiting_as_of) if one.waiting_as_of else "",
    }


def _weeks(typed: str) -> int | None:
    """A whole number of weeks; None for anything else."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < 5
    return int(typed) if is_number and int(typed) <= MOST_WEEKS else None


def _add(seat: Seat, form: Form) -> Did | None:
    desk = desk_of(seat)
    if desk is None:
        return None
    return _keep(desk, form, Partner(0, desk.agency.id, PartnerKind.OTHER, ""))


def _import(seat: Seat, form: Form) -> Did | None:
    """The same file as `lotse partners import` takes, whole or not at all."""
    if not seat.may(Action.MANAGE_TEXTS):
        return None
    try:
        done = import_partners(seat.uow, seat.staff.agency_id, form.get("file", ""), seat.actor, seat.now)
    except ConfigurationError as fault:
        text = seat.voice.say("Es wurde nichts übernommen. In diesen Zeilen stimmt etwas nicht:")
        return Did(faults={"file": text}, once={"import_faults": list(fault.problems)})
    text = seat.voice.say(
        "Neu: {added}. Geändert: {changed}. Wie bisher: {same}.",
        added=done.added,
        changed=done.changed,
        same=done.same,
    )
    return Did((text,))


def _show(seat: Seat) -> Mapping[str, object] | None:
    one = _partner(seat)
    if one is None:
        return None
    staff_id = contact_of(seat.uow, seat.staff.agency_id, one.name)
    contact = seat.uow.people.staff(staff_id) if staff_id is not None else None
    return {
        **_row(seat, one),
        "kinds": [(kind.value, seat.voice.say(text)) for kind, text in KINDS.items()],
        "connected": contact.name if contact is not None else "",
        "most_weeks": MOST_WEEKS,
        "longest": LONGEST_TEXT,
    }


def _change(seat: Seat, form: Form) -> Did | None:
    one, desk = _partner(seat), desk_of(seat)
    return _keep(desk, form, one) if one is not None and desk is not None else None


def _retire(seat: Seat, form: Form) -> Did | None:
    one, desk = _partner(seat), desk_of(seat)
    if one is None or desk is None:
        return None
    is_retired = form.get("is_retired") == "yes"
    partner_directory.retire(desk, one, is_retired=is_retired)
    said = (
        mark("Die Stelle wird nicht mehr vorgeschlagen.") if is_retired else mark("Die Stelle ist wieder da.")
    )
    return settled(desk, desk.voice.say(said), to=HOME)


def _partner(seat: Seat) -> Partner | None:
    number = int(seat.whence.path["partner"])
    one = seat.uow.casework.partners.get(number) if number < 2**63 else None
    return one if one is not None and one.agency_id == seat.staff.agency_id else None


def _keep(desk: Desk, form: Form, before: Partner) -> Did:
    changed, faults = _read_form(desk, form, before)
    if faults:
        return Did(faults=faults)
    try:
        partner_directory.keep(desk, changed)
    except EntryFault as fault:
        return Did(faults={"name": fault.say(desk.voice)})
    return settled(desk, desk.voice.say("Gespeichert: {name}.", name=changed.name), to=HOME)


def _read_form(desk: Desk, form: Form, before: Partner) -> tuple[Partner, dict[str, str]]:
    say, faults = desk.voice.say, dict[str, str]()
    texts = {name: " ".join(form.get(name, "").split()) for name in _TEXTS}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            faults[name] = say("Bitte schreiben Sie höchstens {most} Zeichen.", most=LONGEST_TEXT)
    if not texts["name"]:
        faults["name"] = say("Bitte schreiben Sie einen Namen.")
    kinds = {kind.value: kind for kind in PartnerKind}
    if form.get("kind", "") not in kinds:
        faults["kind"] = say("Bitte wählen Sie, was man dort findet.")
    weeks, as_of = _waiting(desk, form, faults)
    languages: tuple[str, ...] = ()
    try:
        languages = read_languages(form.get("languages", ""))
    except ValueError:
        faults["languages"] = say("Bitte schreiben Sie Kürzel mit Leerzeichen dazwischen, wie: de uk ar")
    kind = kinds.get(form.get("kind", ""), before.kind)
    known = replace(before, kind=kind, languages=languages, waiting_weeks=weeks, waiting_as_of=as_of)
    named = replace(known, name=texts["name"], district=texts["district"])
    return replace(named, contact=texts["contact"], offer=texts["offer"]), faults


def _waiting(desk: Desk, form: Form, faults: dict[str, str]) -> tuple[int | None, date | None]:
    typed, today = form.get("weeks", "").strip(), local(desk.now, zone(desk.agency.zone)).date()
    if not typed:
        return None, None
    weeks, day = _weeks(typed), today
    if weeks is None:
        faults["weeks"] = desk.voice.say("Bitte schreiben Sie ganze Wochen, 0 bis {most}.", most=MOST_WEEKS)
    if form.get("as_of", "").strip():
        try:
            day = read_day(form["as_of"])
        except EntryFault as fault:
            faults["as_of"] = fault.say(desk.voice)
    if day > today:
        faults["as_of"] = desk.voice.say("Bitte wählen Sie einen Tag, der schon war.")
    return weeks, day


PAGES = (
    Page(HOME, "partners.html", PEOPLE, _list, acts={"add": _add, "import": _import}),
    Page(_ONE, "partner.html", PEOPLE, _show, acts={"change": _change, "retire": _retire}),
)
