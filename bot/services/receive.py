# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The one road: what a participant's channel brings takes effect here, exactly once (promise P2).

Order matters and is fixed: seen before? a stop word? danger, before any dialog? is a human talking?
only then the dialog.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import commands
from bot.domain.concerns import Concern, Level
from bot.domain.consent import Purpose
from bot.domain.messages import Incoming, IncomingKind, Kind
from bot.domain.people import AddressState, Standing
from bot.domain.stop_words import is_stop
from bot.ports import Contact, Receipt, UnitOfWork
from bot.services import (
    blocked,
    crisis,
    enrol,
    floor,
    in_pieces,
    page_lock,
    pauses,
    relay_words,
    restrict,
    unseen,
)
from bot.services.concern_context import in_context
from bot.services.converse import foreseen
from bot.services.escalate import raise_concern
from bot.services.pause_words import ends_pause, wanted_pause
from bot.services.presses import take_press
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs import effects as wants
from dialogs.concerns.detect import Detection
from dialogs.inputs import Repeat, Typed


def receive(uow: UnitOfWork, rules: Rulebook, incoming: Incoming, now: datetime) -> Receipt:
    """Let `incoming` take effect. A delivery that was recorded before changes nothing."""
    contact = uow.people.find_contact(incoming.channel, incoming.address)
    if contact is None:
        return enrol.greet_stranger(uow, rules, incoming, now)
    participant = contact.participant
    uow.serve(participant.agency_id)
    number = uow.talks.record_incoming(incoming, participant.agency_id, participant.id, now)
    is_shut = page_lock.is_shut(uow, rules, contact)
    # Nobody reads on a page that is shut: what is said goes where the person can be reached, if anywhere.
    reached = uow.people.contact_of(participant.id) if is_shut else None
    visit = Visit(uow, rules, reached or contact, now)
    visit.is_from_shut_page = is_shut
    said = _said_there(visit, incoming) if is_shut else None
    is_danger = said is not None and said.found.level.value == Level.R3
    if number is None:
        return Receipt(is_danger=is_danger)
    toast = _from_shut_page(visit, incoming, said) if is_shut else _take(visit, incoming)
    if visit.heard_own and not visit.has_raised:
        # A human whom it calls has to read what was written, wherever it was.
        uow.casework.profiles.keep_back(number)
    visit.finish()
    return Receipt(toast, frozenset(visit.woken), frozenset({participant.id}), is_danger)


def _take(visit: Visit, incoming: Incoming) -> str:
    if visit.address.state is AddressState.CLOSED and incoming.kind is not IncomingKind.BLOCKED:
        blocked.open_again(visit)
    match incoming.kind:
        case IncomingKind.BLOCKED | IncomingKind.UNBLOCKED:
            blocked.note(visit, incoming.kind)
        case IncomingKind.START if _says_something(visit, incoming.text):
            _text(visit, incoming)
        case IncomingKind.START:
            enrol.start_again(visit, incoming.text)
        case IncomingKind.PRESS:
            return take_press(visit, incoming.press)
        case IncomingKind.ATTACHMENT if _level(visit, incoming.text) >= Level.R2:
            # What stands on it, as on a poll or as a file's name, is no mere label.
            _text(visit, incoming)
        case IncomingKind.ATTACHMENT:
            unseen.take(visit, incoming)
        case IncomingKind.TEXT:
            _text(visit, incoming)
    return ""


def _said_there(visit: Visit, incoming: Incoming) -> in_pieces.Read | None:
    """What is read in words from such a page, as often as they are sent; None where nothing is read."""
    if is_stop(incoming.text) or not incoming.text.strip():
        return None
    said = in_pieces.read(visit, incoming)
    return said._replace(found=in_context(visit, said.found))


def _from_shut_page(visit: Visit, incoming: Incoming, said: in_pieces.Read | None) -> str:
    """Words from a page that has shut by itself. They reach a human; they answer and open nothing.

    Who sits before it need not be the person any more.
    """
    if said is None:
        if is_stop(incoming.text):
            enrol.stop(visit)
        return ""
    found, level = said.found, Level(said.found.level.value)
    if level is Level.R3:
        _danger(visit, incoming, found, said.words)
        return ""
    raised = raise_concern(visit, level, "message", _reason(found), said.words) if level >= Level.R2 else None
    if visit.participant.talks_with_human(visit.now):
        _pass_to_human(visit, raised, found, incoming)
        return ""
    if raised is not None:
        floor.make_room(visit, None)
    _free_words(visit, raised, found, incoming)
    return ""


