# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts kept ready, in the staff's messenger: `/vorlagen`, `/vorlage NAME`, and "Vorlagen" while replying.

Nothing goes out before the staff member has seen it in German and in the person's language, and has pressed
"Senden". What was shown is what is sent: a text that was changed meanwhile is shown again.
"""

from __future__ import annotations

import hashlib

from bot.domain.canned_replies import BASE_LANGUAGE, CannedReply
from bot.domain.concerns import Concern
from bot.domain.messages import Body, Key
from bot.services import handle_concern as handle
from bot.services.canned_replies import replies, reply_name
from bot.services.case_card import in_rows
from bot.services.desk import Desk
from bot.services.typed_words import CANNED, case_in_sight
from bot.texts import mark

_SHOWN = 20
_BEGINNING = 70
_MARK_LENGTH = 8


def show_all(desk: Desk, _: str) -> None:
    """`/vorlagen`: every text that is kept ready; with buttons if it is clear for whom."""
    _list(desk, case_in_sight(desk))


def show_one(desk: Desk, typed: str) -> None:
    """`/vorlage NAME`: the text in the language of whoever is written to, to be confirmed."""
    concern = case_in_sight(desk)
    if not typed:
        _list(desk, concern)
        return
    found = _find(desk, typed)
    if found is None:
        line = desk.voice.say("Eine Vorlage „{name}“ gibt es nicht. Alle zeigt /vorlagen.", name=typed[:40])
        desk.tell(line)
    elif concern is None:
        desk.tell(
            desk.voice.say(
                "Ich weiß nicht, für wen das ist. Bitte drücken Sie bei der Meldung auf „Antworten“. "
                "Es wurde nichts gesendet."
            )
        )
    else:
        _confirm(desk, concern, found)


def offer(desk: Desk, concern: Concern, name: str, _: str) -> str:
    """The button "Vorlagen" of a case, or one with a name. Returns what is shown over it."""
    if not name:
        _list(desk, concern)
        return ""
    found = replies(desk.uow, desk.rules, desk.agency.id).get(name)
    if found is None:
        return desk.voice.say("Diese Vorlage gibt es nicht mehr.")
    _confirm(desk, concern, found)
    return ""


def send(desk: Desk, concern: Concern, argument: str, message: str) -> str:
    """The button "Senden" under what was shown. Returns what is shown over it."""
    name, _, rest = argument.partition(":")
    language, _, shown = rest.partition(":")
    if desk.staff.focus != f"{CANNED}:{concern.id}":
        # A second tap, or something else was begun since.
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    found = replies(desk.uow, desk.rules, desk.agency.id).get(name)
    if found is None:
        return desk.voice.say("Diese Vorlage gibt es nicht mehr.")
    text = found.texts.get(language, "")
    if _digest(text) != shown:
        _confirm(desk, concern, found, edit=message)
        return desk.voice.say("Die Vorlage wurde inzwischen geändert. Bitte lesen Sie sie noch einmal.")
    if handle.reply(desk, concern, text) and message:
        line = desk.voice.say("Fall {case}: Vorlage „{name}“", case=concern.case_code, name=name)
        desk.tell(Body("\n\n".join([line, _quoted(text)])), concern_id=concern.id, edit=message)
    return ""


def _list(desk: Desk, concern: Concern | None) -> None:
    say = desk.voice.say
    found = list(replies(desk.uow, desk.rules, desk.agency.id).values())
    if not found:
        desk.tell(say("Es sind noch keine Vorlagen da. Leitung und Verwaltung können welche anlegen."))
        return
    lines = [_line(desk, each) for each in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(say("Außerdem: {names}", names=", ".join(each.name for each in found[_SHOWN:])))
    if concern is None:
        hint = say("Zum Senden drücken Sie bei der Meldung auf „Antworten“ und dann auf „Vorlagen“.")
        desk.tell("\n".join([*lines, "", hint]))
        return
    head = say("Fall {case}: Welche Vorlage?", case=concern.case_code)
    keys = [Key(each.name, f"s:{concern.id}:canned:{each.name}") for each in found]
    rows = tuple(tuple(row) for row in in_rows(keys))
    desk.tell(Body("\n".join([head, "", *lines]), rows), concern_id=concern.id)


def _line(desk: Desk, reply: CannedReply) -> str:
    text = " ".join(reply.german.split())
    if len(text) > _BEGINNING:
        text = text[:_BEGINNING].rpartition(" ")[0] + " …"
    languages = ", ".join(reply.other_languages)
    end = f" ({languages})" if languages else ""
    return f"**{reply.name}** – {text}{end}"


def _find(desk: Desk, typed: str) -> CannedReply | None:
    """The reply of that name, or the only one whose name begins so."""
    every = replies(desk.uow, desk.rules, desk.agency.id)
    name = reply_name(typed)
    if not name or name in every:
        return every.get(name)
    found = [each for each in every.values() if each.name.startswith(name)]
    return found[0] if len(found) == 1 else None


def _confirm(desk: Desk, concern: Concern, reply: CannedReply, edit: str = "") -> None:
    contact = desk.uow.people.contact_of(concern.participant_id)
    refusal = handle.why_not_reply(desk, contact, reply.german, concern)
    if refusal or contact is None:
        desk.tell(refusal, concern_id=concern.id)
        return
    wanted = contact.participant.language.partition("-")[0]
    language = wanted if wanted in reply.texts else BASE_LANGUAGE
    label = mark("Senden") if language == wanted else mark("Auf Deutsch senden")
    action = f"say:{reply.name}:{language}:{_digest(reply.texts[language])}"
    desk.focus(f"{CANNED}:{concern.id}")
    keys = (
        (desk.key(concern.id, label, action),),
        (
            desk.key(concern.id, mark("Andere Vorlage"), "canned"),
            desk.key(concern.id, mark("Selbst schreiben"), "reply"),
        ),
    )
    body = Body(_shown(desk, concern, reply, wanted), keys)
    desk.tell(body, concern_id=concern.id, edit=edit)


def _shown(desk: Desk, concern: Concern, reply: CannedReply, wanted: str) -> str:
    """What would go out, and what it means in German."""
    say, case = desk.voice.say, concern.case_code
    german = _quoted(reply.german)
    if wanted == BASE_LANGUAGE:
        return "\n\n".join([say("Fall {case}: Das ginge hinaus:", case=case), german])
    language = desk.voice.language_name(wanted) or wanted
    if wanted in reply.texts:
        head = say("Fall {case}: Das ginge hinaus, auf {language}:", case=case, language=language)
        return "\n\n".join([head, _quoted(reply.texts[wanted]), say("Auf Deutsch heißt das:"), german])
    head = say(
        "Fall {case}: Diese Vorlage fehlt auf {language}. Sie können den deutschen Text senden:",
        case=case,
        language=language,
    )
    return f"{head}\n\n{german}"


def _quoted(text: str) -> str:
    return f"„{text}“"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_LENGTH]
