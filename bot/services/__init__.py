# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Use cases, named by verbs: synchronous functions over one unit of work."""
