# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person of whom every table knows something, each text with a canary in it; and who looks for canaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, cast

from sqlalchemy import Connection, LargeBinary, Table, literal, select, type_coerce

from bot.domain.access import BrokenGlass
from bot.domain.accompaniment import Accompaniment, AccompanimentState, Companion
from bot.domain.applications import (
    Application,
    ApplicationContent,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationState,
    Benefit,
    CarrierKind,
    EntryNote,
)
from bot.domain.appointments import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Coming,
    Details,
    Series,
)
from bot.domain.conferences import (
    Agenda,
    Conference,
    ConferenceCase,
    ConferenceKind,
    ConferenceState,
    Decision,
    Sheet,
)
from bot.domain.consent import ConsentRecord
from bot.domain.conversations import ConversationState, Underway
from bot.domain.enrolments import Enrolment, Move, PhaseEvent, ProgrammeTask, TaskKind
from bot.domain.expectations import (
    Agreement,
    Said,
    SheetSide,
    SheetTopic,
    Side,
    SideKind,
    Topic,
    TopicState,
)
from bot.domain.expectations import Sheet as ExpectationSheet
from bot.domain.groups import Dates, Group, GroupContent, GroupState, Seat, SeatState
from bot.domain.handover_packs import Choice, HandoverPack, Line, PackState, Part, Receiver
from bot.domain.help_plans import Goal, HelpPlan, PlanContent, PlanEntry, PlanEvent, PlanState
from bot.domain.home_visits import HomeVisit
from bot.domain.messages import Body, Draft, Kind
from bot.domain.outcome_markers import Finding, Marker, MarkerEntry
from bot.domain.own_page import Factor, PageLock, PageSession
from bot.domain.people import Standing
from bot.domain.placements import EarlyEnd, Placement, PlacementTerms, WorkedWeek
from bot.domain.profiles import Area, Judgement, LicensedScore, Profile
from bot.domain.referrals import (
    Referral,
    ReferralEntry,
    ReferralEvent,
    ReferralResult,
    ReferralState,
)
from bot.domain.scores import ScoreRecord
from bot.domain.sharing import SharingAsk
from bot.domain.stories import PersonNote
from bot.ports import Answer, UnitOfWork
from bot.storage.owners import owner_of, sealed_tables
from bot.storage.sealing import PERSON, key_id
from tests.storage.stores import AGENCY, HOUR, NOW, World, heard

#: A word that occurs nowhere else; each place has one of its own.
CANARY = "Kanarienvogel"

#: Tables with content that is never one participant's.
NOBODYS = {
    "staff",
    "canned_reply",
    "appointment_entry",
    "staff_login",
    "saved_view",
    "invitation_card",
    "partner",
    "conference",
    "group_offer",
}


def canary(place: str) -> str:
    """The word for one place."""
    return f"{CANARY}-{place}"


def enrich(world: World, name: str = "Mia") -> int:
    """One more person, with something in every table that holds content. Returns their number."""
    person = world.do(
        lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", world.coach, canary(name))
    )
    world.do(lambda uow: _talk(uow, world, person))
    world.do(lambda uow: _concern(uow, world, person))
    world.do(lambda uow: _appointments(uow, world, person))
    world.do(lambda uow: _programmes(uow, world, person))
    world.do(lambda uow: _help_plan(uow, world, person))
    world.do(lambda uow: _profile(uow, world, person))
    world.do(lambda uow: _referral(uow, world, person))
    world.do(lambda uow: _conference(uow, world, person))
    world.do(lambda uow: _handover_pack(uow, world, person))
    world.do(lambda uow: _placement(uow, world, person))
    world.do(lambda uow: _group(uow, world, person))
    world.do(lambda uow: _expectations(uow, world, person))
    world.do(lambda uow: _application(uow, world, person))
    return person


