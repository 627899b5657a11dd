# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts that staff keep ready for participants, each under a name and in several languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Every reply has a text in this language: staff must be able to read what goes out.
BASE_LANGUAGE = "de"
#: In place of the German text: the agency has put a shipped reply away.
PUT_AWAY = ""


@dataclass(frozen=True, slots=True)
class ReplyText:
    """One text of an agency's own, as it is kept. `language` is a bare tag like `de`."""

    name: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class CannedReply:
    """All languages of one reply, German among them. `is_own` says that the German text is the agency's."""

    name: str
    texts: Mapping[str, str]
    is_own: bool

    @property
    def german(self) -> str:
        """What staff read before it goes out in another language."""
        return self.texts[BASE_LANGUAGE]

    @property
    def other_languages(self) -> list[str]:
        """Those beside German."""
        return sorted(set(self.texts) - {BASE_LANGUAGE})


def on_shelf(shipped: Mapping[str, Mapping[str, str]], own: Iterable[ReplyText]) -> dict[str, CannedReply]:
    """All replies of an agency by name, in order of names: those that ship, and its own texts over them.

    Under an own German text nothing that ships counts, for its translations say something else.
    """
    kept: dict[str, dict[str, str]] = {}
    for each in own:
        kept.setdefault(each.name, {})[each.language] = each.text
    found: dict[str, CannedReply] = {}
    for name in sorted(shipped.keys() | kept.keys()):
        mine = kept.get(name, {})
        is_own = BASE_LANGUAGE in mine
        texts = mine if is_own else {**shipped.get(name, {}), **mine}
        if texts.get(BASE_LANGUAGE, PUT_AWAY) != PUT_AWAY:
            found[name] = CannedReply(name, texts, is_own)
    return found
