# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person's programmes and phases, and what staff do about them, always with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.domain.access import Action
from bot.domain.enrolments import TaskKind
from bot.domain.people import Role
from bot.services import assignments, caseload, enrolments, enrolments_view
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.caseload_changes import REASONS, Reason, Transfer, hand_to, receivers
from bot.services.decisions import month_of, phase_of
from bot.services.desk import Desk
from bot.services.enrolments import Outcome, Step
from bot.services.enrolments_view import InProgramme
from bot.services.leaving import dialog_of
from bot.services.looks import note_look
from bot.services.people_view import load_of
from bot.texts import mark
from bot.web.console.decision_words import question
from bot.web.console.person_head import PHASES, Opened, page
from bot.web.console.phase_words import consent, day, happened, phase_title, title
from bot.web.console.seat import Did, Form, Seat
from dialogs.own_words import pick
from dialogs.programme_model import Entry, Phase, Programme

_LONGEST_REASON = 500
_FAULTS: Mapping[Outcome, str] = {
    Outcome.NO_REASON: mark("Bitte schreiben Sie kurz, warum."),
    Outcome.IS_OVER: mark("Dieses Programm ist schon zu Ende. Es wurde nichts geändert."),
    Outcome.UNKNOWN_PHASE: mark("Bitte wählen Sie eine Phase."),
    Outcome.THERE_ALREADY: mark("In dieser Phase ist die Person schon."),
    Outcome.NOT_THERE: mark("In dieser Phase ist die Person nicht mehr."),
    Outcome.OUT_OF_ORDER: mark(
        "Das Programm sieht vorher eine andere Phase vor. Wenn es so sein soll, setzen Sie bitte den Haken."
    ),
}


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    entry = ("phases_shown", found.person.case_code)
    note_look(seat.uow, seat.staff, entry, seat.now, again=seat.is_refresh)
    theirs = enrolments_view.in_programmes(seat.uow, seat.rules, found.person, seat.now)
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    loads = load_of(seat.uow.people_view.looked_after(seat.staff.agency_id))
    is_lead = seat.staff.role is Role.LEAD
    return {
        "programmes": [_shown(seat, one, names) for one in theirs],
        "others": [
            (one.id, title(seat, one)) for one in enrolments_view.not_in(seat.uow, seat.rules, found.person)
        ],
        "open_things": _open_things(seat, found),
        "coaches": [
            (one.id, seat.voice.say("{name} ({count})", name=one.name, count=loads.get(one.id, 0)))
            for one in receivers(seat.uow, seat.staff.agency_id)
            if one.id != found.person.coach_id
        ],
        "key": caseload.key_of(seat.uow, seat.rules, seat.staff.agency_id),
        "reasons": [(one.value, seat.voice.say(text)) for one, text in REASONS.items()],
        "is_lead": is_lead,
        "longest": _LONGEST_REASON,
        "at": "",
    }


def _shown(seat: Seat, one: InProgramme, names: Mapping[int, str]) -> Mapping[str, object]:
    programme, enrolment = one.programme, one.enrolment
    limit = programme.limit if programme is not None else None
    inside = {name for name, _ in one.inside}
    say = seat.voice.say
    month = (
        say("Monat {count} von {most}", count=one.month, most=limit.months)
        if limit is not None
        else say("Monat {count}", count=one.month)
    )
    return {
        "id": enrolment.id,
        "title": title(seat, programme) if programme is not None else enrolment.programme,
        "is_open": enrolment.is_open,
        "month": month,
        "began": day(seat, enrolment.began_at),
        "ended": day(seat, enrolment.ended_at) if enrolment.ended_at else "",
        "awaits_lead": enrolment.awaits_lead,
        "inside": [
            (name, phase_title(seat, programme, name), day(seat, at), _talks(seat, programme, name))
            for name, at in one.inside
        ],
        "inside_options": [(name, phase_title(seat, programme, name), "") for name, _ in one.inside],
        "enterable": [
            (phase.id, phase_title(seat, programme, phase.id), _notes(seat, programme, phase))
            for phase in (programme.phases.values() if programme is not None else ())
            if phase.id not in inside
        ],
        "history": [happened(seat, programme, each, names) for each in reversed(one.history)],
        "coming": [
            (day(seat, each.at), say("Monat {count}", count=each.month), each.kind is TaskKind.LIMIT_REACHED)
            for each in one.coming
        ],
        "holding": [consent(seat, name) for name in one.holding],
        "missing": [consent(seat, name) for name in one.missing],
        "tasks": [
            question(seat.voice, each, phase_title(seat, programme, phase_of(each)), month_of(each))
            for each in one.tasks
        ],
        "says_goodbye": any(
            dialog_of(seat.uow, seat.rules.programmes, enrolment, name) for name in sorted(inside)
        ),
    }


