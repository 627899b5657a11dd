# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Two agencies in one program, both from the configuration: each has its bots, its people, its calendar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services.partner_files import import_partners
from bot.settings import DefaultAgency
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import Bot, BotApiDouble
from tests.e2e.conftest import POSTGRES_WEBHOOK, SQLITE_POLLING, FirstStart, laid
from tests.e2e.stories import MONDAY, Colleague, Someone, Town, next_door, settings_for

HERE, THERE = 1, 2
PARTNERS = "art;name;bezirk\nBeratung;Haus am Ring;Mitte\n"


class TwoTowns(Town):
    """The town, and next to it an agency with bots of its own."""

    @property
    def their_bot(self) -> Bot:
        """The other agency's bot for participants."""
        return self.neighbours[0]

    @property
    def their_team(self) -> Bot:
        """The other agency's bot for staff."""
        return self.neighbours[1]

    async def hires_there(self, name: str, number: int, role: Role) -> Colleague:
        """A colleague of the other agency, linked to its own staff bot."""
        colleague = await self.hires(name, number, role, agency=THERE)
        await colleague.person.opens(colleague.hired.messenger_code)
        return colleague

    async def hires_here(self, name: str, number: int, role: Role) -> Colleague:
        """A colleague of the first agency, linked."""
        colleague = await self.hires(name, number, role)
        await colleague.person.opens(colleague.hired.messenger_code)
        return colleague

    async def enrols(self, person: Someone, coach: Colleague) -> None:
        """By an invitation, up to the first check-in."""
        await person.opens(await self.invites(coach.hired))
        await person.says("ja", "ja", "ja", "4", "4", "nichts Besonderes", "nein")
        await self.settled()


@pytest.fixture(params=[SQLITE_POLLING, pytest.param(POSTGRES_WEBHOOK, marks=pytest.mark.postgres)])
async def towns(
    request: pytest.FixtureRequest, tmp_path: Path, first_start: FirstStart
) -> AsyncIterator[TwoTowns]:
    """Both agencies from the settings. Corpus Christi is a holiday only in the second."""
    ground = laid(request, request.param, tmp_path, first_start)
    clock = AdvanceableClock(MONDAY)
    async with BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api:
        bots = [api.add_bot(f"{n}:{'ABCD'[n - 1] * 3}", f"bot_{n}") for n in range(1, 5)]
        further = next_door(api, ground.mode, "Märkischer Kreis", "NW")
        settings = settings_for(api, tmp_path, ground.url, ground.mode, name="Havelland", mk=further)
        town = TwoTowns(api, settings, clock, bots[0], bots[1], neighbours=(bots[2], bots[3]))
        await town.start()
        await town.settled()
        try:
            yield town
        finally:
            await town.stop()
        assert api.violations == []


async def test_nobody_hears_of_the_other_agency(towns: TwoTowns) -> None:
    berta = await towns.hires_here("Berta", 901, Role.COACH)
    fritz = await towns.hires_there("Fritz", 902, Role.COACH)
    await towns.hires_there("Frida", 903, Role.ADMIN)
    mia, noah = towns.meet("Mia", 500), towns.meet("Noah", 501, towns.their_bot)
    await towns.enrols(mia, berta)
    await towns.enrols(noah, fritz)
    towns.forget()
    await mia.says("Ich will nicht mehr leben.")
    await towns.settled()
    heard = [one.who for one in towns._happened()]
    assert {"Mia", "Berta"} <= set(heard)
    assert not {"Fritz", "Frida", "Noah"} & set(heard)
    # And whatever follows in the next days, while nobody takes it over.
    await towns.passes(hours=30)
    await towns.settled()
    alarmed = [one for one in towns._happened() if "Meldung R3" in one.text]
    assert not [one for one in alarmed if one.who in ("Fritz", "Frida")]

    def seen(uow: UnitOfWork) -> tuple[int, int, int]:
        uow.serve(THERE)
        mine = uow.people.participants(THERE)
        return (
            len(mine),
            len(uow.concerns.of_agency(THERE, open_only=False)),
            len(uow.people.all_staff(THERE)),
        )

    assert await towns.do(seen) == (1, 0, 2)
    if not towns.settings.database.startswith("sqlite"):

        def theirs(uow: UnitOfWork) -> int:
            uow.serve(THERE)
            return len(uow.people.participants(HERE)) + len(uow.people.all_staff(HERE))

        # The database itself keeps them apart, for rows that were made this way.
        assert await towns.do(theirs) == 0


