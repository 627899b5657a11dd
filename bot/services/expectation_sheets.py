# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A sheet for a joint talk: nobody prints it before the person has said yes to this place and this content.

What is on it is what the person could read when they were asked; later words are on a later sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.expectations import MOST_ON_SHEET, Sheet, SheetSide, SheetTopic, Topic, TopicState, size_of
from bot.domain.people import Participant, Standing
from bot.domain.sharing import SharingAsk
from bot.services import restrict, share
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, tell_about
from bot.services.desk import Desk
from bot.services.expectation_talks import SHEET_DIALOG, sheet_subject
from bot.services.sharing_talks import is_held
from bot.texts import mark

#: So long the question waits for its opportunity.
_KEEP_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Offered:
    """A sheet with what the person was asked about it. `holds`: they say yes to it, now."""

    sheet: Sheet
    ask: SharingAsk
    holds: bool


def ask(desk: Desk, person: Participant, place: str, chosen: Collection[int]) -> Telling:
    """Make a sheet of the chosen topics and ask the person whether this place may read it.

    Raises `EntryFault`.
    """
    if not desk.guard.person(person, Action.ASK_SHARING).is_allowed:
        raise EntryFault(mark("Um diesen Fall kümmert sich jemand anderes im Team."))
    contact = desk.uow.people.contact_of(person.id)
    is_there = contact is not None and contact.participant.standing is Standing.ACTIVE
    if not is_there or restrict.is_restricted(desk.uow, person.id):
        raise EntryFault(mark("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet."))
    listed = [one for one in desk.uow.casework.expectations.of_participant(person.id) if one.id in chosen]
    if not listed:
        raise EntryFault(mark("Bitte wählen Sie mindestens ein Thema."))
    topics = _written(desk, listed)
    voice = desk.rules.voice(person.language)
    # By number: a question about a consent goes through every messenger, a headline may say something.
    what = voice.say(
        "Ein Blatt mit dem, was heute bei ERWARTUNGEN unter Nummer {numbers} steht: was Sie sagen und was "
        "die anderen sagen",
        numbers=", ".join(str(one.id) for one in listed),
    )
    if size_of(topics) > MOST_ON_SHEET:
        raise EntryFault(mark("Das passt nicht auf eine Seite. Bitte wählen Sie weniger Themen."))
    wish = share.Wish(" ".join(place.split()), what, voice.say("Für ein gemeinsames Gespräch"))
    if not wish.is_whole:
        raise EntryFault(mark("Bitte sagen Sie, welche Stelle das Blatt lesen soll."))
    asked = share.keep_ask(desk, person, wish)
    new = Sheet(0, desk.agency.id, person.id, asked.id, topics, desk.staff.id, desk.now)
    number = desk.uow.casework.expectations.add_sheet(new)
    return tell_about(desk, person.id, (SHEET_DIALOG, sheet_subject(number)), _KEEP_FOR)


def offered(desk: Desk, person: Participant) -> list[Offered]:
    """The newest sheet for each place, the newest first: an earlier one is out of date."""
    asks = {one.id: one for one in desk.uow.sharing.of_participant(person.id)}
    newest = {asks[one.ask_id].partner: one for one in desk.uow.casework.expectations.sheets(person.id)}
    is_shut = restrict.is_restricted(desk.uow, person.id)
    found = []
    for one in sorted(newest.values(), key=lambda sheet: sheet.id, reverse=True):
        asked = asks[one.ask_id]
        holds = not is_shut and is_held(desk.uow, desk.rules, asked, desk.now)
        found.append(Offered(one, asked, holds))
    return found


def to_print(desk: Desk, person: Participant, number: int) -> Offered | None:
    """A sheet that may be printed now; None for every other."""
    if not desk.guard.person(person, Action.ASK_SHARING).is_allowed:
        return None
    return next((one for one in offered(desk, person) if one.sheet.id == number and one.holds), None)


def _written(desk: Desk, listed: Sequence[Topic]) -> tuple[SheetTopic, ...]:
    sides = desk.uow.casework.expectations.sides([one.id for one in listed])
    return tuple(
        SheetTopic(
            headline=one.headline,
            sides=tuple(SheetSide(kind=side.kind, said=side.said) for side in sides.get(one.id, ())),
            agreement=one.agreement if one.state is TopicState.AGREED else None,
        )
        for one in listed
    )
