# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is known of a person can make their words more urgent than the words alone: by one level, visibly.

The first weeks after a clinic are the hardest, so the same words count for more then. Only words that a rule
has found do: nothing becomes a concern by context alone, and nothing less urgent.
"""

from __future__ import annotations

from typing import Final

import msgspec

from bot.services.pauses import today
from bot.services.person_dates import said_day
from bot.services.visit import Visit
from dialogs.concerns.detect import BUDGET, Detection, Hit
from dialogs.concerns.languages import UNREAD
from dialogs.scales import Level

#: The day of the discharge is day 0; day 14 is the last that counts.
LAST_DAY: Final = 14
#: What the history of a concern says of it.
AFTER_DISCHARGE: Final = "raised_after_discharge"
#: The most urgent ones say why; a long message may hit a hundred rules.
_MOST_HITS: Final = 20
_HIGHER = {Level.R1: Level.R2, Level.R2: Level.R3}
#: What no rule could read, it has not found either.
_UNKNOWN = frozenset({UNREAD, BUDGET})


def in_context(visit: Visit, found: Detection) -> Detection:
    """What was found in the words of this visit's person, at the level that it has for them.

    `visit.evidence` says by which rules, and `visit.context` why it is higher, for the history of the concern
    that comes of it.
    """
    visit.evidence = _evidence(found)
    level = _HIGHER.get(found.level)
    if level is None or all(hit.rule in _UNKNOWN for hit in found.hits) or not _is_after_discharge(visit):
        return found
    visit.context = AFTER_DISCHARGE
    return msgspec.structs.replace(found, level=level)


def _evidence(found: Detection) -> str:
    """Rule, place and level of each hit, and none of the words: "de.wish.contact 0-31 R1"."""
    return "; ".join(
        f"{hit.rule} {hit.span[0]}-{hit.span[1]} {_levels(hit)}" for hit in found.hits[:_MOST_HITS]
    )


def _levels(hit: Hit) -> str:
    before, after = hit.level_before.value, hit.level.value
    return after if before == after else f"{before} → {after}"


def _is_after_discharge(visit: Visit) -> bool:
    day = said_day(visit.uow, visit.participant.id, "discharge")
    return day is not None and 0 <= (today(visit) - day).days <= LAST_DAY
