"""What is installed is what was looked at: versions, hashes and licences."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import REPOSITORY

LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
LICENCES = (REPOSITORY / "LICENCES.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
# A package may be there in several versions, for different Pythons.
LOCKED = [
    (canonicalize_name(name), version, block)
    for name, version, block in re.findall(r"(?m)^([\w.-]+)==(\S+)((?:.*\\\n)(?:    .*\n)*)", LOCK)
]
PERMISSIVE = re.compile(r"MIT|BSD|Apache|PSF|MPL|Mozilla|ISC|Zlib|0BSD|CC0")


def declared() -> list[Requirement]:
    lines = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines]


def test_what_is_declared_is_locked_in_a_version_that_fits() -> None:
    for requirement in declared():
        name = canonicalize_name(requirement.name)
        versions = [version for locked, version, _ in LOCKED if locked == name]
        assert versions, requirement
        assert all(map(requirement.specifier.contains, versions)), requirement


def test_every_locked_file_has_a_hash() -> None:
    assert len(LOCKED) == len(re.findall(r"(?m)^\S+==", LOCK))
    assert all("--hash=sha256:" in block for _, _, block in LOCKED)


def test_no_address_is_in_the_lock() -> None:
    assert "://" not in LOCK


def test_every_licence_is_listed_and_permissive() -> None:
    rows = re.findall(r"(?m)^\| ([\w.-]+) +\| \S+ +\| (.+?) +\|$", LICENCES)
    listed = {canonicalize_name(name): licence for name, licence in rows if name != "Name"}
    for requirement in declared():
        name = canonicalize_name(requirement.name)
        # It leaves itself out.
        assert name in listed or name == "pip-licenses", name
    assert [name for name, licence in listed.items() if not PERMISSIVE.search(licence)] == []
