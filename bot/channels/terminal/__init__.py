# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The terminal as a channel: a participant and a coach in one window, without any account."""
