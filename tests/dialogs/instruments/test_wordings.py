# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words stand as in the original, for every item and answer, and only where they may."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.instruments import load_pack, shipped_packs
from tests.dialogs.instruments.shelves import GERMAN, PACK, put, record, refusal, shelve

PACKS = shipped_packs()

#: Copied by hand from the sheets, not from the packs.
PHQ_DE = [
    "Wenig Interesse oder Freude an Ihren Tätigkeiten",
    "Niedergeschlagenheit, Schwermut oder Hoffnungslosigkeit",
    "Schwierigkeiten ein- oder durchzuschlafen oder vermehrter Schlaf",
    "Müdigkeit oder Gefühl, keine Energie zu haben",
    "Verminderter Appetit oder übermäßiges Bedürfnis zu essen",
    "Schlechte Meinung von sich selbst; Gefühl, ein Versager zu sein oder die Familie enttäuscht zu haben",
    "Schwierigkeiten, sich auf etwas zu konzentrieren, z.B. beim Zeitunglesen oder Fernsehen",
    (
        "Waren Ihre Bewegungen oder Ihre Sprache so verlangsamt, dass es auch anderen auffallen würde? "
        "Oder waren Sie im Gegenteil „zappelig“ oder ruhelos und hatten dadurch einen stärkeren "
        "Bewegungsdrang als sonst?"
    ),
    "Gedanken, dass Sie lieber tot wären oder sich Leid zufügen möchten",
]
PHQ_EN = [
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself - or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite - being so "
        "fidgety or restless that you have been moving around a lot more than usual"
    ),
    "Thoughts that you would be better off dead or of hurting yourself in some way",
]
GAD_DE = [
    "Nervosität, Ängstlichkeit oder Anspannung",
    "Nicht in der Lage sein, Sorgen zu stoppen oder zu kontrollieren",
    "Übermäßige Sorgen bezüglich verschiedener Angelegenheiten",
    "Schwierigkeiten zu entspannen",
    "Rastlosigkeit, so dass Stillsitzen schwer fällt",
    "Schnelle Verärgerung oder Gereiztheit",
    "Gefühl der Angst, so als würde etwas Schlimmes passieren",
]
GAD_EN = [
    "Feeling nervous, anxious, or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid, as if something awful might happen",
]
PHQ_INTRO = {
    "de": "Wie oft fühlten Sie sich im Verlauf der letzten 2 Wochen durch die folgenden Beschwerden "
    "beeinträchtigt?",
    "en": "Over the last two weeks, how often have you been bothered by any of the following problems?",
}
PHQ_ANSWERS = {
    "de": {
        "0": "Überhaupt nicht",
        "1": "An einzelnen Tagen",
        "2": "An mehr als der Hälfte der Tage",
        "3": "Beinahe jeden Tag",
    },
    "en": {"0": "Not at all", "1": "Several days", "2": "More than half the days", "3": "Nearly every day"},
}
PHQ_FAMILY = {
    "phq9": (PHQ_DE, PHQ_EN),
    "phq8": (PHQ_DE[:8], PHQ_EN[:8]),
    "phq2": (PHQ_DE[:2], PHQ_EN[:2]),
    "gad7": (GAD_DE, GAD_EN),
    "gad2": (GAD_DE[:2], GAD_EN[:2]),
    "phq4": (GAD_DE[:2] + PHQ_DE[:2], GAD_EN[:2] + PHQ_EN[:2]),
}
PHQ_LOINC = [
    "44250-9",
    "44255-8",
    "44259-0",
    "44254-1",
    "44251-7",
    "44258-2",
    "44252-5",
    "44253-3",
    "44260-8",
]


@pytest.mark.parametrize("pack", PHQ_FAMILY)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_phq_family_says_what_its_sheets_say_in_their_order(pack: str, language: str) -> None:
    wording = PACKS[pack].wordings[language]
    assert [wording.question(key) for key in PACKS[pack].items] == PHQ_FAMILY[pack][language == "en"]
    assert wording.intro == PHQ_INTRO[language]
    assert wording.answers == {"frequency": PHQ_ANSWERS[language]}
    assert list(wording.answers["frequency"]) == list("0123")


