# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A real mail server (aiosmtpd) with TLS and a login, which can refuse, dawdle and hang up."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

USER, PASSWORD = "lotse", "geheim:1/x"


@dataclass
class Authority:
    """A certificate authority that nobody else trusts. `ca_file` is what a client trusts it by."""

    folder: Path
    ca_file: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Testbehörde {self.folder.name}")])
        usage = x509.KeyUsage(*(False,) * 5, True, True, False, False)
        own = self._begin(self._name, self._key.public_key(), ca=True).add_extension(usage, critical=True)
        self.ca_file = self.folder / "ca.pem"
        self.ca_file.write_bytes(self._sign(own))

    def server_context(self, host: str = "127.0.0.1") -> ssl.SSLContext:
        """What a server at this address shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = self._begin(name, key.public_key(), ca=False)
        builder = builder.add_extension(names, critical=False).add_extension(issuer, critical=False)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        file = self.folder / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + self._sign(builder.add_extension(usage, critical=False)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _begin(self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )

    def _sign(self, builder: x509.CertificateBuilder) -> bytes:
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@dataclass
class MailServerDouble:
    """Takes mail for everybody. What it is to do otherwise, tests say.

    `refusals` are given to the next recipients, `data_refusals` to the next mails, `sender_refusals` to the
    next senders; `hang_ups` is how many more mails it takes without an answer, hanging up.
    While `patience` is not set it answers no mail; `is_taking` says that it was handed one.
    """

    authority: Authority
    is_smtps: bool = False
    offers_tls: bool = True
    refusals: list[str] = field(default_factory=list)
    data_refusals: list[str] = field(default_factory=list)
    sender_refusals: list[str] = field(default_factory=list)
    hang_ups: int = 0
    patience: asyncio.Event = field(default_factory=asyncio.Event)
    is_taking: asyncio.Event = field(default_factory=asyncio.Event)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    connections: int = 0
    logins: list[tuple[bytes, bool]] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _open: list[SMTP] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self.patience.set()
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, after a stop on the same port."""
        context = self.authority.server_context()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._connection(context), "127.0.0.1", self.port, ssl=context if self.is_smtps else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up everywhere and listen no more."""
        self.hang_up()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def hang_up(self) -> None:
        """Close every connection without a word."""
        for one in self._open:
            if isinstance(one.transport, asyncio.WriteTransport):
                one.transport.abort()
        self._open.clear()

    @property
    def url(self) -> str:
        """Where it is, with the login that it wants."""
        scheme = "smtps" if self.is_smtps else "smtp"
        return f"{scheme}://{USER}:{PASSWORD.replace(':', '%3A').replace('/', '%2F')}@127.0.0.1:{self.port}"

    def texts(self) -> list[str]:
        """The plain text of every mail."""
        return [plain(mail) for mail in self.mails]

    # --- what aiosmtpd asks ---

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_refusals:
            return self.sender_refusals.pop(0)
        envelope.mail_from = address
        self.senders.append(address)
        envelope.mail_options += options
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.is_taking.set()
        await self.patience.wait()
        if self.data_refusals:
            return self.data_refusals.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        if self.hang_ups:
            self.hang_ups -= 1
            self.hang_up()
        return "250 OK"

    def _connection(self, context: ssl.SSLContext) -> Callable[[], SMTP]:
        def connect() -> SMTP:
            self.connections += 1
            more: dict[str, Any] = {}
            if self.offers_tls and not self.is_smtps:
                more = {"tls_context": context, "require_starttls": True}
            with warnings.catch_warnings():
                # Over smtps all is encrypted, which this library does not see by itself.
                warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
                one = SMTP(
                    self,
                    hostname="mail.example",
                    authenticator=self._authenticate,
                    auth_required=True,
                    auth_require_tls=self.offers_tls and not self.is_smtps,
                    **more,
                )
            self._open.append(one)
            return one

        return connect

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        assert server.transport is not None
        is_encrypted = server.transport.get_extra_info("sslcontext") is not None
        self.logins.append((data.password, is_encrypted))
        is_known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)


def plain(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
