# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The console on a small phone, as a part of longer stories."""

from __future__ import annotations

from playwright.async_api import Page, ViewportSize, expect

SMALL = ViewportSize(width=360, height=740)


async def goes_to_the_notes(page: Page, mia: Page) -> None:
    """On a phone a person's pages are behind one line; what comes meanwhile does not close it."""
    await page.set_viewport_size(SMALL)
    menu = page.get_by_role("navigation", name="Zu dieser Person")
    await expect(menu.get_by_role("link")).to_have_count(0)
    await menu.locator("summary").press("Enter")
    await mia.get_by_label("Ihre Nachricht").fill("Danke, bis gleich")
    await mia.keyboard.press("Enter")
    await expect(page.locator("#main")).to_contain_text("Danke, bis gleich")
    await menu.get_by_role("link", name="Notizen").click()
    await expect(menu.locator("summary")).to_have_text("Notizen")
    await expect(menu.get_by_role("link")).to_have_count(0)
    # What was wrong with a form is in sight, although the page begins with something else.
    await page.locator("#text").evaluate("field => { field.form.noValidate = true; }")
    await page.get_by_role("button", name="Notiz speichern").click()
    await expect(page.locator(".fault")).to_be_in_viewport(ratio=1)
