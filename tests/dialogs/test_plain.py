# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Typed text made comparable, and what is as good as the same."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.plain import clean, closest, plain

NAMES = {
    "today": ["heute", "ja heute", "sofort"],
    "week": ["diese woche", "ja diese woche"],
    "no": ["nein danke", "nicht noetig"],
    "later": ["spaeter", "nicht jetzt"],
}
KEYS = st.sampled_from("abdeghiknorstuwz ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ja,\nheute", "ja heute"), ("ja\r\n\r\nheute", "ja heute"), ("ja\theute", "ja heute"),
        ("  Später … ", "spaeter"), ("Spa\u0308ter", "spaeter"), ("GRÜẞE", "gruesse"), ("café", "cafe"),
        ("he\u00adu\u200bte", "heute"), ("a\x00b", "ab"), ("𝗝𝗮", "ja"), ("７", "7"), ("½", "1 2"),
        ("«Nein!»", "nein"),
        ("'ja'", "ja"), ("I\u2019m ok", "i'm ok"), ("", ""), ("?!", ""), ("👍🏽", "👍"),
    ],
)  # fmt: skip
def test_plain(typed: str, meant: str) -> None:
    assert plain(typed) == meant


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text())
def test_nothing_invisible_but_line_breaks_is_kept(text: str) -> None:
    kept = clean(text)
    assert kept == kept.strip()
    assert all(ch in "\n\t" or unicodedata.category(ch) not in ("Cc", "Cs") for ch in kept)
    assert [ch for ch in text if ch.isalnum()] == [ch for ch in kept if ch.isalnum()]


def nearest(typed: str) -> str | None:
    """What `closest` promises, with every name looked at."""
    best: dict[str, float] = {}
    for key, names in NAMES.items():
        for name in names:
            ratio = SequenceMatcher(None, typed, name, autojunk=False).ratio()
            if ratio >= 0.8 and abs(len(name) - len(typed)) <= 3:
                best[key] = max(ratio, best.get(key, 0.0))
    ranked = sorted(best.items(), key=lambda each: -each[1])
    clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] >= 0.05)
    return ranked[0][0] if clear else None


@given(
    st.sampled_from([name for names in NAMES.values() for name in names]),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from("+-="), KEYS), max_size=4),
)
def test_a_typo_is_mended_only_if_one_name_is_clearly_nearest(
    name: str, slips: list[tuple[int, str, str]]
) -> None:
    typed = name
    for place, slip, letter in slips:
        at = place % (len(typed) + 1)
        typed = typed[:at] + (letter if slip != "-" else "") + typed[at + (slip != "+") :]
    assert closest(typed, NAMES) == (nearest(typed) if 4 <= len(typed) <= 80 else None)
