# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How often somebody who is asked for nothing else has said that all is well.

Whoever says so is asked again in two weeks, but not for ever: after some times in a row a human looks after
it, and the plan waits until the person has answered anything else.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from bot.ports import UnitOfWork
from bot.services.remembered import encode_value

_DIALOG: Final = "long_silence"
_STEP: Final = "how"
_WELL: Final = encode_value("good")


def well_in_a_row(uow: UnitOfWork, participant_id: int) -> int:
    """How many of the person's last answers say that all is well, with no other answer after the first."""
    newest_first = reversed(uow.talks.answers(participant_id))
    said = ((one.dialog, one.step, one.value) for one in newest_first)
    return sum(1 for _ in takewhile(lambda one: one == (_DIALOG, _STEP, _WELL), said))
