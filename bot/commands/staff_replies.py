# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff replies`: texts that staff keep ready for participants, in several languages."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.console_io import AgencyOption, fail, in_storage, put, read_settings
from bot.domain.canned_replies import BASE_LANGUAGE, CannedReply, ReplyText
from bot.services import canned_replies
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="Texts kept ready for answers to participants.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Like rueckruf; staff type: /vorlage rueckruf.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    name: Name,
    text: Annotated[str, typer.Option(help="What the participant reads; the sender's name goes before it.")],
    language: Annotated[
        str, typer.Option(help="Its language, like en or uk; German comes first.")
    ] = BASE_LANGUAGE,
    agency: AgencyOption = "",
    as_json: AsJson = False,
) -> None:
    """Add a text, or change the one of that name and language."""
    now, new = SystemClock().now(), ReplyText(name, language, text)
    kept = in_storage(
        read_settings(),
        lambda uow, rules: canned_replies.keep_reply(uow, rules, rules.home, new, now),
        agency=agency,
    )
    changed_german = language.partition("-")[0].casefold() == BASE_LANGUAGE
    shown: dict[str, object] = {"name": kept.name, "languages": _languages(kept)}
    # A changed German text may say something else than its translations.
    shown["check"] = kept.other_languages if changed_german else []
    put(shown if as_json else _in_words(shown), as_json=as_json, title="Kept")


@app.command("list")
def list_(agency: AgencyOption = "", as_json: AsJson = False) -> None:
    """Every text, those that ship with Lotse and the agency's own."""
    found = in_storage(
        read_settings(), lambda uow, rules: canned_replies.replies(uow, rules, rules.home), agency=agency
    ).values()
    if not found and not as_json:
        fail("there are none; begin with: lotse staff replies add rueckruf --text '...'")
    rows = [
        {
            "name": each.name,
            "from": "agency" if each.is_own else "lotse",
            **({"texts": dict(each.texts)} if as_json else dict(sorted(each.texts.items()))),
        }
        for each in found
    ]
    put(rows, as_json=as_json, title="Replies")


@app.command()
def remove(
    name: Name,
    language: Annotated[str, typer.Option(help="Only this language; all of them if left out.")] = "",
    agency: AgencyOption = "",
    as_json: AsJson = False,
) -> None:
    """Take a text away. One that ships with Lotse is put away; `restore` brings it back."""
    now = SystemClock().now()
    in_storage(
        read_settings(),
        lambda uow, rules: canned_replies.remove_reply(uow, rules, rules.home, name, language, now),
        agency=agency,
    )
    put({"name": name, "removed": language or "all languages"}, as_json=as_json, title="Removed")


@app.command()
def restore(name: Name, agency: AgencyOption = "", as_json: AsJson = False) -> None:
    """Have a text as it ships with Lotse again, in place of the agency's own."""
    now = SystemClock().now()
    kept = in_storage(
        read_settings(),
        lambda uow, rules: canned_replies.restore_reply(uow, rules, rules.home, name, now),
        agency=agency,
    )
    shown: dict[str, object] = {"name": kept.name, "languages": _languages(kept)}
    put(shown if as_json else _in_words(shown), as_json=as_json, title="Restored")


def _languages(reply: CannedReply) -> list[str]:
    return [BASE_LANGUAGE, *reply.other_languages]


def _in_words(shown: dict[str, object]) -> dict[str, object]:
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in shown.items()}
