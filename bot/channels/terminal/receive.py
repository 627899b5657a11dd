# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lines in: plain words from the participant, a leading ! for the coach, # and a number for a button."""

from __future__ import annotations

import uuid

from bot.channels.terminal.send import TerminalChannel
from bot.domain.messages import Incoming, IncomingKind

ADDRESS = "here"


def read_line(line: str, participant: TerminalChannel, staff: TerminalChannel) -> Incoming | None:
    """What a typed line means; None for an empty one, or a button that is not there."""
    text = line.strip()
    channel = participant
    if text.startswith("!"):
        channel, text = staff, text[1:].strip()
    if not text:
        return None
    delivery = uuid.uuid4().hex
    if text.startswith("#") and text[1:].isdecimal():
        key = channel.key(int(text[1:]))
        if key is None:
            return None
        return Incoming(channel.name, delivery, ADDRESS, IncomingKind.PRESS, press=key.token)
    command, _, rest = text.partition(" ")
    if command == "/start":
        return Incoming(channel.name, delivery, ADDRESS, IncomingKind.START, text=rest.strip())
    return Incoming(channel.name, delivery, ADDRESS, IncomingKind.TEXT, text=text)
