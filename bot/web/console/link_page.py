# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a one-time link shows first: one button. Messengers preview links, and what is behind it is secret."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.texts import Voice
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.sessions import Cookie, keep_secret, new_secret, read_secret

#: What the button asks for.
SHOW = "show"


def one_button(
    office: Office, view: View, request: Request, voice: Voice, cookie: Cookie, text: str
) -> Response:
    """The page; `cookie` ties its form to this browser."""
    secret = read_secret(request, cookie) or new_secret()
    title, label = voice.say("Guten Tag"), voice.say("Weiter")
    response = view.page(
        "console/mail_link.html", voice, secret=secret, title=title, text=text, label=label, action=SHOW
    )
    keep_secret(response, cookie, secret, office)
    return response
