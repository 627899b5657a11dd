# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What columns of profiles, scores and internships are called on the page with a person's copy."""

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
