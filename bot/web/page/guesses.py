# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How often links were guessed at: by one address of the network, and by all together."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from starlette.requests import Request

WINDOW = timedelta(minutes=10)
#: Failures of one address in a window: a hall full of people behind one address may mistype, a program stops.
MOST_EACH = 30
#: Failures of all together. Then whoever has failed at all waits; whoever has not may still come in, so that
#: guessing from many addresses locks nobody else out.
MOST_TOGETHER = 1000
#: How many addresses are remembered.
_KEPT = 10_000
_IPV6_NET = 64


class Guesses:
    """Failures of late, in the memory of this process."""

    def __init__(self) -> None:
        self._each: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._together: deque[datetime] = deque(maxlen=MOST_TOGETHER)

    def is_stopped(self, origin: str, now: datetime) -> bool:
        """Whether this address has to wait."""
        failed = _since(self._each.get(origin, deque()), now)
        is_storm = len(_since(self._together, now)) >= MOST_TOGETHER
        return bool(failed) and (is_storm or len(failed) >= MOST_EACH)

    def failed(self, origin: str, now: datetime) -> None:
        """A link did not open there."""
        found = self._each.setdefault(origin, deque(maxlen=MOST_EACH))
        self._each.move_to_end(origin)
        found.append(now)
        self._together.append(now)
        while len(self._each) > _KEPT:
            self._each.popitem(last=False)


def origin_of(request: Request) -> str:
    """The address of the network that a request comes from; of IPv6 the part that a household has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _IPV6_NET), strict=False))
    return host


def _since(failures: deque[datetime], now: datetime) -> deque[datetime]:
    while failures and now - failures[0] >= WINDOW:
        failures.popleft()
    return failures
