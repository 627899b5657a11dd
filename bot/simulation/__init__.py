# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The whole application in simulated time: months in seconds, and the same seed always gives the same run."""
