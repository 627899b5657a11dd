# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures are checked before anybody may see them: kind, size, name. Nothing breaks the reader."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError
from bot.house import open_pictures
from bot.settings import without_environment
from bot.storage.picture_files import media_type_of, size_of
from bot.storage.pictures import MAX_BYTES, PictureFolders

# 7 x 5 pixels in one blue, made by a browser's canvas; and one grey pixel.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19i"
    "Z2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj"
    "Y2NjY2NjY2P/wAARCAAFAAcDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QA"
    "FQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCCAthv/9k="
)
LOSSY = base64.b64decode("UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoHAAUABABoJaACdAFAAAD+7L2P1d9j/nq/LlmcK8+AAA==")
LOSSLESS = base64.b64decode("UklGRh4AAABXRUJQVlA4TBEAAAAvBgABAAdQooJUtf+BiOh/AAA=")
EXTENDED = base64.b64decode(
    "UklGRlYAAABXRUJQVlA4WAoAAAAQAAAABgAABAAAQUxQSAoAAAABB1DAiAhERP8DVlA4ICYAAABwAQCdASoHAAUABABoJaACdAFA"
    "AAD+7L2P1d9j/nq/LlmcK8+AAA=="
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)
# A mark may be filled up, and there are marks without a size before the frame.
FILLED = JPEG[:2] + b"\xff" + JPEG[2:]

KINDS = [
    ("a.png", PNG, "image/png", (1, 1)),
    ("a.jpg", JPEG, "image/jpeg", (7, 5)),
    ("b.jpeg", FILLED, "image/jpeg", (7, 5)),
    ("a.webp", LOSSY, "image/webp", (7, 5)),
    ("b.webp", LOSSLESS, "image/webp", (7, 5)),
    ("c.webp", EXTENDED, "image/webp", (7, 5)),
]


def sized(width: int, height: int) -> bytes:
    return PNG[:16] + width.to_bytes(4) + height.to_bytes(4) + PNG[24:]


@pytest.mark.parametrize(("name", "content", "media_type", "size"), KINDS, ids=[one[0] for one in KINDS])
def test_kind_and_size(
    tmp_path: Path, name: str, content: bytes, media_type: str, size: tuple[int, int]
) -> None:
    (tmp_path / name).write_bytes(content)
    pictures = PictureFolders([tmp_path])
    found = pictures.find(name)
    assert found is not None
    assert (found.name, found.media_type, (found.width, found.height)) == (name, media_type, size)
    assert pictures.read(found) == content
    assert pictures.find(f"../{name}") is None


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("Boot.png", PNG, "rename it"),
        ("boot.PNG", PNG, "rename it"),
        ("mein boot.png", PNG, "rename it"),
        (f"{'a' * 57}.png", PNG, "rename it"),
        ("boot.png", JPEG, "not image/png"),
        ("boot.jpg", b"<svg/>", "not image/jpeg"),
        ("boot.webp", b"", "not image/webp"),
        ("boot.png", PNG[:40], "cut off"),
        ("boot.jpg", JPEG[:200], "cut off"),
        ("boot.webp", LOSSY[:40], "cut off"),
        ("boot.png", sized(0, 5), "cut off"),
        ("boot.png", sized(9_000, 1_001), "9000 x 1001"),
        ("boot.png", sized(21, 1), "21 x 1"),
        ("boot.png", PNG + bytes(MAX_BYTES), "larger than 10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_shown_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        PictureFolders([tmp_path])
    (problem,) = caught.value.problems
    assert problem.startswith(f"{tmp_path / name}: ")
    assert complaint in problem
    assert "\n" not in problem


@pytest.mark.parametrize(("width", "height"), [(9_000, 1_000), (20, 1), (1, 20)])
def test_the_limits_themselves_are_allowed(tmp_path: Path, width: int, height: int) -> None:
    content = sized(width, height)
    (tmp_path / f"{'a' * 56}.png").write_bytes(content + bytes(MAX_BYTES - len(content)))
    assert PictureFolders([tmp_path]).find(f"{'a' * 56}.png") is not None


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "b.png").mkdir()
    (tmp_path / "c.png").write_bytes(PNG)
    with pytest.raises(ConfigurationError) as caught:
        PictureFolders([tmp_path])
    assert [problem.partition(": ")[2] for problem in caught.value.problems] == [
        "its content is not image/png: save it again in the format that its name tells",
        "cannot be read",
    ]


def test_what_is_no_picture_is_left_alone(tmp_path: Path) -> None:
    for name in ("boot.png.license", "Thumbs.db", "._boot.png", "Liste.txt", "drawing.svg"):
        (tmp_path / name).write_bytes(b"x")
    assert PictureFolders([tmp_path]).find("drawing.svg") is None


def test_the_later_folder_wins(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    for folder, content in ((shipped, PNG), (own, sized(2, 2))):
        folder.mkdir()
        (folder / "boot.png").write_bytes(content)
    found = PictureFolders([shipped, own, tmp_path / "missing"]).find("boot.png")
    assert found is not None
    assert found.width == 2


def test_a_file_that_changed_is_shown_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    pictures = PictureFolders([tmp_path])
    found = pictures.find("a.png")
    assert found is not None
    (tmp_path / "a.png").write_bytes(PNG + b"x")
    assert pictures.read(found) is None
    (tmp_path / "a.png").unlink()
    assert pictures.read(found) is None
    assert PictureFolders([tmp_path]).read(found) is None


def test_what_ships_is_in_order_and_an_operator_s_own_wins(tmp_path: Path) -> None:
    settings = without_environment(data_dir=tmp_path)
    shipped = open_pictures(settings).find("pilot_boat.png")
    assert shipped is not None
    assert (shipped.width, shipped.height) == (640, 360)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "pilot_boat.png").write_bytes(PNG)
    own = open_pictures(settings).find("pilot_boat.png")
    assert own is not None
    assert own.digest != shipped.digest


@given(st.sampled_from([content for _, content, _, _ in KINDS]), st.data())
def test_no_damage_breaks_the_reader(content: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = (
        content[:at] + data.draw(st.binary(max_size=8)) + content[data.draw(st.integers(at, len(content))) :]
    )
    width, height = size_of(damaged)
    assert width >= 0
    assert height >= 0
    assert media_type_of(damaged) or (width, height) == (0, 0)
