# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Outcome markers in words, the same for staff and for the person."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.outcome_markers import Finding, Marker
from bot.texts import mark

#: As staff and the person read it.
MARKERS: Mapping[Marker, str] = {
    Marker.HOURS: mark("Stunden am Tag, die Arbeit möglich ist"),
    Marker.PROFILE: mark("Profil verändert"),
    Marker.LTA_APPLIED: mark("Leistung zur Teilhabe am Arbeitsleben beantragt"),
    Marker.LTA_APPROVED: mark("Leistung zur Teilhabe am Arbeitsleben bewilligt"),
    Marker.JOB: mark("Arbeit mit Sozialversicherung"),
    Marker.APPRENTICESHIP: mark("Ausbildung"),
    Marker.MINI_JOB: mark("Minijob"),
    Marker.VOLUNTEERING: mark("Ehrenamt"),
    Marker.SUPPORT: mark("Bei einer Stelle zur Unterstützung angekommen"),
}
FOUND: Mapping[Finding, str] = {
    Finding.UNDER_3: mark("unter 3 Stunden"),
    Finding.FROM_3: mark("3 bis unter 6 Stunden"),
    Finding.FROM_6: mark("6 Stunden und mehr"),
    Finding.YES: mark("ja"),
    Finding.OPEN: mark("offen"),
}
