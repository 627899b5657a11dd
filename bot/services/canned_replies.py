# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts that an agency keeps ready for its staff: those that ship, and its own over them."""

from __future__ import annotations

import re
from datetime import datetime

from bot.domain.canned_replies import BASE_LANGUAGE, PUT_AWAY, CannedReply, ReplyText, on_shelf
from bot.errors import EntryRefused, NotFound
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.shipped_replies import SHIPPED, shipped_replies
from dialogs.plain import clean, plain

#: Both texts and what is said around them fit into one message.
LONGEST = 1500
#: It stands in buttons beside a case's number, which hold 64 bytes.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,19}")


def reply_name(typed: str) -> str:
    """The name as it is kept: `Rückruf heute` is `rueckruf-heute`. Empty if it can be no name."""
    name = plain(typed).replace(" ", "-")
    return name if _NAME.fullmatch(name) else ""


def replies(uow: UnitOfWork, rules: Rulebook, agency_id: int) -> dict[str, CannedReply]:
    """All replies of the agency, by name."""
    return on_shelf(shipped_replies(rules.texts), uow.canned_replies.of_agency(agency_id))


def keep_reply(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, new: ReplyText, now: datetime
) -> CannedReply:
    """Keep a text of the agency's own, new or in place of the one of that name and language.

    `new.language` may be a tag like `en-GB`; its first part counts. Raises `EntryRefused`.
    """
    name, language, text = reply_name(new.name), new.language.partition("-")[0].casefold(), clean(new.text)
    if not name:
        raise EntryRefused("a name has 2 to 20 letters, digits or hyphens, like rueckruf-heute")
    if not rules.voice(BASE_LANGUAGE).language_name(language):
        raise EntryRefused(f"'{new.language[:20]}' is no language; write it like de, en or uk")
    if not text or len(text) > LONGEST:
        raise EntryRefused(f"a text has 1 to {LONGEST} characters")
    known = replies(uow, rules, agency_id).get(name)
    if known is None and language != BASE_LANGUAGE:
        raise EntryRefused(f"'{name}' has no German text yet: add that first, so that staff can read it")
    if known is None:
        # What is left of one that was put away says something else.
        uow.canned_replies.drop(agency_id, name)
    uow.canned_replies.put(agency_id, ReplyText(name, language, text), now)
    uow.ledger.note(agency_id, now, "command", "canned_reply_kept", f"{name} {language}")
    return replies(uow, rules, agency_id)[name]


def remove_reply(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, name: str, language: str, now: datetime
) -> None:
    """Take a reply away, or one language of it; one that ships is put away for this agency.

    Raises `NotFound`, and `EntryRefused` for German alone or a translation that ships.
    """
    name = reply_name(name)
    known = replies(uow, rules, agency_id).get(name)
    if known is None:
        raise NotFound(f"there is no reply '{name}'")
    if language == BASE_LANGUAGE and known.other_languages:
        raise EntryRefused("the German text is what staff read: it goes only with the whole reply")
    if language and language != BASE_LANGUAGE:
        if not uow.canned_replies.drop(agency_id, name, language):
            raise EntryRefused(f"'{name}' has no text of your own in '{language}'")
    else:
        uow.canned_replies.drop(agency_id, name)
        if name in SHIPPED:
            uow.canned_replies.put(agency_id, ReplyText(name, BASE_LANGUAGE, PUT_AWAY), now)
    uow.ledger.note(agency_id, now, "command", "canned_reply_removed", f"{name} {language}".strip())


def restore_reply(uow: UnitOfWork, rules: Rulebook, agency_id: int, name: str, now: datetime) -> CannedReply:
    """Have a reply as it ships again, in place of the agency's own texts. Raises `NotFound`."""
    name = reply_name(name)
    if name not in SHIPPED:
        raise NotFound(f"no reply '{name}' ships with Lotse")
    uow.canned_replies.drop(agency_id, name)
    uow.ledger.note(agency_id, now, "command", "canned_reply_restored", name)
    return replies(uow, rules, agency_id)[name]
