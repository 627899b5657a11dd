# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Dialog files: every fault is found in one go, with its line, in words that an editor understands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.fields import MAX_SECONDS
from dialogs.model import Choose, Dialog, Scale
from dialogs.parse import parse, parse_file
from dialogs.problems import DialogError
from dialogs.scales import DataClass

GOOD = """format: 1
dialog: probe
version: 3
title: {de: Probe, en: Try}
data: appointment
facts:
  coach: {de: Ihr Coach, en: your coach}
  channel_kind:
steps:
  mood:
    scale:
      de: Wie geht es?
      en: How are you?
    data: health
    timeout:
      after: 2 days
  which:
    choose: {de: Was?, en: What?}
    options:
      "7": {de: Woche, en: Week}
      "no":
        label: {de: "Nein", en: "No"}
        words: {de: "nee, nö"}
        raise: {level: R1, reason: said_no}
        next: done
  done:
    end: completed
"""

FAULTS: list[tuple[str, str, str]] = [
    # what is written instead of what, and the message that must come
    ("format: 1\n", "", "1: the field 'format' is missing. Write format: 1."),
    ("format: 1", "format: 9", "1: format 9 is not known here. Write format: 1."),
    ("dialog: probe", "dialog: Probe X", "2: 'Probe X' is not a name. Use small letters"),
    ("dialog: probe\n", "", "1: the field 'dialog' is missing. Write dialog:"),
    ("version: 3", "version: three", "3: 'version' is not a number from 1 to 1e+06."),
    ("version: 3", "version: 1.5", "3: 'version' is not a whole number."),
    ("version: 3", "verison: 3", "3: unknown field 'verison'. Did you mean 'version'?"),
    ("title: {de: Probe, en: Try}", "title: Probe", "4: 'title' needs fields of its own."),
    (
        "data: appointment",
        "data: helth",
        "5: 'helth' is not possible for 'data'. Did you mean 'health'?",
    ),
    (
        "{de: Ihr Coach, en: your coach}",
        "{german: x}",
        "7: 'german' is not a language. Write one line",
    ),
    (
        "  mood:\n    scale:",
        "  mood:\n    skale:",
        "11: the step 'mood' has no kind. Did you mean 'scale'",
    ),
    (
        "      de: Wie geht es?",
        "      de:",
        "12: the text for 'de' is missing. Write it",
    ),
    (
        "    data: health",
        "    data: health\n    say: {de: x}",
        "11: the step 'mood' says two things",
    ),
    ("    data: health", "    next: 7", "14: '7' is not a name."),
    ("    data: health", "    nxt: done", "14: unknown field 'nxt'. Did you mean 'next'?"),
    (
        "    data: health",
        "    optional: maybe",
        "14: 'optional' is neither yes nor no. Write yes",
    ),
    ("    data: health", "    low: 1.5", "14: 'low' is not a whole number."),
    ("    data: health", "    high: ten", "14: 'high' is not a number from -100 to 100."),
    ("    data: health", "    high: {de: x}", "14: 'high' takes a single value."),
    (
        "    data: health",
        "    raise: {when: value <= 2}",
        "14: the field 'level' is missing. Write level:",
    ),
    (
        "    data: health",
        "    raise: {level: R0, reason: x}",
        "14: 'R0' is not possible for 'level'. Possible here: R1, R2, R3.",
    ),
    (
        "    data: health",
        "    raise: {level: R1, reason: x, when: value <}",
        "14: in the condition: the condition ends too early. A name, a number",
    ),
    ("    data: health", "    raise: always", "14: 'raise' needs fields of its own."),
    (
        "after: 2 days",
        "after: soon",
        "16: 'soon' is not a length of time. Write for example",
    ),
    ("after: 2 days", "after: 400 days", "16: '400 days' is not a length of time."),
    (
        "    options:\n",
        "    optoins:\n",
        "18: the field 'options' is missing. Write the options",
    ),
    ("  done:\n    end: completed", "  done:\n", "26: the step 'done' is empty. Write below it"),
    ("    end: completed", "    end:", "27: 'end' is empty. Write an outcome"),
    ("    end: completed", "    pause: long", "27: 'pause' is not a number from 0 to 366."),
    ("    end: completed", "    branch:\n      - when: 1 = 1", "28: the field 'next' is missing."),
    ("  done:", "  Done!:", "26: 'Done!' is not a step name."),
    ("  done:\n", "  mood:\n", "26: 'mood' is there twice, first in line 10. Keep one of them."),
    ("steps:", "steps: []\nstep:", "9: 'steps' needs fields of its own."),
    # not plain YAML
    ("    data: health", "\tdata: health", "14: there is a tab. Use spaces: two for each level."),
    (
        "Wie geht es?",
        "Wie: geht es?",
        "12: there is a ':' too many. Put the text",
    ),
    ("Wie geht es?", '"Wie geht es?', "20: this line does not fit those above it. Check the spaces"),
    ("end: completed", 'end: "completed', "27: a quote is opened and never closed. Close it"),
    ("de: Wie geht es?", "de: *x", "12: '&' and '*' links are not used here."),
    ("de: Wie geht es?", "de: &x Wie?", "12: '&' and '*' links are not used here."),
    ("de: Wie geht es?", "de: !!python/name:os.system Wie?", "12: '!' tags are not used here."),
    ("de: Wie geht es?", "de: @Wie?", "12: a text may not begin with this character."),
    ("    data: health", "   data: health", "14: this line does not fit those above it."),
    ("steps:", "---\nsteps:", "9: a second document begins. Delete the line '---'."),
    ("Wie geht es?", "Wie \x07 geht es?", "12: there is an invisible or broken character."),
    ("Wie geht es?", "Wie \ud800 geht es?", "12: there is an invisible or broken character."),
    ("steps:", "{a: b}: c\nsteps:", "9: a field's name must be a plain text."),
    ("data: appointment", "data: " + "[" * 40, "5: more than 30 levels inside one another."),
]


