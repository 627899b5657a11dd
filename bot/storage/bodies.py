# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The body of an outgoing message as JSON text, which is then sealed."""

from __future__ import annotations

import msgspec

from bot.domain.messages import Body

_decoder = msgspec.json.Decoder(Body)
_encoder = msgspec.json.Encoder()


def dump_body(body: Body) -> str:
    """The body as JSON text."""
    return _encoder.encode(body).decode()


def load_body(text: str) -> Body:
    """Read what `dump_body` wrote, now or in an earlier version: what was not known then is empty."""
    return _decoder.decode(text)
