# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a questionnaire is: items, scales, rules for scores and trends, and what an answer may set off."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dialogs.conditions import Value
from dialogs.model import ConcernRule, Texts
from dialogs.scales import Level


class Status(StrEnum):
    """How sure the wording is. `METADATA_ONLY` has none: a site may load the one it holds a licence for."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    METADATA_ONLY = "metadata-only"


class Numbers(msgspec.Struct, frozen=True, tag="numbers"):
    """Whole numbers from `low` to `high`; with `ends_only` just the two ends have words."""

    low: int
    high: int
    ends_only: bool = False

    def admits(self, value: Value) -> bool:
        """True for a whole number in the range; yes, 2.0 and "2" are none."""
        return type(value) is int and self.low <= value <= self.high

    @property
    def labelled(self) -> tuple[str, ...]:
        """The answers that need words."""
        return tuple(map(str, (self.low, self.high) if self.ends_only else range(self.low, self.high + 1)))


class Options(msgspec.Struct, frozen=True, tag="options"):
    """One of several keys. Never scored."""

    keys: tuple[str, ...]

    def admits(self, value: Value) -> bool:
        """True for one of the keys."""
        return isinstance(value, str) and value in self.keys

    @property
    def labelled(self) -> tuple[str, ...]:
        """The answers that need words."""
        return self.keys


class OwnWords(msgspec.Struct, frozen=True, tag="own_words"):
    """What the person writes. Never scored."""

    def admits(self, value: Value) -> bool:
        """True for any text."""
        return isinstance(value, str)

    @property
    def labelled(self) -> tuple[str, ...]:
        """The answers that need words: none."""
        return ()


AnswerScale = Numbers | Options | OwnWords


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `about` says in neutral words of our own what it asks, where its wording may not ship."""

    key: str
    scale: str
    answers: AnswerScale
    loinc: str = ""
    about: Texts = {}
    is_scored: bool = True


class Citation(msgspec.Struct, frozen=True):
    """Where a figure was published; unless `is_checked`, nobody has compared it with the source yet."""

    source: str
    is_checked: bool


class Band(msgspec.Struct, frozen=True):
    """A named part of a score's range, both ends included. For staff and export, never for the person."""

    name: str
    low: int
    high: int


class Cutoff(msgspec.Struct, frozen=True, kw_only=True):
    """A published threshold: met from `at_least` up, or from `at_most` down. Exactly one of them is set."""

    name: str
    citation: Citation
    at_least: int | None = None
    at_most: int | None = None

    def is_met(self, value: int) -> bool:
        """True if the value is at or beyond the threshold."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most


class Change(msgspec.Struct, frozen=True):
    """How many points between two scores count as a change, by whom."""

    name: str
    points: int
    citation: Citation


class ScoringRule(msgspec.Struct, frozen=True, kw_only=True):
    """`times` x the sum of weight x answer; a reversed item counts as low + high - answer.

    `low` and `high` are the lowest and the highest value that can come out.
    """

    id: str
    weights: dict[str, int]
    low: int
    high: int
    reversed: frozenset[str] = frozenset()
    times: int = 1
    bands: tuple[Band, ...] = ()
    bands_from: Citation | None = None
    cutoffs: tuple[Cutoff, ...] = ()
    changes: tuple[Change, ...] = ()


class Drop(msgspec.Struct, frozen=True, kw_only=True, tag="drop"):
    """The newest score lies `points` or more below the median of the `of_last` scores before it."""

    id: str
    score: str
    level: Level
    points: int
    of_last: int = 3


class LowRow(msgspec.Struct, frozen=True, kw_only=True, tag="low_row"):
    """The newest `in_a_row` scores all lie at `at_most` or below."""

    id: str
    score: str
    level: Level
    at_most: int
    in_a_row: int = 2


TrendRule = Drop | LowRow


class SafetyRule(msgspec.Struct, frozen=True):
    """An answer that is a concern at once; with `crisis_card`, crisis numbers come before the next one."""

    item: str
    concern: ConcernRule
    crisis_card: bool = False


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """When a pack may be offered at all. Hours are those of the site's wall clock."""

    hours_before_closing: int
    friday_until: int
    before_holidays: bool
    on_call_deputy: bool


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """The words in one language: `answers` by scale and answer, `items` by item, in the sheet's order."""

    language: str
    items: dict[str, str]
    answers: dict[str, dict[str, str]]
    intro: str = ""
    lead: str = ""

    def question(self, item: str) -> str:
        """The item as a sentence of its own: begun by `lead`, if the sheet has the beginning only once."""
        text = self.items[item]
        if not self.lead:
            return text
        return f"{self.lead.removesuffix('...').rstrip()} {text.removeprefix('...').lstrip()}"


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A questionnaire in one version.

    `recall_days` is the time it asks about (0: now, or not said); it is not asked more often than that.
    `original` says where a site gets wording that may not ship. `wording_from` names the packs that share
    theirs. `wordings` is by language tag without region ("de").
    """

    id: str
    version: int
    title: Texts
    status: Status
    is_clinical: bool
    licence: str
    credit: str
    items: dict[str, Item]
    rules: dict[str, ScoringRule]
    trends: dict[str, TrendRule] = {}
    safety: tuple[SafetyRule, ...] = ()
    offer: Offer | None = None
    recall_days: int = 0
    loinc: str = ""
    original: str = ""
    wording_from: tuple[str, ...] = ()
    wordings: dict[str, Wording] = {}

    @property
    def can_be_asked(self) -> bool:
        """False as long as there is no wording."""
        return bool(self.wordings)

    @property
    def is_on_by_default(self) -> bool:
        """True if it is asked without an admin switching it on: not clinical, and with wording."""
        return self.can_be_asked and not self.is_clinical
