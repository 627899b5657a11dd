# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Questionnaires on the way: whether one is asked now, what its answers count, and what was only begun."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.book import Route
from dialogs.conditions import Value
from dialogs.effects import NotOffered, RaiseConcern, StoreScore
from dialogs.instruments import NotComputable, Trend
from dialogs.instruments import Score as Counted
from dialogs.measuring import measure, reasons_against
from dialogs.model import AskStep, Offer, Score
from dialogs.run import Run


def decide_offer(run: Run, step: Offer) -> str:
    """Where to go if the questionnaire is not asked now; "" if it is."""
    reasons = reasons_now(run, step)
    if step.asked:
        run.keep(step.asked, not reasons)
    if reasons:
        run.emit(NotOffered(step.instrument, step.id, reasons))
    return step.past if reasons else ""


def reasons_now(run: Run, step: Offer) -> tuple[str, ...]:
    """What speaks against asking the questionnaire at this moment."""
    pack = run.book.packs.get(step.instrument)
    duty = run.facts.duty(run.now) if pack is not None and pack.offer is not None else None
    return reasons_against(pack, run.facts.packs_on, run.now, duty)


def offer_of(run: Run, step: AskStep) -> Offer | None:
    """What decides whether a question of its own may be asked now; most questions have no such step."""
    before = run.here.route.dialog.steps.get(step.key) if run.here else None
    return before if isinstance(before, Offer) and before.id != step.id and not before.asked else None


def count(run: Run, route: Route, step: Score) -> None:
    """Count what was answered. A trend that holds is a concern of the level that its rule names.

    Whoever went back and answered anew is counted anew; the new score takes the place of the old one.
    """
    pack = run.book.packs.get(step.instrument)
    if pack is None:
        return
    dialog = route.dialog.id
    asked = [key for key in _items(run, step) if f"{step.items}{key}" in route.questions]
    answers = {key: run.session.values.get(f"{dialog}.{step.items}{key}") for key in asked}
    before = {rule: _before(run, rule) for rule in (f"{pack.id}.{name}" for name in pack.rules)}
    found = measure(pack, answers, before)
    for score in found.scores:
        again = _is_counted(run, score.rule)
        _note(run, score.rule, score.value if isinstance(score, Counted) else None)
        run.emit(StoreScore(score, again))
    for trend in found.trends:
        _note(run, trend.rule, trend.holds if isinstance(trend, Trend) else None)
        if isinstance(trend, Trend) and trend.holds:
            run.emit(RaiseConcern(trend.level, trend.rule.replace(".", "_"), dialog, step.id))


def _is_counted(run: Run, rule: str) -> bool:
    return f"{run.top.dialog}.{rule}" in run.session.values


def _before(run: Run, rule: str) -> Sequence[Counted | NotComputable]:
    """The scores before this one, without the one that it replaces."""
    known = run.facts.history.get(rule, ())
    return known[:-1] if _is_counted(run, rule) else known


def _note(run: Run, name: str, value: Value | None) -> None:
    """What cannot be computed has no value; the one of last time must not stand for it (promise P6)."""
    if value is None:
        run.blank(name)
    else:
        run.keep(name, value)


def count_unfinished(run: Run) -> None:
    """Count what a conversation that ends now would have counted later on, as far as it was answered."""
    for frame in run.session.frames:
        route = run.book.route(frame.dialog, frame.version)
        for step in _uncounted(route, frame.step) if route is not None else ():
            answered = any(
                f"{frame.dialog}.{step.items}{key}" in run.session.values for key in _items(run, step)
            )
            if route is not None and answered:
                count(run, route, step)


def _uncounted(route: Route, here: str) -> list[Score]:
    """What a dialog counts from a step on."""
    order = list(route.dialog.steps)
    rest = order[order.index(here) :] if here in order else []
    return [step for name in rest if isinstance(step := route.dialog.steps[name], Score)]


def _items(run: Run, step: Score) -> list[str]:
    pack = run.book.packs.get(step.instrument)
    return list(pack.items) if pack else []