def _talks(seat: Seat, programme: Programme | None, name: str) -> list[str]:
    """The dialogs that a programme names for a phase. None of them begins because of that."""
    phase = programme.phases.get(name) if programme is not None else None
    found = [seat.rules.book.latest(one) for one in (phase.dialogs if phase is not None else ())]
    return [pick(one.title, seat.voice.language) or one.id for one in found if one is not None]


def _notes(seat: Seat, programme: Programme | None, phase: Phase) -> str:
    notes = []
    if phase.after:
        names = ", ".join(phase_title(seat, programme, name) for name in phase.after)
        notes.append(seat.voice.say("nach: {phases}", phases=names))
    if phase.overlaps:
        notes.append(seat.voice.say("läuft neben anderen"))
    if phase.entry is Entry.START:
        notes.append(seat.voice.say("beginnt sonst mit dem Programm"))
    return "; ".join(notes)


def _open_things(seat: Seat, found: Opened) -> list[str]:
    """What goes on although a programme ends; nothing of it is dropped."""
    say, person = seat.voice.say, found.person
    concerns = len(seat.guard.own(seat.uow.concerns.of_participant(person.id)))
    every = seat.uow.appointments.of_participant(person.id, seat.now)
    appointments = sum(one.is_open and one.ends_at > seat.now for one in every)
    referrals = sum(one.is_open for one in seat.uow.casework.referrals.of_participant(person.id))
    counted = (
        (mark("Offene Meldungen: {count}"), concerns),
        (mark("Kommende Termine: {count}"), appointments),
        (mark("Offene Vermittlungen: {count}"), referrals),
    )
    return [say(text, count=count) for text, count in counted if count]


def _enter(desk: Desk, found: Opened, form: Form) -> Did:
    return _move(desk, found, form, is_leaving=False)


def _leave(desk: Desk, found: Opened, form: Form) -> Did:
    return _move(desk, found, form, is_leaving=True)


def _move(desk: Desk, found: Opened, form: Form, *, is_leaving: bool) -> Did:
    number = _enrolment(desk, found, form)
    if number is None:
        return Did((desk.voice.say(_FAULTS[Outcome.IS_OVER]),))
    verb = "leave" if is_leaving else "enter"
    field = f"{verb}-{number}"
    reason = form.get("reason", "").strip()
    faults = _reason_faults(desk, reason, f"{field}-reason")
    day: date | None = None
    if form.get("day", ""):
        try:
            day = read_day(form["day"])
        except EntryFault as fault:
            faults[f"{field}-day"] = fault.say(desk.voice)
    if faults:
        return Did(faults=faults, once={"at": field})
    step = Step(number, form.get("phase", ""), reason, day, is_confirmed=form.get("sure") == "yes")
    act = enrolments.leave if is_leaving else enrolments.enter
    outcome = act(desk.uow, desk.rules, step, desk.staff, desk.now)
    if outcome is not Outcome.DONE:
        named = f"{field}-sure" if outcome is Outcome.OUT_OF_ORDER else f"{field}-phase"
        return Did(faults={named: desk.voice.say(_FAULTS[outcome])}, once={"at": field})
    desk.changed.add(found.person.id)
    if is_leaving:
        return Did((desk.voice.say("Die Phase ist beendet."),))
    return Did((desk.voice.say("Die Phase ist gewechselt."), *_going_on(desk, found, step)))


def _going_on(desk: Desk, found: Opened, step: Step) -> list[str]:
    """Which other phases the person is still in: what overlaps is ended by nobody else."""
    theirs = enrolments_view.in_programmes(desk.uow, desk.rules, found.person, desk.now)
    names = [
        pick(one.programme.phases[name].title, desk.voice.language) or name
        for one in theirs
        if one.enrolment.id == step.enrolment_id and one.programme is not None
        for name, _ in one.inside
        if name != step.phase and name in one.programme.phases
    ]
    if not names:
        return []
    return [
        desk.voice.say(
            "Daneben läuft weiter: {phases}. Das endet erst, wenn Sie es hier beenden.",
            phases=", ".join(names),
        )
    ]


