# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Mail to staff: what it says, whom its links let in, and which addresses count."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.concerns import Level
from bot.domain.delivery import Permanent, SendResult, Sent
from bot.domain.duty import ReachTest
from bot.domain.mail import CHANNEL, Letter
from bot.domain.messages import Body, DataClass, Draft, Kind, Outgoing
from bot.domain.people import Role, Staff
from bot.services import mail_links
from bot.services.absences import leave_team
from bot.services.mail_links import PATH, ask_to_confirm
from bot.services.reachability import probe, ways_to
from tests.services.stage import Actor, Stage

BERTA = "berta@amt.example"
NOBODY = Permanent("no_such_mailbox", address_dead=True)


@dataclass
class Mailbox:
    """Every mail that was sent, as the channel composes it just before."""

    stage: Stage
    letters: list[tuple[str, Letter]] = field(default_factory=list)
    result: SendResult = field(default_factory=lambda: Sent("out", reached=False))

    def take(self, message: Outgoing) -> SendResult | None:
        """What the stage asks before it delivers."""
        if message.channel != CHANNEL:
            return None
        if not message.edit:
            self.letters.append((message.address, self.write(message)))
        return self.result

    def write(self, message: Outgoing) -> Letter:
        stage = self.stage
        use_case = partial(mail_links.letter, rules=stage.rules, message=message, now=stage.now)
        return stage.run(use_case)

    @property
    def last(self) -> Letter:
        return self.letters[-1][1]

    @property
    def code(self) -> str:
        """What stands behind the newest link."""
        start, _, code = self.last.link.partition(PATH)
        assert start == "https://lotse.example"
        return code


@pytest.fixture
def mailbox(stage: Stage) -> Mailbox:
    box = Mailbox(stage)
    stage.refuse = box.take
    return box


def person(stage: Stage, actor: Actor) -> Staff:
    found = stage.run(lambda uow: uow.people.staff(actor.id))
    assert found is not None
    return found


def asks(stage: Stage, who: Actor, mail: str = BERTA) -> bool:
    one = person(stage, who)
    asked = stage.run(lambda uow: ask_to_confirm(uow, one, mail, stage.rules, stage.now))
    stage.deliver()
    return asked


def ways(stage: Stage, who: Actor) -> list[str]:
    return [one.value for one in stage.run(lambda uow: uow.people.staff_addresses([who.id]))]


def enters(stage: Stage, code: str, account: str = "browser") -> int | None:
    """The concern behind a link, 0 for the queue; None if it does not open."""
    door = stage.run(lambda uow: mail_links.enter(uow, stage.rules, code, account, stage.now))
    return None if door is None else door.link.concern_id or 0


@pytest.fixture
def confirmed(stage: Stage, mailbox: Mailbox, berta: Actor) -> Mailbox:
    """Berta has a mail address that counts."""
    assert asks(stage, berta)
    assert stage.run(lambda uow: mail_links.confirm(uow, mailbox.code, stage.now)) is not None
    return mailbox


def test_a_letter_comes_from_the_agency(stage: Stage, mailbox: Mailbox, berta: Actor) -> None:
    own = ("Lotse im Musterkreis", "lotse@mk.example")
    here = stage.rules.agencies[1]
    assert here.mail_sender == ("", "")
    stage.rules = replace(stage.rules, agencies={1: replace(here, mail_sender=own)})
    assert asks(stage, berta)
    assert mailbox.last.sender == own


# --- addresses ---


def test_an_address_counts_only_once_it_is_confirmed(stage: Stage, mailbox: Mailbox, berta: Actor) -> None:
    assert asks(stage, berta)
    assert ways(stage, berta) == [berta.address]
    assert [to for to, _ in mailbox.letters] == [BERTA]
    assert mailbox.last.subject == "Lotse: E-Mail-Adresse bestätigen"
    assert mailbox.last.link_label == "Adresse bestätigen"
    assert enters(stage, mailbox.code) is None, "this link is for the address only"
    for _ in range(2):
        assert stage.run(lambda uow: mail_links.confirm(uow, mailbox.code, stage.now)) is not None
    assert ways(stage, berta) == [berta.address, BERTA]
    assert asks(stage, berta), "it counts already: nobody is asked again"
    assert len(mailbox.letters) == 1
    assert ways(stage, berta) == [berta.address, BERTA]


