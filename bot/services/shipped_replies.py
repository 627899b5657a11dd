# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The texts that ship for staff to send. Whoever sends one has read it and means it: nothing here is said by
the program, and nothing is promised that only somebody else could keep.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.canned_replies import BASE_LANGUAGE
from bot.texts import Texts, mark

SHIPPED: Mapping[str, str] = {
    "gelesen": mark("Danke, dass Sie mir geschrieben haben. Ich habe Ihre Nachricht gelesen."),
    "wie-geht-es": mark("Guten Tag, ich denke an Sie. Wie geht es Ihnen gerade?"),
    "anrufen": mark(
        "Ich möchte gern mit Ihnen sprechen. Wann passt Ihnen ein Anruf, und unter welcher Nummer?"
    ),
    "nicht-erreicht": mark(
        "Ich habe versucht, Sie zu erreichen. Kein Problem, dass es nicht geklappt hat. "
        "Schreiben Sie mir gern, wann es Ihnen passt."
    ),
    "termin": mark("Lassen Sie uns einen Termin finden. An welchen Tagen passt es Ihnen gut, und wann?"),
    "nicht-da": mark(
        "Schade, dass wir uns nicht gesehen haben. Wie geht es Ihnen? Wollen wir einen neuen Termin finden?"
    ),
    "brief": mark(
        "Sie haben einen Brief oder ein Formular, das Ihnen Mühe macht? Damit müssen Sie nicht allein "
        "bleiben. Schreiben Sie mir, worum es geht."
    ),
    "keine-eile": mark("Lassen Sie sich Zeit. Es muss nicht heute sein."),
    "freut-mich": mark("Das freut mich sehr. Danke, dass Sie mir das erzählen."),
    "schwere-zeit": mark(
        "Das klingt schwer. Danke, dass Sie es mir schreiben. Was würde Ihnen heute ein wenig helfen?"
    ),
    "hilfe": mark(
        "Wenn es zu viel wird, warten Sie bitte nicht auf mich: Schreiben Sie hier „Hilfe“, dann kommen "
        "sofort Nummern, unter denen Tag und Nacht ein Mensch da ist. In Lebensgefahr: 112."
    ),
    "bis-bald": mark(
        "Danke für das Gespräch. Schreiben Sie hier, wann Sie möchten. Ich lese nicht immer sofort."
    ),
}


def shipped_replies(texts: Texts) -> dict[str, dict[str, str]]:
    """By name and language: German, and every language whose catalogue has the text."""
    found = {name: {BASE_LANGUAGE: german} for name, german in SHIPPED.items()}
    for language in texts.languages:
        voice = texts.voice(language)
        for name, german in SHIPPED.items():
            if voice.say(german) != german:
                found[name][language] = voice.say(german)
    return found
