# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures of dialogs: folders of files, all checked at the start so that none fails in a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from bot.domain.pictures import Picture
from bot.errors import ConfigurationError
from bot.storage.picture_files import MEDIA_TYPES, media_type_of, size_of

#: The Bot API's limits for sendPhoto, which are the narrowest: bytes, width and height together, their ratio.
MAX_BYTES = 10_000_000
MAX_SIDES = 10_000
MAX_RATIO = 20
MAX_NAME = 60

_NAME = re.compile(r"[a-z0-9_-]+\.(?:png|jpg|jpeg|webp)")


class PictureFolders:
    """See `bot.ports.Pictures`. A picture in a later folder wins over one of the same name before it.

    A folder need not be there, and what does not end like a picture is left alone. Raises
    `ConfigurationError` with one line for every picture that cannot be shown everywhere.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._known: dict[str, tuple[Path, Picture]] = {}
        problems: list[str] = []
        for folder in folders:
            for path in _picture_files(folder):
                try:
                    self._known[path.name] = path, _checked(path)
                except (OSError, ValueError) as error:
                    reason = str(error) if isinstance(error, ValueError) else "cannot be read"
                    problems.append(f"{path}: {reason}")
        if problems:
            raise ConfigurationError(problems)

    def find(self, name: str) -> Picture | None:
        """The picture of that name; None if there is none."""
        found = self._known.get(name)
        return found[1] if found else None

    def read(self, picture: Picture) -> bytes | None:
        """Its content, from the disk; None if the file is gone or is not the one that was checked."""
        found = self._known.get(picture.name)
        if found is None:
            return None
        try:
            content = found[0].read_bytes()
        except OSError:
            # Whoever asked says in words what cannot be seen.
            return None
        return content if sha256(content).hexdigest() == picture.digest else None


def _picture_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    # The Finder's and Windows' own files begin with a dot or end in .db.
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower().removeprefix(".") in MEDIA_TYPES and not path.name.startswith(".")
    )


def _checked(path: Path) -> Picture:
    """The picture in a file. Raises `ValueError` (what is wrong, with a remedy) or `OSError`."""
    if not _NAME.fullmatch(path.name) or len(path.name) > MAX_NAME:
        raise ValueError(f"rename it: small letters, digits, _ and -, at most {MAX_NAME} characters in all")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000_000} MB: make it smaller")
    content = path.read_bytes()
    wanted = MEDIA_TYPES[path.suffix.removeprefix(".")]
    if media_type_of(content) != wanted:
        raise ValueError(f"its content is not {wanted}: save it again in the format that its name tells")
    width, height = size_of(content)
    if not width or not height:
        raise ValueError("cut off or damaged: copy it again")
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise ValueError(
            f"{width} x {height} pixels: width and height together at most {MAX_SIDES}, "
            f"and neither more than {MAX_RATIO} times the other"
        )
    return Picture(path.name, wanted, width, height, sha256(content).hexdigest())
