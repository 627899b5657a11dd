# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Something goes to a partner only by name, with the person's yes, and no longer than that holds."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot import house
from bot.domain.delivery import Permanent
from bot.domain.people import Role
from bot.services.absences import leave_team
from bot.services.duty_watch import leave_and_tell
from bot.services.publish import publish
from bot.services.share import shared_with
from tests.services.at_desk import at_desk, is_away
from tests.services.stage import MONDAY, Actor, Stage

PARTNER = "Beratungsstelle Musterstadt"
NOT_ARRIVED = f"Die Nachricht an {PARTNER} ist dort nicht angekommen"


@pytest.fixture
def code(stage: Stage, mia: Actor) -> str:
    """Mia's case code; it is given after she has enrolled."""
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return person.case_code


@pytest.fixture
def paula(stage: Stage) -> Actor:
    """The contact of the partner, in the staff bot."""
    return stage.staff(PARTNER, Role.PARTNER)


def asks(berta: Actor, code: str) -> None:
    berta.writes(f"/weitergabe {code} An: {PARTNER} Was: Ihren Namen Wozu: für einen Termin")
    berta.hears("Ich frage die Person, sobald es passt")


def agreed(mia: Actor, berta: Actor, code: str) -> None:
    asks(berta, code)
    mia.presses("Ja, gern")
    mia.forgets()
    berta.hears("hat einer Weitergabe zugestimmt")


def give(berta: Actor, code: str) -> None:
    berta.writes(f"/uebergeben {code} An: {PARTNER} Text: Bitte rufen Sie Mia Muster an.")


def wishes_and_is_given(mia: Actor, berta: Actor, code: str) -> None:
    mia.writes("/hilfe")
    mia.presses("Ja")
    give(berta, code)


def holds(stage: Stage) -> bool:
    given = stage.run(lambda uow: uow.talks.given(1))
    return [one.granted for one in given if one.object == PARTNER][-1:] == [True]


