"""Lineage, previews, the inbox sensor and the history of runs: the parts of the wiring that hold logic."""

from __future__ import annotations

import os
import time
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster_shared.check import CheckError

from ingest.catalog import read_catalog
from ingest.intake.drop_folder import REST_SECONDS
from ingest.landing import land_source
from orchestration import dbt_project
from orchestration.column_lineage import ModelSql, lineage_of
from orchestration.dbt_project import DbtFailure, project_hash
from orchestration.inbox_sensor import inbox_sensor
from orchestration.raw_assets import _preview, raw_definitions
from orchestration.run_history import RunHistory
from orchestration.settings import Settings
from orchestration.warehouse_assets import _sentence, dbt_commands
from orchestration.warehouse_findings import failing_rows
from tests.unit.dbt_runs import hand_over
from tests.unit.edition import write_edition

SQL = """
with listed as (select cluster_id, name as printed, sector from "w"."s"."listing" where year > 2000),
named as (select listed.*, codes.label from listed left join "w"."s"."codes" as codes on listed.sector = codes.code)
select cluster_id, upper(printed) as name, coalesce(label, sector) as sector_label, 'v1' as version, count(*) as n
from named group by all
"""


def settings_in(folder: Path) -> Settings:
    return Settings(home=folder / "home", inbox=folder / "inbox", extra_sources=())


def test_lineage_follows_columns_through_steps_and_joins(tmp_path: Path) -> None:
    model = ModelSql(
        "model.out",
        SQL,
        ["cluster_id", "name", "sector_label", "version", "n"],
        {
            '"w"."s"."listing"': ("model.listing", ["cluster_id", "name", "sector", "year"]),
            '"w"."s"."codes"': ("seed.codes", ["code", "label"]),
        },
    )
    cache = tmp_path / "lineage.json"
    expected = {
        "cluster_id": [("model.listing", "cluster_id")],
        "name": [("model.listing", "name")],
        "sector_label": [("model.listing", "sector"), ("seed.codes", "label")],
        "version": [],
        "n": [],
    }
    assert lineage_of([model], cache) == {"model.out": expected}
    text = cache.read_text()
    cache.write_text(text.replace('["model.listing", "name"]', '["model.listing", "from the cache"]'))
    assert lineage_of([model], cache)["model.out"]["name"] == [("model.listing", "from the cache")]
    changed = ModelSql(model.unique_id, SQL.replace("upper(printed)", "sector"), model.columns, model.parents)
    assert lineage_of([changed], cache)["model.out"]["name"] == [("model.listing", "sector")]


def test_a_preview_cannot_become_markup(tmp_path: Path) -> None:
    path = write_edition(tmp_path, 'No,Name,Prefecture\n1,"<script>a|b</script>\nc",Hyogo\n')
    [card] = read_catalog([path.parent]).cards
    preview = _preview(land_source(card, tmp_path / "raw").path)
    assert preview.splitlines()[2] == "| 2 | 1 | &#60;script&#62;a&#124;b&#60;/script&#62; c | Hyogo |"


def test_a_wrong_file_fails_the_step_with_all_its_sentences(tmp_path: Path) -> None:
    write_edition(tmp_path / "inbox" / "a")
    write_edition(tmp_path / "inbox" / "b", id="sample_list-2021", edition="2021", sha256="0" * 64)
    settings = settings_in(tmp_path)
    catalog = read_catalog([settings.inbox])
    land_sources, _ = raw_definitions(catalog, settings)
    assert isinstance(land_sources, dg.AssetsDefinition)
    with pytest.raises(dg.Failure, match="not the one that was reviewed"):
        dg.materialize([land_sources], resources={"output_folder": settings.home})


