# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words to avoid, Einfache Sprache, acute answers, and how long things take."""

from __future__ import annotations

from importlib.resources import files

import pytest

from dialogs import check_length, check_safety, check_wording
from dialogs.book import DialogBook
from dialogs.check_length import seconds_needed
from dialogs.check_wording import sentences
from dialogs.checked_words import avoided_in, checked_words, health_word_in
from dialogs.findings import Rule
from dialogs.model import Dialog
from tests.dialogs.probe import dialog

END = "  done: {end: completed}\n"
TELL = "  tell: {raise_concern: {level: R2, reason: danger}}\n"
ASK = "choose: {de: Und?, en: So?}, data: health"


def found_by(rule: Rule, probe: Dialog) -> list[str]:
    return [finding.path for finding in rule(probe, DialogBook([probe]))]


def easy(text: str) -> Dialog:
    return dialog(f"  a: {{say: {{de: Ja., en: Yes., de-x-einfach: '{text}'}}}}\n{END}")


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Eine Verdachtsdiagnose", "de", ["Verdachtsdiagnose"]),
        ("Ihre MASSNAHME", "de-x-einfach", ["MASSNAHME"]),
        ("Als Kundin", "de", ["Kundin"]),
        ("In einer Sekunde, mit der Urkunde und etwas Geduld", "de", []),
        ("Das hat mit Ihren Leistungen nichts zu tun.", "de", []),
        ("Symptome und Sanktionen", "de", ["Symptome", "Sanktionen"]),
        ("Kein Risiko", "de", ["Risiko"]),
        ("psychische  Störung", "de", ["psychische  Störung"]),
        ("Please be patient with your Patients", "en", ["patient"]),
        ("Diagnose", "en", ["Diagnose"]),
        ("Diagnose", "uk", []),
    ],
)
def test_words_to_avoid(text: str, language: str, words: list[str]) -> None:
    assert [hit.word for hit in avoided_in(text, language)] == words
    assert all(hit.remedy for hit in avoided_in(text, language))


def test_the_list_is_sound() -> None:
    known = checked_words()
    assert {"de", "en"} == set(known.avoid) == set(known.health)
    for language, entries in known.avoid.items():
        for entry in entries:
            assert entry.remedy.endswith((".", "”", "“.")), entry
            for word in entry.words:
                assert any(True for _ in avoided_in(word.strip("*"), language)), word
    for language, words in known.health.items():
        assert all(health_word_in(word.strip("*"), language) for word in words)


