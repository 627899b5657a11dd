# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The stage on which use cases are tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.stage import Actor, Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Office hours on a Monday, nobody there yet."""
    built = Stage()
    yield built
    built.close()


@pytest.fixture
def berta(stage: Stage) -> Actor:
    """The coach, reachable in the staff bot."""
    return stage.begin("berta", lambda: stage.staff("Berta Beispiel"))


@pytest.fixture
def mia(stage: Stage, berta: Actor) -> Actor:
    """A participant of Berta's who has agreed to everything."""
    return stage.begin("mia", lambda: stage.participant(berta))
