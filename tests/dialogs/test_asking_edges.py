# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands around a question: days as buttons, pictures, the class of a scale, what is new with each."""

from __future__ import annotations

import pytest

from dialogs.book import DialogBook
from dialogs.effects import Button, Send
from dialogs.engine import Facts
from dialogs.inputs import TimedOut, Typed
from dialogs.scales import DataClass
from tests.dialogs.probe import dialog, play, said, start

TODAY, TOMORROW = Button("Heute", "2026-11-23"), Button("Morgen", "2026-11-24")


def asked(steps: str, language: str = "de") -> Send:
    """The first message of a dialog."""
    book = DialogBook([dialog(f"{steps}  done: {{end: completed}}\n")])
    first = start(book, Facts(language)).effects[0]
    assert isinstance(first, Send)
    return first


@pytest.mark.parametrize(
    ("earliest", "latest", "days"),
    [
        (0, 90, (TODAY, TOMORROW)), (1, 90, (TOMORROW,)), (0, 0, (TODAY,)), (-7, -1, ()), (2, 90, ()),
        (1, 1, (TOMORROW,)), (-7, 0, (TODAY,)),
    ],
)  # fmt: skip
def test_today_and_tomorrow_are_buttons_where_they_are_answers(
    earliest: int, latest: int, days: tuple[Button, ...]
) -> None:
    step = f"  day: {{date: {{de: Wann?, en: When?}}, earliest: {earliest}, latest: {latest}}}\n"
    rows = asked(step).buttons
    assert rows[:-1] == ((days,) if days else ())


PICTURE = "picture: {file: harbour.png, alt: {de: Ein Hafen, en: A harbour}}"


@pytest.mark.parametrize(("language", "alt"), [("de", "Ein Hafen"), ("en", "A harbour")])
@pytest.mark.parametrize("kind", ["say", "text"])
def test_a_picture_goes_with_the_text_and_says_what_it_shows(kind: str, language: str, alt: str) -> None:
    shown = asked(f"  a: {{{kind}: {{de: Sehen Sie?, en: Do you see?}}, {PICTURE}}}\n", language)
    assert (shown.picture, shown.alt) == ("harbour.png", alt)


def test_a_scale_with_words_for_its_ends_keeps_its_class() -> None:
    shown = asked(
        "  a: {scale: {de: Wie geht es?, en: How are you?}, data: health,"
        " low_label: {de: schlecht, en: bad}, high_label: {de: gut, en: good}}\n"
    )
    assert (shown.text, shown.data_class) == (
        "Wie geht es?\n0 = schlecht, 10 = gut",
        DataClass.HEALTH,
    )


def test_what_is_said_about_health_is_health() -> None:
    assert asked("  a: {say: {de: Sie schlafen., en: You sleep.}, data: health}\n").data_class is (
        DataClass.HEALTH
    )


def test_a_consents_text_is_kept_while_it_is_open_and_no_longer() -> None:
    book = DialogBook(
        [
            dialog(
                "  agree: {consent: {de: Darf ich?, en: May I?}, purpose: reading}\n"
                "  note: {text: {de: Warum?, en: Why?}}\n  done: {end: completed}\n"
            )
        ]
    )
    assert start(book).session.shown == "Darf ich?"
    assert play(Typed("ja"), book=book).session.shown == ""


def test_reminders_and_tries_are_counted_for_each_question_alone() -> None:
    session = play(Typed("hm"), TimedOut(1), Typed("5")).session
    assert (session.turn, session.tries, session.reminders) == (2, 0, 0)


BACK, SKIP = Button("Zurück", "_back"), Button("Überspringen", "_skip")
HELP, LATER = Button("Hilfe", "_help"), Button("Später", "_later")
Q = "{de: Was?, en: What?}"


@pytest.mark.parametrize(
    ("step", "rows"),
    [
        (
            f"{{choose: {Q}, options: {{x: {{de: Tee, en: Tea}}, y: {{de: Wasser, en: Water}}}}}}",
            ((Button("Tee", "x"),), (Button("Wasser", "y"),), (LATER,)),
        ),
        (f"{{yes_no: {Q}}}", ((Button("Ja", "yes"), Button("Nein", "no")), (LATER,))),
        (f"{{yes_no: {Q}, optional: yes}}", ((Button("Ja", "yes"), Button("Nein", "no")), (SKIP, LATER))),
        (
            f"{{consent: {Q}, purpose: reading, no: {{de: Lieber nicht, en: No}}}}",
            ((Button("Ja", "yes"), Button("Lieber nicht", "no")),),
        ),
        (
            f"{{scale: {Q}, low: 1, high: 7}}",
            (
                tuple(Button(str(n), str(n)) for n in range(1, 7)),
                (Button("7", "7"),),
                (LATER,),
            ),
        ),
        (f"{{text: {Q}}}", ((LATER,),)),
        (f"{{number: {Q}, optional: yes}}", ((SKIP, LATER),)),
    ],
)
def test_the_buttons_of_each_kind_of_question(step: str, rows: tuple[tuple[Button, ...], ...]) -> None:
    assert asked(f"  a: {step}\n").buttons == rows


def test_back_comes_first_and_help_when_it_is_needed() -> None:
    third = play(Typed("5"), Typed("🙂"), Typed("🙂")).effects[0]
    assert isinstance(third, Send)
    assert third.buttons == ((BACK, SKIP, HELP, LATER),)


def test_progress_counts_questions_only() -> None:
    steps = (
        f"  a: {{text: {Q}}}\n  b: {{say: {{de: Gut., en: Good.}}}}\n  c: {{text: {Q}}}\n"
        "  done: {end: completed}\n"
    )
    book = DialogBook([dialog(steps, head="progress: yes\n")])
    assert [effect.text for effect in start(book).effects if isinstance(effect, Send)] == ["1 von 2\nWas?"]
    assert said(play(Typed("Tee"), book=book)) == "Gut.\n2 von 2\nWas?"
    assert said(play(Typed("Tee"), Typed("🙂"), book=book)).endswith("\n\n2 von 2\nWas?")
