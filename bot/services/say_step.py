# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What one step of a conversation says to the person, as far as their channel may carry it (promise P5)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import BEGUN_BY_US, Body, DataClass, Key, Kind
from bot.ports import Conversation
from bot.services import page_lines
from bot.services.buttons import press_token
from bot.services.own_page import offer_own_page
from bot.services.page_lock import CHANNEL as OWN_PAGE
from bot.services.visit import Visit
from dialogs import effects as wants


class StepVoice:
    """Says the texts of one step, with messages of `kind`, and offers Lotse's own page at most once.

    After `until` none of it is sent any more (see `bot.domain.messages.Draft`), but for crisis texts, and
    none without what it `needs` the person to agree to.
    """

    def __init__(
        self,
        visit: Visit,
        conversation: Conversation,
        kind: Kind,
        until: datetime | None = None,
        needs: tuple[str, ...] = (),
    ) -> None:
        self._visit = visit
        self._conversation = conversation
        self._kind = kind
        self._until = until
        self._needs = needs
        self._offered = False

    def say(self, said: wants.Send) -> None:
        """One text of the step, with its buttons and its picture."""
        visit, until = self._visit, self._until
        if not said.crisis and not visit.carries(DataClass(said.data_class.value)):
            self._offer()
            return
        number = self._conversation.id
        keys = tuple(
            tuple(Key(b.label, press_token(number, said.turn or 0, b.value)) for b in row)
            for row in said.buttons
        )
        label = visit.voice.say("Bild") if said.picture else ""
        text = self._kept_from_locked_phones(said)
        body = Body(text, keys, picture=said.picture, alt=said.alt, picture_label=label)
        if said.crisis:
            visit.show(Kind.CRISIS, body)
            return
        with visit.needing((*self._needs, *visit.needs(DataClass(said.data_class.value)))):
            visit.show(self._kind, body, until=until, subject=self._conversation.subject)

    def _kept_from_locked_phones(self, said: wants.Send) -> str:
        """The text; what a messenger shows before anybody has unlocked the phone is no word about health.

        Whoever has just written sees the chat itself, so only what we begin has a neutral line first.
        """
        is_health = DataClass(said.data_class.value) is DataClass.HEALTH and not said.crisis
        if not is_health or self._kind not in BEGUN_BY_US or self._visit.address.channel == OWN_PAGE:
            return said.text
        neutral = self._visit.voice.say("Hier ist eine Nachricht von Lotse für Sie.")
        return f"{neutral}\n\n{said.text}"

    def _offer(self) -> None:
        if self._offered:
            return
        self._offered = True
        visit, subject = self._visit, self._conversation.subject
        dedup = None
        if page_lines.is_regular(visit, self._kind, subject):
            if page_lines.were_enough(visit):
                return
            dedup = page_lines.key_of(visit)
        with visit.needing(self._needs):
            offer_own_page(visit, self._kind, self._until, subject, dedup)
