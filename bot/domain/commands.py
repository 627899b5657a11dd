# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that mean the same in every state of every dialog."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: What keyboards put around words without anybody seeing it, above all where Arabic or Persian is written.
INVISIBLE: Final = (
    "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)

_START_WORDS = frozenset(
    (
        *("start", "starten", "wieder anfangen", "neu anfangen", "wieder starten", "weitermachen mit lotse"),
        *("start again", "begin again", "restart", "старт", "почати знову", "начать снова", "başla", "basla"),
        *("yeniden başla", "ابدأ", "شروع", "zacznij", "zacznij od nowa"),
    )
)

_DIALOGS = {
    "hilfe": "help_now",
    "help": "help_now",
    "hilfe sofort": "help_now",
    "soforthilfe": "help_now",
    "help now": "help_now",
    "notfall": "help_now",
    "emergency": "help_now",
    "sos": "help_now",
    "pause": "pause",
    "checkin": "weekly_checkin",
    "check-in": "weekly_checkin",
    "sprache": "language",
    "language": "language",
    "мова": "language",
    "язык": "language",
    "dil": "language",
    "لغة": "language",
    "زبان": "language",
    "język": "language",
    "meinedaten": "my_data",
    "meine daten": "my_data",
    "my data": "my_data",
    "mydata": "my_data",
    "stimmtnicht": "not_right",
    "stimmt nicht": "not_right",
    "das stimmt nicht": "not_right",
    "da stimmt etwas nicht": "not_right",
    "berichtigen": "not_right",
    "berichtigung": "not_right",
    "daten berichtigen": "not_right",
    "notright": "not_right",
    "that is not right": "not_right",
    "correct my data": "not_right",
    "einschränken": "restrict",
    "einschraenken": "restrict",
    "nur aufbewahren": "restrict",
    "daten einschränken": "restrict",
    "restrict": "restrict",
    "restrict my data": "restrict",
    "löschen": "delete_me",
    "loeschen": "delete_me",
    "alles löschen": "delete_me",
    "alles loeschen": "delete_me",
    "daten löschen": "delete_me",
    "meine daten löschen": "delete_me",
    "bitte alles löschen": "delete_me",
    "lösch alles": "delete_me",
    "lösche alles": "delete_me",
    "löschen sie alles": "delete_me",
    "delete": "delete_me",
    "delete everything": "delete_me",
    "delete all": "delete_me",
    "delete my data": "delete_me",
    "delete me": "delete_me",
    "behalten": "delete_me",
    "nicht löschen": "delete_me",
    "doch nicht löschen": "delete_me",
    "keep": "delete_me",
    "keep my data": "delete_me",
    "do not delete": "delete_me",
    "einwilligung": "my_consents",
    "einwilligungen": "my_consents",
    "meine einwilligung": "my_consents",
    "meine einwilligungen": "my_consents",
    "meineeinwilligungen": "my_consents",
    "meine zustimmung": "my_consents",
    "meine zustimmungen": "my_consents",
    "zustimmung zurückziehen": "my_consents",
    "zustimmung widerrufen": "my_consents",
    "einwilligung zurückziehen": "my_consents",
    "einwilligung widerrufen": "my_consents",
    "einwilligungen ändern": "my_consents",
    "widerruf": "my_consents",
    "consent": "my_consents",
    "consents": "my_consents",
    "my consent": "my_consents",
    "my consents": "my_consents",
    "myconsents": "my_consents",
    "withdraw consent": "my_consents",
    "withdraw my consent": "my_consents",
    "hilfeplan": "help_plan",
    "mein hilfeplan": "help_plan",
    "hilfe plan": "help_plan",
    "help plan": "help_plan",
    "helpplan": "help_plan",
    "my help plan": "help_plan",
    "profil": "conversation_profile",
    "mein profil": "conversation_profile",
    "gesprächsprofil": "conversation_profile",
    "gespraechsprofil": "conversation_profile",
    "profile": "conversation_profile",
    "my profile": "conversation_profile",
    "mappe": "hand_over",
    "meine mappe": "hand_over",
    "überleitung": "hand_over",
    "pack": "hand_over",
    "my pack": "hand_over",
    "handover": "hand_over",
    "erwartungen": "expectations",
    "meine erwartungen": "expectations",
    "wer erwartet was": "expectations",
    "expectations": "expectations",
    "my expectations": "expectations",
    "gruppe": "group_invitation",
    "gruppen": "group_invitation",
    "meine gruppe": "group_invitation",
    "meine gruppen": "group_invitation",
    "group": "group_invitation",
    "groups": "group_invitation",
    "my group": "group_invitation",
    "my groups": "group_invitation",
    "vermittlung": "referral",
    "vermittlungen": "referral",
    "meine vermittlung": "referral",
    "meine vermittlungen": "referral",
    "referral": "referral",
    "referrals": "referral",
    "my referral": "referral",
    "my referrals": "referral",
    "antrag": "application",
    "anträge": "application",
    "antraege": "application",
    "mein antrag": "application",
    "meine anträge": "application",
    "meine antraege": "application",
    "application": "application",
    "applications": "application",
    "my application": "application",
    "my applications": "application",
    "mitkommen": "come_along",
    "kommen sie mit": "come_along",
    "kommen sie mit zum termin": "come_along",
    "comealong": "come_along",
    "come along": "come_along",
    "come with me": "come_along",
    "mein plan": "safety_plan",
    "meinplan": "safety_plan",
    "notfallplan": "safety_plan",
    "krisenplan": "safety_plan",
    "my plan": "safety_plan",
    "myplan": "safety_plan",
}

#: What brings a question back that was put off with "later".
_GOING_ON = frozenset(
    (
        *("weiter", "weitermachen", "fortsetzen", "jetzt", "continue", "go on", "now"),
        *("далі", "дальше", "devam", "متابعة", "ادامه", "dalej"),
    )
)

_COURTESY = frozenset(
    (
        *("danke", "dankeschön", "danke schön", "vielen dank", "danke ihnen", "danke dir", "merci"),
        *("ok", "okay", "gut", "alles klar", "alles gut", "super", "prima", "tschüss", "bis dann"),
        *("thanks", "thank you", "thx", "bye"),
    )
)

#: Pictures that say no more than thanks, goodbye or a laugh.
_KIND_PICTURES = frozenset(
    "👍👌👏🙏🤝👋✌🤗🙂😊☺😀😃😄😁😉😌😇😎🥰😍😘🥳🎉❤♥🧡💛💚💙💜🤍☀🌞🌻🌷🌸🌹💐🍀⭐✨✅✔😂🤣😅😆😜😋"
)
#: A sad face that is typed, and the cross of the dead: marks like others, but no thanks.
_SAD_MARKS = re.compile(r"[:;=]['’´`]?-?[(\[{/\\|]|†")
#: Of what pictures are made: the sign, its colour of skin, and what joins or varies it.
_OF_PICTURES = frozenset({"So", "Sk", "Mn", "Cf"})


def plain(text: str) -> str:
    """`text` as one compares it: composed, caseless, without marks around it. Only for short texts."""
    composed = unicodedata.normalize("NFKC", text).casefold().strip()
    return composed.strip(f"/.!?,;:…*\"'»«„“”() \ufe0f{INVISIBLE}").replace("_", " ")


def is_start(text: str) -> bool:
    """Whether the whole message is a word that begins anew."""
    return len(text) <= 40 and plain(text) in _START_WORDS


def dialog_for(text: str) -> str | None:
    """The dialog that a command or its plain word opens, or None."""
    return _DIALOGS.get(plain(text)) if len(text) <= 40 else None


def is_going_on(text: str) -> bool:
    """Whether the whole message says that what was put off may go on now."""
    return len(text) <= 40 and plain(text) in _GOING_ON


def is_courtesy(text: str) -> bool:
    """Whether the message only thanks or says goodbye, so that nobody has to be called for it."""
    if len(text) > 40 or _SAD_MARKS.search(text):
        return False
    bare = plain(text)
    if bare in _COURTESY:
        return True
    # "Danke 😊" thanks as well; what a sad face, a knife or "???" means, a human sees.
    words = "".join(sign for sign in bare if unicodedata.category(sign) not in _OF_PICTURES)
    pictures = {sign for sign in bare if unicodedata.category(sign) == "So"}
    is_kind = pictures <= _KIND_PICTURES and "?" not in text
    return is_kind and (plain(words) in _COURTESY or not any(sign.isalnum() for sign in words))
