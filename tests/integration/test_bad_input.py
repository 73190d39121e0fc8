"""A wrong input ends with a sentence and exit code 1, and the last release stays as it was and readable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.observatory import FIXTURES, Observatory
from tests.unit.edition import ROWS, write_edition


def empty_file(inbox: Path) -> None:
    write_edition(inbox / "list", "")


def altered_file(inbox: Path) -> None:
    write_edition(inbox / "list")
    (inbox / "list" / "list.csv").write_text(ROWS.replace("Hyogo", "Kyoto"))


def truncated_file(inbox: Path) -> None:
    write_edition(inbox / "list")
    path = inbox / "list" / "list.csv"
    path.write_bytes(path.read_bytes()[:-10])


def missing_file(inbox: Path) -> None:
    write_edition(inbox / "list")
    (inbox / "list" / "list.csv").unlink()


def unknown_header(inbox: Path) -> None:
    write_edition(inbox / "list", ROWS.replace("Prefecture", "Prefectur"))


def unknown_label(inbox: Path) -> None:
    write_edition(inbox / "list", labels={"prefecture": {"Hyogo": "JP-28", "Ohsaka": "JP-27"}})


def duplicate_edition(inbox: Path) -> None:
    write_edition(inbox / "one")
    write_edition(inbox / "two", id="sample_list-2020-again")


def wrong_card_field(inbox: Path) -> None:
    write_edition(inbox / "list", reviewed_on="20 November")


def too_few_rows(inbox: Path) -> None:
    write_edition(inbox / "list", status="provisional", expected_rows={"min": "5", "max": "9"})


def undecided_final_edition(inbox: Path) -> None:
    write_edition(inbox / "list")


def decision_for_two_clusters(inbox: Path) -> None:
    shutil.copytree(FIXTURES / "small_world", inbox / "small_world")
    path = inbox / "small_world" / "registry" / "decisions.csv"
    text = path.read_text(encoding="utf-8")
    line = next(each for each in text.splitlines() if ",SMW-0016,same," in each)
    path.write_text(text + line.replace("SMW-0016", "SMW-0017") + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "sentences"),
    [
        (empty_file, ["list.csv", "the file is empty", "What to do"]),
        (altered_file, ["list.csv", "not the one that was reviewed", "put the reviewed file back"]),
        (truncated_file, ["list.csv", "not the one that was reviewed"]),
        (missing_file, ["list.csv", "missing"]),
        (unknown_header, ["'Prefectur'", "nearest known: Prefecture"]),
        (unknown_label, ["the label 'Osaka'", "cell C3", "nearest known: Ohsaka"]),
        (duplicate_edition, ["edition '2020' of 'sample_list' is there twice", "one/source.yml", "two/source.yml"]),
        (wrong_card_field, ["source.yml, line", "field reviewed_on", "'20 November'"]),
        (too_few_rows, ["sample_list", "must lie between 5 and 9", "2 was found"]),
        (undecided_final_edition, ["sample_list"]),
        (decision_for_two_clusters, ["decision"]),
    ],
)
def test_wrong_input(copy_of_bundled: Observatory, spoil: Callable[[Path], None], sentences: list[str]) -> None:
    before = copy_of_bundled.latest
    sums = (before / "SHA256SUMS").read_bytes()
    spoil(copy_of_bundled.inbox)
    done = copy_of_bundled.run("build")
    assert done.returncode == 1, done.stdout
    for sentence in sentences:
        assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert copy_of_bundled.latest == before
    assert (before / "SHA256SUMS").read_bytes() == sums
    notice = copy_of_bundled.home / "last-failure.md"
    assert not notice.exists() or sentences[0] in notice.read_text(encoding="utf-8")
    assert copy_of_bundled.run("verify").returncode == 0
    assert copy_of_bundled.query("select count(*) > 0 from marts.dim_cluster") == [(True,)]
