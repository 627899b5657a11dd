# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whatever happens in whatever order: nobody who waits is lost, nothing is asked twice in one breath."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.conversations import ConversationState
from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.storage.tables import timer
from bot.storage.unit_of_work import SqlUnitOfWork
from dialogs.session import load
from tests.services.floor_dialogs import add_dialogs, under_way, want
from tests.services.stage import Actor, Stage

Act = Callable[[Stage, Actor, Actor], object]


def _writes(text: str) -> Act:
    return lambda stage, mia, berta: mia.writes(text)


def _wants(dialog: str) -> Act:
    return lambda stage, mia, berta: want(stage, dialog, keep_for=timedelta(hours=10))


def _waits(hours: float) -> Act:
    return lambda stage, mia, berta: stage.pass_time(hours=hours)


ACTS: dict[str, Act] = {
    **{
        text: _writes(text)
        for text in ("checkin", "7", "ja", "nein", "später", "weiter", "Pause", "1", "Sprache", "Deutsch")
    },
    **{
        text: _writes(text) for text in ("Hilfe", "Hallo", "Ich kann nicht mehr", "Ich will nicht mehr leben")
    },
    **{
        f"want {dialog}": _wants(dialog) for dialog in ("appointment", "letter", "greeting", "visits", "idea")
    },
    **{f"wait {hours}": _waits(hours) for hours in (1, 4, 25, 50)},
    "coach": lambda stage, mia, berta: berta.writes("Ich melde mich."),
}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTS)), min_size=4, max_size=14))
def test_nobody_is_lost(acts: list[str]) -> None:
    stage = Stage()
    try:
        berta = stage.staff("Berta Beispiel")
        mia = stage.participant(berta)
        add_dialogs(stage)
        for act in acts:
            ACTS[act](stage, mia, berta)
            said = [body.text for body in mia._take()]
            assert act.startswith("wait") or len(said) == len(set(said)), said
            check(stage)
    finally:
        stage.close()


def check(stage: Stage) -> None:
    """Who waits has a timer, or somebody else's end to wait for."""
    timers = stage.run(_timers)
    rows = under_way(stage)
    is_taken = any(row.state is ConversationState.OPEN for row in rows)
    active = stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.ACTIVE
    for row in rows:
        match row.state:
            case ConversationState.OPEN:
                assert not load(row.session).is_asleep
            case ConversationState.ASLEEP:
                assert load(row.session).is_asleep
                assert timers[f"timeout:{row.id}"] >= 0
            case ConversationState.PUT_BY:
                assert is_taken or not active or "floor:1" in timers
            case _:
                assert row.expires_at is not None
                assert timers["floor:1"] <= row.expires_at.timestamp()


def _timers(uow: UnitOfWork) -> dict[str, float]:
    assert isinstance(uow, SqlUnitOfWork)
    rows = uow.connection.execute(select(timer.c.dedup, timer.c.due_at).where(timer.c.state == "waiting"))
    return {dedup: due_at.timestamp() for dedup, due_at in rows}