def _talk(uow: UnitOfWork, world: World, person: int) -> None:
    where = uow.people.add_address(AGENCY, "telegram", canary(f"Adresse-{person}"), participant_id=person)
    for kind in ("text", "press", "attachment"):
        uow.talks.record_incoming(heard(f"{person}-{kind}", **{kind: canary(kind)}), AGENCY, person, NOW)
    first = uow.talks.open_conversation(AGENCY, person, "weekly_checkin", canary("Sitzung"), NOW)
    uow.talks.save_conversation(first, canary("Sitzung"), NOW)
    uow.talks.move_conversation(first, ConversationState.ASLEEP, canary("Sitzung"), NOW)
    uow.talks.end_conversation(first, canary("Sitzung"), "completed", NOW)
    wanted = Underway(
        0, person, "weekly_checkin", ConversationState.WANTED, "", 1, Kind.REMINDER, NOW + HOUR, ""
    )
    uow.talks.begin_wanted(uow.talks.want_conversation(AGENCY, wanted, NOW), canary("Sitzung"), NOW)
    uow.talks.want_conversation(AGENCY, wanted, NOW)
    uow.stories.add_note(PersonNote(0, AGENCY, person, world.coach, NOW, canary("Vermerk")))
    glass = BrokenGlass(0, AGENCY, world.coach, person, canary("Grund"), NOW, NOW + HOUR)
    uow.access.break_glass(glass)
    uow.talks.add_answers(
        AGENCY, [Answer(person, first, "weekly_checkin", "sleep", "sleep", canary("Antwort"))], NOW
    )
    uow.talks.add_consent(
        AGENCY,
        ConsentRecord(
            person, "sharing", True, canary("Text"), "1", "de", "telegram", NOW, object=canary("Partner")
        ),
    )
    ask = SharingAsk(0, AGENCY, person, canary("Stelle"), canary("Was"), canary("Wozu"), world.coach, NOW)
    ask = replace(ask, id=uow.sharing.add(ask))
    uow.sharing.hand(ask, canary("Weitergabe"), 1, NOW)
    typed = uow.talks.record_incoming(heard(f"{person}-staff", text=canary("getippt")), AGENCY, None, NOW)
    assert typed is not None
    uow.rights.give_to(typed, person)
    uow.own_page.set_lock(PageLock(AGENCY, person, Factor.PIN, canary("PIN"), NOW))
    uow.own_page.begin(PageSession(where, AGENCY, person, NOW, NOW, is_strong=True))
    uow.memory.set_fact(AGENCY, person, "nickname", canary("Rufname"), NOW)
    uow.memory.add_scores(
        AGENCY,
        [
            ScoreRecord(person, first, "phq4.total", 1, NOW, value=3, band=canary("Band")),
            ScoreRecord(person, first, "phq4.total", 1, NOW, reason="missing", items=(canary("Frage"),)),
        ],
    )
    uow.outbox.post([Draft(AGENCY, where, "telegram", Kind.REPLY, Body(canary("an")), person)], NOW)
    # To the person, without saying so.
    uow.outbox.post([Draft(AGENCY, where, "telegram", Kind.REPLY, Body(canary("an")))], NOW)


def _concern(uow: UnitOfWork, world: World, person: int) -> None:
    new = world.concern(participant_id=person, quote=canary("Zitat"), next_step=canary("Schritt"))
    number = uow.concerns.add(new)
    kept = uow.concerns.get(number)
    assert kept is not None
    uow.concerns.save(kept)
    uow.concerns.log(number, NOW, "note", f"staff:{world.coach}", canary("Notiz"))
    uow.concerns.log(number, NOW, "raise", "dialog")
    # About the person, to staff.
    about = Draft(
        AGENCY,
        world.coach_address,
        "telegram_staff",
        Kind.STAFF_ALERT,
        Body(canary("Hinweis")),
        concern_id=number,
        staff_id=world.coach,
    )
    uow.outbox.post([about], NOW)


def _appointments(uow: UnitOfWork, world: World, person: int) -> None:
    details = Details(place=canary("Ort"))
    length, uid = timedelta(minutes=45), f"uid-{person}"
    series = uow.appointments.add_series(
        Series(
            *(0, AGENCY, person, AppointmentKind.GROUP, "FREQ=WEEKLY", date(2026, 11, 23), time(10)),
            *("Europe/Berlin", length, uid, world.coach, NOW, details),
            count=3,
        )
    )
    new = Appointment(
        *(0, AGENCY, person, AppointmentKind.OFFICIAL, AppointmentState.AGREED, NOW + 48 * HOUR),
        *("Europe/Berlin", length, uid, world.coach, NOW, NOW, details),
        coming=Coming.UNKNOWN,
        words=canary("gesagt"),
        series_id=series,
        series_day=date(2026, 11, 23),
    )
    number = uow.appointments.add(new)
    assert number is not None
    kept = uow.appointments.get(number)
    assert kept is not None
    uow.appointments.save(kept)
    along = Accompaniment(AGENCY, person, kept.id, AccompanimentState.OFFERED, NOW, staff_id=world.coach)
    along = replace(along, companion=Companion(name=canary("Begleitung"), meet=canary("Treffpunkt")))
    uow.casework.joint_appointments.keep_accompaniment(along)
    uow.casework.joint_appointments.keep_home_visit(HomeVisit(AGENCY, person, kept.id, world.coach))


