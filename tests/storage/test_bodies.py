# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Body
from bot.storage.bodies import dump_body, load_body

# Halves of emojis cannot be in JSON text; they never reach a body.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
NAME = st.from_regex(r"[a-z0-9_-]{1,56}\.(png|jpg|webp)", fullmatch=True)


@given(TEXT, NAME, TEXT, TEXT)
def test_a_picture_survives(text: str, picture: str, alt: str, label: str) -> None:
    body = Body(text, picture=picture, alt=alt, picture_label=label)
    assert load_body(dump_body(body)) == body


def test_what_was_kept_before_there_were_pictures_still_reads() -> None:
    old = '{"text":"Hallo","keys":[[{"label":"Ja","token":"c:1:0:ja"}]],"link":"","link_label":""}'
    body = load_body(old)
    assert (body.text, body.keys[0][0].label, body.picture, body.alt) == ("Hallo", "Ja", "", "")
    assert load_body('{"text":"Hallo"}') == Body("Hallo")
