# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Answers that are a concern at once, and when a pack with such answers may be offered.

Whoever asks about thoughts of death must be there for the answer: not shortly before closing time, not on
Friday afternoon, not before a holiday, not without a deputy on call.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

from dialogs.conditions import Value
from dialogs.instruments.model import Item, Numbers, Offer, Pack, SafetyRule
from dialogs.model import ConcernRule
from dialogs.scales import Level

ITEMS_ABOUT_DEATH = frozenset({"44260-8"})
"""LOINC codes of items that may not be asked without safety rules: PHQ-9 item 9."""

_FRIDAY = 4


class Refusal(StrEnum):
    """Why a pack may not be offered at a certain moment."""

    NOBODY_READS_TODAY = "nobody_reads_today"
    NOT_YET_OPEN = "not_yet_open"
    CLOSING_SOON = "closing_soon"
    FRIDAY_AFTERNOON = "friday_afternoon"
    HOLIDAY_FOLLOWS = "holiday_follows"
    NO_DEPUTY_ON_CALL = "no_deputy_on_call"


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Who is there on the day in question.

    `opening` and `closing` are that day's reading hours (aware), both `None` if nobody reads that day;
    `next_workday` is the next day after it on which somebody reads; `has_on_call`: a deputy on call is named.
    """

    opening: datetime | None
    closing: datetime | None
    next_workday: date
    has_on_call: bool


def safety_of(pack: Pack, item: str, value: Value | None) -> SafetyRule | None:
    """The most urgent safety rule that this answer sets off, or `None`. A skipped answer sets off none.

    An answer that the item's scale does not have cannot be judged: it counts as R2 if the item has any rule.
    """
    rules = [rule for rule in pack.safety if rule.item == item]
    if value is None or not rules:
        return None
    if item not in pack.items or not pack.items[item].answers.admits(value):
        return SafetyRule(
            item, ConcernRule(Level.R2, "unreadable_answer"), any(rule.crisis_card for rule in rules)
        )
    hit = [
        rule for rule in rules if rule.concern.when is None or rule.concern.when.holds({"value": value}.get)
    ]
    return max(hit, key=lambda rule: rule.concern.level.rank, default=None)


def concerns_of(pack: Pack, item: str, value: Value | None) -> Level | None:
    """The level of concern that this answer raises at once, before the form ends, or `None`."""
    rule = safety_of(pack, item, value)
    return rule.concern.level if rule else None


def may_offer(pack: Pack, at: datetime, duty: Duty) -> tuple[Refusal, ...]:
    """Everything that speaks against offering the pack at a moment; empty if nothing does.

    Used when a schedule is published (with the planned moment) and again when it comes due. `at` is aware and
    in the site's time zone: its weekday and hour are what the wall clock there shows. Exactly the set number
    of hours before closing is early enough; on a Friday the set hour itself is too late. A free weekend is no
    holiday; a free day from Monday to Friday is one.

    Raises `ValueError` if `at` is naive, or if the next working day does not come after it.
    """
    if at.tzinfo is None:
        raise ValueError("the moment must be aware")
    if duty.next_workday <= at.date():
        raise ValueError("the next working day must come after the moment")
    if pack.offer is None:
        return ()
    refused = list(_hours(at.astimezone(UTC), duty, timedelta(hours=pack.offer.hours_before_closing)))
    if at.weekday() == _FRIDAY and at.hour >= pack.offer.friday_until:
        refused.append(Refusal.FRIDAY_AFTERNOON)
    if not pack.offer.before_holidays and _holiday_follows(at.date(), duty.next_workday):
        refused.append(Refusal.HOLIDAY_FOLLOWS)
    if pack.offer.on_call_deputy and not duty.has_on_call:
        refused.append(Refusal.NO_DEPUTY_ON_CALL)
    return tuple(refused)


def _hours(at: datetime, duty: Duty, margin: timedelta) -> tuple[Refusal, ...]:
    """`at` in UTC, so that hours are real ones in the nights on which clocks change."""
    if duty.opening is None or duty.closing is None:
        return (Refusal.NOBODY_READS_TODAY,)
    if at < duty.opening:
        return (Refusal.NOT_YET_OPEN,)
    return (Refusal.CLOSING_SOON,) if duty.closing.astimezone(UTC) - at < margin else ()


def _holiday_follows(day: date, next_workday: date) -> bool:
    free = ((day + timedelta(days=ahead)).weekday() for ahead in range(1, (next_workday - day).days))
    return any(weekday <= _FRIDAY for weekday in free)


def too_weak(pack: Pack) -> list[str]:
    """What is missing in a pack's safety rules, in words; empty if nothing is.

    An item about thoughts of death needs the crisis card and R2 from the lowest answer up, R3 at the highest,
    and limits on when it is offered that are at least as strict as those of the pack that ships.
    """
    grave = [item for item in pack.items.values() if item.loinc in ITEMS_ABOUT_DEATH]
    found = [
        f"'{item.key}' asks about thoughts of death: each answer above the lowest needs the crisis card "
        "and R2, the highest R3"
        for item in grave
        if not _is_guarded(pack, item)
    ]
    if grave and not _is_strict(pack.offer):
        found.append("a pack that asks about thoughts of death is offered too freely")
    return found


def _is_guarded(pack: Pack, item: Item) -> bool:
    scale = item.answers
    if not isinstance(scale, Numbers):
        return False
    rules = {value: safety_of(pack, item.key, value) for value in range(scale.low + 1, scale.high + 1)}
    return all(
        rule is not None
        and rule.crisis_card
        and rule.concern.level.rank >= (Level.R3 if value == scale.high else Level.R2).rank
        for value, rule in rules.items()
    )


def _is_strict(offer: Offer | None) -> bool:
    return (
        offer is not None
        and offer.hours_before_closing >= 2
        and offer.friday_until <= 12
        and not offer.before_holidays
        and offer.on_call_deputy
    )
