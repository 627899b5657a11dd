# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The only importer of SQLAlchemy and Alembic, and the only place that commits."""
