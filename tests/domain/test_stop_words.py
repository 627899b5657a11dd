# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One word ends contact, in every language and with typos; no other sentence does so by accident."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concerns import Level
from bot.domain.stop_words import WORDS, is_stop
from dialogs.concerns.detect import detect

ENDS = [
    ("de", "STOPP"),
    ("de", "stop"),
    ("de", "/stopp"),
    ("de", "Stopp!"),
    ("de", "stopp!!"),
    ("de", " stop. "),
    ("de", "Aufhören!"),
    ("de", "„STOPP“"),
    ("de", "stpo"),
    ("de", "sotp"),
    ("de", "STOOOP"),
    ("de", "stopppp"),
    ("de", "stp"),
    ("de", "stoppp"),
    ("de", "st0p"),
    ("de", "stip"),
    ("de", "stpop"),
    ("de", "bitte stopp"),
    ("de", "Stopp bitte"),
    ("de", "ich will stoppen"),
    ("de", "Stop jetzt!"),
    ("de", "hör auf zu schreiben"),
    ("de", "Hören Sie bitte auf zu schreiben"),
    ("de", "Hör auf mir zu schreiben"),
    ("de", "keine nachrichten mehr"),
    ("de", "Bitte keine Nachrichten mehr!"),
    ("de", "Ich möchte keine Nachrichten mehr"),
    ("de", "Schreib mir nicht mehr"),
    ("de", "Schreiben Sie mir bitte nicht mehr"),
    ("de", "Lass mich in Ruhe"),
    ("de", "Lassen Sie mich in Ruhe!"),
    ("de", "abmelden"),
    ("de", "abmeldne"),
    ("de", "aufhörne"),
    ("de", "aufhoeren"),
    ("de", "Stopp, keine Nachrichten mehr"),
    ("de", "stopp stopp stopp"),
    ("de", "ich möchte nicht mehr angeschrieben werden"),
    ("de", "Nachrichten stoppen"),
    ("de", "Kontakt beenden"),
    ("de", "stopp bitte sofort"),
    ("de", "Ich will stoppen"),
    ("de", "Guten Tag, bitte keine Nachrichten mehr"),
    ("de", "lasst mich bitte in Ruhe"),
    ("uk_ru", "СТОП"),
    ("uk_ru", "більше не пишіть"),
    ("uk_ru", "не пишите мне больше"),
    ("uk_ru", "стоп пожалуйста"),
    ("uk_ru", "стпо"),
    ("uk_ru", "остановись"),
    ("uk_ru", "зупиніться"),
    ("uk_ru", "не пиши мені більше"),
    ("tr", "Dur"),
    ("tr", "bana yazma"),
    ("tr", "artık mesaj istemiyorum"),
    ("tr", "lütfen dur"),
    ("tr", "durdur"),
    ("tr", "artık yazma"),
    ("ar_fa", "توقف"),
    ("ar_fa", "لا تكتب لي"),
    ("ar_fa", "بس کن"),
    ("ar_fa", "دیگر پیام نفرستید"),
    ("ar_fa", "قف"),
    ("ar_fa", "لا أريد رسائل"),
    ("ar_fa", "ایست"),
    ("en", "stop texting me"),
    ("en", "Please stop writing to me"),
    ("en", "leave me alone"),
    ("en", "no more messages please"),
    ("en", "Don't write to me anymore"),
    ("en", "unsubscribe"),
    ("en", "I don't want any more messages"),
    ("en", "stop it please"),
    ("en", "I want to stop"),
    ("en", "stop messaging me"),
    ("en", "opt out"),
    ("pl", "nie pisz do mnie"),
    ("pl", "przestań"),
    ("pl", "przestań pisać"),
    ("pl", "stop"),
    ("pl", "nie chcę więcej wiadomości"),
    ("pl", "zatrzymaj"),
]
GOES_ON = [
    ("de", ""),
    ("de", "Bushaltestelle"),
    ("de", "bitte nicht stoppen"),
    ("de", "halt"),
    ("de", "ich halte durch"),
    ("de", "ich will nicht stoppen"),
    ("de", "Bushaltestelle Stop"),
    ("de", "Wann stoppt das?"),
    ("de", "Soll ich stoppen?"),
    ("de", "post"),
    ("de", "spot"),
    ("de", "Stoff"),
    ("de", "shop"),
    ("de", "step"),
    ("de", "top"),
    ("de", "topp"),
    ("de", "Spott"),
    ("de", "stopf"),
    ("de", "Stopp ist ein gutes Wort"),
    ("de", "ich kann nicht aufhören zu weinen"),
    ("de", "ich will aufhören zu rauchen"),
    ("de", "Ich kann nicht mehr"),
    ("de", "ich will nicht mehr"),
    ("de", "nicht stop"),
    ("de", "non stop"),
    ("de", "Der Bus hat gestoppt"),
    ("de", "ich mache keine Pause"),
    ("de", "keine Nachrichten mehr vom Amt"),
    ("de", "Lass mich in Ruhe überlegen"),
    ("de", "Schreib mir morgen"),
    ("de", "Schreiben Sie mir nicht mehr so früh"),
    ("de", "Hör auf dein Herz"),
    ("de", "Ich habe keine Nachrichten bekommen gestern"),
    ("de", "Stopfen"),
    ("de", "stopper"),
    ("de", "Stoppuhr"),
    ("de", "stups"),
    ("de", "stapo"),
    ("de", "storp"),
    ("de", "ich möchte alles beenden"),
    ("de", "schluss"),
    ("de", "Was passiert wenn ich stopp schreibe"),
    ("de", "aufhören zu trinken ist schwer"),
    ("de", "stop?or not"),
    ("de", "keine nachrichten mehr? doch"),
    ("de", "stet"),
    ("de", "Topf"),
    ("de", "ich will aufhören"),
    ("en", "stop motion"),
    ("en", "I can't stop crying"),
    ("en", "don't stop"),
    ("en", "stop and go"),
    ("en", "non-stop"),
    ("en", "please don't stop"),
    ("en", "never stop"),
    ("en", "Do not stop"),
    ("uk_ru", "не стоп"),
    ("uk_ru", "я не хочу останавливаться"),
    ("uk_ru", "не зупиняйся"),
    ("uk_ru", "автобус стоп на углу"),
    ("uk_ru", "я не могу остановиться плакать"),
    ("tr", "durum iyi"),
    ("tr", "dur bakalım ne olacak"),
    ("tr", "dur bir dakika"),
    ("tr", "durmak istemiyorum"),
    ("pl", "nie przestań"),
    ("pl", "przystanek stop"),
    ("pl", "nie chcę przestać"),
    ("ar_fa", "لا تتوقف"),
    ("ar_fa", "محطة الحافلة"),
    ("ar_fa", "نمی\u200cخواهم توقف کنم"),
]


