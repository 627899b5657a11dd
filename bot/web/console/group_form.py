# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The form of a group offer: a new one with its dates, and other words for one that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import msgspec

from bot.domain.appointments import AppointmentKind
from bot.domain.groups import Dates, Group, GroupContent
from bot.domain.people import Role
from bot.services.appointment_forms import FormFaults, read_form
from bot.services.appointment_words import number_of
from bot.services.groups import Offer
from bot.services.partner_files import read_languages
from bot.texts import mark
from bot.web.console.seat import Form, Seat
from scheduler.local_time import local, zone

_LANGUAGES = ("de", "de-x-einfach", "en")
_WORKERS = (Role.COACH, Role.LEAD)
_NO_LANGUAGE = mark("Bitte schreiben Sie Kürzel mit Leerzeichen dazwischen, wie: de uk ar")


class GroupFaults(ValueError):
    """What cannot be kept as it is, by the name of its field, in words."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("a form that cannot be kept")
        self.faults = faults


def choices(seat: Seat) -> dict[str, object]:
    """What the form offers: who looks after a group, and which partner leads it."""
    everybody = seat.uow.people.all_staff(seat.staff.agency_id)
    team = [one for one in everybody if one.role in _WORKERS and one.left_at is None]
    partners = seat.uow.casework.partners.of_agency(seat.staff.agency_id)
    return {
        "leaders": [(str(one.id), one.name) for one in team],
        "partners": [(str(one.id), one.name) for one in partners if not one.is_retired],
        "programmes": sorted(seat.uow.programmes.versions_in_force(seat.staff.agency_id)),
    }


def fields_of(group: Group) -> dict[str, str]:
    """A group as it stands in the form."""
    content = group.content
    return {
        "title": content.title,
        **{f"what-{tag}": content.what.get(tag, "") for tag in _LANGUAGES},
        "open_for": content.open_for,
        "guided_by": content.guided_by,
        "languages": " ".join(content.languages),
        "programme": " ".join(content.programmes),
        "capacity": str(group.capacity),
        "led_by": str(group.led_by),
        "partner": str(group.partner_id or ""),
    }


def read_new(seat: Seat, form: Form) -> Offer:
    """A new group, its dates by the rules of every appointment. Raises `GroupFaults`."""
    whole = {**form, "kind": AppointmentKind.GROUP.value, "proposal": "", "reminders": ""}
    faults: dict[str, str] = {}
    dates, place = None, ""
    try:
        entry = read_form(whole, "", seat.now, seat.zone)
    except FormFaults as found:
        faults = {name: fault.say(seat.voice) for name, fault in found.faults.items()}
    else:
        begins, place = local(entry.starts_at, zone(seat.zone)), entry.details.place
        dates = Dates(first_day=begins.date(), at=begins.time(), zone=seat.zone, minutes=entry.minutes)
        if entry.series is not None:
            ends = {"last_day": entry.series.last_day, "count": entry.series.count}
            dates = msgspec.structs.replace(dates, rule=entry.series.rule, **ends)
    words = _words(seat, form, faults)
    if faults or dates is None:
        raise GroupFaults(faults)
    blank = GroupContent(title="", what={}, dates=dates, place=place)
    return _offer(form, msgspec.structs.replace(blank, **words))


def read_change(seat: Seat, form: Form, group: Group) -> Offer:
    """The same group with other words or more places; its dates stay. Raises `GroupFaults`."""
    faults: dict[str, str] = {}
    words = _words(seat, form, faults)
    if faults:
        raise GroupFaults(faults)
    return _offer(form, msgspec.structs.replace(group.content, **words))


def _words(seat: Seat, form: Form, faults: dict[str, str]) -> dict[str, object]:
    what = {tag: form.get(f"what-{tag}", "").strip() for tag in _LANGUAGES}
    try:
        languages = read_languages(form.get("languages", ""))
    except ValueError:
        languages, faults["languages"] = (), seat.voice.say(_NO_LANGUAGE)
    programme = form.get("programme", "")
    known = seat.uow.programmes.versions_in_force(seat.staff.agency_id)
    line = {name: " ".join(form.get(name, "").split()) for name in ("title", "open_for", "guided_by")}
    if not line["title"]:
        faults["title"] = seat.voice.say("Bitte schreiben Sie einen Namen.")
    if not what["de"]:
        faults["what-de"] = seat.voice.say("Bitte schreiben Sie, was es ist.")
    return {
        **line,
        "what": {tag: text for tag, text in what.items() if text},
        "languages": languages,
        "programmes": (programme,) if programme in known else (),
    }


def _offer(form: Form, content: GroupContent) -> Offer:
    partner = number_of(form.get("partner", ""))
    offer = Offer(content, number_of(form.get("capacity", "")), number_of(form.get("led_by", "")))
    return replace(offer, partner_id=partner or None)


#: How long a meeting is unless it is said.
USUAL_MINUTES = timedelta(minutes=90) // timedelta(minutes=1)
