# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of programmes: versions, ladders, enrolments with their history, what staff are asked."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, UniqueConstraint

from bot.storage.columns import agency_id, moment, number, partial, reference, sealed, table, word

# Every version is kept: people's history names them. Nothing in a file is about anybody.
programme_version = table(
    "programme_version",
    agency_id(),
    word("name"),
    Column("version", Integer, nullable=False),
    word("digest"),
    word("source"),
    word("origin"),
    moment("published_at", nullable=False),
    UniqueConstraint("agency_id", "name", "version"),
)

# Every version is kept: it tells which ladder a concern of that day got. Nothing in it is about anybody.
ladder_version = table(
    "ladder_version",
    agency_id(),
    word("name"),
    Column("version", Integer, nullable=False),
    word("digest"),
    word("source"),
    word("origin"),
    moment("published_at", nullable=False),
    word("actor"),
    UniqueConstraint("agency_id", "name", "version"),
)

enrolment = table(
    "enrolment",
    agency_id(),
    reference("participant", "participant_id"),
    word("programme"),
    Column("version", Integer, nullable=False),
    moment("began_at", nullable=False),
    moment("ended_at"),
    Column("is_over_key", Boolean, nullable=False),
    reference("staff", "confirmed_by", nullable=True),
    Index(None, "participant_id"),
    # Nobody is in the same programme twice at the same time.
    partial("uq_enrolment_open", "ended_at IS NULL", "participant_id", "programme", unique=True),
    partial("ix_enrolment_agency", "ended_at IS NULL", "agency_id", "programme"),
)

# Rows are only added.
phase_event = table(
    "phase_event",
    agency_id(),
    reference("participant", "participant_id"),
    reference("enrolment", "enrolment_id"),
    moment("at", nullable=False),
    word("move"),
    word("phase"),
    word("actor"),
    sealed("phase_event", "reason"),
    Index(None, "enrolment_id"),
    Index(None, "participant_id"),
)

programme_task = table(
    "programme_task",
    agency_id(),
    reference("participant", "participant_id"),
    reference("enrolment", "enrolment_id"),
    word("kind"),
    word("mark"),
    moment("raised_at", nullable=False),
    moment("settled_at"),
    word("settled_by", ""),
    UniqueConstraint("enrolment_id", "mark"),
    Index(None, "participant_id"),
    partial("ix_programme_task_open", "settled_at IS NULL", "agency_id"),
)

# Everything in a report is invented. `wish` is what was asked for, as JSON.
rehearsal = table(
    "rehearsal",
    agency_id(),
    reference("staff", "asked_by"),
    moment("asked_at", nullable=False),
    word("wish"),
    word("state"),
    number("tries"),
    moment("lease_until"),
    moment("began_at"),
    moment("ended_at"),
    word("fault", default=""),
    word("report", default=""),
    Index(None, "agency_id"),
    partial("ix_rehearsal_unfinished", "state IN ('asked', 'running')", "id"),
)
