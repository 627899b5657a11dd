# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do in their messenger: take over, look, pass on, plan the next step, reply, close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.concerns import Concern, Outcome, State
from bot.domain.messages import Body, Draft, Incoming, IncomingKind, Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import handle_concern as handle
from bot.services import staff_appointments
from bot.services.desk import Desk
from bot.services.rulebook import Rulebook
from bot.services.staff_commands import run_command
from bot.texts import mark

OUTCOMES: dict[Outcome, str] = {
    Outcome.REACHED: mark("Gesprochen"),
    Outcome.NOT_REACHED: mark("Nicht erreicht"),
    Outcome.EMERGENCY: mark("An 112 oder Krisendienst gegeben"),
    Outcome.THIRD_PERSON: mark("Andere Person informiert"),
    Outcome.NO_NEED: mark("Kein Anlass"),
}


def receive_from_staff(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """Let something from a staff channel take effect, exactly once."""
    found = uow.people.find_staff(incoming.channel, incoming.address)
    if found is None:
        return _link(uow, rules, incoming, now)
    desk = Desk(uow, rules, found, now)
    if uow.talks.record_incoming(incoming, desk.agency.id, None, now) is None:
        return Receipt()
    if incoming.kind is IncomingKind.PRESS:
        return desk.finish(_press(desk, incoming))
    match incoming.kind:
        case IncomingKind.TEXT:
            _words(desk, incoming)
        case IncomingKind.START:
            desk.tell(desk.voice.say("Sie sind angemeldet. Meldungen kommen hierher."))
        case IncomingKind.ATTACHMENT:
            desk.tell(desk.voice.say("Ich kann nur Text weitergeben. Es wurde nichts gesendet."))
        case IncomingKind.BLOCKED:
            uow.people.close_address(desk.address.id)
        case IncomingKind.UNBLOCKED:
            uow.people.add_address(desk.agency.id, incoming.channel, incoming.address, staff_id=desk.staff.id)
    return desk.finish()


def _link(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    code = incoming.text.strip()
    invitation = (
        uow.people.find_invitation(code) if code and incoming.kind is not IncomingKind.PRESS else None
    )
    usable = invitation is not None and invitation.staff_id is not None and invitation.is_open(now)
    agency_id = invitation.agency_id if usable and invitation else next(iter(rules.agencies))
    if uow.talks.record_incoming(incoming, agency_id, None, now) is None:
        return Receipt()
    if incoming.kind in (IncomingKind.BLOCKED, IncomingKind.UNBLOCKED, IncomingKind.PRESS):
        return Receipt()
    voice = rules.voice(incoming.language or "de")
    staff_id = invitation.staff_id if usable and invitation else None
    address_id = uow.people.add_address(agency_id, incoming.channel, incoming.address, staff_id=staff_id)
    text = voice.say(
        "Ich kenne Sie noch nicht. Bitte öffnen Sie den Link, den Sie von Ihrer Verwaltung bekommen haben."
    )
    if usable and invitation is not None:
        uow.people.use_invitation(invitation.id, now)
        uow.ledger.note(agency_id, now, f"staff:{staff_id}", "address_linked", incoming.channel)
        text = voice.say(
            "Willkommen. Ich bin ein Programm und melde Ihnen hier, wenn jemand Sie braucht. "
            "In den Meldungen stehen keine Namen und keine Inhalte."
        )
    draft = Draft(agency_id, address_id, incoming.channel, Kind.REPLY, Body(text), staff_id=staff_id)
    uow.outbox.post([draft], now)
    return Receipt("", frozenset({incoming.channel}))


def _press(desk: Desk, incoming: Incoming) -> str:
    mark, _, rest = incoming.press.partition(":")
    number, _, action = rest.partition(":")
    if mark == staff_appointments.MARK and number.isdecimal():
        return staff_appointments.press_entry(desk, int(number), action, incoming.message)
    concern = desk.uow.concerns.get(int(number)) if mark == "s" and number.isdecimal() else None
    if concern is None or concern.agency_id != desk.agency.id:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    desk.changed.add(concern.participant_id)
    name, _, argument = action.partition(":")
    act = _ACTIONS.get(name)
    if act is None:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    return act(desk, concern, argument or incoming.message)


def _take(desk: Desk, concern: Concern, message: str) -> str:
    if concern.state is State.CLOSED:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if concern.taken_by == desk.staff.id and concern.state is not State.OPEN:
        return desk.voice.say("Sie haben diesen Fall schon.")
    before = concern.taken_by if concern.state is not State.OPEN else None
    handle.take_over(desk, concern, before)
    mine = desk.voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code)
    keys = (
        (desk.key(concern.id, "Anzeigen", "show"), desk.key(concern.id, "Antworten", "reply")),
        (desk.key(concern.id, "Weitergeben", "pass"), desk.key(concern.id, "Erledigt", "done")),
    )
    if message:
        taken = desk.voice.say("Übernommen von Ihnen.")
        desk.tell(Body(f"{mine}\n{taken}", keys), concern_id=concern.id, edit=message)
    steps = tuple((desk.key(concern.id, label, f"step:{code}"),) for code, (label, _) in handle.STEPS.items())
    question = desk.voice.say("Fall {case}: Was ist Ihr nächster Schritt?", case=concern.case_code)
    desk.tell(Body(question, steps), concern_id=concern.id)
    return ""


def _show(desk: Desk, concern: Concern, _: str) -> str:
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "concern_shown", str(concern.id))
    text = handle.describe(desk, concern)
    keys = ((desk.key(concern.id, "Übernehmen", "take"), desk.key(concern.id, "Antworten", "reply")),)
    if concern.state is not State.OPEN:
        keys = ((desk.key(concern.id, "Antworten", "reply"), desk.key(concern.id, "Erledigt", "done")),)
    link = ("", "")
    if not desk.may_show_content and desk.rules.public_url:
        link = (f"{desk.rules.public_url}/console/{concern.id}", desk.voice.say("Ansehen"))
    desk.tell(Body(text, keys, *link), concern_id=concern.id)
    return ""


