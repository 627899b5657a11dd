# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of case work: help plans and partners.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer

from bot.storage.columns import agency_id, moment, number, partial, reference, sealed, table, word

help_plan = table(
    "help_plan",
    agency_id(),
    reference("participant", "participant_id"),
    word("state"),
    Column("version", Integer, nullable=False),
    number("shown"),
    Column("reminds", Boolean, nullable=False),
    moment("review_at"),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    Index(None, "participant_id"),
    # Nobody has two that go on.
    partial("uq_help_plan_open", "state <> 'closed'", "participant_id", unique=True),
    partial("ix_help_plan_review", "state <> 'closed'", "agency_id", "review_at"),
)

# Rows are only added: of a version that was written several times the newest counts.
help_plan_version = table(
    "help_plan_version",
    agency_id(),
    reference("participant", "participant_id"),
    reference("help_plan", "plan_id"),
    Column("version", Integer, nullable=False),
    moment("at", nullable=False),
    word("actor"),
    sealed("help_plan_version", "content"),
    Index(None, "participant_id"),
    Index(None, "plan_id"),
)

# Rows are only added.
help_plan_event = table(
    "help_plan_event",
    agency_id(),
    reference("participant", "participant_id"),
    reference("help_plan", "plan_id"),
    moment("at", nullable=False),
    word("event"),
    word("actor"),
    Column("version", Integer, nullable=False),
    number("step"),
    Index(None, "participant_id"),
    Index(None, "plan_id"),
)

# No participant is ever in here.
partner = table(
    "partner",
    agency_id(),
    word("kind"),
    sealed("partner", "details"),
    moment("changed_at", nullable=False),
    Index(None, "agency_id"),
)
