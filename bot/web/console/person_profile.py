# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person shows of their own view and of licensed scores. Whether there is more, only they know."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.profiles import LicensedScore, Profile
from bot.services import profile_view, restrict
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.profile_words import AREAS, band_of, fixed_sentence, rows, score_value
from bot.web.console.person_head import PROFILE, Opened, page
from bot.web.console.seat import Did, Form, Page, Seat
from bot.web.profile_bars import Bar, draw
from dialogs.own_words import pick


def _profile(seat: Seat, found: Opened) -> Mapping[str, object]:
    if restrict.is_restricted(seat.uow, found.person.id):
        return {"profile": None, "scores": []}
    shared = profile_view.shared(seat.uow, found.person)
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    return {
        "profile": _newest(seat, shared.profiles),
        "scores": [_score(seat, one, shared, names) for one in reversed(shared.scores)],
    }


def _newest(seat: Seat, profiles: tuple[Profile, ...]) -> dict[str, object] | None:
    if not profiles:
        return None
    newest, before = profiles[-1], profiles[-2] if len(profiles) > 1 else None
    told = rows(seat.voice, newest, before)
    return {
        "day": seat.day(newest.at),
        "before": seat.day(before.at) if before else "",
        "svg": draw([Bar(row.label, row.told, row.value, row.before) for row in told]),
        "rows": told,
        "first": seat.voice.say(AREAS[newest.first]) if newest.first else "",
        "days": [seat.day(one.at) for one in profiles],
        "table": [
            (seat.voice.say(label), [one.values.get(area) for one in profiles])
            for area, label in AREAS.items()
        ],
    }


def _score(
    seat: Seat, score: LicensedScore, shared: profile_view.Shared, names: Mapping[int, str]
) -> dict[str, object]:
    language = seat.staff.language
    pack = seat.rules.score_packs.get(score.pack)
    is_same = pack is not None and pack.version == score.version
    return {
        "id": score.id,
        "title": (pick(pack.title, language) if pack else "") or score.pack,
        "day": seat.day(score.at),
        "value": score_value(score, language),
        "band": band_of(score, pack, language),
        "version": score.version,
        "source": pack.source if pack and is_same else "",
        "validity": pick(pack.validity, language) if pack and is_same else "",
        "fixed": fixed_sentence(language),
        "is_demonstration": pack is not None and pack.is_demonstration,
        "judgements": [
            (seat.moment(one.at), names.get(one.staff_id, ""), one.words)
            for one in shared.judgements.get(score.id, ())
        ],
    }


def _judge(desk: Desk, found: Opened, form: Form) -> Did:
    number = form.get("score", "")
    try:
        score_id = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
        profile_view.judge(desk, found.person, score_id, form.get("words", ""))
    except EntryFault as fault:
        return Did(faults={f"words-{number}": fault.say(desk.voice)})
    return Did((desk.voice.say("Gespeichert."),))


def _offer(desk: Desk, found: Opened, form: Form) -> Did:
    del form
    telling = profile_view.offer(desk, found.person)
    return Did((desk.voice.say(telling.value),))


PAGES: tuple[Page, ...] = (
    page(
        PROFILE,
        "profile.html",
        _profile,
        {"judge": (Action.WRITE_NOTE, _judge), "offer": (Action.CHANGE_PLAN, _offer)},
    ),
)