@pytest.mark.parametrize(("language", "text"), ENDS)
def test_this_ends_contact(language: str, text: str) -> None:
    assert is_stop(text), language


@pytest.mark.parametrize(("language", "text"), GOES_ON)
def test_this_does_not(language: str, text: str) -> None:
    assert not is_stop(text), language


@pytest.mark.parametrize(("language", "text"), ENDS)
def test_no_end_of_contact_is_a_cry_for_help(language: str, text: str) -> None:
    """They are looked for before danger is, so neither may hide the other."""
    for spoken in ("de", "en", "uk", "ru", "tr", "pl", "ar", "fa"):
        assert detect(text, spoken).level.value < Level.R2.value, language


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_stops_however_it_is_written(word: str) -> None:
    for text in (word, word.upper(), word.capitalize(), f"{word}!!", f"„{word}“", f" /{word} ", f"{word}\n"):
        assert is_stop(text), text


@pytest.mark.parametrize("word", ["stopp", "توقف", "دیگر پیام نده"])
def test_invisible_marks_of_a_keyboard_change_nothing(word: str) -> None:
    for text in (
        f"\u200f{word}",
        f"{word}\u200e",
        f"\u2067{word}\u2069",
        f"\u202b{word}\u202c",
        f"\ufeff{word}",
    ):
        assert is_stop(text), text.encode("unicode_escape")


def test_two_letters_in_the_wrong_order_still_stop() -> None:
    swapped = {"".join(letters) for letters in permutations("stop")}
    understood = {text for text in swapped if is_stop(text)}
    assert understood == {"stop", "tsop", "sotp", "stpo"}


@given(st.text(max_size=200))
def test_any_text_is_safe(text: str) -> None:
    assert is_stop(text) in (True, False)


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["nicht", "not", "не", "nie", "kein", "ob", "wann"]))
def test_with_a_not_it_is_no_stop(word: str, negation: str) -> None:
    assert not is_stop(f"{negation} {word}")
