# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Say what does not fit together in a programme, with file, line and remedy.

What it names elsewhere (dialogs, plans, ladders ...) is given as sets of names, so that nothing is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from dialogs.check_your_coach import your_coach
from dialogs.findings import Finding
from dialogs.model import Position, Texts
from dialogs.problems import Problem, did_you_mean
from dialogs.programme_model import STANDARD, Entry, Length, Phase, Programme, measuring_dialog

#: What to do where there is none of a kind at all, beside leaving the line out.
_NONE_YET = {
    "score pack": "Name its folder in LOTSE_INSTRUMENTS__SCORES_DIR, or leave the line out.",
}
#: How a phase that can be entered at once is written.
_START = "Write 'entry: start' at the phase in which everybody begins."


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a programme may name. `own_policies` are those of `policies` that somebody made here."""

    dialogs: frozenset[str]
    plans: frozenset[str]
    policies: frozenset[str]
    own_policies: frozenset[str] = frozenset()
    consents: frozenset[str]
    dates: frozenset[str]
    instruments: frozenset[str] = frozenset()
    score_packs: frozenset[str] = frozenset()


def check_programme(programme: Programme, known: Known) -> list[Problem]:
    """Everything that an admin has to mend, in the file's order."""
    found = [(rule.__name__.strip("_"), finding) for rule in _RULES for finding in rule(programme, known)]
    return sorted({_problem(programme, finding, name) for name, finding in found})


def not_asked(programme: Programme, known: Known) -> list[Problem]:
    """Questionnaires of the evaluation that no dialog asks by itself. It works: answers from others count."""
    evaluation = programme.evaluation
    found = []
    for name in evaluation.instruments if evaluation is not None else ():
        dialog = measuring_dialog(name)
        if name in known.instruments and dialog not in known.dialogs:
            what = f"there is no dialog '{dialog}': at the measuring points nobody is asked '{name}'"
            remedy = f"Publish one that asks it: lotse dialogs publish {dialog}.yaml."
            found.append(_problem(programme, Finding("evaluation.instruments", what, remedy), "not_asked"))
    return found


def _problem(programme: Programme, finding: Finding, rule: str) -> Problem:
    path = finding.path
    while path and path not in programme.positions:
        path = path.rpartition(".")[0]
    at = programme.positions.get(path, Position(1, 1))
    return Problem(programme.file or programme.id, at.line, at.column, finding.what, finding.remedy, rule)


def _names(programme: Programme, known: Known) -> Iterator[Finding]:
    """Names that nothing has."""
    evaluation = programme.evaluation
    named: list[tuple[str, tuple[str, ...], str, frozenset[str]]] = [
        ("dialogs", programme.dialogs, "dialog", known.dialogs),
        ("plans", programme.plans, "plan", known.plans),
        ("policies", (programme.policies,), "file of ladders", known.policies),
        ("consents", programme.consents, "consent", known.consents),
        ("score_pack", (programme.score_pack,), "score pack", known.score_packs),
    ]
    if evaluation is not None:
        named.append(("evaluation.consent", (evaluation.consent,), "consent", known.consents))
        named.append(("evaluation.instruments", evaluation.instruments, "questionnaire", known.instruments))
    for phase in programme.phases.values():
        path = f"phases.{phase.id}"
        named += [
            (f"{path}.dialogs", phase.dialogs, "dialog", known.dialogs),
            (f"{path}.leaving", (phase.leaving,), "dialog", known.dialogs),
            (f"{path}.plans", phase.plans, "plan", known.plans),
            (f"{path}.entry_date", (phase.entry_date,), "date of a person", known.dates),
            (f"{path}.exit_date", (phase.exit_date,), "date of a person", known.dates),
            (f"{path}.after", phase.after, "phase", frozenset(programme.phases)),
        ]
    for path, words, kind, there in named:
        for word in words:
            if word and word not in there:
                otherwise = "" if there else _NONE_YET.get(kind, "There is none yet: leave the line out.")
                yield Finding(path, f"there is no {kind} '{word}'", did_you_mean(word, there, otherwise))


