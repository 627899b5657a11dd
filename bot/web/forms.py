# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Posted forms, read with a limit."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

#: 100,000 characters of any script fit: percent-encoded, one takes at most twelve bytes.
MAX_FORM_BYTES = 2_000_000
#: A form can have a box to tick for everybody of an agency.
_MAX_FIELDS = 1_100


async def read_body(request: Request, limit: int) -> bytes | None:
    """The body; None if it is longer than `limit` bytes, without reading the rest."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, the first value of each; None if it is too large or no form at all."""
    body = await read_body(request, MAX_FORM_BYTES)
    if body is None:
        return None
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"),
            keep_blank_values=True,
            max_num_fields=_MAX_FIELDS,
            errors="replace",
        )
    except ValueError:
        return None
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value.replace("\r\n", "\n"))
    return fields
