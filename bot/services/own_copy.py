# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The copy of everything about a person (Art. 15 and 20 GDPR), handed to themselves on their own page.

Only where they are signed in, and have known what the agency asks for beside the link; never by a messenger.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.ports import UnitOfWork
from bot.services.export_page import PageMaker
from bot.services.export_person import as_json, copy_person
from bot.services.own_area import is_closed
from bot.services.page_lock import who
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook


class CopyForm(StrEnum):
    """To read and print, or for programs."""

    HTML = "html"
    JSON = "json"


def own_copy(uow: UnitOfWork, rules: Rulebook, account: str, form: CopyForm, now: datetime) -> bytes | None:
    """The copy as a file in UTF-8. None if nobody is signed in there, or if it takes a link that asks more.

    That it was taken stands in the audit log, and so in the copy.
    """
    guest = who(uow, rules, account, now)
    if guest is None or is_closed(rules, guest.session):
        return None
    person = guest.contact.participant
    uow.serve(person.agency_id)
    copy = copy_person(uow, person, "participant", now)
    if form is CopyForm.JSON:
        return as_json(copy)
    zone = zone_of(person, rules.agencies[person.agency_id])
    return PageMaker(rules.voice(person.language), zone, rules.book).page(copy).encode()
