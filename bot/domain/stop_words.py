# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words that end contact: one of them in any language, with typos, and nothing else (promise P4).

The whole message must say it. What only contains such a word ("ich will nicht stoppen", "Haltestelle Stop")
says something else, and a message that is taken for an end by accident would cost a person their contact.
"""

from __future__ import annotations

import re
import unicodedata

from bot.domain.commands import INVISIBLE

_LONGEST = 80
#: One word that is enough. Short ones (dur, قف) only as they are, longer ones also with a typo.
WORDS = frozenset(
    (
        *("stop", "stopp", "stoppen", "stoppe", "stoppt", "aufhören", "aufhoeren", "abmelden", "abbestellen"),
        *("unsubscribe", "optout", "opt-out", "stp", "stpp"),
        *("стоп", "стій", "зупинись", "зупиніться", "припини", "припиніть", "остановись", "прекрати"),
        *("прекратите", "відписатися", "отписаться", "досить"),
        *("dur", "durdur", "durdurun", "durun"),
        *("توقف", "قف", "توقفوا", "ایست", "قطع", "stopuj", "przestań", "przestan", "przestańcie"),
        *("zatrzymaj", "wypisz"),
    )
)
#: What is enough as a sentence, once the words that only frame it are left out.
_SENTENCES = frozenset(
    (
        *("hör auf", "hören sie auf", "hör auf zu schreiben", "hören sie auf zu schreiben"),
        *("hör auf mit schreiben", "hör auf mit nachrichten", "hör auf mit den nachrichten"),
        *("hör auf nachrichten zu schreiben", "hör auf nachrichten zu schicken", "hör auf zu nerven"),
        *("hören sie auf nachrichten zu schicken", "hören sie auf nachrichten zu schreiben"),
        *("keine nachrichten mehr", "keine nachricht mehr", "keine nachrichten", "nachrichten stoppen"),
        *("keine nachrichten mehr bekommen", "keine nachrichten mehr erhalten", "keine nachrichten bekommen"),
        *("keine nachrichten mehr schicken", "keine nachrichten mehr senden", "keine nachrichten schicken"),
        *("nicht mehr schreiben", "nicht mehr anschreiben", "nichts mehr schreiben", "nichts mehr schicken"),
        *("schreib nicht mehr", "schreiben sie nicht mehr", "schreibt nicht mehr", "schreibe nicht mehr"),
        *("nicht mehr angeschrieben werden", "keinen kontakt mehr", "kein kontakt mehr", "keine sms mehr"),
        *("lass in ruhe", "lassen sie in ruhe", "lasst in ruhe", "in ruhe lassen", "nichts mehr hören"),
        *("von der liste nehmen", "vom bot abmelden", "kontakt beenden", "chat beenden", "kontakt stoppen"),
        *("stop messages", "stop messaging", "stop writing", "stop texting", "stop writing to", "stop it"),
        *("stop contacting", "stop sending messages", "stop the messages", "no more messages", "no messages"),
        *("leave alone", "no more texts", "no more contact", "don't write any more", "don't write anymore"),
        *("don't write to any more", "don't write to anymore", "do not write any more", "do not contact"),
        *("don't message anymore", "don't contact", "don't contact anymore", "do not write to any more"),
        *("i don't want any more messages", "i don't want messages", "don't want messages", "opt out"),
        *("don't want any more messages", "don't want any messages"),
        *("do not want messages", "do not want any more messages"),
        *("не пиши", "не пишіть", "не пиши більше", "не пишіть більше", "більше не пиши", "більше не пишіть"),
        *("не пишите", "не пишите больше", "больше не пишите", "не пиши больше", "больше не пиши"),
        *("перестань писати", "перестаньте писати", "перестань писать", "перестаньте писать"),
        *("не хочу повідомлень", "не хочу сообщений", "хватит писать", "досить писати"),
        *("yazma", "yazmayın", "artık yazma", "artık yazmayın", "mesaj atma", "mesaj atmayın"),
        *("mesaj istemiyorum", "artık mesaj istemiyorum", "bana yazma", "bana yazmayın", "rahat bırak"),
        *("nie pisz", "nie pisz więcej", "nie piszcie", "nie piszcie więcej", "przestań pisać"),
        *("przestańcie pisać", "nie chcę wiadomości", "nie chcę więcej wiadomości", "żadnych wiadomości"),
        *("لا تكتب", "لا تكتب لي", "لا تراسلني", "توقف عن الكتابة", "توقف عن المراسلة", "لا أريد رسائل"),
        *("ننویس", "دیگر ننویس", "پیام نفرستید", "دیگر پیام نفرستید", "پیام نده", "دیگر پیام نده", "بس کن"),
    )
)
#: What may stand around it without changing it. Never a "not", never a "whether", never a "when".
_FRAME = frozenset(
    (
        *("bitte", "danke", "jetzt", "sofort", "mal", "doch", "endlich", "einfach", "hallo", "lotse", "ok"),
        *("okay", "also", "nun", "ab", "ich", "möchte", "moechte", "will", "wünsche", "mir", "mich", "uns"),
        *("dir", "ihnen", "von", "euch", "hier", "damit", "so", "ja", "und", "guten", "tag", "heute"),
        *("ganz", "wirklich", "das", "alles", "dass", "es", "bot"),
        *("please", "now", "thanks", "thank", "you", "i", "want", "to", "me", "just", "hi", "hello", "the"),
        *("would", "like", "us", "immediately", "really"),
        *("пожалуйста", "будь", "ласка", "мне", "мені", "мне", "lütfen", "hemen", "şimdi", "proszę", "mnie"),
        *("do", "już", "mi", "رجاء", "من", "فضلك", "لطفا", "لطفاً"),
    )
)
#: Real words that a typo of "stop" could also be.
_NO_TYPO = frozenset(
    ("top", "topp", "spot", "stoff", "stock", "shop", "step", "stopf", "stops", "opt", "pots", "post", "sopp")
)
#: Who says that they want to do this need not mean the messages.
_OPEN = frozenset(("aufhören", "aufhoeren"))
#: Keys beside o and p, as one hits them: "stip", "st0p", "stoo".
_SLIPS = {"i": "o", "0": "o", "9": "o", "ö": "p", "ß": "o"}
_FUZZY = tuple(sorted(word for word in WORDS if len(word) >= 4))
_REPEATED = re.compile(r"(.)\1+")


def is_stop(text: str) -> bool:
    """Whether the whole message says that contact shall end."""
    if not text or len(text) > _LONGEST:
        return False
    words = _words(text)
    if not words or len(words) > 10:
        return False
    if len(words) == 1:
        return _is_word(words[0])
    if " ".join(words) in _SENTENCES:
        return True
    # "Stopp, keine Nachrichten mehr": the word and the sentence.
    if _is_word(words[0]) and " ".join(words[1:]) in _SENTENCES:
        return True
    return _in_frame(words)


def _in_frame(words: list[str]) -> bool:
    core = [word for word in words if word not in _FRAME]
    if not core:
        return False
    if all(_is_word(word) for word in core):
        # "Ich will aufhören" may be about a job, about smoking, or much worse.
        return "ich" not in words or not _OPEN & set(core)
    first = next(place for place, word in enumerate(words) if word not in _FRAME)
    # Inside a sentence only what belongs to nobody else may be left out.
    return " ".join(core) in _SENTENCES or " ".join(words[first:]) in _SENTENCES


def _words(text: str) -> list[str]:
    """The words without marks around them; a question mark stays, because a question ends nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("_", " ")
    if "?" in folded and len(folded.split()) > 1:
        return []
    found = (word.strip(f"/.!?,;:…*\"'»«„“”()-–—\ufe0f{INVISIBLE}") for word in folded.split())
    return [word for word in found if any(letter.isalnum() for letter in word)]


def _is_word(word: str) -> bool:
    if word in WORDS:
        return True
    if len(word) < 4 or word in _NO_TYPO:
        return False
    # "stoooop" and "STOPPPP" mean what they shout.
    short = _REPEATED.sub(r"\1", word)
    return any(_is_typo(word, known) or short == _REPEATED.sub(r"\1", known) for known in _FUZZY)


def _is_typo(word: str, known: str) -> bool:
    """One slip: two letters in the wrong order, a neighbouring key, or a letter of its own more or less."""
    if len(word) == len(known):
        off = [place for place in range(len(known)) if word[place] != known[place]]
        if len(off) == 1:
            place = off[0]
            return _SLIPS.get(word[place]) == known[place]
        is_pair = len(off) == 2 and off[1] == off[0] + 1
        return is_pair and word[off[0]] == known[off[1]] and word[off[1]] == known[off[0]]
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    if len(longer) != len(shorter) + 1 or len(shorter) < 4 or word[0] != known[0]:
        return False
    return any(
        longer[:place] + longer[place + 1 :] == shorter and longer[place] in known
        for place in range(len(longer))
    )
