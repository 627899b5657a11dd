# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff can do in their messenger, in plain words with examples; by role."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.access import Action
from bot.domain.people import Role
from bot.services import (
    staff_accompaniments,
    staff_applications,
    staff_expectations,
    staff_groups,
    staff_help_plans,
    staff_outcomes,
    staff_placements,
    staff_referrals,
    staff_sharing,
)
from bot.services.desk import Desk
from bot.texts import mark

#: What is typed, and what it does. The examples are real commands with an invented code.
Lines = Sequence[tuple[str, str]]

_CASES: Lines = (
    ("/meldungen", mark("was für Sie offen ist")),
    ("/fall K7F3M", mark("ein Fall: übernehmen, antworten, weitergeben, später, abschließen")),
    ("/vorlagen", mark("fertige Texte, in der Sprache der Person („/vorlage termin“: einer davon)")),
    ("/ende K7F3M", mark("ein Gespräch über Lotse beenden")),
)
_EMERGENCY: Lines = (("/notfall K7F3M Grund", mark("einen fremden Fall in einem Notfall öffnen")),)
_APPOINTMENTS: Lines = (
    ("/termine", mark("die nächsten Termine")),
    ("/termin K7F3M 24.11. 10:30 coach", mark("einen Termin eintragen")),
    ("/verschieben 12 25.11. 11:00", mark("einen Termin verschieben")),
    ("/absagen 12", mark("einen Termin absagen")),
    (staff_accompaniments.SHOW, mark("wer zu einem Termin mitkommt; „ich“ oder ein Name bietet es an")),
    (staff_accompaniments.CANNOT, mark("niemand kann mitkommen, und was stattdessen geht")),
)
_PLANS: Lines = (
    ("/plan K7F3M", mark("was Lotse als Nächstes fragt")),
    ("/fenster K7F3M mo-fr 9-17", mark("wann Lotse von sich aus schreibt")),
    ("/entlassung K7F3M 24.11.2026", mark("Tag der Entlassung")),
    ("/praktikum K7F3M 1.12.2026 31.1.2027", mark("Beginn und Ende eines Praktikums")),
    (staff_placements.SHOW, mark("das Praktikum einer Person, mit den Stunden der letzten Wochen")),
    (staff_placements.END, mark("ein Praktikum früher beenden; ein Grund dahinter bleibt beim Team")),
)
_HELP_PLANS: Lines = (
    (staff_help_plans.SHOW, mark("der Hilfeplan, und was davon geschafft ist")),
    (staff_help_plans.TEMPLATE, mark("einen Hilfeplan aus einer Vorlage beginnen")),
    (staff_help_plans.PROPOSE, mark("die Person fragen, ob der Hilfeplan passt")),
    (staff_expectations.SHOW, mark("wer was erwartet, und was vereinbart ist")),
)
_REFERRALS: Lines = (
    (staff_referrals.LIST, mark("offene Vermittlungen Ihrer Leute")),
    (staff_referrals.SHOW, mark("die Vermittlungen einer Person, mit dem nächsten Schritt")),
    (staff_referrals.PROPOSE, mark("eine Vermittlung vorschlagen; die Person wird gefragt")),
)
_APPLICATIONS: Lines = (
    (staff_applications.LIST, mark("offene Anträge Ihrer Leute, was zuerst ansteht")),
    (staff_applications.SHOW, mark("die Anträge einer Person; eintragen können Sie in der Konsole")),
)
_OUTCOMES: Lines = (
    (staff_outcomes.HOURS, mark("wie viele Stunden am Tag Arbeit möglich ist; das trägt nur der Coach ein")),
    (staff_outcomes.ENTER, mark("was sich ergeben hat: arbeit, ausbildung, minijob, ehrenamt, bewilligt")),
)
_GROUPS: Lines = (
    (staff_groups.TODAY, mark("Ihre Gruppen von heute, wer kommt und wer da war")),
    (staff_groups.SUGGEST, mark("ein Angebot aus dem Verzeichnis vorschlagen")),
)
_CONFERENCES: Lines = (("/konferenz", mark("Ihre Fachkonferenzen, und was Sie daraus erledigen")),)
_SHARING: Lines = (
    (staff_sharing.ASK, mark("die Person fragen, ob etwas an eine andere Stelle gehen darf")),
    (staff_sharing.LIFT, mark("eine Einschränkung aufheben; die Person bekommt den Grund")),
    (staff_sharing.HAND, mark("mit ihrer Einwilligung etwas weitergeben; der Fall bleibt bei Ihnen")),
)
_DUTY: Lines = (
    ("/dienst", mark("wer jetzt da ist und wer Dienst hat")),
    ("/abwesend 3.12.-10.12.", mark("Sie sind nicht da")),
    ("/da", mark("Sie sind wieder da")),
    ("/vertretung Karl", mark("wer Sie vertritt")),
    ("/tausch 12.12. Karl", mark("einen Dienst tauschen")),
    ("/uebernahme", mark("den Dienst jetzt übernehmen")),
    ("/tagesblick aus", mark("den Überblick am Morgen ausschalten („an“: einschalten)")),
    ("/probe", mark("prüfen, ob Meldungen Sie erreichen")),
)
_LEADING: Lines = (
    ("/team", mark("wer da ist und wie viele Menschen begleitet")),
    ("/schicht", mark("Dienste einteilen")),
)
_CASE_WORKERS = frozenset({Role.COACH, Role.LEAD})
_LEADERS = frozenset({Role.LEAD, Role.ADMIN})


