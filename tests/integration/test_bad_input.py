"""A wrong file is set aside with a sentence and the rest is built; a wrong judgement stops, and the release stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.observatory import FIXTURES, Observatory
from tests.unit.edition import ROWS, write_edition

DATA = "list.csv"


def empty_file(folder: Path, **names: str) -> None:
    write_edition(folder, "", **names)


def altered_file(folder: Path, **names: str) -> None:
    write_edition(folder, **names)
    (folder / DATA).write_text(ROWS.replace("Hyogo", "Kyoto"))


def truncated_file(folder: Path, **names: str) -> None:
    write_edition(folder, **names)
    path = folder / DATA
    path.write_bytes(path.read_bytes()[:-10])


def missing_file(folder: Path, **names: str) -> None:
    write_edition(folder, **names)
    (folder / DATA).unlink()


def unknown_header(folder: Path, **names: str) -> None:
    write_edition(folder, own(names, ROWS.replace("Prefecture", "Prefectur")), **names)


def unknown_label(folder: Path, **names: str) -> None:
    labels = {"prefecture": {"Hyogo": "JP-28", "Ohsaka": "JP-27", "Nara": "JP-29"}}
    write_edition(folder, own(names), labels=labels, **names)


def wrong_card_field(folder: Path, **names: str) -> None:
    write_edition(folder, own(names), reviewed_on="20 November", **names)


def too_few_rows(folder: Path, **names: str) -> None:
    write_edition(folder, own(names), status="provisional", expected_rows={"min": "5", "max": "9"}, **names)


def duplicate_edition(folder: Path, **names: str) -> None:
    write_edition(folder, own(names), **names)
    again = {**names, "id": f"{names['id']}-again"}
    write_edition(folder.with_name("duplicate_edition_again"), own(names, f"{ROWS}4,Fourth,Mie\n"), **again)


def own(names: dict[str, str], rows: str = ROWS) -> str:
    """Rows that no other edition has."""
    return f"{rows}3,Cluster of {names['edition']},Nara\n"


FILES: dict[Callable[..., None], list[str]] = {
    empty_file: [DATA, "the file is empty", "What to do"],
    altered_file: [DATA, "not the one that was reviewed", "put the reviewed file back"],
    truncated_file: [DATA, "not the one that was reviewed"],
    missing_file: ["source.yml", "missing", "no file list.csv"],
    unknown_header: ["no 'Prefecture', the closest new header is 'Prefectur'"],
    unknown_label: ["the label 'Osaka'", "cell C3", "nearest known: Ohsaka"],
    wrong_card_field: ["source.yml", "reviewed_on", "'20 November'"],
    too_few_rows: ["sample_list", "must lie between 5 and 9", "3 was found"],
    duplicate_edition: ["several files claim the edition sample_list/2008", "duplicate_edition_again/list.csv"],
}


def test_wrong_files_are_set_aside_and_the_rest_is_built(copy_of_bundled: Observatory) -> None:
    observatory, inbox = copy_of_bundled, copy_of_bundled.inbox
    before = observatory.latest
    write_edition(inbox / "good", status="provisional")
    for number, spoil in enumerate(FILES):
        spoil(inbox / spoil.__name__, id=f"sample_list-200{number}", edition=f"200{number}")
    for spoil in FILES:
        card = inbox / spoil.__name__ / "source.yml"
        checked = observatory.run("check", str(card))
        if spoil is not duplicate_edition:
            assert checked.returncode == 1, checked.stdout
            assert "would be set aside" in checked.stdout
    done = observatory.run("build")
    assert done.returncode == 0, done.stderr
    assert "Accepted. good/list.csv: sample_list/2020, revision 1, 2 rows." in done.stderr
    assert "Traceback" not in done.stderr
    for spoil, sentences in FILES.items():
        [report] = (inbox / "quarantine" / spoil.__name__).glob("*.why.md")
        page = report.read_text(encoding="utf-8").replace("\\_", "_")
        for sentence in sentences:
            assert sentence in done.stderr
            assert sentence in page
        assert "対処方法" in page
        assert str(report) in done.stderr
        assert not [path for path in (inbox / spoil.__name__).iterdir() if path.is_file()]
    assert "1 editions in use, 1 accepted now, 10 in quarantine" in done.stdout
    rows = observatory.query("select edition_id, n_rows from marts.dim_edition where family = 'sample_list'")
    assert rows == [("sample_list/2020", 2)]
    built = observatory.latest
    assert built != before
    listed = observatory.run("sources").stdout
    assert "sample_list/2020, revision 1: in use (good/list.csv, 2 rows)" in listed
    assert "quarantine/empty_file/list.csv.why.md" in listed

    # Taken away without a word, it stays; confirmed, the release before is the latest again, without a build.
    shutil.rmtree(inbox / "good")
    stopped = observatory.run("build")
    assert stopped.returncode == 1
    assert "edition withdrawn?" in stopped.stderr
    assert "observatory build --withdraw sample_list/2020" in stopped.stderr
    assert observatory.latest == built
    withdrawn = observatory.run("build", "--withdraw", "sample_list/2020")
    assert withdrawn.returncode == 0, withdrawn.stderr
    assert observatory.latest == before
    assert "sample_list/2020, revision 1: withdrawn" in observatory.run("sources").stdout


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
        (undecided_final_edition, ["sample_list"]),
        (decision_for_two_clusters, ["decision"]),
    ],
)
def test_a_wrong_judgement_stops(
    copy_of_bundled: Observatory, spoil: Callable[[Path], None], sentences: list[str]
) -> None:
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