def _step(desk: Desk, concern: Concern, code: str) -> str:
    if code == "other":
        desk.focus(f"step:{concern.id}")
        desk.tell(
            desk.voice.say(
                "Fall {case}: Schreiben Sie den nächsten Schritt in einem Satz.", case=concern.case_code
            )
        )
        return ""
    step = handle.STEPS.get(code)
    if step is None or concern.state not in (State.TAKEN, State.IN_HAND):
        return desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")
    handle.plan(desk, concern, desk.voice.say(step[0]), step[1])
    if code == "write":
        return _reply(desk, concern, "")
    return ""


def _reply(desk: Desk, concern: Concern, _: str) -> str:
    desk.focus(f"reply:{concern.id}")
    desk.tell(
        desk.voice.say(
            "Schreiben Sie jetzt Ihre Antwort für Fall {case}. Ich gebe sie weiter.", case=concern.case_code
        ),
        concern_id=concern.id,
    )
    return ""


def _pass_on(desk: Desk, concern: Concern, _: str) -> str:
    if concern.state is State.CLOSED:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if not handle.pass_on(desk, concern):
        return desk.voice.say("Es ist niemand da, an den ich weitergeben kann. Der Fall bleibt bei Ihnen.")
    desk.tell(desk.voice.say("Fall {case} ist weitergegeben.", case=concern.case_code), concern_id=concern.id)
    return ""


def _done(desk: Desk, concern: Concern, _: str) -> str:
    if concern.state is State.CLOSED:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if concern.state is State.OPEN:
        return desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")
    keys = tuple(
        (desk.key(concern.id, label, f"close:{outcome.value}"),) for outcome, label in OUTCOMES.items()
    )
    question = desk.voice.say("Fall {case}: Was ist das Ergebnis?", case=concern.case_code)
    desk.tell(Body(question, keys), concern_id=concern.id)
    return ""


def _close(desk: Desk, concern: Concern, outcome: str) -> str:
    if concern.state is State.CLOSED:
        return desk.voice.say("Dieser Fall ist schon abgeschlossen.")
    if outcome not in OUTCOMES or concern.state is State.OPEN:
        return desk.voice.say("Bitte übernehmen Sie den Fall zuerst.")
    handle.close(desk, concern, Outcome(outcome))
    desk.tell(
        desk.voice.say(
            "Fall {case} ist abgeschlossen: {outcome}.",
            case=concern.case_code,
            outcome=desk.voice.say(OUTCOMES[Outcome(outcome)]),
        ),
        concern_id=concern.id,
    )
    return ""


def _words(desk: Desk, incoming: Incoming) -> None:
    if incoming.edited:
        desk.tell(desk.voice.say("Eine Änderung gebe ich nicht weiter. Schreiben Sie bitte neu, was fehlt."))
        return
    if run_command(desk, incoming.text):
        return
    concern, what = _meant(desk, incoming)
    if concern is None:
        desk.tell(
            desk.voice.say(
                "Ich weiß nicht, für wen das ist. Bitte drücken Sie bei der Meldung auf „Antworten“. "
                "Es wurde nichts gesendet."
            )
        )
        return
    desk.changed.add(concern.participant_id)
    if what == "step":
        desk.focus("")
        handle.plan(desk, concern, incoming.text[:500], handle.STEPS["write"][1])
        return
    handle.reply(desk, concern, incoming.text)


def _meant(desk: Desk, incoming: Incoming) -> tuple[Concern | None, str]:
    # A quoted message says it best, then the button that was pressed last, then the only case in hand.
    if incoming.message:
        number = desk.uow.outbox.concern_of(desk.address.id, incoming.message)
        quoted = desk.uow.concerns.get(number) if number else None
        if quoted is not None:
            return quoted, "reply"
    what, _, number_text = desk.staff.focus.partition(":")
    if number_text.isdecimal():
        focused = desk.uow.concerns.get(int(number_text))
        if focused is not None and focused.agency_id == desk.agency.id:
            return focused, what
    mine = desk.uow.concerns.taken_by(desk.staff.id)
    return (mine[0], "reply") if len({c.participant_id for c in mine}) == 1 else (None, "")


_ACTIONS: dict[str, Callable[[Desk, Concern, str], str]] = {
    "take": _take,
    "show": _show,
    "step": _step,
    "reply": _reply,
    "pass": _pass_on,
    "done": _done,
    "close": _close,
}
