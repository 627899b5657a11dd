# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Files that bots and people send: kept by id, described as the Bot API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.doubles.bot_api.accounts import Account
from tests.doubles.bot_api.checks import Upload
from tests.doubles.bot_api.refusals import Violation, bad_request
from tests.doubles.bot_api.table import Arguments

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
    """Keep a file (an upload, "attach://" to one, a known id or a web address) and describe it.

    Raises `Violation` for a reference to nothing, 400 for an empty upload or an unknown id.
    """
    if isinstance(given, str) and given.startswith("attach://"):
        name = given.removeprefix("attach://")
        if name not in files:
            raise Violation("there is no such file in the request")
        given = files[name]
    file_id = given if isinstance(given, str) else f"{kind}-{len(account.files) + 1}"
    if isinstance(given, Upload):
        if not given.content:
            raise bad_request("file must be non-empty")
        account.files[file_id] = given.content
    elif file_id not in account.files and not file_id.startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return describe(kind, file_id)


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
