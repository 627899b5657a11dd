# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rules of all languages in one index, compiled once; a site may add rules of its own.

People mix languages and a participant's setting may be wrong, so every message is compared with the
rules of every language; `detect` decides which of them count.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib import resources
from pathlib import Path

import msgspec

from dialogs.concerns.dialects import Dialects, dialects
from dialogs.concerns.joints import Joints
from dialogs.concerns.matching import View
from dialogs.concerns.normalise import count_words, fold, split
from dialogs.concerns.patterns import PatternError, Phrase, parse, using
from dialogs.concerns.rule_files import (
    RulebookError,
    RuleFile,
    read_folder,
    read_rule_file,
    read_site_file,
    refuse_all_but_additions,
    refuse_names_twice,
    sets_of,
    spelt,
    texts_of,
)
from dialogs.concerns.rules import Kind, Rule, concepts_of, rules_of
from dialogs.concerns.search import PhraseIndex
from dialogs.concerns.transliteration import Transliteration
from dialogs.concerns.vocabulary import Entry, Vocabulary

_COMMONEST = 3000
"""So many words of everyday language are told apart by how common they are."""


class Rulebook(msgspec.Struct, frozen=True):
    """All rules, and the index in which phrase number n belongs to `rules[owners[n]]`.

    `kinds[n]` is the place of that rule's kind within `Kind`. `tallies` begin with the gravest.
    """

    rules: tuple[Rule, ...]
    owners: tuple[int, ...]
    kinds: tuple[int, ...]
    self_negating: frozenset[int]
    index: PhraseIndex
    joints: Joints
    dialects: Dialects
    transliteration: Transliteration
    tallies: tuple[Rule, ...]

    def view(self, text: str) -> View:
        """A message in the form in which the index looks for phrases, as it stands."""
        return self.index.view(self.joints.mend(split(text)))

    def views(self, text: str) -> Iterator[View]:
        """The same, then as what it may be meant for: out of dialect, out of another script.

        It is read as it stands in any case, so that nothing is hidden where it was meant as it stands.
        """
        words = split(text)
        mended = self.joints.mend(words)
        yield self.index.view(mended)
        for meant in (self.dialects.read(mended), self.transliteration.read(text, words)):
            if meant is not None:
                yield self.index.view(meant)


def rulebook(site: Path | None = None) -> Rulebook:
    """The shipped rules of all languages, and those of a site's own file. Raises `RulebookError`.

    A site's file can only add: rules of levels R1 to R3 with ids that begin with "site.", and families
    and concepts with new names. It cannot take a shipped rule away or make one weaker, so it holds no
    idioms, no modifying phrases and no sets of words.
    """
    return _compiled(site)


@cache
def _compiled(site: Path | None) -> Rulebook:
    texts = read_folder(resources.files(__package__).joinpath("rules"), "")
    # All of it stays for good: the collector would look through it again and again, last at the very end.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return compile_rules(texts, {site.name: read_site_file(site)} if site else None)
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def compile_rules(texts: dict[str, str], site: dict[str, str] | None = None) -> Rulebook:
    """Compile rule files given as file name to text. Raises `RulebookError`."""
    shipped = [read_rule_file(name, text) for name, text in texts.items()]
    own = [read_rule_file(name, text) for name, text in (site or {}).items()]
    for file in own:
        refuse_all_but_additions(file)
    files = shipped + own
    refuse_names_twice(files)
    sets = sets_of(files)
    rules: list[Rule] = []
    phrases: list[Phrase] = []
    owners: list[int] = []
    concepts: dict[int, str] = {}
    named_in: dict[str, str] = {}
    for file in files:
        families = _families(file.language, files)
        for rule in rules_of(file):
            if rule.id in named_in:
                raise RulebookError(f"{file.name}:{rule.line}: rule {rule.id}: the id is used twice")
            named_in[rule.id] = file.name
            compiled = _phrases(file.name, rule, families)
            if rule.kind is Kind.CONCEPT:
                concepts |= dict.fromkeys(range(len(phrases), len(phrases) + len(compiled)), rule.id)
            owners += [len(rules)] * len(compiled)
            phrases += compiled
            rules.append(rule)
    known = {f"<{key}>" for file in files for key in concepts_of(file)}
    for owner, concept in _unknown_concepts(phrases, owners, known):
        rule = rules[owner]
        raise RulebookError(
            f"{named_in[rule.id]}:{rule.line}: rule {rule.id}: no concept is called {concept}"
        )
    # What the rules must not apply to is their sample of everyday language.
    everyday = count_words(text for rule in rules if named_in[rule.id] in texts for text in rule.misses)
    place_of = {kind: place for place, kind in enumerate(Kind)}
    weighed = sum(named_in[rules[owner].id] in texts for owner in owners)
    vocabulary = partial(_vocabulary, files=files, everyday=frozenset(everyday))
    index = PhraseIndex(phrases, sets, concepts, vocabulary, dict(everyday.most_common(_COMMONEST)), weighed)
    return Rulebook(
        tuple(rules),
        tuple(owners),
        tuple(place_of[rules[owner].kind] for owner in owners),
        _negating(phrases, sets, concepts),
        index,
        Joints(
            [word for file in files for word in file.run_together.split()],
            [word for file in files for word in file.taken_apart.split()],
            index.vocabulary.lists,
        ),
        _dialects(files, phrases, rules, owners),
        _transliteration(files, index.vocabulary),
        tuple(sorted((rule for rule in rules if rule.kind is Kind.TALLY), key=lambda rule: -rule.level.rank)),
    )


