# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Something of each kind that pages of case work are about, kept for one person of a site."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.accompaniment import Accompaniment, AccompanimentState, Companion
from bot.domain.applications import (
    Application,
    ApplicationContent,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationState,
    Benefit,
    CarrierKind,
    Turn,
)
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Details
from bot.domain.conferences import (
    AgeBand,
    Agenda,
    Conference,
    ConferenceCase,
    ConferenceKind,
    ConferenceState,
    Sheet,
)
from bot.domain.consent import ConsentRecord, Purpose
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
from bot.domain.groups import Dates, Group, GroupContent, GroupState
from bot.domain.help_plans import Goal, HelpPlan, PlanContent, PlanState, Step
from bot.domain.home_visits import HomeVisit
from bot.domain.partners import Partner, PartnerKind
from bot.domain.sharing import SharingAsk
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork

CLINIC = "Klinik Musterstadt"


def _conference(uow: UnitOfWork, person: int, coach: int, now: datetime) -> int:
    """One about this case, with a sheet that guests may see."""
    agenda = Agenda(
        topic="Wie geht es weiter?",
        place="Raum 3",
        items=("Lage", "Ideen"),
        outsiders=("Dr. Beispiel, Tagesklinik",),
    )
    new = Conference(
        *(0, DEFAULT_AGENCY, ConferenceKind.CASE, ConferenceState.PLANNED, now + timedelta(days=2)),
        *(timedelta(hours=1), agenda, coach, now, now),
    )
    number = uow.casework.conferences.add(new)
    sheet = Sheet(age=AgeBand.FROM_36, month=3, goals=("Wieder schlafen",), questions="Was hilft jetzt?")
    uow.casework.conferences.keep_case(
        ConferenceCase(DEFAULT_AGENCY, number, person, sheet, 1, released_at=now)
    )
    return number


def _help_plan(uow: UnitOfWork, person: int, coach: int, now: datetime) -> None:
    """One that the person has been shown."""
    plan = HelpPlan(*(0, DEFAULT_AGENCY, person, PlanState.PROPOSED, 1, coach, now, now), shown=1)
    kept = replace(plan, id=uow.casework.help_plans.add(plan) or 0)
    goal = Goal(words="Wieder schlafen", steps=(Step(words="Um elf ins Bett", number=1),))
    uow.casework.help_plans.write(kept, PlanContent(goals=(goal,), last_step=1), f"staff:{coach}", now)


def _application(uow: UnitOfWork, person: int, coach: int, now: datetime) -> None:
    """One that was sent, with a day until which to look."""
    content = ApplicationContent(carrier=CarrierKind.PENSION, benefit=Benefit.MEDICAL, what="Reha am Meer")
    due = now.date() + timedelta(days=14)
    new = Application(
        *(0, DEFAULT_AGENCY, person, ApplicationState.FILED, content, coach, now, now),
        due_on=due,
        turn=Turn.CARRIER,
    )
    kept = replace(new, id=uow.casework.applications.add(new))
    entry = ApplicationEntry(now, now.date(), ApplicationEvent.FILE, f"staff:{coach}")
    uow.casework.applications.log(kept, entry)


def _joint(uow: UnitOfWork, person: int, coach: int, now: datetime) -> None:
    """An appointment to which somebody may come along, and a visit of which nobody has said all is well."""
    for number, kind, place in ((1, AppointmentKind.OFFICIAL, "Zimmer 3"), (2, AppointmentKind.HOME, "")):
        begin = now + timedelta(days=number)
        new = Appointment(
            *(0, DEFAULT_AGENCY, person, kind, AppointmentState.AGREED, begin, "Europe/Berlin"),
            *(timedelta(hours=1), f"{number:032x}", coach, now, now, Details(place=place)),
        )
        kept, joint = uow.appointments.add(new) or 0, uow.casework.joint_appointments
        if kind is AppointmentKind.HOME:
            joint.keep_home_visit(HomeVisit(DEFAULT_AGENCY, person, kept, coach, asked_at=now))
            continue
        companion = Companion(name="Karl Kollege", meet="Vor dem Eingang")
        offered = AccompanimentState.OFFERED
        joint.keep_accompaniment(
            Accompaniment(DEFAULT_AGENCY, person, kept, offered, now, companion, promised_for=begin)
        )


