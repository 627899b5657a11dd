# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people send that no form foresees."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.ports import UnitOfWork
from tests.e2e.stories import Team, Town

MOOD = "Wie geht es Ihnen heute?"


async def test_codes_that_open_nothing(town: Town, team: Team) -> None:
    zoe, yun = town.meet("Zoe", 700), town.meet("Yun", 701)
    await zoe.opens("gibt-es-nicht-0123456789")
    await town.then(zoe.hears("Dieser Einladungs-Link gilt nicht mehr."))
    await zoe.opens()
    await town.then(zoe.hears("Ich bin ein Programm und kenne Sie noch nicht."))
    code = await town.invites(team.coach)
    await zoe.opens(code)
    await town.then(
        zoe.hears("Ich bin Lotse."), zoe.hears("kein Notruf"), zoe.hears("Darf ich Ihnen hier schreiben?")
    )
    await yun.opens(code)
    await town.then(yun.hears("Dieser Einladungs-Link gilt nicht mehr."))
    late = await town.invites(team.coach)
    await town.passes(days=31)
    town.forget()
    await town.settled()
    town.forget()
    await yun.opens(late)
    await town.then(yun.hears("Dieser Einladungs-Link gilt nicht mehr."))


async def test_a_colleagues_code_does_not_enrol_and_an_invitation_does_not_hire(
    town: Town, team: Team
) -> None:
    eva = await town.hires("Eva", 905, Role.COACH)
    zoe = town.meet("Zoe", 700)
    await zoe.opens(eva.hired.messenger_code)
    await town.then(zoe.hears("Dieser Einladungs-Link gilt nicht mehr."))
    await eva.person.opens(await town.invites(team.coach))
    await town.then(eva.person.hears("Ich kenne Sie noch nicht."))
    await eva.person.opens(eva.hired.messenger_code)
    await town.then(eva.person.hears("Willkommen."))


async def test_two_taps_at_once(town: Town, team: Team) -> None:
    mia = team.mia
    await mia.says("checkin")
    await town.then(mia.hears(MOOD))
    first, second = await mia.phone.presses("7"), await mia.phone.presses("7")
    await mia.phone.is_answered(first)
    await mia.phone.is_answered(second)
    await town.then(mia.hears("geschlafen?"))
    first, second = await mia.phone.presses("3"), await mia.phone.presses("4")
    await mia.phone.is_answered(first)
    await mia.phone.is_answered(second)
    await town.then(mia.hears("gelungen?"), mia.hears("Diese Frage war schon beantwortet."))
    assert (await answers_of(town, "500"))[-2:] == ["7", "3"]


async def test_an_old_button(town: Town, team: Team) -> None:
    mia = team.mia
    await mia.presses("Ja, hier im Messenger")
    await town.then(mia.reads("Dieser Knopf gehört zu einem früheren Gespräch."))
    await mia.says("checkin", "5")
    await town.then(mia.hears(MOOD), mia.hears("geschlafen?"))
    await mia.presses("2", older=1)
    await town.then(mia.hears("Diese Frage war schon beantwortet. Hier ist die aktuelle Frage:"))
    await mia.presses("Ja, hier im Messenger")
    await town.then(mia.reads("zu einem früheren Gespräch"), mia.hears("geschlafen?"))


@pytest.mark.parametrize("what", ["sends_sticker", "sends_voice", "sends_document"])
async def test_things_without_words(town: Town, team: Team, what: str) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("checkin")
    await getattr(mia.phone, what)()
    await town.then(
        mia.hears(MOOD), mia.hears("ich verstehe nur geschriebene Worte"), berta.hears("Meldung R1")
    )
    await mia.says("später")
    await town.then(mia.hears("später"))
    await getattr(mia.phone, what)()
    # The coach has been called already, and nobody has taken over yet.
    await town.then(mia.hears("Das kann ich nicht lesen: Ich bin ein Programm."))


async def test_words_below_a_picture_count_and_somebody_looks_at_the_picture(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("checkin")
    await mia.phone.sends_photo("6")
    await town.then(
        mia.hears(MOOD),
        berta.hears("Meldung R1"),
        mia.hears("dass etwas von Ihnen da ist.\n\n2 von 4\nWie haben Sie geschlafen?"),
    )


async def test_emoji_alone(town: Town, team: Team) -> None:
    mia = team.mia
    await mia.says("👍")
    await town.then(mia.hears("Gern. Sie können jederzeit schreiben."))
    await mia.says("checkin", "5", "5", "🙂🙂")
    await town.then(
        mia.hears(MOOD),
        mia.hears("geschlafen?"),
        mia.hears("gelungen?"),
        mia.hears("ich verstehe nur geschriebene Worte"),
    )


async def test_a_hundred_thousand_characters(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.phone.sends_long("wort " * 20_000)
    await town.settled()
    assert "Ich gebe sie an Berta Beispiel weiter." in mia.last
    assert "Meldung R1" in berta.last
    told = [call for call in town.api.calls(town.staff, "sendMessage") if call.chat_id == 901]
    assert len(told) == 2, "the welcome and one alert, not one for each piece"
    town.forget()


async def test_an_edited_answer_answers_nothing_but_danger_is_heard(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("checkin", "5")
    await town.then(mia.hears(MOOD), mia.hears("geschlafen?"))
    await mia.phone.edits("4")
    await town.then()
    await mia.phone.edits("Ich will nicht mehr leben.")
    await town.then(
        mia.hears("Rufen Sie jetzt 112 an."), berta.hears("Meldung R3"), mia.hears("an Berta Beispiel")
    )


async def test_a_coach_who_writes_without_a_case(town: Town, team: Team) -> None:
    await team.berta.says("Hallo?")
    await town.then(team.berta.hears("Ich weiß nicht, für wen das ist."))
    await team.berta.phone.sends_voice()
    await town.then(team.berta.hears("Ich kann nur Text weitergeben. Es wurde nichts gesendet."))
    stranger = town.meet("Unbekannt", 990, town.staff)
    await stranger.says("Hallo?")
    await town.then(stranger.hears("Ich kenne Sie noch nicht."))


async def answers_of(town: Town, account: str) -> list[str | None]:
    """What the person with this account has answered, as it is stored."""

    def read(uow: UnitOfWork) -> list[str | None]:
        contact = uow.people.find_contact("telegram", account)
        assert contact is not None
        return [answer.value for answer in uow.talks.answers(contact.participant.id)]

    return await town.do(read)
