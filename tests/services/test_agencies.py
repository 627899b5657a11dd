# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An agency's number goes with its key word for good, and one with people in it is never left out."""

from __future__ import annotations

import pytest

from bot.agencies import office_named, with_agencies
from bot.domain.agency import Agency
from bot.domain.channels import bot_channel, key_of, kind_of
from bot.domain.people import Role
from bot.errors import ConfigurationError
from bot.services import duty_watch, retention
from bot.services.agencies import left_out, number_agencies, numbers_of
from bot.settings import DefaultAgency, without_environment
from tests.services.stage import Stage

BOTH = {"default": "Havelland", "mk": "Musterkreis"}


def number(stage: Stage, names: dict[str, str]) -> dict[str, int]:
    return stage.run(lambda uow: number_agencies(uow, names, stage.now))


def test_a_number_is_given_once(stage: Stage) -> None:
    assert number(stage, {"default": "Havelland"}) == {"default": 1}
    assert number(stage, BOTH) == {"default": 1, "mk": 2}
    assert number(stage, {**BOTH, "mk": "Kreis", "aa": "Dritte"}) == {"default": 1, "mk": 2, "aa": 3}
    # One that was away comes back with its number, and nobody else had it meanwhile.
    assert number(stage, {"default": "Havelland", "bb": "Vierte"}) == {"default": 1, "bb": 4}
    assert number(stage, BOTH) == {"default": 1, "mk": 2}
    assert stage.run(numbers_of) == [1, 2, 3, 4]


def test_who_has_people_is_not_left_out(stage: Stage) -> None:
    numbers = number(stage, BOTH)
    here = {"default": 1}
    settings = without_environment(agency=DefaultAgency(mk={"name": "Musterkreis"}))  # type: ignore[call-arg]
    rules = with_agencies(stage.rules, settings, numbers)
    stage.run(lambda uow: duty_watch.ensure_watch(uow, rules, 2, stage.now))
    stage.run(lambda uow: retention.ensure_retention(uow, rules, 2, stage.now))
    assert stage.run(lambda uow: uow.overview.next_due(2, duty_watch.TIMER_KIND)) is not None
    assert stage.run(lambda uow: left_out(uow, here)) == []
    # Nothing is planned any more for an agency without anybody.
    kinds = (duty_watch.TIMER_KIND, retention.TIMER_KIND)
    assert stage.run(lambda uow: [uow.overview.next_due(2, kind) for kind in kinds]) == [None, None]
    stage.run(lambda uow: uow.people.add_staff(2, "Fritz Fremd", Role.COACH, "", "de"))
    assert stage.run(lambda uow: left_out(uow, here)) == ["mk"]
    assert stage.run(lambda uow: left_out(uow, numbers)) == []


def test_what_each_agency_has_for_itself(stage: Stage) -> None:
    own = {"name": "Musterkreis", "quiet": "20:00-09:00", "crisis_text": {"de": "112, Musterkreis"}}
    own |= {"mail_sender": "Lotse im Musterkreis <lotse@mk.example>"}
    settings = without_environment(agency=DefaultAgency(crisis_text={"de": "112, hier"}, mk=own))  # type: ignore[call-arg]
    rules = with_agencies(stage.rules, settings, {"default": 1, "mk": 2})
    assert rules.crisis_texts_of(2) == {"de": "112, Musterkreis"}
    # Where nobody is known no region's numbers are shown, and nobody gets those of another region.
    assert rules.crisis_texts_of_all == {}
    assert rules.quiet_of(2) != rules.quiet_of(1)
    assert rules.agencies[2].mail_sender == ("Lotse im Musterkreis", "lotse@mk.example")
    assert rules.agencies[1].mail_sender == ("", "")
    assert rules.agency_at("telegram@mk") == rules.agency_at("telegram_staff@mk") == 2
    assert rules.agency_at("telegram") == rules.agency_at("web_chat") == 1
    assert [rules.has_door(2, one) for one in ("telegram", "telegram@mk", "web_chat")] == [False, True, True]
    assert office_named(settings, "Musterkreis").key == office_named(settings, "mk").key == "mk"
    with pytest.raises(ConfigurationError, match=r"there is no agency 'xy'; there is default \(Lotse\), mk"):
        office_named(settings, "xy")


@pytest.mark.parametrize("key", ["default", "mk"])
@pytest.mark.parametrize("kind", ["telegram", "telegram_staff"])
def test_names_of_channels(kind: str, key: str) -> None:
    channel = bot_channel(kind, key)
    assert (kind_of(channel), key_of(channel)) == (kind, key)
    assert Agency(1, "A", key=key).bot(kind) == channel
    assert key_of("web_chat") == ""
