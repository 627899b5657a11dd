# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Install a programme in an agency, and put another version in force while people are in it.

Every version is kept. What an upgrade changes for whom is told before; people keep their phase, and a phase
that is gone needs a place where its people go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.consent import Purpose
from bot.domain.editions import Origin
from bot.domain.enrolments import Enrolment, Move, PhaseEvent, ProgrammeEdition, current
from bot.domain.ledger_chain import COMMAND
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import change_plans
from bot.services.person_dates import SAID
from bot.services.programme_tasks import watch
from bot.services.publish import in_force as dialogs_in_force
from bot.services.rulebook import Rulebook
from dialogs.check_programme import Known, check_programme
from dialogs.model import Position
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError, Problem, did_you_mean
from dialogs.programme_changes import Changed, changes
from dialogs.programme_model import Programme
from dialogs.shipped import shipped_programmes


@dataclass(frozen=True, slots=True)
class Concerned:
    """One change, and the case codes of the people whom it concerns today."""

    change: Changed
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlansOf:
    """What becomes of a person's plans."""

    case_code: str
    comes: tuple[str, ...]
    goes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What another version would change. `stuck` says what must be mended before it can be put in force."""

    programme: Programme
    people: int
    changes: tuple[Concerned, ...]
    plans: tuple[PlansOf, ...]
    stuck: tuple[Problem, ...]


def known(uow: UnitOfWork, rules: Rulebook, agency_id: int) -> Known:
    """What a programme of this agency may name."""
    ladders = frozenset(rules.ladders.own(uow, agency_id))
    return Known(
        dialogs=frozenset(dialogs_in_force(uow)),
        plans=frozenset(rules.plans.in_force(uow, agency_id).check_ins),
        policies=ladders | frozenset(rules.own_policies),
        own_policies=ladders,
        consents=frozenset(purpose.value for purpose in Purpose),
        dates=frozenset(SAID),
        instruments=frozenset(rules.book.packs),
        score_packs=frozenset(rules.score_packs),
    )


def read(uow: UnitOfWork, rules: Rulebook, agency_id: int, source: str, filename: str) -> Programme:
    """The programme of a file. Raises `DialogError` with everything that must be mended."""
    programme = parse_programme(source, filename)
    problems = check_programme(programme, known(uow, rules, agency_id))
    if problems:
        raise DialogError(problems)
    return programme


def install(
    uow: UnitOfWork,
    rules: Rulebook,
    agency_id: int,
    file: tuple[str, str],
    now: datetime,
    actor: str = COMMAND,
) -> tuple[ProgrammeEdition, bool]:
    """Put the first version of a programme in force: `file` is its text and its name.

    Returns what is in force and whether it is new; for a programme that is installed already, that one and
    False, whatever the file says: another version is `upgrade`'s. Raises `DialogError`.
    """
    uow.ledger.lock_publishing()
    programme = read(uow, rules, agency_id, *file)
    version = uow.programmes.versions_in_force(agency_id).get(programme.id, 0)
    edition = uow.programmes.edition(agency_id, programme.id, version)
    if edition is not None:
        return edition, False
    return _publish(uow, (agency_id, programme, 1), file[0], (now, actor)), True


def upgrade(
    uow: UnitOfWork,
    rules: Rulebook,
    agency_id: int,
    file: tuple[str, str],
    now: datetime,
    actor: str = COMMAND,
) -> tuple[ProgrammeEdition, bool]:
    """Put another version in force and apply it to everybody in the programme, all or nothing.

    Whose plans are theirs is brought in line by the worker. Returns as `install`; False if the file says what
    is in force already. Raises `NotFound` if the programme is not installed, and `DialogError`.
    """
    uow.ledger.lock_publishing()
    explained = explain(uow, rules, agency_id, file)
    if explained.stuck:
        raise DialogError(explained.stuck)
    new = explained.programme
    forced = _forced(uow, agency_id, new.id)
    if forced.digest == _digest(file[0]):
        return forced, False
    edition = _publish(uow, (agency_id, new, forced.version + 1), file[0], (now, actor))
    going_on = uow.programmes.open_in(agency_id, new.id)
    history = uow.programmes.history([one.id for one in going_on])
    for one in going_on:
        uow.plans.lock(one.participant_id)
        _move_on(uow, (one, history.get(one.id, [])), (new, edition.version), (now, actor))
        uow.outbox.post(watch(uow, rules, replace(one, version=edition.version), now), now)
    change_plans.begin_anew(uow, agency_id, now)
    return edition, True


def explain(uow: UnitOfWork, rules: Rulebook, agency_id: int, file: tuple[str, str]) -> Explained:
    """What would change for whom if this file were in force. Raises `NotFound` and `DialogError`."""
    forced = _forced(uow, agency_id, parse_programme(*file).id)
    new = read(uow, rules, agency_id, *file)
    old = rules.programmes.version(uow, agency_id, new.id, forced.version)
    if old is None:
        raise NotFound(f"the version {forced.version} of '{new.id}' cannot be read by this program")
    going_on = uow.programmes.open_in(agency_id, new.id)
    history = uow.programmes.history([one.id for one in going_on])
    inside = {one.participant_id: frozenset(current(history.get(one.id, ()))) for one in going_on}
    codes = {n: p.case_code for n, p in uow.people.participants_by(list(inside)).items()}
    found = [
        Concerned(change, tuple(codes[n] for n, phases in inside.items() if _concerns(change, phases)))
        for change in changes(old, new)
    ]
    return Explained(
        new, len(inside), tuple(found), tuple(_plans(old, new, inside, codes)), _stuck(new, inside)
    )


def _plans(
    old: Programme, new: Programme, inside: Mapping[int, frozenset[str]], codes: Mapping[int, str]
) -> list[PlansOf]:
    found = []
    for number, phases in inside.items():
        before, after = old.plans_in(phases), new.plans_in(_mapped(new, phases))
        if before != after:
            found.append(PlansOf(codes[number], tuple(sorted(after - before)), tuple(sorted(before - after))))
    return found


def _mapped(new: Programme, phases: frozenset[str]) -> frozenset[str]:
    return frozenset(name if name in new.phases else new.moved.get(name, name) for name in phases)


def _concerns(change: Changed, phases: frozenset[str]) -> bool:
    return not change.phase or change.phase in phases


def _stuck(new: Programme, inside: Mapping[int, frozenset[str]]) -> tuple[Problem, ...]:
    """Phases that are gone with people in them, and nothing says where they go on."""
    at = new.positions.get("phases", Position(1, 1))
    problems = []
    homeless = {name for phases in inside.values() for name in phases if name not in new.phases}
    for name in sorted(name for name in homeless if not new.moved.get(name)):
        number = sum(name in phases for phases in inside.values())
        what = f"the phase '{name}' is gone, and {number} people are in it"
        remedy = f"Write below 'moved:' where they go on, for example {name}: {next(iter(new.phases))}."
        problems.append(Problem(new.file, at.line, at.column, what, remedy, "gone"))
    return tuple(problems)


def _move_on(
    uow: UnitOfWork,
    whose: tuple[Enrolment, list[PhaseEvent]],
    to: tuple[Programme, int],
    by: tuple[datetime, str],
) -> None:
    (one, history), (new, version), (now, actor) = whose, to, by
    inside = frozenset(current(history))
    events = [PhaseEvent(one.id, now, Move.UPGRADE, "", actor)]
    gone = [name for name in inside if name not in new.phases]
    events += [PhaseEvent(one.id, now, Move.LEAVE, name, actor) for name in gone]
    events += [
        PhaseEvent(one.id, now, Move.ENTER, name, actor) for name in sorted(_mapped(new, inside) - inside)
    ]
    uow.programmes.add_events(one.agency_id, one.participant_id, events)
    uow.programmes.save(replace(one, version=version))


def _forced(uow: UnitOfWork, agency_id: int, name: str) -> ProgrammeEdition:
    there = uow.programmes.versions_in_force(agency_id)
    edition = uow.programmes.edition(agency_id, name, there.get(name, 0))
    if edition is None:
        remedy = did_you_mean(name, there, f"Install it first: lotse programme install {name}")
        raise NotFound(f"the programme '{name}' is not installed here. {remedy}")
    return edition


def _publish(
    uow: UnitOfWork, what: tuple[int, Programme, int], source: str, by: tuple[datetime, str]
) -> ProgrammeEdition:
    (agency_id, programme, version), (now, actor) = what, by
    origin = Origin.SHIPPED if source in shipped_programmes().values() else Origin.ADMIN
    edition = ProgrammeEdition(agency_id, programme.id, version, _digest(source), source, origin, now)
    uow.programmes.publish(edition)
    uow.ledger.note(agency_id, now, actor, "programme_published", f"{programme.id}:{version}")
    return edition


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
