# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whose contact ended long ago while the participation goes on: only that begins the periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.consent import Given, Purpose
from bot.domain.duty import long_stopped
from bot.domain.messages import Draft
from bot.domain.people import Staff, Standing
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice

#: After so long leads hear of it, of each person once. Nothing ends by itself: they may come back.
AFTER = timedelta(days=90)
#: In one message, at most.
SHOWN = 15


def tell_long_stopped(uow: UnitOfWork, rules: Rulebook, leads: Sequence[Staff], now: datetime) -> list[Draft]:
    """A line with case codes for these leads of one agency, who can hear it; nothing if there is no news."""
    agency_id = leads[0].agency_id
    people = {
        one.id: one.case_code
        for one in uow.people.participants(agency_id)
        if one.standing is Standing.STOPPED
    }
    given = uow.talks.given_by(people) if people else {}
    codes = [
        code
        for number, code in people.items()
        if _ended_before(given.get(number, ()), now - AFTER)
        and uow.duty.first_time(agency_id, long_stopped(code), now)
    ]
    return notices(uow, rules, leads, lambda voice: _text(voice, codes), now) if codes else []


def _ended_before(given: Sequence[Given], moment: datetime) -> bool:
    ends = [one.at for one in given if one.purpose == Purpose.CONTACT]
    return bool(ends) and ends[-1] < moment


def _text(voice: Voice, codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:SHOWN])
    more = [voice.say("Und {count} weitere.", count=len(codes) - SHOWN)] if len(codes) > SHOWN else []
    head = voice.say(
        "Der Kontakt endete vor mehr als 90 Tagen, die Teilnahme läuft noch: {codes}. Die Fristen für das "
        "Löschen beginnen erst mit ihrem Ende. Bitte klären Sie, ob sie enden soll.",
        codes=shown,
    )
    return "\n".join([head, *more])