def test_loinc_codes() -> None:
    assert [item.loinc for item in PACKS["phq9"].items.values()] == PHQ_LOINC
    assert [item.loinc for item in PACKS["phq8"].items.values()] == PHQ_LOINC[:8]
    assert [item.loinc for item in PACKS["phq4"].items.values()] == [
        "69725-0",
        "68509-9",
        "44250-9",
        "44255-8",
    ]
    assert [item.loinc for item in PACKS["gad7"].items.values()] == [
        "69725-0",
        "68509-9",
        "69733-4",
        "69734-2",
        "",
        "",
        "",
    ]
    assert (PACKS["phq9"].loinc, PACKS["gad7"].loinc) == ("44249-1", "69737-5")


def test_who5_says_what_its_sheets_say() -> None:
    german, english = PACKS["who5"].wordings["de"], PACKS["who5"].wordings["en"]
    assert [german.question(key) for key in PACKS["who5"].items] == [
        "In den letzten zwei Wochen war ich froh und guter Laune",
        "In den letzten zwei Wochen habe ich mich ruhig und entspannt gefühlt",
        "In den letzten zwei Wochen habe ich mich energisch und aktiv gefühlt",
        "In den letzten zwei Wochen habe ich mich beim Aufwachen frisch und ausgeruht gefühlt",
        "In den letzten zwei Wochen war mein Alltag voller Dinge, die mich interessieren",
    ]
    assert german.intro == (
        "Die folgenden Aussagen betreffen Ihr Wohlbefinden in den letzten zwei Wochen. Bitte markieren Sie "
        "bei jeder Aussage die Rubrik, die Ihrer Meinung nach am besten beschreibt, wie Sie sich in den "
        "letzten zwei Wochen gefühlt haben."
    )
    assert german.answers == {
        "time": {
            "5": "Die ganze Zeit",
            "4": "Meistens",
            "3": "Etwas mehr als die Hälfte der Zeit",
            "2": "Etwas weniger als die Hälfte der Zeit",
            "1": "Ab und zu",
            "0": "Zu keinem Zeitpunkt",
        }
    }
    assert [english.question(key) for key in PACKS["who5"].items] == [
        "I have felt cheerful and in good spirits",
        "I have felt calm and relaxed",
        "I have felt active and vigorous",
        "I woke up feeling fresh and rested",
        "My daily life has been filled with things that interest me",
    ]
    assert english.answers["time"] == {
        "5": "All of the time",
        "4": "Most of the time",
        "3": "More than half of the time",
        "2": "Less than half of the time",
        "1": "Some of the time",
        "0": "At no time",
    }
    assert "This translation was not created by the World Health Organization (WHO)" in PACKS["who5"].credit


def test_own_items() -> None:
    assert PACKS["own_items"].wordings["de"].items == {
        "mood": "Wie geht es Ihnen heute?",
        "sleep": "Wie haben Sie geschlafen?",
        "strength": "Wie viel Kraft haben Sie?",
        "achieved": "Was ist Ihnen diese Woche gelungen?",
        "work": "Wie gut könnten Sie im Moment arbeiten?",
        "contact": "Soll sich Ihr Coach bei Ihnen melden?",
    }


#: No diagnosis, no verdict, no threat, no office words (stems, lower case).
FORBIDDEN = [
    "depress",
    "diagnos",
    "störung",
    "krank",
    "leidend",
    "symptom",
    "schwer",
    "leicht",
    "mittel",
    "risiko",
    "auffällig",
    "defizit",
    "kunde",
    "maßnahme",
    "sanktion",
    "pflicht",
    "disorder",
    "illness",
    "severe",
    "mild",
    "moderate",
    "risk",
    "screening",
    "patient",
    "client",
]


