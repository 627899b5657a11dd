# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The queue, one case with its conversation, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.concerns import Level
from bot.domain.queue_views import LONGEST_NAME, SavedView, Wanted, Whose
from bot.services import case_acts, case_card, console, saved_views, staff_later, staff_pass
from bot.services.canned_replies import replies
from bot.services.case_words import OUTCOMES
from bot.services.handle_concern import STEPS
from bot.services.placement_facts import placement_of
from bot.services.placement_words import for_case
from bot.web.console import wording
from bot.web.console.navigation import QUEUE
from bot.web.console.reader import Reader
from bot.web.console.seat import Did, Form, Page, Seat

HOME = "/console/"
#: What leaves one's hands, and where one goes on after it.
_ENDINGS = frozenset({"pass", "close"})
_FILTERS = ("whose", "level", "state", "language")


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to a part of the queue."""

    label: str
    query: str
    is_here: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Canned:
    """A text that is kept ready: as it would go out, in which language, and what it is in German."""

    name: str
    text: str
    language: str
    german: str


def _queue(seat: Seat) -> Mapping[str, object]:
    return _shown(seat, None)


def _case(seat: Seat) -> Mapping[str, object] | None:
    number = int(seat.whence.path["concern"])
    opened = console.case(seat.uow, seat.guard, seat.staff, number, seat.now, again=seat.is_refresh)
    return _shown(seat, opened) if opened is not None else None


def _shown(seat: Seat, opened: console.Opened | None) -> Mapping[str, object]:
    views = seat.uow.console.views(seat.staff.id)
    wanted, place = _wanted(seat, views), _place(seat)
    hours = seat.rules.hours[seat.staff.agency_id]
    reader = Reader(seat.voice, seat.zone, hours, seat.staff, seat.now)
    found = console.queue(seat.uow, seat.guard, seat.staff, (seat.waiting, wanted, place), seat.now)
    case = _sheet(seat, reader, opened) if opened else {"sheet": None}
    return {
        "rows": reader.rows(found.cases),
        "waiting": len(seat.waiting),
        "query": _query(wanted, views),
        "more": _more(wanted, views, place, found.total),
        "is_narrow": wanted != Wanted(),
        "tabs": [
            Tab(
                seat.voice.say(label),
                _query(replace(wanted, whose=whose), views),
                whose is wanted.whose,
                found.counts.get(whose, 0),
            )
            for whose, label in wording.WHOSE.items()
        ],
        "filters": _filters(seat, wanted, found.languages),
        "wanted": wanted,
        "views": views,
        "most_letters": LONGEST_NAME,
        **case,
    }


def _wanted(seat: Seat, views: list[SavedView]) -> Wanted:
    query = seat.whence.query
    saved = next((one.wanted for one in views if str(one.id) == query.get("view")), None)
    if saved is not None:
        return saved
    return Wanted.read(query) if any(name in query for name in _FILTERS) else saved_views.beginning(views)


def _place(seat: Seat) -> int:
    place = seat.whence.query.get("place", "")
    return min(int(place), 100_000) if place.isascii() and place.isdecimal() and len(place) < 7 else 0


def _query(wanted: Wanted, views: list[SavedView], **more: int) -> str:
    """How an address ends that leads there. All is only named where somebody begins with less."""
    parts = [wanted.query] if wanted.query else []
    if not parts and any(one.is_default for one in views):
        parts.append(f"whose={Whose.ALL}")
    parts += [f"{name}={value}" for name, value in more.items()]
    return f"?{'&'.join(parts)}" if parts else ""


def _more(wanted: Wanted, views: list[SavedView], place: int, total: int) -> tuple[int, str] | None:
    left = total - place - console.SHOWN
    return (left, _query(wanted, views, place=place + console.SHOWN)) if left > 0 else None


def _filters(
    seat: Seat, wanted: Wanted, languages: tuple[str, ...]
) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """(field, label, what is chosen, choices), each choice as (value, label)."""
    say = seat.voice.say
    levels = [(level.value, say(label)) for level, label in wording.LEVELS.items() if level is not Level.R0]
    states = [(state.value, say(label)) for state, label in wording.STATES.items()]
    tongues = [(tag, seat.voice.language_name(tag) or tag) for tag in languages]
    return [
        ("level", say("Stufe"), wanted.level or "", levels),
        ("state", say("Status"), wanted.state or "", states),
        ("language", say("Sprache der Person"), wanted.language, tongues),
    ]


def _sheet(seat: Seat, reader: Reader, opened: console.Opened) -> Mapping[str, object]:
    concern, say = opened.case.concern, seat.voice.say
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    above, below = case_card.levels_beside(concern)
    about = placement_of(seat.uow, seat.rules, concern, seat.now)
    return {
        "sheet": reader.sheet(opened, names),
        "placement": for_case(seat.voice, *about) if about else "",
        "steps": [(code, say(label)) for code, (label, _) in STEPS.items()],
        "outcomes": [(one.value, say(OUTCOMES[one])) for one in concern.outcomes],
        "moments": [
            (code, say(label)) for label, code in staff_later.moments(seat.now, seat.zone, concern.level)
        ],
        "levels": [(level.value, say(wording.LEVELS[level])) for level in reversed([*below, *above])],
        "receivers": _receivers(seat),
        "canned": _canned(seat, opened.case.participant.language) if concern.is_open else {},
        "may_reopen": case_card.is_recent(seat.uow, concern, seat.now),
    }


def _receivers(seat: Seat) -> list[tuple[int, str]]:
    team = seat.guard.team
    return [
        (person.id, staff_pass.named(seat.voice, team, seat.staff, person))
        for person in staff_pass.receivers(team, seat.staff)
    ]


def _canned(seat: Seat, language: str) -> dict[str, Canned]:
    """The texts that are kept ready, in the person's language where there is one."""
    tag = language.partition("-")[0]
    found = replies(seat.uow, seat.rules, seat.staff.agency_id)
    return {
        name: Canned(
            name,
            one.texts.get(tag, one.german),
            seat.voice.language_name(tag if tag in one.texts else "de"),
            one.german,
        )
        for name, one in found.items()
    }


