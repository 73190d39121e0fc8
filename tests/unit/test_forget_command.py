"""`observatory forget`: who is found by what, what is changed, where the person still is.

The build itself is stood in for by landing the wave again and writing the table of responses as a release has it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from ingest.landing import land_source
from ingest.restricted import restricted_path
from ingest.source_card import SourceCard, read_card
from ingest.survey.forgotten import forgotten_path, read_forgotten
from ingest.survey.pseudonym import SYNTHETIC_KEY, pseudonym, read_key
from ingest.survey.wave import read_wave
from orchestration.commands import app
from orchestration.settings import Settings
from tests.unit.dropped_wave import MAIL, OTHER_MAIL, PERSONS, REFERENCE, drop_wave, sha256


class World:
    """A home with one wave, dropped and released once."""

    def __init__(self, folder: Path, *, synthetic: bool) -> None:
        self.sources = folder / "sources"
        self.settings = Settings(home=folder / "home", inbox=folder / "inbox", extra_sources=(self.sources,))
        self.card: SourceCard = drop_wave(self.sources, synthetic=synthetic)
        self.key = SYNTHETIC_KEY if synthetic else read_key(self.settings.home, {})
        self.releases = 0
        self.build(self.settings)

    def build(self, _settings: Settings, **_options: Any) -> int:
        """Land the wave and release its responses."""
        landed = land_source(self.card, self.settings.raw)
        self.releases += 1
        folder = self.settings.releases / f"r{self.releases:012x}"
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "observatory.duckdb")) as connection:
            connection.execute("create schema marts")
            connection.execute(
                "create table marts.fct_survey_response as select * from read_parquet(?)", [str(landed.path)]
            )
        self.settings.latest.unlink(missing_ok=True)
        self.settings.latest.symlink_to(folder)
        return 0

    def forget(self, *arguments: str, typed: str | None = None) -> Result:
        """Run the command."""
        return CliRunner().invoke(app, ["forget", *arguments], input=typed)

    def responses(self, release: str = "latest") -> list[str]:
        """Ids of the responses of a release."""
        folder = self.settings.latest if release == "latest" else self.settings.releases / release
        with duckdb.connect(str(folder / "observatory.duckdb"), read_only=True) as connection:
            rows = connection.execute("select response_id from marts.fct_survey_response order by all").fetchall()
        return [str(row[0]) for row in rows]

    @property
    def store(self) -> Path:
        """The wave's restricted file."""
        return restricted_path(self.settings.raw.parent, self.card.source_id, self.card.content["sha256"])


def world_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *, synthetic: bool) -> World:
    world = World(folder, synthetic=synthetic)
    monkeypatch.setenv("OBSERVATORY_HOME", str(world.settings.home))
    monkeypatch.setenv("OBSERVATORY_INBOX", str(world.settings.inbox))
    monkeypatch.setenv("OBSERVATORY_SOURCES", str(world.sources))
    monkeypatch.setattr("orchestration.forget_command.build_and_tell", world.build)
    return world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A real wave; files are looked into in this process, which is faster."""
    monkeypatch.setattr("ingest.survey.person_search.read_foreign_wave", read_wave)
    return world_in(tmp_path, monkeypatch, synthetic=False)


@pytest.fixture(params=[True, False], ids=["synthetic", "real"])
def either_world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Both kinds, each with its key."""
    return world_in(tmp_path, monkeypatch, synthetic=request.param)


def test_an_address_is_forgotten_and_named_nowhere(either_world: World) -> None:
    world = either_world
    (world.settings.inbox / "quarantine").mkdir(parents=True)
    shutil.copy(world.card.file, world.settings.inbox / "quarantine" / "copy.csv")
    done = world.forget("-", "--yes", "--json", typed=f" {MAIL.upper()}\n")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["waves"] == ["mihon_survey/2020"]
    assert report["latest_release"] == "r000000000002"
    assert report["releases_with_the_person"] == {"r000000000001": 1}
    assert report["files_with_the_person"] == [
        {"file": str(world.card.file), "rows": [4]},
        {"file": str(world.settings.inbox / "quarantine" / "copy.csv"), "rows": [4]},
    ]
    assert world.responses() == ["R_mihon2", "R_mihon3", "R_mihon4"]
    wide = pq.read_table(next((world.settings.raw / "survey_wide").glob("*/*.parquet")))
    assert wide["response_no"].to_pylist() == [2, 3, 4]
    kept = pq.read_table(world.store).to_pylist()
    assert {row["response_no"] for row in kept} == {2, 3, 4}
    said = done.output + forgotten_path(world.settings.home).read_text(encoding="utf-8")
    assert MAIL not in said.casefold()
    assert [row.pseudonym for row in read_forgotten(world.settings.home).rows] == [
        pseudonym(MAIL, world.key, "email"), pseudonym(REFERENCE, world.key, "external_id:mihon_survey"),
    ]  # fmt: skip


def test_a_later_export_without_the_address_does_not_bring_anybody_back(world: World) -> None:
    assert world.forget("-", "--yes", typed=MAIL).exit_code == 0
    world.card = drop_wave(world.sources, [("R_mihon1", "", "1", "more training"), *PERSONS[1:]], synthetic=False)
    world.build(world.settings)
    assert world.responses() == ["R_mihon2", "R_mihon3", "R_mihon4"]


