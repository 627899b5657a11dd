# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Telegram's Bot API as it is on the wire, shared by the two Telegram channels and free of any SDK."""
