# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A type that several threads read."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from dialogs.shapes import Shape

# Without the look that a shape takes when it is built this process ends by a segmentation fault, with
# msgspec 0.22.0 on each of ten runs. A process of its own, so that the others live on.
_MANY = """
import sys, threading
import msgspec
from dialogs.shapes import Shape

sys.setswitchinterval(1e-6)

def read_by_many():
    inner = msgspec.defstruct("Inner", [("many", tuple[str, ...]), ("few", tuple[str, ...], ())])
    shape = Shape(msgspec.defstruct("Outer", [("all", tuple[inner, ...]), ("one", inner | None, None)]))
    gate = threading.Barrier(8)

    def read():
        gate.wait()
        shape.of({"all": [{"many": ["a"]}]})

    threads = [threading.Thread(target=read) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

for _ in range(300):
    read_by_many()
"""


class Cup(msgspec.Struct, frozen=True):
    size: int


def test_many_threads_may_read_a_type_that_nobody_has_read_yet() -> None:
    ended = subprocess.run([sys.executable, "-c", _MANY], check=False, timeout=120)
    assert ended.returncode == 0


def test_what_does_not_fit_is_refused() -> None:
    shape = Shape(Cup)
    assert shape.of({"size": "3"}, strict=False) == Cup(3)
    with pytest.raises(msgspec.ValidationError):
        shape.of({"size": "3"})
