# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Consents on the road: each asked, given, withdrawn and asked again by itself (promise P4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import Select, func, select

from bot import house
from bot.domain.consent import ConsentRecord, Purpose, holding
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.services.consents import answer_consent
from bot.services.publish import publish
from bot.services.visit import Visit
from bot.storage.tables import audit, outgoing
from bot.storage.unit_of_work import SqlUnitOfWork
from dialogs.effects import RecordConsent
from tests.services.stage import Actor, Stage


def records(stage: Stage, purpose: Purpose | None = None) -> list[ConsentRecord]:
    found = stage.run(lambda uow: uow.talks.consent_records(1))
    return [record for record in found if purpose is None or record.purpose == purpose]


def rows(uow: UnitOfWork, query: Select[Any]) -> Sequence[Any]:
    assert isinstance(uow, SqlUnitOfWork)
    return uow.connection.execute(query).all()


def notes(stage: Stage, action: str) -> list[str]:
    query = select(audit.c.subject).where(audit.c.action == action).order_by(audit.c.id)
    return [row[0] for row in stage.run(partial(rows, query=query))]


def mean_something_else(stage: Stage, dialog: str) -> None:
    """Publish the dialog with a consent text that means something else."""
    name = next(name for name in house.dialog_sources() if name.endswith(f"{dialog}.yaml"))
    source = house.dialog_sources()[name].replace("meaning: 1", "meaning: 2")
    sources = {name: source}
    if dialog == "ask_contact":
        others = house.dialog_sources()
        silence = next(name for name in others if name.endswith("long_silence.yaml"))
        sources[silence] = others[silence].replace("meaning: 1", "meaning: 2")
    stage.run(partial(publish, sources=sources, now=stage.now))
    stage.renew_rules()


def post(stage: Stage, mia: Actor, **changes: object) -> int:
    """A message to Mia that waits until tomorrow."""
    contact = stage.run(lambda uow: uow.people.find_contact(mia.channel, mia.address))
    assert contact is not None
    draft = Draft(
        1, contact.address.id, mia.channel, Kind.REMINDER, Body("Wie geht es?"), contact.participant.id
    )
    changes = {"not_before": stage.now + timedelta(days=1), **changes}
    draft = replace(draft, **changes)  # type: ignore[arg-type]
    stage.run(lambda uow: uow.outbox.post([draft], stage.now))
    newest = select(func.max(outgoing.c.id))
    return int(stage.run(partial(rows, query=newest))[0][0])


def state_of(stage: Stage, number: int) -> str:
    found = stage.run(lambda uow: uow.outbox.draft_of(number))
    assert found is not None
    return found[1].value


def test_each_consent_is_kept_with_its_text_and_what_it_means(stage: Stage, mia: Actor) -> None:
    kept = records(stage)
    assert [(r.purpose, r.granted, r.meaning, r.channel, r.language) for r in kept] == [
        ("contact", True, 1, "telegram", "de"),
        ("health_checkins", True, 1, "telegram", "de"),
        ("health_in_messenger", True, 1, "telegram", "de"),
    ]
    assert kept[0].text.startswith("Darf ich Ihnen hier schreiben?")
    assert kept[0].version.startswith("ask_contact@")
    assert all(len(record.text_hash) == 64 for record in kept)


