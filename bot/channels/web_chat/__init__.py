# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lotse's own pages as a channel: the chat and the console. What people do there comes in by `bot.web`."""