async def test_a_stranger_belongs_to_the_bot_they_write_to(towns: TwoTowns) -> None:
    lea = await towns.hires_here("Lea", 901, Role.LEAD)
    fritz = await towns.hires_there("Fritz", 902, Role.LEAD)
    await towns.settled()
    towns.forget()
    stranger = towns.meet("Jemand", 700, towns.their_bot)
    await stranger.says("Ich will nicht mehr leben.")
    await towns.settled()
    heard = {one.who for one in towns._happened()}
    assert fritz.person.name in heard
    assert lea.person.name not in heard
    [concern] = await towns.do(lambda uow: uow.concerns.of_agency(THERE, open_only=False))
    assert concern.agency_id == THERE
    told = (await towns.app.metrics.render(towns.app.storage)).decode()
    assert 'lotse_concerns_open{agency="mk",level="R3"} 1.0' in told
    assert 'lotse_concerns_open{agency="default",level="R3"} 0.0' in told


async def test_a_code_opens_no_bot_of_the_other_agency(towns: TwoTowns) -> None:
    berta = await towns.hires_here("Berta", 901, Role.COACH)
    code = await towns.invites(berta.hired)
    mia = towns.meet("Mia", 500, towns.their_bot)
    await mia.opens(code)
    await towns.settled()
    assert await towns.do(lambda uow: uow.people.participants(HERE)) == []
    assert await towns.do(lambda uow: uow.people.participants(THERE)) == []
    # It was not used up by that.
    again = towns.meet("Mia selbst", 500)
    await again.opens(code)
    await towns.settled()
    [person] = await towns.do(lambda uow: uow.people.participants(HERE))
    assert person.coach_id == berta.hired.id


async def test_staff_of_one_agency_cannot_link_to_the_bot_of_the_other(towns: TwoTowns) -> None:
    berta = await towns.hires("Berta", 901, Role.COACH)
    lost = towns.meet("Berta dort", 901, towns.their_team)
    await lost.opens(berta.hired.messenger_code)
    await towns.settled()
    assert await towns.do(lambda uow: uow.people.staff_addresses([berta.hired.id])) == []
    await berta.person.opens(berta.hired.messenger_code)
    await towns.settled()
    [address] = await towns.do(lambda uow: uow.people.staff_addresses([berta.hired.id]))
    assert address.channel == "telegram_staff"


async def test_each_has_its_own_directory_and_its_own_calendar(towns: TwoTowns) -> None:
    now, rules = towns.clock.now(), towns.app.rules()
    for agency_id in (HERE, THERE):
        await towns.do(lambda uow, a=agency_id: import_partners(uow, a, PARTNERS, "command", now))  # type: ignore[misc]
    found = [
        await towns.do(lambda uow, a=a: uow.casework.partners.of_agency(a))  # type: ignore[misc]
        for a in (HERE, THERE)
    ]
    assert [[one.name for one in each] for each in found] == [["Haus am Ring"], ["Haus am Ring"]]
    assert found[0][0].id != found[1][0].id
    corpus_christi = MONDAY + timedelta(days=31)
    assert rules.is_read_now(HERE, corpus_christi)
    assert not rules.is_read_now(THERE, corpus_christi)
    assert rules.agencies[THERE].channels >= {"telegram@mk", "telegram_staff@mk"}
    assert "telegram" not in rules.agencies[THERE].channels


async def test_a_new_name_makes_no_new_agency(towns: TwoTowns) -> None:
    fritz = await towns.hires_there("Fritz", 902, Role.COACH)
    await towns.settled()
    await towns.stop()
    further = towns.settings.agency.further["mk"].model_copy(update={"name": "Kreis MK"})
    towns.settings = towns.settings.model_copy(
        update={"agency": DefaultAgency(name="Havelland", aa={"name": "Dritte"}, mk=further)}  # type: ignore[call-arg]
    )
    await towns.start()
    agencies = towns.app.rules().agencies
    assert {one.key: (number, one.name) for number, one in agencies.items()} == {
        "default": (HERE, "Havelland"),
        "aa": (3, "Dritte"),
        "mk": (THERE, "Kreis MK"),
    }
    staff = await towns.do(lambda uow: uow.people.staff(fritz.hired.id))
    assert staff is not None
    assert staff.agency_id == THERE