def _programmes(uow: UnitOfWork, world: World, person: int) -> None:
    number = uow.programmes.enrol(Enrolment(0, AGENCY, person, "gecko", 1, NOW))
    assert number is not None
    event = PhaseEvent(number, NOW, Move.ENTER, "support", f"staff:{world.coach}", canary("Grund"))
    uow.programmes.add_events(AGENCY, person, [event])
    uow.programmes.raise_task(ProgrammeTask(0, AGENCY, person, number, TaskKind.PHASE_LONG, "long", NOW))


def _help_plan(uow: UnitOfWork, world: World, person: int) -> None:
    new = HelpPlan(0, AGENCY, person, PlanState.DRAFT, 1, world.coach, NOW, NOW)
    number = uow.casework.help_plans.add(new)
    assert number is not None
    plan, actor = replace(new, id=number), f"staff:{world.coach}"
    uow.casework.help_plans.write(plan, PlanContent(goals=(Goal(words=canary("Ziel")),)), actor, NOW)
    uow.casework.help_plans.log(plan, PlanEntry(NOW, PlanEvent.WRITE, actor, 1))


def _referral(uow: UnitOfWork, world: World, person: int) -> None:
    (ask,) = uow.sharing.of_participant(person)
    new = Referral(0, AGENCY, person, ask.id, ReferralState.RESULT_KNOWN, world.coach, NOW, NOW)
    kept = replace(new, id=uow.casework.referrals.add(new), result=ReferralResult(words=canary("Ergebnis")))
    uow.casework.referrals.save(kept)
    entry = ReferralEntry(NOW, ReferralEvent.SEND, f"staff:{world.coach}", "letter", canary("Brief"))
    uow.casework.referrals.log(kept, entry)


def _placement(uow: UnitOfWork, world: World, person: int) -> None:
    (ask,) = uow.sharing.of_participant(person)
    terms = PlacementTerms(
        employer=canary("Betrieb"),
        shown_as=canary("Anrede"),
        first_day=date(2026, 11, 2),
        last_day=date(2026, 12, 31),
        minutes=1200,
    )
    ending = EarlyEnd(day=date(2026, 11, 20), reason=canary("Ende"))
    new = Placement(0, AGENCY, person, ask.id, terms, world.coach, NOW, NOW, ending=ending)
    kept = replace(new, id=uow.casework.placements.add(new))
    # Hours have no words, but they are found wherever they lie.
    minutes = cast("int", canary("Stunden"))
    uow.casework.placements.enter(kept, WorkedWeek(date(2026, 11, 2), minutes, world.coach, NOW))


def _application(uow: UnitOfWork, world: World, person: int) -> None:
    content = ApplicationContent(
        carrier=CarrierKind.PENSION, benefit=Benefit.MEDICAL, place=canary("Träger"), what=canary("Antrag")
    )
    new = Application(0, AGENCY, person, ApplicationState.PLANNED, content, world.coach, NOW, NOW)
    kept = replace(new, id=uow.casework.applications.add(new))
    note = EntryNote(words=canary("Bescheid"))
    actor = f"staff:{world.coach}"
    uow.casework.applications.log(kept, ApplicationEntry(NOW, NOW.date(), ApplicationEvent.FILE, actor, note))


def _expectations(uow: UnitOfWork, world: World, person: int) -> None:
    made = Agreement(words=canary("Vereinbarung"), day=NOW.date(), with_whom=canary("Runde"))
    topic = Topic(
        *(0, AGENCY, person, TopicState.AGREED, canary("Thema"), world.coach, NOW, NOW),
        agreement=made,
        appointment_id=uow.appointments.of_participant(person, NOW)[0].id,
    )
    number = uow.casework.expectations.add(topic)
    said = Said(words=canary("Erwartung"), day=NOW.date(), name=canary("Klinik"))
    uow.casework.expectations.put(Side(0, AGENCY, person, number, SideKind.PARTNER, said, world.coach, NOW))
    (ask,) = uow.sharing.of_participant(person)
    paper = SheetTopic(headline=canary("Blatt"), sides=(SheetSide(kind=SideKind.PARTNER, said=said),))
    uow.casework.expectations.add_sheet(
        ExpectationSheet(0, AGENCY, person, ask.id, (paper,), world.coach, NOW)
    )