def test_a_confirmation_that_is_too_old(stage: Stage, mailbox: Mailbox, berta: Actor) -> None:
    asks(stage, berta)
    stage.pass_time(hours=24)
    code = mailbox.code
    assert stage.run(lambda uow: mail_links.confirm(uow, code, stage.now)) is None
    assert ways(stage, berta) == [berta.address]
    for _ in range(2):  # pressed twice: one mail
        assert stage.run(lambda uow: mail_links.send_again(uow, stage.rules, code, stage.now)) is not None
    stage.deliver()
    assert len(mailbox.letters) == 2
    assert mailbox.code != code
    assert stage.run(lambda uow: mail_links.confirm(uow, mailbox.code, stage.now)) is not None
    assert ways(stage, berta) == [berta.address, BERTA]


def test_a_colleagues_address_is_never_taken_over(stage: Stage, confirmed: Mailbox, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher")
    assert not asks(stage, dirk)
    assert ways(stage, berta) == [berta.address, BERTA]
    assert len(confirmed.letters) == 1


def test_an_address_that_a_colleague_had_by_a_slip_is_free_once_it_is_mended(
    stage: Stage, mailbox: Mailbox, berta: Actor
) -> None:
    dirk = stage.staff("Dirk Dreher")
    assert asks(stage, dirk)
    slip = mailbox.code
    assert not asks(stage, berta), "Dirk is asked just now"
    assert asks(stage, dirk, "d@amt.example")
    assert asks(stage, berta)
    assert stage.run(lambda uow: mail_links.confirm(uow, slip, stage.now)) is None
    assert stage.run(lambda uow: mail_links.confirm(uow, mailbox.code, stage.now)) is not None
    assert ways(stage, berta) == [berta.address, BERTA]


def test_what_still_waits_for_whoever_had_an_address_does_not_reach_whoever_has_it_now(
    stage: Stage, mailbox: Mailbox, berta: Actor
) -> None:
    dirk = stage.staff("Dirk Dreher")
    for who, mail in ((dirk, BERTA), (dirk, "d@amt.example"), (berta, BERTA)):
        one = person(stage, who)
        stage.run(lambda uow, one=one, mail=mail: ask_to_confirm(uow, one, mail, stage.rules, stage.now))  # type: ignore[misc]
    stage.deliver()
    assert sorted(to for to, _ in mailbox.letters) == [BERTA, "d@amt.example"]


def test_a_new_address_replaces_the_old_one_once_confirmed(
    stage: Stage, confirmed: Mailbox, berta: Actor
) -> None:
    assert asks(stage, berta, "b@neu.example")
    assert ways(stage, berta) == [berta.address, BERTA]
    stage.run(lambda uow: mail_links.confirm(uow, confirmed.code, stage.now))
    assert ways(stage, berta) == [berta.address, "b@neu.example"]


def test_a_slip_that_was_mended_cannot_be_confirmed_any_more(
    stage: Stage, mailbox: Mailbox, berta: Actor
) -> None:
    assert asks(stage, berta, "bertha@amt.example")
    strangers = mailbox.code
    assert asks(stage, berta)
    assert stage.run(lambda uow: mail_links.confirm(uow, mailbox.code, stage.now)) is not None
    assert stage.run(lambda uow: mail_links.confirm(uow, strangers, stage.now)) is None
    assert stage.run(lambda uow: mail_links.send_again(uow, stage.rules, strangers, stage.now)) is None
    assert ways(stage, berta) == [berta.address, BERTA]


def test_an_address_that_does_not_exist_is_told_to_the_lead(
    stage: Stage, mailbox: Mailbox, berta: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    mailbox.result = NOBODY
    asks(stage, berta)
    assert ways(stage, berta) == [berta.address]
    lea.hears("Per E-Mail kommt bei Berta Beispiel nichts an.")


def test_what_is_about_a_mail_address_itself_is_not_said_in_the_messenger(
    stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor
) -> None:
    number = raise_one(stage, mia)
    code = confirmed.code
    assert enters(stage, code) == number
    berta.forgets()
    confirmed.result = Permanent("refused")
    stage.now += timedelta(minutes=1)
    assert asks(stage, berta, "b@neu.example")
    stage.now += timedelta(minutes=1)
    assert stage.run(lambda uow: mail_links.send_again(uow, stage.rules, code, stage.now)) is not None
    stage.deliver()
    stage.now += timedelta(minutes=1)
    one = person(stage, berta)
    (address,) = [way for way in stage.run(lambda uow: ways_to(uow, [one])) if way.channel == CHANNEL]
    drafts = stage.run(lambda uow: probe(uow, stage.rules, [one], [address], stage.now))
    stage.run(lambda uow: uow.outbox.post(drafts, stage.now))
    stage.deliver()
    berta.hears_nothing()


def test_a_bounce_closes_the_address_and_the_alert_climbs(
    stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    confirmed.result = NOBODY
    mia.writes("Ich brauche Hilfe, bitte rufen Sie mich an")
    assert ways(stage, berta) == [berta.address]
    heard = [body.text for body in lea._take()]
    assert any("Per E-Mail kommt bei Berta Beispiel nichts an." in text for text in heard)


# --- what a mail says ---


def test_an_alert_reaches_all_ways_and_names_nobody(
    stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor
) -> None:
    mia.writes("Ich kann nicht mehr, ich will mich umbringen")
    concern = stage.concerns()[-1]
    assert concern.level is Level.R3
    berta.hears("Meldung R3")
    letter = confirmed.last
    assert letter.subject == f"Lotse: Meldung R3 · Fall {concern.case_code}"
    assert letter.text == f"Meldung R3 · Fall {concern.case_code}"
    assert letter.link_label == "Fall öffnen"
    assert letter.thread == f"case-{concern.id}"
    everything = repr(letter)
    for secret in ("umbringen", "Mia", "mia", "Berta"):
        assert secret not in everything


def test_what_lies_in_a_mailbox_has_told_nobody(
    stage: Stage, mailbox: Mailbox, mia: Actor, berta: Actor
) -> None:
    """The person hears that somebody was told only when it arrived where somebody looks (promise P7)."""
    asks(stage, berta)
    stage.run(lambda uow: mail_links.confirm(uow, mailbox.code, stage.now))
    messenger = stage.run(lambda uow: uow.people.find_staff("telegram_staff", berta.address))
    assert messenger is not None
    stage.run(lambda uow: uow.people.close_address(messenger[1].id))
    mia.writes("Ich will mich umbringen")
    assert mailbox.last.text.startswith("Meldung R3")
    assert not any("Ich habe Ihre Nachricht gerade an" in body.text for body in mia._take())


def test_nobodys_own_words_go_by_mail(stage: Stage, confirmed: Mailbox, berta: Actor) -> None:
    """Whatever another part of the program posts: a human's words stay out of mails (promise P8)."""
    (address,) = [
        one for one in stage.run(lambda uow: uow.people.staff_addresses([berta.id])) if one.channel == CHANNEL
    ]
    for kind in (Kind.RELAY, Kind.REPLY, Kind.NOTICE, Kind.CRISIS, Kind.REMINDER):
        draft = Draft(1, address.id, CHANNEL, kind, Body("Mir geht es schlecht"), staff_id=berta.id)
        stage.run(lambda uow, d=draft: uow.outbox.post([d], stage.now))
    stage.deliver()
    assert len(confirmed.letters) == 6
    for _, letter in confirmed.letters[1:]:
        assert letter.text == "Es gibt etwas Neues. Sie sehen es in der Konsole."
        assert letter.subject == "Lotse: Nachricht"
        assert letter.link_label == "Konsole öffnen"
        assert "schlecht" not in repr(letter)


def test_mail_carries_neutral_content_only(stage: Stage) -> None:
    assert stage.rules.agencies[1].class_of(CHANNEL) is DataClass.NEUTRAL


def test_in_the_readers_language(stage: Stage, mailbox: Mailbox, berta: Actor) -> None:
    stage.run(lambda uow: uow.people.change_staff(berta.id, language="en"))
    asks(stage, berta)
    assert mailbox.last.language == "en"


# --- links ---


def raise_one(stage: Stage, mia: Actor) -> int:
    mia.writes("Bitte rufen Sie mich an, ich will mich umbringen")
    return stage.concerns()[-1].id


def test_a_link_opens_the_case_once(stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor) -> None:
    number = raise_one(stage, mia)
    assert enters(stage, confirmed.code) == number
    found = stage.run(lambda uow: uow.people.find_staff("console", "browser"))
    assert found is not None
    assert found[0].id == berta.id
    assert enters(stage, confirmed.code, "another browser") is None
    assert stage.run(lambda uow: uow.people.find_staff("console", "another browser")) is None


def test_a_link_lives_a_day(stage: Stage, confirmed: Mailbox, mia: Actor) -> None:
    number, code = raise_one(stage, mia), confirmed.code
    stage.now += timedelta(hours=24)
    assert enters(stage, code) is None
    stage.now -= timedelta(seconds=1)
    assert enters(stage, code) == number


def test_looking_uses_nothing_up(stage: Stage, confirmed: Mailbox, mia: Actor) -> None:
    number = raise_one(stage, mia)
    for _ in range(3):
        door = stage.run(lambda uow: mail_links.look(uow, confirmed.code, stage.now))
        assert door is not None
        assert door.is_open
    assert enters(stage, confirmed.code) == number


def test_a_mail_that_is_sent_again_holds_the_same_link(
    stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor
) -> None:
    kept: list[Outgoing] = []

    def keep(message: Outgoing) -> SendResult | None:
        if message.channel == CHANNEL and not kept:
            kept.append(message)
        return confirmed.take(message)

    stage.refuse = keep
    raise_one(stage, mia)
    first = confirmed.write(kept[0])
    assert confirmed.write(kept[0]) == first
    assert enters(stage, first.link.partition(PATH)[2]) is not None
    assert confirmed.write(kept[0]) != first, "used: a mail that is doubled later has a link of its own"


def test_a_link_to_an_address_that_no_longer_counts_opens_nothing(
    stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor
) -> None:
    raise_one(stage, mia)
    code = confirmed.code
    found = stage.run(lambda uow: uow.people.find_staff(CHANNEL, BERTA))
    assert found is not None
    stage.run(lambda uow: uow.people.close_address(found[1].id))
    assert enters(stage, code) is None
    assert stage.run(lambda uow: mail_links.send_again(uow, stage.rules, code, stage.now)) is None


def test_a_fresh_link_instead_of_a_used_one(stage: Stage, confirmed: Mailbox, mia: Actor) -> None:
    number = raise_one(stage, mia)
    code = confirmed.code
    assert enters(stage, code) == number
    assert stage.run(lambda uow: mail_links.send_again(uow, stage.rules, code, stage.now)) is not None
    stage.deliver()
    assert confirmed.last.text == "Hier ist der neue Link, um den Sie gebeten haben."
    assert enters(stage, confirmed.code, "another browser") == number


def test_whoever_left_the_team_gets_in_nowhere(
    stage: Stage, confirmed: Mailbox, berta: Actor, mia: Actor
) -> None:
    raise_one(stage, mia)
    code = confirmed.code
    asks(stage, berta, "b@neu.example")
    stage.run(lambda uow: leave_team(uow, berta.id, stage.now))
    assert enters(stage, code) is None
    for old in (code, confirmed.code):
        assert stage.run(lambda uow, c=old: mail_links.confirm(uow, c, stage.now)) is None
        assert stage.run(lambda uow, c=old: mail_links.send_again(uow, stage.rules, c, stage.now)) is None
    assert ways(stage, berta) == []


def test_following_a_link_passes_the_test_of_this_way(stage: Stage, confirmed: Mailbox, berta: Actor) -> None:
    def tests() -> dict[int, ReachTest]:
        return dict(stage.run(lambda uow: uow.duty.reach_tests(1)))

    one = person(stage, berta)
    (address,) = [way for way in stage.run(lambda uow: ways_to(uow, [one])) if way.channel == CHANNEL]
    assert not tests()[address.id].is_open, "to confirm the address was a test"
    stage.now += timedelta(days=7)
    drafts = stage.run(lambda uow: probe(uow, stage.rules, [one], [address], stage.now))
    stage.run(lambda uow: uow.outbox.post(drafts, stage.now))
    stage.deliver()
    assert confirmed.last.link_label == "Bestätigen"
    assert tests()[address.id].is_open
    assert enters(stage, confirmed.code) == 0
    assert not tests()[address.id].is_open


def test_unknown_codes(stage: Stage, mailbox: Mailbox) -> None:
    for code in ("", "x", "A" * 86, "ü" * 86):
        assert stage.run(lambda uow, c=code: mail_links.look(uow, c, stage.now)) is None
        assert enters(stage, code) is None
        assert stage.run(lambda uow, c=code: mail_links.confirm(uow, c, stage.now)) is None
        assert stage.run(lambda uow, c=code: mail_links.send_again(uow, stage.rules, c, stage.now)) is None


def test_without_pages_a_mail_has_no_link(stage: Stage, mailbox: Mailbox, berta: Actor) -> None:
    stage.rules = replace(stage.rules, public_url="")
    asks(stage, berta)
    assert mailbox.last.link == ""
    assert "Der Link" not in mailbox.last.note
