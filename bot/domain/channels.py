# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Names of channels: a messenger's bots are one agency's own, pages and mail serve all agencies.

The default agency's bots are `telegram` and `telegram_staff`, those of the agency with the key word `mk` are
`telegram@mk` and `telegram_staff@mk`.
"""

from __future__ import annotations

TELEGRAM, TELEGRAM_STAFF = "telegram", "telegram_staff"
#: The key word of the agency that is there without being named.
DEFAULT_KEY = "default"
_BOTS = frozenset({TELEGRAM, TELEGRAM_STAFF})


def bot_channel(kind: str, key: str) -> str:
    """The name of an agency's own bot of this kind."""
    return kind if key == DEFAULT_KEY else f"{kind}@{key}"


def username_fact(channel: str) -> str:
    """Under which name a bot's user name is remembered, so that links can be made without the messenger."""
    return f"{channel}.username"


def kind_of(channel: str) -> str:
    """What a channel is, whosever it is: `telegram` for `telegram@mk`."""
    return channel.partition("@")[0]


def key_of(channel: str) -> str:
    """The key word of the agency whose bot it is; empty for what serves all agencies."""
    kind, _, key = channel.partition("@")
    return (key or DEFAULT_KEY) if kind in _BOTS else ""
