# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The consent texts that an operator has examined are those that people are shown."""

from __future__ import annotations

import pytest

from bot.domain.consent import Purpose
from dialogs.model import Consent
from tests.privacy.consent_texts import PAGE, consent_steps, page

STEPS = list(consent_steps())


def test_the_page_is_what_the_dialogs_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.privacy.consent_texts"


def test_every_purpose_is_asked_somewhere() -> None:
    assert {step.purpose for _, step in STEPS} >= {purpose.value for purpose in Purpose}


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[where for where, _ in STEPS])
def test_every_consent_says_that_a_no_costs_nothing_and_can_be_changed(where: str, step: Consent) -> None:
    said = step.text["de"]
    no_harm = ("freiwillig", "Beides ist in Ordnung", "Ihre Leistungen haben damit nichts zu tun")
    assert any(words in said for words in no_harm), where
    assert any(words in said for words in ("jederzeit", "später ändern")), where
