# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From templates to pages. Everything is escaped; only what this module marks becomes markup."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.domain.pictures import Picture
from bot.services.rulebook import Rulebook
from bot.texts import SOURCE_LANGUAGE, Voice
from bot.web.office import Office
from bot.web.security import PICTURES, form_token

HERE = Path(__file__).parent
STATIC = HERE / "static"
#: Where the quick exit leads if the agency has chosen nothing: a page that anybody may have open.
_NEUTRAL = "https://www.wikipedia.org/"

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
# Emergency numbers as our texts print them, and numbers with an area code. Never inside a longer number.
_PHONE = re.compile(r"(?<![\d.,:/+-])(?:112|116 ?\d{3}|0\d{2,4}[ /]\d(?:[ ]?\d){4,10})(?![\d]|[.,:]\d)")
# The one address on the web that our texts print.
_HELP_CHAT = re.compile(r"\bonline\.telefonseelsorge\.de\b")


class _Compiled(BytecodeCache):
    """Templates as they were compiled: once in a process, however many agencies' pages it holds."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from the same words, if anything."""
        known = self._codes.get((bucket.key, bucket.checksum))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next one."""
        self._codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class View:
    """Renders the templates of the pages."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
        )
        self._templates.globals |= {
            "asset": asset,
            "fresh_id": lambda: secrets.token_hex(16),
            "picture": office.pictures.find,
            "picture_address": picture_address,
        }
        self._templates.filters["rich"] = rich

    @property
    def rules(self) -> Rulebook:
        """The rules as they are now."""
        return self._office.rules()

    def voice(self, language: str) -> Voice:
        """The texts in a language."""
        return self.rules.voice(language)

    def guest_voice(self, request: Request) -> Voice:
        """The texts for somebody whom we do not know, as their browser asks for; else German."""
        languages = self.rules.texts.languages
        for wish in request.headers.get("accept-language", "").split(","):
            tag = wish.partition(";")[0].strip().lower()
            if tag.partition("-")[0] in languages:
                return self.voice(tag)
        return self.voice(SOURCE_LANGUAGE)

    def page(
        self, template: str, voice: Voice, status: int = HTTPStatus.OK, *, secret: str = "", **fields: Any
    ) -> HTMLResponse:
        """A page or a part of one. `secret` is the browser's, for the tokens of its forms."""
        html = self._templates.get_template(template).render(
            say=voice.say,
            language=voice.language,
            direction=direction(voice.language),
            token=form_token(secret),
            demo=self._office.demo is not None,
            leave_to=self.rules.page.leave_to or _NEUTRAL,
            **fields,
        )
        return HTMLResponse(html, status)

    def kind_word(
        self, voice: Voice, status: int, title: str, text: str, *, to: str = "", first: str = ""
    ) -> HTMLResponse:
        """A page for what cannot be done, with the numbers for help.

        `to` is where a button leads; `first` stands before anything else.
        """
        return self.page("message.html", voice, status, title=title, text=text, to=to, first=first)


def rich(text: str, phones: bool = True) -> Markup:
    """A message as markup: escaped, with its **bold** marks, and its telephone numbers to tap."""
    escaped = str(escape(text))
    if phones:
        escaped = _HELP_CHAT.sub(
            r'<a href="https://\g<0>" rel="noreferrer">\g<0></a>', _PHONE.sub(_dial, escaped)
        )
    return Markup(_BOLD.sub(r"<strong>\1</strong>", escaped))  # noqa: S704  (escaped above)


@lru_cache(maxsize=64)
def direction(language: str) -> str:
    """`rtl` for languages that are written from right to left, else `ltr`."""
    try:
        return str(Locale.parse(language.partition("-")[0]).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """The address of one of our files, with a mark that changes when the file does."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def picture_address(picture: Picture) -> str:
    """Where a dialog's picture is, with a mark that changes when it does."""
    return f"{PICTURES}{picture.name}?v={picture.digest[:12]}"


def _dial(found: re.Match[str]) -> str:
    number = found.group(0)
    digits = re.sub(r"\D", "", number)
    return f'<a href="tel:{digits}">{number}</a>'
