"""Register files are landed with the name and the line that an editor knows, and odd files are told together."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.catalog import BUNDLED_SOURCES, read_catalog
from ingest.catalog_landing import land_register
from ingest.problem import SourceError
from ingest.registry.landing import COLUMNS, FILE_NAMES, drop_in_files, register_table
from orchestration.settings import Settings
from orchestration.warehouse_findings import failing_rows

HEADER = ",".join(COLUMNS["cluster"])


def clusters_in(root: Path, *rows: str, header: str = HEADER) -> Path:
    path = root / "office" / "registry" / "clusters.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_row_is_found_again_on_its_line(tmp_path: Path) -> None:
    clusters_in(
        tmp_path,
        "TST-0001,initiative,One,JP,true,2026-11-20,",
        "",
        'TST-0002,initiative,Two,JP,true,2026-11-20,"a\nb"',
        " TST-0003 ,initiative,Three,JP,true,2026-11-20,",
    )
    rows = register_table("cluster", list(drop_in_files(tmp_path))).to_pylist()
    assert [(row["cluster_id"], row["register_file"], row["line_number"]) for row in rows] == [
        ("TST-0001", "office/registry/clusters.csv", 2),
        ("TST-0002", "office/registry/clusters.csv", 4),
        ("TST-0003", "office/registry/clusters.csv", 6),
    ]
    assert [row["note"] for row in rows] == [None, "a\nb", None]


def test_all_files_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    path = clusters_in(tmp_path, header=HEADER.replace("label", "lable"))
    (path.parent / "events.csv").write_text("", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        land_register(read_catalog([tmp_path]), tmp_path / "raw")
    header, empty = sorted(map(str, caught.value.problems))
    assert f"{path}, line 1" in header
    assert "(did you mean 'label'?)" in header
    assert "the file is empty" in empty


def test_a_file_beside_the_register_is_not_passed_over(tmp_path: Path) -> None:
    path = clusters_in(tmp_path, "TST-0001,initiative,One,JP,true,2026-11-20,")
    path.rename(path.with_name("cluster.csv"))
    with pytest.raises(SourceError, match=r"cluster\.csv, nearest known: clusters\.csv"):
        read_catalog([tmp_path])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f"{HEADER}\n\nTST-0001,initiative\n", ["row 3: the row does not fit the header. Found: 2 cells."]),
        (
            f'{HEADER}\nTST-0001,initiative,One,JP,true,2026-11-20,"a\nb"\nTST-0002\n,,\n',
            ["row 3 (line 4): the row does not fit the header.", "row 4 (line 5): the row does not fit the header."],
        ),
        (
            HEADER + "\n" + "TST-0001,initiative,One,JP,true,2026-11-20,\n" * 500 + "é",
            ["line 502: the file is not UTF-8"],
        ),
        (f'{HEADER}\nTST-0001,"One', ["line 2: the file is not a complete CSV table."]),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, content: str, told: list[str]) -> None:
    path = clusters_in(tmp_path)
    path.write_bytes(content.encode("cp1252"))
    with pytest.raises(SourceError) as caught:
        register_table("cluster", list(drop_in_files(tmp_path)))
    problems = [str(problem) for problem in caught.value.problems]
    assert [problem.startswith(f"{path}, {start}") for problem, start in zip(problems, told, strict=True)] == [
        True for _ in told
    ], problems


def test_what_editors_and_spreadsheets_leave_behind_is_no_row(tmp_path: Path) -> None:
    path = clusters_in(tmp_path)
    path.write_bytes(
        f"\ufeff{HEADER} \r\nTST-0001,initiative,One,JP,true,2026-11-20,\r\n,,,,,,\r\n  \r\n"
        "TST-0002 ,initiative,Two,JP,true,2026-11-20,".encode()
    )
    rows = register_table("cluster", list(drop_in_files(tmp_path))).to_pylist()
    assert [(row["cluster_id"], row["line_number"]) for row in rows] == [("TST-0001", 2), ("TST-0002", 5)]


def test_the_register_comes_before_what_is_dropped_in_and_once(tmp_path: Path) -> None:
    clusters_in(tmp_path)
    register = read_catalog([BUNDLED_SOURCES, tmp_path, tmp_path / "office"]).register
    assert [file.thing for file in register] == [*FILE_NAMES, "cluster"]
    assert register[0].name == "dbt_project/seeds/registry/clusters.csv"


def test_rows_that_are_gone_do_not_stay_landed(tmp_path: Path) -> None:
    path = clusters_in(tmp_path, "TST-0001,initiative,One,JP,true,2026-11-20,")
    leftover = tmp_path / "raw" / "registry__cluster" / "overlay" / "x.parquet"
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    for n_rows in (1, 0):
        land_register(read_catalog([tmp_path]), tmp_path / "raw")
        pattern = tmp_path / "raw" / "registry__cluster" / "*" / "*.parquet"
        assert duckdb.sql(f"select count(*) from '{pattern}'").fetchall() == [(n_rows,)]
        path.write_text(HEADER, encoding="utf-8")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "select 'b.csv' as register_file, 2 + i as line_number, 'wrong.' as problem, 'mend it' as remedy "
            "from range(22) as t (i)",
            [
                "What holds.",
                *[f"  b.csv, line {number}: wrong. What to do: mend it." for number in range(2, 22)],
                "  and 2 more",
            ],
        ),
        ("select i as unique_field from range(4) as t (i)", [
            "What holds. Found: unique_field 0; unique_field 1; unique_field 2; and 1 more."
        ]),
    ],
)  # fmt: skip
def test_what_a_failed_test_found_is_told_by_line(tmp_path: Path, sql: str, told: list[str]) -> None:
    settings = Settings(home=tmp_path, inbox=tmp_path, extra_sources=())
    compiled = settings.dbt_target / "compiled" / "p" / "tests" / "t.sql"
    compiled.parent.mkdir(parents=True)
    compiled.write_text(sql, encoding="utf-8")
    duckdb.connect(str(settings.database)).close()
    test = {"package_name": "p", "original_file_path": "tests/t.sql", "name": "t", "description": "What\nholds."}
    assert failing_rows(test, settings).splitlines() == told
