# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The team for leads: who is there, who looks after how many, which ways are not confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.services.duty_view import Member
from bot.services.duty_words import absence_text, channel_name
from bot.web.console.duty import TEAM, board_of, tabs
from bot.web.console.navigation import DUTY
from bot.web.console.seat import Page, Seat


def _show(seat: Seat) -> Mapping[str, object]:
    board = board_of(seat)
    return {
        "tabs": tabs(seat, TEAM),
        "members": [_member(seat, one) for one in board.members()],
        "codes": board.without_coach(),
        "key": board.key(),
    }


def _member(seat: Seat, one: Member) -> Mapping[str, object]:
    say = seat.voice.say
    state = say("frei") if one.is_off else say("da")
    if one.absence is not None:
        state = say("abwesend {when}", when=absence_text(seat.voice, one.absence, seat.zone, seat.now))
    missed = [channel_name(seat.voice, way.address.channel) for way in one.ways if way.is_missed]
    if not one.ways:
        ways = say("noch mit keinem Weg verbunden")
    elif missed:
        ways = say("nicht bestätigt: {ways}", ways=", ".join(missed))
    elif all(way.is_confirmed for way in one.ways):
        ways = say("alle Wege bestätigt")
    else:
        ways = say("noch nicht alle Wege erprobt")
    return {
        "id": one.person.id,
        "name": one.person.name,
        "state": state,
        "stands_in": one.stood_in_by.name if one.stood_in_by else "",
        "is_away": one.absence is not None,
        "people": one.people,
        "concerns": one.open_concerns,
        "ways": ways,
    }


PAGES = (Page(TEAM, "duty_team.html", DUTY, _show, Action.MANAGE_ROTA),)
