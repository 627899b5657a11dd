# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The measuring points of an enrolment: their windows, their rows, and one timer for what comes next.

What opens, closes or ends is reckoned from the programme's file each time; only points whose window has
opened while the person agreed to the evaluation have a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.consent import Consents
from bot.domain.enrolments import Enrolment, current, months_later
from bot.domain.measuring import WINDOW, MeasuringPoint, Window
from bot.domain.scores import ScoreRecord
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from dialogs.instruments import NotComputable, Pack, Score
from dialogs.programme_model import Evaluation, Programme
from scheduler.local_time import at_wall, local

TIMER_KIND = "measuring"
#: When a point opens on its day, by the agency's clock.
_OPENS = time(10)
_DAY = timedelta(days=1)


def timer_key(enrolment_id: int) -> str:
    """The one timer of an enrolment's measuring points."""
    return f"measuring:{enrolment_id}"


def evaluated(uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment) -> tuple[Programme, Evaluation] | None:
    """The programme of an enrolment with its evaluation; None if it has none."""
    programme = rules.programmes.of(uow, enrolment)
    if programme is None or programme.evaluation is None:
        return None
    return programme, programme.evaluation


def windows(
    uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, programme: Programme
) -> dict[str, Window]:
    """When each point may be answered, as far as can be known now; by its name, in the file's order.

    A point so many months after the beginning: four weeks from its day on. That of the start begins on the
    day after. The last one: the four weeks before the end, and from the day the coach expects that on.
    """
    zone = rules.hours[enrolment.agency_id].zone
    began = local(enrolment.began_at, zone).date()
    found: dict[str, Window] = {}
    for point in programme.evaluation.points if programme.evaluation else ():
        if point.month is None:
            window = _last(uow, enrolment, programme, zone)
        else:
            day = months_later(began, point.month) if point.month else began + _DAY
            window = _from_day(day, zone)
        if window is not None:
            found[point.id] = window
    return found


def open_rows(
    uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, evaluation: Evaluation, at: datetime
) -> list[MeasuringPoint]:
    """The rows of the points whose window is open, made where they were not there yet.

    Of a new row the first answers since its window opened count.
    """
    programme = rules.programmes.of(uow, enrolment)
    known = {(row.point, row.instrument): row for row in uow.casework.measuring.of_enrolment(enrolment.id)}
    found = []
    for point, window in windows(uow, rules, enrolment, programme).items() if programme else ():
        is_last = enrolment.ended_at is not None and window.closes == enrolment.ended_at
        if not (window.has(at) or is_last):
            continue
        for instrument in evaluation.instruments:
            row = known.get((point, instrument)) or _new(uow, enrolment, (point, instrument), window, at)
            found.append(_with_earlier(uow, row, rules.book.packs.get(row.instrument)))
    return found


def wait(
    uow: UnitOfWork,
    rules: Rulebook,
    enrolment: Enrolment,
    now: datetime,
    *,
    again: datetime | None = None,
    is_looked_at: bool = False,
) -> None:
    """Set the timer for the next moment at which something may be to ask; none if there is none.

    Until it was looked at, an open window is such a moment: `is_looked_at` is after that, and `again` when
    to look once more.
    """
    found = evaluated(uow, rules, enrolment) if enrolment.is_open else None
    moments = [again] if again is not None else []
    if found is not None:
        rows = uow.casework.measuring.of_enrolment(enrolment.id)
        done = {row.point for row in rows if row.asked_at is not None or row.run_id is not None}
        for point, window in windows(uow, rules, enrolment, found[0]).items():
            if window.opens > now:
                moments.append(window.opens)
            elif window.has(now) and not is_looked_at and point not in done:
                moments.append(now)
    key = timer_key(enrolment.id)
    if moments:
        uow.timers.set(enrolment.agency_id, TIMER_KIND, enrolment.id, min(moments), key)
    else:
        uow.timers.cancel(key)


def wait_for(uow: UnitOfWork, rules: Rulebook, participant_id: int, now: datetime) -> None:
    """The same for all that a person is in: a consent, a phase or a programme's version has changed."""
    for enrolment in uow.programmes.of_participant(participant_id):
        if enrolment.is_open and evaluated(uow, rules, enrolment) is not None:
            wait(uow, rules, enrolment, now)


def look_back(uow: UnitOfWork, enrolment: Enrolment, now: datetime) -> None:
    """The enrolment has ended: what was answered in its last weeks is looked for once more."""
    uow.timers.set(enrolment.agency_id, TIMER_KIND, enrolment.id, now, timer_key(enrolment.id))


