# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation profile is the person's: shown to them first, to staff by their tap, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.messages import Line
from bot.domain.profiles import Area, Profile
from bot.domain.stories import Happening
from bot.ports import UnitOfWork
from bot.services.erase_person import Reason, erase
from bot.services.export_person import PersonCopy, copy_person
from bot.web.console.person_words import ACTS
from tests.services.stage import Actor, Stage

_SECOND = timedelta(seconds=1)


@pytest.fixture
def page(stage: Stage, mia: Actor) -> Actor:
    """Mia on her own page, which may carry what is about health."""
    stage.run(lambda uow: uow.people.add_address(1, "web_chat", "mia-page", participant_id=1))
    return stage.person("mia-page", "web_chat")


def fill_in(person: Actor, *numbers: str, first: str = "Schlaf") -> None:
    """From the command to the question whether to share it."""
    person.writes("/profil")
    person.presses("Ja")
    for number in numbers:
        person.presses(number)
    person.presses(first)


def profiles(stage: Stage, *, only_shared: bool = False) -> list[Profile]:
    """Mia's profiles, the oldest first."""
    return stage.run(lambda uow: uow.casework.profiles.of_participant(1, 50, only_shared=only_shared))


def seen_by_staff(stage: Stage) -> list[str]:
    """Every word and machine word of the person's timeline as staff see it, and of the audit log."""
    before = stage.now + _SECOND

    def read(uow: UnitOfWork) -> list[str]:
        lines: list[Line] = uow.stories.lines(1, before, 200)
        happened: list[Happening] = uow.stories.happenings(1, before, 200, ACTS)
        person = uow.people.participants_by([1])[1]
        looks = uow.stories.looks(person, 200)
        return [
            *(f"{one.text} {one.picture} {[key.label for row in one.keys for key in row]}" for one in lines),
            *(f"{one.word} {one.text}" for one in happened),
            *(action for _, _, action in looks),
        ]

    return stage.run(read)


def test_it_is_shown_to_the_person_and_left_out_is_no_zero(stage: Stage, page: Actor) -> None:
    fill_in(page, "7", "3", "Überspringen", "10", "0", "Überspringen", "5")
    *_, result, _, _ = page.stage.ears[page.channel, page.address]
    assert "Schlaf: 3 von 10" in result.text
    assert "Alltag: nicht ausgefüllt" in result.text
    page.presses("Nein")
    [kept] = profiles(stage)
    assert kept.values == {Area.HEALTH: 7, Area.SLEEP: 3, Area.PEOPLE: 10, Area.HOME: 0, Area.HOPE: 5}
    assert kept.first is Area.SLEEP
    assert kept.shared_at is None


def test_staff_see_nothing_of_it_not_even_that_it_is_there(stage: Stage, page: Actor, berta: Actor) -> None:
    before = seen_by_staff(stage)
    fill_in(page, *"7777777")
    page.presses("Nein")
    page.writes("/profil")
    page.presses("Ansehen")
    berta.hears_nothing()
    assert stage.concerns() == []
    assert seen_by_staff(stage) == before


def test_shared_by_the_tap_alone_and_taken_back(stage: Stage, page: Actor, berta: Actor) -> None:
    fill_in(page, *"7654321")
    assert profiles(stage, only_shared=True) == []
    page.presses("Ja")
    [told] = berta.hears("möchte Ihnen etwas zeigen")
    assert "Schlaf" not in told.text
    [shared] = profiles(stage, only_shared=True)
    assert shared.shared_at == stage.now
    page.forgets()
    page.writes("/profil")
    page.presses("Nicht mehr teilen")
    assert profiles(stage, only_shared=True) == []
    berta.hears_nothing()
    assert len(profiles(stage)) == 1


