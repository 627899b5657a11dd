# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A hand-over pack: the person says what is in it and who gets it, and nothing goes without their yes."""

from __future__ import annotations

import pytest

from bot.domain.consent import Purpose
from bot.domain.handover_packs import HandoverPack, PackState, Receiver
from bot.domain.help_plans import Goal, PlanContent, Step
from bot.domain.people import Role
from bot.domain.referrals import SendWay
from bot.ports import UnitOfWork
from bot.services import handover_packs, share
from bot.services.appointment_dates import EntryFault
from bot.services.consents import withdraw
from bot.services.handover_packs import Overview
from bot.services.own_rows import without_own
from bot.services.visit import Visit
from tests.services.stage import Actor, Stage
from tests.services.test_help_plans import at_work, propose, write

PLACE = "Beratungsstelle Musterstadt"
PLAN = PlanContent(
    goals=(
        Goal(
            words="Besser schlafen",
            steps=(Step(words="Beim Hausarzt anrufen"), Step(words="Abends spazieren gehen")),
        ),
    )
)


@pytest.fixture
def code(stage: Stage, mia: Actor, berta: Actor) -> str:
    """Mia's case code; she has enrolled, and there is a plan with two open steps."""
    write(stage, berta, PLAN)
    propose(stage, berta)
    mia.presses("Ja, er passt")
    mia.presses("Nein")
    mia.forgets()
    berta.forgets()
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return person.case_code


def offer(stage: Stage, berta: Actor) -> None:
    at_work(stage, berta, handover_packs.offer)


def name_place(stage: Stage, berta: Actor, place: str = PLACE) -> Receiver:
    return at_work(
        stage,
        berta,
        lambda desk, person: handover_packs.name_place(desk, person, place, "damit es weitergeht"),
    )


def send(stage: Stage, berta: Actor, way: SendWay = SendWay.LETTER, number: int = 1) -> None:
    at_work(stage, berta, lambda desk, person: handover_packs.send(desk, person, number, way))


def seen(stage: Stage, berta: Actor) -> Overview:
    found = at_work(stage, berta, handover_packs.overview)
    assert found is not None
    return found


def pack_of(stage: Stage) -> HandoverPack:
    return stage.run(lambda uow: uow.casework.handover_packs.of_participant(1))[-1]


def choose(mia: Actor, strengths: str = "Ich koche gern.", steps: str = "Ja") -> None:
    """From the invitation to the pack as it would be."""
    mia.presses("Ja, gern")
    mia.writes(strengths)
    mia.presses(steps)


def take_back(uow: UnitOfWork, stage: Stage) -> None:
    contact = uow.people.contact_of(1)
    assert contact is not None
    assert withdraw(
        Visit(uow, stage.rules, contact, stage.now), Purpose.SHARING, PLACE, version="my_consents"
    )


def finish(mia: Actor) -> None:
    mia.presses("Ja, so passt sie")
    mia.presses("Nein")


