# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One story from the invitation to the closed case, told by people who do not know that Lotse keeps dying.

They do what people do: answer what they read, and wait. What each of them reads is written down, so that the
end can be compared with the story as it should have been.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.doubles.bot_api import Person

#: What the participant reads in one story, in order.
PARTICIPANT = (
    "Ich bin ein Programm, kein Mensch",
    "Lotse ist kein Notruf",
    "Darf ich Ihnen hier schreiben?",
    "einmal in der Woche fragen",
    "Wo möchten Sie auf die Fragen antworten",
    "Gut zu wissen",
    "Wie geht es Ihnen heute?",
    "Wie haben Sie geschlafen?",
    "Was ist Ihnen diese Woche gelungen?",
    "Soll sich Ihr Coach bei Ihnen melden?",
    "Danke, dass Sie geantwortet haben",
    "hat Ihre Meldung gesehen und übernommen",
    "Ich rufe um drei an",
    "Das Gespräch mit Berta Beispiel ist hier zu Ende.",
)
#: Said as well if the story is told when nobody is at work: it runs on the real clock.
OUT_OF_HOURS = "Im Moment liest hier niemand mit."
#: What the coach reads in one story as new messages.
COACH = (
    "Meldung R1",
    "Meldung R2",
    "Was ist Ihr nächster Schritt?",
    "notiert",
    "Schreiben Sie jetzt Ihre Antwort",
    "unterwegs",
    "Neue Nachricht",
    "Was ist das Ergebnis?",
    "ist abgeschlossen",
)
PATIENCE_S = 60.0


@dataclass
class Reader:
    """Somebody with a messenger, and everything they have read."""

    person: Person
    read: list[str] = field(default_factory=list)

    async def reads(self, *expected: str) -> None:
        """Wait until each of these was read at least once since the last story line."""
        missing = list(expected)
        while missing:
            for seen in await self.person.hears(1, PATIENCE_S):
                self.read.append(seen.text)
                missing = [words for words in missing if words not in seen.text]

    def overhears(self) -> None:
        """Whatever came that the story does not know of."""
        self.read += [seen.text for seen in self.person.unheard()]


def doubled(read: list[str], expected: tuple[str, ...]) -> int:
    """How many messages came more than once; raises if one is missing or nobody expected it."""
    counts: Counter[str] = Counter()
    for text in read:
        matching = [words for words in (*expected, OUT_OF_HOURS) if words in text]
        assert len(matching) == 1, f"not part of the story: {text!r}"
        counts[matching[0]] += 1
    assert set(counts) >= set(expected), f"lost: {sorted(set(expected) - set(counts))}"
    return sum(count - 1 for count in counts.values())


async def live_through(code: str, mia: Reader, berta: Reader) -> None:
    """The story. Each line does one thing and waits for what it leads to."""
    await mia.person.starts(code)
    await mia.reads(*PARTICIPANT[:3])
    for number in (3, 4):
        await mia.person.presses("Ja, gern")
        await mia.reads(PARTICIPANT[number])
    await mia.person.presses("Ja, hier im Messenger")
    await mia.reads(*PARTICIPANT[5:7])
    await mia.person.presses("2")
    await mia.reads(PARTICIPANT[7])
    await berta.reads(COACH[0])
    await mia.person.presses("5")
    await mia.reads(PARTICIPANT[8])
    await mia.person.sends("Ich war zweimal spazieren.")
    await mia.reads(PARTICIPANT[9])
    await mia.person.presses("Ja, heute")
    await mia.reads(PARTICIPANT[10])
    await berta.reads(COACH[1])
    await berta.person.presses("Übernehmen")
    await mia.reads(PARTICIPANT[11])
    await berta.reads(COACH[2])
    await berta.person.presses("Ich schreibe jetzt")
    await berta.reads(*COACH[3:5])
    await berta.person.sends("Ich rufe um drei an.")
    await mia.reads(PARTICIPANT[12])
    await berta.reads(COACH[5])
    await mia.person.sends("Das passt mir gut")
    await berta.reads(COACH[6])
    await berta.person.presses("Erledigt")
    await berta.reads(COACH[7])
    await berta.person.presses("Gesprochen")
    await berta.reads(COACH[8])
    await mia.reads(PARTICIPANT[13])
