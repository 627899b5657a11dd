# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The commands of `lotse`, one module each. Results go to standard output, all else to standard error."""
