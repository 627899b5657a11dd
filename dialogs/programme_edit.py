# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Change a field of a programme's file and leave everything else as somebody wrote it, notes too."""

from __future__ import annotations

from dialogs.problems import DialogError
from dialogs.yaml_source import Listing, Mapping, Tree, read_yaml


def with_field(source: str, key: str, value: str) -> str | None:
    """The file with `key: value` as a line of its own, or without that field if `value` is empty.

    `value` is written as it is. None if the field stands on several lines, or if the file could not be read
    before or afterwards: then it is for a human to change.
    """
    try:
        root, _ = read_yaml(source, "")
        lines, entry = source.splitlines(), root.entries.get(key)
        if entry is not None and _last_line(entry.value) != entry.key.line:
            return None
        line = [f"{key}: {value}"] if value else []
        if entry is None:
            changed = lines + line
        else:
            changed = [*lines[: entry.key.line - 1], *line, *lines[entry.key.line :]]
        text = "\n".join(changed) + "\n"
        again, _ = read_yaml(text, "")
    except DialogError:
        return None
    others = {name for name in root.entries if name != key}
    return text if {name for name in again.entries if name != key} == others else None


def _last_line(tree: Tree) -> int:
    if isinstance(tree, Mapping):
        return max([tree.line, *(_last_line(entry.value) for entry in tree.entries.values())])
    if isinstance(tree, Listing):
        return max([tree.line, *(_last_line(item) for item in tree.items)])
    return tree.line