def test_an_id_that_others_have_too_forgets_nobody_else(world: World) -> None:
    """Each respondent of a shared link has the same token."""
    text = world.card.file.read_text(encoding="utf-8").replace(f"{OTHER_MAIL},,", f"{OTHER_MAIL},{REFERENCE},")
    world.card.file.write_text(text, encoding="utf-8")
    content = world.card.path.read_text(encoding="utf-8").replace(world.card.content["sha256"], sha256(world.card.file))
    world.card.path.write_text(content, encoding="utf-8")
    world.card = read_card(world.card.path)
    world.build(world.settings)
    assert world.forget("-", "--yes", typed=MAIL).exit_code == 0
    assert [row.role for row in read_forgotten(world.settings.home).rows] == ["email"]
    assert world.responses() == ["R_mihon2", "R_mihon3", "R_mihon4"]


def test_what_the_marts_show_is_enough(world: World) -> None:
    name = pseudonym(OTHER_MAIL, world.key, "email")
    done = world.forget(name, "--yes")
    assert done.exit_code == 0, done.output
    assert world.responses() == ["R_mihon1", "R_mihon3", "R_mihon4"]
    for part in (
        f"Forgotten: {name}, in mihon_survey/2020.", "Release r000000000002 is without the person.",
        "Still in release r000000000001: responses 1.", f"Still in {world.card.file}, row 5.",
    ):  # fmt: skip
        assert part in done.output


def test_the_number_of_a_response_means_its_person_or_itself(world: World) -> None:
    assert world.forget("R_mihon2", "--yes").exit_code == 0
    assert [row.pseudonym for row in read_forgotten(world.settings.home).rows] == [
        pseudonym(OTHER_MAIL, world.key, "email")
    ]
    # Nobody knows who gave the third.
    done = world.forget("R_mihon3", "--yes")
    assert done.exit_code == 0, done.output
    assert world.responses() == ["R_mihon1", "R_mihon4"]
    assert f"Still in {world.card.file}, row 5, 6." in done.output


def test_an_id_of_another_system_finds_who_is_known_by_an_address(world: World) -> None:
    """The marts know the first person by the address; the restricted store knows the other id too."""
    assert world.forget(REFERENCE, "--yes").exit_code == 0
    assert world.responses() == ["R_mihon2", "R_mihon3", "R_mihon4"]


@pytest.mark.parametrize("given", ["nobody@example.org", "R_mihon9", "0" * 16, "x' or 1=1 --", "%"])
def test_an_unknown_id_changes_nothing(world: World, given: str) -> None:
    done = world.forget(given, "--yes")
    assert done.exit_code == 1
    assert "Nobody is known by this id" in done.output
    assert given not in done.output
    assert not forgotten_path(world.settings.home).exists()
    assert world.releases == 1


def test_without_a_yes_nothing_is_changed(world: World) -> None:
    for typed in ("n\n", ""):
        done = world.forget("R_mihon1", typed=typed)
        assert done.exit_code == 1
    assert "mihon_survey/2020: answered, row 4 of its file" in done.output
    assert not forgotten_path(world.settings.home).exists()
    assert world.releases == 1
    assert pq.read_table(world.store).num_rows > 0


def test_again_it_looks_again(world: World) -> None:
    world.forget(MAIL, "--yes")
    shutil.rmtree(world.settings.releases / "r000000000001")
    done = world.forget(MAIL, typed="y\n")
    assert done.exit_code == 0, done.output
    assert "on the list of forgotten persons already" in done.output
    assert "Still in release" not in done.output
    assert [row.role for row in read_forgotten(world.settings.home).rows] == ["email", "external_id"]


def test_a_build_that_stops_keeps_the_person_on_the_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.forget_command.build_and_tell", lambda *_, **__: 1)
    done = world.forget(MAIL, "--yes")
    assert done.exit_code == 1
    assert "on the list, but the build stopped" in done.output
    assert "Still in release r000000000001: responses 1." in done.output
    assert [row.role for row in read_forgotten(world.settings.home).rows] == ["email", "external_id"]
    assert not [row for row in pq.read_table(world.store).to_pylist() if row["response_no"] == 1]


def test_releases_set_aside_or_unreadable_or_without_surveys_are_told_apart(world: World) -> None:
    releases = world.settings.releases
    shutil.copytree(releases / "r000000000001", releases / "damaged-r000000000001-17")
    for name, content in (("r00000000000a", b"no database"), ("r00000000000b", None)):
        (releases / name).mkdir()
        if content:
            (releases / name / "observatory.duckdb").write_bytes(content)
        else:
            with duckdb.connect(str(releases / name / "observatory.duckdb")) as connection:
                connection.execute("create table other as select 1 as x")
    done = world.forget(MAIL, "--yes", "--json")
    report = json.loads(done.stdout)
    assert report["releases_with_the_person"] == {"damaged-r000000000001-17": 1, "r000000000001": 1}
    assert report["releases_not_readable"] == ["r00000000000a"]


def test_a_number_that_two_waves_have_is_asked_about(world: World) -> None:
    persons = [("R_mihon3", "", "1", "nothing")]
    other = drop_wave(world.sources / "2021", persons, "2021", synthetic=world.card.is_synthetic)
    landed = land_source(other, world.settings.raw)
    with duckdb.connect(str(world.settings.latest / "observatory.duckdb")) as connection:
        connection.execute("insert into marts.fct_survey_response from read_parquet(?)", [str(landed.path)])
    done = world.forget("R_mihon3", "--yes")
    assert done.exit_code == 1
    assert "mihon_survey/2020, mihon_survey/2021" in done.output
    done = world.forget("R_mihon3", "--yes", "--wave", "mihon_survey/2020")
    assert done.exit_code == 0, done.output
    assert world.responses() == ["R_mihon1", "R_mihon2", "R_mihon4"]