def test_chosen_seen_asked_and_passed_on(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    offer(stage, berta)
    name_place(stage, berta)
    choose(mia)
    mia.forgets()
    berta.forgets()
    mia.writes("weiter")
    mia.forgets()
    assert seen(stage, berta).text == ""
    mia.presses("Etwas weglassen")
    mia.writes("3")
    (_, preview, _) = mia.hears("Welche Nummer", "Das ist Ihre Mappe", "Passt die Mappe")
    for words in ("Was ich gut kann", "1. Ich koche gern.", "2. Beim Hausarzt anrufen"):
        assert words in preview.text
    assert "spazieren" not in preview.text
    finish(mia)
    heard = mia.hears("Ihre Mappe steht jetzt", "Diese Stellen", "Darf ich etwas weitergeben?")
    for words in (f"An wen: {PLACE}", "Stärken, nächste Schritte", "damit es weitergeht"):
        assert words in heard[2].text
    assert pack_of(stage).state is PackState.CHOSEN
    with pytest.raises(EntryFault) as fault:
        send(stage, berta)
    assert "Ohne die Einwilligung" in fault.value.say(stage.rules.voice("de"))
    assert seen(stage, berta).text == ""
    mia.presses("Ja, gern")
    mia.hears(f"Danke. Ihr Ja gilt für {PLACE}")
    (told,) = berta.hears(f"Fall {code}: Die Person möchte ihre Mappe zur Überleitung weitergeben")
    assert PLACE not in told.text
    shown = seen(stage, berta)
    assert shown.text == preview.text.removeprefix("Das ist Ihre Mappe:\n\n")
    assert shown.places[0].holds
    send(stage, berta)
    (gone,) = mia.hears("Berta")
    for words in ("hat Ihre Mappe weitergegeben", PLACE, "mit einem Brief"):
        assert words in gone.text
    assert seen(stage, berta).places[0].is_sent


@pytest.mark.parametrize("answer", ["Ja", "Nein"])
def test_what_is_not_put_in_is_not_in_it(
    stage: Stage, mia: Actor, berta: Actor, code: str, answer: str
) -> None:
    offer(stage, berta)
    choose(mia, "Ich koche gern.", answer)
    text = "".join(line.words for line in pack_of(stage).choice.shown)
    assert "koche" in text
    assert ("Hausarzt" in text) == (answer == "Ja")


def test_nothing_in_it_is_no_pack(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    offer(stage, berta)
    mia.presses("Ja, gern")
    mia.presses("Überspringen")
    mia.presses("Nein")
    assert pack_of(stage).version == 0
    mia.hears("Am Ende", "Was können Sie gut", "Das haben Sie noch vor", "In Ordnung. Es geht nichts")
    assert stage.concerns() == []


def test_a_yes_that_is_taken_back_before_it_goes(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    offer(stage, berta)
    name_place(stage, berta)
    choose(mia)
    finish(mia)
    mia.presses("Ja, gern")
    stage.run(lambda uow: take_back(uow, stage))
    with pytest.raises(EntryFault):
        send(stage, berta)
    assert seen(stage, berta).text == ""


def test_a_yes_counts_for_what_was_seen_and_for_nothing_later(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    offer(stage, berta)
    name_place(stage, berta)
    choose(mia)
    finish(mia)
    mia.presses("Ja, gern")
    stage.pass_time(minutes=5)
    mia.writes("/mappe")
    mia.presses("Neu anfangen")
    with pytest.raises(EntryFault):
        send(stage, berta)
    mia.writes("Ich habe Geduld.")
    mia.presses("Nein")
    finish(mia)
    with pytest.raises(EntryFault):
        send(stage, berta)
    mia.presses("Ja, gern")
    assert "Geduld" in seen(stage, berta).text
    assert "Hausarzt" not in seen(stage, berta).text
    send(stage, berta)


def test_over_lotse_the_place_gets_it_word_for_word(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    stage.staff(PLACE, Role.PARTNER)
    offer(stage, berta)
    choose(mia)
    finish(mia)
    mia.forgets()
    # Named when the pack is right already: the person is asked at once.
    name_place(stage, berta)
    mia.presses("Ja, gern")
    text = seen(stage, berta).text
    send(stage, berta, SendWay.LOTSE)
    send(stage, berta, SendWay.LOTSE)
    asks = stage.run(lambda uow: uow.sharing.of_participant(1))
    assert [one.handed for one in asks] == [text]


def test_it_is_the_persons_own_copy_and_not_the_teams(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    offer(stage, berta)
    choose(mia)
    finish(mia)
    stored = stage.run(lambda uow: uow.rights.stored(1))
    assert "Hausarzt" in str(stored["handover_version"][0]["content"])
    assert not without_own(stored)["handover_version"]
    assert not without_own(stored)["handover_pack"]
    # They have given it to nobody: it is theirs, and the talk about it is.
    assert seen(stage, berta).text == ""
    said = [str(row) for row in stored["outgoing"]]
    left = [str(row) for row in without_own(stored)["outgoing"]]
    assert any("Das ist Ihre Mappe" in one for one in said)
    assert not any("Das ist Ihre Mappe" in one or "Das haben Sie noch vor" in one for one in left)


def test_kind_faults(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    for act in (
        handover_packs.close,
        lambda desk, person: handover_packs.send(desk, person, 1, SendWay.MAIL),
    ):
        with pytest.raises(EntryFault):
            at_work(stage, berta, act)
    offer(stage, berta)
    name_place(stage, berta)
    for place in (PLACE.upper(), "", "x" * 200):
        with pytest.raises(EntryFault):
            name_place(stage, berta, place)
    for number in range(handover_packs.MOST_RECEIVERS - 1):
        name_place(stage, berta, f"Stelle {number}")
    with pytest.raises(EntryFault):
        name_place(stage, berta, "Eine zu viel")
    with pytest.raises(EntryFault):
        send(stage, berta, SendWay.MAIL, 10**20)
    at_work(stage, berta, handover_packs.close)
    assert pack_of(stage).state is PackState.CLOSED
    assert share.LONGEST_HANDED < handover_packs.LONGEST_PACK
