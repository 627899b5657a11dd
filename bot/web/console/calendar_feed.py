# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The page on which staff make, renew and withdraw the secret address of their calendar."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services import calendar_feeds
from bot.web.calendars import path_of
from bot.web.console.navigation import CALENDAR
from bot.web.console.seat import Did, Form, Page, Seat


def show(seat: Seat) -> Mapping[str, object]:
    """Whether there is an address, since when, and whether anybody asks for it. Never the address itself."""
    feed = seat.uow.calendars.feed_of(seat.staff.id)
    return {
        "address": "",
        "has_feed": feed is not None,
        "made": seat.moment(feed.made_at) if feed else "",
        "read": seat.moment(feed.read_at) if feed and feed.read_at else "",
        "has_names": seat.rules.agencies[seat.staff.agency_id].names_in_calendars,
    }


def make(seat: Seat, form: Form) -> Did:
    """A new address, shown only in the answer to this very form."""
    del form
    token = calendar_feeds.make(seat.uow, seat.rules, seat.staff, seat.now)
    address = f"{seat.rules.public_url}{path_of(token)}"
    return Did(once={"address": address})


def drop(seat: Seat, form: Form) -> Did:
    """The address opens nothing any more."""
    del form
    if calendar_feeds.drop(seat.uow, seat.staff, seat.now):
        return Did((seat.voice.say("Die Adresse ist zurückgezogen. Unter ihr gibt es nichts mehr."),))
    return Did((seat.voice.say("Es gab keine Adresse mehr."),))


PAGES = (
    Page(
        "/console/calendar/feed",
        "calendar_feed.html",
        CALENDAR,
        show,
        acts={"make": make, "drop": drop},
    ),
)
