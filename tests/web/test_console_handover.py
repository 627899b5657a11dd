# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tab „Überleitung“: offered, chosen by the person alone, and passed on only with their yes."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Participant
from tests.web.building import Browser, Building
from tests.web.test_console_calendar import statements
from tests.web.test_console_referrals import person

__all__ = ["person"]

WHY = "damit es weitergeht"


async def test_the_whole_way(building: Building, berta: Browser, mia: Browser, person: Participant) -> None:
    path = f"/console/people/{person.id}/handover"
    await berta.open(path)
    assert "Bieten Sie sie an" in berta.words
    await berta.press("Mappe anbieten")
    assert "Noch ist keine Stelle genannt" in berta.words
    await berta.press("Nennen", place="", why=WHY)
    assert berta.status == 422
    assert WHY in berta.html
    await berta.press("Nennen", place="Beratung <b>Muster</b>", why=WHY)
    assert "Beratung &lt;b&gt;Muster&lt;/b&gt;" in berta.html
    assert "Ohne das Ja der Person geht nichts dorthin" in berta.words
    await mia.open("/chat/")
    await mia.press("Ja, gern")
    await mia.write("Ich koche Kanarienvogelsuppe.")
    await mia.press("Ja, so passt sie")
    await mia.press("Nein")
    await berta.open(path)
    assert "Die Person hat ihre Mappe fertig" in berta.words
    assert "Kanarienvogelsuppe" not in berta.html
    assert "Weitergabe eintragen" not in berta.words
    # Nor does it stand where the talk is.
    await berta.open(f"/console/people/{person.id}/talk")
    assert "Kanarienvogelsuppe" not in berta.html
    await mia.press("Ja, gern")
    await berta.open(path)
    assert "Ich koche Kanarienvogelsuppe" in berta.words
    await berta.press("Weitergabe eintragen", way="owl")
    assert berta.status == 422
    await berta.press("Weitergabe eintragen", way="letter")
    assert "weitergegeben, Brief" in berta.words
    await berta.press("Mappe abschließen")
    assert "Bieten Sie sie an" in berta.words


async def test_how_many_statements_do_not_depend_on_how_many_places(
    building: Building, berta: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}/handover"
    await berta.open(path)
    await berta.press("Mappe anbieten")
    counts = []
    for number in range(4):
        await berta.press("Nennen", place=f"Stelle {number}", why=WHY)
        counts.append(await statements(lambda: berta.open(path)))
    assert counts[0] == counts[-1]


async def test_what_has_come_of_it_is_entered_by_hand_and_kept(
    building: Building, berta: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}/handover"
    await berta.open(path)
    assert "Es ist keine Bewertung" in berta.words
    day = building.clock.now().date()
    for finding in ("from_3", "from_6"):
        await berta.open(path)
        await berta.press("Speichern", marker="hours", finding=finding, day=day.isoformat(), words="Amtsarzt")
    assert "Stunden am Tag, die Arbeit möglich ist: 6 Stunden und mehr" in berta.words
    assert "3 bis unter 6 Stunden" in berta.words
    for wrong in (
        {"finding": "yes", "day": day.isoformat()},
        {"finding": "from_6", "day": "morgen"},
        {"finding": "from_6", "day": (day + timedelta(days=1)).isoformat()},
    ):
        await berta.open(path)
        await berta.press("Speichern", marker="hours", words="", **wrong)
        assert berta.status == 422
