# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Participants' Telegram bot, on aiogram. Importing it costs seconds: only where it is switched on."""
