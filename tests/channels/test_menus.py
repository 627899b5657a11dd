# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a menu offers is understood, and what staff can type is offered."""

from __future__ import annotations

from bot.channels.bot_api.commands import PARTICIPANT_COMMANDS, STAFF_COMMANDS
from bot.domain.commands import dialog_for, is_start
from bot.domain.stop_words import is_stop
from bot.services.staff_commands import COMMANDS


def test_the_menu_of_staff_is_what_staff_can_type() -> None:
    for menu in STAFF_COMMANDS.values():
        assert {command.name for command in menu} == {"start", *COMMANDS}


def test_whatever_the_menu_offers_participants_is_understood() -> None:
    for menu in PARTICIPANT_COMMANDS.values():
        for command in menu:
            assert dialog_for(command.name) or is_stop(command.name) or is_start(command.name)
