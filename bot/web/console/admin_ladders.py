# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ladders: whom Lotse calls one after the other. Changed in a form or as text, shown before they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.access import Action
from bot.domain.editions import Origin
from bot.domain.escalation import MOST_REPEATS, Drafts, LadderEdition
from bot.errors import NotFound
from bot.services import change_ladders
from bot.services.change_ladders import Ladders
from bot.services.policies import STANDARD, read_drafts
from bot.services.write_ladders import write_drafts
from bot.texts import mark
from bot.web.console import ladder_form, ladder_words
from bot.web.console.admin_programmes import ORIGINS
from bot.web.console.admin_tabs import tabs
from bot.web.console.ladder_form import MOST_RUNGS, TypedLadder
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat
from bot.web.console.wording import LEVELS
from dialogs.problems import DialogError

PATH = "/console/admin/ladders"
_MUST_MEND = mark("So geht es nicht. Es hat sich nichts geändert.")
_AT_FIELDS = mark("So geht es nicht. Es hat sich nichts geändert. Was fehlt, steht an den Feldern.")
_UNITS = (("minute", mark("Minuten")), ("hour", mark("Stunden")), ("day", mark("Tage (je 24 Stunden)")))
_CLOCKS = (("working", mark("in der Arbeitszeit")), ("wall", mark("nach der Uhr, auch nachts")))
_SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Explained:
    """What another text would change. `loses_words`: explanations in the text would be gone."""

    source: str
    seen: int
    changes: Sequence[tuple[str, str, str]]
    is_same: bool
    loses_words: bool


def _list(seat: Seat) -> Mapping[str, object]:
    agency_id = seat.staff.agency_id
    used = change_ladders.used_by(seat.uow, seat.rules, agency_id)
    names = change_ladders.names(seat.uow, seat.rules, agency_id)
    sets = [change_ladders.in_force(seat.uow, seat.rules, agency_id, name) for name in names]
    return {
        "tabs": tabs(seat.voice, "programmes"),
        "standard": STANDARD,
        "rows": [(one, _since(seat, one), used.get(one.name, [])) for one in sets],
        "ladders": [
            (one.name, ladder_words.rungs_words(seat.voice, one.drafts())) for one in sets if not one.borrows
        ],
    }


def _since(seat: Seat, ladders: Ladders) -> str:
    """Since when it is as it is, and by whom."""
    edition = ladders.edition
    if edition is None:
        return seat.voice.say(ORIGINS[Origin.SHIPPED])
    return f"{seat.moment(edition.published_at)} · {_by(seat, edition)}"


def _by(seat: Seat, edition: LadderEdition) -> str:
    kind, _, number = edition.actor.partition(":")
    staff = seat.uow.people.staff(int(number)) if kind == "staff" else None
    who = staff.name if staff else seat.voice.say("auf dem Server")
    return f"{who}, {seat.voice.say(ORIGINS[edition.origin])}" if edition.origin is Origin.SHIPPED else who


def _forced(seat: Seat) -> Ladders | None:
    name = str(seat.whence.path["name"])
    try:
        return change_ladders.in_force(seat.uow, seat.rules, seat.staff.agency_id, name)
    except NotFound:
        return None


def _one(seat: Seat) -> Mapping[str, object] | None:
    forced = _forced(seat)
    if forced is None:
        return None
    voice, drafts = seat.voice, forced.drafts()
    editions = seat.uow.casework.ladders.editions(seat.staff.agency_id, forced.name)
    used = change_ladders.used_by(seat.uow, seat.rules, seat.staff.agency_id)
    return {
        "tabs": tabs(voice, "programmes"),
        "ladders": forced,
        "since": _since(seat, forced),
        "programmes": used.get(forced.name, []),
        "source": forced.source,
        "versions": [(one, seat.moment(one.published_at), _by(seat, one)) for one in reversed(editions)],
        "form": ladder_form.typed_as(drafts) if _has_room(drafts) else None,
        "has_words": _has_words(forced.source),
        "previews": ladder_words.previews(seat, drafts),
        "explained": None,
        "problems": (),
        "labels": {level: voice.say(label) for level, label in LEVELS.items()},
        "targets": [(target.value, voice.say(label)) for target, label in ladder_words.TARGETS.items()],
        "ways": [(way.value, voice.say(label)) for way, label in ladder_words.WAYS.items()],
        "units": [(unit, voice.say(label)) for unit, label in _UNITS],
        "clocks": [(clock, voice.say(label)) for clock, label in _CLOCKS],
        "times": range(1, MOST_REPEATS + 1),
        "most_rungs": MOST_RUNGS,
    }


