# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Calendar files, read by another parser than the one that wrote them, knowing only what stands in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.rrule import rrulestr

from bot.domain.appointments import (
    Appointment,
    AppointmentEvent,
    AppointmentKind,
    AppointmentState,
    Details,
    Party,
    Series,
)
from bot.services.appointment_series import days_of
from bot.services.calendar_files import Reader, write_appointment, write_series
from bot.texts import Texts
from scheduler.local_time import at_wall

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DETAILS = Details(
    "Musterstraße 1; Raum 12, links", "https://karte.example/1", "Frau Beispiel", "Herr Muster", "geheim"
)
PERSON = Reader(Texts({}).voice("de"))
COACH = Reader(Texts({}).voice("de"), case_code="ABCDE")


def an_appointment(**changes: Any) -> Appointment:
    values: dict[str, Any] = {
        "id": 1,
        "agency_id": 1,
        "participant_id": 2,
        "kind": AppointmentKind.COACH,
        "state": AppointmentState.AGREED,
        "starts_at": datetime(2026, 12, 4, 9, 30, tzinfo=UTC),
        "zone": "Europe/Berlin",
        "length": timedelta(minutes=45),
        "uid": "abc",
        "set_by": 3,
        "set_at": NOW,
        "changed_at": NOW,
        "details": DETAILS,
    }
    return Appointment(**(values | changes))


def a_series(**changes: Any) -> Series:
    values: dict[str, Any] = {
        "id": 1,
        "agency_id": 1,
        "participant_id": 2,
        "kind": AppointmentKind.GROUP,
        "rule": "FREQ=WEEKLY;INTERVAL=1",
        "first_day": date(2027, 3, 14),
        "at": time(10, 30),
        "zone": "Europe/Berlin",
        "length": timedelta(minutes=90),
        "uid": "xyz",
        "set_by": 3,
        "set_at": NOW,
        "count": 5,
    }
    return Series(**(values | changes))


def occurrences(series: Series) -> list[Appointment]:
    return [
        an_appointment(
            id=number,
            kind=series.kind,
            starts_at=at_wall(day, series.at, BERLIN),
            length=series.length,
            uid=series.uid,
            series_id=series.id,
            series_day=day,
        )
        for number, day in enumerate(days_of(series), 1)
    ]


def read(file: bytes) -> Any:
    text = file.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "lines are folded"
    assert "\n" not in text.replace("\r\n", ""), "lines end as the standard says"
    return vobject.readOne(text)


def start(event: Any) -> datetime:
    """The moment an independent reader makes of it, by the time zone in the file itself."""
    at = event.dtstart.value
    assert at.tzinfo is not None
    assert at.tzinfo is not BERLIN
    return at.astimezone(UTC)


@pytest.mark.parametrize(
    "starts_at",
    [
        datetime(2026, 12, 4, 9, 30, tzinfo=UTC),
        datetime(2027, 6, 4, 8, 30, tzinfo=UTC),
        # the minutes around the nights on which the clocks change
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 24, 23, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 9, 0, tzinfo=UTC),
    ],
)
def test_the_moment_survives(starts_at: datetime) -> None:
    calendar = read(write_appointment(an_appointment(starts_at=starts_at), PERSON))
    event = calendar.vevent
    assert start(event) == starts_at
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Berlin"]
    assert event.duration.value == timedelta(minutes=45)
    assert calendar.vtimezone.tzid.value == "Europe/Berlin"
    assert event.dtstamp.value == NOW


def test_what_the_person_sees() -> None:
    event = read(write_appointment(an_appointment(), PERSON)).vevent
    assert event.summary.value == "Gespräch"
    assert event.location.value == DETAILS.place
    assert event.url.value == DETAILS.map_link
    assert getattr(event, "class").value == "PRIVATE"


@pytest.mark.parametrize("kind", [AppointmentKind.OFFICIAL, AppointmentKind.MEDICAL, AppointmentKind.PARTNER])
@pytest.mark.parametrize("reader", [PERSON, COACH, replace(PERSON, shows_names=True)])
def test_titles_say_nothing_about_a_person(kind: AppointmentKind, reader: Reader) -> None:
    file = write_appointment(an_appointment(kind=kind), reader)
    event = read(file).vevent
    assert event.summary.value == ("Termin · Fall ABCDE" if reader.case_code else "Termin")
    for word in ("Beispiel", "geheim", "Behörde", "Arzt", "Medizin", "Jobcenter"):
        assert word not in file.decode().replace("\r\n ", "")


def test_names_only_where_they_are_allowed() -> None:
    assert "Frau Beispiel" not in write_appointment(an_appointment(), PERSON).decode()
    named = read(write_appointment(an_appointment(), replace(PERSON, shows_names=True))).vevent
    assert named.summary.value == "Gespräch mit Frau Beispiel"


