# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One folder a messenger, all of the same shape: receive, send, errors."""
