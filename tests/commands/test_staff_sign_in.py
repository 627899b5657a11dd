# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff code`, `password`, `sessions`, and who is listed."""

from __future__ import annotations

import json
from typing import Any

from tests.commands.conftest import Lotse


def test_a_colleague_with_a_new_telephone_and_one_who_left(lotse: Lotse) -> None:
    def staff(*arguments: str) -> Any:
        return json.loads(lotse("staff", *arguments, "--json").stdout)

    hired = staff("add", "--name", "Berta Beispiel")
    number = str(hired["id"])
    again = staff("code", number)
    assert set(again) == set(hired)
    assert again["id"] == hired["id"]
    assert again["console_link"] != hired["console_link"]
    offered = staff("password", number, "--name", "berta")
    assert offered["password_link"].startswith("http://127.0.0.1:8080/console/password/")
    assert staff("sessions", number, "--end") == []
    assert [set(one) for one in staff("list")] == [{"id", "name", "role", "deputy", "reachable"}]
    staff("leave", number)
    assert staff("list") == []
    [gone] = staff("list", "--all")
    assert gone["left"]
    refused = lotse("staff", "code", number)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.strip() == f"lotse: there is no staff member {number}"


def test_a_login_name_is_needed(lotse: Lotse) -> None:
    lotse("staff", "add", "--name", "Berta Beispiel")
    refused = lotse("staff", "password", "1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "has no login name yet" in refused.stderr
