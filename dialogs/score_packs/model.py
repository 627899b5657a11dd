# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a score pack is: inputs, a formula of declared operations, bands, and the papers that go with it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec

from dialogs.model import Texts

#: Stands beside every score, word for word. No published score predicts loss of work capacity well enough to
#: label a person: of those whom the pension insurance's own index marks (60 points and more), about 10 of 100
#: asked for a disability pension (computed from Bethge, Spanier, Streibelt, J Occup Rehabil 2021;31:376-382).
FIXED_SENTENCE: Texts = {
    "de": "Auch in der höchsten Stufe verlieren die meisten Menschen ihre Arbeitsfähigkeit nicht.",
    "de-x-einfach": "Auch mit dem höchsten Ergebnis gilt: Die meisten Menschen können weiter arbeiten.",
    "en": "Even in the highest band most people do not lose their capacity to work.",
}


class Missing(StrEnum):
    """Why there is no value (promise P6)."""

    ANSWER = "no_answer"  # a question was left out, or was not asked in this conversation
    NOT_VALID = "not_valid"  # an answer is none of those that the pack knows
    OUTSIDE = "outside"  # the rule has no value for these answers


class Input(msgspec.Struct, frozen=True):
    """One answer that is needed: to the question `question` ("dialog.answer").

    A whole number from `low` to `high`; or one of `options`, each of which counts as a number.
    """

    question: str
    low: int = 0
    high: int = 0
    options: dict[str, Fraction] = {}


class WeightedSum(msgspec.Struct, frozen=True):
    """Each name times its weight, added up, plus a number."""

    weights: dict[str, Fraction]
    plus: Fraction = Fraction(0)

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that it works with."""
        return tuple(self.weights)


class Mean(msgspec.Struct, frozen=True):
    """The mean of several names."""

    of: tuple[str, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that it works with."""
        return self.of


class Lookup(msgspec.Struct, frozen=True):
    """What a table has for exactly this number."""

    of: str
    rows: dict[Fraction, Fraction]

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that it works with."""
        return (self.of,)


class Piecewise(msgspec.Struct, frozen=True):
    """Straight lines through points with rising first numbers; outside of them there is no value."""

    of: str
    points: tuple[tuple[Fraction, Fraction], ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that it works with."""
        return (self.of,)


Operation = WeightedSum | Mean | Lookup | Piecewise


class Band(msgspec.Struct, frozen=True):
    """A part of the range, from `low` up to the next band."""

    low: Fraction
    name: Texts


class ScorePack(msgspec.Struct, frozen=True, kw_only=True):
    """A licensed score. Each operation of `formula` may use the inputs and the operations before it.

    `output` names the one that is the value; it is rounded, half away from zero, to `decimals` places.
    """

    id: str
    version: int
    title: Texts
    inputs: dict[str, Input]
    formula: dict[str, Operation]
    output: str
    low: Fraction
    high: Fraction
    decimals: int = 0
    bands: dict[str, Band]
    source: str
    validity: Texts
    fixed_sentence: Texts
    is_demonstration: bool = False


class Computed(msgspec.Struct, frozen=True):
    """A value in the pack's range with its band, by the pack's version."""

    pack: str
    version: int
    value: Fraction
    band: str


class NoScore(msgspec.Struct, frozen=True):
    """Not computable, because of `reason`; `items` are the inputs that it is about, in the pack's order."""

    pack: str
    version: int
    reason: Missing
    items: tuple[str, ...] = ()
