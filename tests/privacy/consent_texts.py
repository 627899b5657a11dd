# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The page of consent texts, written from the dialogs: `python -m tests.privacy.consent_texts` renews it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from dialogs.model import Consent
from dialogs.shipped import shipped_dialogs

PAGE = Path(__file__).parents[2] / "docs" / "betrieb" / "einwilligungen.md"
_DAY = 86400
_HEAD = """<!--
SPDX-FileCopyrightText: 2026 The Lotse authors
SPDX-License-Identifier: EUPL-1.2
-->

# Einwilligungen: die Texte

Diese Seite wird aus den Dialogen erzeugt (`python -m tests.privacy.consent_texts`);
ein Test vergleicht beide. Sie zeigt, was ausgeliefert wird. Eigene Dialoge können davon
abweichen: `lotse dialogs versions` zeigt, was gilt.

- Jede Einwilligung wird **einzeln** gefragt. Ein Nein hat keine Folgen und wird nicht gespeichert.
- Gespeichert wird bei einem Ja: der gezeigte Wortlaut mit Prüfwert (SHA-256), Fassung, Sprache, Weg und
  Zeitpunkt. Namen in geschweiften Klammern sind dann eingesetzt; der Prüfwert hier gilt für den Text davor.
- **Bedeutung** zählt, was der Text bedeutet. Steigt sie, ruht ein früheres Ja, und die Person wird neu
  gefragt.
- Zurücknehmen: „Meine Einwilligungen“ oder, für alles, STOPP.
- Rechtsgrundlage, Form und nötige Angaben (Zweck, Folgen eines Neins, Widerruf): § 67b Abs. 2 SGB X, Art. 9
  Abs. 2 Buchst. a DSGVO. **Bitte prüfen Sie** die Texte mit Ihren Datenschutzbeauftragten, bevor Sie sie
  verwenden.
"""


def consent_steps() -> Iterator[tuple[str, Consent]]:
    """Every consent that is asked, with `dialog@version`."""
    for dialog in shipped_dialogs():
        for step in dialog.steps.values():
            if isinstance(step, Consent):
                yield f"{dialog.id}@{dialog.version}", step


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for where, step in sorted(consent_steps(), key=lambda found: (found[1].purpose, found[0])):
        lasts = f"{step.valid // _DAY} Tage" if step.valid else "bis zum Widerruf"
        parts.append(f"\n## `{step.purpose}`\n\n")
        parts.append(f"Dialog `{where}` · Bedeutung {step.meaning} · gilt {lasts}\n")
        for language, text in sorted(step.text.items()):
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            parts.append(f"\n**{language}** (SHA-256 beginnt mit `{digest}`)\n\n")
            parts += [f"> {line}  \n" for line in text.strip().splitlines()]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
