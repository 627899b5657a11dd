# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The whole program shows a picture: a shipped one, an operator's own, and none where there is none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.messages import Body, Key, Kind
from bot.errors import ConfigurationError
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from tests.doubles.playing import A_PICTURE
from tests.e2e.stories import Team, Town

YES = ((Key("Ja", "c:0:0:yes"),),)


def show(uow: UnitOfWork, rules: Rulebook, address: str, body: Body, town: Town) -> None:
    contact = uow.people.find_contact("telegram", address)
    assert contact is not None
    visit = Visit(uow, rules, contact, town.clock.now())
    visit.show(Kind.REPLY, body)
    visit.finish()


async def shows(town: Town, team: Team, text: str, picture: str) -> None:
    body = Body(text, YES, picture=picture, alt="Ein Boot", picture_label="Bild")
    address = str(team.mia.phone.user_id)
    await town.do(partial(show, rules=town.app.rules(), address=address, body=body, town=town))
    town.app.wake_all()


async def test_a_picture_reaches_the_phone_with_words_and_buttons(town: Town, team: Team) -> None:
    mia = team.mia
    await shows(town, team, "Guten Tag", "pilot_boat.png")
    await town.then(mia.hears("Guten Tag\n\n[Bild: Ein Boot]"))
    await shows(town, team, "Und jetzt ohne", "missing.png")
    await town.then(mia.hears("Und jetzt ohne\n\n[Bild: Ein Boot]"))
    assert [one.kind for one in mia.phone.screen()[-2:]] == ["photo", "text"]
    assert [one.buttons for one in mia.phone.screen()[-2:]] == [(("Ja",),)] * 2


async def test_an_operator_s_own_picture_is_there_after_a_restart(town: Town, team: Team) -> None:
    folder = town.settings.data_dir / "pictures"
    folder.mkdir()
    (folder / "pilot_boat.png").write_bytes(A_PICTURE)
    await town.stop()
    await town.start()
    await shows(town, team, "Guten Tag", "pilot_boat.png")
    await town.then(team.mia.hears("Guten Tag"))
    assert list(town.participants.files.values()) == [A_PICTURE]


async def test_a_picture_that_cannot_be_shown_stops_the_start(town: Town, team: Team) -> None:
    folder: Path = town.settings.data_dir / "pictures"
    folder.mkdir()
    (folder / "Hafen.png").write_bytes(A_PICTURE)
    with pytest.raises(ConfigurationError, match=r"Hafen\.png: rename it"):
        App(town.settings)
