# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse concerns`: look at how concerns are recognised."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.refusals import fail
from dialogs.concerns.languages import recognise
from dialogs.concerns.rule_files import RulebookError
from dialogs.concerns.rulebook import rulebook

app = typer.Typer(no_args_is_help=True, help="How concerns are recognised.")


@app.callback()
def concerns() -> None:
    """How concerns are recognised."""


@app.command()
def explain(
    language: Annotated[str, typer.Option(help="Language of the messages.")] = "de",
    rules: Annotated[Path | None, typer.Option(help="A site's own rules, beside the shipped ones.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line a message.")] = False,
) -> None:
    """Read one message a line from standard input; print its level and the rules that were hit.

    What no rule can read is R1 ('language.unread'): Lotse has a human read it.
    """
    try:
        book = rulebook(rules)
    except RulebookError as error:
        fail(f"--rules: {error}" if rules else str(error))
    for message in _messages():
        found = recognise(message, language, book)
        hits = [{"id": h.rule, "span": list(h.span), "level": h.level.value} for h in found.hits]
        if as_json:
            text = json.dumps({"level": found.level.value, "rules": hits}, ensure_ascii=False)
        else:
            text = f"{found.level.value}  {', '.join(str(rule['id']) for rule in hits)}"
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _messages() -> Iterator[str]:
    if sys.stdin is None:
        fail("standard input is closed: write one message a line to it")
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            # Some editors put a mark before the first line, which is nobody's word.
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            fail(f"line {number} of standard input is no text in UTF-8; save it as UTF-8")
        yield text.rstrip("\r\n")
