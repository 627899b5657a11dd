# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The double from another process: JSON over HTTP under /control/.

For tests that kill processes and for benchmarks. Each path is one function below; NOTICE.md lists them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from tests.doubles.bot_api.accounts import Press
from tests.doubles.bot_api.bots import Bot
from tests.doubles.bot_api.faults import Fault, FaultKind
from tests.doubles.bot_api.people import Person, Unexpected
from tests.doubles.bot_api.records import Call

if TYPE_CHECKING:
    from tests.doubles.bot_api.server import BotApiDouble

Order = dict[str, Any]
Answer = Callable[["BotApiDouble", Order], Awaitable[Any]]

_DEEDS = frozenset(
    {
        "starts",
        "sends",
        "sends_long",
        "sends_sticker",
        "sends_voice",
        "sends_photo",
        "sends_document",
        "edits",
        "presses",
        "taps_key",
        "blocks",
        "unblocks",
    }
)


async def answer_control(api: BotApiDouble, request: web.BaseRequest) -> web.Response:
    """200 with JSON, 404 for an unknown path, 422 for an order that cannot be carried out."""
    answer = PATHS.get(request.path.removeprefix("/control/"))
    if answer is None:
        return web.Response(status=404)
    body = await request.read()
    try:
        order = msgspec.json.decode(body) if body else {}
        result = await answer(api, order)
    except (Unexpected, LookupError, ValueError, TypeError) as refused:
        why = msgspec.json.encode({"error": f"{type(refused).__name__}: {refused}"})
        return web.Response(status=422, body=why, content_type="application/json")
    encoded = msgspec.json.encode(result, enc_hook=str)
    return web.Response(body=encoded, content_type="application/json")


def _person(api: BotApiDouble, order: Order) -> Person:
    bot = api.bot(order["bot"])
    details = {key: order[key] for key in ("first_name", "language_code", "username") if key in order}
    return bot.person(order["user_id"], **details)


async def _add_bot(api: BotApiDouble, order: Order) -> Any:
    return api.add_bot(order["token"], order["username"]).user


async def _act(api: BotApiDouble, order: Order) -> Any:
    """{"deeds": [{"bot", "user_id", "do", "with": {...}}]}: done in order, answers in order."""
    return [await _do(api, deed) for deed in order["deeds"]]


async def _do(api: BotApiDouble, deed: Order) -> Any:
    if deed["do"] not in _DEEDS:
        raise ValueError(f"unknown deed {deed['do']!r}")
    done = await getattr(_person(api, deed), deed["do"])(**deed.get("with", {}))
    return asdict(done) if isinstance(done, Press) else done


async def _inject(api: BotApiDouble, order: Order) -> Any:
    """{"bot", "kind", "queue", "content"}: any update at all, well-formed or not."""
    queue = ("message", int(order.get("queue", 0)))
    return api.bot(order["bot"]).tell(order["kind"], queue, order["content"])


async def _screen(api: BotApiDouble, order: Order) -> Any:
    return [asdict(one) for one in _person(api, order).screen()]


async def _hears(api: BotApiDouble, order: Order) -> Any:
    heard = await _person(api, order).hears(order.get("n", 1), order.get("timeout", 5.0))
    return [asdict(one) for one in heard]


async def _calls(api: BotApiDouble, order: Order) -> Any:
    found = api.records.select(order.get("bot"), order.get("method"), order.get("since", 0))
    return [_call(one) for one in found[: order.get("limit", 10_000)]]


async def _violations(api: BotApiDouble, _: Order) -> Any:
    return [_call(one) for one in api.violations]


def _call(call: Call) -> Order:
    return {**asdict(call), "chat_id": call.chat_id}


async def _stats(api: BotApiDouble, _: Order) -> Any:
    return {
        "calls": {f"{bot} {method}": count for (bot, method), count in api.records.counts.items()},
        "codes": {str(code): count for code, count in api.records.codes.items()},
        "violations": len(api.violations),
        "disobeyed": api.disobeyed,
        "bots": {bot.username: _bot_stats(bot) for bot in api.bots.values()},
    }


def _bot_stats(bot: Bot) -> Order:
    return {
        "waiting": len(bot.updates.waiting),
        "confirmed_last": bot.updates.confirmed[-1].update_id if bot.updates.confirmed else None,
        "forgotten": len(bot.updates.forgotten),
        "unanswered_presses": sum(press.answer is None for press in bot.presses.values()),
        "messages_sent": sum(len(chat.bot_log) for chat in bot.chats.values()),
    }


async def _fault(api: BotApiDouble, order: Order) -> Any:
    """{"kind", "bot", "method", "chat", "times", "retry_after"}: answers with a number for `release`."""
    fault = Fault(
        FaultKind(order["kind"]),
        order.get("bot"),
        order.get("method"),
        order.get("chat"),
        order.get("times", 1),
        order.get("retry_after", 1),
    )
    api.ordered_faults.append(api.faults.order(fault))
    return {"fault": len(api.ordered_faults) - 1}


async def _release(api: BotApiDouble, order: Order) -> Any:
    api.ordered_faults[order["fault"]].release.set()
    return {}


async def _soak(api: BotApiDouble, order: Order) -> Any:
    odds = {FaultKind(kind): chance for kind, chance in order.get("odds", {}).items()}
    api.soak(order["seed"], odds, order.get("duplicate", 0.0))
    return {}


async def _webhook(api: BotApiDouble, order: Order) -> Any:
    """{"bot", "hold": kind, "release": kind, "duplicates": n}: each where given."""
    mishaps = api.bot(order["bot"]).mishaps
    if "hold" in order:
        mishaps.hold(order["hold"])
    if "release" in order:
        mishaps.release(order["release"])
    mishaps.duplicates += order.get("duplicates", 0)
    return {}


async def _redeliver(api: BotApiDouble, order: Order) -> Any:
    return api.bot(order["bot"]).updates.redeliver(order.get("update_id"))


PATHS: dict[str, Answer] = {
    "bots": _add_bot,
    "act": _act,
    "inject": _inject,
    "screen": _screen,
    "hears": _hears,
    "calls": _calls,
    "violations": _violations,
    "stats": _stats,
    "fault": _fault,
    "release": _release,
    "soak": _soak,
    "webhook": _webhook,
    "redeliver": _redeliver,
}
