# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The queue and the case page: what is seen, what comes back, and what it costs, without scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.concerns import Concern, Level, State
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from bot.texts import SOURCE_LANGUAGE
from bot.web.console import wording
from scheduler.local_time import ReadingHours, zone
from tests.web.building import MONDAY, Browser, Building

BERLIN = "Europe/Berlin"
HOURS = ReadingHours(zone(BERLIN), dict.fromkeys(range(5), (time(8), time(16))))
#: Monday, 10:00 on the clock of the agency.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ACUTE = "Ich will nicht mehr leben."
LONG = "Kunigunde-Philippa " * 12
HEBREW = "מיה דוגמה"


def concern(due: datetime | None, state: State = State.OPEN, person: int = 1) -> Concern:
    return Concern(0, 1, person, Level.R2, "test", "wrote", state, NOW, None, due)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (NOW + timedelta(minutes=30), "fällig heute 10:30 Uhr · noch 30 Minuten Arbeitszeit"),
        (NOW + timedelta(hours=1), "fällig heute 11:00 Uhr · noch 1 Arbeitsstunde"),
        (NOW + timedelta(hours=2), "fällig heute 12:00 Uhr · noch 2 Arbeitsstunden"),
        (NOW + timedelta(days=1), "fällig Dienstag, 24. November, 10:00 Uhr · noch 8 Arbeitsstunden"),
        (NOW - timedelta(hours=1), "überfällig seit 9:00 Uhr"),
        (NOW - timedelta(days=3), "überfällig seit Freitag, 20. November, 10:00 Uhr"),
        (None, "überfällig"),
    ],
)
def test_the_clock_counts_working_time(building: Building, due: datetime | None, expected: str) -> None:
    voice = building.rulebook.voice(SOURCE_LANGUAGE)
    said = wording.due(concern(due), HOURS, BERLIN, NOW, voice)
    assert said.replace(" 09:", " 9:") == expected
    assert wording.due(concern(due, State.CLOSED), HOURS, BERLIN, NOW, voice) == ""


def settle(building: Building, people: int, name: str = "") -> None:
    """People with one open concern each, all in nobody's hand."""

    def add(uow: UnitOfWork) -> None:
        for number in range(people):
            who = uow.people.add_participant(1, Standing.ACTIVE, "uk", None, name or f"Person {number}")
            new = replace(concern(MONDAY + timedelta(hours=number + 1), person=who), quote="Bitte anrufen")
            uow.concerns.add(new)

    building.do(add)


async def statements(building: Building, berta: Browser, path: str) -> int:
    """How many statements a page takes, all drivers' ones counted."""
    said: list[str] = []
    building.do(lambda uow: _listen(uow, said.append))
    await berta.open(path)
    building.do(lambda uow: _listen(uow, None))
    assert berta.status == 200
    return sum(not one.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")) for one in said)


def _listen(uow: UnitOfWork, hear: object) -> None:
    uow.connection.connection.dbapi_connection.set_trace_callback(hear)  # type: ignore[attr-defined]


async def test_the_queue_takes_as_many_statements_for_thirty_as_for_three(
    building: Building, berta: Browser
) -> None:
    settle(building, 3)
    few = await statements(building, berta, "/console/"), await statements(building, berta, "/console/1")
    settle(building, 27)
    # The keys of people are known by now only for the first three.
    many = await statements(building, berta, "/console/"), await statements(building, berta, "/console/1")
    assert many[0] <= few[0] + 1
    assert many[1] <= few[1] + 1
    assert few[0] < 25


async def test_parts_of_the_queue_and_a_view_of_ones_own(
    building: Building, mia: Browser, berta: Browser
) -> None:
    await mia.write(ACUTE)
    settle(building, 1, "Nora Nirgends")
    await berta.open("/console/?whose=nobodys")
    assert "Nora Nirgends" in berta.words
    assert ACUTE not in berta.words
    await berta.open("/console/?level=R3&language=uk")
    assert "Zu dieser Auswahl gibt es gerade nichts." in berta.words
    await berta.open("/console/?level=R3")
    await berta.press("Ansicht speichern", name="Nur <b>Sofort</b>", begin="yes")
    assert "Die Ansicht ist gespeichert." in berta.words
    assert "Nur &lt;b&gt;Sofort" in berta.html
    # From now on the queue begins there, and everything is one link away.
    await berta.open("/console/")
    assert ACUTE in berta.words
    assert "Nora Nirgends" not in berta.words
    await berta.open("/console/?whose=all")
    assert "Nora Nirgends" in berta.words
    await berta.press("Nicht mehr damit beginnen")
    await berta.open("/console/")
    assert "Nora Nirgends" in berta.words
    await berta.press("Löschen")
    await berta.press("Ansicht speichern", name="x" * 99)
    assert berta.status == 422
    assert "Ein Name hat 1 bis 40 Zeichen." in berta.words


async def test_a_date_that_cannot_be_comes_back_with_everything_typed(mia: Browser, berta: Browser) -> None:
    await mia.write(ACUTE)
    await berta.open("/console/1")
    await berta.press("Übernehmen", step="other", words="Ärztin fragen", until="2020-01-01T10:00")
    assert berta.status == 422
    assert "schon vorbei" in berta.words
    assert 'value="Ärztin fragen"' in berta.html
    assert 'value="2020-01-01T10:00"' in berta.html


async def test_a_text_kept_ready_comes_into_the_field_behind_what_was_typed(
    mia: Browser, berta: Browser
) -> None:
    await mia.write(ACUTE)
    await berta.open("/console/1")
    form = next(one for one in berta.page.forms if "Einsetzen" in one.buttons)
    await berta.post(form, insert="yes", canned="gelesen", text="Guten Tag!")
    assert "Guten Tag!" in berta.html
    assert "Gesendet ist noch nichts." in berta.words
    assert "Ich habe Ihre Nachricht gelesen.</textarea>" in berta.html
    await mia.open("/chat/")
    assert "Ich habe Ihre Nachricht gelesen" not in mia.words


async def test_two_in_one_case_see_each_other_and_who_was_faster(
    building: Building, mia: Browser, berta: Browser
) -> None:
    await mia.write(ACUTE)
    karl = building.browser()
    await karl.open(f"/console/enter/{building.hire('Karl Kollege', Role.LEAD).console_code}")
    await karl.press("Weiter")
    await karl.open("/console/1")
    await berta.open("/console/1")
    assert "Karl Kollege hat diesen Fall auch offen." in berta.words
    late = next(one for one in berta.page.forms if "Übernehmen" in one.buttons)
    await karl.press("Übernehmen", step="call")
    await berta.post(late, step="write")
    assert "Das hat gerade Karl Kollege getan." in berta.words
    assert "<dd>Karl Kollege</dd>" in berta.html
    assert "Fall abschließen" not in berta.words  # it is Karl's to close
    assert '<input type="hidden" name="from" value="R3">' in berta.html
    await karl.press("Fall abschließen", outcome="reached")
    await berta.open("/console/1")
    assert "Karl Kollege hat diesen Fall abgeschlossen" in berta.words
    await berta.press("Wieder öffnen")
    assert "ist wieder offen und bei Ihnen" in berta.words
    await karl.close()


@pytest.mark.parametrize("name", [LONG, HEBREW, "<script>alert(1)</script>"])
async def test_names_of_every_kind(building: Building, berta: Browser, name: str) -> None:
    settle(building, 1, name)
    await berta.open("/console/1")
    assert berta.status == 200
    assert name.split(maxsplit=1)[0] in berta.words
    assert "<script>alert" not in berta.html
