# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type as a command in their messenger: `/name and the rest`. All else is words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.services import (
    break_glass,
    digest,
    staff_accompaniments,
    staff_applications,
    staff_appointments,
    staff_conferences,
    staff_duty,
    staff_expectations,
    staff_groups,
    staff_help,
    staff_help_plans,
    staff_outcomes,
    staff_placements,
    staff_plans,
    staff_queue,
    staff_referrals,
    staff_replies,
    staff_rota,
    staff_sharing,
    staff_shifts,
)
from bot.services.desk import Desk

#: A command gets the rest of the line, without spaces around it.
Command = Callable[[Desk, str], None]

COMMANDS: Mapping[str, Command] = {
    "meldungen": staff_queue.show_queue,
    "fall": staff_queue.show_case,
    "ende": staff_queue.end_talk,
    "notfall": break_glass.type_emergency,
    "vorlagen": staff_replies.show_all,
    "vorlage": staff_replies.show_one,
    "tagesblick": digest.switch,
    "hilfe": staff_help.show_help,
    "hilfeplan": staff_help_plans.act,
    "vermittlung": staff_referrals.act,
    "antraege": staff_applications.act,
    "ausgang": staff_outcomes.act,
    "konferenz": staff_conferences.act,
    "erwartungen": staff_expectations.act,
    "gruppen": staff_groups.show_today,
    "angebot": staff_groups.suggest,
    "plan": staff_plans.show_plan,
    "entlassung": staff_plans.set_discharge,
    "praktikum": staff_placements.act,
    "fenster": staff_plans.set_window,
    "termin": staff_appointments.set_one,
    "termine": staff_appointments.list_open,
    "verschieben": staff_appointments.move_one,
    "absagen": staff_appointments.cancel_one,
    "begleitung": staff_accompaniments.act,
    "weitergabe": staff_sharing.ask_or_show,
    "uebergeben": staff_sharing.hand,
    "aufheben": staff_sharing.lift,
    "abwesend": staff_duty.go_away,
    "da": staff_duty.come_back,
    "vertretung": staff_duty.stand_in,
    "probe": staff_duty.try_ways,
    "dienst": staff_rota.show_duty,
    "tausch": staff_rota.propose_swap,
    "uebernahme": staff_rota.take_over,
    "schicht": staff_shifts.set_shift,
    "team": staff_shifts.show_team,
}

#: Other spellings, not offered in the menu.
ALIASES: Mapping[str, str] = {
    "help": "hilfe",
    "übernahme": "uebernahme",
    "übergeben": "uebergeben",
    "anträge": "antraege",
}


def run_command(desk: Desk, text: str) -> bool:
    """Carry out a command, or say kindly that there is none of that name. False if `text` is no command."""
    if not text.startswith("/"):
        return False
    name, _, rest = text[1:].partition(" ")
    name = name.partition("@")[0].casefold()
    command = COMMANDS.get(ALIASES.get(name, name))
    if command is None:
        desk.tell(
            desk.voice.say(
                "Diesen Befehl kenne ich nicht. Es wurde nichts gesendet. Alle Befehle zeigt /hilfe."
            )
        )
    else:
        command(desk, rest.strip())
    return True
