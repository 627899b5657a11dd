# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about how a text is written: words to avoid, and Einfache Sprache (the language de-x-einfach)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.checked_words import avoided_in, checked_words
from dialogs.findings import Finding, texts_of, with_longest_forms
from dialogs.model import Dialog
from dialogs.own_words import words_for
from dialogs.rendering import PLACEHOLDER

EASY = "de-x-einfach"
MOST_WORDS = 12

_WORD = re.compile(r"\w[\w.\-’']*")
_PASSIVE = re.compile(r"\b(?:werden?|werdet|wirst|wird|wurden?|wurdest|wurdet)\b", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"\b(?!\w*(?:schaft|heit|keit)\b)(?:(?:\w{2,5})?ge\w{2,}(?:t|en)|(?:be|emp|ent|er|ver|zer)\w{3,}t)\b",
    re.IGNORECASE,
)
_GENITIVE = re.compile(
    r"\b(?:[Dd]es|(?:[Ee]|[Kk]|[Mm]|[Ss]|[Dd])eines|[Ii]hres|[Uu]nseres)\s+(?:[a-zäöüß]+\s+)?[A-ZÄÖÜ]\w*s\b"
    r"|\b(?:[Ww]egen|[Tt]rotz|[Aa]ufgrund|[Aa]nhand|[Mm]ithilfe)\b"
    r"|\b(?:[Ww]ährend|[Ii]nnerhalb|[Aa]ußerhalb)\s+(?:des|der|eine[sr]|[Ii]hre[sr]|[Uu]nsere[sr])\b"
)
_SUBJUNCTIVE = re.compile(
    r"\b(?:würden?|wären?|hätten?|könnten?|müssten?|dürften?|sollten?|bräuchten?|gäbe)\b", re.IGNORECASE
)


def avoided_words(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No text uses a word of the list in `checked_words.yaml`."""
    del book
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            for hit in avoided_in(text, language):
                yield Finding(f"{path}.{language}", f"'{hit.word}' is a word to avoid", hit.remedy)


def long_sentences(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """In Einfache Sprache a sentence has at most twelve words."""
    del book
    for path, sentence in _easy_sentences(dialog):
        count = len(_WORD.findall(PLACEHOLDER.sub("x", sentence)))
        if count > MOST_WORDS:
            what = f"the sentence '{_beginning(sentence)}' has {count} words, {MOST_WORDS} are easy to read"
            yield Finding(path, what, "Make it two sentences.")


def passive_sentences(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """In Einfache Sprache somebody does something."""
    del book
    for path, sentence in _easy_sentences(dialog):
        if _PASSIVE.search(sentence) and _has_participle(sentence):
            what = f"the sentence '{_beginning(sentence)}' does not say who does it"
            yield Finding(path, what, "Name who does it: not 'wird gelesen', but 'Ihr Coach liest'.")


def genitive_sentences(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """In Einfache Sprache nothing is anybody's by an ending: "der Brief von der Behörde".

    What is seen is what a masculine or neuter word shows ("des Amtes"); the feminine form looks like others.
    """
    del book
    for path, sentence in _easy_sentences(dialog):
        if hit := _GENITIVE.search(sentence):
            what = f"'{hit[0]}' in '{_beginning(sentence)}' is a genitive"
            yield Finding(path, what, "Write it with 'von', or as a sentence of its own.")


def subjunctive_sentences(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """In Einfache Sprache things are so, or are not: no "würde", no "könnte". "Möchten" is only polite."""
    del book
    for path, sentence in _easy_sentences(dialog):
        if hit := _SUBJUNCTIVE.search(sentence):
            what = f"'{hit[0]}' in '{_beginning(sentence)}' says only what might be"
            yield Finding(path, what, "Say what is, or ask: not 'Was würde helfen?', but 'Was hilft?'.")


def _easy_sentences(dialog: Dialog) -> Iterator[tuple[str, str]]:
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            if language.startswith(EASY):
                for sentence in sentences(with_longest_forms(text)):
                    yield f"{path}.{language}", sentence


def sentences(text: str) -> list[str]:
    """Sentences of a German text; the point in "4. Mai" and in "z. B." ends none."""
    months = "|".join(words_for("de").months)
    parts = re.split(rf"(?<!\bz\.)(?<!\bz)(?<=[.!?…])\s+(?!{months}\b)(?![a-zäöü])|\n+", text)
    return [part.strip() for part in parts if part and part.strip()]


def _has_participle(sentence: str) -> bool:
    known = checked_words().no_participle
    return any(word.casefold() not in known for word in _PARTICIPLE.findall(sentence))


def _beginning(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:4]) + (" ..." if len(words) > 4 else "")
