"""The drop folder in daily use: revisions, quarantine and back, derived cards, a killed round, the same everywhere."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from ingest.catalog import fingerprint, read_catalog
from ingest.intake import decision, reception
from ingest.intake.accepted import revisions
from ingest.intake.derived_card import family_patterns
from ingest.message import problem
from ingest.problem import SourceError
from ingest.source_card import read_card
from orchestration.check_command import run_check
from orchestration.inbox_sensor import inbox_sensor
from orchestration.intake import wait_for_rest
from orchestration.settings import Settings
from tests.conftest import ROOT
from tests.unit.dropped import DropFolder, problems_of, rested, with_expectations
from tests.unit.edition import ROWS, write_edition

THREE = ROWS + "3,Third Cluster,Nara\n"


def test_an_unchanged_folder_is_left_alone(drops: DropFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.drop_edition("list", THREE)
    assert len(drops.receive().accepted) == 2
    monkeypatch.setattr(reception, "decide", None)
    told = drops.receive()
    assert (told.accepted, told.set_aside, told.n_editions) == ([], [], 2)
    assert (drops.inbox / "mihon_2020.csv").read_text() == ROWS


def test_the_same_folder_gives_the_same_inputs_anywhere(drops: DropFolder, tmp_path: Path) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.drop_edition("list", THREE, file="一覧?.csv")
    drops.drop("bad.parquet", b"PAR1")
    drops.receive()
    other = DropFolder(tmp_path / "another place")
    shutil.copytree(drops.folder / "sources", other.folder / "sources")
    shutil.copytree(drops.inbox, other.inbox, ignore=shutil.ignore_patterns("quarantine"))
    for path in other.inbox.rglob("*"):
        os.utime(path, (1, 1))
    other.receive()
    assert fingerprint(drops.roots) == fingerprint(other.roots)
    before = fingerprint(drops.roots)
    drops.drop("mihon_2020.csv", THREE + "4,Fourth,Mie\n")
    drops.receive()
    assert fingerprint(drops.roots) != before


def test_a_derived_card_claims_nothing_that_nobody_knows(drops: DropFolder) -> None:
    drops.drop("mihon_2024.csv", ROWS)
    [revision] = drops.receive().accepted
    card = read_card(revision.card_path).content
    assert (card["id"], card["edition"], card["reference_date"]) == ("mihon-2024", "2024", "2024-04-01")
    assert (card["status"], card["reviewed_by"], card["synthetic"]) == ("provisional", "not reviewed", False)
    # The family's one card is synthetic: what it says of publisher and licence is not true of a real list.
    assert card["publisher"]["name"] == card["licence"]["name"] == "not stated"
    assert card["columns"] == {"No": "entry_no", "Name": "name", "Prefecture": "prefecture"}
    assert card["expected_rows"] == {"min": "0", "max": "18"}
    # It is no pattern for further ones, so that the order in which files come makes no difference.
    [pattern] = family_patterns(drops._paths())
    assert pattern.card.source_id == "mihon-2018"


def test_a_pattern_that_could_run_for_ever_is_not_used(drops: DropFolder) -> None:
    drops.bundle_family(file_pattern=r"(?P<edition>(\w+)+)\.csv")
    assert family_patterns(drops._paths()) == []


def test_a_card_that_comes_later_makes_a_revision(drops: DropFolder) -> None:
    path = drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    card = drops.drop_edition("..", ROWS, id="mihon-2020", family="mihon", edition="2020", file=path.name)
    shutil.move(card, drops.inbox / "source.yml")
    shutil.move(card.with_name(path.name), path)
    [revision] = drops.receive().accepted
    assert (revision.number, revision.record["derived_from"]) == (2, None)


def test_quarantine_never_overwrites_and_a_corrected_file_comes_back(drops: DropFolder) -> None:
    for text in ("", "No,Name,Prefectur\n1,A,B\n"):
        drops.drop_edition("list", text, id="sample_list-2020")
        drops.receive()
    first, second = drops.inbox / "quarantine/list", drops.inbox / "quarantine/list (2)"
    assert (first / "list.csv").read_bytes() == b""
    assert "'Prefectur'" in (second / "list.csv.why.md").read_text(encoding="utf-8")
    write_edition(second)
    for name in ("list.csv", "source.yml"):
        (second / name).rename(drops.inbox / "list" / name)
    drops.receive()
    assert drops.active()["sample_list/2020"].rows == 2
    # Its report has done its work; the other one's file still lies there.
    assert not (second / "list.csv.why.md").exists()
    assert (first / "list.csv.why.md").exists()


def test_while_a_newer_file_is_in_quarantine_the_last_revision_stays(drops: DropFolder) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    drops.drop("mihon_2020.csv", "No,Name,Colour\n1,A,B\n")
    for _ in range(2):
        told = drops.receive()
        [note] = [each for each in told.notes if each.code == "in_quarantine"]
        assert "quarantine/mihon_2020.csv.why.md" in str(note)
        assert drops.active()["mihon/2020"].number == 1
    page = (drops.inbox / "quarantine/mihon_2020.csv.why.md").read_text(encoding="utf-8")
    assert "Revision 1 of mihon/2020 stays in use." in page
    assert "第1改訂を引き続き使います" in page


def test_a_file_that_a_good_card_names_too_stays(drops: DropFolder) -> None:
    good = drops.drop_edition("list")
    bad = yaml.safe_load(good.read_text()) | {"id": "sample_list-2019", "edition": "2019", "title": "x"}
    drops.drop("list/other.source.yml", yaml.safe_dump(bad))
    drops.receive()
    assert (drops.inbox / "list/list.csv").is_file()
    assert drops.quarantine() == ["list/other.source.yml", "list/other.source.yml.why.md"]
    assert set(drops.active()) == {"sample_list/2020"}


def test_what_another_program_decided_is_decided_again(drops: DropFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    drops.drop("mihon_2020.csv", THREE)
    drops.receive()
    for module in (reception, decision):
        monkeypatch.setattr(module, "reading_code", lambda: "a later program")
    assert not drops.receive().accepted
    assert drops.active()["mihon/2020"].record["code"] == "a later program"

    def refuse(card: object, _raw: Path, *, is_foreign: bool) -> object:
        assert is_foreign
        raise SourceError([problem("file_empty", str(card))])

    monkeypatch.setattr(reception, "reading_code", lambda: "a program that cannot read it")
    monkeypatch.setattr(decision, "land_source", refuse)
    told = drops.receive()
    assert [each.code for each in problems_of(told)] == ["file_empty", "in_quarantine"]
    assert drops.active()["mihon/2020"].number == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from ingest.intake import accepted
from tests.unit.dropped import DropFolder
if sys.argv[2] == "before the record":
    accepted._json = lambda content: os.kill(os.getpid(), signal.SIGKILL)
else:
    Path.rename = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
drops = DropFolder(Path(sys.argv[1]))
(drops.store).mkdir(parents=True)
(drops.store / accepted.MARK).write_text('{"format": 1}')
drops.receive()
"""


