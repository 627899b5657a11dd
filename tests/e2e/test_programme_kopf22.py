# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""KOPF22: the own view on the own page, shown only if Mia wants it; prevention, a group, the farewell.

On PostgreSQL and called by the messenger; the other four stories are on SQLite and poll.
"""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from tests.e2e.chronicle import Actor, Story, heard, lived
from tests.e2e.conftest import POSTGRES_WEBHOOK, Ground

PROFILE = "/console/people/1/profile"


@pytest.mark.postgres
@pytest.mark.parametrize("ground", [pytest.param(POSTGRES_WEBHOOK, id="postgres-webhook")], indirect=True)
async def test_early_and_by_themselves(ground: Ground) -> None:
    title = "KOPF22: der eigene Blick"
    async with lived("kopf22", title, ground, 4, name="Pro Arbeit Muster", holidays="HE") as story:
        await story.staff("Lea", 903, Role.LEAD)
        berta = await story.staff("Berta", 901, Role.COACH)
        await story.staff("Dirk", 902, Role.COACH, deputy_of=berta.number)
        story.chapter("Eigener Blick, auf der eigenen Seite")
        mia = await story.arrives("Mia", 500, berta)
        await mia.presses("Ja, gern", "Ja, gern", "Nein, lieber mit Link")
        await mia.on_page("6", "5", "=Ich war schwimmen.", "Nein")
        await mia.says("/profil")
        await mia.presses("Ja")
        await mia.on_page("7", "3", "Überspringen", "6", "5", "2", "4", "Schlaf")
        page = await berta.at_console(PROFILE)
        assert "3 von 10" not in page.words, "first she sees it alone"
        story.chapter("Gespräch darüber")
        await mia.on_page("Ja")
        assert heard(story.heard, berta, "Die Person möchte Ihnen etwas zeigen.")
        page = await berta.at_console(PROFILE)
        assert "3 von 10" in page.words
        await berta.enters("talk", "Sie hat es mir gezeigt")
        await prevention(story, berta, mia)


async def prevention(story: Story, berta: Actor, mia: Actor) -> None:
    await berta.proposes_plan()
    await mia.on_page("Ja, er passt", "Nein")
    story.usual = {"Wir haben länger nichts von Ihnen gehört.": "Alles in Ordnung"}
    await story.goes_on(days=15)
    story.chapter("Vorbeugen")
    await berta.enters("prevention", "Sie möchte besser schlafen")
    await berta.enters("group", "Rückengruppe ab Juni")
    asked = await story.goes_on_to(story.at(2026, 6, 1, 11))
    assert heard(asked, mia, "Auf unserer eigenen Seite wartet eine Nachricht")
    await mia.on_page("6", "7", "=Ich war in der Rückengruppe.", "Nein")
    asked += await story.goes_on_to(story.at(2026, 6, 17))
    assert not heard(asked, mia, "Wie geht es Ihnen"), "no question about health in the messenger"
    story.chapter("Eine Pause")
    await mia.says("/pause")
    await mia.presses("4 Wochen")
    await story.goes_on(days=29)
    await mia.presses("Weiter wie bisher")
    story.chapter("Abschied")
    await berta.enters("farewell", "Es geht ihr besser")
    await story.goes_on(days=3)
    await berta.ends("Es geht ihr besser")
    await story.goes_on(hours=1)
    await mia.on_page("=Ich schlafe wieder.", "Niemand")
    assert not heard(await story.goes_on(days=40), mia, "")
