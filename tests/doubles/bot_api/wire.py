# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reading a call off the wire: parameters come as JSON, as a form, as multipart or in the address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from tests.doubles.bot_api.checks import Upload
from tests.doubles.bot_api.refusals import Violation


async def read_call(request: web.BaseRequest, query: str) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Parameters and files of a request. Raises `Violation` for a body that cannot be read."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    if request.method not in ("GET", "POST"):
        raise Violation("only GET and POST are known")
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        files = await _read_multipart(request, values)
        return values, files
    body = await request.read()
    if not body:
        return values, {}
    if kind == "application/json":
        values.update(_read_json(body))
    elif kind == "application/x-www-form-urlencoded":
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    else:
        raise Violation("the body's content type is not one the server reads")
    return values, {}


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise Violation("can't parse the body as JSON") from None
    if not isinstance(decoded, dict):
        raise Violation("object expected as the body")
    return decoded


async def _read_multipart(request: web.BaseRequest, values: dict[str, Any]) -> dict[str, Upload]:
    files: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files[name] = Upload(part.filename, part.file.read())
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode("utf-8", "replace")
    return files
