# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Loading score packs from a folder of the site: one folder a pack with `score.yaml`, `LICENSE` and `NOTICE`.

None ships with Lotse, and none is loaded unless the site names the folder.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable

from dialogs.fields import Fields, Notes
from dialogs.instruments.wordings import read_text
from dialogs.problems import DialogError, Problem
from dialogs.score_packs.model import ScorePack
from dialogs.score_packs.parse import parse_score
from dialogs.yaml_source import read_yaml

_PAPERS = {
    "LICENSE": "Add the licence that the site holds; without one the score is not used.",
    "NOTICE": "Add whose it is, and the credit they ask for.",
}


def load_score_packs(shelf: Traversable) -> dict[str, ScorePack]:
    """All packs of a folder, by id. Raises `DialogError` with everything that is wrong with any of them."""
    packs: dict[str, ScorePack] = {}
    problems: list[Problem] = []
    for name in sorted(one.name for one in shelf.iterdir() if one.is_dir() and one.name[0] not in "._"):
        try:
            packs[name] = _load(shelf / name, name)
        except DialogError as error:
            problems += error.problems
    if problems:
        raise DialogError(problems)
    return packs


def _load(folder: Traversable, name: str) -> ScorePack:
    file = f"{name}/score.yaml"
    papers = [
        Problem(f"{name}/{paper}", 1, 1, "the file is missing or empty", remedy)
        for paper, remedy in _PAPERS.items()
        if not (folder / paper).is_file() or not (folder / paper).read_bytes().strip()
    ]
    mapping, unread = read_yaml(read_text(folder / "score.yaml", file), file)
    notes = Notes(file, [*papers, *unread])
    pack = parse_score(Fields(mapping, "", notes))
    if pack.id and pack.id != name:
        remedy = f"Write score: {name}, or rename the folder."
        notes.problem(mapping, f"the folder's name is '{name}'", remedy)
    if notes.problems:
        raise DialogError(notes.problems)
    return pack
