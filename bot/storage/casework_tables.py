# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The newest tables of case work in one place, so that importing it makes all of them known."""

from __future__ import annotations

from bot.storage import application_tables, expectation_tables, joint_tables

__all__ = ["application_tables", "expectation_tables", "joint_tables"]
