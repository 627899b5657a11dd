# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The methods by which a bot receives: long polling or a webhook, never both."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp

from tests.doubles.bot_api.bots import Bot
from tests.doubles.bot_api.refusals import Violation, conflict
from tests.doubles.bot_api.table import Arguments
from tests.doubles.bot_api.webhook import Backoff, Webhook, WebhookSettings

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PUBLIC_PORTS = frozenset({443, 80, 88, 8443})
_POLL_SECONDS_MAX = 50
_WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Server(Protocol):
    """What deliveries need of the server."""

    backoff: Backoff

    @property
    def session(self) -> aiohttp.ClientSession:
        """Connections to the bots' webhooks."""

    async def call_in_reply(self, bot: Bot, method: str, values: dict[str, Any]) -> None:
        """Carry out a call that came as the answer to a delivery."""


ReceiveHandler = Callable[[Server, Bot, Arguments], Awaitable[Any]]


async def _get_updates(_: Server, bot: Bot, arguments: Arguments) -> Any:
    if bot.webhook is not None:
        raise conflict(_WEBHOOK_IS_SET)
    values = arguments.values
    _allow(bot, values)
    limit = min(max(values.get("limit", 100), 1), 100)
    timeout = min(max(values.get("timeout", 0), 0), _POLL_SECONDS_MAX)
    return await bot.updates.poll(values.get("offset", 0), limit, timeout)


async def _set_webhook(server: Server, bot: Bot, arguments: Arguments) -> Any:
    values = arguments.values
    if not values["url"]:
        return await _delete_webhook(server, bot, arguments)
    _check_address(values["url"])
    secret = values.get("secret_token", "")
    if secret and not _SECRET.fullmatch(secret):
        raise Violation("secret token contains unallowed characters")
    _allow(bot, values)
    if values.get("drop_pending_updates"):
        bot.updates.clear()
    bot.updates.end_poll("terminated by setWebhook request")
    if bot.webhook is not None:
        await bot.webhook.stop()

    async def reply(method: str, call: dict[str, Any]) -> None:
        await server.call_in_reply(bot, method, call)

    connections = min(max(values.get("max_connections", 40), 1), 100)
    settings = WebhookSettings(values["url"], secret, connections)
    bot.webhook = Webhook(settings, bot.updates, server.session, bot.mishaps, server.backoff, reply)
    bot.webhook.start()
    return True


async def _delete_webhook(_: Server, bot: Bot, arguments: Arguments) -> Any:
    if bot.webhook is not None:
        await bot.webhook.stop()
        bot.webhook = None
    if arguments.values.get("drop_pending_updates"):
        bot.updates.clear()
    return True


async def _get_webhook_info(_: Server, bot: Bot, __: Arguments) -> Any:
    webhook = bot.webhook
    info: dict[str, Any] = {
        "url": webhook.settings.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.waiting),
    }
    if webhook is not None:
        info["max_connections"] = webhook.settings.max_connections
        if webhook.last_error:
            info["last_error_date"] = webhook.last_error_at
            info["last_error_message"] = webhook.last_error
    if bot.updates.allowed is not None:
        info["allowed_updates"] = sorted(bot.updates.allowed)
    return info


def _allow(bot: Bot, values: dict[str, Any]) -> None:
    # Not named: as before. An empty list: back to the default.
    if "allowed_updates" in values:
        bot.updates.allowed = frozenset(values["allowed_updates"]) or None


def _check_address(url: str) -> None:
    """HTTPS on Telegram's ports; plain HTTP and other ports on a loopback address only, for tests."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise Violation("invalid webhook URL specified")
    if _is_loopback(parts.hostname):
        return
    if parts.scheme != "https":
        raise Violation("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in _PUBLIC_PORTS:
        raise Violation("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


HANDLERS: dict[str, ReceiveHandler] = {
    "getupdates": _get_updates,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _get_webhook_info,
}
