"""Two releases that the integration tests look at: the bundled sources alone, and with what a user adds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.observatory import FIXTURES, Observatory


@pytest.fixture(scope="session")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Observatory, subprocess.CompletedProcess[str]]:
    """A build of the bundled sources in an empty folder, and what it printed."""
    folder = tmp_path_factory.mktemp("bundled")
    observatory = Observatory(folder / "home", folder / "inbox")
    done = observatory.run("build")
    assert done.returncode == 0, done.stderr
    return observatory, done


@pytest.fixture(scope="session")
def bundled(first_build: tuple[Observatory, subprocess.CompletedProcess[str]]) -> Observatory:
    """The release of the bundled sources; not to be changed."""
    return first_build[0]


@pytest.fixture
def copy_of_bundled(bundled: Observatory, tmp_path: Path) -> Observatory:
    """The same release in a folder that a test may do anything to."""
    shutil.copytree(bundled.home, tmp_path / "home", symlinks=True)
    (tmp_path / "inbox").mkdir()
    return Observatory(tmp_path / "home", tmp_path / "inbox")


@pytest.fixture(scope="session")
def extended(bundled: Observatory, tmp_path_factory: pytest.TempPathFactory) -> Observatory:
    """A second release: the small world, a family the code has never heard of, and a workbook in the inbox."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(bundled.home, folder / "home", symlinks=True)
    shutil.copytree(FIXTURES / "real_mapping_2016", folder / "inbox" / "mapping_2016")
    sources = (FIXTURES / "small_world", FIXTURES / "unknown_family")
    observatory = Observatory(folder / "home", folder / "inbox", sources)
    done = observatory.run("build")
    assert done.returncode == 0, done.stderr
    return observatory