def _ladders(programme: Programme, known: Known) -> Iterator[Finding]:
    """Ladders have the programme's name, or are the standard ones: so they are found at once.

    Those that somebody made here count whatever the programme says: it may still name the standard ones.
    """
    own = programme.id if programme.id in known.policies else STANDARD
    if programme.policies == STANDARD and programme.id in known.own_policies:
        return
    if programme.policies in known.policies and programme.policies != own:
        what = f"'{programme.policies}' are the ladders of another programme"
        yield Finding("policies", what, f"Write 'policies: {own}'.")


def _beginning(programme: Programme, _: Known) -> Iterator[Finding]:
    """A phase in which everybody begins, and a way into every other one."""
    if not programme.phases:
        return
    reached = {phase.id for phase in programme.phases.values() if phase.entry is Entry.START}
    if not reached:
        yield Finding("phases", "nobody ever begins: no phase is entered with the enrolment", _START)
        return
    for phase in programme.phases.values():
        if phase.entry is Entry.START and phase.after:
            what = f"'{phase.id}' begins with the enrolment and also comes after another phase"
            yield Finding(f"phases.{phase.id}.after", what, "Delete one of the two lines.")
    count = 0
    while count < len(reached):
        count = len(reached)
        reached |= {
            one.id for one in programme.phases.values() if not one.after or reached.intersection(one.after)
        }
    for name in programme.phases.keys() - reached:
        what = f"nobody ever comes into '{name}'"
        yield Finding(f"phases.{name}.after", what, "Name a phase that people come into before.")


def _quiet_phases(programme: Programme, _: Known) -> Iterator[Finding]:
    """Phases in which the person would hear nothing."""
    for phase in programme.phases.values():
        if not (phase.dialogs or phase.plans):
            what = f"in '{phase.id}' nothing is said or asked: it has neither dialogs nor plans"
            yield Finding(f"phases.{phase.id}", what, "Name a dialog, for example dialogs: [open_door].")


def _twice(programme: Programme, _: Known) -> Iterator[Finding]:
    for phase in programme.phases.values():
        for name in sorted(set(phase.plans) & set(programme.plans)):
            what = f"the plan '{name}' runs the whole time already"
            yield Finding(f"phases.{phase.id}.plans", what, "Name it in one of the two places.")


def _limits(programme: Programme, _: Known) -> Iterator[Finding]:
    """Warnings before the limit, in order, and nothing after it."""
    limit = programme.limit
    if limit is None:
        for phase in _proposed(programme):
            what = f"'{phase.id}' is proposed in a month of a programme without limit"
            yield Finding(
                f"phases.{phase.id}.proposed_at", what, "Write 'limit: {months: 24}', or delete it."
            )
        return
    if list(limit.warnings) != sorted(set(limit.warnings)):
        yield Finding("limit.warnings", "the warnings are not in order", "Write the earlier ones first.")
    for month in limit.warnings:
        if month >= limit.months:
            what = f"the warning in month {month} comes when the programme is over"
            yield Finding("limit.warnings", what, f"Warn before month {limit.months}.")
    for phase in _proposed(programme):
        if phase.proposed_at >= limit.months:
            what = f"'{phase.id}' is proposed when the programme is over"
            yield Finding(f"phases.{phase.id}.proposed_at", what, f"Propose it before month {limit.months}.")
    longest, path = _longest(programme)
    if longest > Length(months=limit.months).about_days:
        what = f"the phases take about {longest / 30.44:.0f} months, the programme lasts {limit.months}"
        yield Finding(path, what, "Shorten a phase, or lengthen the programme.")


def _proposed(programme: Programme) -> list[Phase]:
    return [phase for phase in programme.phases.values() if phase.proposed_at]


def _longest(programme: Programme) -> tuple[float, str]:
    """The length in days of the longest way through the phases, and where its last length is written."""

    def days(phase: Phase, seen: frozenset[str]) -> float:
        before = [
            days(programme.phases[name], seen | {name})
            for name in phase.after
            if name in programme.phases and name not in seen
        ]
        own = 0.0 if phase.overlaps else phase.usual.about_days
        return own + max(before, default=0.0)

    found = [(days(phase, frozenset({phase.id})), phase.id) for phase in programme.phases.values()]
    longest, name = max(found, default=(0.0, ""))
    return longest, f"phases.{name}.usual"


