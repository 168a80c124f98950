"""The fixture that tests of clusters work with; see ``cluster_archive.py``."""

from __future__ import annotations

import pytest
from cape import Project
from cluster_archive import Archive


@pytest.fixture
def archive(project: Project) -> Archive:
    return Archive(project)