def _says_something(visit: Visit, text: str) -> bool:
    """Whether what stands behind /start is no code of ours but words that a human should see."""
    return bool(text) and visit.uow.people.find_invitation(text) is None and _level(visit, text) != Level.R0


def _level(visit: Visit, text: str) -> Level:
    return Level(visit.rules.recognise(text, visit.participant.language).level.value)


def _text(visit: Visit, incoming: Incoming) -> None:
    # A wish to the program stands in the person's own words, whatever they quote above it.
    wish = incoming.text if incoming.own is None else incoming.own
    is_over = is_stop(wish)
    if is_over:
        # First, so that it ends with the contact: whoever looks hears that they have to take another way.
        _look_at(visit, incoming, in_silence=True)
        enrol.stop(visit)
    if is_over and incoming.own is None:
        return
    if commands.is_start(wish):
        enrol.start_again(visit, "")
        _look_at(visit, incoming)
        return
    said = in_pieces.read(visit, incoming)
    found = in_context(visit, said.found)
    if found.level.value == Level.R3:
        _danger(visit, incoming, found, said.words)
        return
    if is_over:
        return
    if _is_about_pause(visit, wish) or _opens_dialog(visit, wish):
        _look_at(visit, incoming)
        return
    _words(visit, incoming, found, said.words)


def _opens_dialog(visit: Visit, wish: str) -> bool:
    dialog = _dialog_for(visit, wish)
    if dialog is None or visit.rules.book.latest(dialog) is None:
        return False
    # Whether anybody is told is asked there: "Hilfe sofort" alone tells nobody.
    floor.wish(visit, dialog)
    return True


def _look_at(visit: Visit, incoming: Incoming, *, in_silence: bool = False) -> None:
    """A human looks at what a command was written under, a voice message or a picture."""
    if incoming.attachment and not incoming.edited:
        line = unseen.note(visit, incoming)
        if not in_silence:
            visit.tell(Kind.REPLY, line)


def _danger(visit: Visit, incoming: Incoming, found: Detection, quote: str) -> None:
    floor.clear(visit)
    crisis.answer(visit, _reason(found), quote)
    if visit.participant.talks_with_human(visit.now):
        relay_words.overhear(visit, incoming.text, incoming.attachment)


def _dialog_for(visit: Visit, text: str) -> str | None:
    """The dialog that a command opens; one that needs a consent which does not hold asks for that first."""
    dialog = commands.dialog_for(text)
    if dialog == "weekly_checkin" and not visit.consents.get(Purpose.HEALTH_CHECKINS, False):
        return (
            restrict.DIALOG if restrict.is_restricted(visit.uow, visit.participant.id) else "checkin_consent"
        )
    return dialog


def _is_about_pause(visit: Visit, text: str) -> bool:
    """Begin or end a pause, if that is what the message says."""
    if visit.participant.is_paused(visit.now) and ends_pause(text):
        pauses.end_pause(visit)
        return True
    wanted = wanted_pause(text, pauses.today(visit))
    if wanted is None or visit.participant.standing is not Standing.ACTIVE:
        return False
    floor.clear(visit)
    pauses.begin_pause(visit, wanted)
    return True


def _words(visit: Visit, incoming: Incoming, found: Detection, quote: str) -> None:
    level, text = Level(found.level.value), incoming.text
    if incoming.edited:
        _corrected(visit, level, found, incoming)
        return
    raised = raise_concern(visit, level, "message", _reason(found), quote) if level >= Level.R2 else None
    if visit.participant.talks_with_human(visit.now):
        _pass_to_human(visit, raised, found, incoming)
    elif raised is not None and floor.make_room(visit, Typed(text)):
        visit.tell(Kind.REPLY, crisis.handed_on(visit, level, raised))
    elif visit.conversation is not None:
        _as_answer(visit, incoming, found, raised)
    elif incoming.attachment:
        _free_words(visit, raised, found, incoming)
        unseen.say_not_shown(visit, text)
    elif not (commands.is_going_on(text) and _goes_on(visit)):
        _free_words(visit, raised, found, incoming)


