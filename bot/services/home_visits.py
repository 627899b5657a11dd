# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Visits at home: what the person says to them. The address is nowhere in Lotse: they read "bei Ihnen".

The person may choose another place, and may cancel until the visit begins, by one tap and without a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.appointments import Appointment, AppointmentEvent, AppointmentKind, Coming, Party
from bot.domain.home_visits import HomeVisit
from bot.services.accompaniment_moves import appointment_changed
from bot.services.appointment_timers import lines_to, notices, plan
from bot.services.visit import Visit
from bot.texts import Voice, mark
from dialogs.effects import StoreAnswer

#: The steps of the dialogs in which the person answers: to the proposal, where else, and when reminded.
_SUITS, _WHERE = "visit_suits", "where_instead"
_REMINDED = frozenset({"visit_soon", "visit_today", "until_then"})
#: Where one may meet instead; staff read it in the person's own words.
_PLACES: Mapping[str, str] = {
    "outside": mark("Lieber draußen"),
    "office": mark("Lieber in der Stelle"),
    "phone": mark("Lieber am Telefon"),
}
_AGREED = mark("Der Besuch passt der Person. Der Termin steht.")
_RATHER_NOT = mark("Die Person möchte lieber keinen Besuch. Der Termin ist abgesagt.")
_ELSEWHERE = mark("Die Person möchte sich lieber woanders treffen. Den Ort ändern Sie in der Konsole.")


def visit_of(kept: Appointment) -> HomeVisit:
    """Whoever sets it goes there, until somebody says otherwise."""
    return HomeVisit(kept.agency_id, kept.participant_id, kept.id, kept.set_by)


def place_text(voice: Voice, kept: Appointment) -> str:
    """The place as the person reads it."""
    is_at_home = kept.kind is AppointmentKind.HOME and not kept.details.place
    return voice.say("bei Ihnen zu Hause") if is_at_home else kept.details.place


def answered(visit: Visit, kept: Appointment, answer: StoreAnswer) -> bool:
    """Let an answer take effect that is about a visit at home. False if it is not."""
    if kept.kind is not AppointmentKind.HOME:
        return False
    if answer.step == _SUITS and answer.value == "yes":
        _agree(visit, kept)
    elif answer.value == "no" and answer.step in {_SUITS, *_REMINDED}:
        cancel_by_person(visit, kept)
    elif answer.step in _REMINDED:
        visit.uow.appointments.save(replace(kept, coming=Coming.YES, changed_at=visit.now))
    elif answer.step == _WHERE and str(answer.value) in _PLACES:
        words = visit.voice.say(_PLACES[str(answer.value)])
        visit.uow.appointments.save(replace(kept, words=words))
        _tell_visitors(visit, kept, _ELSEWHERE)
    else:
        return False
    return True


def cancel_by_person(visit: Visit, kept: Appointment) -> None:
    """The person would rather have no visit: it is cancelled at once, and whoever would come hears of it."""
    if not kept.can(AppointmentEvent.CANCEL, Party.PERSON):
        return
    cancelled = kept.after(AppointmentEvent.CANCEL, Party.PERSON, visit.now)
    visit.uow.appointments.save(cancelled)
    appointment_changed(visit.uow, cancelled, visit.now)
    plan(visit.uow, visit.rules, cancelled, visit.now)
    visit.uow.ledger.note(kept.agency_id, visit.now, "participant", "appointment_cancel", str(kept.id))
    _tell_visitors(visit, cancelled, _RATHER_NOT)


def _agree(visit: Visit, kept: Appointment) -> None:
    if not kept.can(AppointmentEvent.AGREE, Party.PERSON):
        return
    kept = kept.after(AppointmentEvent.AGREE, Party.PERSON, visit.now)
    visit.uow.appointments.save(kept)
    plan(visit.uow, visit.rules, kept, visit.now)
    _tell_visitors(visit, kept, _AGREED)


def _tell_visitors(visit: Visit, kept: Appointment, what: str) -> None:
    """The coach, and everybody who would go there: nobody may stand before a door that is not opened."""
    coach = visit.participant.coach_id or kept.set_by
    for draft in notices(visit.uow, visit.rules, visit.participant, kept, what):
        visit.send_to(draft)
    found = visit.uow.casework.joint_appointments.home_visits([kept.id]).get(kept.id)

    def say(voice: Voice) -> str:
        return voice.say(what)

    for staff_id in found.visitors if found is not None else ():
        if staff_id != coach:
            for draft in lines_to(visit.uow, visit.rules, staff_id, (visit.participant, kept), say):
                visit.send_to(draft)