def _over(uow: UnitOfWork, person: int, coach: int, now: datetime) -> int:
    """Two joint appointments that are over; the number of the one of which nothing is noted yet."""
    numbers = []
    for days in (1, 8):
        begin = now - timedelta(days=days)
        details = Details(place="Zimmer 2", with_whom=CLINIC, accompanied_by="Karl Kollege")
        over = Appointment(
            *(0, DEFAULT_AGENCY, person, AppointmentKind.PARTNER, AppointmentState.OVER, begin),
            *("Europe/Berlin", timedelta(hours=1), f"{days:032d}", coach, now, now, details),
        )
        numbers.append(uow.appointments.add(over) or 0)
    day = (now - timedelta(days=8)).date()
    agreed = Agreement(words="Zwei Tage in der Woche, zum Anfang.", day=day, with_whom=CLINIC)
    topic = Topic(
        *(0, DEFAULT_AGENCY, person, TopicState.AGREED, "Wie viele Tage?", coach, now, now),
        agreement=agreed,
        appointment_id=numbers[1],
    )
    uow.casework.expectations.add(topic)
    return numbers[0]


def _expectations(uow: UnitOfWork, person: int, coach: int, now: datetime) -> int:
    """A topic with three sides, and a sheet of it that the person has agreed to; its number."""
    kept, place = uow.casework.expectations, CLINIC
    topic = Topic(0, DEFAULT_AGENCY, person, TopicState.OPEN, "Arbeitsstunden am Tag", coach, now, now)
    number, sides = kept.add(topic), []
    for kind, words, by in (
        (SideKind.PERSON, "Vier Stunden traue ich mir zu.", None),
        (SideKind.AGENCY, "Sechs Stunden bis zum Sommer.", coach),
        (SideKind.PARTNER, "Höchstens drei, mit Pausen.", coach),
    ):
        said = Said(words=words, day=now.date(), name=place if kind is SideKind.PARTNER else "")
        kept.put(Side(0, DEFAULT_AGENCY, person, number, kind, said, by, now))
        sides.append(SheetSide(kind=kind, said=said))
    ask = SharingAsk(0, DEFAULT_AGENCY, person, place, "Ein Blatt", "Ein Gespräch", coach, now)
    asked = uow.sharing.add(ask)
    given = ConsentRecord(person, Purpose.SHARING, True, "Ja", "1", "de", "telegram", now, object=place)
    uow.talks.add_consent(DEFAULT_AGENCY, given)
    paper = (SheetTopic(headline=topic.headline, sides=tuple(sides)),)
    return kept.add_sheet(ExpectationSheet(0, DEFAULT_AGENCY, person, asked, paper, coach, now))


def _partner(uow: UnitOfWork, now: datetime) -> int:
    """The last in the directory."""
    known = Partner(0, DEFAULT_AGENCY, PartnerKind.COUNSELLING, "Beratungsstelle Musterstadt", "Mitte")
    uow.casework.partners.keep(DEFAULT_AGENCY, [known], now)
    return uow.casework.partners.of_agency(DEFAULT_AGENCY)[-1].id


def case_work(uow: UnitOfWork, person: int, coach: int, now: datetime) -> dict[str, str]:
    """Something of each kind that pages of case work are about, with its number by part of an address."""
    _help_plan(uow, person, coach, now)
    _application(uow, person, coach, now)
    _joint(uow, person, coach, now)
    dates = Dates(first_day=now.date(), at=time(23), zone="Europe/Berlin", minutes=30)
    content = GroupContent(title="Nähtreff", what={"de": "Wir nähen zusammen."}, dates=dates)
    group = Group(0, DEFAULT_AGENCY, GroupState.OPEN, 8, coach, coach, now, content)
    return {
        "over": str(_over(uow, person, coach, now)),
        "group": str(uow.casework.groups.add(group)),
        "partner": str(_partner(uow, now)),
        "sheet": str(_expectations(uow, person, coach, now)),
        "conference": str(_conference(uow, person, coach, now)),
    }