def test_each_is_shared_by_itself_and_a_no_hides_none_that_was_shown(stage: Stage, page: Actor) -> None:
    fill_in(page, *"5555555")
    page.presses("Ja")
    stage.pass_time(days=90)
    page.writes("/profil")
    page.presses("Neu ausfüllen")
    page.presses("Ja")
    page.forgets()
    for number in ("7", "5", "4", "Überspringen", "5", "5", "5"):
        page.presses(number)
    [*_, told, _] = page.stage.ears[page.channel, page.address]
    assert "Gesundheit: 7 von 10 ▰▰▰▰▰▰▰▱▱▱ (beim letzten Mal 5)" in told.text
    assert "Familie und Kontakte: nicht ausgefüllt (beim letzten Mal 5)" in told.text
    page.presses("Überspringen")
    page.presses("Nein")
    first, second = profiles(stage)
    assert first.shared_at is not None
    assert (second.shared_at, second.first) == (None, None)
    assert [second.change(area, first) for area in (Area.HEALTH, Area.EVERYDAY, Area.PEOPLE)] == [2, -1, None]


def test_whoever_goes_back_has_one_profile_with_the_last_answer(stage: Stage, page: Actor) -> None:
    page.writes("/profil")
    page.presses("Ja")
    for number in "7777777":
        page.presses(number)
    page.presses("Zurück")
    page.presses("Überspringen")
    [kept] = profiles(stage)
    assert Area.HOPE not in kept.values


def test_nothing_filled_in_is_kept_as_nothing(stage: Stage, page: Actor) -> None:
    page.writes("/profil")
    page.presses("Ja")
    for _ in Area:
        page.presses("Überspringen")
    assert profiles(stage) == []


def test_danger_is_heard_in_it_as_everywhere_and_then_read_by_staff(stage: Stage, page: Actor) -> None:
    page.writes("/profil")
    page.presses("Ja")
    page.presses("0")
    assert stage.concerns() == []
    page.writes("Ich will nicht mehr leben")
    [concern] = stage.concerns()
    assert concern.quote == "Ich will nicht mehr leben"
    assert any("Ich will nicht mehr leben" in said for said in seen_by_staff(stage))


def test_a_messenger_gets_a_link_and_no_number(stage: Stage, berta: Actor) -> None:
    bernd = stage.person("bernd")
    bernd.starts(stage.invitation(berta))
    for label in ("Ja", "Ja", "Nein"):
        bernd.presses(label)
    bernd.writes("/profil")
    bernd.presses("Ja")
    *_, offered = stage.ears[bernd.channel, bernd.address]
    assert offered.link.startswith("https://lotse.example/")
    assert "Gesundheit:" not in offered.text


def test_only_kept_data_is_not_added_to(stage: Stage, page: Actor) -> None:
    page.writes("/einschraenken")
    page.presses("Ja")
    page.forgets()
    page.writes("/profil")
    page.hears("nur aufbewahrt")


def test_a_copy_taken_by_staff_has_only_what_was_shown(stage: Stage, page: Actor, berta: Actor) -> None:
    fill_in(page, *"7654321")
    page.presses("Nein")

    def copied(actor: str) -> PersonCopy:
        return stage.run(lambda uow: copy_person(uow, uow.people.participants_by([1])[1], actor, stage.now))

    theirs, own = copied(f"staff:{berta.id}"), copied("participant")
    assert len(own.rows("profile")) == 1
    assert theirs.rows("profile") == ()
    assert theirs.left_out["profile"] == "not_shared"
    for table, word in (("outgoing", "Gesprächsprofil"), ("answer", "sleep"), ("conversation", "_profile")):
        assert word in str(own.rows(table))
        assert word not in str(theirs.rows(table))
    page.writes("/profil")
    page.presses("Meinem Team zeigen")
    page.presses("Ja")
    assert len(copied(f"staff:{berta.id}").rows("profile")) == 1


def test_whoever_is_erased_takes_it_along(stage: Stage, page: Actor) -> None:
    fill_in(page, *"7654321")
    page.presses("Ja")
    stage.run(
        lambda uow: erase(uow, uow.people.participants_by([1])[1], "participant", Reason.WISH, stage.now)
    )
    assert profiles(stage) == []
