# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words of a pack: its own, those it shares with other packs, and those a site holds a licence for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

import msgspec

from dialogs.fields import LANGUAGE, Fields, Notes
from dialogs.instruments.model import Pack, Status, Wording
from dialogs.problems import DialogError, Problem, did_you_mean
from dialogs.yaml_source import read_yaml

FOLDER = "wording"
FORMAT = 1

_REMEDY = "Write it word for word from the original."


class WordingFile(msgspec.Struct, frozen=True):
    """A file's words, and where it lies."""

    wording: Wording
    file: str
    line: int


Words = dict[str, WordingFile]
"""Language tag without region to that language's file."""


def read_text(entry: Traversable, file: str) -> str:
    """A file as text. Raises `DialogError` if it is not there or not UTF-8."""
    if not entry.is_file():
        raise DialogError([Problem(file, 1, 1, "the file is missing", "Every pack needs one.")])
    try:
        return entry.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = entry.read_bytes()[: error.start].count(b"\n") + 1
        what, remedy = "the file is not UTF-8", "Save it with the encoding UTF-8."
        raise DialogError([Problem(file, line, 1, what, remedy)]) from None


def read_words(folder: Traversable, pack: str) -> Words:
    """All of `folder/wording/`; none if there is no such folder. Raises `DialogError`."""
    words = folder / FOLDER
    if not words.is_dir():
        return {}
    entries = sorted((one for one in words.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    found: Words = {}
    for entry in entries:
        file = f"{pack}/{FOLDER}/{entry.name}"
        found[entry.name.removesuffix(".yaml")] = _read(read_text(entry, file), file, pack)
    return found


def _read(source: str, file: str, pack: str) -> WordingFile:
    mapping, problems = read_yaml(source, file)
    notes = Notes(file, problems)
    fields = Fields(mapping, "", notes)
    if fields.whole("format", 0, 0, 1_000_000) != FORMAT:
        notes.problem(fields.tree("format") or mapping, "the format is not known", "Write format: 1.")
    if fields.name("instrument", f"Write instrument: {pack}.") != pack:
        notes.problem(mapping, "these are the words of another pack", f"Write instrument: {pack}.")
    answers = fields.nested("answers")
    wording = Wording(
        language=_language(fields, file.rpartition("/")[2].removesuffix(".yaml")),
        items=_texts(fields.nested("items")),
        answers={scale: _texts(answers.nested(scale)) for scale in answers.mapping.entries}
        if answers
        else {},
        intro=_one(fields, "intro"),
        lead=_one(fields, "lead"),
    )
    fields.finish()
    if notes.problems:
        raise DialogError(notes.problems)
    items = fields.tree("items") or mapping
    return WordingFile(wording, file, items.line)


def _language(fields: Fields, stem: str) -> str:
    found = fields.scalar("language", "Write language: and its tag, for example de-DE.")
    if found is None:
        return stem
    if not LANGUAGE.fullmatch(found.text) or found.text.partition("-")[0] != stem.partition("-")[0]:
        fields.notes.problem(
            found, f"this is not the language of {stem}.yaml", "Give the file its language's name."
        )
    return found.text


def _one(fields: Fields, key: str) -> str:
    found = fields.scalar(key)
    return found.text.strip() if found else ""


def _texts(fields: Fields | None) -> dict[str, str]:
    found = {key: _one(fields, key) for key in fields.mapping.entries} if fields else {}
    return {key: text for key, text in found.items() if text}


def own_problems(pack: Pack, words: Words) -> list[Problem]:
    """Words for items, scales or answers that the pack does not have."""
    scales = {item.scale: item.answers.labelled for item in pack.items.values()}
    found: list[Problem] = []
    for file in words.values():
        odd = [(key, did_you_mean(key, pack.items)) for key in file.wording.items if key not in pack.items]
        for scale, labels in file.wording.answers.items():
            if scale not in scales:
                odd.append((scale, did_you_mean(scale, scales)))
            odd += [
                (f"{scale} {key}", "Delete it.") for key in labels if key not in scales.get(scale, labels)
            ]
        found += [
            Problem(file.file, file.line, 1, f"the pack has no '{key[:80]}'", remedy) for key, remedy in odd
        ]
    return found


def resolve(pack: Pack, own: Words, shared: list[Words]) -> tuple[dict[str, Wording], list[Problem]]:
    """The pack's wordings, put together from its own files and those of the packs it shares them with.

    Its languages are those of its own files; without any, those that all the others have. What a wording
    lacks is a problem.
    """
    sources = [own] if own else shared
    languages = set.intersection(*(set(words) for words in sources)) if sources else set()
    wordings: dict[str, Wording] = {}
    problems: list[Problem] = []
    for language in sorted(languages):
        files = [words[language] for words in (own, *shared) if language in words]
        wordings[language] = _merged(pack, [file.wording for file in files])
        problems += [
            Problem(files[0].file, files[0].line, 1, f"the wording of {what} is missing", _REMEDY)
            for what in _missing(pack, wordings[language])
        ]
        problems += _mislabelled(pack, language, files[0])
    return wordings, problems


def _merged(pack: Pack, sources: list[Wording]) -> Wording:
    """For each part, the first source that has it; what the pack does not ask is left out."""
    items = {key: next((one.items[key] for one in sources if key in one.items), "") for key in pack.items}
    scales = dict.fromkeys(item.scale for item in pack.items.values() if item.answers.labelled)
    answers = {key: next((one.answers[key] for one in sources if key in one.answers), {}) for key in scales}
    return Wording(
        language=sources[0].language,
        items={key: text for key, text in items.items() if text},
        answers={key: labels for key, labels in answers.items() if labels},
        intro=next((one.intro for one in sources if one.intro), ""),
        lead=next((one.lead for one in sources if one.lead), ""),
    )


def _missing(pack: Pack, wording: Wording) -> list[str]:
    found = [f"the item '{key}'" for key in pack.items if key not in wording.items]
    for scale, labels in {item.scale: item.answers.labelled for item in pack.items.values()}.items():
        has: Mapping[str, str] = wording.answers.get(scale, {})
        found += [f"the answer {label} of '{scale}'" for label in labels if label not in has]
    return found


def _mislabelled(pack: Pack, language: str, file: WordingFile) -> list[Problem]:
    """Changed wording may not bear a published instrument's name or figures."""
    published = any(rule.bands or rule.cutoffs for rule in pack.rules.values())
    if "-x-" not in f"{language} {file.wording.language}" or not (published or pack.is_clinical):
        return []
    what = "this is a changed wording under a published instrument's name"
    return [Problem(file.file, 1, 1, what, "Make it a pack with another name, without bands and cut-offs.")]


def shipped_problems(pack: Pack, own: Words, wordings: Mapping[str, Wording]) -> list[Problem]:
    """Whether the pack may have the words that lie in its folder, and has the ones it needs."""
    file = next((one.file for one in own.values()), f"{pack.id}/instrument.yaml")
    if pack.status is Status.METADATA_ONLY and (own or pack.wording_from):
        what = "wording may not ship with a metadata-only pack"
        return [Problem(file, 1, 1, what, "Keep it in the site's folder for licensed wording.")]
    if pack.status is not Status.METADATA_ONLY and not wordings:
        return [Problem(file, 1, 1, "there is no wording at all", f"Add {FOLDER}/de.yaml.")]
    return []
