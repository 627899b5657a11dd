# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What Lotse brings along when it runs, as CycloneDX JSON: `make sbom`.

The tool describes the whole environment, tests and all. Kept is what an installation with every messenger
would have, by the packages' own metadata; the files of others that the browser gets are added.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
VENDORED = ROOT / "bot" / "web" / "static" / "vendor" / "vendor.toml"
EXTRAS = ("telegram", "telegram-staff")

#: What packages call their licence, where that is no SPDX expression.
_SPDX: Mapping[str, str] = {
    "Apache 2.0": "Apache-2.0",
    "MIT License": "MIT",
    "ISC License": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
}
#: Where the metadata is vague, read in the licence file that the package brings.
_READ: Mapping[str, str] = {
    "jinja2": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "uvloop": "MIT OR Apache-2.0",
}


def canonical(name: str) -> str:
    """The name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, with the messengers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    more = [line for extra in EXTRAS for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in (*project["dependencies"], *more)]


def installed() -> dict[str, Distribution]:
    """Everything that comes along on this system, by canonical name."""
    found: dict[str, Distribution] = {}
    _follow(declared(), (), found, set())
    return found


def _follow(
    wanted: Iterable[Requirement],
    extras: Collection[str],
    found: dict[str, Distribution],
    seen: set[tuple[str, frozenset[str]]],
) -> None:
    for one in wanted:
        if one.marker is not None and not any(one.marker.evaluate({"extra": e}) for e in (*extras, "")):
            continue
        key = (canonical(one.name), frozenset(one.extras))
        if key in seen:
            continue
        seen.add(key)
        found[key[0]] = distribution(one.name)
        _follow(map(Requirement, found[key[0]].requires or ()), one.extras, found, seen)


def licence_of(name: str) -> str:
    """The SPDX expression of a package; empty if it does not say. Raises `PackageNotFoundError`."""
    key = canonical(name)
    if key in _READ:
        return _READ[key]
    metadata = distribution(name).metadata
    said = _first(metadata, "License-Expression") or _first(metadata, "License")
    kinds = [one for one in metadata.get_all("Classifier") or () if one.startswith("License ::")]
    if not said and len(kinds) == 1:
        said = kinds[0]
    return _SPDX.get(said, said)


def _first(metadata: PackageMetadata, name: str) -> str:
    return str((metadata.get_all(name) or [""])[0])


def vendored() -> list[dict[str, Any]]:
    """The files of others that the browser gets, one component a package."""
    files = tomllib.loads(VENDORED.read_text(encoding="utf-8"))["file"]
    packages = {(one["name"], one["version"], one["licence"]) for one in files}
    return [
        {
            "bom-ref": f"vendored:{name}@{version}",
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{version}",
            "licenses": [{"expression": licence}],
        }
        for name, version, licence in sorted(packages)
    ]


def trimmed(bom: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """`bom` with these packages alone, each with its licence, and with what is vendored."""
    kept = [one for one in bom["components"] if canonical(one["name"]) in names]
    for one in kept:
        one["licenses"] = [{"expression": licence_of(one["name"])}]
    extra = vendored()
    refs = {one["bom-ref"] for one in kept} | {bom["metadata"]["component"]["bom-ref"]}
    graph = [
        {"ref": one["ref"], "dependsOn": sorted(refs.intersection(one.get("dependsOn", ())))}
        for one in bom["dependencies"]
        if one["ref"] in refs
    ]
    graph += [{"ref": one["bom-ref"], "dependsOn": []} for one in extra]
    return bom | {"components": [*kept, *extra], "dependencies": graph}


def described() -> dict[str, Any]:
    """The environment, as the tool sees it."""
    tool = Path(sys.executable).with_name("cyclonedx-py")
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "all.json"
        about = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "-o", str(to)]
        subprocess.run([str(tool), "environment", *about, sys.executable], check=True)
        bom: dict[str, Any] = json.loads(to.read_text(encoding="utf-8"))
        return bom


def main() -> int:
    """Write it. 1 if something that comes along is not installed here."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--to", type=Path, default=ROOT / "build" / "lotse.cdx.json")
    to: Path = arguments.parse_args().to
    try:
        names = set(installed())
    except PackageNotFoundError as error:
        print(f"{error.name} is not installed: run `make lint` once, which installs everything")
        return 1
    bom = trimmed(described(), names)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(bom, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{to}: {len(bom['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
