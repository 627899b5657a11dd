# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The staff's Telegram bot, on python-telegram-bot: a trust zone of its own, with a token of its own."""
