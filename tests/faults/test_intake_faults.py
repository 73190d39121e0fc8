"""Faults of what is dropped: empty and repeated files, editions claimed twice, revised, late or taken away."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.catalog import fingerprint, read_catalog
from ingest.problem import Outcome, SourceError
from tests.faults.told import told
from tests.unit.dropped import DropFolder, problems_of, rested
from tests.unit.edition import ROWS

pytestmark = pytest.mark.fault

THREE = ROWS + "3,Third Cluster,Nara\n"


def rows_of(drops: DropFolder, edition: str) -> int:
    return drops.active()[edition].rows


def test_i01_an_empty_file_is_set_aside_and_the_others_are_read(drops: DropFolder) -> None:
    drops.drop_edition("list")
    drops.drop("mihon_2020.csv", "")
    drops.drop("noted/nothing.csv", "")
    round_ = drops.receive()
    told(
        problems_of(round_), "file_empty", Outcome.QUAR, ["mihon_2020.csv", "0 bytes"], ["ファイルが空です", "0バイト"]
    )
    assert set(drops.active()) == {"sample_list/2020"}
    assert drops.quarantine() == [
        "mihon_2020.csv", "mihon_2020.csv.why.md", "noted/nothing.csv", "noted/nothing.csv.why.md",
    ]  # fmt: skip
    page = (drops.inbox / "quarantine/mihon_2020.csv.why.md").read_text(encoding="utf-8")
    assert page.index("the file is empty") < page.index("ファイルが空です")
    assert "What to do: put the complete file back" in page
    assert "対処方法: 完全なファイルを置き直してください" in page


def test_i02_a_header_alone_is_an_edition_of_no_rows(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", "No,Name,Prefecture\n")
    round_ = drops.receive()
    told(problems_of(round_), "edition_empty", Outcome.WARN, ["mihon/2020", "0 rows"], ["データ行がありません", "0行"])
    assert rows_of(drops, "mihon/2020") == 0
    assert "mihon-2020" in {card.source_id for card in read_catalog(drops.roots).cards}


def test_i02_a_header_alone_never_replaces_rows(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    drops.drop("mihon_2020.csv", "No,Name,Prefecture\n")
    round_ = drops.receive()
    told(
        problems_of(round_), "empty_not_used", Outcome.WARN, ["revision 1 stays in use"], ["第1改訂を引き続き使います"]
    )
    assert drops.active()["mihon/2020"].number == 1
    assert rows_of(drops, "mihon/2020") == 2
    assert not drops.receive().accepted


def test_i03_the_same_bytes_under_another_name_count_once(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.drop("mihon_2021.csv", ROWS)
    round_ = drops.receive()
    sha256 = hashlib.sha256(ROWS.encode()).hexdigest()
    where = [f"duplicate of {sha256}", "the first is mihon_2020.csv"]
    told(problems_of(round_), "duplicate_file", Outcome.QUAR, where, [f"{sha256}の重複", "最初のものはmihon_2020.csv"])
    assert set(drops.active()) == {"mihon/2020"}
    # A copy of what is bundled, and so perhaps synthetic, is no new edition either.
    drops.drop("mihon_2022.csv", (drops.folder / "sources/mihon/list.csv").read_bytes())
    round_ = drops.receive()
    told(problems_of(round_), "duplicate_file", Outcome.QUAR, ["the first is mihon-2018"], ["最初のものはmihon-2018"])
    assert set(drops.active()) == {"mihon/2020"}


def test_i04_other_bytes_under_the_same_name_are_a_new_revision(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    drops.drop("mihon_2020.csv", THREE.replace("Hyogo", "Kyoto"))
    round_ = drops.receive()
    found = told(
        problems_of(round_),
        "new_revision",
        Outcome.FIX,
        ["1 entries added, 0 gone, 1 changed", "revision 2"],
        ["追加1件、削除0件、変更1件", "第2改訂"],
    )
    assert found.outcome is Outcome.FIX
    [revision] = round_.accepted
    assert (revision.number, revision.rows, revision.record["replaces"]) == (2, 3, 1)
    kept = drops.store / "mihon/2020/1/mihon_2020.csv"
    assert kept.read_text() == ROWS
    page = (revision.folder / "report.md").read_text(encoding="utf-8")
    assert "| Third Cluster | new |" in page
    assert "| Mihon Cluster | Prefecture | Hyogo | Kyoto |" in page
    [card] = [each for each in read_catalog(drops.roots).cards if each.source_id == "mihon-2020"]
    assert card.path.parent == revision.folder


def test_i16_late_content_for_a_closed_edition_is_a_revision_with_a_warning(drops: DropFolder) -> None:
    drops.drop("mihon_2013.csv", ROWS)
    drops.drop("mihon_2024.csv", THREE)
    drops.receive()
    drops.drop("mihon_2013.csv", ROWS + "3,Late Cluster,Nara\n")
    round_ = drops.receive()
    told(
        problems_of(round_),
        "late_revision",
        Outcome.WARN,
        ["closed edition mihon/2013", "after the edition 2024", "revision 2"],
        ["終了した版mihon/2013", "第2改訂"],
    )
    assert drops.active()["mihon/2013"].number == 2
    assert drops.active()["mihon/2024"].number == 1


def test_i17_of_two_claims_to_one_edition_neither_is_read(drops: DropFolder) -> None:
    drops.drop_edition("one")
    drops.drop_edition("two", THREE, id="sample_list-2020-again")
    drops.drop("mihon_2020.csv", ROWS + "4,Other,Nara\n")
    round_ = drops.receive()
    found = [each for each in problems_of(round_) if each.code == "edition_claimed_twice"]
    assert [each.outcome for each in found] == [Outcome.QUAR] * 2
    told(found[:1], "edition_claimed_twice", Outcome.QUAR, ["sample_list/2020", "two/list.csv"], ["複数あります"])
    told(found[1:], "edition_claimed_twice", Outcome.QUAR, ["sample_list/2020", "one/list.csv"], ["複数あります"])
    assert set(drops.active()) == {"mihon/2020"}
    for name in ("list.csv", "source.yml"):
        (drops.inbox / "quarantine/two" / name).rename(drops.inbox / "two" / name)
    drops.receive()
    assert rows_of(drops, "sample_list/2020") == 3


def test_i17_a_source_that_is_reviewed_already_is_not_overruled(drops: DropFolder) -> None:
    drops.drop_edition("mine", THREE, id="mihon-2018-mine", family="mihon", edition="2018")
    round_ = drops.receive()
    told(problems_of(round_), "edition_there", Outcome.QUAR, ["mihon/2018 is there", "mihon-2018"], ["既にあります"])
    assert not drops.active()


def test_i20_databases_are_refused_whatever_they_are_called(drops: DropFolder) -> None:
    table = pa.table({"Name": ["Mihon"]})
    (drops.inbox / "sub").mkdir()
    for name in ("mihon.parquet", "mihon_2020.csv"):
        pq.write_table(table, drops.inbox / name)
        rested(drops.inbox / name)
    drops.drop("sub/observatory.duckdb", b"\0" * 8 + b"DUCK" + b"\0" * 4_000)
    drops.drop("mihon_2021.csv", ROWS)
    round_ = drops.receive()
    told(
        problems_of(round_),
        "kind_database",
        Outcome.QUAR,
        ["not accepted from the drop folder"],
        ["受け付けていません"],
    )
    assert set(drops.active()) == {"mihon/2021"}
    aside = {name for name in drops.quarantine() if not name.endswith(".why.md")}
    assert aside == {"mihon.parquet", "mihon_2020.csv", "sub/observatory.duckdb"}


def test_p15_an_edition_taken_away_stops_until_it_is_confirmed(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.drop_edition("list", THREE)
    drops.receive()
    before = fingerprint(drops.roots)
    (drops.inbox / "mihon_2020.csv").unlink()
    drops.drop("mihon_2021.csv", ROWS + "9,New,Nara\n")
    with pytest.raises(SourceError) as caught:
        drops.receive()
    told(
        caught.value.problems,
        "edition_withdrawn",
        Outcome.STOP,
        ["edition withdrawn?", "mihon/2020", "observatory build --withdraw mihon/2020"],
        ["取り下げですか", "observatory build --withdraw mihon/2020"],
    )
    assert fingerprint(drops.roots) == before
    with pytest.raises(SourceError) as caught:
        drops.receive(withdraw=["mihon/2022"])
    told(caught.value.problems, "withdraw_unknown", Outcome.STOP, ["nearest: mihon/2020"], ["取り下げる版"])
    with pytest.raises(SourceError) as caught:
        drops.receive(withdraw=["sample_list/2020", "mihon/2020"])
    told(caught.value.problems, "withdraw_still_there", Outcome.STOP, ["list/list.csv"], ["まだ受付フォルダーに"])
    drops.receive(withdraw=["mihon/2020"], by="registry editor")
    assert set(drops.active()) == {"sample_list/2020", "mihon/2021"}
    drops.drop("mihon_2020.csv", ROWS)
    [revision] = drops.receive().accepted
    assert (revision.edition_id, revision.number) == ("mihon/2020", 2)
