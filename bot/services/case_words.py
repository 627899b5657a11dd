# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A case in words, for staff."""

from __future__ import annotations

from bot.domain.concerns import Concern, Outcome, State
from bot.services import restrict
from bot.services.case_notes import notes_of
from bot.services.case_queue import others
from bot.services.desk import Desk
from bot.services.handle_concern import STEPS
from bot.services.page_lock import FROM_SHUT_PAGE, MAYBE_NOT_THEIRS
from bot.services.placement_facts import placement_of
from bot.services.placement_words import for_case
from bot.texts import mark

OUTCOMES: dict[Outcome, str] = {
    Outcome.REACHED: mark("Gesprochen"),
    Outcome.NOT_REACHED: mark("Nicht erreicht"),
    Outcome.EMERGENCY: mark("An 112 oder Krisendienst gegeben"),
    Outcome.THIRD_PERSON: mark("Andere Person informiert"),
    Outcome.NO_NEED: mark("Kein Anlass"),
    Outcome.CORRECTED: mark("Berichtigt"),
    Outcome.STAYS: mark("Bleibt, wie es ist"),
}
_NOTES_SHOWN = 3


def describe(desk: Desk, concern: Concern) -> str:
    """The case in a few lines; what anybody wrote only where the channel may carry it (promise P5)."""
    voice, zone = desk.voice, desk.agency.zone
    lines = [
        voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code),
        voice.say(
            "Seit {day}, {time}",
            day=voice.day(concern.raised_at, zone),
            time=voice.clock(concern.raised_at, zone),
        ),
        *_standing(desk, concern),
        *_beside(desk, concern),
    ]
    if not desk.may_show_content:
        lines.append(voice.say("Den Inhalt sehen Sie in der Konsole, nicht hier."))
        return "\n".join(lines)
    if not restrict.shows_content(desk.uow, concern):
        lines.append(voice.say("Die Daten der Person werden nur aufbewahrt. Den Inhalt zeige ich nicht."))
        return "\n".join(lines)
    if concern.quote:
        lines.append(f"„{concern.quote}“")
    if _is_from_shut_page(desk, concern):
        lines.append(voice.say(MAYBE_NOT_THEIRS))
    if about := placement_of(desk.uow, desk.rules, concern, desk.now):
        lines.append(for_case(voice, *about))
    for note in notes_of(desk.uow, concern)[-_NOTES_SHOWN:]:
        writer = desk.uow.people.staff(note.staff_id)
        lines.append(
            voice.say("Notiz von {name}: {note}", name=writer.name if writer else "?", note=note.text)
        )
    return "\n".join(lines)


def _is_from_shut_page(desk: Desk, concern: Concern) -> bool:
    """Whether the very words that raised it are; of what came later the history tells."""
    # That it was raised, why it counts for more, and this; what comes later stands behind the first call.
    return any(event == FROM_SHUT_PAGE for _, event, *_ in desk.uow.concerns.history(concern.id)[:3])


def _standing(desk: Desk, concern: Concern) -> list[str]:
    voice = desk.voice
    lines = []
    if concern.taken_by and concern.state in (State.TAKEN, State.IN_HAND):
        holder = desk.uow.people.staff(concern.taken_by)
        lines.append(voice.say("Übernommen von {name}", name=holder.name if holder else "?"))
    if concern.state is State.IN_HAND and concern.next_step and _may_show_step(desk, concern):
        lines.append(voice.say("Nächster Schritt: {step}", step=concern.next_step))
    elif concern.state is State.IN_HAND and concern.next_action_at:
        at = concern.next_action_at
        lines.append(
            voice.say(
                "Wieder am {day}, {time}",
                day=voice.day(at, desk.agency.zone),
                time=voice.clock(at, desk.agency.zone),
            )
        )
    if concern.state is State.CLOSED and concern.outcome:
        lines.append(voice.say("Abgeschlossen: {outcome}", outcome=voice.say(OUTCOMES[concern.outcome])))
    return lines


def _may_show_step(desk: Desk, concern: Concern) -> bool:
    """What was chosen says nothing about the person; what a colleague has typed is content."""
    if desk.may_show_content and restrict.shows_content(desk.uow, concern):
        return True
    holder = desk.uow.people.staff(concern.taken_by) if concern.taken_by else None
    voice = desk.rules.voice(holder.language if holder else desk.staff.language)
    return concern.next_step in {voice.say(label) for label, _ in STEPS.values()}


def _beside(desk: Desk, concern: Concern) -> list[str]:
    beside = others(desk.uow, concern)
    if not beside:
        return []
    levels = ", ".join(other.level.value for other in beside)
    if len(beside) == 1:
        return [desk.voice.say("Noch 1 offene Meldung zu diesem Fall: {levels}", levels=levels)]
    return [
        desk.voice.say(
            "Noch {number} offene Meldungen zu diesem Fall: {levels}", number=len(beside), levels=levels
        )
    ]