def answered(
    uow: UnitOfWork,
    rules: Rulebook,
    whose: tuple[int, Consents],
    run: tuple[int, Score | NotComputable],
    now: datetime,
) -> None:
    """A questionnaire was answered, whoever began it: it counts for the points that are open for it.

    `whose` is the person's number and what they agree to, `run` the conversation and the newest score of it,
    which is kept already. One in which a part of the questionnaire was asked is no answer, nor is one in
    which every question was skipped.
    """
    conversation_id, score = run
    instrument = score.rule.partition(".")[0]
    pack = rules.book.packs.get(instrument)
    for row in uow.casework.measuring.of_participant(whose[0]):
        if row.instrument != instrument or not row.is_open(now) or pack is None:
            continue
        counted = _counted(uow, conversation_id, now)
        is_answer = _is_whole(pack, counted) and not _is_all_skipped(pack, counted)
        if is_answer and _agreed(uow, rules, row, whose[1]):
            uow.casework.measuring.save(replace(row, run_id=conversation_id, answered_at=now))


def _counted(uow: UnitOfWork, conversation_id: int, now: datetime) -> Sequence[ScoreRecord]:
    """All scores of a conversation up to this moment."""
    until = now + timedelta(microseconds=1)
    return uow.casework.measuring.scores((conversation_id,), until).get(conversation_id, ())


def _is_whole(pack: Pack, counted: Sequence[ScoreRecord]) -> bool:
    """Whether every rule of the questionnaire was counted: check-ins may ask some of its questions alone."""
    return {f"{pack.id}.{rule}" for rule in pack.rules} <= {one.rule for one in counted}


def _is_all_skipped(pack: Pack, counted: Sequence[ScoreRecord]) -> bool:
    known = {f"{pack.id}.{name}": len(rule.weights) for name, rule in pack.rules.items()}
    own = [one for one in counted if one.rule in known]
    return all(one.value is None and len(one.items) >= known[one.rule] for one in own)


def _agreed(uow: UnitOfWork, rules: Rulebook, row: MeasuringPoint, consents: Consents) -> bool:
    enrolment = uow.programmes.enrolment(row.enrolment_id)
    found = evaluated(uow, rules, enrolment) if enrolment is not None else None
    return found is not None and consents.get(found[1].consent, False)


def _new(
    uow: UnitOfWork, enrolment: Enrolment, what: tuple[str, str], window: Window, now: datetime
) -> MeasuringPoint:
    whose = (enrolment.agency_id, enrolment.participant_id, enrolment.id)
    new = MeasuringPoint(0, *whose, *what, window.opens, window.closes, now)
    return replace(new, id=uow.casework.measuring.add(new) or 0)


def _with_earlier(uow: UnitOfWork, row: MeasuringPoint, pack: Pack | None) -> MeasuringPoint:
    if row.run_id is not None or pack is None:
        return row
    runs = uow.casework.measuring.runs(row.participant_id, row.instrument, row.opens_at, row.closes_at)
    whole = ((run, at) for run, at in runs if _is_whole(pack, _counted(uow, run, row.closes_at)))
    for run, at in islice(whole, 1):
        row = replace(row, run_id=run, answered_at=at)
        uow.casework.measuring.save(row)
    return row


def _last(uow: UnitOfWork, enrolment: Enrolment, programme: Programme, zone: ZoneInfo) -> Window | None:
    if enrolment.ended_at is not None:
        return Window(max(enrolment.ended_at - WINDOW, enrolment.began_at), enrolment.ended_at)
    day = min(_last_days(uow, enrolment, programme, zone), default=None)
    if day is None:
        return None
    return _from_day(max(day - WINDOW, local(enrolment.began_at, zone).date() + _DAY), zone)


def _last_days(uow: UnitOfWork, enrolment: Enrolment, programme: Programme, zone: ZoneInfo) -> Iterator[date]:
    """When the programme is expected to end: by its limit, and by the phase that says goodbye."""
    if programme.limit is not None:
        yield months_later(local(enrolment.began_at, zone).date(), programme.limit.months)
    history = uow.programmes.history([enrolment.id]).get(enrolment.id, [])
    inside: Mapping[str, datetime] = current(history)
    for name, entered in inside.items():
        phase = programme.phases.get(name)
        if phase is not None and phase.leaving:
            day = local(entered, zone).date()
            over = months_later(day, phase.usual.months) + timedelta(days=phase.usual.days)
            yield max(over, day + WINDOW + _DAY)


def _from_day(day: date, zone: ZoneInfo) -> Window:
    opens = at_wall(day, _OPENS, zone)
    return Window(opens, opens + WINDOW)
