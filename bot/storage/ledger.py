# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log, the published dialogs, and small facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.domain.editions import Edition, Origin
from bot.domain.ledger_chain import Note
from bot.storage.audit_chain import mark
from bot.storage.link import Link, by_dialect
from bot.storage.tables import agency, audit, dialog_version, fact

_PUBLISHING = 1

_note = audit.insert()
_ensure_agency = by_dialect(
    agency,
    lambda new: new.on_conflict_do_update(index_elements=["id"], set_={"name": new.excluded.name}),
)
_highest = select(func.max(dialog_version.c.version)).where(dialog_version.c.dialog == bindparam("dialog"))
_publish = dialog_version.insert()
_published = (
    select(
        dialog_version.c.id,
        dialog_version.c.dialog,
        dialog_version.c.version,
        dialog_version.c.digest,
        dialog_version.c.source,
        dialog_version.c.origin,
        dialog_version.c.published_at,
    )
    .where(dialog_version.c.id > bindparam("after"))
    .order_by(dialog_version.c.dialog, dialog_version.c.version)
)
_newest_edition = select(func.max(dialog_version.c.id))
_set_fact = by_dialect(
    fact,
    lambda new: new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded["value"]}),
)
_fact = select(fact.c.value).where(fact.c.name == bindparam("name"))


class SqlLedger:
    """Implements `ports.Ledger`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def note(self, agency_id: int, at: datetime, actor: str, action: str, subject: str) -> None:
        """Append to the audit log, with a mark. Ids and machine words only, never content."""
        proof = mark(self._link.keyring, Note(0, agency_id, at, actor, action, subject))
        values = {"agency_id": agency_id, "at": at, "actor": actor, "action": action, "subject": subject}
        self._link.execute(_note, values | {"mark": proof})

    def ensure_agency(self, agency_id: int, name: str, now: datetime) -> None:
        """The agency exists afterwards, under this name."""
        self._link.upsert(_ensure_agency, {"id": agency_id, "name": name, "created_at": now})

    def lock_publishing(self) -> None:
        """Until the end of this unit of work nobody else publishes."""
        self._link.alone(_PUBLISHING)

    def publish(self, dialog: str, digest: str, source: str, origin: Origin, now: datetime) -> int:
        """Keep a new version of a dialog, numbered from 1. Only after `lock_publishing`."""
        version = int(self._link.execute(_highest, {"dialog": dialog}).scalar() or 0) + 1
        values = {
            "dialog": dialog,
            "version": version,
            "digest": digest,
            "source": source,
            "origin": origin,
            "published_at": now,
        }
        self._link.execute(_publish, values)
        return version

    def published(self, after: int = 0) -> list[Edition]:
        """All editions with a number above `after`, by dialog and version."""
        rows = self._link.execute(_published, {"after": after})
        return [Edition(*row[:5], Origin(row.origin), row.published_at) for row in rows]

    def newest_edition(self) -> int:
        """The number of the newest edition of any dialog; 0 if there is none."""
        return int(self._link.execute(_newest_edition).scalar() or 0)

    def set_fact(self, name: str, value: str) -> None:
        """Remember a small fact, in place of what it was."""
        self._link.upsert(_set_fact, {"name": name, "value": value})

    def fact(self, name: str) -> str | None:
        """A small fact."""
        value = self._link.execute(_fact, {"name": name}).scalar()
        return None if value is None else str(value)
