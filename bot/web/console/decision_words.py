# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What programmes ask staff, in words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.enrolments import ProgrammeTask, TaskKind
from bot.texts import Voice, mark

_QUESTIONS: Mapping[TaskKind, str] = {
    TaskKind.LIMIT_NEAR: mark("Monat {month} im Programm: Wie geht es danach weiter?"),
    TaskKind.LIMIT_REACHED: mark("Die {month} Monate des Programms sind vorbei. Von selbst endet nichts."),
    TaskKind.PHASE_LONG: mark("Die Phase „{phase}“ dauert länger als üblich. Passt sie noch?"),
    TaskKind.PHASE_PROPOSED: mark("Ist es Zeit für die Phase „{phase}“?"),
    TaskKind.OVER_KEY: mark("Damit begleitet ein Coach mehr Menschen, als das Programm vorsieht."),
}


def question(voice: Voice, task: ProgrammeTask, phase: str, month: int) -> str:
    """A task as a question; `phase` is the title of the phase that it is about."""
    return voice.say(_QUESTIONS[task.kind], phase=phase, month=month)
