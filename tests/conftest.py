"""The fixture that most tests of the pipeline and the command line work in; see ``cape.py``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cape import ARTICLE, TERMS, Project
from hypothesis import HealthCheck, settings

if "PYTEST_XDIST_WORKER" in os.environ:  # one test a core: threads of torch would only wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine makes an example slow; speed is measured by `bench`, never by a test.
settings.register_profile("yakubun", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("yakubun")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / ".cache"))
    for name in [name for name in os.environ if name.startswith(("COV", "FORCE_COLOR", "COLUMNS"))]:
        monkeypatch.delenv(name)
    (tmp_path / ".git").mkdir()  # the search for a configuration ends here
    made = Project(tmp_path)
    made.write(made.article, ARTICLE)
    made.write(made.terms, TERMS)
    made.write("yakubun.toml", "numbers = false\n")  # these tests count entries; test_terms and others do numbers
    return made
