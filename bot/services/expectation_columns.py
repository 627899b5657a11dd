# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who expects what, in a person's copy: the columns that are shown, with their names."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.expectations import SideKind
from bot.texts import mark

#: By table and column, in this order.
EXPECTATIONS: Mapping[str, Mapping[str, str]] = {
    "expectation_topic": {
        "id": mark("Nummer"),
        "headline": mark("Thema"),
        "state": mark("Stand"),
        "made_at": mark("Seit wann"),
        "agreement": mark("Was vereinbart wurde"),
        "made_by": mark("Von wem begonnen"),
        "appointment_id": mark("Nummer des Termins"),
    },
    "expectation_side": {
        "topic_id": mark("Nummer des Themas"),
        "side": mark("Wer etwas erwartet"),
        "said": mark("Was erwartet wird"),
        "noted_by": mark("Von wem eingetragen"),
        "noted_at": mark("Eingetragen am"),
    },
}
#: Whose side, as people say it.
SIDES: Mapping[str, str] = {
    SideKind.PERSON.value: mark("Sie selbst"),
    SideKind.AGENCY.value: mark("Jobcenter"),
    SideKind.PARTNER.value: mark("andere Stelle"),
    SideKind.EMPLOYER.value: mark("Betrieb"),
}