def _end(desk: Desk, found: Opened, form: Form) -> Did:
    number = _enrolment(desk, found, form)
    if number is None:
        return Did((desk.voice.say(_FAULTS[Outcome.IS_OVER]),))
    reason = form.get("reason", "").strip()
    faults = _reason_faults(desk, reason, f"end-{number}-reason")
    if faults:
        return Did(faults=faults, once={"at": f"end-{number}"})
    outcome = assignments.end(desk.uow, desk.rules, (number, reason), desk.staff, desk.now)
    if outcome is not Outcome.DONE:
        return Did((desk.voice.say(_FAULTS.get(outcome, _FAULTS[Outcome.IS_OVER])),))
    desk.changed.add(found.person.id)
    return Did((desk.voice.say("Das Programm ist beendet. Offene Meldungen und Termine bleiben."),))


def _enrol(desk: Desk, found: Opened, form: Form) -> Did:
    known = [one.id for one in enrolments_view.not_in(desk.uow, desk.rules, found.person)]
    name = form.get("programme", "")
    if name not in known:
        return Did(faults={"programme": desk.voice.say("Bitte wählen Sie ein Programm.")})
    if form.get("agreed") != "yes":
        text = desk.voice.say("In ein Programm kommt nur, wer dazu Ja gesagt hat.")
        return Did(faults={"agreed": text})
    begun = assignments.enrol(desk.uow, desk.rules, found.person, name, desk.staff, desk.now)
    if begun is None:
        return Did((desk.voice.say("In diesem Programm ist die Person schon."),))
    desk.changed.add(found.person.id)
    return Did((desk.voice.say("Das Programm hat begonnen."),))


def _assign(desk: Desk, found: Opened, form: Form) -> Did:
    known = {str(one.id): one for one in receivers(desk.uow, desk.agency.id)}
    coach, reason = known.get(form.get("coach", "")), form.get("why", "")
    faults = {}
    if coach is None or coach.id == found.person.coach_id:
        faults["coach"] = desk.voice.say("Bitte wählen Sie, wer sich ab jetzt kümmert.")
    if reason not in set(Reason):
        faults["why"] = desk.voice.say("Bitte wählen Sie einen Grund.")
    if faults or coach is None:
        return Did(faults=faults)
    wish = Transfer([found.person.id], coach.id, Reason(reason), is_confirmed=form.get("sure") == "yes")
    done = hand_to(desk, wish)
    if done.over_key:
        text = desk.voice.say(
            "{name} hätte damit mehr Menschen, als das Programm vorsieht. Das bestätigt die Leitung.",
            name=coach.name,
        )
        return Did(faults={"sure": text})
    if not done.moved:
        return Did((desk.voice.say("Das hat inzwischen schon jemand anderes geändert."),))
    return Did(
        (
            desk.voice.say(
                "{name} begleitet jetzt Fall {case}.", name=coach.name, case=found.person.case_code
            ),
        ),
        # It may not be theirs any more.
        "/console/people",
    )


def _reason_faults(desk: Desk, reason: str, field: str) -> dict[str, str]:
    if not reason:
        return {field: desk.voice.say(_FAULTS[Outcome.NO_REASON])}
    if len(reason) > _LONGEST_REASON:
        return {field: desk.voice.say("Bitte schreiben Sie höchstens {most} Zeichen.", most=_LONGEST_REASON)}
    return {}


def _enrolment(desk: Desk, found: Opened, form: Form) -> int | None:
    """The number of an enrolment of this very person that goes on."""
    every = desk.uow.programmes.of_participant(found.person.id)
    return {str(one.id): one.id for one in every if one.is_open}.get(form.get("enrolment", ""))


PAGES = (
    page(
        PHASES,
        "phases.html",
        _read,
        {
            "enter": (Action.CHANGE_PLAN, _enter),
            "leave": (Action.CHANGE_PLAN, _leave),
            "end": (Action.CHANGE_PLAN, _end),
            "enrol": (Action.CHANGE_PLAN, _enrol),
            "assign": (Action.CHANGE_PLAN, _assign),
        },
    ),
)
