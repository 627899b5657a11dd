# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Mail to staff: a case code, a level and a signed one-time link to the case; never a name, never content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.concerns import Concern
from bot.domain.delivery import OWN_ADDRESS
from bot.domain.ledger_chain import COMMAND
from bot.domain.mail import CHANNEL, Letter, LinkPurpose, MailLink
from bot.domain.messages import Body, Draft, Kind, Outgoing
from bot.domain.people import Address, AddressState, Staff
from bot.domain.sign_in import How
from bot.ports import Receipt, UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.staff_sessions import begin_session
from bot.texts import Voice, mark

LINK_LIVES = timedelta(hours=24)
#: Below the public address; the code follows.
PATH = "/console/mail/"
# Whoever presses twice gets one mail.
_AGAIN_EVERY_S = 600
#: How the dedup key of a mail begins that asks whether the address is right.
_CONFIRM = "confirm-mail"
#: What may be said as it was written; all else holds somebody's own words.
_OWN_WORDS = frozenset({Kind.STAFF_ALERT, Kind.STAFF_NOTICE})
_LABELS = {
    LinkPurpose.CONFIRM: mark("Adresse bestätigen"),
    LinkPurpose.OPEN: mark("Konsole öffnen"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """What is behind a link. `is_open` says that it can be used now; `person` is the only one it is for."""

    link: MailLink
    person: Staff
    address: Address
    is_open: bool

    @property
    def is_confirmed(self) -> bool:
        """It asked whether a mail address is right, and somebody said so."""
        was_asked = self.link.purpose is LinkPurpose.CONFIRM and self.link.used_at is not None
        return was_asked and self.address.state is AddressState.OPEN


def letter(uow: UnitOfWork, rules: Rulebook, message: Outgoing, now: datetime) -> Letter:
    """What the mail says, with a link of its own; the same link when it must be sent once more."""
    found = uow.outbox.draft_of(message.id)
    address = uow.people.address(message.address_id)
    staff_id = address.staff_id if address else None
    person = uow.people.staff(staff_id) if staff_id else None
    if found is None or person is None:
        return Letter("Lotse", message.body.text)
    draft, voice = found[0], rules.voice(person.language)
    concern = uow.concerns.get(draft.concern_id) if draft.concern_id else None
    purpose = LinkPurpose.CONFIRM if (draft.dedup or "").startswith(_CONFIRM) else LinkPurpose.OPEN
    link = _link(uow, rules, message, (person, purpose, concern), now)
    return Letter(
        subject=_subject(voice, purpose, concern),
        text=_text(voice, message),
        language=voice.language,
        link=link,
        link_label=_label(voice, message, purpose, concern),
        note=_note(voice, has_link=bool(link)),
        thread=f"case-{concern.id}" if concern else "",
        sender=rules.agencies[person.agency_id].mail_sender,
    )


def ask_to_confirm(
    uow: UnitOfWork, person: Staff, mail: str, rules: Rulebook, now: datetime, actor: str = COMMAND
) -> bool:
    """Send a link to a mail address; it counts only once that was opened and the button pressed.

    False, and nothing done, if it is a colleague's; see `is_taken`.
    """
    if is_taken(uow, mail, person.id):
        return False
    uow.people.change_staff(person.id, mail=mail)
    owner = uow.people.find_staff(CHANNEL, mail)
    if owner is not None and owner[1].state is AddressState.OPEN:
        return True
    if owner is not None and owner[0].id != person.id:
        # What a slow mail server still holds back for them is nothing for whoever has the address now.
        uow.outbox.cancel_to(owner[1].id)
    address_id = uow.people.add_address(person.agency_id, CHANNEL, mail, staff_id=person.id)
    uow.people.close_address(address_id)
    uow.ledger.note(person.agency_id, now, actor, "mail_to_confirm", f"staff:{person.id}")
    uow.outbox.post([_ask(rules, person, address_id, now)], now)
    return True


def is_taken(uow: UnitOfWork, mail: str, for_id: int = 0) -> bool:
    """Whether a colleague has confirmed this address, or is asked to by now.

    One that was theirs by a slip which was mended, or that they gave up or left behind, is free again.
    """
    owner = uow.people.find_staff(CHANNEL, mail)
    if owner is None or owner[0].id == for_id:
        return False
    if owner[1].state is AddressState.OPEN:
        return True
    return owner[0].left_at is None and uow.mail_links.asked(owner[0].id) == mail


def look(uow: UnitOfWork, code: str, now: datetime) -> Door | None:
    """What is behind a code; uses nothing up. None if it was not made here."""
    link = uow.mail_links.find(code)
    person = uow.people.staff(link.staff_id) if link else None
    address = uow.people.address(link.address_id) if link else None
    if link is None or person is None or address is None:
        return None
    if address.staff_id != person.id or person.left_at is not None:
        return None
    # A link in a mail to an address that no longer counts opens nothing.
    is_confirm = link.purpose is LinkPurpose.CONFIRM
    counts = _is_asked(uow, person, address) if is_confirm else address.state is AddressState.OPEN
    return Door(link, person, address, counts and link.is_open(now))


def enter(
    uow: UnitOfWork, rules: Rulebook, code: str, account: str, now: datetime, device: str = ""
) -> Door | None:
    """Sign a browser in, once; `account` is the browser's own. None if the link does not open."""
    door = look(uow, code, now)
    if door is None or not door.is_open or door.link.purpose is not LinkPurpose.OPEN:
        return None
    uow.mail_links.use(door.link.id, now)
    # Whoever opens a link from a mail has proved that mails arrive there.
    uow.duty.confirm(door.address.id, now)
    begin_session(uow, rules, door.person, account, (How.MAIL, device), now)
    arrived(uow, door, now)
    return door


def arrived(uow: UnitOfWork, door: Door, now: datetime) -> None:
    """Whoever follows the link of a fresh mail shows that mail reaches them: this way has passed its test."""
    if now < door.link.expires_at:
        uow.duty.confirm(door.address.id, now)


def confirm(uow: UnitOfWork, code: str, now: datetime) -> Door | None:
    """From now on alerts go to this address, and no longer to an older one. None if the link does not open.

    Pressing twice confirms once.
    """
    door = look(uow, code, now)
    if door is None or door.link.purpose is not LinkPurpose.CONFIRM:
        return None
    person, address = door.person, door.address
    if door.is_confirmed:
        return door
    if not door.is_open:
        return None
    uow.mail_links.use(door.link.id, now)
    for old in uow.people.staff_addresses([person.id]):
        if old.channel == CHANNEL:
            uow.people.close_address(old.id)
    uow.people.add_address(person.agency_id, CHANNEL, address.value, staff_id=person.id)
    uow.ledger.note(person.agency_id, now, f"staff:{person.id}", "address_linked", CHANNEL)
    uow.duty.ask(person.agency_id, address.id, now)
    arrived(uow, door, now)
    return door


def send_again(uow: UnitOfWork, rules: Rulebook, code: str, now: datetime) -> Receipt | None:
    """A fresh link, by mail to the same address, in place of one that no longer opens.

    None if there is nowhere to send it: the code was not made here, or its address does not count any more.
    """
    door = look(uow, code, now)
    if door is None:
        return None
    link, person, address = door.link, door.person, door.address
    is_confirm = link.purpose is LinkPurpose.CONFIRM and _is_asked(uow, person, address)
    if is_confirm and address.state is AddressState.CLOSED and not link.used_at:
        uow.outbox.post([_ask(rules, person, address.id, now)], now)
    elif link.purpose is LinkPurpose.OPEN and address.state is AddressState.OPEN:
        text = rules.voice(person.language).say("Hier ist der neue Link, um den Sie gebeten haben.")
        draft = Draft(
            agency_id=person.agency_id,
            address_id=address.id,
            channel=CHANNEL,
            kind=Kind.STAFF_NOTICE,
            body=Body(text),
            concern_id=link.concern_id,
            staff_id=person.id,
            dedup=f"mail-link:{link.id}:{_slot(now)}",
            subject=OWN_ADDRESS,
        )
        uow.outbox.post([draft], now)
    else:
        return None
    return Receipt("", frozenset({CHANNEL}))


def _is_asked(uow: UnitOfWork, person: Staff, address: Address) -> bool:
    """Whether this is still the address they are asked about: a slip that was mended may be a stranger's."""
    return uow.mail_links.asked(person.id) == address.value


def _ask(rules: Rulebook, person: Staff, address_id: int, now: datetime) -> Draft:
    text = rules.voice(person.language).say(
        "Ihre Verwaltung möchte, dass Lotse Ihnen hierher schreibt, wenn jemand Sie braucht. "
        "Bitte bestätigen Sie diese Adresse. Vorher kommt hier keine Meldung an. "
        "Wenn Sie davon nichts wissen: Löschen Sie diese E-Mail einfach."
    )
    return Draft(
        agency_id=person.agency_id,
        address_id=address_id,
        channel=CHANNEL,
        kind=Kind.STAFF_NOTICE,
        body=Body(text),
        staff_id=person.id,
        dedup=f"{_CONFIRM}:{address_id}:{person.id}:{_slot(now)}",
        subject=OWN_ADDRESS,
    )


def _slot(now: datetime) -> int:
    return int(now.timestamp()) // _AGAIN_EVERY_S


def _link(
    uow: UnitOfWork,
    rules: Rulebook,
    message: Outgoing,
    what: tuple[Staff, LinkPurpose, Concern | None],
    now: datetime,
) -> str:
    if not rules.public_url:
        return ""
    person, purpose, concern = what
    code = uow.mail_links.code_in(message.id, now) or uow.mail_links.make(
        MailLink(
            0,
            person.agency_id,
            person.id,
            message.address_id,
            purpose,
            now + LINK_LIVES,
            concern.id if concern else None,
            message.id,
        )
    )
    return f"{rules.public_url}{PATH}{code}"


def _subject(voice: Voice, purpose: LinkPurpose, concern: Concern | None) -> str:
    if concern is not None:
        what = voice.say("Meldung {level} · Fall {case}", level=concern.level.value, case=concern.case_code)
    elif purpose is LinkPurpose.CONFIRM:
        what = voice.say("E-Mail-Adresse bestätigen")
    else:
        what = voice.say("Nachricht")
    return f"Lotse: {what}"


def _label(voice: Voice, message: Outgoing, purpose: LinkPurpose, concern: Concern | None) -> str:
    if concern is not None:
        return voice.say("Fall öffnen")
    keys = [key for row in message.body.keys for key in row]
    # Buttons do not work in mails; where there is only one, following the link comes to the same.
    is_lone = len(keys) == 1 and purpose is LinkPurpose.OPEN and message.kind in _OWN_WORDS
    return keys[0].label if is_lone else voice.say(_LABELS[purpose])


def _text(voice: Voice, message: Outgoing) -> str:
    if message.kind in _OWN_WORDS:
        return message.body.text
    return voice.say("Es gibt etwas Neues. Sie sehen es in der Konsole.")


def _note(voice: Voice, *, has_link: bool) -> str:
    own = voice.say("Diese E-Mail kommt von einem Programm. Antworten darauf liest niemand.")
    if not has_link:
        return own
    until = voice.say("Der Link gilt einen Tag, einmal und nur für Sie. Bitte geben Sie ihn nicht weiter.")
    return f"{until} {own}"
