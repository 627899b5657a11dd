# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a mail server's refusal, or its silence, means: for this mail, for its address, for all mail."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.domain.delivery import Permanent, RetryAfter

NETWORK_PAUSE_S = 5.0
#: Greylisting lets one in after some minutes; the pauses grow from here.
LATER_PAUSE_S = 60.0
#: For what waits for an operator.
TROUBLE_PAUSE_S = 60.0

# RFC 3463: "5.1.1" in the text says more than the code before it.
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_WANTS_LOGIN = frozenset({530, 534, 535, 538})
_CLOSING = 421
_FULL = 552


@dataclass(frozen=True, slots=True)
class Verdict:
    """`trouble` is for operators: one line without an address; empty if the server is as it should be."""

    result: Permanent | RetryAfter
    trouble: str = ""


_NETWORK = RetryAfter(NETWORK_PAUSE_S, whole_channel=True, reason="network")
_LATER = RetryAfter(LATER_PAUSE_S, reason="later")
_NO_MAILBOX = Permanent("no_such_mailbox", address_dead=True)


def judge_connecting(error: Exception) -> Verdict:
    """No mail can go out at all at the moment, and why."""
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _wait("certificate", "the mail server's certificate is not trusted")
    if isinstance(cause, ssl.SSLError):
        return _wait("tls", "the mail server does not speak TLS as expected: smtps:// or smtp://?")
    if isinstance(error, SMTPAuthenticationError):
        return _wait("login", f"the mail server refuses user or password ({error.code})")
    if isinstance(error, (ConnectionError, TimeoutError, OSError)):
        return Verdict(_NETWORK, f"the mail server cannot be reached ({type(cause or error).__name__})")
    if isinstance(error, SMTPResponseException):
        return _wait("network", f"the mail server refuses the connection ({error.code})")
    # All that is left: no STARTTLS, or no login, where we insist on it.
    return _wait("tls", "the mail server offers no STARTTLS, or no login: nothing is sent there")


def judge_sending(error: Exception) -> Verdict:
    """What became of one mail. Where nobody can know (the connection was lost), it is tried again."""
    if isinstance(error, SMTPRecipientsRefused):
        return _recipient(error.recipients[0])
    if not isinstance(error, SMTPResponseException):
        return Verdict(_NETWORK)
    if error.code == _CLOSING:
        return Verdict(_NETWORK)
    if error.code in _WANTS_LOGIN:
        return _wait("login", f"the mail server wants a login or encryption ({error.code})")
    if isinstance(error, SMTPSenderRefused) and error.code >= 500:
        return _wait("sender", f"the mail server refuses our sender's address ({error.code})")
    return Verdict(Permanent("refused") if error.code >= 500 else _LATER)


def _recipient(error: SMTPResponseException) -> Verdict:
    if error.code == _CLOSING:
        return Verdict(_NETWORK)
    if error.code < 500:
        return Verdict(_LATER)
    if error.code in _WANTS_LOGIN:
        return _wait("login", f"the mail server wants a login or encryption ({error.code})")
    found = _ENHANCED.search(error.message)
    subject, detail = (int(found[1]), int(found[2])) if found else (0, 0)
    if subject == 7:
        # A rule of the server, not a fault of the address: relaying is denied, or the sender is on a list.
        return Verdict(Permanent("refused"))
    if error.code == _FULL or (subject, detail) == (2, 2):
        return Verdict(Permanent("mailbox_full"))
    is_unknown = subject == 1 or (subject, detail) == (2, 1) or error.code in _NO_SUCH_MAILBOX
    return Verdict(_NO_MAILBOX if is_unknown else Permanent("refused"))


def _wait(reason: str, trouble: str) -> Verdict:
    return Verdict(RetryAfter(TROUBLE_PAUSE_S, whole_channel=True, reason=reason), trouble)
