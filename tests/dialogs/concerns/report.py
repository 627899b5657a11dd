# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How well messages are recognised: `python -m tests.dialogs.concerns.report [--misses] [FILE.tsv ...]`.

One table a language: a row for the level that people gave, a column for the level that the rules find.
Without files: those that the rules have never seen, plain messages (`plain_*`) apart from those that were
written to be hard. `--misses` lists what was found too low, or found where nothing is; whoever writes rules
must not ask for it on the unseen ones.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from pathlib import Path

from dialogs.concerns import detect
from dialogs.scales import Level

UNSEEN = Path(__file__).parent / "unseen"
PLAIN = "plain"
"""So begin the names of files whose messages are plain, as a fair tester would choose them."""
_APART = frozenset({"everyday", "lookalike"})


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.dialogs.concerns.report", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="list them, by category")
    given = parser.parse_args()
    files = sorted(given.files or UNSEEN.glob("*.tsv"))
    plain = [row for file in files if file.name.startswith(PLAIN) for row in _rows(file)]
    others = [row for file in files if not file.name.startswith(PLAIN) for row in _rows(file)]
    found = {id(row): detect(row["text"], row["lang"]) for row in plain + others}
    for kind, those in (("plain", plain), ("hard" if plain else "", others)):
        for language in sorted({row["lang"] for row in those}):
            mine = [row for row in those if row["lang"] == language]
            print(_table(f"{language} {kind}", [(row, found[id(row)].level) for row in mine]))
    if given.misses:
        for row in sorted(plain + others, key=lambda row: (row["level"], row.get("category", ""))):
            hit = found[id(row)]
            wanted = Level(row["level"])
            if hit.level.rank < wanted.rank or (wanted is Level.R0 and hit.level is not Level.R0):
                rules = ",".join(sorted({each.rule for each in hit.hits}))
                print(wanted, hit.level, row.get("category", ""), row["id"], rules, row["text"], sep="\t")
    return 0


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quotechar='"'))


def _table(name: str, pairs: list[tuple[dict[str, str], Level]]) -> str:
    counts = Counter((_row_of(row), level) for row, level in pairs)
    lines = [f"{name:14}" + "".join(f"{level:>6}" for level in Level) + "   as grave or graver"]
    for wanted in sorted({key for key, _ in counts}, reverse=True):
        least = Level(wanted[:2])
        of = sum(count for (key, _), count in counts.items() if key == wanted)
        reached = sum(n for (key, got), n in counts.items() if key == wanted and got.rank >= least.rank)
        right = counts[wanted, Level.R0] if least is Level.R0 else reached
        cells = "".join(f"{counts[wanted, level]:6}" for level in Level)
        lines.append(
            f"{wanted:14}{cells}   {right / of:.3f} of {of}" + (" quiet" if least is Level.R0 else "")
        )
    return "\n".join(lines) + "\n"


def _row_of(row: dict[str, str]) -> str:
    """The level that people gave; what only looks grave stands apart from everyday matters."""
    category = row.get("category") or ""
    return f"{row['level']} {category}" if row["level"] == Level.R0 and category in _APART else row["level"]


if __name__ == "__main__":
    sys.exit(main())
