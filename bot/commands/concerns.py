# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse concerns`: look at how concerns are recognised."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from dialogs.concerns.detect import detect

app = typer.Typer(no_args_is_help=True, help="How concerns are recognised.")


@app.callback()
def concerns() -> None:
    """How concerns are recognised."""


@app.command()
def explain(
    language: Annotated[str, typer.Option(help="Language of the messages.")] = "de",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line a message.")] = False,
) -> None:
    """Read one message a line from standard input; print its level and the rules that were hit."""
    for line in sys.stdin:
        found = detect(line.rstrip("\n"), language)
        rules = [{"id": h.rule, "span": list(h.span), "level": h.level.value} for h in found.hits]
        if as_json:
            text = json.dumps({"level": found.level.value, "rules": rules}, ensure_ascii=False)
        else:
            text = f"{found.level.value}  {', '.join(str(rule['id']) for rule in rules)}"
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
