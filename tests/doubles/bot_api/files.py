# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Files that bots and people send: kept by id, described as the Bot API does."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from tests.doubles.bot_api.accounts import Account
from tests.doubles.bot_api.checks import Upload
from tests.doubles.bot_api.refusals import Violation, bad_request
from tests.doubles.bot_api.table import Arguments

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 10_000_000
# What objects of each kind have beside the file's ids.
SHAPES: dict[str, dict[str, Any]] = {
    "photo": {"width": 640, "height": 480},
    "document": {},
    "voice": {"duration": 3},
    "audio": {"duration": 3},
    "video": {"width": 640, "height": 480, "duration": 3},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}


def store_file(account: Account, kind: str, given: Any, files: Mapping[str, Upload]) -> Any:
    """Keep what a bot sends (an upload, "attach://" to one, a known id or a web address) and describe it.

    Raises `Violation` for a reference to nothing, 400 for an empty upload, an unknown id, or a photo that
    is none.
    """
    if isinstance(given, str) and given.startswith("attach://"):
        name = given.removeprefix("attach://")
        if name not in files:
            raise Violation("there is no such file in the request")
        given = files[name]
    if isinstance(given, Upload):
        if not given.content:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            _process(given.content)
        return keep_file(account, kind, given.content)
    if given not in account.files and not given.startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return describe(kind, given)


def keep_file(account: Account, kind: str, content: bytes) -> Any:
    """Keep a file's content under a new id, and describe it."""
    file_id = f"{kind}-{len(account.files) + 1}"
    account.files[file_id] = content
    return describe(kind, file_id)


def _process(content: bytes) -> None:
    """What the server does with every photo before it sends it. Raises 400 for what is none, or too large."""
    if len(content) > _MOST_BYTES:
        raise bad_request("file is too big")
    if not content.startswith((_PNG, b"\xff\xd8\xff", b"RIFF")):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if content.startswith(_PNG):
        at, width, height = len(_PNG), int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
        while at < len(content):
            end = at + 8 + int.from_bytes(content[at : at + 4])
            if zlib.crc32(content[at + 4 : end]) != int.from_bytes(content[end : end + 4]):
                raise bad_request("IMAGE_PROCESS_FAILED")
            at = end + 4
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")


def describe(kind: str, file_id: str) -> Any:
    """The object (for photos: the list of sizes) that stands for a file in a message."""
    described = {"file_id": file_id, "file_unique_id": f"u-{file_id}", **SHAPES[kind]}
    return [described] if kind == "photo" else described


def get_file(account: Account, arguments: Arguments) -> Any:
    """getFile: where the content can be fetched."""
    file_id = arguments.values["file_id"]
    content = account.files.get(file_id)
    if content is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {
        "file_id": file_id,
        "file_unique_id": f"u-{file_id}",
        "file_size": len(content),
        "file_path": file_id,
    }
