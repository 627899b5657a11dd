# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures on the participants' page and in the console: the same picture, the same words for it."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

import dialogs
from bot.domain.messages import Body, Kind
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.visit import Visit
from tests.web.building import Browser, Building

ACUTE = "Ich will nicht mehr leben."
BOAT = Path(dialogs.__file__).parent / "pictures" / "pilot_boat.png"
ADDRESS = f"/chat/pictures/pilot_boat.png?v={sha256(BOAT.read_bytes()).hexdigest()[:12]}"


def show(building: Building, text: str, picture: str, alt: str = "Ein Boot vor einem Leuchtturm") -> None:
    """Lotse shows the only participant a picture."""
    body = Body(text, picture=picture, alt=alt, picture_label="Bild")

    def use_case(uow: UnitOfWork) -> None:
        (person,) = uow.people.participants(DEFAULT_AGENCY)
        contact = uow.people.contact_of(person.id)
        assert contact is not None
        visit = Visit(uow, building.rulebook, contact, building.clock.now())
        assert visit.show(Kind.REPLY, body)
        visit.finish()

    building.do(use_case)


def images(html: str) -> list[str]:
    return re.findall(r"<img [^>]*>", html)


async def test_a_picture_has_words_and_a_size(building: Building, mia: Browser) -> None:
    assert images(mia.html) == []
    show(building, "Guten Tag", "pilot_boat.png")
    await mia.open("/chat/")
    (image,) = images(mia.html)
    assert image == (
        f'<img class="picture" src="{ADDRESS}" width="640" height="360" alt="Ein Boot vor einem Leuchtturm" '
        'loading="lazy" decoding="async">'
    )
    assert "[Bild" not in mia.words
    news = await mia.client.get("/chat/lines")
    assert images(news.text) == images(mia.html)


async def test_staff_see_the_same(building: Building, mia: Browser, berta: Browser) -> None:
    show(building, "Guten Tag", "pilot_boat.png")
    await mia.write(ACUTE)
    await berta.open("/console/")
    link = re.search(r'href="(/console/\d+)"', berta.html)
    assert link is not None
    await berta.open(link.group(1))
    await mia.open("/chat/")
    assert images(berta.html) == images(mia.html) != []
    assert (await berta.client.get(ADDRESS)).status_code == 200


async def test_words_for_a_picture_are_never_markup(building: Building, mia: Browser) -> None:
    show(building, "Guten Tag", "pilot_boat.png", 'a" onerror="alert(1)"><script>')
    await mia.open("/chat/")
    (image,) = images(mia.html.replace("&gt;", ""))
    assert 'alt="a&#34; onerror=&#34;alert(1)&#34;&lt;script"' in image


@pytest.mark.parametrize("name", ["missing.png", "../static/lotse.svg"])
async def test_a_missing_picture_is_said_in_words(building: Building, mia: Browser, name: str) -> None:
    show(building, "Guten Tag", name)
    await mia.open("/chat/")
    assert images(mia.html) == []
    assert "[Bild: Ein Boot vor einem Leuchtturm] Guten Tag" in mia.words


async def test_the_picture_itself_may_be_kept(building: Building) -> None:
    guest = building.browser()
    answer = await guest.client.get(ADDRESS)
    assert (answer.status_code, answer.content) == (200, BOAT.read_bytes())
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "img-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert (await guest.client.get("/chat/pictures/pilot_boat.png")).headers["cache-control"] != "no-store"


@pytest.mark.parametrize(
    "name", ["missing.png", "", "..%2fmodel.py", "%2e%2e/model.py", "pilot_boat.png.license"]
)
async def test_nothing_else_is_given_out(building: Building, name: str) -> None:
    answer = await building.browser().client.get(f"/chat/pictures/{name}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
