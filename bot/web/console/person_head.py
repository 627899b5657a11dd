# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What every page about one person has in common: who may open it, its head, its tabs, and the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.domain.access import Action, Relation
from bot.domain.channels import kind_of
from bot.domain.people import Participant, Standing
from bot.services import person_view, restrict
from bot.services.appointment_words import KINDS
from bot.services.desk import Desk
from bot.texts import Voice, mark
from bot.web.console import wording
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.navigation import PEOPLE
from bot.web.console.seat import Act, Did, Form, Page, Read, Seat

PATH = "/console/people/{person:int}"
STORY, TALK, TREND, PLAN, APPOINTMENTS = "", "talk", "trend", "plan", "appointments"
HELP_PLAN, PHASES, REFERRALS = "help-plan", "phases", "referrals"
PROFILE, HANDOVER = "profile", "handover"
EXPECTATIONS = "expectations"
PLACEMENT = "placement"
APPLICATIONS = "applications"
CONSENTS, SAFETY, NOTES, DOCUMENTS, ACCESS = "consents", "safety", "notes", "documents", "access"
#: Every tab: the end of its address, what it is called, what one must be allowed to see it. In this order.
TABS: tuple[tuple[str, str, Action], ...] = (
    (STORY, mark("Verlauf"), Action.SEE_TIMELINE),
    (TALK, mark("Gespräch"), Action.SEE_TIMELINE),
    (TREND, mark("Trend"), Action.SEE_CONTENT),
    (PROFILE, mark("Profil"), Action.SEE_CONTENT),
    (PLAN, mark("Plan"), Action.SEE_PLAN),
    (HELP_PLAN, mark("Hilfeplan"), Action.SEE_PLAN),
    (PHASES, mark("Phasen"), Action.SEE_PLAN),
    (REFERRALS, mark("Vermittlungen"), Action.SEE_CONTENT),
    (APPLICATIONS, mark("Anträge"), Action.SEE_CONTENT),
    (EXPECTATIONS, mark("Erwartungen"), Action.SEE_CONTENT),
    (HANDOVER, mark("Überleitung"), Action.SEE_CONTENT),
    (PLACEMENT, mark("Praktikum"), Action.SEE_CONTENT),
    (APPOINTMENTS, mark("Termine"), Action.SEE_APPOINTMENT),
    (CONSENTS, mark("Einwilligungen"), Action.SEE_NAME),
    (SAFETY, mark("Schwere Stunden"), Action.SEE_CONTENT),
    (NOTES, mark("Notizen"), Action.SEE_CONTENT),
    (DOCUMENTS, mark("Unterlagen"), Action.CHANGE_PLAN),
    (ACCESS, mark("Zugriff"), Action.SEE_NAME),
)
_NEEDED = {key: needed for key, _, needed in TABS}
_STANDINGS = {
    Standing.VISITOR: mark("hat sich ohne Einladung gemeldet"),
    Standing.INVITED: mark("eingeladen, hat noch nicht Ja gesagt"),
    Standing.ACTIVE: mark("macht mit"),
    Standing.STOPPED: mark("möchte gerade keinen Kontakt"),
    Standing.LEFT: mark("nimmt nicht mehr teil"),
}
_CHANNELS = {
    "telegram": mark("Telegram"),
    "web_chat": mark("Lotse-Seite"),
    "terminal": mark("Terminal"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A person whose page this staff member may open. `allowed` is everything they may do with them."""

    person: Participant
    allowed: frozenset[Action]

    def may(self, action: Action) -> bool:
        """Whether they may do this with the person."""
        return action in self.allowed

    @property
    def path(self) -> str:
        """Where the person's pages begin."""
        return f"/console/people/{self.person.id}"


def opened(seat: Seat, action: Action) -> Opened | None:
    """The person of the address; None if there is none for this staff member, or not for this."""
    number = int(seat.whence.path["person"])
    # A number that is too long is nobody's, and no number of a database.
    person = seat.uow.people.participants_by([number]).get(number) if number < 2**63 else None
    if person is None or person.agency_id != seat.staff.agency_id:
        return None
    allowed = seat.guard.allowed(person)
    return Opened(person, allowed) if {action, Action.SEE_NAME} <= allowed else None


def page(
    tab: str,
    template: str,
    read: Callable[[Seat, Opened], Mapping[str, object]],
    acts: Mapping[str, tuple[Action, Callable[[Desk, Opened, Form], Did | None]]] | None = None,
) -> Page:
    """One tab. `acts` says for each form what one must be allowed to do with the person for it."""
    return Page(
        f"{PATH}/{tab}".rstrip("/"),
        f"person/{template}",
        PEOPLE,
        _reading(tab, read),
        acts={name: _acting(needed, act) for name, (needed, act) in (acts or {}).items()},
    )


def shows_content(tab: str) -> bool:
    """Whether what a person said, or what was said about them, stands there: so that looking is noted."""
    return _NEEDED[tab] in (Action.SEE_TIMELINE, Action.SEE_CONTENT)


def _reading(tab: str, read: Callable[[Seat, Opened], Mapping[str, object]]) -> Read:
    def show(seat: Seat) -> Mapping[str, object] | None:
        found = opened(seat, _NEEDED[tab])
        if found is None:
            return None
        is_kept_only = restrict.is_restricted(seat.uow, found.person.id)
        if shows_content(tab):
            is_again = seat.is_refresh
            person_view.look(seat.uow, seat.guard, seat.staff, found.person, seat.now, again=is_again)
        return {**_head(seat, found, tab), "is_kept_only": is_kept_only, **read(seat, found)}

    return show


def _acting(needed: Action, act: Callable[[Desk, Opened, Form], Did | None]) -> Act:
    def carry_out(seat: Seat, form: Form) -> Did | None:
        found = opened(seat, needed)
        desk = desk_of(seat)
        if found is None or desk is None:
            return None
        seat.guard.looks_at(found.person, needed)
        did = act(desk, found, form)
        if did is None or did.faults:
            return did
        # What was answered at the desk stands on the page; what goes to others is posted.
        done = settled(desk)
        return replace(did, said=did.said or done.said, receipt=done.receipt)

    return carry_out


def last_said(desk: Desk) -> str:
    """What was answered at the desk last: the reason where something could not be done."""
    return desk.answers[-1].body.text if desk.answers else ""


def title_of(voice: Voice, person: Participant, name: str) -> str:
    """The name, or the case code where none is known."""
    return name or voice.say("Fall {case}", case=person.case_code)


def _head(seat: Seat, found: Opened, tab: str) -> dict[str, object]:
    seen = person_view.head(seat.uow, seat.guard, found.person, seat.now)
    voice, person = seat.voice, found.person
    coming = seen.next_appointment
    glass = seat.guard.person(person, Action.SEE_NAME).by is Relation.GLASS
    is_paused = person.paused_until if person.is_paused(seat.now) else None
    return {
        "person": person,
        "who": title_of(voice, person, seen.name),
        "path": found.path,
        "may": {action.value: True for action in found.allowed},
        "facts": _facts(seat, seen),
        "pause": seat.day(is_paused) if is_paused else "",
        "is_glass": glass,
        "open_concerns": [
            {
                "id": one.id,
                "level": voice.say(wording.LEVELS[one.level]),
                "rank": int(one.level.value[1]),
                "reason": wording.reason(one, voice),
            }
            for one in seen.concerns
        ],
        "coming": (
            {"kind": voice.say(KINDS[coming.kind]), "at": seat.moment(coming.starts_at)} if coming else None
        ),
        "tabs": [
            (f"{found.path}/{key}".rstrip("/"), voice.say(label), key == tab)
            for key, label, needed in TABS
            if needed in found.allowed
        ],
    }


def _facts(seat: Seat, seen: person_view.Head) -> list[tuple[str, str]]:
    voice, person = seat.voice, seen.person
    ways = ", ".join(voice.say(_CHANNELS.get(kind_of(one), one)) for one in seen.channels)
    language = voice.language_name(person.language) or person.language
    return [
        (voice.say("Fall"), person.case_code),
        (voice.say("Zuständig"), seen.coach or voice.say("noch niemand")),
        (voice.say("Stand"), voice.say(_STANDINGS[person.standing])),
        (voice.say("Sprache"), language),
        (voice.say("Erreichbar über"), ways or voice.say("gerade keinen Weg")),
    ]
