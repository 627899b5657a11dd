# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A dialog of 50 steps with questions of every kind, and a person who answers them all."""

from __future__ import annotations

STEPS = 50
_TIMES = 6

_HEAD = """format: 1
version: 1
dialog: {name}
title: {{de: "Lange Probe", en: "Long try"}}
estimated: 10 minutes
progress: yes
facts: {{coach: {{de: Ihr Coach, en: your coach}}}}
steps:
"""
_PART = """
  mood_{n}:
    scale: {{de: Wie geht es Ihnen heute?, en: How are you today?}}
    low_label: {{de: sehr schlecht, en: very bad}}
    high_label: {{de: sehr gut, en: very good}}
    data: health
    optional: yes
    raise: {{when: value <= 2, level: R1, reason: low_mood}}
    timeout: {{after: 1 day, repeat: 1}}
  contact_{n}:
    choose: {{de: "Soll sich {{coach}} melden?", en: "Should {{coach}} get in touch?"}}
    options:
      today:
        label: {{de: "Ja, heute", en: "Yes, today"}}
        words: {{de: "ja, bitte, sofort", en: "yes, please"}}
      this_week: {{label: {{de: "Ja, diese Woche", en: "Yes, this week"}}}}
      "no": {{label: {{de: Nein, en: "No"}}, words: {{de: "nein danke, nee, nö", en: "no thanks, nope"}}}}
  achieved_{n}:
    text: {{de: Was ist Ihnen gelungen?, en: What went well?}}
    optional: yes
  note_{n}:
    say: {{de: "Danke. Ich habe notiert: {{mood_{n}}}.", en: "Thank you. I have noted: {{mood_{n}}}."}}
    data: health
  ready_{n}:
    yes_no: {{de: Haben Sie alles für den Termin?, en: Do you have everything for the appointment?}}
  count_{n}:
    number: {{de: Wie viele Stunden waren es?, en: How many hours was it?}}
    low: 0
    high: 99
  day_{n}:
    date: {{de: Wann ist der Termin?, en: When is the appointment?}}
    earliest: 0
    latest: 366
  ways_{n}:
    branch:
      - {{when: 'mood_{n} <= 2 and contact_{n} = "today"', next: last}}
      - {{when: count_{n} > 90 or ready_{n} is missing, next: last}}
"""
_TAIL = """
  last: {set: {seen: yes}}
  done: {end: completed}
"""
_ANSWERS = (
    ("number on a scale", "7", "7"),
    ("words for an option", "diese Woche bitte", "this_week"),
    ("a sentence", "Ich war zweimal spazieren und habe für mich gekocht.", ""),
    ("yes or no", "ja gerne", "yes"),
    ("number", "12", ""),
    ("day", "4. Mai 2027", "2027-05-04"),
)


def long_dialog(name: str) -> str:
    """Its file."""
    return _HEAD.format(name=name) + "".join(_PART.format(n=n) for n in range(_TIMES)) + _TAIL


def long_script() -> list[tuple[str, str, str]]:
    """Every answer in turn: its kind, the words, and the button's value ("" where there are no buttons)."""
    return list(_ANSWERS) * _TIMES
