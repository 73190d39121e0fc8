"""A wrong file is set aside with a sentence and the rest is built; a wrong judgement stops, and the release stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.integration.observatory import Observatory
from tests.integration.office import Office
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
    wrong = [str(inbox / spoil.__name__ / "source.yml") for spoil in FILES if spoil is not duplicate_edition]
    checked = observatory.run("check", *wrong)
    assert checked.returncode == 1
    assert checked.stdout.count("would be set aside") == len(wrong), checked.stdout
    done = observatory.run("build")
    assert done.returncode == 0, done.stderr
    assert "Accepted. good/list.csv: sample_list/2020, revision 1, rows: 2." in done.stderr
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
    assert "in use 1, accepted now 1, in quarantine 10" in done.stdout
    rows = observatory.query("select edition_id, n_rows from marts.dim_edition where family = 'sample_list'")
    assert rows == [("sample_list/2020", 2)]
    built = observatory.latest
    assert built != before
    listed = observatory.run("sources").stdout
    assert "sample_list/2020, revision 1: in use (good/list.csv, rows: 2)" in listed
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


def test_a_wrong_judgement_stops(office: Office) -> None:
    """A final edition without decisions; two decisions for one row are told with the faults of the register."""
    code, _, error = office.noted["blocked"]
    assert code == 1
    assert "sample_list" in error
    assert "Traceback" not in error
    left = office.noted["after the stop"]
    assert (left["latest"], left["sums"]) == (office.noted["before"], office.noted["sums"])
    assert left["verify"] == 0
    assert left["clusters"] > 0
    assert "sample_list" in office.noted["notice"]