def test_the_sensor_waits_for_a_file_to_come_to_rest_and_asks_once(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    settings.inbox.mkdir()
    sensor = inbox_sensor(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        assert isinstance(sensor(context), dg.SkipReason)
        path = settings.inbox / "list.csv"
        path.write_text("a")
        waiting = sensor(context)
        assert isinstance(waiting, dg.SkipReason)
        assert "waiting until it is complete" in (waiting.skip_message or "")
        rested = time.time() - REST_SECONDS - 1
        os.utime(path, (rested, rested))
        assert isinstance(sensor(context), dg.RunRequest)
        assert isinstance(sensor(context), dg.SkipReason)
        path.unlink()
        assert isinstance(sensor(context), dg.RunRequest)


def entry(number: int) -> EventLogEntry:
    materialization = StepMaterializationData(dg.AssetMaterialization(["thing", str(number)]))
    return EventLogEntry(
        error_info=None,
        level=10,
        user_message="",
        run_id="run",
        timestamp=float(number),
        step_key="step",
        job_name="build",
        dagster_event=DagsterEvent(
            DagsterEventType.ASSET_MATERIALIZATION.value, "build", event_specific_data=materialization
        ),
    )


def test_the_run_history_is_there_for_the_next_process(tmp_path: Path) -> None:
    writer = RunHistory(str(tmp_path))
    writer.store_event(entry(1))
    writer.store_event_batch([entry(2), entry(3)])
    reader = RunHistory(str(tmp_path))
    assert [each.timestamp for each in reader.get_logs_for_run("run")] == [1.0, 2.0, 3.0]
    assert reader.get_latest_materialization_events([dg.AssetKey(["thing", "2"])])
    writer.dispose()
    reader.dispose()


def test_a_batch_that_fails_leaves_nothing_half_written(tmp_path: Path) -> None:
    history = RunHistory(str(tmp_path))
    with pytest.raises(CheckError):
        history.store_event_batch([entry(1), None])  # type: ignore[list-item]
    assert list(history.get_logs_for_run("run")) == []
    history.dispose()


def test_a_model_that_goes_is_noticed_like_one_that_comes(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1")
    one = project_hash(tmp_path)
    (tmp_path / "b.sql").write_text("select 2")
    two = project_hash(tmp_path)
    (tmp_path / "b.sql").unlink()
    assert one != two
    assert project_hash(tmp_path) == one


def test_a_new_decision_is_no_reason_to_parse_the_models_again(tmp_path: Path) -> None:
    for folder in ("registry", "codes"):
        (tmp_path / "seeds" / folder).mkdir(parents=True)
    before = project_hash(tmp_path)
    (tmp_path / "seeds" / "registry" / "decisions.csv").write_text("a")
    assert project_hash(tmp_path) == before
    (tmp_path / "seeds" / "codes" / "country.csv").write_text("a")
    assert project_hash(tmp_path) != before


def test_a_home_that_moved_reads_its_own_files_and_is_not_parsed_again(
    parsed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbt_project, "_parse", lambda *_: pytest.fail("parsed again"))
    home = tmp_path / "officer's home"
    hand_over(parsed_home, home)
    settings = Settings(home=home, inbox=home / "inbox", extra_sources=())
    told = dbt_project.read_manifest(settings)["sources"].values()
    kept = dbt_project.parsed_project(settings).sources.values()
    folder = f"{tmp_path}/officer''s home/work/raw"
    for names in ([each["relation_name"] for each in told], [each.relation_name for each in kept]):
        assert len(names) > 20
        assert {name.partition("/*/")[0].rpartition("/")[0] for name in names} == {f"read_parquet('{folder}"}
    assert {each.config["external_location"].partition("/{name}")[0] for each in kept} == {f"read_parquet('{folder}"}


def test_everything_is_built_in_an_order_that_asks_the_rules_before_the_marts() -> None:
    inner, rules, published = dbt_commands(None)
    assert rules[0] == "test"
    assert inner[1:3] == ["--exclude", "path:models/marts"]
    assert published[:4] == ["build", "--select", *inner[2:4]]
    assert inner[-2:] == ["unit_test", "test"]
    without = ["--exclude-resource-type", "unit_test"]
    assert published[4:] == without
    assert dbt_commands(["--select", "fqn:*"]) == [["build", "--select", "fqn:*", *without]]


def test_failures_of_models_are_sentences(tmp_path: Path) -> None:
    failure = DbtFailure("dim_cluster", "model", "error", "Binder Error:\n  column x not found")
    assert (
        _sentence(failure, {}, settings_in(tmp_path))
        == "dbt model dim_cluster could not be built: Binder Error: column x not found"
    )


def test_what_a_test_says_in_sentences_is_told_as_it_says_it(tmp_path: Path) -> None:
    """Rows with a sentence are lines of their own; other rows are examples with the names of their columns."""
    settings = settings_in(tmp_path)
    folder = settings.dbt_target / "compiled/observatory/tests"
    folder.mkdir(parents=True)
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect(str(settings.database)).close()
    node = {"package_name": "observatory", "name": "t", "description": "All is well.", "test_metadata": None}
    (folder / "sentence.sql").write_text("select 7 as n, 'Seven is odd. Take eight.' as problem")
    told = failing_rows(node | {"original_file_path": "tests/sentence.sql"}, settings)
    assert told == "All is well.\n  Seven is odd. Take eight."
    (folder / "example.sql").write_text("select unnest([1, 2, 3, 4, 5]) as n")
    told = failing_rows(node | {"original_file_path": "tests/example.sql"}, settings)
    assert told == "All is well. Found: n 1; n 2; n 3; and 2 more."
