"""Faults that show beside the last edition: a column more, another file under a known name."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.intake.drift import Change, Edition, compare, drift_problems
from ingest.intake.drift_page import drift_page
from ingest.problem import Outcome
from ingest.tables.csv_file import read_csv
from ingest.tables.printed import Hints
from tests.faults.told import told

pytestmark = pytest.mark.fault

TABLE = "番号,名称,所在地\n1,見本クラスター,兵庫県\n2,ミホン機構,大阪府\n"


def edition(folder: Path, name: str, text: str) -> Edition:
    path = folder / f"{name}.csv"
    path.write_bytes(text.encode())
    return Edition(name, read_csv(path, Hints(headers=("番号", "名称")), folder / name), key=("番号",))


def test_x15_column_more_is_kept_and_told(tmp_path: Path) -> None:
    more = "番号,名称,所在地,備考\n1,見本クラスター,兵庫県,新規\n2,ミホン機構,大阪府,\n"
    current = edition(tmp_path, "2016", more)
    assert current.printed.facts.header == ("番号", "名称", "所在地", "備考")
    told(
        drift_problems(compare(edition(tmp_path, "2013", TABLE), current), "2016.csv"),
        "drift_column_added", Outcome.WARN,
        ["'備考' is new in this edition", "1 filled cells", "as printed"], ["新しい列「備考」", "元の値だけ"],
    )  # fmt: skip


def test_i04_same_name_with_other_bytes_is_compared_row_by_row(tmp_path: Path) -> None:
    other = TABLE.replace("大阪府", "京都府").replace("1,見本クラスター,兵庫県\n", "") + "3,サンプル,滋賀県\n"
    drift = compare(edition(tmp_path, "r1", TABLE), edition(tmp_path, "r2", other))
    assert (drift.gone_keys, drift.added_keys) == (("1",), ("3",))
    assert drift.changes == (Change("2", "所在地", "大阪府", "京都府"),)
    page = drift_page(drift)
    assert page.index("What differs from r1") < page.index("r1との違い")
    assert page.count("| 2 | 所在地 | 大阪府 | 京都府 |") == 2
