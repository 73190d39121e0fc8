"""What the integration tests share: the release of the bundled sources, one with what a user adds, an office's week.

Each is made once, also when several processes run the tests: the first one to need it builds, the others wait.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import once
from tests.integration.observatory import FIXTURES, Observatory
from tests.integration.office import Office, spend_week
from tests.integration.withheld_wave import drop_withheld_wave

Done = subprocess.CompletedProcess[str]


def build_once(observatory: Observatory, prepare: Callable[[], object]) -> Done:
    """Prepare and build, unless another process has; what the build printed comes from the one that did."""
    folder = observatory.home.parent

    def build() -> tuple[int, str, str]:
        folder.mkdir()
        prepare()
        done = observatory.run("build")
        return done.returncode, done.stdout, done.stderr

    code, output, error = once(folder.with_name(f"{folder.name}.json"), build)
    assert code == 0, error
    return subprocess.CompletedProcess([], code, output, error)


@pytest.fixture(scope="session")
def first_build(shared: Path) -> tuple[Observatory, Done]:
    """A build of the bundled sources in an empty folder, and what it printed."""
    observatory = Observatory(shared / "bundled/home", shared / "bundled/inbox")
    return observatory, build_once(observatory, lambda: None)


@pytest.fixture(scope="session")
def bundled(first_build: tuple[Observatory, Done]) -> Observatory:
    """The release of the bundled sources; not to be changed."""
    return first_build[0]


@pytest.fixture
def copy_of_bundled(bundled: Observatory, tmp_path: Path) -> Observatory:
    """The same release in a folder that a test may do anything to."""
    shutil.copytree(bundled.home, tmp_path / "home", symlinks=True)
    (tmp_path / "inbox").mkdir()
    return Observatory(tmp_path / "home", tmp_path / "inbox")


@pytest.fixture(scope="session")
def extended(bundled: Observatory, shared: Path) -> Observatory:
    """A second release: the small world, a family the code has never heard of, and in the inbox two workbooks and a
    survey whose answers are withheld.
    """
    sources = (FIXTURES / "small_world", FIXTURES / "unknown_family")
    observatory = Observatory(shared / "extended/home", shared / "extended/inbox", sources)

    def prepare() -> None:
        shutil.copytree(bundled.home, observatory.home, symlinks=True)
        shutil.copytree(FIXTURES / "real_mapping_2016", observatory.inbox / "mapping_2016")
        drop_withheld_wave(observatory.inbox / "panel")
        shutil.copytree(FIXTURES / "wild_edition", observatory.inbox / "wild", ignore=shutil.ignore_patterns("*.py"))

    build_once(observatory, prepare)
    return observatory


@pytest.fixture(scope="session")
def office(bundled: Observatory, shared: Path) -> Office:
    """An office whose builds are stopped, killed and at last go through; tests ask what was said and what is there."""
    folder = shared / "office"
    observatory = Observatory(folder / "home", folder / "inbox")

    def week() -> dict[str, Any]:
        shutil.copytree(bundled.home, observatory.home, symlinks=True)
        return spend_week(observatory)

    return Office(observatory, once(shared / "office.json", week))
