# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of referrals to partners.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index

from bot.storage.columns import BigId, agency_id, moment, partial, reference, sealed, table, word

referral = table(
    "referral",
    agency_id(),
    reference("participant", "participant_id"),
    reference("sharing_ask", "ask_id"),
    # No foreign keys: a partner may leave the directory, and an appointment goes in its own time.
    Column("partner_id", BigId),
    Column("appointment_id", BigId),
    word("state"),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    sealed("referral", "result", nullable=True),
    Index(None, "participant_id"),
    partial("ix_referral_open", "state <> 'closed'", "agency_id", "changed_at"),
    partial("ix_referral_appointment", "state <> 'closed'", "appointment_id"),
)

# Rows are only added.
referral_event = table(
    "referral_event",
    agency_id(),
    reference("participant", "participant_id"),
    reference("referral", "referral_id"),
    moment("at", nullable=False),
    word("event"),
    word("actor"),
    word("detail"),
    sealed("referral_event", "words", nullable=True),
    Index(None, "participant_id"),
    Index(None, "referral_id"),
)
