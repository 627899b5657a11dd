# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happened before the demonstration begins: who came, who is on leave, what coaches did about it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot import house
from bot.demo_people import BERTA, CLARA, DIRK, LEA, MEETINGS, PEOPLE
from bot.demo_weeks import LONGEST, Weeks
from bot.domain.concerns import Concern, Level, Outcome, State
from bot.domain.duty import Absence, ShiftPattern
from bot.domain.people import Role
from bot.services import absences, appointments, handle_concern, rota
from bot.services.appointment_entries import NewEntry
from bot.services.desk import Desk
from bot.services.invite import Hired, link_anew
from bot.settings import Settings
from bot.storage.sealing import Keyring
from dialogs.shipped import shipped_programmes
from scheduler.local_time import at_wall, local, zone

#: What visitors and all who came before them are invited to.
PROGRAMME = "kopra"
_SQLITE = "sqlite:///"
_ROUNDS = time(13, 0)
_SATURDAY = 5
_A_DAY = timedelta(days=1)
_STEP = "Ich rufe an"
_WORDS = "Danke für Ihre Nachricht. Ich rufe Sie heute Nachmittag an."


def write_past(settings: Settings, until: datetime) -> Hired:
    """Make the database of the demonstration, with everything that happened until then.

    Returns the coach whose seat in the console a visitor takes.
    """
    image, coach = past(settings, house.keyring_for(settings, database_is_new=True), until)
    path = Path(settings.database.removeprefix(_SQLITE))
    path.touch(0o600)
    path.write_bytes(image)
    return coach


def past(settings: Settings, keyring: Keyring, until: datetime) -> tuple[bytes, Hired]:
    """A database in which all of it happened, as bytes, and the coach with fresh codes."""
    weeks = Weeks(settings, keyring, until)
    try:
        coach = _begin(weeks)
        for number, person in enumerate(PEOPLE):
            came = until - timedelta(days=person.days) + timedelta(minutes=47 * number)
            weeks.at(came, partial(weeks.welcome, person, PROGRAMME))
            for hours, words in person.writes.items():
                weeks.at(until - timedelta(hours=hours), partial(weeks.writes, person, words))
        _work(weeks, until)
        weeks.live(until)
        # Their first codes are too old by now.
        fresh = weeks.run(lambda uow: link_anew(uow, weeks.rules, coach.id, weeks.now))
        return weeks.image(), fresh
    finally:
        weeks.close()


def _begin(weeks: Weeks) -> Hired:
    weeks.install(shipped_programmes()[PROGRAMME], f"{PROGRAMME}/programme.yaml")
    coach = weeks.hire(BERTA, Role.COACH)
    weeks.hire(DIRK, Role.COACH, deputy_of=BERTA)
    weeks.hire(CLARA, Role.COACH)
    weeks.hire(LEA, Role.LEAD)
    return coach


def _work(weeks: Weeks, until: datetime) -> None:
    """Coaches go through their cases every working day; on the last one they only begin with the new ones."""
    where = zone(weeks.zone)
    today = local(until, where).date()
    days = [today - _A_DAY * count for count in range(1, LONGEST.days)]
    working = [day for day in days if day.weekday() < _SATURDAY]
    for day in working:
        for name in (BERTA, CLARA, DIRK):
            deed = partial(_rounds, is_last=day == working[0])
            weeks.at(at_wall(day, _ROUNDS, where), partial(weeks.at_desk, name, deed))
    weeks.at(at_wall(working[0], time(15, 0), where), partial(_arrange, weeks, until))


def _rounds(desk: Desk, *, is_last: bool) -> None:
    for concern in desk.guard.own(desk.uow.concerns.of_agency(desk.agency.id)):
        if desk.uow.access.coach_of(concern.participant_id) != desk.staff.id:
            continue
        if concern.state is State.OPEN and not (is_last and concern.level is Level.R1):
            taken = handle_concern.take_over(desk, concern, None)
            handle_concern.plan(desk, taken, _STEP, _A_DAY)
            if not is_last:
                handle_concern.reply(desk, _again(desk, concern), _WORDS)
        elif concern.state is State.IN_HAND and desk.now - concern.raised_at > _A_DAY:
            handle_concern.close(desk, concern, Outcome.REACHED)


def _again(desk: Desk, concern: Concern) -> Concern:
    return desk.uow.concerns.get(concern.id) or concern


def _arrange(weeks: Weeks, until: datetime) -> None:
    """On the last working day: who is away, who has duty when, and what is arranged with whom."""
    where, agency = zone(weeks.zone), house.DEFAULT_AGENCY
    today = local(until, where).date()
    number = {name: hired.id for name, hired in weeks.team.items()}
    back = at_wall(today + timedelta(days=5), time(8, 0), where)
    leave = Absence(0, agency, number[CLARA], weeks.now, back, number[BERTA])
    weeks.run(lambda uow: absences.set_absence(uow, leave, weeks.now))
    for name, days in ((BERTA, "MO,WE,FR"), (DIRK, "TU")):
        rule, first = f"FREQ=WEEKLY;BYDAY={days}", today - timedelta(days=21)
        shift = ShiftPattern(0, agency, number[name], rule, first, time(8, 0), time(16, 0), weeks.zone)
        weeks.run(partial(rota.add_shifts, new=shift))
    coaches = {person.name: person.of for person in PEOPLE}
    for meeting in MEETINGS:
        entry = NewEntry(
            weeks.case_code(meeting.name),
            meeting.kind,
            at_wall(today + timedelta(days=meeting.days), meeting.at, where),
            is_proposal=meeting.is_proposed,
        )
        weeks.at_desk(coaches[meeting.name], partial(_set, entry))


def _set(entry: NewEntry, desk: Desk) -> None:
    person = desk.uow.plans.by_case_code(desk.agency.id, entry.case_code)
    assert person is not None
    appointments.set_appointment(desk, person, entry)
