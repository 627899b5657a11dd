# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Stand-ins for outside services, strict enough to find our mistakes."""
