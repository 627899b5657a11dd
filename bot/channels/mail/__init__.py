# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Mail to staff, on aiosmtplib: one way only, encrypted on the road, without names and without content."""
