# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Loading packs from a shelf: a folder with one folder a pack, and `versions.toml` beside them.

A pack has `instrument.yaml`, `LICENSE`, `NOTICE` and, unless it is metadata-only, `wording/<language>.yaml`.
`versions.toml` holds a digest for every version, so that nothing changes under a version that was answered:

    [phq9]
    1 = "sha256 of its rules and words"

A site that holds a licence for wording that may not ship keeps it in a folder of its own, in the same shape:
`<site's folder>/<pack>/wording/de.yaml` and, beside `wording`, the permission as `LICENSE`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import msgspec

from dialogs.fields import Fields, Notes
from dialogs.instruments.model import Pack, Wording
from dialogs.instruments.parse import parse_pack
from dialogs.instruments.wordings import Words, own_problems, read_text, read_words, resolve, shipped_problems
from dialogs.problems import DialogError, Problem
from dialogs.yaml_source import Listing, Scalar, Tree, read_yaml

VERSIONS = "versions.toml"

_PAPERS = {
    "LICENSE": "Add the licence under which the pack may be used; without one it is not used.",
    "NOTICE": "Add whose it is, and the credit they ask for.",
}


@cache
def shipped_packs() -> Mapping[str, Pack]:
    """All packs that were installed with Lotse, by id, read and checked once. Raises `DialogError`."""
    return MappingProxyType(load_packs(files("dialogs").joinpath("instruments")))


def load_packs(shelf: Traversable, licensed: Traversable | None = None) -> dict[str, Pack]:
    """All packs of a shelf, by id. Raises `DialogError` with everything that is wrong with any of them."""
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    for name in sorted(one.name for one in shelf.iterdir() if one.is_dir() and one.name[0] not in "._"):
        try:
            packs[name] = load_pack(shelf, name, licensed)
        except DialogError as error:
            problems += error.problems
    if problems:
        raise DialogError(problems)
    return packs


def load_pack(shelf: Traversable, name: str, licensed: Traversable | None = None) -> Pack:
    """One pack of a shelf, with licensed wording added if there is any. Raises `DialogError`."""
    folder, file = shelf / name, f"{name}/instrument.yaml"
    problems = _papers(folder, name)
    mapping, unread = read_yaml(read_text(folder / "instrument.yaml", file), file)
    notes = Notes(file, [*problems, *unread])
    pack = parse_pack(Fields(mapping, "", notes))
    if pack.id and pack.id != name:
        notes.problem(
            mapping, f"the folder's name is '{name}'", f"Write instrument: {name}, or rename the folder."
        )
    if notes.problems:
        raise DialogError(notes.problems)
    own = read_words(folder, name)
    shared = [_shared(shelf, other, file) for other in pack.wording_from]
    wordings, problems = resolve(pack, own, shared)
    problems += [*own_problems(pack, own), *shipped_problems(pack, own, wordings)]
    if problems:
        raise DialogError(problems)
    _check_version(shelf, pack, _digest(mapping, wordings))
    bought = _licensed(pack, licensed / name) if licensed is not None else {}
    return msgspec.structs.replace(pack, wordings=bought | wordings)


def _papers(folder: Traversable, name: str) -> list[Problem]:
    return [
        Problem(f"{name}/{paper}", 1, 1, "the file is missing or empty", remedy)
        for paper, remedy in _PAPERS.items()
        if not (folder / paper).is_file() or not (folder / paper).read_bytes().strip()
    ]


def _shared(shelf: Traversable, other: str, file: str) -> Words:
    words = read_words(shelf / other, other)
    if not words:
        what = f"'{other}' under wording_from has no wording"
        raise DialogError([Problem(file, 1, 1, what, "Name a pack that lies on the same shelf.")])
    return words


def _licensed(pack: Pack, folder: Traversable) -> dict[str, Wording]:
    """A site's wording for this pack; none if there is none. It cannot replace words that ship."""
    own = read_words(folder, pack.id)
    if not own:
        return {}
    problems = [problem for problem in _papers(folder, pack.id) if problem.file.endswith("/LICENSE")]
    wordings, incomplete = resolve(pack, own, [])
    problems += [*incomplete, *own_problems(pack, own)]
    if problems:
        raise DialogError(problems)
    return wordings


def _check_version(shelf: Traversable, pack: Pack, digest: str) -> None:
    known = _versions(shelf).get(pack.id, {})
    file, line = f"{pack.id}/instrument.yaml", f'{pack.version} = "{digest}"'
    recorded = known.get(str(pack.version)) if isinstance(known, dict) else None
    if recorded is None:
        what, remedy = (
            f"version {pack.version} is not recorded",
            f"Write under [{pack.id}] in {VERSIONS}: {line}",
        )
        raise DialogError([Problem(file, 1, 1, what, remedy)])
    if recorded != digest:
        what = f"the pack has changed, but is still version {pack.version}"
        raise DialogError([Problem(file, 1, 1, what, "Take the change back, or raise the version.")])


def _versions(shelf: Traversable) -> dict[str, object]:
    if not (shelf / VERSIONS).is_file():
        return {}
    try:
        return tomllib.loads(read_text(shelf / VERSIONS, VERSIONS))
    except tomllib.TOMLDecodeError:
        what, remedy = (
            "this is not readable as TOML",
            "Write [pack] and below it: 1 = and the digest in quotes.",
        )
        raise DialogError([Problem(VERSIONS, 1, 1, what, remedy)]) from None


def _digest(mapping: Tree, wordings: Mapping[str, Wording]) -> str:
    """Over the file as it is understood (no comments, no spacing) and every word that is shown."""
    content = [_plain(mapping), [_said(wordings[language]) for language in sorted(wordings)]]
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _said(wording: Wording) -> list[object]:
    """Field by field, so that a digest outlives a new field."""
    return [wording.language, wording.intro, wording.lead, wording.items, wording.answers]


def _plain(tree: Tree) -> object:
    """Maps as lists of pairs: their order is the order in which items are asked."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Listing):
        return [_plain(one) for one in tree.items]
    return [[key, _plain(entry.value)] for key, entry in tree.entries.items()]
