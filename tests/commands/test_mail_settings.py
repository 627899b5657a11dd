# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where mail goes out, and to whom: one clear line for each fault, and never a password in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.domain.mail import mail_address
from bot.setting_parts import MailPart, SmtpUrl
from tests.commands.conftest import Lotse

URL = "smtps://lotse:geheim@mail.example:465"
PUBLIC = {"LOTSE_PUBLIC_URL": "https://lotse.example"}


@pytest.mark.parametrize(
    ("url", "read"),
    [
        (URL, SmtpUrl("mail.example", 465, True, "lotse", "geheim")),
        ("smtps://mail.example", SmtpUrl("mail.example", 465, True)),
        ("smtp://mail.example/", SmtpUrl("mail.example", 587, False)),
        (
            "smtp://a%40b.example:p%2F%3A%23@mail.example:25",
            SmtpUrl("mail.example", 25, False, "a@b.example", "p/:#"),
        ),
        ("SMTP://[::1]:2525", SmtpUrl("::1", 2525, False)),
    ],
)
def test_an_smtp_url_is_read(url: str, read: SmtpUrl) -> None:
    assert MailPart(smtp_url=SecretStr(url)).server == read


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtps://lotse:geheim@:465", "the host is missing"),
        ("smtps:///x", "the host is missing"),
        ("http://lotse:geheim@mail.example", "must begin with smtps:// or smtp://"),
        ("mail.example:587", "must begin with smtps:// or smtp://"),
        ("smtp://lotse:geheim@mail.example:99999", "the port is no number from 1 to 65535"),
        ("smtp://lotse:geheim@mail.example:abc", "the port is no number from 1 to 65535"),
        ("smtp://lotse:geheim@mail.example:0", "the port is missing"),
        ("smtp://lotse:geheim/x@mail.example", "the port is no number"),
        ("smtp://lotse:geheim@mail.example/pfad", "holds a part that means nothing"),
        ("smtp://lotse@mail.example", "user and password belong together"),
        ("smtp://[::1", "the port is no number"),
    ],
)
def test_an_smtp_url_that_cannot_be_one(url: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        MailPart(smtp_url=SecretStr(url))
    (fault,) = caught.value.errors(include_input=False, include_context=False)
    assert words in fault["msg"]
    assert "geheim" not in fault["msg"]


@pytest.mark.parametrize(
    ("sender", "parts"),
    [
        ("lotse@amt.example", ("", "lotse@amt.example")),
        (
            "Lotse im Jobcenter Müllrose <lotse@amt.example>",
            ("Lotse im Jobcenter Müllrose", "lotse@amt.example"),
        ),
        ('"Müller, Lotse" <lotse@ämter.example>', ("Müller, Lotse", "lotse@xn--mter-koa.example")),
    ],
)
def test_who_mails_come_from(sender: str, parts: tuple[str, str]) -> None:
    assert MailPart(sender=sender).sender_parts == parts


@pytest.mark.parametrize(
    "sender",
    ["Lotse", "lotse@", "Lotse <lotse>", "a@b", "Lotse\nBcc: x@y.example <lotse@amt.example>", "a@x.y\r\n"],
)
def test_a_sender_that_is_no_address(sender: str) -> None:
    with pytest.raises(ValidationError, match="is not a mail address"):
        MailPart(sender=sender)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Berta.Beispiel+x@Amt.EXAMPLE ", "Berta.Beispiel+x@amt.example"),
        ("b@sub.amt.example", "b@sub.amt.example"),
        ("berta", ""),
        ("berta@amt", ""),
        ("be..rta@amt.example", ""),
        ("berta@-amt.example", ""),
        ("berta@amt..example", ""),
        ("bärta@amt.example", ""),
        ("a" * 65 + "@amt.example", ""),
        ("a@" + "b" * 64 + ".example", ""),
        ("a@" + ".".join(["b" * 60] * 5), ""),
        ("a@b.example>\r\nRCPT TO:<c@d.example", ""),
        ("", ""),
    ],
)
def test_a_mail_address(text: str, address: str) -> None:
    assert mail_address(text) == address


def test_all_faults_at_once(lotse: Lotse) -> None:
    refused = lotse(
        "run",
        LOTSE_MAIL__SMTP_URL="smtp://lotse:geheim@mail.example:99999",
        LOTSE_MAIL__SENDER="Lotse",
        LOTSE_MAIL__CA_FILE="/nowhere/ca.pem",
    )
    assert refused.returncode == 2
    for words in (
        "LOTSE_MAIL__SMTP_URL: the port is no number from 1 to 65535",
        "LOTSE_MAIL__SENDER: is not a mail address",
        "LOTSE_MAIL__CA_FILE: there is no such file",
    ):
        assert words in refused.stderr, refused.stderr
    assert "geheim" not in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_does_not_fit_together(lotse: Lotse) -> None:
    refused = lotse("run", LOTSE_MAIL__SMTP_URL=URL)
    assert refused.returncode == 2
    assert "mail: sender is missing" in refused.stderr
    assert "mail: public_url is missing" in refused.stderr


def test_the_url_may_be_a_file_and_the_authorities_are_one(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text(URL + "\n")
    (tmp_path / "ca.pem").write_text("kein Zertifikat")
    env = PUBLIC | {"LOTSE_MAIL__SMTP_URL_FILE": "smtp", "LOTSE_MAIL__SENDER": "lotse@amt.example"}
    checked = lotse("check", "--json", **env)
    assert checked.returncode == 0
    assert '"what": "mail", "state": "on, mail.example:465"' in checked.stdout
    refused = lotse("run", **env, LOTSE_MAIL__CA_FILE="ca.pem")
    assert refused.returncode == 2
    assert "LOTSE_MAIL__CA_FILE: the file holds no certificates" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.usefixtures("migrated")
def test_a_staff_member_with_a_mail_address(lotse: Lotse) -> None:
    added = lotse("staff", "add", "--name", "Berta Beispiel", "--mail", "berta@amt.example", "--json")
    assert added.returncode == 0, added.stderr
    assert set(json.loads(added.stdout)) == {"id", "telegram_code", "telegram_link", "console_link"}
    assert "mail is off" in added.stderr
    team = json.loads(lotse("staff", "list", "--json").stdout)
    assert team[0]["reachable"] == "", "an address counts only once it is confirmed"
    twice = lotse("staff", "add", "--name", "Bernd Beispiel", "--mail", "berta@AMT.example")
    assert twice.returncode == 2
    assert "this mail address belongs to another staff member" in twice.stderr
    assert len(json.loads(lotse("staff", "list", "--json").stdout)) == 1, "all or nothing"
    asked = lotse("staff", "mail", "--staff", str(team[0]["id"]), "--mail", "b@amt.example", "--json")
    assert json.loads(asked.stdout) == {"id": team[0]["id"], "mail": "asked to confirm"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "--name", "B", "--mail", "berta"), "--mail is not a mail address"),
        (("mail", "--staff", "1", "--mail", ""), "--mail is empty"),
        (("mail", "--staff", "7", "--mail", "b@amt.example"), "there is no staff member 7"),
    ],
)
@pytest.mark.usefixtures("migrated")
def test_bad_addresses(lotse: Lotse, arguments: tuple[str, ...], words: str) -> None:
    refused = lotse("staff", *arguments)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
