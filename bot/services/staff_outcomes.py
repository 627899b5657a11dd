# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What coaches type about how things have turned out: `/ausgang CODE` shows it, a word more enters it.

What stands there is about somebody's health: it is only shown where the channel may carry that.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.messages import DataClass
from bot.domain.outcome_markers import Finding, Marker, band, current
from bot.domain.people import Participant
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.outcome_markers import Entered, enter, history
from bot.services.outcome_words import FOUND, MARKERS
from bot.services.person_view import look
from bot.services.staff_queue import find_person
from bot.texts import mark
from scheduler.local_time import local

SHOW = "/ausgang K7F3M"
HOURS = "/ausgang K7F3M stunden 4"
ENTER = "/ausgang K7F3M minijob ja"
_WORDS: Mapping[str, Marker] = {
    "stunden": Marker.HOURS,
    "profil": Marker.PROFILE,
    "beantragt": Marker.LTA_APPLIED,
    "bewilligt": Marker.LTA_APPROVED,
    "arbeit": Marker.JOB,
    "ausbildung": Marker.APPRENTICESHIP,
    "minijob": Marker.MINI_JOB,
    "ehrenamt": Marker.VOLUNTEERING,
    "stelle": Marker.SUPPORT,
}
_FINDINGS: Mapping[str, Finding] = {"ja": Finding.YES, "offen": Finding.OPEN}
_UNKNOWN = mark("Das verstehe ich nicht. Es wurde nichts geändert.")


def act(desk: Desk, typed: str) -> None:
    """`/ausgang CODE [stunden N|offen | minijob ja|offen ...]`; it is so since today."""
    code, _, rest = typed.partition(" ")
    words = rest.casefold().split()
    person = find_person(desk, code, SHOW, Action.CHANGE_PLAN if words else Action.SEE_CONTENT)
    if person is None:
        return
    if not words:
        _show(desk, person)
        return
    try:
        marker, finding = _read(words)
        day = local(desk.now, desk.rules.hours[desk.agency.id].zone).date()
        enter(desk, person, Entered(marker, finding, day))
    except EntryFault as fault:
        example = desk.voice.say("Zum Beispiel: {example}", example=f"{HOURS}\n{ENTER}")
        desk.tell(f"{fault.say(desk.voice)}\n{example}")
        return
    desk.tell(desk.voice.say("Fall {case}: Eingetragen.", case=person.case_code))


def _read(words: list[str]) -> tuple[Marker, Finding]:
    """The marker and what is so. Raises `EntryFault`."""
    marker = _WORDS.get(words[0])
    if marker is None or len(words) != 2:
        raise EntryFault(_UNKNOWN)
    if words[1] in _FINDINGS:
        return marker, _FINDINGS[words[1]]
    if marker is not Marker.HOURS:
        raise EntryFault(_UNKNOWN)
    try:
        return marker, band(float(words[1].replace(",", ".")))
    except ValueError:
        raise EntryFault(mark("Bitte geben Sie 0 bis 24 Stunden an. Es wurde nichts geändert.")) from None


def _show(desk: Desk, person: Participant) -> None:
    if not desk.agency.class_of(desk.address.channel).carries(DataClass.HEALTH):
        desk.tell(
            desk.voice.say("Fall {case}: Was eingetragen ist, zeigt die Konsole.", case=person.case_code)
        )
        return
    look(desk.uow, desk.guard, desk.staff, person, desk.now)
    now = current(history(desk.uow, person))
    lines = [
        desk.voice.say(
            "{what}: {found}", what=desk.voice.say(MARKERS[marker]), found=desk.voice.say(FOUND[one.finding])
        )
        for marker, one in now.items()
    ]
    desk.tell(
        "\n".join(lines) or desk.voice.say("Fall {case}: Noch ist nichts eingetragen.", case=person.case_code)
    )
