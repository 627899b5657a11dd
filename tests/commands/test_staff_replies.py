# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff replies`: an agency's own texts beside those that ship."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")
CALL = "Wann darf ich Sie anrufen?"


def test_a_text_is_added_listed_and_taken_away(lotse: Lotse) -> None:
    def replies(*arguments: str) -> Any:
        return json.loads(lotse("staff", "replies", *arguments, "--json").stdout)

    kept = {"name": "rueckruf", "languages": ["de"], "check": []}
    assert replies("add", "Rückruf", "--text", CALL) == kept
    rows = {row["name"]: row for row in replies("list")}
    assert rows["rueckruf"] == {"name": "rueckruf", "from": "agency", "texts": {"de": CALL}}
    assert rows["gelesen"]["from"] == "lotse"
    assert replies("remove", "gelesen") == {"name": "gelesen", "removed": "all languages"}
    assert replies("restore", "gelesen")["name"] == "gelesen"


def test_what_cannot_be_kept_is_refused_in_one_line(lotse: Lotse) -> None:
    refused = lotse("staff", "replies", "add", "rueckruf", "--text", "Коли зручно?", "--language", "uk")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "'rueckruf' has no German text yet: add that first" in refused.stderr