@pytest.mark.parametrize("moment", ["before the record", "before the rename"])
def test_a_killed_round_leaves_nothing_half_accepted(drops: DropFolder, moment: str) -> None:
    drops.drop("mihon_2020.csv", ROWS)
    command = [sys.executable, "-c", KILLED, str(drops.folder), moment]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert revisions(drops.store) == []
    assert [card.source_id for card in read_catalog(drops.roots).cards] == ["mihon-2018"]
    drops.receive()
    assert drops.active()["mihon/2020"].number == 1
    assert not (drops.store / ".incoming").exists()


def test_an_implausible_edition_and_contact_data_are_set_aside(tmp_path: Path) -> None:
    drops = with_expectations(tmp_path)
    drops.drop_edition("few", expected_rows={"min": "5", "max": "9"})
    person = ROWS.replace("Osaka", "someone@example.org")
    drops.drop_edition("person", person, id="sample_list-2021", edition="2021")
    codes = {each.code: each for each in problems_of(drops.receive())}
    assert "must lie between 5 and 9" in str(codes["edition_implausible"])
    assert "someone" not in str(codes["personal_cell"])
    assert "1 cells of the column 'Prefecture'" in str(codes["personal_cell"])
    assert drops.active() == {}


def test_check_tells_the_same_and_touches_nothing(drops: DropFolder, capsys: pytest.CaptureFixture[str]) -> None:
    write_edition(drops.inbox / "good", synthetic=False)
    write_edition(drops.inbox / "bad", "", id="sample_list-2021", edition="2021")
    shutil.copy(drops.inbox / "good/list.csv", drops.inbox / "bare.csv")
    shutil.copy(
        ROOT / "ingest/sources/cluster_mapping/2016/cluster_mapping_2016.csv",
        drops.inbox / "cluster_mapping_2016.csv",
    )
    before = sorted((path, path.stat().st_mtime_ns) for path in drops.folder.rglob("*"))
    settings = Settings(drops.folder / "home", drops.inbox, ())
    assert run_check(settings, [drops.inbox / "good/source.yml"], in_japanese=False) == 0
    assert "would be read as sample_list/2020, revision 1, 2 rows" in capsys.readouterr().out
    assert run_check(settings, [drops.inbox / "good/list.csv", drops.inbox / "bad/list.csv"], in_japanese=True) == 1
    assert "list.csv：隔離されます。\n  QUAR  list.csv：ファイルが空です。" in capsys.readouterr().out
    assert run_check(settings, [drops.inbox / "bare.csv"], in_japanese=False) == 0
    said = capsys.readouterr().out
    assert "a table of 2 rows (csv)" in said
    assert "Prefecture → prefecture" in said
    # A copy of bundled rows under the name of a further edition.
    assert run_check(settings, [drops.inbox / "cluster_mapping_2016.csv"], in_japanese=False) == 1
    assert "cluster_mapping-2016-synthetic" in capsys.readouterr().out
    assert run_check(settings, [drops.inbox / "nowhere.csv"], in_japanese=False) == 1
    assert sorted((path, path.stat().st_mtime_ns) for path in drops.folder.rglob("*")) == before