@pytest.mark.parametrize("language", ["de", "en"])
def test_lotses_own_words_avoid_them_too(language: str) -> None:
    text = files("dialogs").joinpath(f"words/{language}.yaml").read_text(encoding="utf-8")
    assert list(avoided_in(text, language)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Guten Tag. Am 4. Mai um 9 Uhr.", ["Guten Tag.", "Am 4. Mai um 9 Uhr."]),
        ("Rufen Sie an: 112. Dort hilft man.", ["Rufen Sie an: 112.", "Dort hilft man."]),
        ("Geht das?\nSchreiben Sie, z. B. heute.", ["Geht das?", "Schreiben Sie, z. B. heute."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("Der Brief wird geschickt.", True),
        ("Ihre Antworten werden gelesen.", True),
        ("Der Brief wurde verschickt.", True),
        ("Sie werden bald gefragt.", True),
        ("Ihr Coach liest das.", False),
        ("Ich werde Ihnen schreiben.", False),
        ("Es wird ein neues Angebot geben.", False),
        ("Es wird bestimmt gut.", False),
        ("Ihre Gesundheit wird besser.", False),
    ],
)
def test_passive(text: str, passive: bool) -> None:
    assert bool(found_by(check_wording.passive_sentences, easy(text))) is passive


@pytest.mark.parametrize(
    ("text", "genitive"),
    [
        ("Der Brief des Amtes ist da.", True),
        ("Das ist der Name Ihres neuen Coachs.", True),
        ("Der Name Ihres Coachs steht da.", True),
        ("Wegen der Kosten fragen wir.", True),
        ("Während der Pause ist Ruhe.", True),
        ("Der Brief von Ihrem Amt ist da.", False),
        ("Das mache ich nur dieses eine Mal.", False),
        ("Die Computer stehen außerhalb von der EU.", False),
        ("Es hat nichts mit Ihren Leistungen zu tun.", False),
    ],
)
def test_genitive(text: str, genitive: bool) -> None:
    assert bool(found_by(check_wording.genitive_sentences, easy(text))) is genitive


@pytest.mark.parametrize(
    ("text", "subjunctive"),
    [
        ("Was würde Ihnen helfen?", True),
        ("Wen könnten Sie anrufen?", True),
        ("Das wäre gut.", True),
        ("Möchten Sie darüber sprechen?", False),
        ("Sie hatten einen Termin.", False),
        ("Was hilft Ihnen?", False),
    ],
)
def test_subjunctive(text: str, subjunctive: bool) -> None:
    assert bool(found_by(check_wording.subjunctive_sentences, easy(text))) is subjunctive


def test_a_value_counts_as_one_word_and_other_languages_are_free() -> None:
    twelve = "Hallo {coach} vier fünf sechs sieben acht neun zehn elf zwölf da."
    assert found_by(check_wording.long_sentences, easy(twelve)) == []
    assert found_by(check_wording.long_sentences, easy(f"Ja {twelve}")) == ["steps.a.say.de-x-einfach"]
    probe = dialog(f"  a: {{say: {{de: '{'sehr ' * 40}lang wird gelesen.', en: Yes.}}}}\n{END}")
    assert found_by(check_wording.long_sentences, probe) == []
    assert found_by(check_wording.passive_sentences, probe) == []


@pytest.mark.parametrize(
    ("option", "question", "silent"),
    [
        # raised at once, by the option or by the question, and for this very answer
        ("raise: {level: R2, reason: x}", "optional: no", False),
        ("next: done", 'raise: {level: R3, reason: x, when: value = "a"}', False),
        ("next: done", 'raise: {level: R3, reason: x, when: value = "b"}', True),
        # not urgent enough
        ("next: done, raise: {level: R1, reason: x}", "optional: no", True),
        # on the way, before anything else is asked, on every way that this answer may take
        ("next: tell", "optional: no", False),
        ("next: done", "optional: no", True),
        ("next: more", "optional: no", True),
        ("next: fork", "optional: no", False),
        ("next: other", "optional: no", True),
        ("next: unsure", "optional: no", True),
        ("words: {de: so}", "next: tell", False),
        ("words: {de: so}", "next: done", True),
    ],
)
def test_an_acute_choice_raises_a_concern_on_every_way(option: str, question: str, silent: bool) -> None:
    probe = dialog(
        f"  q: {{{ASK}, {question}, options: {{a: {{acute: yes, {option}}}, b: {{label: {{de: B}}}}}}}}\n"
        "  more: {yes_no: {de: Ja?, en: Yes?}, next: done}\n"
        '  fork: {branch: [{when: q = "b", next: done}, {when: q = "a", next: tell}], next: done}\n'
        "  other: {branch: [{when: more, next: tell}], next: done}\n"
        "  unsure: {branch: [{when: more, next: done}], next: tell}\n"
        f"{TELL}{END}"
    )
    found = found_by(check_safety.silent_acute_answers, probe)
    assert found == (["steps.q.options.a"] if silent else [])


@pytest.mark.parametrize(
    ("scale", "silent"),
    [
        ("acute: value >= 8, raise: {level: R2, reason: x, when: value >= 8}", 0),
        ("acute: value >= 8, raise: {level: R2, reason: x, when: value > 8}", 1),
        ("acute: value >= 8, raise: {level: R1, reason: x}", 3),
        ("acute: value >= 8, next: fork", 1),
    ],
)
def test_acute_answers_on_a_scale(scale: str, silent: int) -> None:
    question = f"  q: {{scale: {{de: Und?, en: So?}}, data: health, {scale}}}\n"
    fork = "  fork: {branch: {when: q >= 9, next: tell}, next: done}\n"
    probe = dialog(f"{question}{END}{fork}{TELL}  e: {{end: x}}\n")
    found = found_by(check_safety.silent_acute_answers, probe)
    assert found == ["steps.q.acute"] * silent


def test_yes_can_be_acute_and_then_the_question_is_about_health() -> None:
    probe = dialog(f"  q: {{yes_no: {{de: Und?, en: So?}}, yes: {{acute: yes}}}}\n{END}")
    assert found_by(check_safety.silent_acute_answers, probe) == ["steps.q.yes"]
    assert found_by(check_safety.health_questions, probe) == ["steps.q"]


def test_a_consent_may_name_what_it_is_about() -> None:
    probe = dialog(f"  q: {{consent: {{de: Wie geht es Ihnen?, en: x}}, purpose: x}}\n{END}")
    assert found_by(check_safety.health_questions, probe) == []


@pytest.mark.parametrize(
    ("steps", "name", "longest"),
    [
        ("  a: {text: {de: A, en: A}, longest: 70}\n", "a", 70),
        ("  a: {yes_no: {de: A, en: A}}\n", "a", 20),
        ("  a: {choose: {de: A, en: A}, options: {x: {de: vier, en: x}, y: {de: y, en: y}}}\n", "a", 4),
        ("  a: {text: {de: A, en: A}, longest: 70}\n  b: {set: {c: '{a}'}}\n", "c", 70),
        ("  a: {set: {b: '{c}', c: '{b}'}}\n", "b", 3),
        ("  a: {set: {b: lange Worte}}\n", "b", 11),
        ("  a: {date: {de: A, en: A}}\n", "probe.a", 20),
        ("  a: {date: {de: A, en: A}}\n", "nobody.a", 0),
        ("  a: {date: {de: A, en: A}}\n", "coach", 200),
    ],
)
def test_the_longest_plausible_value(steps: str, name: str, longest: int) -> None:
    probe = dialog(f"{steps}{END}", head="facts: {coach: {de: Ihr Coach, en: your coach}}\n")
    assert check_length.longest_value(probe, DialogBook([probe]), name, "de") == longest


def test_the_longest_way_counts_and_ways_back_do_not() -> None:
    ten = " ".join(["eins"] * 10)
    probe = dialog(
        f"  q: {{yes_no: {{de: {ten}, en: x}}, no: {{next: short}}}}\n"
        f"  long: {{say: {{de: {ten} {ten}, en: x}}}}\n"
        f"  again: {{yes_no: {{de: {ten}, en: x}}, no: {{next: q}}, next: done}}\n"
        f"  short: {{say: {{de: {ten}, en: x}}}}\n{END}"
    )
    # 40 words and two questions: q, long, again
    assert seconds_needed(probe, DialogBook([probe]), "de") == pytest.approx(40 * 0.3 + 2 * 4)


def test_ten_thousand_steps_are_no_trouble() -> None:
    steps = "".join(f"  s{n}: {{say: {{de: Ja., en: Yes.}}}}\n" for n in range(9_999))
    probe = dialog(f"{steps}{END}")
    assert seconds_needed(probe, DialogBook([probe]), "de") == pytest.approx(9_999 * 0.3)
