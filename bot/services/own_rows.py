# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which rows of a person's copy staff do not get: what the person has not shared, and the talk about it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.profiles import OWN_DIALOGS
from bot.rights_ports import Rows

#: Why something is not in a copy, see `export_words.REASONS`.
NOT_SHARED = "not_shared"
#: Where only what is shared is in it.
OWN_TABLES = ("profile", "licensed_score")
#: Where nothing is: what goes to a place stands beside the question for it.
_NEVER_SHARED = ("handover_pack", "handover_version")


def without_own(tables: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """The same without it. That something was left out is said in every such copy, whether or not it was."""
    shared = {row["id"] for row in tables.get("licensed_score", ()) if row["shared_at"] is not None}
    found = dict(tables)
    for name in OWN_TABLES:
        found[name] = tuple(row for row in tables.get(name, ()) if row["shared_at"] is not None)
    found |= dict.fromkeys(_NEVER_SHARED, ())
    found["score_judgement"] = tuple(
        row for row in tables.get("score_judgement", ()) if row["score_id"] in shared
    )
    for name in ("answer", "conversation"):
        found[name] = tuple(row for row in tables.get(name, ()) if row["dialog"] not in OWN_DIALOGS)
    for name in ("incoming", "outgoing"):
        found[name] = tuple(row for row in tables.get(name, ()) if not row["own"])
    return found
