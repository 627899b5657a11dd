# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The real application on a simulated clock, in memory: months in seconds, and nobody is written to."""
