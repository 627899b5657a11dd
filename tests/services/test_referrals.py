# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A referral from a proposal to its end: nothing goes anywhere without a yes, and the coach keeps it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.appointments import AppointmentKind
from bot.domain.people import Participant, Role, Standing
from bot.domain.referrals import Need, Outcome, Referral, ReferralEntry, ReferralState, SendWay
from bot.domain.sharing import SharingAsk
from bot.ports import UnitOfWork
from bot.services import referrals, share
from bot.services.absences import leave_team
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_entries import NewEntry
from bot.services.appointments import set_appointment
from bot.services.caseload_changes import Reason, Transfer, hand_to
from bot.services.people_view import Whose
from bot.services.referrals import Proposal
from bot.services.referrals_view import waiting
from bot.services.share import Wish, shared_with
from tests.services.at_desk import is_away
from tests.services.stage import Actor, Stage
from tests.services.test_help_plans import at_work

PARTNER = "Reha Musterstadt"
WISH = Wish(PARTNER, "Ihren Namen", "damit Sie wieder Kraft haben")


@pytest.fixture
def code(stage: Stage, mia: Actor) -> str:
    """Mia's case code; it is given after she has enrolled."""
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    return person.case_code


def referral_of(stage: Stage) -> Referral:
    return stage.run(lambda uow: uow.casework.referrals.of_participant(1))[-1]


def history_of(stage: Stage) -> list[ReferralEntry]:
    return stage.run(lambda uow: uow.casework.referrals.history(1))


def events_of(stage: Stage) -> list[str]:
    return [entry.event.value for entry in history_of(stage)]


def propose(stage: Stage, berta: Actor, wish: Wish = WISH) -> None:
    at_work(stage, berta, lambda desk, person: referrals.propose(desk, person, Proposal(wish)))
    berta.forgets()


def send(stage: Stage, berta: Actor, way: SendWay = SendWay.LETTER, words: str = "Mia Muster") -> None:
    at_work(stage, berta, lambda desk, person: referrals.send(desk, person, 1, way, words))


def agree(mia: Actor) -> None:
    mia.presses("Ja")
    mia.presses("Ja, gern")
    mia.forgets()


def meet(stage: Stage, berta: Actor, days: int = 2) -> int:
    """An appointment at the partner, told of already."""
    starts_at = stage.now + timedelta(days=days)

    def made(person: Participant) -> NewEntry:
        return NewEntry(person.case_code, AppointmentKind.PARTNER, starts_at)

    number, _ = at_work(stage, berta, lambda desk, person: set_appointment(desk, person, made(person)))
    at_work(stage, berta, lambda desk, person: referrals.make_appointment(desk, person, 1, number))
    return number


def heard(stage: Stage, actor: Actor) -> list[str]:
    return [body.text for body in stage.ears.pop((actor.channel, actor.address), [])]


