# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""In a chat people send one sentence in pieces: what the pieces say together counts."""

from __future__ import annotations

import pytest

from bot.domain.concerns import Level
from bot.domain.messages import IncomingKind
from tests.services.stage import Actor, Stage

PIECES = ("ich will", "nicht mehr", "leben")


def levels(stage: Stage) -> list[Level]:
    return [concern.level for concern in stage.concerns()]


@pytest.mark.parametrize(
    ("pieces", "level"),
    [
        (PIECES, Level.R3),
        (("ich bring", "mich um"), Level.R3),
        (("ich nehme jetzt...", "alle tabletten"), Level.R3),
        (("я хочу", "померти"), Level.R3),
        (("Ich hab mich", "geschnitten"), Level.R2),
    ],
)
@pytest.mark.parametrize("state", ["at_rest", "in_a_dialog", "paused", "stopped"])
def test_what_is_said_in_pieces_counts_together(
    stage: Stage, mia: Actor, pieces: tuple[str, ...], level: Level, state: str
) -> None:
    if state != "at_rest":
        mia.writes({"in_a_dialog": "/checkin", "paused": "Pause 2 Wochen", "stopped": "STOPP"}[state])
    stage.pass_time(minutes=2)
    for piece in pieces:
        stage.pass_time(seconds=10)
        mia.forgets()
        mia.writes(piece)
    concern = stage.concerns()[-1]
    assert (concern.level, concern.quote) == (level, " ".join(pieces))
    assert any("112" in body.text for body in stage.ears[mia.channel, mia.address])


def test_so_does_what_a_stranger_says_in_pieces(stage: Stage, berta: Actor) -> None:
    stranger, other = stage.person("wer"), stage.person("anders")
    for piece in ("ich", "bring", "mich um"):
        stage.pass_time(seconds=10)
        stranger.forgets()
        stranger.writes(piece)
        other.writes("Hallo")
    stranger.hears("Ich bin ein Programm und kann nicht einschätzen", "gerade an Berta Beispiel geschickt")
    assert [(c.level, c.quote) for c in stage.concerns()] == [(Level.R3, "ich bring mich um")]
    berta.hears("Meldung R3")


@pytest.mark.parametrize("people", ["one who goes on later", "two"])
def test_and_nothing_else_of_strangers_is_put_together(stage: Stage, berta: Actor, people: str) -> None:
    someone, other = stage.person("wer"), stage.person("anders")
    someone.writes("ich bring")
    if people == "two":
        other.writes("mich um")
    else:
        stage.pass_time(minutes=2)
        someone.writes("mich um")
    assert stage.concerns() == []


def test_the_numbers_come_once_whatever_follows(stage: Stage, mia: Actor) -> None:
    for piece in (*PIECES, "tut mir leid"):
        mia.writes(piece)
    mia.forgets()
    mia.writes("so ist es")
    assert levels(stage).count(Level.R3) == 1
    assert "112" not in mia.hears("Danke")[0].text


def test_danger_alone_is_answered_alone(stage: Stage, mia: Actor) -> None:
    mia.writes("ich will")
    mia.writes("Ich bringe mich um")
    assert stage.concerns()[-1].quote == "Ich bringe mich um"


@pytest.mark.parametrize("between", ["Heute war ich im Jobcenter und danach noch beim Einkaufen.", "Ja."])
def test_a_sentence_in_between_ends_what_came_before(stage: Stage, mia: Actor, between: str) -> None:
    for words in ("ich will", "nicht mehr", between, "leben"):
        mia.writes(words)
    assert Level.R3 not in levels(stage)


def test_whoever_goes_on_later_begins_anew(stage: Stage, mia: Actor) -> None:
    for piece in PIECES:
        mia.writes(piece)
        stage.pass_time(minutes=2)
    assert Level.R3 not in levels(stage)


@pytest.mark.parametrize(("apart", "counts"), [(20, True), (3600, False)])
def test_what_arrives_together_after_an_outage_counts_by_when_it_was_written(
    stage: Stage, mia: Actor, apart: int, counts: bool
) -> None:
    first = int(stage.now.timestamp())
    stage.pass_time(hours=5)
    for number, piece in enumerate(PIECES):
        mia.does(IncomingKind.TEXT, text=piece, written=first + number * apart)
    assert (Level.R3 in levels(stage)) is counts


def test_a_moment_that_cannot_be_is_not_believed(stage: Stage, mia: Actor) -> None:
    for piece, written in zip(PIECES, (1, 2**80, -5), strict=True):
        mia.does(IncomingKind.TEXT, text=piece, written=written)
    assert Level.R3 in levels(stage)


def test_a_corrected_message_is_read_alone(stage: Stage, mia: Actor) -> None:
    mia.writes("ich bring")
    mia.does(IncomingKind.TEXT, text="mich um", edited=True)
    assert Level.R3 not in levels(stage)


def test_pieces_of_two_people_are_never_put_together(stage: Stage, berta: Actor, mia: Actor) -> None:
    ole = stage.participant(berta, "ole")
    mia.writes("ich bring")
    ole.writes("mich um")
    assert Level.R3 not in levels(stage)