def show_help(desk: Desk, _: str) -> None:
    """`/hilfe`: everything this staff member can do."""
    desk.tell(help_text(desk))


def greet(desk: Desk) -> None:
    """`/start`, once signed in."""
    greeting = desk.voice.say("Sie sind angemeldet. Meldungen kommen hierher.")
    desk.tell(f"{greeting}\n\n{help_text(desk)}")


def help_text(desk: Desk) -> str:
    """All commands with an example each, and what to do without any."""
    say = desk.voice.say
    parts = [_part(desk, say("**Meldungen**"), _CASES)]
    if desk.staff.role in _CASE_WORKERS:
        parts.append(_part(desk, say("**Termine**"), _APPOINTMENTS))
        parts.append(_part(desk, say("**Fragen von Lotse**"), _PLANS))
        parts.append(_part(desk, say("**Hilfeplan**"), _HELP_PLANS))
        parts.append(_part(desk, say("**Vermittlungen**"), _REFERRALS))
        parts.append(_part(desk, say("**Anträge bei Trägern**"), _APPLICATIONS))
        parts.append(_part(desk, say("**Fachkonferenzen**"), _CONFERENCES))
        parts.append(_part(desk, say("**Wie es ausgegangen ist**"), _OUTCOMES))
        parts.append(_part(desk, say("**Gruppen und Angebote**"), _GROUPS))
        parts.append(_part(desk, say("**Andere Stellen**"), _SHARING))
    if desk.guard.here(Action.BREAK_GLASS).is_allowed:
        parts.append(_part(desk, say("**Notfall**"), _EMERGENCY))
    parts.append(_part(desk, say("**Dienst**"), _DUTY))
    if desk.staff.role in _LEADERS:
        parts.append(_part(desk, say("**Leitung**"), _LEADING))
    parts.append(
        say(
            "K7F3M steht für den Code eines Falls. Was Sie ohne Schrägstrich schreiben, geht an die Person, "
            "bei der Sie zuletzt „Antworten“ gedrückt haben."
        )
    )
    return "\n\n".join(parts)


def _part(desk: Desk, head: str, lines: Lines) -> str:
    return "\n".join([head, *(f"{example} – {desk.voice.say(what)}" for example, what in lines)])