def test_asked_by_name_handed_over_and_told(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    propose(stage, berta)
    (asked,) = mia.hears("Berta")
    for words in (PARTNER, "damit Sie wieder Kraft haben", "freiwillig"):
        assert words in asked.text
    with pytest.raises(EntryFault) as fault:
        send(stage, berta)
    assert "Ohne die Einwilligung" in fault.value.say(stage.rules.voice("de"))
    mia.presses("Ja")
    (question,) = mia.hears("Darf ich etwas weitergeben?")
    for words in (f"An wen: {PARTNER}", "Was: Ihren Namen", "ein Jahr"):
        assert words in question.text
    assert referral_of(stage).state is ReferralState.PROPOSED
    mia.presses("Ja, gern")
    mia.hears(f"Danke. Ihr Ja gilt für {PARTNER}")
    (told,) = berta.hears(f"Fall {code}: Die Person hat einer Vermittlung zugestimmt")
    assert PARTNER not in told.text
    send(stage, berta)
    (done,) = mia.hears("Berta")
    for words in ("hat weitergegeben, was Sie erlaubt haben", PARTNER, "Was: Mia Muster", "mit einem Brief"):
        assert words in done.text
    assert referral_of(stage).state is ReferralState.SENT
    mia.writes("/vermittlung")
    assert (
        "Ihre Angaben sind weitergegeben" in mia.hears("Das sind Ihre Vermittlungen", "Was möchten")[0].text
    )
    assert events_of(stage) == ["propose", "consent", "send"]
    assert stage.concerns() == []


def test_whoever_does_not_say_yes_leaves_no_trace(stage: Stage, mia: Actor, berta: Actor) -> None:
    propose(stage, berta)
    mia.presses("Jetzt nicht")
    mia.hears("", "In Ordnung. Es geht nichts dorthin")
    berta.hears_nothing()
    assert events_of(stage) == ["propose"]
    assert not any(one.object for one in stage.run(lambda uow: uow.talks.given(1)))
    assert [one for one in stage.run(lambda uow: uow.talks.answers(1)) if one.dialog == "referral"] == []
    # They look at it again when they like, and may ask a human.
    mia.writes("vermittlung")
    mia.presses("Vorschlag ansehen")
    assert PARTNER in mia.hears("Das sind Ihre Vermittlungen", "Es gibt einen Vorschlag", "")[2].text
    mia.presses("Ich habe eine Frage")
    mia.writes("Wie lange dauert das?")
    assert [one.reason for one in stage.concerns()] == ["referral_question"]
    mia.forgets()
    berta.forgets()
    # Staff show it once more; the yes is then for what they read.
    at_work(stage, berta, lambda desk, person: referrals.propose_again(desk, person, 1))
    agree(mia)
    assert referral_of(stage).state is ReferralState.CONSENTED


def test_a_yes_that_is_taken_back_stops_it_at_once(stage: Stage, mia: Actor, berta: Actor) -> None:
    propose(stage, berta)
    agree(mia)
    mia.writes("/vermittlung")
    mia.presses("Mein Ja zurücknehmen")
    mia.writes("7")
    assert mia.hears("", "", "", "Eine Vermittlung mit der Nummer 7 gibt es bei Ihnen nicht")
    mia.writes("/vermittlung")
    mia.presses("Mein Ja zurücknehmen")
    berta.forgets()
    mia.writes("1")
    mia.hears("", "", "", "In Ordnung. Ab jetzt geht nichts mehr dorthin")
    berta.hears(
        "",
    )
    assert referral_of(stage).state is ReferralState.PROPOSED
    with pytest.raises(EntryFault):
        send(stage, berta)
    mia.hears_nothing()
    assert events_of(stage) == ["propose", "consent", "take_back"]


def test_a_yes_to_something_else_is_none(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    berta.writes(f"/weitergabe {code} An: {PARTNER} Was: Ihre Telefonnummer Wozu: für einen Rückruf")
    mia.presses("Ja, gern")
    mia.forgets()
    stage.pass_time(minutes=1)
    propose(stage, berta)
    assert referral_of(stage).state is ReferralState.PROPOSED
    with pytest.raises(EntryFault):
        send(stage, berta)
    # What was agreed to before still may go there, and only that.
    asks = stage.run(lambda uow: uow.sharing.of_participant(1))
    assert at_work(stage, berta, lambda desk, _: [share.holds(desk, one) for one in asks]) == [True, False]
    mia.forgets()
    agree(mia)
    assert referral_of(stage).state is ReferralState.CONSENTED


def test_the_partners_contact_gets_it_while_the_yes_holds(stage: Stage, mia: Actor, berta: Actor) -> None:
    paula = stage.staff(PARTNER, Role.PARTNER)
    propose(stage, berta)
    agree(mia)
    send(stage, berta, SendWay.LOTSE, "Bitte rufen Sie Mia Muster an.")
    (told,) = paula.hears("gibt Ihnen mit Einwilligung")
    assert "Mia" not in told.text
    seen = at_work(stage, paula, lambda desk, _: shared_with(desk))
    assert [one.handed for one in seen] == ["Bitte rufen Sie Mia Muster an."]
    mia.writes("/vermittlung")
    mia.presses("Mein Ja zurücknehmen")
    mia.writes("1")
    assert at_work(stage, paula, lambda desk, _: shared_with(desk)) == []
    assert referral_of(stage).state is ReferralState.SENT
    with pytest.raises(EntryFault):
        send(stage, berta)


def test_what_a_referral_gives_later_does_not_take_away_what_nobody_has_read_yet(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    paula = stage.staff(PARTNER, Role.PARTNER)
    propose(stage, berta)
    agree(mia)
    for words in ("Bitte rufen Sie Mia Muster an.", "Am besten nachmittags.", "Am besten nachmittags."):
        send(stage, berta, SendWay.LOTSE, words)
    seen = at_work(stage, paula, lambda desk, _: shared_with(desk))
    assert [one.handed for one in seen] == ["Bitte rufen Sie Mia Muster an.\n\nAm besten nachmittags."]


def test_the_person_says_how_the_first_visit_was(stage: Stage, mia: Actor, berta: Actor) -> None:
    propose(stage, berta)
    agree(mia)
    send(stage, berta)
    meet(stage, berta)
    assert referral_of(stage).state is ReferralState.APPOINTMENT_MADE
    mia.forgets()
    berta.forgets()
    stage.pass_time(days=2, hours=3)
    assert [text for text in heard(stage, mia) if "Wie ist es gelaufen?" in text] != []
    mia.presses("Gut")
    assert referral_of(stage).state is ReferralState.FIRST_VISIT
    berta.hears(
        "",
    )
    stage.pass_time(days=10)
    assert not [text for text in heard(stage, mia) if "Wie ist es gelaufen?" in text]


def test_no_answer_twice_is_a_task_for_the_coach_and_nothing_about_the_person(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    propose(stage, berta)
    agree(mia)
    send(stage, berta)
    meet(stage, berta)
    mia.forgets()
    berta.forgets()
    stage.pass_time(days=6)
    assert len([text for text in heard(stage, mia) if "Wie ist es gelaufen?" in text]) == 2
    assert heard(stage, berta) == []
    stage.pass_time(days=20)
    (task,) = [text for text in heard(stage, berta) if "Vermittlung" in text]
    assert task == (
        f"Fall {code}: Wie der Termin einer Vermittlung war, ist noch offen. Bitte fragen Sie nach. "
        f"Mehr zeigt /vermittlung {code}."
    )
    assert len([text for text in heard(stage, mia) if "Wie ist es gelaufen?" in text]) == 0
    assert events_of(stage)[-2:] == ["ask", "remind"]


def test_whoever_was_not_there_is_asked_no_second_time(stage: Stage, mia: Actor, berta: Actor) -> None:
    propose(stage, berta)
    agree(mia)
    send(stage, berta)
    meet(stage, berta)
    stage.pass_time(days=2, hours=3)
    mia.presses("Ich war nicht da")
    assert referral_of(stage).state is ReferralState.APPOINTMENT_MADE
    assert events_of(stage)[-1] == "answer"
    mia.forgets()
    stage.pass_time(days=8)
    assert not [text for text in heard(stage, mia) if "Wie ist es gelaufen?" in text]


def test_what_stands_still_becomes_one_task_in_working_hours(
    stage: Stage, mia: Actor, berta: Actor, code: str
) -> None:
    propose(stage, berta)
    agree(mia)
    send(stage, berta)
    berta.forgets()
    stage.now += timedelta(hours=12)  # in the evening: the task waits for the morning
    stage.pass_time(days=40)
    (task,) = [text for text in heard(stage, berta) if "Vermittlung" in text]
    assert task == (
        f"Fall {code}: Eine Vermittlung steht seit 14 Tagen auf demselben Stand. "
        f"Bitte sehen Sie nach: /vermittlung {code}."
    )
    (reminded,) = (entry for entry in history_of(stage) if entry.event.value == "remind")
    assert reminded.at == stage.rules.hours[1].next_open(reminded.at)


def test_staff_go_the_whole_way_in_their_messenger(stage: Stage, mia: Actor, berta: Actor, code: str) -> None:
    berta.forgets()
    for typed, answer in (
        ("/vermittlung", "Bei Ihren Leuten ist keine Vermittlung offen"),
        (f"/vermittlung {code}", f"Fall {code}: Es ist keine Vermittlung offen"),
        (f"/vermittlung {code} An: {PARTNER}", "Bitte schreiben Sie an wen, was und wozu"),
        (f"/vermittlung {code} An: {PARTNER} Was: Ihren Namen Wozu: für Kraft", "Fall"),
        (f"/vermittlung {code} An: {PARTNER} Was: Ihren Namen Wozu: für Kraft", "Dorthin gibt es"),
        (f"/vermittlung {code} 1 tanzen", "Das verstehe ich nicht"),
        (f"/vermittlung {code} 1 brief Name", "Ohne die Einwilligung"),
        (f"/vermittlung {code} 99 brief Name", "Eine Vermittlung mit der Nummer 99"),
        (f"/vermittlung {code} 1 termin 5", "Einen offenen Termin mit der Nummer 5"),
    ):
        berta.writes(typed)
        (said,) = berta.hears(answer)
        assert PARTNER not in said.text
    agree(mia)
    berta.forgets()
    berta.writes(f"/vermittlung {code}")
    berta.hears(f"Fall {code}, Vermittlung 1: zugestimmt")
    berta.presses("Brief")
    berta.hears(f"Fall {code}, Vermittlung 1: weitergegeben")
    assert "Was: Ihren Namen" in mia.hears("Berta")[0].text
    berta.presses("Brief")  # an old button
    berta.hears(f"Fall {code}, Vermittlung 1: weitergegeben")
    mia.forgets()
    number = meet(stage, berta)
    berta.forgets()
    berta.writes(f"/vermittlung {code} 1 termin {number}")
    berta.hears(f"Fall {code}, Vermittlung 1: Termin eingetragen")
    berta.presses("War dort")
    berta.hears("Fall")
    berta.presses("Ergebnis eintragen")
    for answer in ("ja", "offen", "ja"):
        berta.presses(answer)
    assert (
        len(berta.hears("Braucht die Person Prävention", "Braucht die Person eine Reha", "Ist die", "")) == 4
    )
    result = referral_of(stage).result
    assert result is not None
    assert (result.prevention, result.rehab, result.motivation) == (Need.YES, Need.OPEN, Need.YES)
    berta.presses("Abschließen")
    berta.presses("angekommen, die Stelle begleitet weiter")
    assert referral_of(stage).state is ReferralState.CLOSED
    berta.forgets()
    karl = stage.staff("Karl Klause")
    karl.writes(f"/vermittlung {code}")
    karl.hears("kümmert sich jemand anderes")
    mia.forgets()
    mia.writes("/vermittlung")
    mia.hears("Gerade gibt es hier keine Vermittlung")


def test_referrals_of_25_people_follow_them(stage: Stage, mia: Actor, berta: Actor) -> None:
    karl = stage.staff("Karl Klause", deputy_of=berta.id)
    lea = stage.staff("Lea Leitung", Role.LEAD)
    propose(stage, berta)

    def more(uow: UnitOfWork) -> None:
        for _ in range(24):
            person = uow.people.add_participant(1, Standing.ACTIVE, "de", berta.id, "")
            ask = SharingAsk(0, 1, person, PARTNER, "x", "y", berta.id, stage.now)
            asked = uow.sharing.add(ask)
            new = Referral(
                0, 1, person, asked, ReferralState.SENT, berta.id, stage.now, stage.now + timedelta(minutes=1)
            )
            uow.casework.referrals.add(new)

    stage.run(more)

    def lists(actor: Actor, *whose: Whose) -> list[int]:
        wanted = whose or (Whose.MINE, Whose.STANDING_IN)
        return at_work(
            stage,
            actor,
            lambda desk, _: [
                one.referral.id for one in waiting(desk.uow, desk.rules, desk.staff, desk.now, wanted)
            ],
        )

    every = list(range(1, 26))
    assert (lists(berta), lists(karl)) == (every, [])
    is_away(stage, berta)
    assert lists(karl) == every
    stage.run(lambda uow: leave_team(uow, berta.id, stage.now))
    assert lists(lea, Whose.TEAM) == every
    people = stage.run(lambda uow: [one.id for one in uow.people.participants(1)])
    at_work(stage, lea, lambda desk, _: hand_to(desk, Transfer(people, karl.id, Reason.LEAVING)))
    assert lists(karl, Whose.MINE) == every


def test_after_the_end_and_without_a_way_nothing_is_said(stage: Stage, mia: Actor, berta: Actor) -> None:
    propose(stage, berta)
    mia.forgets()
    at_work(stage, berta, lambda desk, person: referrals.close(desk, person, 1, Outcome.NO_NEED, ""))
    mia.presses("Ja")
    mia.forgets()
    assert referral_of(stage).state is ReferralState.CLOSED
    mia.writes("STOPP")
    mia.forgets()
    with pytest.raises(EntryFault):
        propose(stage, berta)
    mia.hears_nothing()
