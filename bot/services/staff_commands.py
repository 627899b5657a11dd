# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type as a command in their messenger: `/name and the rest`. All else is words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.services import staff_appointments, staff_plans
from bot.services.desk import Desk

#: A command gets the rest of the line, without spaces around it.
Command = Callable[[Desk, str], None]

COMMANDS: Mapping[str, Command] = {
    "plan": staff_plans.show_plan,
    "entlassung": staff_plans.set_discharge,
    "praktikum": staff_plans.set_internship,
    "fenster": staff_plans.set_window,
    "termin": staff_appointments.set_one,
    "termine": staff_appointments.list_open,
    "verschieben": staff_appointments.move_one,
    "absagen": staff_appointments.cancel_one,
}


def run_command(desk: Desk, text: str) -> bool:
    """Carry out a command, or say kindly that there is none of that name. False if `text` is no command."""
    if not text.startswith("/"):
        return False
    name, _, rest = text[1:].partition(" ")
    command = COMMANDS.get(name.partition("@")[0].casefold())
    if command is None:
        desk.tell(desk.voice.say("Diesen Befehl kenne ich nicht. Es wurde nichts gesendet."))
    else:
        command(desk, rest.strip())
    return True
