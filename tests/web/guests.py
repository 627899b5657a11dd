# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Guests of a site: a partner's contact and a firm's, each with something that people let them see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conferences import Agenda, Conference, ConferenceKind, ConferenceState, Decision
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.people import Role
from bot.domain.placements import Placement, PlacementTerms, WorkedWeek
from bot.domain.sharing import SharingAsk
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.invite import NewStaff, hire
from bot.services.rulebook import Rulebook
from bot.web.console.navigation import PLACEMENTS, SHARED

_PLACE = "Beratungsstelle Musterstadt"
#: What is handed to the partner, about one person and another.
_WORDS = (
    "Frau M. sucht eine Schuldnerberatung.\nSie ist vormittags am besten zu erreichen.",
    "Herr A. möchte zur offenen Sprechstunde kommen, am liebsten ohne Anmeldung.",
)
_FIRM = "Tischlerei Beispiel"


def guests(
    uow: UnitOfWork, rules: Rulebook, people: Sequence[int], coach: int, now: datetime
) -> Mapping[str, int]:
    """Both of them, by the place of the console that is theirs; they see something of two people."""
    found = {
        place: hire(uow, rules, NewStaff(DEFAULT_AGENCY, "Gisela Gast", role), now).id
        for place, role in ((SHARED, Role.PARTNER), (PLACEMENTS, Role.EMPLOYER_CONTACT))
    }
    for person, words in zip(people, _WORDS, strict=False):
        what = ("den Namen und wofür die Beratung ist", "für einen ersten Termin")
        ask = _agreed(uow, (person, _PLACE, *what), coach, now, found[SHARED])
        uow.sharing.hand(ask, words, None, now)
    # One internship that is over, and one that goes on: a page of the team still has the form for a new one.
    for person, weeks in zip(people, (6, 3), strict=False):
        _placement(uow, person, (coach, found[PLACEMENTS]), now - timedelta(weeks=weeks), now)
    return found


def invited(uow: UnitOfWork, conference: int, who: Sequence[int], lead: int, now: datetime) -> None:
    """These come to the conference, and were at another of the lead's that has decided something."""
    kept = uow.casework.conferences
    planned = kept.get(conference)
    assert planned is not None
    kept.invite(planned, who)
    held = Conference(
        *(0, DEFAULT_AGENCY, ConferenceKind.TOPIC, ConferenceState.HELD, now - timedelta(days=2)),
        *(timedelta(hours=1), Agenda(topic="Wartezeiten"), lead, now, now),
    )
    held = replace(held, id=kept.add(held))
    kept.invite(held, who)
    due = now + timedelta(days=7)
    kept.decide(Decision(0, DEFAULT_AGENCY, held.id, None, lead, "Eine Liste freier Plätze", due, now))


def _agreed(
    uow: UnitOfWork, asked: tuple[int, str, str, str], coach: int, now: datetime, contact: int
) -> SharingAsk:
    """What somebody was asked, and has said yes to."""
    person, place, _, _ = asked
    ask = SharingAsk(0, DEFAULT_AGENCY, *asked, coach, now, contact_id=contact)
    given = ConsentRecord(person, Purpose.SHARING, True, "Ja", "1", "de", "web_chat", now, object=place)
    uow.talks.add_consent(DEFAULT_AGENCY, given)
    return replace(ask, id=uow.sharing.add(ask))


def _placement(uow: UnitOfWork, person: int, staff: tuple[int, int], begin: datetime, now: datetime) -> None:
    """An internship of five weeks; the firm has entered the hours of its first week."""
    coach, contact = staff
    ask = _agreed(uow, (person, _FIRM, "Tage und Stunden", "für die Planung"), coach, now, contact)
    terms = PlacementTerms(
        employer=_FIRM,
        first_day=begin.date(),
        last_day=(begin + timedelta(weeks=5)).date(),
        minutes=20 * 60,
        shown_as=f"M. {person}",
        times="Montag bis Donnerstag, 8 bis 13 Uhr",
        contact="Frau Beispiel, Büro",
    )
    new = Placement(0, DEFAULT_AGENCY, person, ask.id, terms, coach, now, now, contact_id=contact)
    new = replace(new, id=uow.casework.placements.add(new))
    monday = new.weeks(now.date())[-1]
    uow.casework.placements.enter(new, WorkedWeek(monday, 18 * 60 + 30, contact, now))