def _act(action: str, seat: Seat, form: Form) -> Did | None:
    """Do one thing with a case; None if there is no such case for this staff member."""
    number = int(seat.whence.path["concern"])
    order = number, action, form
    done = case_acts.act(seat.uow, seat.rules, seat.whence.account, order, seat.now)
    if done is None:
        return None
    views = seat.uow.console.views(seat.staff.id)
    query = _query(_wanted(seat, views), views)
    ends = action in _ENDINGS and done.receipt.changed
    return Did(done.said, f"{HOME}{'' if ends else number}{query}", done.faults, done.receipt)


def _save(seat: Seat, form: Form) -> Did:
    new = form.get("name", ""), Wanted.read(form), form.get("begin") == "yes"
    fault = saved_views.save(seat.uow, seat.staff, seat.voice, new)
    if fault:
        return Did(faults={"name": fault})
    query = _query(new[1], seat.uow.console.views(seat.staff.id))
    return Did((seat.voice.say("Die Ansicht ist gespeichert."),), f"{HOME}{query}")


def _drop(seat: Seat, form: Form) -> Did | None:
    number = form.get("view", "")
    if not number.isdecimal() or not seat.uow.console.drop_view(seat.staff.id, int(number[:18])):
        return None
    return Did((seat.voice.say("Die Ansicht ist gelöscht."),), HOME)


def _begin(seat: Seat, form: Form) -> Did | None:
    number = form.get("view", "")
    if not number.isdecimal() or not saved_views.begin_with(seat.uow, seat.staff, int(number[:18])):
        return None
    return Did((seat.voice.say("Damit beginnen Sie ab jetzt."),), HOME)


PAGES = (
    Page(
        HOME,
        "queue.html",
        QUEUE,
        _queue,
        needs=None,
        acts={"view_save": _save, "view_drop": _drop, "view_begin": _begin},
    ),
    Page(
        "/console/{concern:int}",
        "queue.html",
        QUEUE,
        _case,
        needs=None,
        acts={action: partial(_act, action) for action in case_acts.ACTIONS},
    ),
)
