# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff code`, `password`, `sessions`, and who is listed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")


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


def test_a_link_to_bind_with_needs_a_house(lotse: Lotse) -> None:
    lotse("staff", "add", "--name", "Berta Beispiel")
    refused = lotse("staff", "identity", "1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "set LOTSE_OIDC__ISSUER first" in refused.stderr
    house = {
        "LOTSE_PUBLIC_URL": "https://lotse.example",
        "LOTSE_OIDC__ISSUER": "https://haus.example",
        "LOTSE_OIDC__CLIENT_ID": "lotse",
        "LOTSE_OIDC__CLIENT_SECRET": "geheim",
        "LOTSE_OIDC__LABEL": "Hauskonto",
    }
    made = json.loads(lotse("staff", "identity", "1", "--json", **house).stdout)
    assert made["identity_link"].startswith("https://lotse.example/console/identity/")
    assert json.loads(lotse("staff", "identity", "1", "--remove", "--json").stdout)["removed"]
    broken = lotse("staff", "list", **{**house, "LOTSE_OIDC__LABEL": "", "LOTSE_PUBLIC_URL": ""})
    assert broken.returncode == 2
    assert broken.stderr.splitlines() == [
        "lotse: oidc: label is missing",
        "lotse: oidc: public_url is missing: the house sends people back to Lotse's own address",
    ]


def test_a_login_name_is_needed(lotse: Lotse) -> None:
    lotse("staff", "add", "--name", "Berta Beispiel")
    refused = lotse("staff", "password", "1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "has no login name yet" in refused.stderr
