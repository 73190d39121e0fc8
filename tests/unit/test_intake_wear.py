"""The drop folder on a bad day: killed rounds, drafts, odd cards, a store that was touched, everything taken away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.catalog import fingerprint
from ingest.intake import decision
from ingest.intake.accepted import RECORD
from ingest.intake.derived_card import derived_content, family_patterns
from ingest.landing import remove_other_sources
from ingest.message import problem
from ingest.problem import Outcome, SourceError
from ingest.source_card import SourceCard
from orchestration.screen import short_lines, stop_sentences
from tests.conftest import ROOT
from tests.faults.told import told
from tests.unit.dropped import DropFolder, problems_of, rested, with_expectations
from tests.unit.edition import ROWS

THREE = ROWS + "3,Third Cluster,Nara\n"
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.dropped import DropFolder
left, rename = [int(sys.argv[2])], Path.rename
def killed(self, target):
    if "quarantine" in str(target):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
Path.rename = killed
DropFolder(Path(sys.argv[1])).receive()
"""


@pytest.mark.parametrize("moves", [0, 1])
def test_a_round_killed_while_it_sets_aside_is_finished_by_the_next(drops: DropFolder, moves: int) -> None:
    drops.drop_edition("bad", "")
    command = [sys.executable, "-c", KILLED, str(drops.folder), str(moves)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert "bad/list.csv.why.md" in drops.quarantine()
    drops.receive()
    # Both lie together, and whatever lies in quarantine has a report beside it.
    assert {"bad/list.csv", "bad/source.yml", "bad/list.csv.why.md"} <= set(drops.quarantine())
    assert "ファイルが空です" in (drops.inbox / "quarantine/bad/list.csv.why.md").read_text(encoding="utf-8")
    assert drops.receive().set_aside == []


def test_what_lies_beside_a_draft_waits(drops: DropFolder) -> None:
    card = drops.drop_edition("new", ROWS, file="mihon_2020.csv")
    card.rename(card.with_name("source.draft.yml"))
    drops.drop("new/report.pdf", b"%PDF-1.7\n")
    drops.drop("mihon_2021.csv", THREE)
    round_ = drops.receive()
    assert set(drops.active()) == {"mihon/2021"}
    assert round_.set_aside == []
    [waiting] = round_.waiting
    told([waiting], "card_is_draft", Outcome.WARN, ["new/mihon_2020.csv", "still a draft"], ["まだ下書き"])
    rested(card.with_name("source.draft.yml").rename(card))
    assert "sample_list/2020" in {each.edition_id for each in drops.receive().accepted}


def test_an_accepted_edition_beside_a_new_draft_is_not_withdrawn(drops: DropFolder) -> None:
    path = drops.drop("new/mihon_2020.csv", ROWS)
    drops.receive()
    drops.drop("new/source.draft.yml", f"file: {path.name}\n")
    assert [each.code for each in drops.receive().waiting] == ["card_is_draft"]
    assert set(drops.active()) == {"mihon/2020"}


def test_everything_taken_away_is_one_sentence(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.drop("mihon_2021.csv", THREE)
    drops.receive()
    shutil.rmtree(drops.inbox)
    drops.inbox.mkdir()
    with pytest.raises(SourceError) as error:
        drops.receive(withdraw=[])
    parts = ["mihon/2020, mihon/2021", "--withdraw"]
    told(error.value.problems, "editions_withdrawn", Outcome.STOP, parts, ["版の取り下げ", *parts])
    assert len(stop_sentences(error.value).splitlines()) == 2
    drops.receive(withdraw=["mihon/2020", "mihon/2021", "mihon/2020"])
    assert drops.active() == {}
    with pytest.raises(SourceError) as error:
        drops.receive(withdraw=["mihon/2020"])
    told(error.value.problems, "withdraw_unknown", Outcome.STOP, ["'mihon/2020'"], ["「mihon/2020」"])
    drops.drop("mihon_2020.csv", ROWS)
    [revision] = drops.receive().accepted
    assert (revision.edition_id, revision.number) == ("mihon/2020", 2)


@pytest.mark.parametrize("name", ["mihon_2020.csv", "source.yml"])
def test_a_kept_copy_that_was_touched_stops_until_it_is_put_right(drops: DropFolder, name: str) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    [revision] = drops.receive().accepted
    before = fingerprint(drops.roots)
    content = bytearray((revision.folder / name).read_bytes())
    content[-2] ^= 1
    (revision.folder / name).write_bytes(content)
    with pytest.raises(SourceError) as error:
        drops.receive()
    told(error.value.problems, "store_altered", Outcome.STOP, [str(revision.folder)], ["控え"])
    shutil.rmtree(revision.folder)
    drops.receive()
    assert fingerprint(drops.roots) == before


@pytest.mark.parametrize("text", ["[]", "{}", "{"])
def test_a_record_that_was_touched_is_a_sentence(drops: DropFolder, text: str) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    [revision] = drops.receive().accepted
    (revision.folder / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        drops.receive()
    told(error.value.problems, "store_damaged", Outcome.STOP, [RECORD], ["記録"])


def test_a_derived_card_keeps_what_is_meant_and_not_where_it_stood(drops: DropFolder) -> None:
    meant = {"personal": ["Contact"], "optional": ["Prefecture"], "blanks_accepted": ["prefecture"]}
    columns = {"No": "entry_no", "Name": "name", "Prefecture": "prefecture", "Contact": None}
    stood = {"encoding": "cp932", "header_row": "7", "header_levels": "2", "region": "A7:C9"}
    drops.bundle_family(columns=columns, **meant, **stood)
    [pattern] = family_patterns(drops._paths())
    content = derived_content(pattern, "mihon_2022.csv", "0" * 64)
    assert {name: content[name] for name in meant} == meant
    assert not set(stood) & set(content)


def test_a_card_in_another_encoding_goes_with_its_file(drops: DropFolder) -> None:
    card = drops.drop_edition("wide")
    card.write_bytes(card.read_text(encoding="utf-8").encode("utf-16"))
    drops.drop_edition("large", THREE, id="sample_list-2021", edition="2021", scope_rule="x" * 1_000_000)
    rested(card)
    round_ = drops.receive()
    assert round_.unspoken == []
    assert {"wide/list.csv", "wide/source.yml", "large/list.csv", "large/source.yml"} <= set(drops.quarantine())
    problems = problems_of(round_)
    told(problems, "card_not_utf8", Outcome.QUAR, ["save the card as UTF-8"], ["UTF-8 のテキストとして保存"])
    told(problems, "card_too_large", Outcome.QUAR, ["at most 1000000 bytes"], ["1000000バイト以下"])


def test_an_implausible_edition_is_told_in_japanese_too(tmp_path: Path) -> None:
    drops = with_expectations(tmp_path)
    drops.drop_edition("few", expected_rows={"min": "5", "max": "9"})
    parts = ["行数が5から9の間にあることが必要ですが、実際は2です。公表元の一覧と比較し"]
    told(problems_of(drops.receive()), "edition_implausible", Outcome.QUAR, ["2 was found"], parts)


def test_a_cell_shown_in_a_report_is_nobodys_address(drops: DropFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(card: SourceCard, _raw: Path, *, is_foreign: bool) -> None:
        assert is_foreign
        values = {"label": "someone@example.org", "column": "Name", "near": "-", "known": "-"}
        raise SourceError([problem("label_unknown", f"{card.path.parent}/{card.file.name}", **values)])

    monkeypatch.setattr(decision, "land_source", refuse)
    drops.drop_edition("list")
    round_ = drops.receive()
    told(problems_of(round_), "label_unknown", Outcome.QUAR, ["list/list.csv", "[restricted]"], ["[restricted]"])
    [(report, _)] = round_.set_aside
    assert "someone" not in report.read_text(encoding="utf-8")


def test_a_screen_shows_the_hardest_few_and_counts_the_rest() -> None:
    fixed = [problem("mtime_ahead", f"{number}.csv") for number in range(9)]
    looked = [problem("file_gone", f"{number}.csv") for number in range(4)]
    hard = problem("edition_claimed_twice", "last.csv", edition="a/1", others="b")
    lines = short_lines([*fixed, *looked, hard], "report.md")
    assert lines[0].startswith("  QUAR  last.csv: several files claim")
    assert [line[:14] for line in lines[1:3]] == ["  WARN  0.csv:", "  WARN  1.csv:"]
    assert lines[3:] == [
        "  and 2 more in its report",
        "  FIX  read in a normal form: 9; what and where stands in report.md",
    ]
    assert short_lines([], "report.md") == []


def test_personal_data_of_a_source_that_is_gone_goes(tmp_path: Path) -> None:
    kept = tmp_path / "restricted" / "sample_list-2020" / "0.parquet"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"")
    assert remove_other_sources(tmp_path / "raw", []) == []
    assert not kept.parent.exists()
