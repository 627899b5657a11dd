# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Time: the clock, local time, working hours, plans, timers, send limits, and the loop that fires due timers.

Knows nobody. `clock` alone asks the system, `local_time` alone knows local time, `runner` alone imports
APScheduler.
"""
