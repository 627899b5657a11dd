# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type about what a person allows: `/weitergabe` asks, `/uebergeben` gives, `/aufheben` ends."""

from __future__ import annotations

import re

from bot.domain.access import Action
from bot.domain.concerns import urgency
from bot.domain.messages import DataClass
from bot.domain.people import Participant
from bot.services import restrict, share
from bot.services.desk import Desk
from bot.services.staff_queue import find_person

ASK = "/weitergabe K7F3M An: Beratungsstelle Musterstadt Was: Ihren Namen Wozu: für einen Termin"
HAND = "/uebergeben K7F3M An: Beratungsstelle Musterstadt Text: Bitte rufen Sie an."
LIFT = "/aufheben K7F3M Grund"
_LABELS = ("an", "was", "wozu", "text")
_LABEL = re.compile(rf"(?:^|(?<=\s))({'|'.join(_LABELS)}):", re.IGNORECASE)


def ask_or_show(desk: Desk, rest: str) -> None:
    """`/weitergabe CODE` shows where something may go; with `An: Was: Wozu:` the person is asked."""
    code, _, typed = rest.partition(" ")
    person = find_person(desk, code, ASK, Action.ASK_SHARING)
    if person is None:
        return
    parts = labelled(typed)
    if not typed.strip():
        _show(desk, person)
    else:
        share.ask(desk, person, share.Wish(*(parts.get(label, "") for label in ("an", "was", "wozu"))))


def hand(desk: Desk, rest: str) -> None:
    """`/uebergeben CODE An: PARTNER Text: WORDS`: about the person's most urgent open concern."""
    code, _, typed = rest.partition(" ")
    person = find_person(desk, code, HAND, Action.ASK_SHARING)
    if person is None:
        return
    parts = labelled(typed)
    partner = parts.get("an", "").casefold()
    asks = desk.uow.sharing.of_participant(person.id)
    known = [one for one in reversed(asks) if one.partner.casefold() == partner]
    # What they agreed to goes before what they were asked since.
    given = next((one for one in known if share.holds(desk, one)), known[0] if known else None)
    concerns = desk.uow.concerns.of_participant(person.id)
    concern = min(concerns, key=lambda one: urgency(one, desk.now), default=None)
    if given is None:
        line = desk.voice.say("Nach dieser Stelle wurde die Person noch nicht gefragt.")
        hint = desk.voice.say("Zum Beispiel: {example}", example=ASK)
        desk.tell(f"{line}\n{hint}")
    elif not share.holds(desk, given):
        desk.tell(share.without_consent(desk))
    elif concern is None:
        desk.tell(desk.voice.say("Zu Fall {case} ist keine Meldung offen.", case=person.case_code))
    else:
        share.hand(desk, concern, given, parts.get("text", ""))


def lift(desk: Desk, rest: str) -> None:
    """`/aufheben CODE REASON`: end that the person's data is only kept."""
    code, _, reason = rest.partition(" ")
    person = find_person(desk, code, LIFT, Action.LIFT_RESTRICTION)
    if person is not None:
        restrict.lift(desk, person, reason)


def _show(desk: Desk, person: Participant) -> None:
    """Whom the person agreed to; who that is only where the channel may carry it."""
    held = [one for one in desk.uow.sharing.of_participant(person.id) if share.holds(desk, one)]
    found = list({one.partner: one for one in held}.values())
    carries = desk.agency.class_of(desk.address.channel).carries(DataClass.APPOINTMENT)
    if not found:
        line = desk.voice.say("Fall {case}: Es ist keine Weitergabe erlaubt.", case=person.case_code)
        hint = desk.voice.say("So fragen Sie danach: {example}", example=ASK)
        desk.tell(f"{line}\n{hint}")
        return
    lines = [
        desk.voice.say("Fall {case}: Erlaubte Weitergaben: {count}", case=person.case_code, count=len(found))
    ]
    if carries:
        lines += [
            desk.voice.say(
                "- An {partner}: {what}. Wozu: {why}.", partner=one.partner, what=one.what, why=one.why
            )
            for one in found
        ]
    desk.tell("\n".join(lines))


def labelled(typed: str) -> dict[str, str]:
    """What stands behind each label, by the label in small letters."""
    pieces = _LABEL.split(typed)
    return {
        label.casefold(): " ".join(words.split())
        for label, words in zip(pieces[1::2], pieces[2::2], strict=True)
    }
