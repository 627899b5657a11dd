# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One-time links in mails: signed, so that a guess never reaches the database; kept as a keyed hash.

A code is `link, staff member, concern, expiry` (numbers) and their HMAC-SHA256, in base64. It can be made
again from its row, but only with the keys: who reads the database cannot.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.domain.mail import LinkPurpose, MailLink
from bot.storage.link import Link, Row
from bot.storage.mail_tables import mail_link
from bot.storage.tables import staff

SIGNATURE = "mail_link.signature"
FINGERPRINT = "mail_link.fingerprint"

_CONTENT = struct.Struct(">QQQQ")
_SIGNATURE_BYTES = 32
_CODE_LENGTH = 86

_COLUMNS = (
    mail_link.c.id,
    mail_link.c.agency_id,
    mail_link.c.staff_id,
    mail_link.c.address_id,
    mail_link.c.purpose,
    mail_link.c.expires_at,
    mail_link.c.concern_id,
    mail_link.c.outgoing_id,
    mail_link.c.used_at,
)
_add = mail_link.insert().returning(mail_link.c.id)
_change = update(mail_link).where(mail_link.c.id == bindparam("which"))
_by_id = (
    select(*_COLUMNS, mail_link.c.fingerprint)
    .where(mail_link.c.id == bindparam("id"))
    .with_for_update(key_share=True)
)
_in_mail = (
    select(*_COLUMNS)
    .where(
        mail_link.c.outgoing_id == bindparam("outgoing_id"),
        mail_link.c.used_at.is_(None),
        mail_link.c.expires_at > bindparam("at", type_=mail_link.c.expires_at.type),
    )
    .order_by(mail_link.c.id.desc())
    .limit(1)
)
_asked = select(staff.c.mail).where(staff.c.id == bindparam("id"))
_FIELDS = ("agency_id", "staff_id", "address_id", "purpose", "concern_id", "outgoing_id")


class SqlMailLinks:
    """Implements `ports.MailLinks`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def make(self, new: MailLink) -> str:
        """Keep a link and return its code."""
        until = new.expires_at.replace(microsecond=0)
        values = {name: getattr(new, name) for name in _FIELDS} | {"expires_at": until, "fingerprint": b""}
        number = int(self._link.execute(_add, values).scalar_one())
        code = self._sign(_CONTENT.pack(number, new.staff_id, new.concern_id or 0, int(until.timestamp())))
        # A number may be given again after a backup was restored; then the old code must not fit the new row.
        self._link.execute(_change, {"which": number, "fingerprint": self._fingerprint(code)})
        return code

    def code_in(self, outgoing_id: int, now: datetime) -> str:
        """The code of the link in this mail that still opens; empty if none does."""
        row = self._link.execute(_in_mail, {"outgoing_id": outgoing_id, "at": now}).first()
        if row is None:
            return ""
        link = _to_link(row)
        content = (link.id, link.staff_id, link.concern_id or 0, int(link.expires_at.timestamp()))
        return self._sign(_CONTENT.pack(*content))

    def find(self, code: str) -> MailLink | None:
        """The link of a code, used or not; locked. None if it was not signed here, or is unknown."""
        number = self._number(code)
        if number is None:
            return None
        row = self._link.execute(_by_id, {"id": number}).first()
        if row is None or not hmac.compare_digest(bytes(row[9]), self._fingerprint(code)):
            return None
        return _to_link(row)

    def asked(self, staff_id: int) -> str:
        """The mail address that was named last as theirs, confirmed or not; empty if none ever was."""
        found: str | None = self._link.execute(_asked, {"id": staff_id}).scalar()
        return found or ""

    def use(self, link_id: int, now: datetime) -> None:
        """Mark it as used."""
        self._link.execute(_change, {"which": link_id, "used_at": now})

    def _sign(self, content: bytes) -> str:
        signature = self._link.keyring.fingerprint(content.hex(), SIGNATURE)
        return base64.urlsafe_b64encode(content + signature).rstrip(b"=").decode()

    def _number(self, code: str) -> int | None:
        if len(code) != _CODE_LENGTH or not code.isascii():
            return None
        try:
            blob = base64.b64decode(code + "==", altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        content, signature = blob[:-_SIGNATURE_BYTES], blob[-_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._link.keyring.fingerprint(content.hex(), SIGNATURE)):
            return None
        return int(_CONTENT.unpack(content)[0])

    def _fingerprint(self, code: str) -> bytes:
        return self._link.keyring.fingerprint(code, FINGERPRINT)


def _to_link(row: Row) -> MailLink:
    number, agency, person, address, purpose, *rest = row[:9]
    return MailLink(number, agency, person, address, LinkPurpose(purpose), *rest)
