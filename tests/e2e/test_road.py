# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The road: from the invitation to the closed case, over the real HTTP surface of both bots."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.stories import Town


@pytest.mark.parametrize("town", EVERYWHERE, indirect=True)
async def test_the_road(town: Town) -> None:
    """Everybody hears what is theirs, and nobody anything else."""
    berta_hired = await town.hires("Berta", 901, Role.COACH)
    dirk_hired = await town.hires("Dirk", 902, Role.COACH, deputy_of=berta_hired.hired.id)
    lea_hired = await town.hires("Lea", 903, Role.LEAD)
    karl_hired = await town.hires("Karl", 904, Role.COACH)
    berta = berta_hired.person
    mia, noah = town.meet("Mia", 500), town.meet("Noah", 501)

    for colleague in (berta_hired, dirk_hired, lea_hired, karl_hired):
        await colleague.person.opens(colleague.hired.messenger_code)
        await town.then(colleague.person.hears("Willkommen. Ich bin ein Programm"))

    await noah.opens(await town.invites(karl_hired.hired))
    await town.then(
        noah.hears("Ich bin Lotse. Ich bin ein Programm, kein Mensch."),
        noah.hears("Lotse ist kein Notruf."),
        noah.hears("Darf ich Ihnen hier schreiben?"),
    )

    await mia.opens(await town.invites(berta_hired.hired))
    await town.then(
        mia.hears("Ich helfe dabei, dass Sie und Berta Beispiel in Kontakt bleiben"),
        mia.hears("Nachrichten werden Montag bis Freitag von 8 bis 16 Uhr gelesen"),
        mia.hears("Darf ich Ihnen hier schreiben?"),
    )
    await mia.presses("Ja, gern")
    await town.then(mia.hears("Darf ich Sie einmal in der Woche fragen, wie es Ihnen geht?"))
    await mia.presses("Ja, gern")
    await town.then(mia.hears("Möchten Sie trotzdem hier im Messenger antworten?"))
    await mia.presses("Ja, hier im Messenger")
    await town.then(mia.hears("STOPP beendet alles sofort."), mia.hears("Wie geht es Ihnen heute?"))

    await mia.presses("2")
    await town.then(mia.hears("Wie haben Sie geschlafen?"), berta.hears("Meldung R1 · Fall "))
    assert len(berta.last) == len("Meldung R1 · Fall ") + 5, "neither name nor content, only the case code"
    assert berta.buttons == ["Übernehmen", "Anzeigen", "Weitergeben", "Erledigt"]
    await mia.presses("3")
    await town.then(mia.hears("Was ist Ihnen diese Woche gelungen?"))
    await mia.says("Ich war einmal spazieren.")
    await town.then(mia.hears("Soll sich Ihr Coach bei Ihnen melden?"))
    await mia.presses("Ja, heute")
    await town.then(mia.hears("Ich gebe das jetzt an Berta Beispiel weiter."), berta.hears("Meldung R2"))

    await berta.presses("Übernehmen")
    await town.then(
        mia.hears("Berta Beispiel hat Ihre Meldung gesehen und übernommen."),
        berta.sees("Übernommen von Ihnen."),
        berta.hears("Was ist Ihr nächster Schritt?"),
    )
    await berta.presses("Ich schreibe jetzt")
    await town.then(berta.hears("notiert"), berta.hears("Schreiben Sie jetzt Ihre Antwort"))
    await berta.says("Wollen wir heute um drei telefonieren?")
    await town.then(
        mia.hears("Berta Beispiel: Wollen wir heute um drei telefonieren?"),
        berta.hears("Ihre Antwort ist unterwegs."),
    )
    await mia.says("Ja, gern, um drei.")
    await town.then(berta.hears("Neue Nachricht · Fall "))
    assert "drei" not in berta.last

    await berta.presses("Erledigt")
    await town.then(berta.hears("Was ist das Ergebnis?"))
    await berta.presses("Gesprochen")
    await town.then(
        berta.hears("ist abgeschlossen: Gesprochen."),
        mia.hears("Das Gespräch mit Berta Beispiel ist hier zu Ende."),
    )
    await town.passes(days=3)
    await town.then()
