# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log, the published dialogs, and small facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from bot.storage.link import Link, by_dialect
from bot.storage.tables import agency, audit, dialog_version, fact

_PUBLISHING = 1

_note = audit.insert()
_ensure_agency = by_dialect(
    agency,
    lambda new: new.on_conflict_do_update(index_elements=["id"], set_={"name": new.excluded.name}),
)
_newest = (
    select(dialog_version.c.version, dialog_version.c.digest)
    .where(dialog_version.c.dialog == bindparam("dialog"))
    .order_by(dialog_version.c.version.desc())
    .limit(1)
)
_publish = dialog_version.insert()
_published = select(dialog_version.c.dialog, dialog_version.c.version, dialog_version.c.source).order_by(
    dialog_version.c.dialog, dialog_version.c.version
)
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
        """Append to the audit log. Ids and machine words only, never content."""
        values = {"agency_id": agency_id, "at": at, "actor": actor, "action": action, "subject": subject}
        self._link.execute(_note, values)

    def ensure_agency(self, agency_id: int, name: str, now: datetime) -> None:
        """The agency exists afterwards, under this name."""
        self._link.upsert(_ensure_agency, {"id": agency_id, "name": name, "created_at": now})

    def publish(self, dialog: str, digest: str, source: str, now: datetime) -> int:
        """Keep a dialog version, numbered from 1; the newest again gives its number and keeps nothing."""
        self._link.alone(_PUBLISHING)
        newest = self._link.execute(_newest, {"dialog": dialog}).first()
        if newest is not None and newest.digest == digest:
            return int(newest.version)
        version = 1 if newest is None else int(newest.version) + 1
        values = {
            "dialog": dialog,
            "version": version,
            "digest": digest,
            "source": source,
            "published_at": now,
        }
        self._link.execute(_publish, values)
        return version

    def published(self) -> list[tuple[str, int, str]]:
        """All versions: (dialog, version, source)."""
        return [(row.dialog, row.version, row.source) for row in self._link.execute(_published)]

    def set_fact(self, name: str, value: str) -> None:
        """Remember a small fact, in place of what it was."""
        self._link.upsert(_set_fact, {"name": name, "value": value})

    def fact(self, name: str) -> str | None:
        """A small fact."""
        value = self._link.execute(_fact, {"name": name}).scalar()
        return None if value is None else str(value)