def test_the_person_is_asked_by_name_and_the_coach_hears_of_a_yes(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    asks(berta, code)
    (question,) = mia.hears("Darf ich etwas weitergeben?")
    for words in (PARTNER, "Was: Ihren Namen", "Wozu: für einen Termin", "ein Jahr", "freiwillig"):
        assert words in question.text
    mia.presses("Ja, gern")
    mia.hears("für sonst niemanden")
    assert PARTNER not in berta.hears("hat einer Weitergabe zugestimmt")[0].text
    assert holds(stage)
    asks_again = f"/weitergabe {code} An: {PARTNER} Was: Ihren Namen Wozu: für einen Termin"
    berta.writes(asks_again)
    berta.hears("schon zugestimmt")


def test_of_a_no_nobody_hears(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    asks(berta, code)
    mia.presses("Nein, danke")
    berta.hears_nothing()
    assert not any(one.object for one in stage.run(lambda uow: uow.talks.given(1)))
    give(berta, code)
    berta.hears("Ohne die Einwilligung der Person geht nichts dorthin")


def test_the_partner_gets_words_and_the_coach_keeps_the_case(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    mia.writes("/hilfe")
    mia.presses("Ja")
    berta.forgets()
    before = stage.concerns()
    assert before
    give(berta, code)
    berta.hears("Der Fall bleibt bei Ihnen")
    (told,) = paula.hears("gibt Ihnen mit Einwilligung")
    assert "Mia" not in told.text
    assert stage.concerns() == before
    paula.presses("Anzeigen")
    paula.hears("Hier zeige ich keine Inhalte")
    seen = at_desk(stage, paula, before[0].id, lambda desk, _: shared_with(desk))
    assert [one.handed for one in seen] == ["Bitte rufen Sie Mia Muster an."]
    assert at_desk(stage, berta, before[0].id, lambda desk, _: shared_with(desk)) == []


def test_whoever_gives_something_to_a_contact_who_is_gone_hears_that_it_did_not_arrive(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    mia.writes("/hilfe")
    mia.presses("Ja")
    berta.forgets()
    mia.forgets()
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == paula.address else None
    give(berta, code)
    berta.hears(
        "Der Fall bleibt bei Ihnen", f"Fall {code}: Die Nachricht an {PARTNER} ist dort nicht angekommen"
    )
    give(berta, code)
    berta.hears("Diese Stelle ist über Lotse nicht zu erreichen")
    mia.hears_nothing()


def test_it_is_whoever_gave_it_who_hears_that_it_did_not_arrive(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    karl = stage.staff("Karl Klause")
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    agreed(mia, berta, code)
    mia.writes("/hilfe")
    mia.presses("Ja")
    is_away(stage, berta)
    for one in (berta, karl):
        one.forgets()
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == paula.address else None
    give(karl, code)
    karl.hears("ist weitergegeben", NOT_ARRIVED)
    berta.hears_nothing()


def test_where_whoever_gave_it_has_left_a_lead_hears_that_it_did_not_arrive(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    lea = stage.staff("Lea Leitung", Role.LEAD)
    agreed(mia, berta, code)
    at_night(stage)
    wishes_and_is_given(mia, berta, code)
    stage.run(lambda uow: leave_team(uow, berta.id, stage.now))
    lea.forgets()
    stage.refuse = lambda m: Permanent("gave_up") if m.address == paula.address else None
    stage.pass_time(hours=12)
    assert [body.text for body in lea._take() if NOT_ARRIVED in body.text] != []


def test_what_arrives_at_neither_of_two_ways_is_told_once(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    stage.run(lambda uow: uow.people.add_address(1, paula.channel, "second", staff_id=paula.id))
    mia.writes("/hilfe")
    mia.presses("Ja")
    berta.forgets()
    refusals = {paula.address: Permanent("refused"), "second": Permanent("blocked", address_dead=True)}
    stage.refuse = lambda m: refusals.get(m.address)
    give(berta, code)
    berta.hears("ist weitergegeben", NOT_ARRIVED)


def test_what_arrives_at_one_of_two_ways_has_arrived(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    stage.run(lambda uow: uow.people.add_address(1, paula.channel, "second", staff_id=paula.id))
    mia.writes("/hilfe")
    mia.presses("Ja")
    berta.forgets()
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == "second" else None
    give(berta, code)
    berta.hears("ist weitergegeben")


def test_what_is_given_later_does_not_take_away_what_nobody_has_read_yet(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    wishes_and_is_given(mia, berta, code)
    berta.writes(f"/uebergeben {code} An: {PARTNER} Text: Am besten nachmittags.")
    paula.hears("gibt Ihnen mit Einwilligung", "gibt Ihnen mit Einwilligung")
    seen = at_desk(stage, paula, stage.concerns()[0].id, lambda desk, _: shared_with(desk))
    assert [one.handed for one in seen] == ["Bitte rufen Sie Mia Muster an.\n\nAm besten nachmittags."]


def test_a_withdrawal_closes_it_at_once(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    wishes_and_is_given(mia, berta, code)
    berta.forgets()
    mia.forgets()
    mia.writes("/einwilligungen")
    mia.presses("Weitergabe")
    question = mia.hears("", f"• Weitergabe an: {PARTNER}", "", "Darf ich weiter etwas weitergeben?")[3]
    assert "Was: Ihren Namen" in question.text
    mia.presses("Nein, nicht mehr")
    berta.hears("hat eine Weitergabe zurückgenommen")
    number = stage.concerns()[0].id
    assert at_desk(stage, paula, number, lambda desk, _: shared_with(desk)) == []
    assert paula.presses("Anzeigen").toast == "Dieser Knopf gilt nicht mehr."
    give(berta, code)
    berta.hears("Ohne die Einwilligung")


def at_night(stage: Stage) -> None:
    stage.now = MONDAY + timedelta(hours=11, minutes=30)


def takes_back(mia: Actor) -> None:
    mia.writes("/einwilligungen")
    mia.presses("Weitergabe")
    mia.presses("Nein, nicht mehr")


def test_what_was_given_at_night_and_taken_back_before_morning_is_not_announced(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    at_night(stage)
    wishes_and_is_given(mia, berta, code)
    takes_back(mia)
    stage.pass_time(hours=12)
    paula.hears_nothing()


def test_what_was_given_at_night_is_announced_in_the_morning(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    at_night(stage)
    wishes_and_is_given(mia, berta, code)
    paula.hears_nothing()
    stage.pass_time(hours=12)
    paula.hears("gibt Ihnen mit Einwilligung")


def test_whoever_gave_something_at_night_hears_that_the_contact_has_left_before_morning(
    stage: Stage, mia: Actor, berta: Actor, paula: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    stage.run(lambda uow: uow.people.add_address(1, paula.channel, "second", staff_id=paula.id))
    at_night(stage)
    wishes_and_is_given(mia, berta, code)
    berta.forgets()
    stage.run(lambda uow: leave_and_tell(uow, stage.rules, paula.id, stage.now))
    stage.pass_time(hours=12)
    assert len([body for body in berta._take() if NOT_ARRIVED in body.text]) == 1
    paula.hears_nothing()


def test_another_meaning_is_asked_once_with_the_partners_name(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    agreed(mia, berta, code)
    every = house.dialog_sources()
    sources = {
        name: text.replace("purpose: sharing\n    meaning: 1", "purpose: sharing\n    meaning: 2")
        for name, text in every.items()
        if name.endswith(("ask_sharing.yaml", "my_consents.yaml"))
    }
    stage.run(partial(publish, sources=sources, now=stage.now))
    stage.renew_rules()
    give(berta, code)
    berta.hears("Ohne die Einwilligung")
    stage.pass_time(days=30)
    heard = [body.text for body in stage.ears[mia.channel, mia.address]]
    assert [text for text in heard if f"dass etwas an {PARTNER} geht" in text] != []
    assert len([text for text in heard if text.startswith("Darf ich etwas weitergeben?")]) == 1


def test_after_stopp_nobody_is_asked(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    mia.writes("STOPP")
    mia.forgets()
    berta.forgets()
    berta.writes(f"/weitergabe {code} An: {PARTNER} Was: Ihren Namen Wozu: für einen Termin")
    berta.hears("nicht erreichbar")
    berta.writes(f"/weitergabe {code} An: {PARTNER}")
    berta.hears("an wen, was und wozu")
    mia.hears_nothing()
    assert stage.run(lambda uow: uow.sharing.of_participant(1)) == []


def test_a_colleague_may_not_ask(stage: Stage, mia: Actor, code: str) -> None:
    karl = stage.staff("Karl Klause")
    karl.writes(f"/weitergabe {code} An: {PARTNER} Was: x Wozu: y")
    karl.hears("kümmert sich jemand anderes")
    mia.hears_nothing()
