# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person does with their profile in the dialog: fill it in, look at it, share it, take it back.

None of it raises a concern, sets a timer or writes to the audit log: that would tell that there is a profile.
Only sharing tells somebody, and says no word of what is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from bot.domain.messages import Body, DataClass, Kind
from bot.domain.profiles import (
    HIGHEST,
    LOWEST,
    PROFILE_DIALOG,
    Area,
    Profile,
    SharingEvent,
    shared_after,
)
from bot.services.own_page import offer_own_page
from bot.services.profile_facts import newest
from bot.services.profile_words import score_written, written
from bot.services.programme_tasks import who_is_asked
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import Value

#: More than anybody fills in.
_ALL = 10_000


def tell_shared(visit: Visit) -> None:
    """Whoever looks after the person hears that there is something to see, and no word of what."""
    case = visit.participant.case_code
    people = who_is_asked(visit.uow, visit.rules, visit.participant, visit.now)
    for draft in notices(
        visit.uow,
        visit.rules,
        people,
        lambda voice: voice.say(
            "Fall {case}: Die Person möchte Ihnen etwas zeigen. Es steht in der Konsole unter „Profil“.",
            case=case,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def _done(visit: Visit, value: Value) -> None:
    """Keep what was answered in this conversation, and show it to the person."""
    conversation = visit.conversation
    if value is not True or conversation is None:
        return
    values = _answered(visit, conversation.id)
    if not values:
        return
    visit.uow.casework.profiles.keep(
        Profile(0, visit.agency.id, visit.participant.id, conversation.id, visit.now, values)
    )
    kept = visit.uow.casework.profiles.of_participant(visit.participant.id, 2)
    _say(visit, [written(visit.voice, kept[-1], kept[0] if len(kept) > 1 else None)])


def _answered(visit: Visit, conversation_id: int) -> dict[Area, int]:
    """The last answer to each question: whoever went back answered once more, or left it out after all."""
    found: dict[Area, int] = {}
    for one in visit.uow.talks.answers(visit.participant.id):
        if (one.conversation_id, one.dialog) != (conversation_id, PROFILE_DIALOG) or one.key not in set(Area):
            continue
        area = Area(one.key)
        value = None if one.value is None else msgspec.json.decode(one.value)
        if type(value) is int and LOWEST <= value <= HIGHEST:
            found[area] = value
        else:
            found.pop(area, None)
    return found


def _show(visit: Visit, value: Value) -> None:
    """The newest profile with the one before it, and the newest result, where the channel may carry it."""
    person = visit.participant.id
    kept = visit.uow.casework.profiles.of_participant(person, 2)
    texts = [written(visit.voice, kept[-1], kept[0] if len(kept) > 1 else None)] if kept else []
    for score in visit.uow.casework.profiles.scores(person, 1):
        pack = visit.rules.score_packs.get(score.pack)
        if pack is not None and pack.version == score.version:
            texts.append(score_written(visit.voice, visit.participant.language, score, pack))
    if value is True:
        _say(visit, texts)


def _say(visit: Visit, texts: list[str]) -> None:
    if texts and not visit.carries(DataClass.HEALTH):
        offer_own_page(visit, Kind.REPLY)
        return
    with visit.needing(visit.needs(DataClass.HEALTH)):
        for text in texts:
            visit.show(Kind.REPLY, Body(text))


def _first(visit: Visit, value: Value) -> None:
    profile = newest(visit.uow, visit.participant.id)
    if profile is not None and value in set(Area):
        visit.uow.casework.profiles.keep(replace(profile, first=Area(str(value))))


def _share(visit: Visit, value: Value) -> None:
    """The newest profile, and no other. A no changes nothing: nobody has seen it yet."""
    profile = newest(visit.uow, visit.participant.id)
    if profile is None or value is not True or profile.shared_at is not None:
        return
    since = shared_after(profile.shared_at, SharingEvent.SHARE, visit.now)
    visit.uow.casework.profiles.share(profile.id, since)
    tell_shared(visit)


def _take_back(visit: Visit, value: Value) -> None:
    """Everything that is shared: nobody has to remember which it was. Nobody is told."""
    if value is not True:
        return
    profiles, person = visit.uow.casework.profiles, visit.participant.id
    for profile in profiles.of_participant(person, _ALL, only_shared=True):
        profiles.share(profile.id, shared_after(profile.shared_at, SharingEvent.TAKE_BACK, visit.now))
    for score in profiles.scores(person, _ALL, only_shared=True):
        profiles.share_score(score.id, shared_after(score.shared_at, SharingEvent.TAKE_BACK, visit.now))


#: By the name under which the dialog remembers it; none of it is kept as a fact.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "profile_done": _done,
    "profile_show": _show,
    "profile_first": _first,
    "profile_share": _share,
    "profile_take_back": _take_back,
}
