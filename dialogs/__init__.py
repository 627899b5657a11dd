# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation: what is said, asked and answered. Knows no clock, no messenger and no database."""
