# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""No profile and no licensed score orders, raises or times anything: whoever does that does not know them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Whoever may know them: what asks, keeps, tells and shows them.
MAY_KNOW = {
    "bot/commands/programme_files.py",
    "bot/commands/rehearse.py",
    "bot/domain/profiles.py",
    "bot/domain/commands.py",
    "bot/help_plan_ports.py",
    "bot/profile_ports.py",
    "bot/house.py",
    "bot/rehearsal/installation.py",
    "bot/services/change_programmes.py",
    "bot/services/converse.py",
    "bot/services/export_words.py",
    "bot/services/licensed_scores.py",
    "bot/services/own_entries.py",
    "bot/services/own_rows.py",
    "bot/services/profile_columns.py",
    "bot/services/profile_facts.py",
    "bot/services/profile_talks.py",
    "bot/services/profile_view.py",
    "bot/services/profile_words.py",
    "bot/services/handover_pack_moves.py",
    "bot/services/receive.py",
    "bot/services/remembered.py",
    "bot/services/rulebook.py",
    "bot/services/subjects.py",
    "bot/services/visit.py",
    "bot/storage/person_data.py",
    "bot/storage/partners.py",
    "bot/storage/profile_tables.py",
    "bot/storage/profiles.py",
    "bot/storage/stories.py",
    "bot/storage/tables.py",
    "bot/storage/migrations/versions/0027_profiles.py",
    "bot/web/console/pages.py",
    "bot/web/console/person_profile.py",
}
KNOWS = re.compile(
    r"licensed_score|score_judgement|score_packs|LicensedScore|casework\.profiles|profile_(?:tables|ports|talks"
    r"|facts|view|words|columns|state|done)|conversation_profile|bot\.(?:domain|storage)\.profiles"
    r"|person_profile"
)


def test_only_these_modules_know_of_profiles_and_scores() -> None:
    knows = {
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if KNOWS.search(path.read_text(encoding="utf-8"))
    }
    assert knows - MAY_KNOW == set(), "this may order, raise or time something by a number of a person"
    assert MAY_KNOW - knows == set(), "whoever knows them no more leaves the list"


def test_none_of_those_that_know_raises_or_sets_anything() -> None:
    for name in ("licensed_scores", "profile_talks", "profile_view", "profile_facts"):
        source = (ROOT / "bot" / "services" / f"{name}.py").read_text(encoding="utf-8")
        assert not re.search(r"raise_concern|new_concern|timers\.set|add_task|hand_to", source), name
