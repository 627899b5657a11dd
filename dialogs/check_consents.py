# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about consents: what they mean is the same wherever it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.findings import Finding
from dialogs.model import Consent, Dialog


def two_meanings(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A consent means what the other dialogs mean by the same purpose.

    Whoever agreed to the lower meaning would be asked again at once, and for ever.
    """
    meanings = book.with_dialog(dialog).meanings
    for step in dialog.steps.values():
        meant = meanings.get(step.purpose, 1) if isinstance(step, Consent) else 1
        if isinstance(step, Consent) and step.meaning < meant:
            what = f"the consent '{step.purpose}' means {step.meaning} here and {meant} elsewhere"
            remedy = f"Write the text for meaning: {meant} here, too, and publish the dialogs together."
            yield Finding(f"steps.{step.id}.meaning", what, remedy)