def test_a_page_of_somebody_else_in_quarantine_is_left_alone(drops: DropFolder) -> None:
    for text in ("notes", "<!-- intake {not json} -->\n", '<!-- intake {"files": 3} -->\n'):
        page = drops.drop("quarantine/list.csv.why.md", text)
        told = drops.receive()
        assert (told.n_quarantined, told.notes) == (0, [])
        assert page.read_text() == text


def test_a_file_on_its_way_again_is_not_withdrawn(drops: DropFolder) -> None:
    path = drops.drop("mihon_2020.csv", ROWS)
    drops.receive()
    path.rename(path.with_name("mihon_2020.csv.part"))
    assert [each.code for each in drops.receive().waiting] == ["file_being_copied"]
    assert set(drops.active()) == {"mihon/2020"}


def test_the_sensor_receives_and_writes_down_what_stops(drops: DropFolder) -> None:
    settings = Settings(drops.folder / "home", drops.inbox, ())
    sensor = inbox_sensor(settings)
    card = drops.drop_edition("good", status="provisional")
    drops.drop_edition("bad", "", id="sample_list-2021", edition="2021")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        assert isinstance(sensor(context), dg.RunRequest)
        assert set(drops.active()) == {"sample_list/2020"}
        assert "bad/list.csv.why.md" in drops.quarantine()
        # What the round itself moved is no reason to ask again.
        assert isinstance(sensor(context), dg.SkipReason)
        shutil.rmtree(card.parent)
        stopped = sensor(context)
        assert isinstance(stopped, dg.SkipReason)
        assert "edition withdrawn?" in (stopped.skip_message or "")
    assert "edition withdrawn?" in (settings.home / "last-failure.md").read_text(encoding="utf-8")


def test_a_broken_card_of_an_accepted_edition_does_not_withdraw_it(drops: DropFolder) -> None:
    card = drops.drop_edition("list")
    drops.drop("mihon_2020.csv", THREE)
    drops.receive()
    drops.drop("list/source.yml", card.read_text(encoding="utf-8") + "\tbroken")
    (drops.inbox / "mihon_2020.csv").unlink()
    (drops.inbox / "mihon_2020.csv").symlink_to("/nowhere")
    for _ in range(2):
        told = drops.receive()
        assert {each.code for each in told.notes} == {"in_quarantine"}
        assert set(drops.active()) == {"sample_list/2020", "mihon/2020"}


def test_a_build_waits_for_what_changed_a_moment_ago_and_for_nothing_else(
    drops: DropFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(drops.folder / "home", drops.inbox, ())
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        rested(drops.inbox / "mihon_2020.csv")

    monkeypatch.setattr("orchestration.intake.time.sleep", nap)
    drops.drop("mihon_2021.csv.part", ROWS)
    wait_for_rest(settings)
    assert naps == []
    drops.drop("mihon_2020.csv", ROWS, seconds_ago=1)
    wait_for_rest(settings)
    assert len(naps) == 1