@pytest.mark.parametrize(("instead_of", "written", "message"), FAULTS, ids=lambda text: str(text)[:30])
def test_each_fault_is_told_with_its_line_and_a_remedy(instead_of: str, written: str, message: str) -> None:
    source = GOOD.replace(instead_of, written, 1)
    assert source != GOOD
    with pytest.raises(DialogError) as caught:
        parse(source, "probe.yaml")
    told = [str(problem) for problem in caught.value.problems]
    assert any(line.startswith(f"probe.yaml:{message}") for line in told), told


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "probe.yaml:1: the file holds no fields."),
        ("# only a remark\n", "probe.yaml:1: the file holds no fields."),
        ("just words", "probe.yaml:1: the file holds no fields."),
        ("- a\n- b\n", "probe.yaml:1: the file holds no fields."),
        ("x" * 1_000_001, "probe.yaml:1: the file is larger than 1000000 characters."),
        (
            GOOD.split("  mood:", maxsplit=1)[0] + "".join(f"  s{n}:\n" for n in range(10_001)),
            "more than 10000 steps",
        ),
    ],
    ids=["empty", "remark", "words", "list", "large", "many"],
)
def test_files_that_are_no_dialog(source: str, message: str) -> None:
    with pytest.raises(DialogError, match=message.replace(".", r"\.")):
        parse(source, "probe.yaml")


def test_all_faults_of_a_file_come_at_once_in_its_order() -> None:
    source = GOOD.replace("version: 3", "version: x").replace("2 days", "soon").replace("completed", "Ended!")
    with pytest.raises(DialogError) as caught:
        parse(source, "probe.yaml")
    assert [problem.line for problem in caught.value.problems] == [3, 16, 27]


def test_a_good_file_becomes_the_dialog_it_describes() -> None:
    probe = parse(GOOD, "probe.yaml")
    assert isinstance(probe, Dialog)
    assert (probe.id, probe.version, probe.first, probe.data) == ("probe", 3, "mood", DataClass.APPOINTMENT)
    mood, which = probe.steps["mood"], probe.steps["which"]
    assert isinstance(mood, Scale)
    assert (mood.data, mood.timeout and mood.timeout.seconds) == (DataClass.HEALTH, 172_800)
    assert isinstance(which, Choose)
    assert [option.key for option in which.options] == ["7", "no"]
    assert (which.options[1].words, which.options[1].next) == (("nee", "nö"), "done")
    assert probe.facts["channel_kind"].unknown == {}
    assert probe.positions["steps.mood.timeout.after"].line == 16
    assert mood.timeout is not None
    assert mood.timeout.seconds < MAX_SECONDS


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "probe.yaml"
    path.write_bytes(GOOD.replace("Woche", "für Übergänge").encode("latin-1"))
    with pytest.raises(DialogError, match=r"probe\.yaml:20: the file is not UTF-8"):
        parse_file(path)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert parse_file(path).id == "probe"


@given(st.text(max_size=200) | st.text("{}[]:,-&*!|>'\"#%@`\n ?abde", max_size=200))
def test_any_text_is_a_dialog_or_a_list_of_faults(text: str) -> None:
    at = len(GOOD) // 2
    for source in (text, GOOD[:at] + text + GOOD[at:]):
        try:
            parse(source, "probe.yaml")
        except DialogError as error:
            assert error.problems  # noqa: PT017 - both ways out are right