def _unknown_concepts(phrases: list[Phrase], owners: list[int], known: set[str]) -> list[tuple[int, str]]:
    """The concepts that steps name and nobody explains, with the numbers of the rules; in this order."""
    steps = {step.words for phrase in phrases for step in phrase.steps}
    unknown = frozenset(word for words in steps for word in words if word[0] == "<") - known
    return sorted(
        (owners[number], word)
        for number in using(phrases, unknown)
        for step in phrases[number].steps
        for word in step.words & unknown
    )


def _negating(
    phrases: list[Phrase], sets: dict[str, frozenset[str]], concepts: dict[int, str]
) -> frozenset[int]:
    """The phrases whose own words negate, so that these negate nothing else."""
    words = frozenset(word for name, those in sets.items() if name.startswith("negation") for word in those)
    own = using(phrases, words)
    return using(phrases, words | {concepts[number] for number in own & concepts.keys()})


def _vocabulary(entries: Mapping[str, Entry], files: list[RuleFile], everyday: frozenset[str]) -> Vocabulary:
    spellings: dict[str, frozenset[str]] = {}
    for file in files:
        for word, others in texts_of(file.spellings):
            for other in others.split():
                spellings[fold(other)] = spellings.get(fold(other), frozenset()) | {fold(word)}
    core = [fold(word) for file in files for word in file.core]
    true_words = frozenset(fold(word) for file in files for word in file.true_words.split())
    return Vocabulary(entries, spellings, core, true_words, everyday)


def _dialects(files: list[RuleFile], phrases: list[Phrase], rules: list[Rule], owners: list[int]) -> Dialects:
    """One for all languages whose files name marks; only words of these languages are read from it."""
    spoken = {file.language for file in files if file.dialect_marks}
    known = {fold(each) for file in files if file.language in spoken for each in spelt(file)}
    for phrase, owner in zip(phrases, owners, strict=True):
        if rules[owner].language in spoken:
            known.update(*(step.words for step in phrase.steps))
    return dialects(
        [word for file in files for word in file.dialect_marks.split()],
        [sound for file in files for sound in file.dialect_sounds.split()],
        known,
    )


def _transliteration(files: list[RuleFile], vocabulary: Vocabulary) -> Transliteration:
    pairs = [pair for file in files for pair in file.latin_letters.split()]
    return Transliteration(pairs, vocabulary.lists, vocabulary.knows)


def _families(language: str, files: list[RuleFile]) -> dict[str, str]:
    return {
        key: value for file in files if file.language == language for key, value in texts_of(file.families)
    }


def _phrases(name: str, rule: Rule, families: dict[str, str]) -> list[Phrase]:
    compiled: list[Phrase] = []
    for pattern in rule.patterns:
        try:
            compiled += parse(pattern, families)
        except PatternError as error:
            raise RulebookError(
                f"{name}:{rule.line}: rule {rule.id}: pattern {pattern!r}: {error}"
            ) from error
    return compiled
