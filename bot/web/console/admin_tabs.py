# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tabs of the administration."""

from __future__ import annotations

from bot.texts import Voice, mark

_TABS = (
    ("staff", "/console/admin", mark("Mitarbeitende")),
    ("house", "/console/admin/agency", mark("Stelle")),
    ("programmes", "/console/admin/programmes", mark("Programme und Leitern")),
    ("rehearsals", "/console/admin/rehearsals", mark("Probeläufe")),
    ("dialogs", "/console/admin/dialogs", mark("Dialoge")),
    ("partners", "/console/partners", mark("Partner")),
    ("texts", "/console/admin/texts", mark("Texte")),
    ("channels", "/console/admin/channels", mark("Kanäle")),
    ("retention", "/console/admin/retention", mark("Aufbewahrung")),
    ("log", "/console/admin/log", mark("Protokoll")),
    ("system", "/console/admin/system", mark("System")),
)


def tabs(voice: Voice, chosen: str) -> list[tuple[str, str, bool]]:
    """Address, label, and whether it is the one that is open."""
    return [(path, voice.say(label), name == chosen) for name, path, label in _TABS]