def _as_answer(visit: Visit, incoming: Incoming, found: Detection, raised: Concern | None) -> None:
    """Words at an open question. What a human should see is understood also where it is no answer to it."""
    level, text = Level(found.level.value), incoming.text
    # A picture under which an answer stands is looked at like one alone.
    line = unseen.note(visit, incoming) if incoming.attachment and raised is None else ""
    if level is not Level.R1:
        floor.go_on(visit, Typed(text), line=line)
        if level >= Level.R2:
            visit.tell(Kind.CRISIS, crisis.short_help(visit))
    elif foreseen(visit, Typed(text)) == {wants.Send}:
        concern = raise_concern(visit, level, "message", _reason(found), text)
        if not line:
            visit.tell(Kind.REPLY, crisis.handed_on(visit, level, concern))
        floor.go_on(visit, Repeat(), line=line)
    else:
        visit.has_raised = False
        floor.go_on(visit, Typed(text), line=line)
        # An answer that raises one by itself says it already: the coach is called once for one message.
        if not visit.has_raised:
            raise_concern(visit, level, "message", _reason(found), text)


def _corrected(visit: Visit, level: Level, found: Detection, incoming: Incoming) -> None:
    """A corrected message answers no question a second time, but what it says now may be for a human."""
    known, talks = _open_concerns(visit), visit.participant.talks_with_human(visit.now)
    is_for_a_human = level >= Level.R2 or (level is Level.R1 and not talks)
    raised = raise_concern(visit, level, "message", _reason(found), incoming.text) if is_for_a_human else None
    if level >= Level.R2 and not talks:
        floor.make_room(visit, None)
    if talks:
        _pass_to_human(visit, raised, found, incoming)
    elif raised is not None and raised.id not in known:
        visit.tell(Kind.REPLY, crisis.handed_on(visit, level, raised))


def _goes_on(visit: Visit) -> bool:
    """What was put off comes back; where nothing was, a pause may be over. False if there is neither."""
    if floor.take_up_newest(visit):
        return True
    if visit.participant.is_paused(visit.now):
        pauses.end_pause(visit)
        return True
    return False


def _open_concerns(visit: Visit) -> frozenset[int]:
    return frozenset(c.id for c in visit.uow.concerns.of_participant(visit.participant.id))


def _free_words(visit: Visit, raised: Concern | None, found: Detection, incoming: Incoming) -> None:
    level, text, attachment = Level(found.level.value), incoming.text, incoming.attachment
    if level is Level.R0 and commands.is_courtesy(text) and not attachment:
        visit.tell(Kind.REPLY, visit.voice.say("Gern. Sie können jederzeit schreiben. Hilfe sofort: /hilfe"))
        return
    reason = _reason(found) or (f"attachment_{attachment}" if attachment else "wrote")
    known = raised or raise_concern(visit, Level.R1, "message", reason, text)
    visit.tell(Kind.REPLY, crisis.handed_on(visit, level, known))


def _pass_to_human(visit: Visit, raised: Concern | None, found: Detection, incoming: Incoming) -> None:
    # The bot keeps quiet; the coach who leads the conversation hears that there is something new. What is
    # serious besides calls whoever the concern belongs to: that may be somebody else, or nobody once more.
    if not relay_words.hear(visit, incoming.text, incoming.attachment):
        _free_words(visit, raised, found, incoming)
    if incoming.attachment and not incoming.edited:
        unseen.say_not_shown(visit, incoming.text)


def _reason(found: Detection) -> str:
    return found.hits[0].rule if found.hits else ""


def open_visit(uow: UnitOfWork, rules: Rulebook, participant_id: int, now: datetime) -> Visit | None:
    """A visit that we begin ourselves, on the address the person used last. None if there is no open one."""
    contact: Contact | None = uow.people.contact_of(participant_id)
    return Visit(uow, rules, contact, now) if contact else None
