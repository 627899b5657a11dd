# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The agency (tenant): its hours and what its channels may carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.domain.channels import DEFAULT_KEY, bot_channel
from bot.domain.messages import DataClass

#: The number of the agency that is there without being named.
DEFAULT_AGENCY = 1


@dataclass(frozen=True, slots=True)
class Agency:
    """Everything about an agency that a use case needs to know.

    `channel_classes` maps a channel's name to the highest data class it may carry;
    `health_in_messenger` says whether participants may choose to answer health steps there,
    `names_in_calendars` whether staff's own calendars may show names instead of case codes alone.
    `channels` are those that are set up, `holidays` is the Land whose public holidays count, `closed` are
    more days on which nobody reads. `mail_sender` is the name and the address that mails to its team come
    from, both empty for the installation's. `key` is the word that names it in the configuration, whatever
    its name.
    """

    id: int
    name: str
    zone: str = "Europe/Berlin"
    channel_classes: dict[str, DataClass] = field(default_factory=dict)
    health_in_messenger: bool = True
    names_in_calendars: bool = False
    channels: frozenset[str] = frozenset()
    holidays: str = ""
    closed: tuple[date, ...] = ()
    key: str = DEFAULT_KEY
    mail_sender: tuple[str, str] = ("", "")

    def bot(self, kind: str) -> str:
        """The channel of its own bot of a kind."""
        return bot_channel(kind, self.key)

    def class_of(self, channel: str) -> DataClass:
        """The class of a channel; a channel that was never named carries only neutral content."""
        return self.channel_classes.get(channel, DataClass.NEUTRAL)
