"""Two releases that the integration tests look at: the bundled sources alone, and with what a user adds.

Each is built once, also when several processes run the tests: the first one to need it builds, the others wait.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.integration.observatory import FIXTURES, Observatory
from tests.integration.withheld_wave import drop_withheld_wave

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


def build_once(observatory: Observatory, prepare: Callable[[], object]) -> Done:
    """Prepare and build, unless another process has; what the build printed comes from the one that did."""
    folder = observatory.home.parent
    told = folder / "told.json"
    with FileLock(f"{folder}.lock"):
        if not told.exists():
            folder.mkdir()
            prepare()
            done = observatory.run("build")
            told.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")
    code, output, error = json.loads(told.read_text(encoding="utf-8"))
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