@pytest.mark.parametrize("language", ["de", "en"])
def test_own_items_hold_no_forbidden_words(language: str) -> None:
    wording = PACKS["own_items"].wordings[language]
    labels = [label for scale in wording.answers.values() for label in scale.values()]
    texts = " ".join(
        [*wording.items.values(), *labels, wording.intro, PACKS["own_items"].title[language]]
    ).lower()
    assert [word for word in FORBIDDEN if word in texts] == []


def test_one_shared_wording_is_kept_once() -> None:
    root = Path(__file__).parents[3] / "dialogs" / "instruments"
    assert {path.parent.parent.name for path in root.glob("*/wording/*.yaml")} == {
        "own_items",
        "phq9",
        "gad7",
        "who5",
    }


#: What is replaced in the sound wording, by what, and what the loader says.
BROKEN = {
    "an item": (
        "  first: Wie oft lesen Sie?\n",
        "",
        "wording/de.yaml:6: the wording of the item 'first' is miss",
    ),
    "an empty item": ("Wie oft lesen Sie?", "", "wording/de.yaml:6: 'first' is empty"),
    "an answer": (", 2: oft", "", "wording/de.yaml:6: the wording of the answer 2 of 'often' is missing"),
    "an end": ("0: gar nicht, ", "", "wording/de.yaml:6: the wording of the answer 0 of 'ten' is missing"),
    "an option": ("tea: Tee, ", "", "wording/de.yaml:6: the wording of the answer tea of 'which' is missing"),
    "a scale": ("  ten: {0: gar nicht, 10: sehr}\n", "", "the wording of the answer 0 of 'ten' is missing"),
    "an unknown item": (
        "  note: Was noch?",
        "  notes: Was noch?",
        "the pack has no 'notes'. Did you mean 'note'?",
    ),
    "an unknown answer": ("3: immer", "3: immer, 4: ewig", "the pack has no 'often 4'"),
    "an unknown scale": ("  which:", "  whisch:", "the pack has no 'whisch'"),
    "an unknown field": ("intro: Eine", "into: Eine", "wording/de.yaml:4: unknown field 'into'"),
    "another pack's": ("instrument: demo", "instrument: other", "these are the words of another pack"),
    "another language": (
        "language: de-DE",
        "language: en",
        "wording/de.yaml:3: this is not the language of de.yaml",
    ),
    "another format": ("format: 1", "format: 7", "wording/de.yaml:1: the format is not known"),
    "easy words": (
        "language: de-DE",
        "language: de-x-einfach",
        "a changed wording under a published instrument",
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_wording_is_refused(rule: str, tmp_path: Path) -> None:
    old, new, said = BROKEN[rule]
    assert GERMAN.count(old) == 1
    assert said in refusal(shelve(tmp_path, words={"de": GERMAN.replace(old, new)}))


def test_a_pack_without_any_wording_is_refused(tmp_path: Path) -> None:
    assert "there is no wording at all" in refusal(shelve(tmp_path, words={}))


def test_wording_is_shared_by_name_and_only_what_is_asked_is_taken(tmp_path: Path) -> None:
    short = PACK.replace("instrument: demo", "instrument: short\nwording_from: [demo]").replace(
        "  drink: {scale: which, scored: no}\n  note: {scale: words, scored: no}\n", ""
    )
    shelve(tmp_path)
    shelve(tmp_path, "short", short, {})
    wording = load_pack(record(tmp_path, "short"), "short").wordings["de"]
    assert list(wording.items) == ["first", "second", "third"]
    assert list(wording.answers) == ["often", "ten"]
    assert wording.intro == "Eine erfundene Probe."
    shelve(tmp_path, "short", short.replace("[demo]", "[nobody]"), {})
    assert "'nobody' under wording_from has no wording" in refusal(tmp_path, "short")


def test_a_language_of_one_source_only_is_not_offered(tmp_path: Path) -> None:
    english = GERMAN.replace("language: de-DE", "language: en")
    shelve(tmp_path, words={"de": GERMAN, "en": english})
    one = GERMAN.replace("instrument: demo", "instrument: one")
    shelve(tmp_path, "one", PACK.replace("instrument: demo", "instrument: one"), {"de": one})
    both = PACK.replace("instrument: demo", "instrument: both\nwording_from: [demo, one]")
    shelve(tmp_path, "both", both, {})
    assert list(load_pack(record(tmp_path, "both"), "both").wordings) == ["de"]


RESTRICTED = PACK.replace("status: unverified", "status: metadata-only\noriginal: Muster Verlag")
for _key in ("first", "second", "third", "drink", "note"):
    RESTRICTED = RESTRICTED.replace(f"  {_key}: {{", f"  {_key}: {{about: {{de: Ein Thema}}, ", 1)


def test_licensed_wording_comes_from_the_sites_own_folder(tmp_path: Path) -> None:
    shelf, site = shelve(tmp_path / "shelf", pack=RESTRICTED, words={}), tmp_path / "site"
    record(shelf)
    assert not load_pack(shelf, "demo").can_be_asked
    assert not load_pack(shelf, "demo", tmp_path / "nowhere").can_be_asked
    put(site / "demo" / "wording" / "de.yaml", GERMAN)
    assert "demo/LICENSE:1: the file is missing or empty" in refusal(shelf, "demo", site)
    put(site / "demo" / "LICENSE", "Erlaubnis des Muster Verlags\n")
    pack = load_pack(shelf, "demo", site)
    assert pack.can_be_asked
    assert pack.wordings["de"].question("first") == "Wie oft lesen Sie?"
    put(site / "demo" / "wording" / "de.yaml", GERMAN.replace("  first: Wie oft lesen Sie?\n", ""))
    assert "the wording of the item 'first' is missing" in refusal(shelf, "demo", site)


def test_wording_that_may_not_ship_is_refused_on_the_shelf(tmp_path: Path) -> None:
    assert "wording may not ship with a metadata-only pack" in refusal(shelve(tmp_path, pack=RESTRICTED))
    shared = RESTRICTED.replace("instrument: demo", "instrument: demo\nwording_from: [other]")
    shelve(tmp_path / "two", "other", words={"de": GERMAN.replace("instrument: demo", "instrument: other")})
    assert "may not ship" in refusal(shelve(tmp_path / "two", pack=shared, words={}))


def test_licensed_wording_adds_languages_and_replaces_none(tmp_path: Path) -> None:
    shelf, site = record(shelve(tmp_path / "shelf")), tmp_path / "site"
    put(site / "demo" / "LICENSE", "Erlaubnis des Muster Verlags\n")
    put(site / "demo" / "wording" / "de.yaml", GERMAN.replace("Wie oft lesen Sie?", "Wie oft lasen Sie?"))
    put(site / "demo" / "wording" / "pl.yaml", GERMAN.replace("language: de-DE", "language: pl"))
    wordings = load_pack(shelf, "demo", site).wordings
    assert wordings.keys() == {"de", "pl"}
    assert wordings["de"].question("first") == "Wie oft lesen Sie?"


def test_a_pack_with_words_of_its_own_takes_only_what_it_lacks_from_others(tmp_path: Path) -> None:
    """Its own words go first, and its languages are its own."""
    shelve(tmp_path)
    mine = PACK.replace("instrument: demo", "instrument: mine\nwording_from: [demo]")
    german = GERMAN.replace("instrument: demo", "instrument: mine").replace(
        "Wie oft lesen Sie?", "Lesen Sie oft?"
    )
    polish = german.replace("language: de-DE", "language: pl")
    shelve(tmp_path, "mine", mine, {"de": german.partition("  second:")[0], "pl": polish})
    wordings = load_pack(record(tmp_path, "mine"), "mine").wordings
    assert wordings.keys() == {"de", "pl"}
    assert wordings["de"].question("first") == "Lesen Sie oft?"
    assert wordings["de"].question("second") == "Wie oft singen Sie?"
