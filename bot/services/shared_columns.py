# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What went to other places, in a person's copy: the columns that are shown, with their names."""

from __future__ import annotations

from collections.abc import Mapping

from bot.texts import mark

_WHEN = mark("Wann")
_WHAT = mark("Was")
_STATE = mark("Stand")
_SINCE = mark("Seit wann")
_BY = mark("Von wem")
_WAY = mark("Weg")

#: By table and column, in this order.
SHARED: Mapping[str, Mapping[str, str]] = {
    "sharing_ask": {
        "asked_at": _WHEN,
        "partner": mark("An wen"),
        "what": _WHAT,
        "why": mark("Wozu"),
        "handed": mark("Was zuletzt über Lotse dorthin ging"),
        "handed_at": mark("Weitergegeben am"),
    },
    "referral": {
        "id": mark("Nummer"),
        "ask_id": mark("Nummer der Weitergabe"),
        "state": _STATE,
        "made_at": _SINCE,
        "made_by": mark("Von wem vorgeschlagen"),
        "result": mark("Ergebnis"),
    },
    "referral_event": {
        "at": _WHEN,
        "event": _WHAT,
        "words": mark("Worte dazu"),
        "actor": _BY,
    },
    "handover_pack": {
        "state": _STATE,
        "made_at": _SINCE,
        "made_by": mark("Von wem begonnen"),
        "choice": mark("Was Sie für die Mappe gewählt haben"),
    },
    "outcome_marker": {
        "content": mark("Was Ihr Team eingetragen hat"),
        "set_by": _BY,
        "at": mark("Eingetragen am"),
    },
    "expectation_sheet": {
        "made_at": _WHEN,
        "topics": mark("Blatt für ein gemeinsames Gespräch"),
        "made_by": _BY,
    },
    "handover_version": {
        "version": mark("Fassung"),
        "at": _WHEN,
        "content": mark("Ihre Mappe zur Überleitung"),
    },
    "handover_receiver": {
        "place": mark("An wen"),
        "why": mark("Wozu"),
        "added_by": mark("Von wem genannt"),
        "sent_at": mark("Weitergegeben am"),
        "way": _WAY,
    },
}
