# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where the processes come from that are killed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.crash.killing import Nursery, open_nursery


@pytest.fixture(scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """One for all processes of a session."""
    async with open_nursery() as nursery:
        yield nursery