def _too_late(programme: Programme, _: Known) -> Iterator[Finding]:
    """Steps of help plans, and measuring points, after the programme's end."""
    limit = programme.limit
    if limit is None:
        return
    end = Length(months=limit.months).about_days
    for name, plan in programme.help_plans.items():
        path = f"help_plans.{name}"
        if plan.review.about_days > end:
            what = f"both look at the help plan '{name}' again when the programme is over"
            yield Finding(f"{path}.review", what, f"Choose a moment before month {limit.months}.")
        for number, goal in enumerate(plan.goals, start=1):
            for count, step in enumerate(goal.steps, start=1):
                if step.due.about_days > end:
                    place = f"{path}.goals.{number}.steps.{count}.due"
                    what = f"a step of '{name}' is due when the programme is over"
                    yield Finding(place, what, f"Choose a moment before month {limit.months}.")
    for number, point in enumerate(programme.evaluation.points if programme.evaluation else (), start=1):
        if point.month is not None and point.month > limit.months:
            what = f"the measuring point '{point.id}' comes when the programme is over"
            yield Finding(f"evaluation.points.{number}.at", what, "Write 'at: end'.")


def _measuring(programme: Programme, _: Known) -> Iterator[Finding]:
    """Measuring points that cannot be told apart, and a consent that nobody is asked for."""
    evaluation = programme.evaluation
    if evaluation is None:
        return
    names = [point.id for point in evaluation.points]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            yield Finding(f"evaluation.points.{number}.id", f"'{name}' is there twice", "Rename one of them.")
    if not names:
        yield Finding("evaluation", "there is no measuring point", "Write below it points: with id and at.")
    if evaluation.consent and evaluation.consent not in programme.consents:
        what = f"the programme never asks for the consent '{evaluation.consent}'"
        yield Finding("evaluation.consent", what, "Add it to 'consents'.")


def _gone(programme: Programme, _: Known) -> Iterator[Finding]:
    """Where the people of phases that are gone go on."""
    for old, new in programme.moved.items():
        if old in programme.phases:
            remedy = "Delete the line, or the phase."
            yield Finding(f"moved.{old}", f"the phase '{old}' is still there", remedy)
        if new and new not in programme.phases:
            remedy = did_you_mean(new, programme.phases)
            yield Finding(f"moved.{old}", f"there is no phase '{new}'", remedy)


def _languages(programme: Programme, _: Known) -> Iterator[Finding]:
    """Titles in every language of the programme; easy language may use the standard one."""
    if "de" not in programme.languages:
        yield Finding("languages", "German is missing", "Write: languages: [de, en].")
    wanted = [language for language in programme.languages if "-" not in language]
    for path, texts in _texts(programme):
        for language in wanted:
            if texts and language not in texts:
                what = f"there is no text in the language '{language}'"
                yield Finding(path, what, f"Write a line '{language}: ...', or leave the language out.")


def _your_coach(programme: Programme, _: Known) -> Iterator[Finding]:
    """How people's texts call their coach."""
    yield from your_coach(programme.your_coach)


def _texts(programme: Programme) -> Iterator[tuple[str, Texts]]:
    yield "title", programme.title
    yield "your_coach", programme.your_coach
    yield from ((f"roles.{role}", texts) for role, texts in programme.roles.items())
    yield from ((f"phases.{phase.id}.title", phase.title) for phase in programme.phases.values())
    for name, plan in programme.help_plans.items():
        path = f"help_plans.{name}"
        yield f"{path}.title", plan.title
        for number, goal in enumerate(plan.goals, start=1):
            yield f"{path}.goals.{number}.title", goal.title
            for count, step in enumerate(goal.steps, start=1):
                yield f"{path}.goals.{number}.steps.{count}.title", step.title


Rule = Callable[[Programme, Known], Iterator[Finding]]
_RULES: tuple[Rule, ...] = (
    _names,
    _ladders,
    _beginning,
    _quiet_phases,
    _twice,
    _limits,
    _too_late,
    _measuring,
    _gone,
    _languages,
    _your_coach,
)
