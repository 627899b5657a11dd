# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From a body to pieces of text and rows of buttons."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bot_api.compose import MAX_TEXT, Button, Composed, Piece, compose
from bot.domain.messages import Body, Key
from tests.doubles.bot_api import formatting


def composed(body: Body) -> Composed:
    found = compose(body)
    assert isinstance(found, Composed)
    return found


def pieces(text: str) -> list[Piece]:
    return list(composed(Body(text)).pieces)


def shown(piece: Piece) -> str:
    return formatting.read(piece.text, "HTML" if piece.html else None).text


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


MARKUP = [
    ("Guten Tag", Piece("Guten Tag")),
    ("a < b & c > d <b>x</b> &amp;", Piece("a < b & c > d <b>x</b> &amp;")),
    ("**Wichtig** & neu", Piece("<b>Wichtig</b> &amp; neu", html=True)),
    ("a < b & **c** &lt;", Piece("a &lt; b &amp; <b>c</b> &amp;lt;", html=True)),
    ("**a<b** und **c**", Piece("<b>a&lt;b</b> und <b>c</b>", html=True)),
    ("2 ** 3 ** 4", Piece("2 ** 3 ** 4")),
    ("** a**", Piece("** a**")),
    ("**a **", Piece("**a **")),
    ("****", Piece("****")),
    ("**x**", Piece("<b>x</b>", html=True)),
    ("**eins\nzwei**", Piece("**eins\nzwei**")),
    ("  Rand  ", Piece("Rand")),
    ("Notruf 112, Telefonseelsorge 0800 1110111", Piece("Notruf 112, Telefonseelsorge 0800 1110111")),
    ("*a* _b_ `c` [d](e)", Piece("*a* _b_ `c` [d](e)")),
    ("a\ud83dz", Piece("a\ufffdz")),
]


@pytest.mark.parametrize(("text", "piece"), MARKUP)
def test_only_bold_is_markup(text: str, piece: Piece) -> None:
    assert pieces(text) == [piece]


def test_keys_become_rows() -> None:
    body = Body("?", keys=((Key("Ja", "c:1"), Key("Nein", "c:2")), (), (Key("Später", "c:3"),)))
    assert composed(body).rows == ((Button("Ja", "c:1"), Button("Nein", "c:2")), (Button("Später", "c:3"),))


LINKS = [
    ("https://lotse.example/p/abc", True),
    ("https://93.184.216.34/p", True),
    ("http://lotse.example/p/abc", False),
    ("https://localhost/p", False),
    ("https://127.0.0.1:8080/p", False),
    ("https://192.168.1.5/p", False),
    ("https://[::1]/p", False),
    ("https://[/p", False),
    ("ftp://lotse.example", False),
]


@pytest.mark.parametrize(("link", "is_button"), LINKS)
def test_a_link_is_a_button_only_where_telegram_takes_it(link: str, is_button: bool) -> None:
    found = composed(Body("Bitte", keys=((Key("Ja", "1"),),), link=link, link_label="Zur Seite"))
    if is_button:
        assert found.rows == ((Button("Ja", "1"),), (Button("Zur Seite", url=link),))
        assert found.pieces == (Piece("Bitte"),)
    else:
        assert found.rows == ((Button("Ja", "1"),),)
        assert found.pieces == (Piece(f"Bitte\n\nZur Seite: {link}"),)


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_nothing_to_say_is_said_so(text: str) -> None:
    assert compose(Body(text)) == "empty"


def test_a_token_has_64_bytes_not_letters() -> None:
    assert isinstance(compose(Body("?", ((Key("a", "x" * 64),),))), Composed)
    assert compose(Body("?", ((Key("a", "ä" * 33),),))) == "token_too_long"


def test_long_texts_are_cut_at_paragraphs_then_lines_then_words() -> None:
    first, second = "a" * 3000, "b" * 3000
    assert [p.text for p in pieces(f"{first}\n\n{second}")] == [first, second]
    assert [p.text for p in pieces(f"{first}\n{second}")] == [first, second]
    assert [p.text for p in pieces(f"{first} {second}")] == [first, second]
    words = " ".join(["Wort"] * 2000)
    assert all(p.text.startswith("Wort") and p.text.endswith("Wort") for p in pieces(words))
    assert [len(p.text) for p in pieces("c" * 5000)] == [4096, 904]
    assert [p.text for p in pieces("d" * 4096)] == ["d" * 4096]
    assert [p.text for p in pieces("d" * 4096 + " e")] == ["d" * 4096, "e"]
    # Two units each.
    assert [len(p.text) for p in pieces("😀" * 2049)] == [2048, 1]


def test_bold_across_a_cut_stays_bold() -> None:
    before, after = "x" * 4000, "y" * 60
    found = pieces(f"{before} **{after} {after}**")
    assert [p.text for p in found] == [f"{before} <b>{after}</b>", f"<b>{after}</b>"]


@given(
    st.lists(
        st.sampled_from(
            [
                "Wort",
                "**fett**",
                "**",
                "<i>",
                "&",
                "&lt;",
                "\n",
                "\n\n",
                " ",
                "😀",
                "ä" * 50,
                "x" * 900,
                "z" * 5000,
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_pieces_fit_and_lose_nothing_but_space(text: str) -> None:
    found = compose(Body(text))
    if found == "empty":
        assert not text.strip()
        return
    assert isinstance(found, Composed)
    assert all(0 < units(shown(piece)) <= MAX_TEXT for piece in found.pieces)
    assert all(shown(piece) == shown(piece).strip() for piece in found.pieces)
    # Telegram refuses raw texts over 32 KB before it reads any markup.
    assert all(len(piece.text.encode()) < 2**15 for piece in found.pieces)
    said = "".join(shown(piece) for piece in found.pieces)
    bare = re.sub(r"\*\*(?=\S)([^*\n]*[^*\s])\*\*", r"\1", text)
    assert "".join(said.split()) == "".join(bare.split())
