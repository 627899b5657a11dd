# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What messengers do to a program: limits, lost answers, blocked bots, duplicates, and time off."""

from __future__ import annotations

from datetime import timedelta

from bot.services.timer_desk import LEASE
from tests.doubles.bot_api import FaultKind
from tests.e2e.stories import Team, Town

MOOD = "Wie geht es Ihnen heute?"


async def test_a_limit_for_one_chat_holds_up_that_chat_alone(town: Town, team: Team) -> None:
    mia, noah = team.mia, team.noah
    town.api.fail_next(town.participants, "sendMessage", 500, kind=FaultKind.RETRY_CHAT, retry_after=7)
    await mia.says("checkin", "5")
    await noah.says("checkin")
    await town.then(noah.hears(MOOD))
    await town.passes(seconds=6.9)
    await town.then()
    await town.passes(seconds=0.1)
    await town.then(mia.hears(MOOD), mia.hears("geschlafen?"))


async def test_a_limit_for_the_bot_holds_up_everybody_once(town: Town, team: Team) -> None:
    mia, noah = team.mia, team.noah
    town.api.fail_next(town.participants, "sendMessage", kind=FaultKind.RETRY_BOT, retry_after=5)
    await mia.says("checkin")
    await noah.says("checkin")
    await town.then()
    await town.passes(seconds=6)
    await town.then(mia.hears(MOOD), noah.hears(MOOD))


async def test_a_lost_answer_doubles_one_message_at_most(town: Town, team: Team) -> None:
    mia = team.mia
    town.api.fail_next(town.participants, "sendMessage", 500, kind=FaultKind.LOST_ANSWER)
    await mia.says("checkin")
    await town.then(mia.hears(MOOD))
    await town.passes(seconds=2)
    await town.then(mia.hears(MOOD))
    await mia.says("5")
    await town.then(mia.hears("geschlafen?"))


async def test_a_server_that_fails_again_and_again(town: Town, team: Team) -> None:
    mia = team.mia
    town.api.fail_next(town.participants, "sendMessage", 500, kind=FaultKind.SERVER_ERROR, times=4)
    await mia.says("checkin", "4")
    for seconds in (2, 4, 8):
        await town.then()
        await town.passes(seconds=seconds)
    await town.then()
    await town.passes(seconds=16)
    await town.then(mia.hears(MOOD), mia.hears("geschlafen?"))


async def test_everything_comes_twice(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    town.participants.mishaps.duplicates = 3
    await mia.says("checkin", "1")
    await town.settled()
    await mia.presses("3")
    await town.then(
        mia.hears(MOOD), mia.hears("geschlafen?"), berta.hears("Meldung R1"), mia.hears("gelungen?")
    )
    town.participants.updates.redeliver()
    await town.then()


async def test_whoever_blocks_the_bot_is_left_alone_and_the_coach_told(town: Town, team: Team) -> None:
    mia, berta, noah = team.mia, team.berta, team.noah
    await mia.phone.blocks()
    await town.then(berta.hears("Meldung R1"))
    await berta.presses("Übernehmen")
    await town.then(berta.sees("Übernommen von Ihnen."), berta.hears("nächster Schritt?"))
    await berta.presses("Ich schreibe jetzt")
    await berta.says("Alles in Ordnung?")
    await town.then(
        berta.hears("notiert"),
        berta.hears("Schreiben Sie jetzt Ihre Antwort"),
        berta.hears("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet."),
    )
    await berta.presses("Termin in den nächsten Tagen")
    await town.then(berta.hears("notiert"))
    sent = len(town.api.calls(town.participants, "sendMessage"))
    await town.passes(days=7)
    await town.then(noah.hears(MOOD), berta.hears("Ihr Tag"), berta.hears("Meldung R1"), in_any_order=True)
    assert all(call.chat_id != 500 for call in town.api.calls(town.participants, "sendMessage")[sent:])

    await mia.phone.unblocks()
    await mia.says("Hallo, da bin ich wieder.")
    await town.settled()
    assert "Ich gebe sie an Berta Beispiel weiter." in mia.last
    town.forget()
    await berta.says("Schön, von Ihnen zu hören.")
    await town.then(mia.hears("Schön, von Ihnen zu hören."), berta.hears("unterwegs"))


async def test_a_block_that_only_a_sending_finds(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    mia.phone.chat.is_blocked = True
    # The day at a glance first: else it is a matter of moments whether it knows of the concern already.
    await town.passes(days=6, hours=23)
    await town.then()
    await town.passes(hours=1)
    await town.then(team.noah.hears(MOOD), berta.hears("Meldung R1"))
    await town.passes(hours=1)
    await town.then()


async def test_an_account_with_a_new_number(town: Town, team: Team) -> None:
    mia = team.mia
    moved = town.meet("Mia, neu", 777)
    moved.phone.chat.is_open = True
    await mia.says("checkin")
    await town.then(mia.hears(MOOD))
    mia.phone.chat.moved_to = 777
    await town.passes(days=1)
    await town.then(moved.hears(MOOD))
    await moved.says("6")
    await town.then(moved.hears("geschlafen?"))


async def test_messages_while_lotse_is_down(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("checkin")
    await town.then(mia.hears(MOOD))
    await town.stop()
    await mia.says("1", "5")
    await town.start()
    await town.then(mia.hears("geschlafen?"), berta.hears("Meldung R1"), mia.hears("gelungen?"))
    await town.stop()
    press = await mia.phone.presses("4")
    await town.start()
    await mia.phone.is_answered(press)
    await town.then(mia.hears("Diese Frage war schon beantwortet."))


async def test_time_that_passed_while_lotse_was_down(town: Town, team: Team) -> None:
    """Due timers fire once, late rather than never."""
    mia, berta, dirk = team.mia, team.berta, team.dirk
    await mia.says("Ich habe keine Hoffnung mehr")
    await town.then(mia.hears("Ich gebe sie an Berta Beispiel weiter."), berta.hears("Meldung R2"))
    await town.stop()
    await town.passes(hours=3)
    await town.start()
    await town.then(dirk.hears("Meldung R2"))


async def test_a_timer_that_a_process_died_with_is_due_at_once(town: Town, team: Team) -> None:
    mia, berta, dirk = team.mia, team.berta, team.dirk
    await mia.says("Ich habe keine Hoffnung mehr")
    await town.then(mia.hears("Ich gebe sie an Berta Beispiel weiter."), berta.hears("Meldung R2"))
    soon = town.clock.now() + timedelta(hours=2)
    await town.do(lambda uow: uow.timers.claim(soon, 100, soon + LEASE))
    await town.stop()
    await town.until(soon)
    await town.start()
    await town.then(dirk.hears("Meldung R2"))
