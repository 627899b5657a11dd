# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What dialogs may look up about a person: read only when a dialog asks for it, and then only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from bot.domain.scores import ScoreRecord
from dialogs.conditions import BUILT_IN
from dialogs.effects import Value
from dialogs.instruments import NotComputable, Pack, Reason, Score

_VALUE = msgspec.json.Decoder(Value)

#: Where a person's own plan for hard hours stands, in its order; it is kept under its own consent.
PLAN_FACTS = ("plan_signs", "plan_helped", "plan_people", "plan_places")

#: Facts that Lotse knows itself. No dialog may give them a meaning of its own.
OWN_FACTS = frozenset(
    {
        "coach",
        "who_hears",
        "your_coach",
        "programme",
        "channel_kind",
        "zone",
        "reading_hours",
        "read_now",
        "next_reading_day",
        "next_reading_time",
        "enrolled_on",
        "last_answer_on",
        "well_in_a_row",
        "crisis_text",
        "may_write",
        "paused_until",
        "consent_contact",
        "consent_checkins",
        "consent_messenger",
        "consent_safety_plan",
        "consent_evaluation",
        "may_evaluate",
        "may_ask_health",
        "coach_told",
        "coach_hears_return",
        "sharing_with",
        "deletion",
        "expectations",
        "handover_appointments",
        "handover_places",
        "handover_receivers",
        "handover_signs",
        "handover_state",
        "handover_steps",
        "help_plan",
        "help_plan_state",
        "help_plan_version",
        "help_plan_reminds",
        "next_appointment",
        "next_appointment_official",
        "referrals",
        "applications",
        "referral_state",
        "open_concern",
        "own_groups",
        "own_groups_only",
        "own_groups_waiting",
        "own_page",
        "profile_state",
        "restricted",
        "shared_what",
        "shared_why",
    }
)
#: What may not be remembered. The language may: it is the participant's own column.
NOT_FOR_DIALOGS = OWN_FACTS | (BUILT_IN - {"language"})

Known = Score | NotComputable
#: A conversation that is about nothing but the person.
NOTHING: Mapping[str, Value] = {}


class KnownFacts(Mapping[str, Value]):
    """What the conversation is about, our own facts, then what dialogs remembered.

    Names of the engine's own are not even looked for. `subject` is what the conversation is about; `own`
    gives the value of one of `OWN_FACTS`, or None where it is not known; `read` reads everything that was
    remembered, as JSON texts.
    """

    __slots__ = ("_kept", "_own", "_read", "_subject")

    def __init__(
        self,
        own: Callable[[str], Value | None],
        read: Callable[[], Mapping[str, str]],
        subject: Mapping[str, Value] = NOTHING,
    ) -> None:
        self._subject = subject
        self._own = own
        self._read = read
        self._kept: Mapping[str, str] | None = None

    def __getitem__(self, name: str) -> Value:
        if name in self._subject:
            return self._subject[name]
        if name in OWN_FACTS:
            value = self._own(name)
            if value is None:
                raise KeyError(name)
            return value
        if not _may_be_remembered(name):
            raise KeyError(name)
        return decode_value(self._remembered[name])

    def __iter__(self) -> Iterator[str]:
        yield from self._subject
        near = [name for name in sorted(OWN_FACTS) if self._own(name) is not None]
        yield from (name for name in (*near, *self._remembered) if name not in self._subject)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def _remembered(self) -> Mapping[str, str]:
        if self._kept is None:
            self._kept = {name: value for name, value in self._read().items() if _may_be_remembered(name)}
        return self._kept


def _may_be_remembered(name: str) -> bool:
    # A name with a dot is an answer or a score, which the engine looks for elsewhere.
    return name not in OWN_FACTS and name not in BUILT_IN and "." not in name


class ScoreHistory(Mapping[str, Sequence[Known]]):
    """A person's scores by rule ("phq4.total"), oldest first, each by the pack's present version.

    Scores of another version are left out: they were made by another rule, and are not comparable.
    """

    __slots__ = ("_found", "_packs", "_read")

    def __init__(self, packs: Mapping[str, Pack], read: Callable[[str, int], list[ScoreRecord]]) -> None:
        self._packs = packs
        self._read = read
        self._found: dict[str, Sequence[Known]] = {}

    def __getitem__(self, rule: str) -> Sequence[Known]:
        if rule not in self._found:
            pack = self._packs[rule.partition(".")[0]]
            self._found[rule] = [known(record) for record in self._read(rule, pack.version)]
        return self._found[rule]

    def __iter__(self) -> Iterator[str]:
        return (f"{pack.id}.{rule}" for pack in self._packs.values() for rule in pack.rules)

    def __len__(self) -> int:
        return sum(len(pack.rules) for pack in self._packs.values())


def encode_value(value: Value) -> str:
    """A fact as JSON text."""
    return msgspec.json.encode(value).decode()


def deletion_of(kept: Mapping[str, str]) -> str | None:
    """For dialogs: "wanted" while everything about the person waits to be erased."""
    return "wanted" if kept.get("erasure") == encode_value("wanted") else None


def decode_value(text: str) -> Value:
    """The fact of a JSON text."""
    value: Value = _VALUE.decode(text)
    return value


def record_of(score: Known, participant_id: int, conversation_id: int, now: datetime) -> ScoreRecord:
    """A score as it is kept."""
    if isinstance(score, Score):
        return ScoreRecord(
            participant_id,
            conversation_id,
            score.rule,
            score.version,
            now,
            value=score.value,
            band=score.band,
            cutoffs=score.cutoffs,
        )
    return ScoreRecord(
        participant_id,
        conversation_id,
        score.rule,
        score.version,
        now,
        reason=score.reason.value,
        items=score.items,
    )


def known(record: ScoreRecord) -> Known:
    """A kept score as the engine knows it."""
    if record.value is None:
        reason = Reason(record.reason)
        return NotComputable(rule=record.rule, version=record.version, reason=reason, items=record.items)
    return Score(
        rule=record.rule,
        version=record.version,
        value=record.value,
        band=record.band,
        cutoffs=record.cutoffs,
    )