def _handover_pack(uow: UnitOfWork, world: World, person: int) -> None:
    line = Line(Part.STEPS, "step:1", canary("Mappe gesehen"))
    choice = Choice(parts=(Part.STEPS,), strengths=canary("Stärken"), shown=(line,))
    new = HandoverPack(0, AGENCY, person, PackState.CHOSEN, world.coach, NOW, NOW, 1, choice)
    number = uow.casework.handover_packs.add(new)
    assert number is not None
    uow.casework.handover_packs.freeze(replace(new, id=number), canary("Mappe"), NOW)
    place = Receiver(0, AGENCY, person, number, canary("Mappe an"), canary("Mappe wozu"), world.coach, NOW)
    uow.casework.handover_packs.add_receiver(place)
    entry = MarkerEntry(
        0, AGENCY, person, world.coach, NOW, Marker.JOB, Finding.YES, NOW.date(), canary("Ausgang")
    )
    uow.casework.outcome_markers.add(entry)


def _conference(uow: UnitOfWork, world: World, person: int) -> None:
    agenda = Agenda(topic="Ein Thema")
    new = Conference(
        *(0, AGENCY, ConferenceKind.CASE, ConferenceState.CLOSED, NOW, HOUR, agenda, world.coach, NOW, NOW)
    )
    number = uow.casework.conferences.add(new)
    sheet = Sheet(questions=canary("Frage"))
    uow.casework.conferences.keep_case(
        ConferenceCase(AGENCY, number, person, sheet, 1, words=canary("beschlossen"))
    )
    uow.casework.conferences.decide(
        Decision(0, AGENCY, number, person, world.coach, canary("Beschluss"), NOW, NOW)
    )


def strays(connection: Connection) -> list[str]:
    """Places of sealed values that belong to a person and do not lie under that person's key."""
    found = []
    for table, columns in sealed_tables():
        for column in columns:
            for owner, blob in _values(connection, table, column):
                right = blob[:1] == bytes((PERSON,)) and key_id(blob) == f"p{owner}".encode()
                if owner is not None and not right:
                    found.append(f"{table.name}.{column.name} of {owner}")
    return found


def unseen(connection: Connection, participant_id: int) -> set[str]:
    """Sealed columns of which this person has no value."""
    missing = set()
    for table, columns in sealed_tables():
        for column in columns if table.name not in NOBODYS else ():
            owners = [owner for owner, _ in _values(connection, table, column)]
            if participant_id not in owners:
                missing.add(f"{table.name}.{column.name}")
    return missing


def _values(connection: Connection, table: Table, column: Any) -> list[tuple[int | None, bytes]]:
    owner = owner_of(table)
    whose = literal(None) if owner is None else owner
    rows = connection.execute(select(whose, type_coerce(column, LargeBinary)).where(column.is_not(None)))
    return [(person, bytes(blob)) for person, blob in rows]


def _profile(uow: UnitOfWork, world: World, person: int) -> None:
    wanted = Underway(
        0, person, "conversation_profile", ConversationState.WANTED, "", 1, Kind.NOTICE, None, ""
    )
    talk = uow.talks.want_conversation(AGENCY, wanted, NOW)
    # A profile has no free words; no area is called like this, but it is found wherever it lies.
    first = cast("Area", canary("Bereich"))
    uow.casework.profiles.keep(Profile(0, AGENCY, person, talk, NOW, {Area.SLEEP: 3}, first, NOW))
    score = LicensedScore(0, AGENCY, person, talk, "demo_score", 1, NOW, 50.0, canary("Stufe"), shared_at=NOW)
    number = uow.casework.profiles.add_score(score)
    uow.casework.profiles.add_judgement(
        Judgement(0, AGENCY, person, number, world.coach, NOW, canary("Einschätzung"))
    )


def _group(uow: UnitOfWork, world: World, person: int) -> None:
    dates = Dates(first_day=NOW.date(), at=time(10), zone="Europe/Berlin", minutes=60)
    content = GroupContent(title="Nähtreff", what={"de": "Wir nähen."}, dates=dates)
    new = Group(0, AGENCY, GroupState.OPEN, 3, world.coach, world.coach, NOW, content)
    group = replace(new, id=uow.casework.groups.add(new))
    uow.casework.groups.sit(Seat(0, AGENCY, group.id, person, SeatState.COMES, NOW, 1))
    uow.casework.groups.enter_visits(group, NOW.date(), [person])
