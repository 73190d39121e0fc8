"""Faults of the drop folder itself: half-copied files, odd names, links, permissions, clocks, a full disk."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
import unicodedata
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from tests.conftest import ROOT
from tests.faults.told import told
from tests.unit.dropped import DropFolder, problems_of, rested
from tests.unit.edition import ROWS, write_edition

pytestmark = pytest.mark.fault

THREE = ROWS + "3,Third Cluster,Nara\n"


def rows_of(drops: DropFolder, edition: str) -> int:
    return drops.active()[edition].rows


def test_i05_a_file_still_being_copied_waits(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS, seconds_ago=2)
    drops.drop("mihon_2021.csv.part", ROWS)
    drops.drop("mihon_2022.xlsx.crdownload", ROWS)
    drops.drop("~$mihon_2023.xlsx", "x")
    drops.drop(".~lock.mihon_2024.ods#", "x")
    drops.drop("list/.list.csv.Xy12", ROWS)
    card = drops.drop_edition("pair", THREE, id="sample_list-2021", edition="2021")
    rested(card.with_name("list.csv"), 2)
    round_ = drops.receive()
    told(round_.waiting, "file_changed_now", Outcome.FIX, ["2 seconds ago", ".done"], ["2秒前の変更", ".done"])
    told(round_.waiting, "file_being_copied", Outcome.FIX, ["still being copied"], ["コピー中"])
    told(round_.waiting, "file_open_elsewhere", Outcome.FIX, ["another program"], ["別のプログラム"])
    assert len(round_.waiting) == 8
    assert not drops.active()
    assert not (drops.inbox / "quarantine").exists()
    drops.drop("mihon_2020.csv.done", "")
    rested(card.with_name("list.csv"))
    assert {each.edition_id for each in drops.receive().accepted} == {"mihon/2020", "sample_list/2021"}


NAMES = {
    "spaces and quotes": 'it\'s "our" list.csv',
    "separators": "a;b|c&d$(e)`f`.csv",
    "sign": "-rf.csv",
    "emoji": "一覧\U0001f5fe.csv",
    "long": "あ" * 83 + "bc.csv",
    "decomposed": unicodedata.normalize("NFD", "ガイド一覧.csv"),
    "plain": "兵庫県 一覧 (2020).csv",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_i12_a_file_of_any_name_is_read(drops: DropFolder, name: str) -> None:
    assert len(name.encode()) <= 255
    composed = unicodedata.normalize("NFC", name)
    card = drops.drop_edition("odd", file=composed)
    if composed != name:
        card.with_name(composed).rename(card.with_name(name))
    round_ = drops.receive()
    [revision] = round_.accepted
    [stored] = [path for path in revision.folder.iterdir() if path.suffix == ".csv"]
    sha256 = hashlib.sha256(ROWS.encode()).hexdigest()
    if name in {NAMES["plain"], NAMES["decomposed"]}:
        assert stored.name == composed
        assert "name_not_kept" not in {each.code for each in revision.problems}
    else:
        assert stored.name == f"{sha256}.csv"
        found = told(revision.problems, "name_not_kept", Outcome.FIX, [f"stored as {sha256}.csv"], ["別の名前で保管"])
        assert found.outcome is Outcome.FIX
    assert stored.read_text() == ROWS
    assert not drops.receive().accepted


def test_i12_a_file_of_any_name_is_set_aside(drops: DropFolder) -> None:
    longest = "あ" * 83 + "bc.csv"
    drops.drop_edition("odd", "", file=longest)
    drops.drop("`x` <b> [a](b).csv", "")
    drops.receive()
    reports = list((drops.inbox / "quarantine").rglob("*.why.md"))
    assert len(reports) == 2
    assert all(len(path.name.encode()) <= 255 for path in reports)
    [page] = [path.read_text(encoding="utf-8") for path in reports if path.name.startswith("`")]
    assert "# \\`x\\` \\<b\\> \\[a\\](b).csv: set aside" in page


def test_i13_a_link_is_set_aside_and_its_target_never_touched(drops: DropFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_edition(outside, THREE)
    (outside / "mihon_2020.csv").write_text(THREE)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    (drops.inbox / "mihon_2020.csv").symlink_to(outside / "mihon_2020.csv")
    (drops.inbox / "folder").symlink_to(outside)
    (drops.inbox / "nowhere.csv").symlink_to("/nowhere/at/all")
    round_ = drops.receive()
    told(problems_of(round_), "file_is_link", Outcome.QUAR, ["symbolic link", "never followed"], ["シンボリックリンク"])
    assert not drops.active()
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before
    names = ("mihon_2020.csv", "folder", "nowhere.csv")
    assert all((drops.inbox / "quarantine" / name).is_symlink() for name in names)
    assert all((drops.inbox / "quarantine" / f"{name}.why.md").is_file() for name in names)


def run_apart(drops: DropFolder, before: str = "") -> list[list[str]]:
    """One round in another process to which permissions mean something, also where the tests run as the superuser.

    Returns code, outcome and both sentences of each problem, and at the end the editions in use.
    """
    code = textwrap.dedent(
        f"""
        import resource, sys
        from pathlib import Path
        from ingest.problem import SourceError
        from tests.unit.dropped import DropFolder, problems_of
        drops = DropFolder(Path(sys.argv[1]))
        {before}
        try:
            problems = problems_of(drops.receive())
        except SourceError as error:
            problems = error.problems
        for each in problems:
            print(each.code, each.outcome, each, each.japanese, sep="|")
        print(*sorted(drops.active()), sep="|")
        """
    )
    command = [sys.executable, "-c", code, str(drops.folder)]
    if os.geteuid() == 0:
        # The superuser without the two rights by which permissions mean nothing.
        rights = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}", *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split("|") for line in done.stdout.splitlines()]


def test_i14_an_unreadable_file_is_set_aside_and_the_others_are_read(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS).chmod(0)
    drops.drop("mihon_2021.csv", THREE)
    *lines, editions = run_apart(drops)
    [(_, outcome, english, japanese)] = [each for each in lines if each[0] == "file_unreadable"]
    assert outcome == Outcome.QUAR
    assert "correct the permissions" in english
    assert "ファイルのアクセス権を直してください" in japanese
    assert editions == ["mihon/2021"]
    assert "mihon_2020.csv" in drops.quarantine()


def test_i14_a_file_that_vanishes_is_looked_for_again(drops: DropFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = drops.drop("mihon_2020.csv", ROWS)
    drops.drop("mihon_2021.csv", THREE)
    look = "ingest.intake.reception.look"

    def look_and_lose(inbox: Path, now: float) -> object:
        from ingest.intake.drop_folder import look as look_well

        dropped = look_well(inbox, now)
        gone.unlink(missing_ok=True)
        return dropped

    with monkeypatch.context() as patched:
        patched.setattr(look, look_and_lose)
        round_ = drops.receive()
    told(round_.waiting, "file_gone", Outcome.WARN, ["the next build looks again"], ["次のビルドで再度確認します"])
    assert set(drops.active()) == {"mihon/2021"}
    drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    assert set(drops.active()) == {"mihon/2020", "mihon/2021"}


def test_i18_a_time_in_the_future_changes_nothing(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS, seconds_ago=-7 * 86_400)
    drops.drop("mihon_2021.csv", THREE)
    round_ = drops.receive()
    found = told(problems_of(round_), "mtime_ahead", Outcome.FIX, ["in the future", "not its time"], ["未来"])
    assert found.outcome is Outcome.FIX
    assert set(drops.active()) == {"mihon/2020", "mihon/2021"}
    drops.drop("mihon_2020.csv", ROWS, seconds_ago=-14 * 86_400)
    assert not drops.receive().accepted


def test_i19_a_drop_folder_that_is_missing_stops(tmp_path: Path) -> None:
    drops = DropFolder(tmp_path, named=False)
    assert not drops.receive().accepted
    drops.named = True
    with pytest.raises(SourceError) as caught:
        drops.receive()
    told(
        caught.value.problems,
        "inbox_missing",
        Outcome.STOP,
        ["OBSERVATORY_INBOX", "make the folder"],
        ["受付フォルダー"],
    )
    drops.named = False
    drops.drop_edition()
    drops.receive()
    (drops.inbox).rename(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="drop folder is missing"):
        drops.receive()
    assert set(drops.active()) == {"sample_list/2020"}


def test_i19_a_drop_folder_that_cannot_be_written_stops(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.inbox.chmod(0o500)
    [(code, outcome, english, japanese), _] = run_apart(drops)
    drops.inbox.chmod(0o700)
    assert (code, outcome) == ("inbox_not_writable", Outcome.STOP)
    assert "correct its permissions" in english
    assert "権限を直すか" in japanese
    assert not drops.active()


def test_i19_a_full_disk_stops_and_leaves_nothing_half_accepted(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    drops.drop("mihon_2021.csv", ROWS + "".join(f"{number},Sample {number},Nara\n" for number in range(3, 9_000)))
    # A limit on the size of files is what a full disk is to the process that writes.
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    [(code, outcome, english, japanese), editions] = run_apart(drops, limit)
    assert (code, outcome) == ("no_space", Outcome.STOP)
    assert "free some room; nothing was changed" in english
    assert "空き容量を確保してください" in japanese
    assert editions == ["mihon/2020"]
    assert (drops.inbox / "mihon_2021.csv").is_file()
    drops.receive()
    assert rows_of(drops, "mihon/2021") == 8_999