def test_a_no_leaves_no_trace_anywhere(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.presses("Ja, gern")
    mia.presses("Nein, danke")
    assert [record.purpose for record in records(stage)] == ["contact"]
    stage.pass_time(days=40)
    heard = " ".join(body.text for body in stage.ears[mia.channel, mia.address])
    assert heard.count("Darf ich Sie einmal in der Woche fragen") == 1, "a no is a no"


def test_what_holds_is_shown_with_its_day(stage: Stage, mia: Actor) -> None:
    mia.writes("Meine Einwilligungen")
    overview, _ = mia.hears("Das haben Sie erlaubt:", "Möchten Sie etwas ändern?")
    assert "• Ich frage, wie es Ihnen geht: Ja, seit 23. November 2026" in overview.text
    assert "Auswertung ohne Namen: Nein" in overview.text


@pytest.mark.parametrize("words", ["/einwilligungen", "Zustimmung zurückziehen", "my consents", "Widerruf"])
def test_many_words_open_it(stage: Stage, mia: Actor, words: str) -> None:
    mia.writes(words)
    mia.hears("Das haben Sie erlaubt:", "Möchten Sie etwas ändern?")


def test_withdrawing_the_check_ins_is_one_tap_and_works_at_once(stage: Stage, mia: Actor) -> None:
    waiting = post(stage, mia, needs=("health_checkins",))
    other = post(stage, mia)
    mia.writes("einwilligungen")
    mia.presses("Fragen, wie es mir geht")
    mia.presses("Nein, danke")
    assert [r.granted for r in records(stage, Purpose.HEALTH_CHECKINS)] == [True, False]
    assert (state_of(stage, waiting), state_of(stage, other)) == ("cancelled", "queued")
    assert notes(stage, "consent_withdrawn")
    mia.forgets()
    stage.pass_time(days=10)
    said = [body.text for body in stage.ears.get((mia.channel, mia.address), [])]
    assert not any("Wie geht es Ihnen heute" in text for text in said)


def test_an_open_check_in_ends_kindly_and_keeps_what_was_answered(stage: Stage, mia: Actor) -> None:
    mia.writes("checkin")
    mia.presses("6")
    mia.writes("Meine Einwilligungen")
    mia.presses("Fragen, wie es mir geht")
    mia.forgets()
    mia.presses("Nein, danke")
    mia.hears("Auch offene Fragen sind damit vorbei.")
    assert not stage.run(lambda uow: uow.talks.under_way(1)), "the check-in does not come back"
    assert ("mood", "6") in [(a.key, a.value) for a in stage.run(lambda uow: uow.talks.answers(1))]


def test_an_open_concern_stays_and_whoever_holds_it_is_told(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Können Sie mich anrufen?")
    berta.forgets()
    mia.writes("einwilligungen")
    mia.presses("Fragen, wie es mir geht")
    mia.presses("Nein, danke")
    berta.hears("Der Fall bleibt offen.")
    [concern] = stage.concerns()
    assert concern.is_open
    events = [event for _, event, _, _ in stage.run(lambda uow: uow.concerns.history(concern.id))]
    assert events[-1] == "consent_withdrawn"


def test_stop_during_an_open_concern_tells_the_human_and_help_still_comes(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes("Können Sie mich anrufen?")
    berta.forgets()
    mia.forgets()
    mia.writes("stpo")
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    berta.hears("hat den Kontakt über Lotse beendet. Der Fall bleibt offen.")
    assert stage.concerns()[0].is_open
    mia.writes("Ich will nicht mehr leben")
    assert "112" in mia.hears("Ich bin ein Programm", "gerade an")[0].text


def test_nobody_hears_of_an_end_in_the_list_where_nothing_is_open(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    # Of STOPP the coach hears, and the person is told so: see test_back_again.
    mia.writes("einwilligungen")
    mia.presses("Nachrichten hier")
    mia.presses("Nein, danke")
    berta.hears_nothing()


def test_stop_before_any_consent_leaves_no_record(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.writes("stopp!!")
    assert records(stage) == []


def test_withdrawing_contact_in_the_list_is_as_good_as_stopp(stage: Stage, mia: Actor) -> None:
    mia.writes("einwilligungen")
    mia.presses("Nachrichten hier")
    mia.presses("Nein, danke")
    mia.forgets()
    assert stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.STOPPED
    stage.pass_time(days=30)
    mia.hears_nothing()
    mia.writes("wieder anfangen")
    mia.hears("Schön, dass Sie wieder da sind.", "Darf ich Ihnen hier schreiben?")


def test_without_the_consent_in_the_messenger_the_question_comes_as_a_link(stage: Stage, mia: Actor) -> None:
    mia.writes("einwilligungen")
    mia.presses("Antworten im Messenger")
    mia.presses("Nein, lieber mit Link")
    mia.forgets()
    mia.writes("checkin")
    [body] = mia.hears("")
    assert body.link
    assert "Wie geht es" not in body.text


def test_a_check_in_by_command_asks_for_its_consent_first(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.presses("Ja, gern")
    mia.presses("Nein, danke")
    mia.forgets()
    mia.writes("checkin")
    mia.hears("Darf ich Sie einmal in der Woche fragen")
    mia.presses("Nein, danke")
    mia.hears("Dann frage ich nicht danach.")


def test_another_meaning_stops_the_check_in_and_asks_once_by_itself(stage: Stage, mia: Actor) -> None:
    mean_something_else(stage, "ask_checkins")
    stage.pass_time(days=7, minutes=10)
    mia.hears("Der Text dazu hat sich geändert.", "Darf ich Sie einmal in der Woche fragen")
    stage.pass_time(days=28)
    said = [body.text for body in stage.ears.get((mia.channel, mia.address), [])]
    assert not any("Wie geht es Ihnen heute" in text or "hat sich geändert" in text for text in said)


def test_a_new_yes_brings_the_check_in_back(stage: Stage, mia: Actor) -> None:
    mean_something_else(stage, "ask_checkins")
    stage.pass_time(days=7, minutes=10)
    mia.presses("Ja, gern")
    mia.forgets()
    assert [r.meaning for r in records(stage, Purpose.HEALTH_CHECKINS)] == [1, 2]
    stage.pass_time(days=7)
    said = [body.text for body in stage.ears.get((mia.channel, mia.address), [])]
    assert any("Wie geht es Ihnen heute" in text for text in said)


def test_a_no_to_the_new_meaning_is_a_withdrawal(stage: Stage, mia: Actor) -> None:
    mean_something_else(stage, "ask_checkins")
    stage.pass_time(days=7, minutes=10)
    mia.presses("Nein, danke")
    assert [r.granted for r in records(stage, Purpose.HEALTH_CHECKINS)] == [True, False]


def test_another_meaning_of_contact_is_asked_once_and_all_else_waits(stage: Stage, mia: Actor) -> None:
    mean_something_else(stage, "ask_contact")
    stage.pass_time(days=7, minutes=10)
    mia.hears("Der Text dazu hat sich geändert.", "Darf ich Ihnen hier schreiben?")
    stage.pass_time(days=40)
    mia.hears_nothing()


def test_a_better_wording_changes_nothing(stage: Stage, mia: Actor) -> None:
    name = next(name for name in house.dialog_sources() if name.endswith("ask_checkins.yaml"))
    source = house.dialog_sources()[name].replace("Eine Frage für sich", "Eine Frage ganz für sich")
    stage.run(partial(publish, sources={name: source}, now=stage.now))
    stage.renew_rules()
    stage.pass_time(days=7, minutes=10)
    mia.hears("Wie geht es Ihnen heute?")


def test_what_waits_when_a_consent_ends_by_itself_is_dropped_before_it_is_sent(
    stage: Stage, mia: Actor
) -> None:
    waiting, other = post(stage, mia, needs=("health_checkins",)), post(stage, mia)
    mean_something_else(stage, "ask_checkins")
    stage.pass_time(days=1, minutes=1)
    assert (state_of(stage, waiting), state_of(stage, other)) == ("cancelled", "sent")
    assert [subject.split()[1] for subject in notes(stage, "message_dropped")] == [str(waiting)]


def test_a_crisis_text_needs_no_consent(stage: Stage, mia: Actor) -> None:
    number = post(stage, mia, kind=Kind.CRISIS, needs=("health_checkins",), not_before=None)
    mia.writes("STOPP")
    stage.deliver()
    assert state_of(stage, number) == "sent"


def test_sharing_is_for_one_partner_and_ends_by_its_time(stage: Stage, mia: Actor) -> None:
    asked = RecordConsent("sharing", True, "Darf ich?", "ask_sharing@1", 1, "Praxis Beispiel", 365 * 86_400)
    other = msgspec.structs.replace(asked, object="Verein Muster")

    def answer(uow: UnitOfWork, given: RecordConsent) -> None:
        contact = uow.people.contact_of(1)
        assert contact is not None
        answer_consent(Visit(uow, stage.rules, contact, stage.now), given)

    for given in (asked, other):
        stage.run(partial(answer, given=given))
    mia.writes("einwilligungen")
    mia.hears("Das haben Sie erlaubt:", "Weitergabe an: Verein Muster", "Möchten Sie etwas ändern?")
    mia.presses("Weitergabe")
    mia.presses("Nein, nicht mehr")
    records_of = {r.object: r.granted for r in records(stage, Purpose.SHARING)}
    assert records_of == {"Praxis Beispiel": True, "Verein Muster": False}
    given_now = stage.run(lambda uow: uow.talks.given(1))
    assert holding(given_now, {}, stage.now)["sharing:Praxis Beispiel"]
    assert not holding(given_now, {}, stage.now + timedelta(days=365))["sharing:Praxis Beispiel"]
