# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The mail channel at a real mail server: never in clear text, every refusal understood, one connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.mail.send import MailChannel, MailServer
from bot.domain.delivery import Permanent, RetryAfter, SendResult, Sent
from bot.domain.mail import Letter
from bot.domain.messages import Body, Outgoing
from bot.errors import ConfigurationError, StoreUnavailable
from scheduler.clock import AdvanceableClock
from tests.channels.rigs import SENDER, MailRig
from tests.doubles.mail import PASSWORD, Authority, MailServerDouble, html, plain

LATER = RetryAfter(60.0, reason="later")
NETWORK = RetryAfter(5.0, whole_channel=True, reason="network")
FIRST, SECOND = Sent("out-1", reached=False), Sent("out-2", reached=False)


class SeenClock(AdvanceableClock):
    """A clock of which one can see that somebody waits on it."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self._rested = asyncio.Event()

    async def wait(self, event: asyncio.Event, timeout: float) -> bool:
        self._rested.set()
        return await super().wait(event, timeout)

    async def rests(self, seconds: float = 0.0) -> None:
        """So much time passes; returns once somebody waits again."""
        if seconds:
            self._rested.clear()
            self.advance(timedelta(seconds=seconds))
        await self._rested.wait()


def waits(reason: str) -> RetryAfter:
    return RetryAfter(60.0, whole_channel=True, reason=reason)


@asynccontextmanager
async def rig_at(server: MailServerDouble, **more: str | Path | float) -> AsyncIterator[MailRig]:
    """A channel at this server, with other settings than usual."""
    rig = MailRig(server, **more)  # type: ignore[arg-type]
    yield rig
    await rig.mail.close()


# --- what a mail is ---


async def test_the_words_are_the_same_in_both_parts_and_the_link_is_a_button(mail: MailRig) -> None:
    link = "https://lotse.example/console/mail/" + "x" * 86
    await mail.send("Meldung R2 · Fall K7F3\n\nNoch <niemand> & du", link=link)
    sent = mail.server.mails[0]
    assert plain(sent) == f"Meldung R2 · Fall K7F3\n\nNoch <niemand> & du\n\nZur Seite:\n{link}\n"
    assert "<p>Noch &lt;niemand&gt; &amp; du</p>" in html(sent)
    assert f'<a href="{link}"' in html(sent)
    assert html(sent).count("<a ") == 1
    assert "<img" not in html(sent), "nothing that tells somebody that it was read"


async def test_the_headers(mail: MailRig) -> None:
    await mail.send("Hallo")
    sent = mail.server.mails[0]
    assert sent["Subject"] == "Lotse: Meldung R2 · Fall K7F3"
    assert str(sent["From"]) == "Lotse im Jobcenter Müllrose <lotse@amt.example>"
    assert sent["To"] == "berta@mail.example"
    assert sent["Date"].datetime == mail.clock.now()
    assert sent["Message-ID"] == "<out-1@lotse.example>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "Bcc" not in sent
    assert mail.server.recipients == ["berta@mail.example"]


async def test_an_agencys_mails_come_from_its_own_address(mail: MailRig) -> None:
    async def theirs(message: Outgoing) -> Letter:
        return Letter("Lotse", message.body.text, sender=("Lotse im Musterkreis", "lotse@mk.example"))

    mail.mail._prepare = theirs
    assert await mail.send("Hallo") == FIRST
    assert str(mail.server.mails[0]["From"]) == "Lotse im Musterkreis <lotse@mk.example>"
    assert mail.server.senders == ["lotse@mk.example"]


async def test_the_same_mail_sent_twice_is_recognised(mail: MailRig) -> None:
    for _ in range(2):
        assert await mail.send_body(Body("Hallo"), number=17) == Sent("out-17", reached=False)
    assert [one["Message-ID"] for one in mail.server.mails] == ["<out-17@lotse.example>"] * 2


async def test_a_server_that_took_a_mail_has_reached_nobody_yet(mail: MailRig) -> None:
    assert await mail.send("Hallo") == FIRST


async def test_an_edit_is_no_second_mail(mail: MailRig) -> None:
    assert await mail.send("Übernommen von Bernd Beispiel.", edit="out-7") == Sent("out-7", reached=False)
    assert mail.server.mails == []
    assert mail.server.connections == 0


async def test_a_very_long_text_arrives_whole(mail: MailRig) -> None:
    text = "\n".join(["ä" * 5000, ". ein Punkt am Anfang", ".", "From hier", "x" * 100_000, "\ud83d halb"])
    await mail.send(text)
    assert plain(mail.server.mails[0]) == text.replace("\ud83d", "?") + "\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x1c", "\u2028", "\x00", "\x85"])
async def test_no_header_can_be_smuggled_in(mail: MailRig, end: str) -> None:
    async def evil(message: Outgoing) -> Letter:
        return Letter(f"Fall{end}Bcc: boese@mail.example{end}{end}<p>", f"a{end}Bcc: b", thread="case-1")

    mail.mail._prepare = evil
    mail.mail._sender = type(SENDER)(f"Jörg{end}Bcc: boese@mail.example", SENDER.address, SENDER.host)
    assert await mail.send("Hallo") == FIRST
    sent = mail.server.mails[0]
    assert "Bcc" not in sent
    assert sent["Subject"].startswith("Fall Bcc: boese@mail.example")
    assert sent["From"].addresses[0].addr_spec == SENDER.address
    assert sent["In-Reply-To"] == sent["References"] == "<case-1@lotse.example>"
    assert mail.server.recipients == ["berta@mail.example"]


@pytest.mark.parametrize(
    "address",
    ["berta", "berta@", "@mail.example", "a b@mail.example", "a@b", "ä@mail.example", "a@x.y\nBcc: c@d.e"],
)
async def test_what_is_no_address_is_dead(mail: MailRig, address: str) -> None:
    assert await mail.send_body(Body("Hallo"), address=address) == Permanent("bad_address", address_dead=True)
    assert mail.server.connections == 0


async def test_a_domain_with_umlauts(mail: MailRig) -> None:
    await mail.send_body(Body("Hallo"), address="berta@Müllrose.example")
    assert mail.server.recipients == ["berta@xn--mllrose-n2a.example"]


# --- never in clear text ---


async def test_the_password_goes_over_an_encrypted_connection_only(authority: Authority) -> None:
    for is_smtps in (False, True):
        async with MailServerDouble(authority, is_smtps=is_smtps) as server, rig_at(server) as rig:
            assert await rig.send("Hallo") == FIRST
            assert server.logins == [(PASSWORD.encode(), True)]
            assert rig.mail.trouble == ""


async def test_without_starttls_nothing_is_sent_not_even_the_password(authority: Authority) -> None:
    async with MailServerDouble(authority, offers_tls=False) as server, rig_at(server) as rig:
        assert await rig.send("Hallo") == waits("tls")
        assert (server.mails, server.logins) == ([], [])
        assert "no STARTTLS" in rig.mail.trouble


async def test_a_certificate_of_somebody_else_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "fremd")
    for is_smtps in (False, True):
        async with (
            MailServerDouble(authority, is_smtps=is_smtps) as server,
            rig_at(server, ca_file=stranger.ca_file) as rig,
        ):
            assert await rig.send("Hallo") == waits("certificate")
            assert (server.mails, server.logins) == ([], [])
            assert rig.mail.trouble == "the mail server's certificate is not trusted"


async def test_smtps_at_a_starttls_port_and_the_other_way_round(authority: Authority) -> None:
    async with MailServerDouble(authority) as server:
        server.is_smtps = True  # only the client believes so
        async with rig_at(server) as rig:
            assert await rig.send("Hallo") == waits("tls")
            assert "smtps:// or smtp://" in rig.mail.trouble
    async with MailServerDouble(authority, is_smtps=True) as server:
        server.is_smtps = False
        async with rig_at(server, timeout_s=0.3) as rig:
            assert await rig.send("Hallo") == NETWORK
            assert "cannot be reached" in rig.mail.trouble


async def test_a_wrong_password_is_for_an_operator(authority: Authority) -> None:
    async with MailServerDouble(authority) as server, rig_at(server, password="falsch") as rig:
        assert await rig.send("Hallo") == waits("login")
        assert rig.mail.trouble == "the mail server refuses user or password (535)"
        assert "falsch" not in rig.mail.trouble


def test_a_file_without_certificates_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    async def prepare(message: Outgoing) -> Letter:
        raise AssertionError(message)

    file = tmp_path / "ca.pem"
    file.write_text("kein Zertifikat")
    for path in (file, tmp_path / "fehlt.pem"):
        with pytest.raises(ConfigurationError, match="LOTSE_MAIL__CA_FILE"):
            MailChannel(MailServer("localhost", 587, False, ca_file=path), SENDER, prepare, None)  # type: ignore[arg-type]


# --- refusals ---

DEAD = Permanent("no_such_mailbox", address_dead=True)
RECIPIENT: list[tuple[str, SendResult]] = [
    ("451 4.7.1 Greylisted, try again later", LATER),
    ("450 4.2.1 Mailbox busy", LATER),
    ("550 5.1.1 No such user", DEAD),
    ("550 No such user here", DEAD),
    ("551 User not local", DEAD),
    ("553 Mailbox name not allowed", DEAD),
    ("550 5.2.1 Mailbox disabled", DEAD),
    ("552 5.2.2 Mailbox full", Permanent("mailbox_full")),
    ("550 5.2.2 Over quota", Permanent("mailbox_full")),
    ("550 5.7.1 Relaying denied", Permanent("refused")),
    ("554 5.7.1 Rejected by policy", Permanent("refused")),
    ("554 Transaction failed", Permanent("refused")),
    ("530 5.7.0 Authentication required", waits("login")),
    ("421 4.3.2 Closing", NETWORK),
]


@pytest.mark.parametrize(("said", "result"), RECIPIENT)
async def test_a_recipient_is_refused(mail: MailRig, said: str, result: SendResult) -> None:
    mail.server.refusals = [said]
    assert await mail.send("Hallo") == result
    assert await mail.send("Hallo noch einmal") == SECOND
    assert mail.server.texts() == ["Hallo noch einmal\n"]


CONTENT: list[tuple[str, SendResult]] = [
    ("451 4.3.0 Try later", LATER),
    ("452 4.3.1 Out of space", LATER),
    ("554 5.6.0 Not accepted", Permanent("refused")),
    ("552 5.3.4 Too big", Permanent("refused")),
    ("421 4.3.2 Closing", NETWORK),
]


@pytest.mark.parametrize(("said", "result"), CONTENT)
async def test_a_mail_is_refused(mail: MailRig, said: str, result: SendResult) -> None:
    mail.server.data_refusals = [said]
    assert await mail.send("Hallo") == result
    assert await mail.send("Hallo noch einmal") == SECOND
    assert mail.server.texts() == ["Hallo noch einmal\n"]


SENDER_SAID: list[tuple[str, SendResult, str]] = [
    ("550 5.7.1 Sender not allowed", waits("sender"), "refuses our sender's address (550)"),
    ("530 5.7.0 Must issue a STARTTLS command first", waits("login"), "wants a login or encryption (530)"),
    ("451 4.3.0 Later", LATER, ""),
]


@pytest.mark.parametrize(("said", "result", "trouble"), SENDER_SAID)
async def test_a_refused_sender_is_for_an_operator(
    mail: MailRig, said: str, result: SendResult, trouble: str
) -> None:
    mail.server.sender_refusals = [said]
    assert await mail.send("Hallo") == result
    assert trouble in mail.mail.trouble
    assert bool(trouble) == bool(mail.mail.trouble)
    assert await mail.send("Hallo noch einmal") == SECOND
    assert mail.mail.trouble == "", "what goes out is no trouble any more"


async def test_without_a_database_a_mail_waits(mail: MailRig) -> None:
    async def away(message: Outgoing) -> Letter:
        raise StoreUnavailable("away")

    mail.mail._prepare = away
    assert await mail.send("Hallo") == RetryAfter(2.0, reason="store")
    assert mail.server.connections == 0


# --- the connection ---


async def test_one_connection_serves_many(mail: MailRig) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(mail.send(f"Nachricht {number}"))
    assert len(mail.server.mails) == 20
    assert mail.server.connections == 1


async def test_a_connection_that_was_closed_meanwhile_costs_no_mail(mail: MailRig) -> None:
    assert await mail.send("eins") == FIRST
    mail.server.hang_up()
    mail.clock.advance(timedelta(minutes=10))
    assert await mail.send("zwei") == SECOND
    assert mail.server.texts() == ["eins\n", "zwei\n"]
    assert mail.server.connections == 2


async def test_hung_up_after_the_mail_was_taken_it_is_sent_again(mail: MailRig) -> None:
    """Nobody can know whether it arrived: an alert is rather doubled than lost, under the same Message-ID."""
    mail.server.hang_ups = 1
    assert await mail.send_body(Body("Hallo"), number=17) == NETWORK
    assert await mail.send_body(Body("Hallo"), number=17) == Sent("out-17", reached=False)
    assert [one["Message-ID"] for one in mail.server.mails] == ["<out-17@lotse.example>"] * 2


async def test_a_server_that_dawdles_does_not_hold_everything_up(authority: Authority) -> None:
    async with MailServerDouble(authority) as server, rig_at(server, timeout_s=0.3) as rig:
        server.patience.clear()
        assert await rig.send("eins") == NETWORK
        server.patience.set()
        assert await rig.send("zwei") == SECOND
        assert server.texts()[-1] == "zwei\n"


async def test_cut_off_in_the_middle_no_answer_is_taken_for_another_mails(mail: MailRig) -> None:
    mail.server.patience.clear()
    task = asyncio.get_running_loop().create_task(mail.send("eins"))
    await mail.server.is_taking.wait()
    task.cancel()
    await asyncio.wait([task])
    mail.server.patience.set()
    mail.server.refusals = ["550 5.1.1 No such user"]
    assert await mail.send("zwei") == DEAD
    assert mail.server.connections == 2


async def test_a_server_that_is_down_is_tried_once_for_all_who_wait(authority: Authority) -> None:
    async with MailServerDouble(authority) as server, rig_at(server) as rig:
        await server.stop()
        assert await rig.send("eins") == NETWORK
        assert rig.mail.trouble == "the mail server cannot be reached (ConnectionRefusedError)"
        await server.start()
        rig.clock.advance(timedelta(seconds=2))
        assert await rig.send("zwei") == RetryAfter(3.0, whole_channel=True, reason="network")
        assert server.connections == 0
        rig.clock.advance(timedelta(seconds=3))
        assert isinstance(await rig.send("drei"), Sent)
        assert rig.mail.trouble == ""


async def test_trouble_is_found_before_the_first_mail_and_ends_by_itself(authority: Authority) -> None:
    async with MailServerDouble(authority) as server, rig_at(server) as rig:
        await server.stop()
        stop, clock = asyncio.Event(), SeenClock(rig.clock.now())
        rig.mail._clock = clock
        watching = asyncio.get_running_loop().create_task(rig.mail.watch(stop))
        await clock.rests()
        assert "cannot be reached" in rig.mail.trouble
        await server.start()
        await clock.rests(60)
        assert rig.mail.trouble == ""
        await clock.rests(60)
        assert rig.mail._client is None, "a connection without work is not kept"
        await clock.rests(60)
        assert server.connections == 1, "all is well: nobody knocks for nothing"
        stop.set()
        await watching
        assert await rig.send("Hallo") == FIRST
        assert server.connections == 2


async def test_no_password_no_text_and_no_address_in_the_logs(
    mail: MailRig, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await mail.send("Geheimnis")
        mail.server.refusals = ["550 5.1.1 berta@mail.example unknown"]
        await mail.send("Geheimnis")
        mail.server.sender_refusals = ["550 5.7.1 lotse@amt.example not allowed for berta@mail.example"]
        await mail.send("Geheimnis")
        await mail.server.stop()
        await mail.send("Geheimnis")
    ours = [record for record in caplog.records if not record.name.startswith("mail.")]  # the server's own
    said = "\n".join(record.getMessage() for record in ours)
    assert "mail: the mail server refuses our sender's address (550)" in said
    for secret in (PASSWORD, "Geheimnis", "berta", "amt.example", "K7F3"):
        assert secret not in said
