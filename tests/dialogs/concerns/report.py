# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How well messages are recognised: `python -m tests.dialogs.concerns.report [--misses] [FILE.tsv ...]`.

One table a language: a row for the level that people gave, a column for the level that the rules find.
Without files: those that the rules have never seen. `--misses` lists what was found too low, or found where
nothing is; whoever writes rules must not ask for it on the unseen ones.
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


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.dialogs.concerns.report", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="list them, by category")
    given = parser.parse_args()
    rows = [row for file in given.files or sorted(UNSEEN.glob("*.tsv")) for row in _rows(file)]
    found = {row["id"]: detect(row["text"], row["lang"]) for row in rows}
    for language in sorted({row["lang"] for row in rows}):
        print(_table(language, [(row, found[row["id"]].level) for row in rows if row["lang"] == language]))
    if given.misses:
        for row in sorted(rows, key=lambda row: (row["level"], row.get("category", ""))):
            hit = found[row["id"]]
            wanted = Level(row["level"])
            if hit.level.rank < wanted.rank or (wanted is Level.R0 and hit.level is not Level.R0):
                rules = ",".join(sorted({each.rule for each in hit.hits}))
                print(wanted, hit.level, row.get("category", ""), row["id"], rules, row["text"], sep="\t")
    return 0


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quotechar='"'))


def _table(language: str, pairs: list[tuple[dict[str, str], Level]]) -> str:
    counts = Counter((Level(row["level"]), level) for row, level in pairs)
    lines = [f"{language:4}" + "".join(f"{level:>6}" for level in Level) + "   as grave or graver"]
    for wanted in sorted({Level(row["level"]) for row, _ in pairs}, reverse=True):
        of = sum(count for (level, _), count in counts.items() if level is wanted)
        reached = sum(n for (level, got), n in counts.items() if level is wanted and got.rank >= wanted.rank)
        right = counts[Level.R0, Level.R0] if wanted is Level.R0 else reached
        cells = "".join(f"{counts[wanted, level]:6}" for level in Level)
        lines.append(
            f"{wanted:4}{cells}   {right / of:.3f} of {of}" + (" quiet" if wanted is Level.R0 else "")
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
