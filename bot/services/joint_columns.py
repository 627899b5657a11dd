# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who comes along and who visits, in a person's copy: the columns that are shown, with their names."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.accompaniment import AccompanimentState
from bot.texts import mark

#: By table and column, in this order.
JOINT: Mapping[str, Mapping[str, str]] = {
    "accompaniment": {
        "appointment_id": mark("Nummer des Termins"),
        "state": mark("Stand"),
        "companion": mark("Angaben"),
        "staff_id": mark("Wer mitkommt"),
        "promised_for": mark("Für wann"),
        "changed_at": mark("Geändert am"),
    },
    "home_visit": {
        "appointment_id": mark("Nummer des Termins"),
        "staff_id": mark("Wer kommt"),
        "second_id": mark("Wer noch mitkommt"),
        "back_at": mark("Zurück seit"),
    },
}
#: How it stands, to the person.
ALONG: Mapping[str, str] = {
    AccompanimentState.WISHED.value: mark("gewünscht"),
    AccompanimentState.ASKED.value: mark("jemand ist gefragt"),
    AccompanimentState.OFFERED.value: mark("angeboten"),
    AccompanimentState.CONFIRMED.value: mark("fest"),
    AccompanimentState.OPEN_AGAIN.value: mark("wieder offen"),
    AccompanimentState.NOT_POSSIBLE.value: mark("nicht möglich"),
    AccompanimentState.NOT_NEEDED.value: mark("nicht nötig"),
}
