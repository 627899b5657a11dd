# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What all commands about duty share at the desk: colleagues, buttons, refusals, a line to colleagues."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from bot.domain.messages import Key
from bot.domain.people import TEAM, Staff
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.reachability import MARK
from bot.services.staff_notices import notices
from bot.texts import Voice
from scheduler.local_time import ReadingHours, local, zone


def colleagues(desk: Desk) -> list[Staff]:
    """Everybody in the team, the staff member included."""
    return [
        person
        for person in desk.uow.people.all_staff(desk.agency.id)
        if person.left_at is None and person.role in TEAM
    ]


def colleague(desk: Desk, number: str) -> Staff | None:
    """The colleague with this number in a button; None for oneself and whoever is not in the team."""
    found = next((person for person in colleagues(desk) if str(person.id) == number), None)
    return None if found is None or found.id == desk.staff.id else found


def hours(desk: Desk) -> ReadingHours:
    """When the agency is open."""
    return desk.rules.hours[desk.agency.id]


def today(desk: Desk) -> date:
    """The agency's day."""
    return local(desk.now, zone(desk.agency.zone)).date()


def confirm_keys(desk: Desk, token: str, label: str = "") -> tuple[tuple[Key, ...], ...]:
    """Keep what is shown, or not."""
    keep = Key(label or desk.voice.say("Stimmt so"), f"{MARK}:{token}")
    return ((keep, Key(desk.voice.say("Verwerfen"), f"{MARK}:drop:")),)


def refuse(desk: Desk, fault: EntryFault, example: str) -> None:
    """Why it cannot be kept, with an example of what can."""
    hint = desk.voice.say("Es wurde nichts eingetragen. Zum Beispiel: {example}", example=example)
    desk.tell(f"{fault.say(desk.voice)}\n{hint}")


def gone(desk: Desk) -> str:
    """An old button, kindly."""
    return desk.voice.say("Dieser Knopf gilt nicht mehr.")


def tell_colleagues(
    desk: Desk,
    to: Iterable[Staff],
    text: str,
    when: Callable[[Voice], str] | None = None,
    *,
    about: Staff | None = None,
) -> None:
    """A line to colleagues, in their languages; `text` is a source text with `{name}` and `{when}`.

    The name is that of `about`, or of the staff member. Whoever says it is not told it.
    """

    def say(voice: Voice) -> str:
        return voice.say(text, name=(about or desk.staff).name, when=when(voice) if when else "")

    others = [person for person in to if person.id != desk.staff.id]
    desk.drafts += notices(desk.uow, desk.rules, others, say, desk.now)
