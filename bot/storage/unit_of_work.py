# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The unit of work: all repositories on one connection. The lane commits, nobody here does."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from bot.storage.access import SqlAccess
from bot.storage.appointments import SqlAppointments
from bot.storage.audit_chain import SqlAuditChain
from bot.storage.calendars import SqlCalendars
from bot.storage.canned_replies import SqlCannedReplies
from bot.storage.concerns import SqlConcerns
from bot.storage.console import SqlConsole
from bot.storage.duty import SqlDuty
from bot.storage.invitation_cards import SqlInvitationCards
from bot.storage.ledger import SqlLedger
from bot.storage.link import Link
from bot.storage.mail_links import SqlMailLinks
from bot.storage.memory import SqlMemory
from bot.storage.notices import Notices
from bot.storage.outbox import SqlOutbox
from bot.storage.overview import SqlOverview
from bot.storage.own_page import SqlOwnPage
from bot.storage.partners import SqlCasework
from bot.storage.people import SqlPeople
from bot.storage.people_view import SqlPeopleView
from bot.storage.person_data import SqlRights
from bot.storage.person_keys import SqlPersonKeys
from bot.storage.plans import SqlPlans
from bot.storage.programmes import SqlProgrammes
from bot.storage.retention import SqlRetention
from bot.storage.sealing import Keyring
from bot.storage.sharing import SqlSharing
from bot.storage.sign_in import SqlSignIns
from bot.storage.soundness import SqlSoundness
from bot.storage.stories import SqlStories
from bot.storage.talks import SqlTalks
from bot.storage.timers import SqlTimers


class SqlUnitOfWork:
    """Implements `ports.UnitOfWork`. Valid only while the use case runs that got it."""

    __slots__ = (
        "_keys",
        "_link",
        "access",
        "appointments",
        "audit_chain",
        "calendars",
        "canned_replies",
        "casework",
        "concerns",
        "connection",
        "console",
        "duty",
        "invitations",
        "ledger",
        "mail_links",
        "memory",
        "outbox",
        "overview",
        "own_page",
        "people",
        "people_view",
        "plans",
        "programmes",
        "retention",
        "rights",
        "sharing",
        "sign_ins",
        "soundness",
        "stories",
        "talks",
        "timers",
    )

    def __init__(self, connection: Connection, keyring: Keyring, notices: Notices | None = None) -> None:
        self._link = link = Link(connection, keyring, notices)
        self._keys = SqlPersonKeys(link)
        link.seals.begin(self._keys)
        self.connection = connection
        self._open_the_road(link)
        self._open_the_house(link)

    def _open_the_road(self, link: Link) -> None:
        """What a message or a due moment needs."""
        self.people = SqlPeople(link)
        self.talks = SqlTalks(link)
        self.outbox = SqlOutbox(link)
        self.concerns = SqlConcerns(link)
        self.timers = SqlTimers(link)
        self.ledger = SqlLedger(link)
        self.memory = SqlMemory(link)
        self.plans = SqlPlans(link)
        self.programmes = SqlProgrammes(link)
        self.appointments = SqlAppointments(link)
        self.duty = SqlDuty(link)
        self.mail_links = SqlMailLinks(link)
        self.canned_replies = SqlCannedReplies(link)

    def _open_the_house(self, link: Link) -> None:
        """What people's rights, staff at their desks and the auditor need besides."""
        self.invitations = SqlInvitationCards(link)
        self.sign_ins = SqlSignIns(link)
        self.soundness = SqlSoundness(link)
        self.access = SqlAccess(link)
        self.own_page = SqlOwnPage(link)
        self.people_view = SqlPeopleView(link)
        self.stories = SqlStories(link)
        self.audit_chain = SqlAuditChain(link)
        self.rights = SqlRights(link)
        self.sharing = SqlSharing(link)
        self.retention = SqlRetention(link)
        self.console = SqlConsole(link)
        self.overview = SqlOverview(link)
        self.calendars = SqlCalendars(link)
        self.casework = SqlCasework(link)

    def begin(self) -> None:
        """Forget the use case before: the connection serves many, one after the other."""
        self._link.cause = ""
        self._link.forget_signals()
        self.rolled_back()

    def rolled_back(self) -> None:
        """Nothing of what the use case did is kept: neither are the keys that it made."""
        self._link.talk_owners.clear()
        self._link.seals.begin(self._keys)

    def committed(self) -> None:
        """What use cases have done is kept."""
        self._link.seals.committed()

    def serve(self, agency_id: int) -> None:
        """See `Link.serve`."""
        self._link.serve(agency_id)

    def announce(self) -> Collection[str]:
        """Last before the commit, for the lane: see `Link.announce`."""
        return self._link.announce()
