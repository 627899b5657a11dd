# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations about an appointment: what their dialogs know of it, and what an answer does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.appointments import (
    Appointment,
    AppointmentEvent,
    AppointmentKind,
    AppointmentState,
    Coming,
    Party,
)
from bot.ports import Conversation, UnitOfWork
from bot.services import accompaniment_moves, group_moves, home_visits, referral_talks
from bot.services.appointment_timers import notices, plan, short_of
from bot.services.appointment_times import last_chance
from bot.services.escalate import ONE_CONVERSATION
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.texts import mark
from dialogs.effects import StoreAnswer, Value
from scheduler.local_time import local, zone

#: How a conversation ends that was over before it could begin.
EXPIRED, OVER = "expired", "over"
NOT_SAID = mark(
    "Davon konnte ich der Person vorher nichts schreiben. Bitte sagen Sie es ihr selbst, wenn es noch hilft."
)
_NOT_SENT = mark(
    "Meine Nachricht dazu ging nicht rechtzeitig hinaus. Bitte fragen Sie die Person, ob sie Bescheid weiß."
)
_NO_ANSWER = mark("Auf den Vorschlag gibt es noch keine Antwort.")
_CANNOT_COME = mark("Die Person schafft es nicht. Dazu gibt es eine eigene Meldung.")
_AGREED = mark("Der Vorschlag passt der Person. Der Termin steht.")
_ANOTHER_TIME = mark(
    "Der Person passt eine andere Zeit besser. Mit „/verschieben {number} Tag Uhrzeit“ schlagen Sie eine vor."
)
#: What one had, as a locked phone may show it: of a medical or an official one no more than that.
_WAS = {
    AppointmentKind.COACH: mark("ein Gespräch mit uns"),
    AppointmentKind.OFFICIAL: mark("einen Termin"),
    AppointmentKind.MEDICAL: mark("einen Termin"),
    AppointmentKind.PARTNER: mark("einen Termin bei einem Partner von uns"),
    AppointmentKind.INTERNSHIP: mark("einen Termin im Praktikum"),
    AppointmentKind.GROUP: mark("ein Treffen Ihrer Gruppe"),
    AppointmentKind.HOME: mark("einen Termin"),
}
_COMING_STEPS = frozenset({"coming", "coming_today"})
#: Where somebody to come along is one of the answers.
_HELP_STEPS = frozenset({"help", "help_official"})


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """What dialogs may know: only what is known, and of a medical one only time and place."""
    kept = _appointment(visit, conversation)
    if kept is None:
        return {}
    where = zone(kept.zone)
    voice, details = visit.voice, kept.details
    is_medical = kept.kind is AppointmentKind.MEDICAL
    short = short_text(visit, kept)
    known: dict[str, Value] = {
        "appointment_kind": kept.kind.value,
        "appointment_state": kept.state.value,
        "appointment_on": local(kept.starts_at, where).date().isoformat(),
        "appointment_day_text": voice.day(kept.starts_at, kept.zone),
        "appointment_time": voice.clock(kept.starts_at, kept.zone),
        "appointment_short": short,
        "appointment_was": f"{voice.say(_WAS[kept.kind])} ({short})",
        "appointment_place": home_visits.place_text(voice, kept),
        "appointment_map": details.map_link,
        "appointment_with": "" if is_medical else details.with_whom,
        **accompaniment_moves.facts_of(visit.uow, kept),
        "appointment_known": kept.told,
        "appointment_coming": kept.coming.value,
    }
    if kept.held_at is not None and kept.told:
        day, clock = voice.day(kept.held_at, kept.zone), voice.clock(kept.held_at, kept.zone)
        known["appointment_before"] = f"{day}, {clock}"
    series = visit.uow.appointments.series(kept.series_id) if kept.series_id else None
    if series is not None:
        known["appointment_series"] = "cancelled" if series.is_cancelled else "open"
    group = group_moves.group_of(visit.uow, kept)
    if group is not None:
        known["group_place"] = "kept" if group_moves.goes_on(group, visit.now) else "free"
    return {name: value for name, value in known.items() if value != ""}


def begun(visit: Visit, conversation: Conversation) -> None:
    """The person hears of it."""
    kept = _appointment(visit, conversation)
    if kept is not None and not kept.told:
        visit.uow.appointments.save(replace(kept, told=True))


def answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """An answer about coming, about a proposed time, or when it would suit better."""
    kept = _appointment(visit, conversation)
    if kept is None:
        return
    if home_visits.answered(visit, kept, answer):
        return
    if answer.step in _COMING_STEPS:
        _coming(visit, kept, answer.value)
    elif answer.step == "suits":
        _suits(visit, kept, answer.value)
    elif answer.step == referral_talks.HOW_WAS_IT:
        referral_talks.after_appointment(visit, kept, answer.value)
    elif answer.step in _HELP_STEPS and answer.value == "company":
        accompaniment_moves.wished(visit.uow, visit.rules, kept, accompaniment_moves.PERSON, visit.now)
    elif answer.step == "when_instead" and isinstance(answer.value, str):
        _another_time(visit, conversation, kept, answer.value)


def ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """What was never said in time, or never answered, is told to the coach (promise P3)."""
    kept = _appointment(visit, conversation)
    if kept is None or not kept.is_open:
        return
    if not conversation.session:
        if kept.is_agreed and outcome in (EXPIRED, OVER):
            say_not_said(visit, kept)
    elif kept.state is not AppointmentState.AGREED and outcome not in ("completed", "changed"):
        _tell_coach(visit, kept, _NO_ANSWER)


def say_not_said(visit: Visit, kept: Appointment) -> None:
    """The coach hears, once for each time of an appointment, that the person could not be told of it."""
    _tell_coach(visit, kept, NOT_SAID, not_said_key(kept))


def not_said_key(kept: Appointment) -> str:
    """What keeps a coach from hearing twice that the person could not be told."""
    return f"not_said:{kept.id}:{int(kept.starts_at.timestamp())}"


def say_unsaid(
    uow: UnitOfWork, rules: Rulebook, kept: Appointment, what: str, now: datetime
) -> frozenset[str]:
    """Like `say_not_said`, for whoever may have no open address. `what` is a source text.

    Returns the channels that have something to send.
    """
    people = uow.people.participants(kept.agency_id)
    person = next(found for found in people if found.id == kept.participant_id)
    drafts = notices(uow, rules, person, kept, what, not_said_key(kept))
    uow.outbox.post(drafts, now)
    return frozenset(draft.channel for draft in drafts)


def say_not_sent(
    uow: UnitOfWork, rules: Rulebook, appointment_id: int, end: datetime, now: datetime
) -> frozenset[str]:
    """The coach hears that what was to go out until `end` did not, if the time it was about still holds.

    Returns the channels that have something to send.
    """
    kept = uow.appointments.get(appointment_id)
    if kept is None or end < last_chance(kept.starts_at, zone(kept.zone), rules.quiet_of(kept.agency_id)):
        return frozenset()
    # After the start there is only the question how it was, or that it did not take place.
    if end > kept.starts_at and kept.state is not AppointmentState.CANCELLED:
        return frozenset()
    return say_unsaid(uow, rules, kept, _NOT_SENT, now)


def _coming(visit: Visit, kept: Appointment, value: Value | None) -> None:
    coming = next((said for said in Coming if said.value == value), Coming.UNKNOWN)
    kept = replace(kept, coming=coming, changed_at=visit.now)
    visit.uow.appointments.save(kept)
    if coming is Coming.NO and group_moves.group_of(visit.uow, kept) is not None:
        # Like leaving a group by one's own command: nobody is called, and a place that is free is given on.
        group_moves.not_coming(visit.uow, visit.rules, kept, visit.now)
        return
    if coming in {Coming.YES, Coming.NO}:
        # Whoever has just said so is not reminded on the same day.
        plan(visit.uow, visit.rules, kept, visit.now)
    if coming is Coming.NO:
        _tell_coach(visit, kept, _CANNOT_COME)


def _suits(visit: Visit, kept: Appointment, value: Value | None) -> None:
    event = AppointmentEvent.AGREE if value == "yes" else AppointmentEvent.DECLINE
    if value is None or not kept.can(event, Party.PERSON):
        return
    kept = kept.after(event, Party.PERSON, visit.now)
    visit.uow.appointments.save(kept)
    if event is AppointmentEvent.AGREE:
        plan(visit.uow, visit.rules, kept, visit.now)
        _tell_coach(visit, kept, _AGREED)


def _another_time(visit: Visit, conversation: Conversation, kept: Appointment, words: str) -> None:
    if kept.can(AppointmentEvent.COUNTER, Party.PERSON):
        kept = kept.after(AppointmentEvent.COUNTER, Party.PERSON, visit.now)
    visit.uow.appointments.save(replace(kept, words=words))
    _tell_coach(visit, kept, _ANOTHER_TIME)
    # The words themselves belong to the concern that the dialog has raised, where the coach reads them.
    source = f"{ONE_CONVERSATION}{conversation.id}"
    for concern in visit.uow.concerns.of_participant(visit.participant.id):
        if concern.source == source:
            visit.uow.concerns.log(concern.id, visit.now, "said", "participant", words)


def _tell_coach(visit: Visit, kept: Appointment, what: str, dedup: str = "") -> None:
    for draft in notices(visit.uow, visit.rules, visit.participant, kept, what, dedup):
        visit.send_to(draft)


def short_text(visit: Visit, kept: Appointment) -> str:
    """Day and time; with the place where somebody has two at the same time."""
    short = short_of(visit.voice, kept)
    others = visit.uow.appointments.of_participant(kept.participant_id, kept.starts_at)
    is_twin = any(o.id != kept.id and o.is_open and o.starts_at == kept.starts_at for o in others)
    return f"{short}, {kept.details.place}" if is_twin and kept.details.place else short


def _appointment(visit: Visit, conversation: Conversation) -> Appointment | None:
    number = conversation.subject.partition(":")[2]
    return visit.uow.appointments.get(int(number)) if number.isdecimal() else None