def _has_room(drafts: Drafts) -> bool:
    return all(len(draft.repeats) <= MOST_RUNGS for draft in drafts.values())


def _has_words(source: str) -> bool:
    return any(line.lstrip().startswith("#") for line in source.splitlines())


def _fields(seat: Seat, form: Form) -> Did | None:
    """A button of the form: one rung more or less changes nothing yet; else what it says is explained."""
    forced = _forced(seat)
    if forced is None:
        return None
    typed = ladder_form.typed_from(form)
    what, _, where = form.get("do", "").partition(":")
    if what == "add":
        return _redrawn(ladder_form.with_rung(typed, where))
    if what == "drop":
        return _redrawn(ladder_form.without_rung(typed, *where.partition("-")[::2]))
    drafts, seen = ladder_form.understood(seat.voice, typed)
    if drafts is None:
        return Did(faults={"fields": seat.voice.say(_AT_FIELDS)}, once={"form": seen})
    is_same = drafts == ladder_form.in_order(forced.drafts())
    source = forced.source if is_same else write_drafts(drafts)
    did = _explained(seat, forced, source)
    return replace(did, once={**did.once, "form": seen})


def _redrawn(typed: tuple[TypedLadder, ...]) -> Did:
    return Did(once={"form": typed, "redrawn": True})


def _explain(seat: Seat, form: Form) -> Did | None:
    forced = _forced(seat)
    return _explained(seat, forced, form.get("source", "")) if forced else None


def _version(seat: Seat, form: Form) -> Did | None:
    """What an old version, or what comes along, would change."""
    forced, wanted = _forced(seat), form.get("version", "")
    if forced is None:
        return None
    if wanted == _SHIPPED:
        return _explained(seat, forced, seat.rules.ladder_texts.get(forced.name, ""))
    editions = seat.uow.casework.ladders.editions(seat.staff.agency_id, forced.name)
    sources = {str(one.version): one.source for one in editions}
    return _explained(seat, forced, sources[wanted]) if wanted in sources else None


def _explained(seat: Seat, forced: Ladders, source: str) -> Did:
    """What a text would change; an empty one is as the standard is."""
    standard = change_ladders.in_force(seat.uow, seat.rules, seat.staff.agency_id, STANDARD)
    text = source or standard.source
    try:
        drafts = read_drafts(text, forced.name)
    except DialogError as error:
        said = seat.voice.say(_MUST_MEND)
        return Did(faults={"source": said}, once={"problems": error.problems})
    told = Explained(
        source,
        forced.version,
        ladder_words.changes(seat.voice, forced.drafts(), drafts),
        is_same=text == forced.source,
        loses_words=_has_words(forced.source) and not _has_words(text),
    )
    shown = {
        "explained": told,
        "typed": {"source": text},
        "form": ladder_form.typed_as(drafts) if _has_room(drafts) else None,
        "previews": ladder_words.previews(seat, drafts),
    }
    return Did(once=shown)


def _upgrade(seat: Seat, form: Form) -> Did | None:
    """Put the text in force that was explained, unless a colleague was faster."""
    forced, source = _forced(seat), form.get("source", "")
    if forced is None:
        return None
    did = _explained(seat, forced, source)
    if did.faults:
        return did
    if form.get("seen") != str(forced.version):
        who = _by(seat, forced.edition) if forced.edition else ""
        said = seat.voice.say(
            "Gerade hat {name} Fassung {version} in Kraft gesetzt. Bitte sehen Sie noch einmal hin.",
            name=who,
            version=forced.version,
        )
        return replace(did, said=(said,))
    version, is_new = change_ladders.publish(
        seat.uow, seat.rules, (seat.staff.agency_id, forced.name), source, seat.now, seat.actor
    )
    if not is_new:
        return Did((seat.voice.say("Genau so gilt es schon."),))
    return Did((seat.voice.say("Fassung {version} gilt jetzt.", version=version),))


PAGES = (
    Page(PATH, "admin_ladders.html", ADMIN, _list, needs=Action.MANAGE_TEXTS),
    Page(
        f"{PATH}/{{name}}",
        "admin_ladder.html",
        ADMIN,
        _one,
        needs=Action.MANAGE_TEXTS,
        acts={"fields": _fields, "explain": _explain, "version": _version, "upgrade": _upgrade},
    ),
)
