# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What every use case may look up besides its unit of work. Only a newly published dialog makes a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.domain.agency import DEFAULT_AGENCY, Agency
from bot.domain.channels import key_of
from bot.domain.escalation import Policies
from bot.domain.own_page import PageRules
from bot.domain.retention import Periods
from bot.domain.sign_in import SignInRules
from bot.ports import UnitOfWork
from bot.services.policies import STANDARD
from bot.services.read_ladders import LadderShelf
from bot.services.read_plans import PlanShelf
from bot.services.read_programmes import ProgrammeShelf
from bot.texts import Texts, Voice
from dialogs.book import DialogBook
from dialogs.concerns.crisis import crisis_card
from dialogs.concerns.detect import Detection
from dialogs.concerns.languages import recognise
from dialogs.concerns.rulebook import rulebook as concern_rules
from dialogs.score_packs.model import ScorePack
from scheduler.local_time import QuietHours, ReadingHours

#: What dialogs may say about the hours of an agency.
HoursFacts = Mapping[str, str | bool]

_MINUTES_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Agencies with their hours, dialogs, ladders and texts.

    `new_code` makes a one-time code that nobody can guess (at least 128 bits, usable as a /start payload).
    `public_url` is where participants reach Lotse's own pages; empty if there is none. `packs_on` names the
    clinical questionnaires that are switched on. `crisis_texts` are the agency's own, with the numbers of the
    region, by language. `plans` are those in force, by agency, `programmes` those installed. `policies` are
    the ladders of every programme that has none of its own in `own_policies`; both come with the
    installation, as the texts `ladder_texts`, and `ladders` are those that count in their place.
    `score_packs` are the licensed scores that the site has loaded. `home` is the agency that is meant where
    nothing says which one; `own_quiet` and `own_crisis_texts` are those of agencies beside the default one,
    by number.
    """

    agencies: Mapping[int, Agency]
    hours: Mapping[int, ReadingHours]
    policies: Policies
    book: DialogBook
    texts: Texts
    new_code: Callable[[], str]
    public_url: str = ""
    quiet: QuietHours | None = None
    packs_on: frozenset[str] = frozenset()
    crisis_texts: Mapping[str, str] = field(default_factory=dict)
    concern_rules_file: Path | None = None
    plans: PlanShelf = field(default_factory=PlanShelf, compare=False)
    programmes: ProgrammeShelf = field(default_factory=ProgrammeShelf, compare=False)
    periods: Periods = field(default_factory=Periods)
    own_policies: Mapping[str, Policies] = field(default_factory=dict)
    ladder_texts: Mapping[str, str] = field(default_factory=dict)
    ladders: LadderShelf = field(default_factory=LadderShelf, compare=False)
    page: PageRules = field(default_factory=PageRules)
    sign_in: SignInRules = field(default_factory=SignInRules)
    score_packs: Mapping[str, ScorePack] = field(default_factory=dict)
    home: int = DEFAULT_AGENCY
    own_quiet: Mapping[int, QuietHours] = field(default_factory=dict)
    own_crisis_texts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    _hours_facts: dict[tuple[int, str, datetime], HoursFacts] = field(default_factory=dict, compare=False)

    def voice(self, language: str) -> Voice:
        """The texts in a language."""
        return self.texts.voice(language)

    def policies_of(self, uow: UnitOfWork, agency_id: int, programme: str) -> Policies:
        """The ladders of a programme now; the standard ones if it is unknown or has none of its own.

        What the agency put in force under a name counts in place of what came along under it.
        """
        own = self.ladders.own(uow, agency_id)
        standard = own.get(STANDARD, self.own_policies.get(STANDARD, self.policies))
        return own.get(programme, self.own_policies.get(programme, standard))

    def agency_at(self, channel: str) -> int:
        """Whose door a channel is: the agency whose bot it is, or `home` for pages, which serve them all."""
        key = key_of(channel)
        return next((one.id for one in self.agencies.values() if one.key == key), self.home)

    def has_door(self, agency_id: int, channel: str) -> bool:
        """Whether people come in to the agency by this channel: not by the bot of another one."""
        key = key_of(channel)
        return not key or key == self.agencies[agency_id].key

    def quiet_of(self, agency_id: int) -> QuietHours | None:
        """When the agency begins nothing by itself."""
        return self.own_quiet.get(agency_id, self.quiet)

    def crisis_texts_of(self, agency_id: int) -> Mapping[str, str]:
        """The agency's own words for "help now", with the numbers of its region, by language."""
        return self.own_crisis_texts.get(agency_id, self.crisis_texts)

    def crisis_text(self, agency_id: int, language: str) -> str | None:
        """What the agency says itself to whoever may be in danger; None where the agreed text stands alone.

        Where there are no agreed words in a language, it stands among those that are said instead.
        """
        own = self.crisis_texts_of(agency_id)
        # "en-GB" is English; a register is not said in another one.
        base = language if "-x-" in language else language.partition("-")[0]
        found, instead = own.get(language) or own.get(base), crisis_card(language).languages
        if found or len(instead) == 1:
            return found
        return "\n\n".join(own.get(tag) or crisis_card(tag).first for tag in instead)

    @property
    def crisis_texts_of_all(self) -> Mapping[str, str]:
        """What may be shown where nobody is known: regional numbers only where there is one agency."""
        return self.crisis_texts if len(self.agencies) == 1 else {}

    def recognise(self, text: str, language: str) -> Detection:
        """What in free words a human should see soon: by the shipped rules and the site's own, or unread."""
        return recognise(text, language, concern_rules(self.concern_rules_file))

    def hours_text(self, agency_id: int, voice: Voice) -> str:
        """When staff of the agency read messages, in words."""
        return voice.week(self.hours[agency_id].weekly)

    def is_read_now(self, agency_id: int, now: datetime) -> bool:
        """Whether staff of the agency are at work."""
        return self.hours[agency_id].is_open(now)

    def next_reading(self, agency_id: int, now: datetime) -> datetime:
        """When staff of the agency will next be at work; `now` if they are."""
        return self.hours[agency_id].next_open(now)

    def hours_facts(self, agency: Agency, voice: Voice, now: datetime) -> HoursFacts:
        """The facts `reading_hours`, `read_now`, `next_reading_day` and `next_reading_time`.

        They change from one minute to the next at most, so everybody who writes in a minute shares them.
        """
        key = (agency.id, voice.language, now.replace(second=0, microsecond=0))
        facts = self._hours_facts.get(key)
        if facts is None:
            if len(self._hours_facts) >= _MINUTES_KEPT:
                self._hours_facts.clear()
            reading = self.next_reading(agency.id, now)
            facts = self._hours_facts[key] = {
                "reading_hours": self.hours_text(agency.id, voice),
                "read_now": self.is_read_now(agency.id, now),
                "next_reading_day": voice.day(reading, agency.zone),
                "next_reading_time": voice.clock(reading, agency.zone),
            }
        return facts