def test_an_official_one_says_that_only_the_letter_binds() -> None:
    event = read(write_appointment(an_appointment(kind=AppointmentKind.OFFICIAL), PERSON)).vevent
    assert "Verbindlich ist allein das Schreiben" in event.description.value


def test_a_change_keeps_the_uid_and_counts_up() -> None:
    first = an_appointment()
    asked = first.moved_to(first.starts_at + timedelta(days=1)).after(
        AppointmentEvent.PROPOSE, Party.STAFF, NOW
    )
    agreed = asked.after(AppointmentEvent.AGREE, Party.PERSON, NOW)
    gone = agreed.after(AppointmentEvent.CANCEL, Party.STAFF, NOW)
    files = [read(write_appointment(one, PERSON)) for one in (first, asked, agreed, gone)]
    assert {file.vevent.uid.value for file in files} == {"abc@lotse"}
    assert [int(file.vevent.sequence.value) for file in files] == [0, 1, 2, 3]
    assert [file.vevent.status.value for file in files] == [
        "CONFIRMED",
        "TENTATIVE",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert [file.method.value for file in files] == ["PUBLISH", "PUBLISH", "PUBLISH", "CANCEL"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"first_day": date(2026, 10, 11)},
        {
            "rule": "FREQ=WEEKLY;INTERVAL=2",
            "first_day": date(2026, 10, 2),
            "count": None,
            "last_day": date(2027, 4, 30),
        },
        {"rule": "FREQ=MONTHLY;BYMONTHDAY=24", "first_day": date(2026, 9, 24), "count": 9},
        {"last_day": date(2027, 4, 4), "count": None},
    ],
)
def test_a_series_is_the_same_for_whoever_reads_the_rule(changes: dict[str, Any]) -> None:
    series = a_series(**changes)
    event = read(write_series(series, [], PERSON)).vevent
    begin = event.dtstart.value
    # The reader's own way: wall time of the file's own zone, the rule as it stands there.
    rule = event.rrule.value
    found = rrulestr(rule, dtstart=begin)
    expected = [at_wall(day, series.at, BERLIN) for day in days_of(series)]
    assert [at.astimezone(UTC) for at in found] == expected
    assert len({at.astimezone(BERLIN).time() for at in expected}) == 1, "the wall time stays"
    assert len({at.time() for at in expected}) == 2, "in UTC it does not"


def test_one_occurrence_is_moved_and_one_cancelled_and_the_others_stay() -> None:
    series = a_series()
    made = occurrences(series)
    made[1] = (
        made[1].moved_to(made[1].starts_at + timedelta(days=1)).after(AppointmentEvent.FIX, Party.STAFF, NOW)
    )
    made[2] = made[2].after(AppointmentEvent.CANCEL, Party.STAFF, NOW)
    calendar = read(write_series(series, made, PERSON))
    rule, changed = calendar.vevent_list
    assert [at.astimezone(UTC) for dates in rule.exdate_list for at in dates.value] == [made[2].starts_at]
    assert changed.uid.value == rule.uid.value
    assert changed.recurrence_id.value.astimezone(UTC) == at_wall(
        made[1].series_day or date.min, series.at, BERLIN
    )
    assert start(changed) == made[1].starts_at
    assert int(rule.sequence.value) == 2
    alone = read(write_appointment(made[2], PERSON, series))
    assert alone.method.value == "CANCEL"
    assert alone.vevent.recurrence_id.value.astimezone(UTC) == made[2].starts_at


def test_a_cancelled_series_ends_where_it_was_made() -> None:
    series = a_series(is_cancelled=True, made_until=date(2027, 3, 21))
    made = [one.after(AppointmentEvent.CANCEL, Party.STAFF, NOW) for one in occurrences(series)[1:2]]
    event = read(write_series(series, made, PERSON)).vevent
    kept = [at.astimezone(UTC) for at in rrulestr(event.rrule.value, dtstart=event.dtstart.value)]
    left_out = [at.astimezone(UTC) for dates in event.exdate_list for at in dates.value]
    assert [at for at in kept if at not in left_out] == [at_wall(series.first_day, series.at, BERLIN)]


@pytest.mark.parametrize(
    "name", ["UTC", "Asia/Kolkata", "Europe/London", "America/New_York", "Pacific/Auckland"]
)
@pytest.mark.parametrize("month", range(1, 13))
def test_any_zone_is_described_by_the_file_itself(name: str, month: int) -> None:
    starts_at = datetime(2027, month, 15, 12, 0, tzinfo=UTC)
    file = write_appointment(an_appointment(starts_at=starts_at, zone=name), PERSON)
    assert start(read(file).vevent) == starts_at
