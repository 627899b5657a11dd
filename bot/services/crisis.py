# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is said when somebody may be in danger: help first, then only what is certain (promise P7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.concerns import Concern, Level
from bot.domain.consent import Purpose
from bot.domain.messages import Kind
from bot.ports import UnitOfWork
from bot.services.escalate import promised_at, raise_concern, raised_since, set_tell_timer
from bot.services.ladder import is_attended
from bot.services.own_words import may_be_answered
from bot.services.remembered import PLAN_FACTS
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.services.whom import reader_of
from bot.texts import Voice, mark
from dialogs.concerns.crisis import crisis_card
from scheduler.local_time import local, zone


def answer(visit: Visit, reason: str, quote: str) -> None:
    """The crisis text within the same commit, a concern at R3, and honest words about who reads when.

    That a coach was sent an alert is said only after the messenger took it (`say_alert_arrived`); that
    nobody reads now is said at once.
    """
    _say_first(visit, raise_concern(visit, Level.R3, "message", reason, quote))


def say_first_words(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> frozenset[str]:
    """The same, for danger to which nothing was ever said. Returns the channels that have something to send.

    Where the second line was said already, it is not said again in hours.
    """
    contact = uow.people.contact_of(concern.participant_id)
    if contact is None:
        return frozenset()
    visit = Visit(uow, rules, contact, now)
    _say_first(visit, concern)
    visit.finish()
    return frozenset(visit.woken)


def _say_first(visit: Visit, concern: Concern) -> None:
    text = _first_words(visit)
    if concern.uncovered:
        text = f"{text}\n\n{_nobody_reached(visit)}"
        visit.uow.concerns.save(replace(concern, receipt_given=True))
    elif not is_attended(visit.uow, visit.rules, concern, visit.now):
        text = f"{text}\n\n{_nobody_reads(visit, concern)}"
        visit.uow.concerns.save(replace(concern, receipt_given=True))
    visit.tell(Kind.CRISIS, text, concern_id=concern.id)


def _first_words(visit: Visit) -> str:
    """The agency's own text with the region's numbers, or else the agreed one; then the person's plan."""
    language = visit.participant.language
    text = visit.rules.crisis_text(visit.agency.id, language) or crisis_card(language).first
    if visit.consents.get(Purpose.SAFETY_PLAN) and _has_written_plan(visit):
        plan = _in_words(
            visit, lambda to: to.say("Ihren eigenen Plan zeige ich Ihnen, wenn Sie „Mein Plan“ schreiben.")
        )
        text = f"{text}\n\n{plan}"
    return text


def _has_written_plan(visit: Visit) -> bool:
    """Whoever agreed to a plan may not have written a word of it yet: nothing is promised then."""
    return not visit.uow.memory.facts(visit.participant.id).keys().isdisjoint(PLAN_FACTS)


def follow_up_in_dialog(visit: Visit, concern: Concern) -> None:
    """An answer in a dialog means danger: the dialog itself has given the numbers and said who reads when.

    What it cannot know is that nobody could be reached. Out of hours no line about an alert may follow later:
    it would promise what the dialog has just denied.
    """
    if concern.level is not Level.R3:
        say_in_vain(visit, concern)
        return
    if concern.uncovered:
        visit.tell(Kind.CRISIS, _nobody_reached(visit), concern_id=concern.id)
    if concern.uncovered or not is_attended(visit.uow, visit.rules, concern, visit.now):
        visit.uow.concerns.save(replace(concern, receipt_given=True))


def say_in_vain(visit: Visit, concern: Concern) -> None:
    """That nobody can be reached, with the numbers of which it speaks; nothing where somebody can. Once."""
    if _is_in_vain(visit, concern):
        text = f"{short_help(visit)}\n\n{_nobody_reached(visit)}"
        visit.tell(Kind.CRISIS, text, concern_id=concern.id, dedup=f"in_vain:{concern.id}")


def say_alert_arrived(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, to: int | None, now: datetime
) -> Visit | None:
    """The second line in hours: the alert has reached the staff member `to`. Said once for each concern.

    One that arrives only after hours is not called a promise any more: it is said when somebody will read.
    Nothing is said to whoever has said STOPP meanwhile: nobody may answer them here.
    """
    if concern.receipt_given:
        return None
    uow.concerns.save(replace(concern, receipt_given=True))
    contact = uow.people.contact_of(concern.participant_id)
    if contact is None or not may_be_answered(uow, contact.participant, concern):
        return None
    visit = Visit(uow, rules, contact, now)
    if not is_attended(uow, rules, concern, now):
        visit.tell(Kind.CRISIS, _nobody_reads(visit, concern), concern_id=concern.id)
        return visit
    promised = promised_at(uow, rules, concern, raised_since(uow, concern))
    if promised <= now:
        # The way to the team was down for so long: what is promised anew is kept anew.
        promised = promised_at(uow, rules, concern, now)
        set_tell_timer(uow, rules, concern, now, now)
    person = uow.people.staff(to) if to is not None else None
    visit.tell(
        Kind.CRISIS,
        _in_words(visit, lambda to: _arrived(visit, to, person.name if person else "", promised)),
        concern_id=concern.id,
    )
    return visit


def say_nobody_reached(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> frozenset[str]:
    """The second line where the call has failed for good: said once, instead of the line about the alert.

    Only for what is grave, open and uncovered. Returns the channels that have something to send now.
    """
    if concern.level is not Level.R3 or not concern.uncovered or concern.receipt_given:
        return frozenset()
    contact = uow.people.contact_of(concern.participant_id)
    if contact is None:
        return frozenset()
    uow.concerns.save(replace(concern, receipt_given=True))
    visit = Visit(uow, rules, contact, now)
    visit.tell(Kind.CRISIS, _nobody_reached(visit), concern_id=concern.id)
    visit.finish()
    return frozenset(visit.woken)


def say_nobody_answered(visit: Visit, concern: Concern) -> None:
    """At the promised time without a human: say so by itself, with the numbers of which it speaks."""
    text = crisis_card(visit.participant.language).nobody_yet
    if concern.level is not Level.R3:  # only danger was answered with them
        text = f"{short_help(visit)}\n\n{text}"
    visit.tell(Kind.CRISIS, text, concern_id=concern.id)


def handed_on(visit: Visit, level: Level, concern: Concern) -> str:
    """The answer to free words that a human should see: who gets them, when they are read, and help.

    Who gets them is whoever has the concern: that need not be the coach.
    """
    reads_at = visit.rules.next_reading(visit.agency.id, visit.now)
    text = _in_words(visit, lambda to: _passed_on(visit, concern, to, reads_at))
    if level >= Level.R2:
        text += "\n\n" + short_help(visit)
        if _is_in_vain(visit, concern):
            text += "\n\n" + _nobody_reached(visit)
    return text


def _is_in_vain(visit: Visit, concern: Concern) -> bool:
    """Whether nobody can be called in hours in which whoever reads expects somebody to be there."""
    return concern.uncovered and visit.rules.is_read_now(visit.agency.id, visit.now)


def short_help(visit: Visit) -> str:
    """The numbers in one line, for a person who seems to be in serious trouble."""
    return _in_words(
        visit,
        lambda to: to.say(
            "Wenn Sie sofort Hilfe brauchen: **112**. Mit einem Menschen sprechen, kostenlos, Tag und Nacht: "
            "TelefonSeelsorge **0800 1110111**."
        ),
    )


def reader(visit: Visit, concern: Concern, at: datetime, to: Voice, nobody: str = mark("Ihr Team")) -> str:
    """Who will read then: whoever has the concern, who stands in for them, or `nobody` if nobody is sure to.

    `nobody` is a plain word in the case that the sentence needs, to be said in the language of `to`.
    """
    person = reader_of(visit.uow, visit.rules, concern.taken_by or concern.owner_id, at)
    return person.name if person else to.say(nobody)


def _in_words(visit: Visit, say: Callable[[Voice], str]) -> str:
    return in_words(visit.rules, visit.participant.language, say)


def in_words(rules: Rulebook, language: str, say: Callable[[Voice], str]) -> str:
    """What goes with the crisis text, in the same languages: in both where there is none of the person's."""
    own = rules.voice(language)
    if own.language.partition("-")[0] == language.partition("-")[0]:
        return say(own)
    return "\n\n".join(say(rules.voice(tag)) for tag in crisis_card(language).languages)


def _arrived(visit: Visit, to: Voice, name: str, promised: datetime) -> str:
    return to.say(
        "Ich habe Ihre Nachricht gerade an {coach} geschickt. Unser Ziel: Bis {time} meldet sich ein Mensch "
        "bei Ihnen. Meldet sich niemand, warten Sie bitte nicht: Nutzen Sie die Nummern oben.",
        coach=name or to.say("Ihr Team"),
        time=_moment(visit, to, promised),
    )


def _passed_on(visit: Visit, concern: Concern, to: Voice, reads_at: datetime) -> str:
    text = to.say(
        "Danke für Ihre Nachricht. Ich gebe sie an {coach} weiter.",
        coach=reader(visit, concern, reads_at, to),
    )
    return f"{text}\n{_next_reading(visit, concern, to)}" if reads_at > visit.now else text


def _nobody_reached(visit: Visit) -> str:
    # No name and no hour: nobody is known who would see it then.
    return _in_words(
        visit,
        lambda to: to.say(
            "**Im Moment kann ich hier niemanden erreichen.** Ich versuche es weiter. Warten Sie bitte nicht "
            "darauf: Nutzen Sie die Nummern oben."
        ),
    )


def _nobody_reads(visit: Visit, concern: Concern) -> str:
    return _in_words(
        visit,
        lambda to: " ".join(
            (
                to.say("**Im Moment liest hier niemand mit.**"),
                _next_reading(visit, concern, to),
                to.say("Wenn Sie nicht so lange warten können, nutzen Sie bitte die Nummern oben."),
            )
        ),
    )


def _next_reading(visit: Visit, concern: Concern, to: Voice) -> str:
    at = visit.rules.next_reading(visit.agency.id, visit.now)
    return to.say(
        "{coach} sieht Ihre Nachricht am {day} ab {time}.",
        coach=reader(visit, concern, at, to),
        day=to.day(at, visit.agency.zone),
        time=to.clock(at, visit.agency.zone),
    )


def _moment(visit: Visit, to: Voice, at: datetime) -> str:
    """The hour; with its day where that is another one, because little time was left before closing."""
    clock, where = to.clock(at, visit.agency.zone), zone(visit.agency.zone)
    if local(at, where).date() == local(visit.now, where).date():
        return clock
    return f"{to.day(at, visit.agency.zone)}, {clock}"
