# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long each kind of data is kept, in whole days and calendar months of the agency's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.enrolments import months_later


class DataKind(StrEnum):
    """What has a period of its own; the rules L1 to L9 of the deletion concept."""

    MESSAGES = "messages"  # from their day, conversations from their end
    ANSWERS = "answers"  # from the end of the participation, with name, addresses and appointments
    CONCERNS = "concerns"  # from the last that was done about them once they are closed
    CONSENTS = "consents"  # from the end of the participation
    AUDIT = "audit"  # from the entry
    STAFF = "staff"  # from the day they left, duties from their end
    TECHNICAL = "technical"  # from the end of their validity


@dataclass(frozen=True, slots=True)
class Periods:
    """How long an agency keeps what. The defaults are a proposal; the operator decides."""

    messages_days: int = 90
    answers_months: int = 6
    concerns_months: int = 36
    consents_months: int = 36
    audit_months: int = 12
    technical_days: int = 90
    staff_months: int = 12

    def kept_since(self, kind: DataKind, today: date) -> date:
        """What is of a day before this one has been kept for its whole period.

        The day on which a period ends still counts: what is of 31 August is kept for six months until the
        end of 28 (or 29) February.
        """
        days = {DataKind.MESSAGES: self.messages_days, DataKind.TECHNICAL: self.technical_days}
        if kind in days:
            return today - timedelta(days=days[kind])
        months = {
            DataKind.ANSWERS: self.answers_months,
            DataKind.CONCERNS: self.concerns_months,
            DataKind.CONSENTS: self.consents_months,
            DataKind.AUDIT: self.audit_months,
            DataKind.STAFF: self.staff_months,
        }
        return months_later(today, -months[kind])
