# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do in the console for somebody in a story: an internship, a group, a conference, a hand-over."""

from __future__ import annotations

from datetime import date

from tests.e2e.chronicle import Actor


async def enters_internship(coach: Actor, firm: Actor, first: date, last: date) -> None:
    """An internship at the firm whose contact `firm` is."""
    await coach.at_console("/console/people/1/placement")
    fields = {
        "employer": "Tischlerei Muster",
        "district": "Musterstadt",
        "hours": "20",
        "times": "Mo–Do 8–13 Uhr",
        "shown_as": "M. M.",
        "contact_id": str(firm.number),
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
    }
    words = await coach.does("trägt das Praktikum ein", "Eintragen", **fields)
    assert "Das Praktikum ist eingetragen." in words


async def ends_internship(coach: Actor, day: date, reason: str) -> None:
    """It ends before its last day."""
    await coach.at_console("/console/people/1/placement")
    words = await coach.does(
        "beendet das Praktikum früher", "Praktikum beenden", day=day.isoformat(), reason=reason
    )
    assert "früher zu Ende" in words


async def enters_hours(firm: Actor, week: date, hours: str) -> str:
    """The firm's contact writes down the hours of the week that begins then; their page afterwards."""
    await firm.at_console("/console/placements")
    words = await firm.does(
        f"trägt {hours} Stunden ein", "Stunden eintragen", week=week.isoformat(), hours=hours
    )
    assert "Die Stunden sind eingetragen." in words
    return words


async def makes_group(coach: Actor, title: str, first: date, places: int) -> None:
    """A group of three meetings, once a week."""
    await coach.at_console("/console/groups")
    fields = {
        "title": title,
        "what-de": "Wir gehen eine Stunde spazieren.",
        "capacity": str(places),
        "day": first.isoformat(),
        "clock": "10:00",
        "minutes": "60",
        "place": "Haus Muster",
        "rhythm": "week",
        "until": "",
        "count": "3",
        "led_by": str(coach.number),
    }
    await coach.does(f"legt die Gruppe „{title}“ an, Plätze: {places}", "Gruppe anlegen", **fields)


async def invites_to_group(coach: Actor, name: str, person: int) -> None:
    """Somebody is asked whether they would like to come."""
    await coach.at_console("/console/groups/1")
    await coach.does(f"lädt {name} in die Gruppe ein", "Einladen", **{f"person-{person}": "on"})


async def notes_who_came(coach: Actor, name: str, person: int) -> None:
    """Who was there at the last meeting."""
    await coach.at_console("/console/groups/1")
    await coach.does(f"trägt ein, wer da war: {name}", "Eintragen", **{f"came-{person}": "on"})


async def calls_conference(coach: Actor, topic: str, day: date) -> None:
    """About the first person's case, with a sheet without a name, which its guests see."""
    await coach.at_console("/console/conferences")
    fields = {
        "topic": topic,
        "place": "Raum 3",
        "items": "Lage\nIdeen",
        "time": "10:00",
        "minutes": "60",
        "case": coach.story.case,
        "day": day.isoformat(),
    }
    await coach.does("setzt eine Fachkonferenz an", "Ansetzen", **fields)
    sheet = {"age": "from_36", "questions": "Was hilft, wenn der Platz erst im Herbst frei wird?"}
    await coach.does("schreibt das Fallblatt, ohne Namen", "Ansehen", **sheet)
    await coach.does("gibt das Fallblatt frei", "Fallblatt freigeben")


async def holds_conference(coach: Actor, decision: str, until: date, words: str) -> None:
    """It took place: what was decided becomes a task, and the person is told in `words`."""
    await coach.at_console("/console/conferences/1")
    await coach.does("Die Fachkonferenz hat stattgefunden", "Hat stattgefunden")
    task = {"decision": decision, "owner": str(coach.number), "until": until.isoformat()}
    await coach.does(f"Beschluss: {decision}", "Beschluss eintragen", **task)
    await coach.does("schließt die Fachkonferenz ab", "Abschließen", words=words)


async def offers_pack(coach: Actor, *places: str) -> None:
    """A hand-over pack; these places could get it, if the person says yes to each."""
    await coach.at_console("/console/people/1/handover")
    await coach.does("bietet die Mappe an", "Mappe anbieten")
    for place in places:
        await coach.does(f"nennt eine Stelle: {place}", "Nennen", place=place, why="damit es gut weitergeht")


async def passes_pack_on(coach: Actor, way: str) -> str:
    """What the person allowed goes there; the words of the page."""
    await coach.at_console("/console/people/1/handover")
    return await coach.does("gibt die Mappe weiter", "Weitergabe eintragen", way=way)
