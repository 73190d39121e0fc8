"""An edition beside the last one: columns, labels, rows, blanks and keys, each difference told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.intake.drift import Change, Edition, compare, drift_problems
from ingest.intake.drift_page import drift_page
from ingest.problem import Outcome
from ingest.tables.printed import Facts, batch_of, write_printed
from tests.faults.told import told

HEADER = ("no", "name", "pref", "kind")
ROWS = [(str(n), f"Mihon {n}", ("兵庫県", "大阪府")[n % 2], "A") for n in range(10)]


def edition(
    folder: Path, name: str, header: Sequence[str] = HEADER, rows: Sequence[Sequence[str]] = ROWS,
    left_out: Sequence[str | None] | None = None, ours: dict[str, str | None] | None = None,
) -> Edition:  # fmt: skip
    facts = Facts("csv", tuple(header), tuple(range(1, len(header) + 1)), (1,))
    numbers = list(range(2, len(rows) + 2))
    printed = write_printed(folder / name, facts, [batch_of(numbers, left_out or [None] * len(rows), rows)])
    return Edition(f"mapping {name}", printed, ours or {}, ("no",), ("kind",), (5, 20))


def test_the_same_table_does_not_differ(tmp_path: Path) -> None:
    drift = compare(edition(tmp_path, "2013"), edition(tmp_path, "2016"))
    assert drift.is_none
    assert (drift.n_shared, drift.n_added, drift.n_gone, drift.n_changed) == (10, 0, 0, 0)
    assert drift_problems(drift, "x.csv") == []
    assert "Nothing differs." in drift_page(drift)


def test_columns_added_gone_and_renamed_by_name_and_by_values(tmp_path: Path) -> None:
    rows = [(no, name, pref, "x") for no, name, pref, _ in ROWS]
    drift = compare(
        edition(tmp_path, "2013", ("No", "name", "pref", "kind")),
        edition(tmp_path, "2016", ("no", "organisation", "prefecture", "note"), rows),
    )
    assert [(each.old, each.new, each.share) for each in drift.renamed] == [
        ("pref", "prefecture", 1.0),
        ("name", "organisation", 1.0),
    ]
    assert (dict(drift.added), drift.gone) == ({"note": 10}, ("kind",))
    codes = [problem.code for problem in drift_problems(drift, "x.csv")]
    assert codes == ["drift_column_renamed", "drift_column_renamed", "drift_column_added", "drift_column_gone"]


def test_a_column_mapped_to_the_same_one_of_ours_is_the_same(tmp_path: Path) -> None:
    drift = compare(
        edition(tmp_path, "2013", ours={"pref": "prefecture"}),
        edition(tmp_path, "2016", ("no", "name", "都道府県", "kind"), ours={"都道府県": "prefecture"}),
    )
    assert drift.is_none


def test_rows_added_gone_and_changed_by_key(tmp_path: Path) -> None:
    rows = [*ROWS[1:3], ("3", "Mihon 3 <b>", "大阪府", "B"), *ROWS[4:], ("99", "Sample", "", "A")]
    drift = compare(edition(tmp_path, "r1"), edition(tmp_path, "r2", rows=rows))
    assert (drift.n_shared, drift.n_added, drift.n_gone, drift.n_changed) == (9, 1, 1, 1)
    assert (drift.added_keys, drift.gone_keys) == (("99",), ("0",))
    assert drift.changes == (Change("3", "name", "Mihon 3", "Mihon 3 <b>"), Change("3", "kind", "A", "B"))
    assert dict(drift.labels_new) == {"kind": ("B",)}
    page = drift_page(drift)
    assert "9 in both, 1 new, 1 gone, 1 with another text." in page
    assert "共通9行、新規1行、消滅1行、内容が変わった行1行。" in page
    assert "| 3 | name | Mihon 3 | Mihon 3 &lt;b> |" in page


def test_rows_that_are_no_entries_are_not_compared(tmp_path: Path) -> None:
    rows = [*ROWS, ("計", "", "", "")]
    drift = compare(
        edition(tmp_path, "2013"), edition(tmp_path, "2016", rows=rows, left_out=[None] * 10 + ["total row"])
    )
    assert drift.is_none


def test_counts_blanks_and_keys_out_of_bounds_are_warnings(tmp_path: Path) -> None:
    rows = [(f"X{n}", "Mihon", "", "A") for n in range(30)]
    drift = compare(edition(tmp_path, "2013"), edition(tmp_path, "2016", rows=rows))
    problems = drift_problems(drift, "x.csv")
    told(problems, "drift_rows_bounds", Outcome.WARN, ["30 rows", "5 to 20"], ["30行", "5から20行"])
    told(problems, "drift_rows_changed", Outcome.WARN, ["30 rows", "about 10 as in mapping 2013"], ["10行"])
    told(problems, "drift_blanks", Outcome.WARN, ["'pref'", "100 %", "0 % as in"], ["空欄100 %"])
    told(problems, "drift_keys", Outcome.WARN, ["0 % of the rows"], ["0 %の行"])


def test_too_many_rows_are_not_compared_by_key_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.intake.drift.MOST_KEYS", 9)
    drift = compare(edition(tmp_path, "2013"), edition(tmp_path, "2016"))
    assert drift.n_shared == -1
    assert "Rows were not compared by key." in drift_page(drift)
