# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What columns of profiles, scores, internships and applications are called in a copy of a person's data."""

from __future__ import annotations

from collections.abc import Mapping

from bot.texts import mark

_WHEN, _SINCE = mark("Wann"), mark("Gezeigt seit")
#: By table and column, in the order in which they are shown.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "profile": {"at": _WHEN, "content": mark("Ihr Gesprächsprofil"), "shared_at": _SINCE},
    "licensed_score": {
        "at": _WHEN,
        "pack": mark("Gerechnet nach"),
        "version": mark("Fassung"),
        "result": mark("Ergebnis"),
        "shared_at": _SINCE,
    },
    "score_judgement": {
        "at": _WHEN,
        "staff": mark("Von wem"),
        "words": mark("Einschätzung des Teams dazu"),
    },
}
#: The same of internships.
PLACEMENTS: Mapping[str, Mapping[str, str]] = {
    "placement": {
        "id": mark("Nummer"),
        "made_at": mark("Eingetragen am"),
        "terms": mark("Angaben"),
        "ending": mark("Früher zu Ende"),
        "made_by": mark("Von wem eingetragen"),
    },
    "placement_week": {
        "week": mark("Woche ab"),
        "minutes": mark("Minuten"),
        "entered_by": mark("Von wem"),
        "entered_at": _WHEN,
    },
}
#: The same of applications with carriers.
APPLICATIONS: Mapping[str, Mapping[str, str]] = {
    "application": {
        "id": mark("Nummer"),
        "made_at": mark("Eingetragen am"),
        "content": mark("Angaben"),
        "state": mark("Stand"),
        "due_on": mark("Bis wann"),
        "turn": mark("Wer am Zug ist"),
        "made_by": mark("Von wem eingetragen"),
    },
    "application_event": {
        "day": _WHEN,
        "event": mark("Was"),
        "note": mark("Worte dazu"),
        "actor": mark("Von wem"),
    },
}
