"""What Yakubun is built from: locked with hashes, licensed in a way that it may use, and described."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "ci" / "requirements.lock").read_text("utf-8")
PINNED = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", LOCK, re.MULTILINE))


def licences() -> ModuleType:
    specification = importlib.util.spec_from_file_location("licences", ROOT / "ci" / "licences.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["licences"] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


class TestLock:
    def test_every_package_is_pinned_and_has_hashes(self) -> None:
        blocks = re.split(
            r"^(?=\S)", "\n".join(line for line in LOCK.splitlines() if not line.startswith("#")), flags=re.M
        )
        for block in filter(str.strip, blocks):
            assert re.match(r"[a-z0-9._-]+==\S+", block), block[:60]
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:60]

    def test_it_names_no_registry_and_no_place_on_a_machine(self) -> None:
        assert not re.search(r"https?://|file:|index-url|find-links|trusted-host|(?<!\w)/\w+/\w+", LOCK)

    def test_it_holds_what_pyproject_asks_for_in_a_version_that_fits(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        optional = project["optional-dependencies"]
        asked = [*project["dependencies"], *optional["dev"], *optional["cluster"], *optional["review"]]
        for requirement in map(Requirement, asked):
            if requirement.name == project["name"]:
                continue
            name = canonicalize_name(requirement.name)
            assert name in PINNED, f"{name} is not locked: run ci/lock"
            assert requirement.specifier.contains(PINNED[name], prereleases=True), f"{name}: run ci/lock"

    def test_torch_is_left_to_the_machine(self) -> None:
        assert not {"torch", "yakubun"} & set(PINNED)


class TestLicences:
    def test_every_installed_package_may_be_used(self) -> None:
        packages, _ = licences().installed("yakubun")
        assert len(packages) > 40
        assert [(one.name, one.licence) for one in packages if not one.allowed] == []

    @pytest.mark.parametrize(
        ("licence", "allowed"),
        [
            ("MIT", True),
            ("BSD-3-Clause AND 0BSD AND MIT", True),
            ("Mozilla Public License 2.0 (MPL 2.0)", True),
            ("AGPL-3.0-only", False),
            ("GPL-2.0-or-later", False),
            ("GNU General Public License v3", False),
            ("CC-BY-NC-4.0", False),
            ("not stated", False),
            ("proprietary", False),
        ],
    )
    def test_the_list(self, licence: str, allowed: bool) -> None:
        assert licences().is_allowed(licence) is allowed


class TestScripts:
    @pytest.mark.parametrize("name", ["lock", "sbom", "audit"])
    def test_each_is_a_program_of_bash(self, name: str) -> None:
        script = ROOT / "ci" / name
        assert script.stat().st_mode & 0o111
        subprocess.run(["bash", "-n", str(script)], check=True)

    def audit(self, tmp_path: Path, printed: str, status: int) -> subprocess.CompletedProcess[str]:
        """Run the script with a python that prints what pip-audit would."""
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\nexit {status}\n", "utf-8")
        python.chmod(0o755)
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        return subprocess.run(
            [str(ROOT / "ci" / "audit")], env=environment, capture_output=True, text=True, check=False
        )

    def test_an_audit_without_data_says_so_and_is_no_failure(self, tmp_path: Path) -> None:
        done = self.audit(tmp_path, "ConnectionError: no route to host", 1)
        assert done.returncode == 0
        assert "notice: the advisories could not be asked" in done.stdout

    def test_packages_that_were_not_looked_up_are_told(self, tmp_path: Path) -> None:
        done = self.audit(tmp_path, "No known vulnerabilities found\nlxml Dependency could not be audited: lxml", 0)
        assert done.returncode == 0
        assert "notice: the index knows nothing of 1 packages" in done.stdout

    def test_a_vulnerability_is_a_failure(self, tmp_path: Path) -> None:
        done = self.audit(tmp_path, "Found 1 known vulnerability in 1 package", 1)
        assert done.returncode == 1

    @pytest.mark.slow
    @pytest.mark.skipif(not importlib.util.find_spec("cyclonedx_py"), reason="cyclonedx-bom is not installed")
    def test_the_bill_of_materials_names_what_is_installed(self, tmp_path: Path) -> None:
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        assert shutil.which("bash")
        subprocess.run([str(ROOT / "ci" / "sbom"), str(tmp_path / "sbom.json")], env=environment, check=True)
        bill = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
        assert bill["bomFormat"] == "CycloneDX"
        assert {"lxml", "polib", "jinja2"} <= {one["name"].lower() for one in bill["components"]}
